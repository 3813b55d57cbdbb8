"""Curves through values and slopes at some nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["WINDOW", "hermite_weights", "spline", "spline_series"]

Real = NDArray[np.float64]

WINDOW = 6
"""Nodes that a curve between two of them goes through, where there are as many: order 12."""


def hermite_weights(nodes: Real, times: Real) -> tuple[NDArray[np.intp], Real, Real, Real, Real]:
    """First node of each time's window, and weights (t, w) of values and slopes there, for a curve and its slope."""
    # The curve is the polynomial through values and slopes at the nodes of a window around each time.
    width = min(WINDOW, len(nodes))
    behind = np.clip(np.searchsorted(nodes, times, side="right") - 1, 0, len(nodes) - 2)
    first = np.clip(behind - (width // 2 - 1), 0, len(nodes) - width)
    window = nodes[first[:, None] + np.arange(width)]
    # In units of the window's length, so that no power leaves the number range.
    length = (window[:, -1] - window[:, 0])[:, None]
    places = (window - window[:, :1]) / length
    here = (times[:, None] - window[:, :1]) / length
    gaps = places[:, :, None] - places[:, None, :] + np.eye(width)
    steepness = np.sum((1 - np.eye(width)) / gaps, axis=2)  # slope of each Lagrange polynomial at its own node
    away = here - places
    # Lagrange polynomials and their slopes, as products over the other nodes.
    ratios = away[:, None, :] / gaps
    ratios[:, np.arange(width), np.arange(width)] = 1.0
    lagrange = np.prod(ratios, axis=2)
    slope = np.zeros_like(lagrange)
    for left_out in range(width):
        factors = ratios.copy()
        factors[:, :, left_out] = 1 / gaps[:, :, left_out]
        products = np.prod(factors, axis=2)
        products[:, left_out] = 0.0
        slope += products
    square, square_slope = lagrange**2, 2 * lagrange * slope
    of_values = (1 - 2 * away * steepness) * square
    of_slopes = away * square * length
    values_slope = (-2 * steepness * square + (1 - 2 * away * steepness) * square_slope) / length
    slopes_slope = square + away * square_slope
    return first, of_values, of_slopes, values_slope, slopes_slope


def spline(knots: Real, values: Real, times: Real) -> Real:
    """Cubic spline through some values, with one polynomial over the first and last two gaps."""
    from scipy.interpolate import CubicSpline

    return CubicSpline(knots, values)(times)


def spline_series(knots: Real, values: Real, times: Real, lengths: Real) -> list[Real]:
    """Coefficients (t,) of the cubic behind some times, in units of some lengths."""
    from scipy.interpolate import CubicSpline

    curve = CubicSpline(knots, values)
    return [curve(times, power) * lengths**power / (1, 1, 2, 6)[power] for power in range(4)]
