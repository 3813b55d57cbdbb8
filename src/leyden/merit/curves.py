"""What a curve tells: its highest point, and when it has come to stay, both between the samples as well.

A curve is known by its samples on nested grids: each begins at time 0 with equal steps, and the next one is shorter and
has finer steps, down to the fastest of rates. Where a sample is what its neighbours' polynomial says, that polynomial
is the curve: of degree six, through seven samples, it has some ten digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.merit.settling import BAND

__all__ = ["BAND", "Grid", "Peak", "is_smooth", "last_crossing", "peak_of"]

Real = NDArray[np.float64]

# Samples of a polynomial, and those on each side of the one in its middle.
_WINDOW, _SIDE = 7, 3
_TO_POWERS = np.linalg.inv(np.vander(np.arange(-_SIDE, _SIDE + 1.0), increasing=True))
# The value at 0 of the polynomial through the next seven samples; the sixth difference over how far the middle is off.
_TO_START = np.array([7.0, -21.0, 35.0, -35.0, 21.0, -7.0, 1.0])
_OFF = 20.0
# A curve is smooth where no sample is off by this much of the largest one.
_ROUGH = 1e-4
# Equal within this much of the largest: rounding makes smaller differences. A summit stands out by the second.
_EQUAL, _CLEAR = 1e-9, 1e-6
# Imaginary parts of roots, in steps, below which rounding may have made them.
_REAL = 1e-3
# Summits that are compared, and parts of a step among which a crossing is looked for.
_SUMMITS, _PARTS = 8, 8


@dataclass(frozen=True, eq=False)
class Grid:
    """Samples of a curve at 0, step, 2 step, ...

    Parameters
    ----------
    step : float
        In 1/rate.
    values : array, shape (n,)
        At least eight; NaN where the curve is not known.
    """

    step: float
    values: Real


@dataclass(frozen=True)
class Peak:
    """The highest point of a curve.

    Parameters
    ----------
    value : float
        In the curve's unit.
    time : float
        When it is reached first, in 1/rate.
    place : str
        "inside" where the curve rises to it and falls again; "start" or "end" where it does not.
    """

    value: float
    time: float
    place: str


@dataclass(frozen=True, eq=False)
class _Curve:
    """Samples in the order of time, each of the finest grid that has it amid others."""

    grids: Sequence[Grid]
    level: NDArray[np.intp]
    place: NDArray[np.intp]
    times: Real
    values: Real

    @classmethod
    def of(cls, grids: Sequence[Grid]) -> _Curve:
        grids = [Grid(grid.step, _with_start(grid.values)) for grid in grids]
        rows: list[NDArray[Any]] = []
        reached = 0.0
        for level, grid in reversed(list(enumerate(grids))):
            first = int(reached // grid.step) + 1 if rows else 0
            place = np.arange(first, len(grid.values) - (_SIDE if level else 0))
            reached = max(reached, grid.step * float(place[-1])) if len(place) else reached
            rows.append(np.stack([np.full(len(place), level), place]))
        level, place = np.concatenate(rows, axis=1)
        times = np.asarray([grid.step for grid in grids])[level] * place
        values = _gathered([grid.values for grid in grids], level, place)
        return cls(grids, level, place, times, values)

    @property
    def begin(self) -> int | None:
        """From which sample on the curve is known: a ratio may be 0/0 for a while; None where it is lost again."""
        unknown = np.flatnonzero(np.isnan(self.values))
        if len(unknown) == len(self.values):
            return None
        return len(unknown) if len(unknown) == 0 or unknown[-1] == len(unknown) - 1 else None

    @property
    def is_smooth(self) -> bool:
        """Whether each sample is what its six neighbours say, as far as they are known."""
        off = _gathered([_off(grid.values) for grid in self.grids], self.level, self.place)
        scale = np.max(np.abs(self.values), initial=0.0, where=~np.isnan(self.values))
        return not np.any(off > _ROUGH * scale)

    def polynomials(self, samples: NDArray[np.intp]) -> tuple[Real, Real]:
        """Coefficients around each sample, shape (m, 7), in steps from its place on; and how far the window reaches."""
        found = np.empty((len(samples), _WINDOW))
        shift = np.empty(len(samples))
        for level, grid in enumerate(self.grids):
            own = np.flatnonzero(self.level[samples] == level)
            place = self.place[samples[own]]
            first = np.clip(place - _SIDE, 0, len(grid.values) - _WINDOW)
            found[own] = grid.values[first[:, None] + np.arange(_WINDOW)] @ _TO_POWERS.T
            shift[own] = place - first - _SIDE
        return found, shift


def _gathered(rows: Sequence[NDArray[Any]], level: NDArray[np.intp], place: NDArray[np.intp]) -> NDArray[Any]:
    """What belongs to each sample, of arrays that belong to the grids."""
    found = np.empty(len(level), dtype=rows[0].dtype)
    for number, row in enumerate(rows):
        own = level == number
        found[own] = row[place[own]]
    return found


def _with_start(values: Real) -> Real:
    """With the limit at time 0, where a ratio is 0/0."""
    values = np.where(np.isfinite(values), values, np.nan)
    if not np.isnan(values[0]):
        return values
    return np.concatenate([[_TO_START @ values[1 : _WINDOW + 1]], values[1:]])


def _off(values: Real) -> Real:
    """How far each sample is off its six neighbours; at the ends, how far the nearest one with neighbours is."""
    return np.pad(np.abs(np.diff(values, _WINDOW - 1)) / _OFF, _SIDE, mode="edge")


def is_smooth(grids: Sequence[Grid]) -> bool:
    """Whether samples make a smooth curve, so that they tell what is between them.

    Parameters
    ----------
    grids : sequence of Grid
        The longest first, which ends where the curve does.

    Returns
    -------
    bool
    """
    return _Curve.of(grids).is_smooth


def peak_of(grids: Sequence[Grid]) -> Peak | None:
    """Highest point of a curve.

    Parameters
    ----------
    grids : sequence of Grid
        As `is_smooth` takes them.

    Returns
    -------
    Peak or None
        None where samples do not tell: they are not smooth, lost before the curve ends, or highest where a curve that
        is not known from the start begins.
    """
    curve = _Curve.of(grids)
    begin = curve.begin
    if begin is None or not curve.is_smooth:
        return None
    values, times = curve.values[begin:], curve.times[begin:]
    equal = _EQUAL * float(np.max(np.abs(values)))
    if values[0] >= np.max(values) - equal:
        return None if begin else Peak(float(values[0]), 0.0, "start")
    before, after = np.r_[-np.inf, values[:-1]], np.r_[values[1:], -np.inf]
    summits = np.flatnonzero((values >= before) & (values >= after))
    summits = summits[np.argsort(-values[summits], kind="stable")[:_SUMMITS]] + begin
    value, time = max(_vertex(curve, int(summit)) for summit in summits)
    end = float(curve.values[-1])
    if value - end <= _CLEAR * abs(value):
        return Peak(max(value, end), float(times[-1]), "end")
    return Peak(value, time, "inside")


def _vertex(curve: _Curve, sample: int) -> tuple[float, float]:
    """Value and time of the highest point between a sample's two neighbours."""
    last = len(curve.times) - 1
    before, after = curve.times[max(sample - 1, 0)], curve.times[min(sample + 1, last)]
    found = [(float(curve.values[sample]), float(curve.times[sample]))]
    # Where the next sample belongs to a longer grid, only the polynomial of that one may reach the summit.
    for near in (sample, min(sample + 1, last)):
        if len(found) > 1:
            break
        (powers,), (shift,) = curve.polynomials(np.asarray([near]))
        if not np.isfinite(powers).all():
            continue
        polynomial, step = np.polynomial.Polynomial(powers), curve.grids[curve.level[near]].step
        for root in polynomial.deriv().roots():
            if abs(root.imag) >= _REAL or abs(root.real) > _SIDE:
                continue
            time = float(curve.times[near] + step * (root.real - shift))
            if before <= time <= after:
                found.append((float(polynomial(root.real)), time))
    return max(found)


def last_crossing(grids: Sequence[Grid], target: float, width: float) -> float:
    """Time from which a curve stays within a width of a target.

    Parameters
    ----------
    grids : sequence of Grid
        As `is_smooth` takes them; where they are not smooth, the curve is taken for straight between them.
    target, width : float
        In the curve's unit.

    Returns
    -------
    float
        In 1/rate: 0 for a curve that is inside from the start, NaN for one that ends outside and for NaN.
    """
    curve = _Curve.of(grids)
    is_straight = curve.begin != 0 or not curve.is_smooth
    after = np.arange(1, len(curve.times))
    powers, shift = curve.polynomials(after)
    steps = np.asarray([grid.step for grid in curve.grids])[curve.level[after]]
    lengths = np.diff(curve.times) / steps
    # Parts of each interval, the last of which is its end.
    reach = shift[:, None] - lengths[:, None] * np.arange(_PARTS - 1, -1, -1) / _PARTS
    if is_straight:
        share = np.arange(1, _PARTS + 1) / _PARTS
        between = curve.values[:-1, None] * (1 - share) + curve.values[1:, None] * share
    else:
        between = np.polynomial.polynomial.polyval(reach.T, powers.T, tensor=False).T
    is_inside = np.abs(np.r_[curve.values[0], between.ravel()] - target) <= width
    outside = np.flatnonzero(~is_inside)
    if len(outside) == 0:
        return 0.0
    if outside[-1] == len(is_inside) - 1:
        return float("nan")
    interval, part = divmod(int(outside[-1]), _PARTS)
    low = reach[interval, part] - lengths[interval] / _PARTS
    high = reach[interval, part]
    ends = curve.times[interval + 1] + steps[interval] * (np.asarray([low, high]) - shift[interval])
    if is_straight:
        above, below = (
            abs(value - target) - width for value in np.r_[curve.values[0], between.ravel()][outside[-1] :][:2]
        )
        return float(ends[0] + (ends[1] - ends[0]) * above / (above - below))
    polynomial = np.polynomial.Polynomial(powers[interval])
    for _ in range(60):
        middle = (low + high) / 2
        if abs(polynomial(middle) - target) > width:
            low = middle
        else:
            high = middle
    return float(curve.times[interval + 1] + steps[interval] * (high - shift[interval]))
