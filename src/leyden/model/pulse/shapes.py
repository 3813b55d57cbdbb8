"""Shapes of pulses: real functions of time, which say where they are not smooth and how fast they change.

A new one is a record here, and a function in `builders`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from leyden.algebra.hermite import spline, spline_series
from leyden.arrays import to_numpy
from leyden.model.changing import Real, Shape, ahead

__all__ = ["Cosine", "Gaussian", "Piecewise", "Ramp", "Sampled", "Square"]

# Widths from the centre at which a Gaussian is below 1e-16 of its height.
_TAIL = 9.0


def _polynomial(order: int, *coefficients: Any) -> Real:
    """A series (order + 1, ...) that ends after some coefficients."""
    found = np.zeros((order + 1, *np.broadcast_shapes(*map(np.shape, coefficients))))
    for place, value in enumerate(coefficients[: order + 1]):
        found[place] = value
    return found


def _spread(*values: Any) -> Real:
    return np.concatenate([np.ravel(to_numpy(value)) for value in values])


@dataclass(frozen=True)
class Square(Shape):
    """One from start to stop, and zero elsewhere."""

    start: Any
    stop: Any

    def at(self, times: Real) -> Any:
        """Values; the start belongs to it, the stop does not."""
        return ((times >= ahead(self.start)) & (times < ahead(self.stop))).astype(np.float64)

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """The value, and nothing behind it."""
        return _polynomial(order, self.at(times))

    def is_constant(self, start: float, stop: float) -> bool:
        """Between its jumps it is."""
        return True

    def edges(self) -> Real:
        """Both jumps."""
        return _spread(self.start, self.stop)


@dataclass(frozen=True)
class Gaussian(Shape):
    """exp(-(t - centre)^2/(2 width^2))."""

    centre: Any
    width: Any

    def at(self, times: Real) -> Any:
        """Values."""
        return np.exp(-0.5 * ((times - ahead(self.centre)) / ahead(self.width)) ** 2)

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """Hermite's polynomials times the value, by their recursion."""
        away, unit = (times - ahead(self.centre)) / ahead(self.width), lengths / ahead(self.width)
        first, second = away * unit, unit * unit
        found = np.empty((order + 1, *np.shape(first)))
        found[0] = np.exp(-0.5 * away * away)
        found[1] = -first * found[0]
        for power in range(2, order + 1):
            found[power] = (first * found[power - 1] + second * found[power - 2]) * (-1 / power)
        return found

    def is_constant(self, start: float, stop: float) -> bool:
        """Far from its centre it is, and nothing."""
        first, last, _ = self.scale()
        return stop <= first or start >= last

    def scale(self) -> tuple[float, float, float]:
        """Nine widths to both sides of the centre, in steps of a third of a width."""
        centre, width = np.broadcast_arrays(to_numpy(self.centre), to_numpy(self.width))
        first, last = np.min(centre - _TAIL * width), np.max(centre + _TAIL * width)
        return float(first), float(last), float(np.min(width)) / 3


@dataclass(frozen=True)
class Ramp(Shape):
    """Zero up to start, one from stop on, and straight between them."""

    start: Any
    stop: Any

    def at(self, times: Real) -> Any:
        """Values."""
        start = ahead(self.start)
        return np.clip((times - start) / (ahead(self.stop) - start), 0.0, 1.0)

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """A straight line between the kinks."""
        start, stop = ahead(self.start), ahead(self.stop)
        slope = np.where((times >= start) & (times < stop), 1 / (stop - start), 0.0)
        return _polynomial(order, self.at(times), slope * lengths)

    def is_constant(self, start: float, stop: float) -> bool:
        """Where it is the same at both ends, since it never falls."""
        first, last = np.moveaxis(self.at(np.asarray([start, stop])), -1, 0)
        return bool(np.all(first == last))

    def edges(self) -> Real:
        """Both kinks."""
        return _spread(self.start, self.stop)


@dataclass(frozen=True)
class Cosine(Shape):
    """cos(frequency t + phase)."""

    frequency: Any
    phase: Any

    def at(self, times: Real) -> Any:
        """Values."""
        return np.cos(ahead(self.frequency) * times + ahead(self.phase))

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """Sines and cosines in turn, over factorials."""
        rate = ahead(self.frequency)
        phase, unit = rate * times + ahead(self.phase), rate * lengths
        found, factor = np.empty((order + 1, *np.shape(phase))), np.ones_like(unit)
        turns = np.cos(phase), -np.sin(phase), -np.cos(phase), np.sin(phase)
        for power in range(order + 1):
            found[power] = turns[power % 4] * factor
            factor = factor * unit / (power + 1)
        return found

    def is_constant(self, start: float, stop: float) -> bool:
        """Only without a frequency: at some times it may be the same by chance."""
        return not to_numpy(self.frequency).any()

    def scale(self) -> tuple[float, float, float]:
        """Always, in steps of an eighth of a period."""
        fastest = float(np.max(np.abs(to_numpy(self.frequency))))
        return -np.inf, np.inf, np.pi / 4 / fastest if fastest else np.inf


@dataclass(frozen=True)
class Piecewise(Shape):
    """One value between each two times."""

    times: Any  # (k + 1,)
    values: Any  # (k,)

    def at(self, times: Real) -> Any:
        """Values; each holds from its time on, the last one to the end of it."""
        place = np.searchsorted(self.times, times, side="right") - 1
        return self.values[np.clip(place, 0, len(self.values) - 1)]

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """The value, and nothing behind it."""
        return _polynomial(order, self.at(times))

    def is_constant(self, start: float, stop: float) -> bool:
        """Between its times it is."""
        return True

    def edges(self) -> Real:
        """All its times."""
        return self.times

    def span(self) -> tuple[float, float]:
        """From the first time to the last."""
        return float(self.times[0]), float(self.times[-1])

    def numbers(self) -> dict[str, Any]:
        """None: its times and values are those of every member of a batch."""
        return {}


@dataclass(frozen=True)
class Sampled(Shape):
    """Values at some times, and what lies between them."""

    times: Any  # (k,)
    values: Any  # (k,)
    interpolation: str

    def at(self, times: Real) -> Any:
        """Values."""
        if self.interpolation == "linear":
            return np.interp(times, self.times, self.values)
        return spline(self.times, self.values, times)

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """The polynomial behind each time."""
        if self.interpolation == "linear":
            place = np.clip(np.searchsorted(self.times, times, side="right") - 1, 0, len(self.times) - 2)
            slope = (np.diff(self.values) / np.diff(self.times))[place]
            return _polynomial(order, self.at(times), slope * lengths)
        return _polynomial(order, *spline_series(self.times, self.values, times, lengths))

    def is_constant(self, start: float, stop: float) -> bool:
        """A straight line between equal values is; a spline may be anything."""
        first, last = self.at(np.asarray([start, stop]))
        return self.interpolation == "linear" and bool(first == last)

    def edges(self) -> Real:
        """All its times: a spline's third derivative jumps there."""
        return self.times

    def span(self) -> tuple[float, float]:
        """From the first time to the last."""
        return float(self.times[0]), float(self.times[-1])

    def numbers(self) -> dict[str, Any]:
        """None: its times and values are those of every member of a batch."""
        return {}
