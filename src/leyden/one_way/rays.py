"""The characteristic function of one battery behind a core, followed outwards from where its power series holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import load_scipy_linalg
from leyden.one_way.outwards import Course
from leyden.one_way.series import Series, Space
from leyden.states.characteristic import Frame, Polar

__all__ = ["Rays"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]
# Of each panel of radii: the radii (r,), their weights (r,), by how much angles are turned there (r,), values (n, r).
_Panel = tuple[Real, Real, Real, Complex]

# Errors at the start, harmonics that are left out, and what is called the end.
_START, _ANGULAR, _END = 1e-10, 2.5e-9, 1e-10
# Width of a panel of radii, and where any state of some hundred quanta is long over.
_WIDTH, _FARTHEST = 2.0, 150.0
# Levels of a state beside its quanta, for a first guess; nodes for each half wave of its highest level and of its own.
_LEVELS, _NODES = (24.0, 40.0), 1.5
# Rays of the half plane to begin with, and at most.
_FIRST_RAYS, _MOST_RAYS = 36, 288
# What a drift may differ by, relative to it, from one that turns all and shrinks all alike.
_STRAIGHT = 1e-12


@dataclass(frozen=True, eq=False)
class Rays:
    """Where the characteristic function of a battery is wanted: on rays of a half plane, in its frame."""

    series: Series
    space: Space  # of few dimensions
    frame: Frame
    places: NDArray[np.intp]  # of the battery's quadratures among those of the series
    quanta: float  # in the frame
    most: float = math.inf  # steps of each course outwards
    lost: list[float] = field(default_factory=lambda: [0.0])  # what has left the space, along the curves so far

    @cached_property
    def spiral(self) -> tuple[float, float] | None:
        """Rates at which points of the frame go outwards and turn, where they do so all alike."""
        if len(self.series.drift) > 2:
            return None
        inside = self.frame.matrix.T @ self.series.drift.T @ np.linalg.inv(self.frame.matrix.T)
        rate, turn = -np.trace(inside) / 2, (inside[0, 1] - inside[1, 0]) / 2
        apart = inside - np.asarray([[-rate, turn], [-turn, -rate]])
        return (float(rate), float(turn)) if np.abs(apart).max() <= _STRAIGHT * rate else None

    def polar(self) -> Polar:
        """Harmonics of the function at radii of the frame, as many as it has."""
        load_scipy_linalg()
        angles = np.pi * np.arange(_FIRST_RAYS) / _FIRST_RAYS
        radii, weights, turns, values = self._along(angles)
        while True:
            found = Polar.of(radii, weights, values, turns)
            if found.highest() < _ANGULAR or len(angles) >= _MOST_RAYS:
                return found
            between = angles + np.pi / (2 * len(angles))
            *_, more = self._along(between, until=radii[-1])
            angles = np.stack([angles, between], axis=1).reshape(-1)
            values = np.stack([values, more], axis=1).reshape(len(angles), -1)

    @cached_property
    def _start(self) -> float:
        """Radius in the frame within which the series holds."""
        return self.series.radius(_START) / self.frame.squeezing

    def _along(self, angles: Real, until: float | None = None) -> _Panel:
        """All panels out to where the function ends, or to a radius."""
        panel = self._followed if self.spiral is None else self._swept(angles)
        outer, found = self._start, [self._within(*self._nodes(0.0, self._start), angles)]
        while outer < (until or _FARTHEST):
            inner, outer = outer, outer + _WIDTH
            found.append(panel(*self._nodes(inner, outer), angles))
            if until is None and np.abs(found[-1][-1]).max() < _END:
                break
        radii, weights, turns, values = zip(*found, strict=True)
        return np.concatenate(radii), np.concatenate(weights), np.concatenate(turns), np.concatenate(values, axis=1)

    def _nodes(self, inner: float, outer: float) -> tuple[Real, Real]:
        """Gauss's nodes and weights."""
        waves = math.sqrt(2 * (_LEVELS[0] + _LEVELS[1] * self.quanta)) + math.sqrt(self.quanta)
        nodes, weights = np.polynomial.legendre.leggauss(6 + math.ceil(_NODES * waves / math.pi * (outer - inner)))
        return inner + (outer - inner) * (nodes + 1) / 2, weights * (outer - inner) / 2

    def _points(self, radii: Real, angles: Real) -> Real:
        """Points k (m, n) of the series."""
        found = np.zeros((len(self.series.drift), radii.size))
        found[self.places] = self.frame.wave(radii * np.stack([np.cos(angles), np.sin(angles)]))
        return found

    def _turns(self, radii: Real) -> Real:
        """By how much points have turned on their way from the start."""
        rate, turn = self.spiral or (1.0, 0.0)
        return turn / rate * np.log(radii / self._start)

    def _within(self, radii: Real, weights: Real, angles: Real) -> _Panel:
        """By the series."""
        turns = self._turns(radii)
        points = self._points(np.tile(radii, len(angles)), np.add.outer(angles, turns).reshape(-1))
        values = self.space.trace @ self.space.coordinates(self.series.at(points))
        return radii, weights, turns, values.reshape(len(angles), -1)

    def _swept(self, angles: Real) -> Callable[[Real, Real, Real], _Panel]:
        """Panel after panel, along curves that meet all radii one after the other."""
        assert self.spiral is not None
        rate = self.spiral[0]
        course = self._course(self._points(np.full(len(angles), self._start), angles))

        def panel(radii: Real, weights: Real, _angles: Real) -> _Panel:
            moments = np.log(radii / self._start) / rate
            values = np.stack([course.traced(moment) for moment in moments.tolist()], axis=1)
            self.lost.append(float(course.lost.max()))
            return radii, weights, self._turns(radii), values

        return panel

    def _followed(self, radii: Real, weights: Real, angles: Real) -> _Panel:
        """A panel whose points have each a curve of their own, from where the series holds."""
        from scipy.linalg import expm

        ends = self._points(np.tile(radii, len(angles)), np.repeat(angles, len(radii)))
        adjoint, limit = self.series.drift.T, self.series.radius(_START)
        time = 1.0 / np.abs(adjoint).max()
        while np.linalg.norm(expm(adjoint * time) @ ends, axis=0).max() > limit:
            time *= 1.5
        course = self._course(np.asarray(expm(adjoint * time) @ ends))
        values = course.traced(time).reshape(len(angles), -1)
        self.lost.append(float(course.lost.max()))
        return radii, weights, np.zeros_like(radii), values

    def _course(self, points: Real) -> Course:
        """X followed outwards from points k (m, n) near 0."""
        state: Any = self.space.coordinates(self.series.at(points))
        course = Course(self.space, self.series.drift, self.series.diffusion, points, state)
        course.most = self.most
        return course
