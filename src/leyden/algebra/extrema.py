"""Roots and maxima of functions that are costly: of one number between two others, and of several about a point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["maximum_about", "maximum_between", "root_between"]

Real = NDArray[np.float64]

# Brent's interval, in units of the root.
_ROUNDING = 4 * float(np.finfo(float).eps)
# From one end of the number range to the other.
_HALVINGS = 4000
# Where the first steps of a search lead, in units of the scale, and how many there may be.
_FIRST, _MOST = 0.05, 600


def root_between(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function changes its sign, to rounding (Brent 1973)."""
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=5e-324, rtol=_ROUNDING, maxiter=_HALVINGS))


def maximum_between(function: Callable[[float], float], low: float, high: float, near: float) -> float:
    """Where a function that has one maximum between two numbers is largest, to a share of the interval."""
    from scipy.optimize import minimize_scalar

    options: Any = {"xatol": near * (high - low)}
    found = minimize_scalar(lambda at: -function(at), bounds=(low, high), method="bounded", options=options)
    return float(found.x)


def maximum_about(function: Callable[[Real], float], count: int, near: float) -> Sequence[float]:
    """Where a function of so many numbers of order one is largest, from zeros on, to `near` (Nelder and Mead 1965)."""
    from scipy.optimize import minimize

    start = np.zeros(count)
    simplex = np.vstack([start, _FIRST * np.eye(count)])
    options: Any = {"xatol": near, "fatol": 1e-15, "maxfev": _MOST, "initial_simplex": simplex}
    return minimize(lambda at: -function(at), start, method="Nelder-Mead", options=options).x.tolist()
