"""The curve of a device between its samples, for what `leyden.merit.curves` reads off it.

A curve is known by its samples on nested grids: each begins at time 0 with equal steps, and the next one is shorter and
has finer steps, down to the fastest of rates. Where a sample is what its neighbours' polynomial says, that polynomial
is the curve: of degree six, through seven samples, it has some ten digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.merit.curves import BAND, Peak, peak, settling_time, summit

__all__ = ["Grid", "is_smooth", "peak_of", "settling_time_of"]

Real = NDArray[np.float64]

# Samples of a polynomial, and those on each side of the one in its middle.
_WINDOW, _SIDE = 7, 3
_TO_POWERS = np.linalg.inv(np.vander(np.arange(-_SIDE, _SIDE + 1.0), increasing=True))
# The value at 0 of the polynomial through the next seven samples; the sixth difference over how far the middle is off.
_TO_START = np.array([7.0, -21.0, 35.0, -35.0, 21.0, -7.0, 1.0])
_OFF = 20.0
# A curve is smooth where no sample is off by this much of the largest one.
_ROUGH = 1e-4
# Summits that are compared, and parts of an interval that are looked at.
_SUMMITS, _PARTS = 8, 8


@dataclass(frozen=True, eq=False)
class Grid:
    """Samples of a curve at 0, step, 2 step, ..."""

    step: float  # in 1/rate
    values: Real  # at least eight; NaN where the curve is not known


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
            first = int(reached / grid.step + 1e-6) + 1 if rows else 0  # no sample twice, for rounding
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

    def fine(self) -> tuple[Real, Real]:
        """Times and values of all samples, and of so many parts of each interval between them."""
        after = np.arange(1, len(self.times))
        powers, shift = self.polynomials(after)
        steps = np.asarray([grid.step for grid in self.grids])[self.level[after]]
        back = np.diff(self.times)[:, None] * np.arange(_PARTS - 1, -1, -1) / _PARTS
        reach = shift[:, None] - back / steps[:, None]
        between = np.polynomial.polynomial.polyval(reach.T, powers.T, tensor=False).T
        # Beside samples that are not known there is no polynomial.
        share = np.arange(1, _PARTS + 1) / _PARTS
        straight = self.values[:-1, None] * (1 - share) + self.values[1:, None] * share
        between = np.where(np.isnan(between), straight, between)
        between[:, -1] = self.values[1:]
        times = self.times[1:, None] - back
        return np.r_[self.times[0], times.ravel()], np.r_[self.values[0], between.ravel()]


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
    """Whether samples make a smooth curve, so that they tell what is between them; the longest grid comes first."""
    return _Curve.of(grids).is_smooth


def peak_of(grids: Sequence[Grid]) -> Peak | None:
    """Highest point of a curve; None where samples do not tell."""
    # They are not smooth, lost before the curve ends, or highest where a curve that is not known from the start begins.
    curve = _Curve.of(grids)
    begin = curve.begin
    if begin is None or not curve.is_smooth:
        return None
    times, values = (samples[_PARTS * begin :] for samples in curve.fine())
    found = peak(times, values)
    if not found.is_inside:
        at_start = bool(found.time == times[0])
        return None if at_start and begin else Peak(float(found.value), float(found.time), False)
    return Peak(*max(_summits(times, values)), True)


def _summits(times: Real, values: Real) -> Iterator[tuple[float, float]]:
    """Value and time of the highest summits: which one is the highest of all, samples beside them do not tell."""
    places = np.flatnonzero((values[1:-1] >= values[:-2]) & (values[1:-1] >= values[2:])) + 1
    for place in places[np.argsort(-values[places], kind="stable")[:_SUMMITS]]:
        near = slice(max(place - _SIDE, 0), place + _SIDE + 1)
        time, value = summit(times[near], values[near], np.asarray(place - near.start))
        yield float(value), float(time)


def settling_time_of(grids: Sequence[Grid], steady: float, band: float = BAND) -> float:
    """Settling time of a curve; where the grids are not smooth, it is taken for straight between their samples."""
    curve = _Curve.of(grids)
    is_known = curve.begin == 0 and curve.is_smooth
    times, values = curve.fine() if is_known else (curve.times, curve.values)
    return float(settling_time(times, values, np.asarray(steady), band))
