"""Critical values of devices with dephasing, whose second moments are lost before the first ones are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leyden.drift.crossing import sign_change
from leyden.equations.device import linear_part
from leyden.equations.second_moments import LARGEST_TURNED, moments_generator
from leyden.errors import ParameterError
from leyden.model.network import Network

__all__ = ["critical_turned"]

# The matrix H(t) that moves second moments keeps what is positive positive: its rightmost eigenvalue is real, so that
# it passes zero where H is singular, and nowhere else can the verdict change. H is a polynomial of degree two in the
# parameter at most, and where it is singular an eigenvalue problem in 1/t.

Real = NDArray[np.float64]

_NEARLY_REAL = 1e-6
# What rounding may leave of an abscissa, in units of the largest entry.
_ROUNDING = 1e-13
# A value that is no crossing, for an expansion about it, in units of the scale.
_ABOUT = 0.7368


def critical_turned(at: Callable[[float], Network], grid: Callable[[], Real] | None = None) -> float:
    """Smallest value at which second moments stop to settle, or first do; infinite where they always do."""

    def generator(value: float) -> Real:
        return moments_generator(linear_part(at(value))[0])

    def growth(value: float) -> float:
        """Abscissa; zero where rounding may have made its sign."""
        found = generator(value)
        abscissa = float(np.max(np.linalg.eigvals(found).real))
        return abscissa if abs(abscissa) > _ROUNDING * np.max(np.abs(found)) else 0.0

    resting = linear_part(at(1.0))[0]
    if len(resting.mode_names) > LARGEST_TURNED:
        allowed = f"have at most {LARGEST_TURNED} modes, with dephasing, for a critical value"
        raise ParameterError.of("network", allowed, len(resting.mode_names))
    one, two = generator(1.0), generator(2.0)
    if np.array_equal(one, two):  # as of occupations and of frequencies, which may not be zero
        return np.inf if growth(1.0) < 0 else 0.0
    zero, four = generator(0.0), generator(4.0)
    square = (two - 2 * one + zero) / 2
    slope = one - zero - square
    is_settled = growth(0.0) < 0
    slack = _ROUNDING * max(float(np.abs(part).max()) for part in (zero, one, two, four))
    if grid is not None and np.any(np.abs(zero + 4 * slope + 16 * square - four) > 16 * slack):
        return _on_grid(growth, grid(), is_settled=is_settled)  # of an angle, and of what stands in no polynomial
    edges = _singular(zero, slope, square)
    last = 2 * edges[-1] if len(edges) else 1.0
    for left, right in pairwise([0.0, *edges.tolist(), last]):
        found = growth((left + right) / 2)
        if found and (found < 0) != is_settled:
            return left
    return np.inf if is_settled else 0.0


def _on_grid(growth: Callable[[float], float], values: Real, *, is_settled: bool) -> float:
    """The same from values between which the verdict changes once at most."""
    below = 0.0
    for value in values.tolist():
        found = growth(value)
        if found and (found < 0) != is_settled:
            return sign_change(growth if is_settled else lambda one: -growth(one), below, value)
        below = value if found else below
    return np.inf if is_settled else 0.0


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
