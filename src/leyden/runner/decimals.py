"""Grids whose points are the decimals that a person would type: 35 steps of 0.01 from 0 are 0.35, not its neighbour."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

__all__ = ["equal_ratios", "equal_steps"]

Real = NDArray[np.float64]

# Whole numbers up to here are exact in double precision, and a quotient of two of them is rounded once.
_EXACT = 2**53


def _typed(value: float) -> Fraction:
    """The decimal number by which a double is known: the shortest one that is read as it."""
    return Fraction(Decimal(repr(value)))


def equal_steps(start: float, stop: float, points: int) -> Real:
    """Points from start to stop at equal distances, each the double next to its exact decimal value."""
    if points == 1:
        return np.asarray([start], dtype=np.float64)
    first, last = _typed(start), _typed(stop)
    common = first.denominator * last.denominator // gcd(first.denominator, last.denominator)
    below = common * (points - 1)
    offset, step = int(first * common) * (points - 1), int((last - first) * common)
    divisor = gcd(below, offset, step)
    below, offset, step = below // divisor, offset // divisor, step // divisor
    if max(below, abs(offset), abs(offset + step * (points - 1))) <= _EXACT:
        return (offset + step * np.arange(points)) / below
    return np.fromiter(((offset + place * step) / below for place in range(points)), np.float64, points)


def equal_ratios(start: float, stop: float, points: int) -> Real:
    """Points from start to stop at equal ratios, exact where a point is a decimal, as powers of ten are."""
    values = np.geomspace(start, stop, points)
    steps = points - 1
    first, last = _typed(start), _typed(stop)
    values[0] = start
    if steps < 1 or first == last:
        return np.full(points, start) if first == last else values
    power, root = _rational_root(last / first, steps)
    for place in range(1, power + 1):
        values[place * (steps // power)] = float(first * root**place)
    return values


def _rational_root(ratio: Fraction, steps: int) -> tuple[int, Fraction]:
    """The largest m that divides the steps and for which the m-th root of a ratio is rational, and that root."""
    most = max(ratio.numerator, ratio.denominator).bit_length()
    for power in range(min(steps, most), 1, -1):
        if steps % power == 0:
            above, below = _root(ratio.numerator, power), _root(ratio.denominator, power)
            if above**power == ratio.numerator and below**power == ratio.denominator:
                return power, Fraction(above, below)
    return 1, ratio


def _root(number: int, power: int) -> int:
    """The whole part of a root of a whole number, by Newton's iteration from above."""
    whole = 1 << -(-number.bit_length() // power)
    while (lower := ((power - 1) * whole + number // whole ** (power - 1)) // power) < whole:
        whole = lower
    return whole
