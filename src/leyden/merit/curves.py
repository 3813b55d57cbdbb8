"""What a curve tells: when it has come to its steady value for good, and where it is highest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from leyden.arrays import Array, held, missing_where, namespace_of

__all__ = ["BAND", "Peak", "average_power", "half_life", "peak", "settling_time", "summit", "time_to_fraction"]

BAND = 0.01
"""Half width of the band around the steady value, relative to it."""

# Samples of the polynomials that are the curve near a crossing and near a peak, and halvings of an interval of time.
_CROSSING, _SUMMIT, _HALVINGS = 4, 5, 52
# A third difference above this much of the first one: the samples are too far apart for a polynomial.
_ROUGH = 0.5
# Equal within this much of the largest: rounding makes smaller differences. A peak stands out by the second.
_EQUAL, _CLEAR = 1e-9, 1e-6


class Peak(NamedTuple):
    """Highest point of a curve.

    Parameters
    ----------
    value : float or array, shape (...)
        In the curve's unit.
    time : float or array, shape (...)
        When it is reached first, in 1/rate.
    is_inside : bool or array, shape (...)
        Whether the curve rises to it and falls again; else it is at the first time or at the last one.
    """

    value: Any
    time: Any
    is_inside: Any


def settling_time(times: Array, values: Array, steady: Any, band: float = BAND) -> Array:
    """Settling time: from then on a curve stays in the band |v - v_ss| <= band |v_ss| around its steady value.

    Parameters
    ----------
    times : array, shape (t,) or (..., t)
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
    A curve that oscillates settles after it has left the band for the last time, not when it first enters it. Between
    the last time outside and the next one the curve is the cubic through four times, where they are close enough for
    that, and a straight line elsewhere. What happens between other times is not seen: give enough of them for what
    oscillates. A curve that decays to a steady value of zero never settles, since its band has no width; the constant
    zero does at once.

    Examples
    --------
    1 - e^{-t} has come within 1 % of 1 for good at t = ln 100:

    >>> import numpy as np
    >>> import leyden as ly
    >>> times = np.linspace(0.0, 10.0, 201)
    >>> float(ly.merit.settling_time(times, 1 - np.exp(-times), np.asarray(1.0)).round(6))
    4.60517
    """
    xp = namespace_of(times, values, steady)
    values, steady = xp.asarray(values), xp.asarray(steady)[..., None]
    times, values, steady = xp.broadcast_arrays(xp.asarray(times), values, steady)
    is_inside = xp.abs(values - steady) - band * xp.abs(steady) <= 0  # NaN is outside
    count = times.shape[-1]
    last = xp.max(xp.where(is_inside, xp.asarray(-1), xp.arange(count)), axis=-1)
    end = xp.clip(last + 1, 1, count - 1)
    level = steady[..., 0]
    before = _at(values, end - 1)
    edge = level + xp.sign(before - level) * band * xp.abs(level)
    crossing = _crossing(times, values - edge[..., None], end)
    return missing_where(last == count - 1, xp.where(last < 0, xp.zeros_like(crossing), crossing))


def peak(times: Array, values: Array) -> Peak:
    """Peak of a curve: its highest point.

    Parameters
    ----------
    times : array, shape (t,) or (..., t)
        Increasing, in 1/rate.
    values : array, shape (..., t)
        For example the charging power.

    Returns
    -------
    Peak
        With arrays of shape (...). A curve that does not fall by 1e-6 of its largest value afterwards, as one that
        comes to its steady value from below, peaks at the last time; one that never rises, at the first.

    Notes
    -----
    Between times the curve is the polynomial of degree four through five of them.

    Examples
    --------
    t e^{-t} is highest at t = 1:

    >>> import numpy as np
    >>> import leyden as ly
    >>> times = np.linspace(0.0, 10.0, 201)
    >>> found = ly.merit.peak(times, times * np.exp(-times))
    >>> round(float(found.time), 5), round(float(found.value), 5), bool(found.is_inside)
    (1.0, 0.36788, True)
    """
    xp = namespace_of(times, values)
    times, values = xp.broadcast_arrays(xp.asarray(times), xp.asarray(values))
    place = xp.argmax(xp.where(xp.isnan(values), xp.full_like(values, -xp.inf), values), axis=-1)
    time, value = summit(times, values, place)
    largest = xp.max(xp.where(xp.isnan(values), xp.zeros_like(values), xp.abs(values)), axis=-1)
    at_start = values[..., 0] >= value - _EQUAL * largest
    at_end = (value - values[..., -1] <= _CLEAR * largest) & ~at_start
    time = xp.where(at_start, times[..., 0], xp.where(at_end, times[..., -1], time))
    value = xp.where(at_start, values[..., 0], value)
    return Peak(value, time, ~(at_start | at_end))


def summit(times: Array, values: Array, place: Array, samples: int = _SUMMIT) -> tuple[Array, Array]:
    """Time and value of the highest point between the two neighbours of a sample that is not below them."""
    xp = namespace_of(times, values)
    count = times.shape[-1]
    here = _at(times, place), _at(values, place)
    if count < samples:
        return here
    nodes, powers = _polynomial(times, values, xp.clip(place - samples // 2, 0, count - samples), samples)
    low, high = _at(times, xp.clip(place - 1, 0, count)), _at(times, xp.clip(place + 1, 0, count - 1))
    is_between = (_value(nodes, powers, low)[1] > 0) & (_value(nodes, powers, high)[1] < 0)
    top = _halved(low, high, lambda time: _value(nodes, powers, time)[1] > 0)
    value = _value(nodes, powers, top)[0]
    is_above = is_between & (value >= here[1])
    return xp.where(is_above, top, here[0]), xp.where(is_above, value, here[1])


def _halved(low: Array, high: Array, is_before: Callable[[Array], Array]) -> Array:
    """The end, without its derivative, of what holds from the low end of an interval on."""
    low, high = held(low), held(high)
    xp = namespace_of(low, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_low = is_before(middle)
        low, high = xp.where(is_low, middle, low), xp.where(is_low, high, middle)
    return high


def _crossing(times: Array, values: Array, end: Array) -> Array:
    """Where a curve crosses zero in the interval that ends at a sample."""
    xp = namespace_of(times, values)
    count = times.shape[-1]
    start_time, end_time = _at(times, end - 1), _at(times, end)
    above, below = _at(values, end - 1), _at(values, end)
    fall = above - below
    straight = start_time + (end_time - start_time) * above / xp.where(fall != 0, fall, xp.ones_like(fall))
    if count < _CROSSING:
        return straight
    nodes, powers = _polynomial(times, values, xp.clip(end - _CROSSING // 2, 0, count - _CROSSING), _CROSSING)
    is_smooth = xp.abs(6 * powers[-1] * (end_time - start_time) ** 3) <= _ROUGH * xp.abs(fall)
    root = _halved(start_time, end_time, lambda time: _value(nodes, powers, time)[0] * above > 0)
    # Newton's step from the root changes nothing but the derivative, which halving has lost.
    value, slope = _value(nodes, powers, root)
    curved = root - value / xp.where(slope != 0, slope, xp.ones_like(slope))
    curved = xp.clip(curved, start_time, end_time)
    return xp.where(is_smooth & (slope != 0), curved, straight)


def _at(array: Array, place: Array) -> Array:
    """Entry of each curve at a place of its own; the sum over a mask has a derivative and needs no gather."""
    xp = namespace_of(array, place)
    mask = xp.arange(array.shape[-1]) == place[..., None]
    return xp.sum(xp.where(mask, array, xp.zeros_like(array)), axis=-1)


def _polynomial(times: Array, values: Array, first: Array, count: int) -> tuple[list[Array], list[Array]]:
    """Nodes and Newton's divided differences of the polynomial through so many samples from a first one on."""
    nodes = [_at(times, first + step) for step in range(count)]
    powers = [_at(values, first + step) for step in range(count)]
    for order in range(1, count):
        for place in range(count - 1, order - 1, -1):
            powers[place] = (powers[place] - powers[place - 1]) / (nodes[place] - nodes[place - order])
    return nodes, powers


def _value(nodes: list[Array], powers: list[Array], time: Array) -> tuple[Array, Array]:
    """Value and slope of such a polynomial at a time."""
    value, slope = powers[-1], 0 * powers[-1]
    for node, power in zip(nodes[-2::-1], powers[-2::-1], strict=True):
        slope = slope * (time - node) + value
        value = value * (time - node) + power
    return value, slope


def time_to_fraction(times: Array, values: Array, full: Any, fraction: Any = 0.9) -> Array:
    """Charging time to a fraction: when a curve first reaches that fraction of a full value.

    Parameters
    ----------
    times : array, shape (t,) or (..., t)
        Increasing, in 1/rate.
    values : array, shape (..., t)
        For example the stored energy.
    full : float or array, shape (...)
        Capacity: the steady energy, or the largest one, in the same unit.
    fraction : float or array, shape (...)
        Of it.

    Returns
    -------
    array, shape (...)
        In 1/rate: the first time for a curve that is there from the beginning, NaN for one that never comes there, and
        for NaN.

    Notes
    -----
    Between times the curve is the cubic through four of them, where they are close enough for that, and a straight line
    elsewhere. The average power until then is the fraction of the full value, over this time.

    Examples
    --------
    1 - e^{-t} has come to half of 1 at t = ln 2:

    >>> import numpy as np
    >>> import leyden as ly
    >>> times = np.linspace(0.0, 10.0, 201)
    >>> float(ly.merit.time_to_fraction(times, 1 - np.exp(-times), 1.0, 0.5).round(6))
    0.693147
    """
    xp = namespace_of(times, values, full, fraction)
    level = (xp.asarray(full) * xp.asarray(fraction))[..., None]
    times, values, level = xp.broadcast_arrays(xp.asarray(times), xp.asarray(values), level)
    is_there = values >= level
    count = times.shape[-1]
    first = xp.min(xp.where(is_there, xp.arange(count), xp.asarray(count)), axis=-1)
    crossing = _crossing(times, values - level, xp.clip(first, 1, count - 1)) if count > 1 else times[..., 0]
    found = xp.where(first == 0, times[..., 0], crossing)
    return missing_where((first == count) | xp.any(xp.isnan(values), axis=-1), found)


def average_power(times: Array, values: Array) -> Array:
    """Average power since the first time: what a curve of energy has gained, over how long that took.

    Parameters
    ----------
    times : array, shape (t,) or (..., t)
        Increasing, in 1/rate.
    values : array, shape (..., t)
        For example the stored energy.

    Returns
    -------
    array, shape (..., t)
        In the unit of the values times the rate unit; NaN at the first time.

    Examples
    --------
    >>> import numpy as np
    >>> import leyden as ly
    >>> times = np.array([0.0, 1.0, 2.0])
    >>> ly.merit.average_power(times, times**2).tolist()
    [nan, 1.0, 2.0]
    """
    xp = namespace_of(times, values)
    times, values = xp.broadcast_arrays(xp.asarray(times), xp.asarray(values))
    passed = times - times[..., :1]
    is_none = passed == 0
    gained = (values - values[..., :1]) / xp.where(is_none, xp.ones_like(passed), passed)
    return xp.where(is_none, xp.full_like(gained, xp.nan), gained)


def half_life(times: Array, values: Array) -> Array:
    """Half-life: after which time a curve has first fallen to half of its first value.

    Parameters
    ----------
    times : array, shape (t,) or (..., t)
        Increasing, in 1/rate.
    values : array, shape (..., t)
        For example the stored energy of a battery that is held, or its ergotropy.

    Returns
    -------
    array, shape (...)
        In 1/rate, since the first of the times; NaN for a curve that does not fall so far, that begins at zero or
        below, and for NaN. NaN, too, where it loses more than half of what is left between the two times around it:
        any number would do there.

    Examples
    --------
    >>> import numpy as np
    >>> import leyden as ly
    >>> times = np.linspace(0.0, 10.0, 201)
    >>> float(ly.merit.half_life(times, 3 * np.exp(-times)).round(6))
    0.693147
    """
    xp = namespace_of(times, values)
    times, values = xp.asarray(times), xp.asarray(values)
    first = values[..., 0]
    found = time_to_fraction(times, -values, -first, 0.5) - times[..., 0]
    after = xp.argmax(values <= first[..., None] / 2, axis=-1)
    is_coarse = _at(values, after) < _at(values, xp.clip(after - 1, 0, values.shape[-1])) / 2
    return missing_where(~(first > 0) | is_coarse, found)
