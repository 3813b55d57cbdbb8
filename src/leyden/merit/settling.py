"""Settling: when a curve has come to its steady value for good."""

from __future__ import annotations

from typing import Any

from leyden.arrays import Array, missing_where, namespace_of

__all__ = ["BAND", "settling_time"]

BAND = 0.01
"""Half width of the band around the steady value, relative to it."""


def settling_time(times: Array, values: Array, steady: Any, band: float = BAND) -> Array:
    """Settling time: from then on a curve stays in the band |v - v_ss| <= band |v_ss| around its steady value.

    Parameters
    ----------
    times : array, shape (t,)
        Increasing, in 1/rate.
    values : array, shape (..., t)
        For example the stored energy.
    steady : float or array, shape (...)
        v_ss, in the same unit.
    band : float
        Half width of the band, relative to the steady value.

    Returns
    -------
    array, shape (...)
        In 1/rate: 0 for a curve that is inside from its first time on, NaN for one that ends outside and for NaN.

    Notes
    -----
    Between the last time outside and the next one the curve is taken for a straight line. A curve that decays to a
    steady value of zero never settles, since its band has no width; the constant zero does at once.
    """
    xp = namespace_of(times, values, steady)
    times, values, steady = xp.asarray(times), xp.asarray(values), xp.asarray(steady)
    # Positive outside the band; zero and below inside.
    excess = xp.abs(values - steady[..., None]) - band * xp.abs(steady)[..., None]
    count = times.shape[0]
    places = xp.arange(count)
    last = xp.max(xp.where(excess <= 0, xp.asarray(-1), places), axis=-1)

    def at(array: Array, place: Array) -> Array:
        """Entry of each curve at a place of its own; the sum over a mask has a derivative and needs no gather."""
        return xp.sum(xp.where(places == place[..., None], array, xp.zeros_like(array)), axis=-1)

    following = xp.minimum(last + 1, xp.asarray(count - 1))
    start, end = at(times, last), at(times, following)
    above, below = at(excess, last), at(excess, following)
    fall = above - below
    crossing = start + (end - start) * above / xp.where(fall > 0, fall, xp.ones_like(fall))
    settled = xp.where(last < 0, xp.zeros_like(crossing), crossing)
    return missing_where(last == count - 1, settled)
