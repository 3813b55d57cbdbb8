"""How long to look: a time window that shows what a device does, where the user names none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["default_horizon", "is_growing", "pleasing"]

_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
# In this many of the slowest relaxation times deviations of energies shrink to exp(-20).
_RELAXATION_TIMES = 10.0
_GROWTH_TIMES = 4.0
_PERIODS = 10.0
# Real parts below this much of the spectrum's size are zero; at a threshold eigenvalues often meet and lose digits.
_ROUNDING = 1e-9


def pleasing(value: float) -> float:
    """The next number above, of two digits at most, that people like on an axis.

    Parameters
    ----------
    value : float
        Positive.

    Returns
    -------
    float
        1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten, not below `value`.
    """
    value = min(value, 1e300)
    power = math.floor(math.log10(value))
    # Decimal literals, so that 0.3 is the 0.3 that people type.
    candidates = (float(f"{step}e{power}") for step in _STEPS)
    return next(candidate for candidate in candidates if candidate >= value * (1 - 1e-12))


def is_growing(eigenvalues: Any) -> bool:
    """Whether an eigenvalue of the drift is positive beyond rounding.

    Parameters
    ----------
    eigenvalues : array, shape (n,)
        Of the drift.
    """
    spectrum = np.asarray(eigenvalues, dtype=np.complex128)
    return bool(np.max(spectrum.real) > _ROUNDING * np.max(np.abs(spectrum)))


def default_horizon(eigenvalues: Any, is_stable: bool) -> float:
    """Time until which a run goes by default.

    Parameters
    ----------
    eigenvalues : array, shape (n,)
        Of the drift.
    is_stable : bool
        Whether a steady state exists.

    Returns
    -------
    float
        In 1/rate: ten of the slowest relaxation times of a stable device, four growth times of an unstable one, ten
        relaxation times or periods of one that neither grows nor relaxes.
    """
    spectrum = np.asarray(eigenvalues, dtype=np.complex128)
    size = float(np.max(np.abs(spectrum), initial=0.0))
    if size == 0:
        return _PERIODS
    abscissa = float(np.max(spectrum.real))
    if is_stable:
        return pleasing(_RELAXATION_TIMES / -abscissa)
    if is_growing(spectrum):
        return pleasing(_GROWTH_TIMES / abscissa)
    rates = np.abs(spectrum.real)[np.abs(spectrum.real) > _ROUNDING * size]
    return pleasing(_RELAXATION_TIMES / float(np.min(rates)) if len(rates) else 2 * math.pi * _PERIODS / size)
