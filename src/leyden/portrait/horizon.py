"""How long to look, and how closely: a time window that shows what a device does, where the user names none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.equations.moments import MomentEquations

__all__ = ["changing_horizon", "default_horizon", "is_growing", "pleasing", "shortest_change"]

_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
# In this many of the slowest relaxation times deviations of energies shrink to exp(-20).
_RELAXATION_TIMES = 10.0
_GROWTH_TIMES, _PERIODS = 4.0, 10.0
# Real parts below this much of the spectrum's size are zero; at a threshold eigenvalues often meet and lose digits.
_ROUNDING = 1e-9
# Samples within the time over which a pulse is nearly a polynomial, and between two of its edges.
_WITHIN, _BETWEEN = 2, 8


def pleasing(value: float) -> float:
    """The next number above, of two digits at most, that people like on an axis."""
    value = min(value, 1e300)
    power = math.floor(math.log10(value))
    # Decimal literals, so that 0.3 is the 0.3 that people type.
    candidates = (float(f"{step}e{power}") for step in _STEPS)
    return next(candidate for candidate in candidates if candidate >= value * (1 - 1e-12))


def is_growing(eigenvalues: Any) -> bool:
    """Whether an eigenvalue of the drift is positive beyond rounding."""
    spectrum = np.asarray(eigenvalues, dtype=np.complex128)
    return bool(np.max(spectrum.real) > _ROUNDING * np.max(np.abs(spectrum)))


def default_horizon(eigenvalues: Any, is_stable: bool) -> float:
    """Time until which a run goes by default, in 1/rate."""
    spectrum = np.asarray(eigenvalues, dtype=np.complex128)
    size = float(np.max(np.abs(spectrum), initial=0.0))
    if size == 0:
        return _PERIODS
    abscissa = float(np.max(spectrum.real))
    if is_stable:
        return pleasing(_RELAXATION_TIMES / -abscissa)
    if is_growing(spectrum):
        return pleasing(_GROWTH_TIMES / abscissa)
    # Neither grows nor relaxes as a whole: what does relax is shown, or else what turns.
    rates = np.abs(spectrum.real)[np.abs(spectrum.real) > _ROUNDING * size]
    return pleasing(_RELAXATION_TIMES / float(np.min(rates)) if len(rates) else 2 * math.pi * _PERIODS / size)


def changing_horizon(equations: MomentEquations, spectrum: Callable[[MomentEquations], tuple[Any, bool]]) -> float:
    """End of a run, in 1/rate: until all pulses are over and what they leave has settled, if they are known so long."""
    shapes = [shape for pulse in equations.pulses for shape in pulse.shapes]
    ends = [float(np.max(shape.edges(), initial=0.0)) for shape in shapes] + [shape.scale()[1] for shape in shapes]
    over = max((end for end in ends if np.isfinite(end)), default=0.0)
    known = min((shape.span()[1] for shape in shapes), default=np.inf)
    over = min(max(over, 0.0), known)
    return min(known, pleasing(over + default_horizon(*spectrum(equations.at_time(over)))))


def shortest_change(equations: MomentEquations) -> float:
    """Time between two samples that miss nothing of the pulses, in 1/rate."""
    shapes = [shape for pulse in equations.pulses for shape in pulse.shapes]
    edges: NDArray[np.float64] = np.unique(np.concatenate([np.zeros(1), *(shape.edges() for shape in shapes)]))
    between = float(np.min(np.diff(edges[edges >= 0]), initial=np.inf)) / _BETWEEN
    return min([between, *(shape.scale()[2] / _WITHIN for shape in shapes)])
