"""What a search walks on: the merit as a number that falls, with a finite value everywhere, and its constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from leyden.design.differences import differences
from leyden.design.sampler import Sample, Sampler
from leyden.design.space import Space
from leyden.design.traced import Traced

__all__ = ["MARGIN", "Ground", "Landscape", "Limit", "Tilt"]

Real = NDArray[np.float64]

MARGIN = "margin"
"""Name of the constraint that keeps a device away from its threshold."""
# What a constraint may be broken by, in units of its own size.
_ALLOWED = 1e-8
# Of the ranges: closer to where an earlier descent ended, another one ends there, too.
_NEAR = 2e-3


@dataclass(frozen=True)
class Limit:
    """One side of a constraint: a wanted number, the spectral abscissa for -1, and what it must reach or stay below."""

    name: str
    wanted: int
    bound: float
    side: int  # 1 where it must not fall below the bound, -1 where it must not rise above
    size: float  # in units of which it is measured

    @property
    def label(self) -> str:
        """What it asks for, in a line."""
        name = "spectral_abscissa" if self.wanted < 0 else self.name
        return f"{name} {'>=' if self.side > 0 else '<='} {self.bound:.6g}"

    def slack(self, sample: Sample) -> Real:
        """By how much each device (m) keeps it, negative where it is broken, NaN where nothing is known."""
        return self.side * (self.numbers_of(sample) - self.bound) / self.size

    def numbers_of(self, sample: Sample) -> Real:
        """What it holds, of each device (m)."""
        return sample.abscissa if self.wanted < 0 else sample.numbers[:, self.wanted]


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of points (m): where they are, the number to be made small, and the slack (m, c) of each limit."""

    places: Real
    sample: Sample
    heights: Real
    slacks: Real

    @property
    def is_allowed(self) -> NDArray[np.bool_]:
        """Whether there is a merit, and all limits are kept."""
        return np.isfinite(self.sample.numbers[:, 0]) & (self.slacks >= -_ALLOWED).all(axis=-1)

    @property
    def worst(self) -> Real:
        """By how much a point breaks what it breaks most, infinite where nothing is known."""
        slacks = np.where(np.isnan(self.slacks), -np.inf, self.slacks)
        lacking = np.where(np.isfinite(self.sample.numbers[:, 0]), 0.0, np.inf)
        return np.maximum(np.max(-slacks, axis=-1, initial=0.0), lacking)


@dataclass(frozen=True, eq=False)
class Tilt:
    """Derivatives at a point: of the height (n), the slacks (c, n), the wanted numbers (k, n), and errors of these."""

    height: Real
    slacks: Real
    numbers: Real
    error: Real


@dataclass(eq=False)
class Landscape:
    """The merit over the unit cube."""

    space: Space
    sampler: Sampler
    sign: int  # 1 where the merit is to be large
    limits: Sequence[Limit]  # the margin first, if there is one
    scale: float  # of the merit: from there on its logarithm counts
    rate: float  # by which the abscissa of an unstable device is told
    traced: Traced | None = None
    is_costly: bool = False
    ceiling: float = 0.0  # the highest known place
    gradients: int = 0
    best: Ground | None = None
    # Where descents have ended, by the margin that they kept, and what came of each in the end.
    ends: dict[float | None, list[Ground]] = field(default_factory=dict[float | None, list[Ground]])
    outcomes: dict[bytes, Ground] = field(default_factory=dict[bytes, Ground])
    _seen: dict[bytes, Ground] = field(default_factory=dict[bytes, Ground])
    _tilts: dict[bytes, Tilt] = field(default_factory=dict[bytes, Tilt])

    @property
    def margin(self) -> float | None:
        """How far devices keep from their threshold."""
        return -self.limits[0].bound if self.limits and self.limits[0].name == MARGIN else None

    def keep(self, margin: float) -> None:
        """Keep devices further away from their threshold, or closer again."""
        if margin != self.margin:
            self.limits = [replace(self.limits[0], bound=-margin, size=margin), *self.limits[1:]]
            self._seen.clear()
            self._tilts.clear()

    def look(self, places: Real) -> Ground:
        """Measure devices at points (m, n)."""
        return self.ground(places, self.sampler.sample(self.space.values(places)))

    def ground(self, places: Real, sample: Sample) -> Ground:
        """What measured devices mean for the search."""
        merit = sample.numbers[:, 0]
        is_there = np.isfinite(merit)
        heights = self.height(np.where(is_there, merit, 0.0))
        if is_there.any():
            self.ceiling = max(self.ceiling, float(np.max(heights[is_there])))
        # Beyond the threshold it rises with the abscissa, which leads back.
        beyond = np.where(np.isfinite(sample.abscissa), np.maximum(sample.abscissa, 0.0), 0.0) / self.rate
        heights = np.where(is_there, heights, self.ceiling + 1.0 + beyond)
        slacks = (
            np.stack([limit.slack(sample) for limit in self.limits], axis=-1)
            if self.limits
            else np.zeros((len(places), 0))
        )
        found = Ground(places, sample, heights, slacks)
        self._keep_best(found)
        return found

    def _keep_best(self, found: Ground) -> None:
        allowed = np.flatnonzero(found.is_allowed)
        if len(allowed):
            one = allowed[int(np.argmin(found.heights[allowed]))]
            if self.best is None or found.heights[one] < self.best.heights[0]:
                self.best = at(found, int(one))

    def height(self, merit: Real) -> Real:
        """The number to be made small: of a merit that spans decades its logarithm, in effect."""
        return -self.sign * np.arcsinh(merit / self.scale)

    def end_near(self, place: Real) -> Ground | None:
        """Where an earlier descent with this margin has ended, if that is close by."""
        for end in self.ends.get(self.margin, []):
            if np.max(np.abs(end.places[0] - place)) < _NEAR:
                return end
        return None

    def here(self, place: Real) -> Ground:
        """One point (n), measured once."""
        key = place.tobytes()
        if key not in self._seen:
            if len(self._seen) > 256:
                self._seen.clear()
            self._seen[key] = self.look(place[None])
        return self._seen[key]

    def tilt(self, place: Real) -> Tilt:
        """Derivatives at one point (n), computed once."""
        key = place.tobytes()
        if key not in self._tilts:
            self.gradients += 1
            self._tilts.clear()
            self._tilts[key] = self._tilt(place)
        return self._tilts[key]

    def _tilt(self, place: Real) -> Tilt:
        wanted = len(self.sampler.question.wanted)
        if self.traced is not None and np.isfinite(self.here(place).sample.numbers).all():
            numbers, slopes = self._by_tracing(place)
            error = np.zeros_like(slopes)
        else:
            found = differences(self._all_numbers, place, is_costly=self.is_costly)
            numbers, slopes, error = found.numbers, found.slopes, found.error
        slopes = np.where(np.isfinite(slopes), slopes, 0.0)
        merit = numbers[0]
        if np.isfinite(merit):
            height = -self.sign * slopes[0] / np.hypot(self.scale, merit)
        else:
            height = slopes[wanted] / self.rate
        rows = [limit.side * slopes[limit.wanted] / limit.size for limit in self.limits]
        return Tilt(height, np.stack(rows) if rows else np.zeros((0, len(place))), slopes[:wanted], error[:wanted])

    def _by_tracing(self, place: Real) -> tuple[Real, Real]:
        """Derivatives from JAX; those of the spectrum by differences."""
        assert self.traced is not None
        values = [float(along[0]) for along in self.space.values(place[None]).values()]
        numbers, slopes = self.traced(values)
        slopes = slopes * self.space.steps(place)
        spectrum = np.zeros((1, len(place)))
        if any(limit.wanted < 0 for limit in self.limits):
            spectrum = differences(self._abscissa, place, is_costly=True).slopes
        return np.append(numbers, np.nan), np.vstack([slopes, spectrum])

    def _all_numbers(self, places: Real) -> Real:
        """Wanted numbers and the abscissa behind them, of points (m, n)."""
        found = self.look(places).sample
        abscissa = found.abscissa if self.sampler.asks_abscissa else np.zeros(len(places))
        return np.column_stack([found.numbers, abscissa])

    def _abscissa(self, places: Real) -> Real:
        return self.sampler.spectrum(self.space.values(places))[:, None]


def at(found: Ground, place: int) -> Ground:
    """One of several points."""
    one = slice(place, place + 1)
    return Ground(found.places[one], found.sample.at(place), found.heights[one], found.slacks[one])
