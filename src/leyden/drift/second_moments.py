"""Critical values of devices with dephasing, whose second moments are lost before the first ones are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.equations.second_moments import LARGEST_TURNED, moments_abscissa, moments_generator
from leyden.errors import ParameterError
from leyden.model.network import Network

__all__ = ["critical_turned"]

# The matrix H(t) that moves second moments keeps what is positive positive: its rightmost eigenvalue is real, so that
# it passes zero where H is singular, and nowhere else can the verdict change. H is a polynomial of degree two in the
# parameter at most, and where it is singular an eigenvalue problem in 1/t.

Real = NDArray[np.float64]

_NEARLY_REAL = 1e-6
# A value that is no crossing, for an expansion about it, in units of the scale.
_ABOUT = 0.7368


def critical_turned(at: Callable[[float], Network]) -> float:
    """Smallest value at which second moments stop to settle, or first do; infinite where they always do."""

    def equations(value: float) -> MomentEquations:
        return equations_of(at(value))

    resting = equations(0.0)
    if len(resting.mode_names) > LARGEST_TURNED:
        allowed = f"have at most {LARGEST_TURNED} modes, with dephasing, for a critical value"
        raise ParameterError.of("network", allowed, len(resting.mode_names))
    values = [moments_generator(equations(value)) for value in (0.0, 1.0, 2.0)]
    square = (values[2] - 2 * values[1] + values[0]) / 2
    slope = values[1] - values[0] - square
    is_settled = bool(moments_abscissa(resting) < 0)
    edges = _singular(values[0], slope, square)
    last = 2 * edges[-1] if len(edges) else 1.0
    below = 0.0
    for left, right in pairwise([0.0, *edges.tolist(), last]):
        if bool(moments_abscissa(equations((left + right) / 2)) < 0) != is_settled:
            return left
        below = right
    return np.inf if is_settled else (0.0 if below else np.inf)


def _singular(constant: Real, slope: Real, square: Real) -> Real:
    """Positive values at which constant + t slope + t^2 square is singular, in order."""
    sizes = [float(np.abs(part).max()) for part in (constant, slope, square)]
    if not any(sizes[1:]):
        return np.zeros(0)
    about = _ABOUT * (sizes[0] / sizes[1] if sizes[0] and sizes[1] else 1.0)
    here = constant + about * (slope + about * square)
    blocks = np.linalg.solve(here, np.concatenate([slope + 2 * about * square, square], axis=1))
    size = len(here)
    companion = -blocks if square.any() else -blocks[:, :size]
    if square.any():
        companion = np.concatenate([companion, np.eye(size, 2 * size)])
    inverse = np.linalg.eigvals(companion)
    inverse = inverse[np.abs(inverse) > 1e-12 * np.abs(inverse).max(initial=0.0)]
    found = about + 1 / inverse
    real = found.real[np.abs(found.imag) <= _NEARLY_REAL * np.abs(found)]
    return np.unique(np.asarray(real[(real > 0) & np.isfinite(real)], dtype=np.float64))
