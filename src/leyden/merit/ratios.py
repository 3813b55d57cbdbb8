"""Ratios between merits. A ratio whose denominator vanishes has no value: it is NaN, without a warning."""

from __future__ import annotations

import math

import numpy as np

from leyden.arrays import Array, missing_where, namespace_of

__all__ = ["ratio"]


def ratio(numerator: Array, denominator: Array) -> Array:
    """Quotient of two merits, NaN where the denominator is zero, or next to it so that the quotient is out of range.

    The utilization ratio W/E_B, the conversion ratio W/E_A, the transfer ratio E_B/E_A and the charging efficiency
    W over the drives' work are all this.

    Parameters
    ----------
    numerator : array, shape (...)
        For example the ergotropy.
    denominator : array, shape (...)
        For example the stored energy, in the same unit.

    Returns
    -------
    array, shape (...)
        Dimensionless.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (15).
    """
    if isinstance(numerator, float) and isinstance(denominator, float):
        return np.float64(_quotient(float(numerator), float(denominator)))
    xp = namespace_of(numerator, denominator)
    numerator, denominator = xp.asarray(numerator), xp.asarray(denominator)
    vanishes = denominator == 0
    # A safe denominator first: the branch not taken must not divide by zero, nor spoil a derivative.
    safe = xp.where(vanishes, xp.ones_like(denominator), denominator)
    try:
        with np.errstate(over="raise", invalid="ignore"):  # what is infinite over what is infinite is missing
            return missing_where(vanishes, numerator / safe)
    except FloatingPointError:
        with np.errstate(over="ignore", invalid="ignore"):
            quotient = numerator / safe
        return missing_where(vanishes | xp.isinf(quotient), quotient)


def _quotient(numerator: float, denominator: float) -> float:
    """The same of two numbers, which as arrays would take ten times as long."""
    found = numerator / denominator if denominator else math.nan
    return math.nan if math.isinf(found) and not math.isinf(numerator) else found
