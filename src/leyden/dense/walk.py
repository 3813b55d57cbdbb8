"""Magnus steps through time: chosen by what they are off by, all that are new in one batch, and the curve between them.

Between the ends of steps the moments are the curve through values and slopes there, whose own slope is compared with
what the equations say of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.hermite import hermite_weights
from leyden.dense.flow import Flow, flow, trajectory
from leyden.dense.magnus import NODES, Parts
from leyden.dense.steps import doublings, equidistant_step
from leyden.dense.systems import Maps
from leyden.equations.timeline import Stretch
from leyden.errors import ConvergenceError

__all__ = ["EPSILON", "MOST_ROUNDS", "MOST_STEPS", "Walk", "largest", "refuse_tolerance", "scales"]

Real = NDArray[np.float64]

MOST_STEPS = 200_000
"""Steps beyond which a tolerance counts as one that cannot be met."""
MOST_ROUNDS = 40
"""How often steps that are off by more than is allowed are cut."""
EPSILON = float(np.finfo(np.float64).eps)
# Numbers of generators that are put together at once: they stay near the processor.
_AT_ONCE = 2**16
# What is off by more than is allowed is cut into as many pieces as an error of the 7th power asks for, at most.
_MOST_PIECES = 8
# Shares of an entry's largest size at all times, and of the largest entry's, below which errors do not count.
_LATER, _OTHERS, _LEAST = 1e-2, 1e-6, 1e-300
_ROUNDING = 64 * EPSILON
# Times up to which each has an exponential of its own.
_MOST_APART = 3


@dataclass(frozen=True)
class Walk:
    """The way of one system through time."""

    parts: Parts
    tolerance: float

    def exactly(self, stretch: Stretch, start: Real, times: Real) -> tuple[Real, Real, Real]:
        """Through a stretch in which nothing changes: by one exponential for each time, or for all equal steps."""
        first, last = float(stretch.nodes[0]), float(stretch.nodes[-1])
        middle = np.full(len(times) + 1, (first + last) / 2)
        width = equidistant_step(times) if self.parts.is_linear and len(times) > _MOST_APART else None
        if width is not None:
            inside, end = self._evenly(middle[:1], start, times, width, last)
            return inside, self.parts.rates(middle[:-1], inside), end
        durations = np.asarray([*(times - first), last - first])
        held = [value * durations for value in self.parts.values(middle)]
        maps = self.parts.system.exponentials(self.parts.summed(durations, held))
        found = self.parts.system.moved(maps, start[..., None, :])
        inside = found[..., :-1, :]
        return inside, self.parts.rates(middle[:-1], inside), found[..., -1, :]

    def _evenly(self, middle: Real, start: Real, times: Real, width: float, last: float) -> tuple[Real, Real]:
        """Vectors at equidistant times in a stretch in which nothing changes, and at its end."""
        (generator,) = self.parts.summed(np.ones(1), self.parts.values(middle))
        generator = generator[..., 0, :, :]
        first = 2 * float(middle[0]) - last

        def over(duration: float) -> Flow:
            scaled = generator * duration
            return flow(scaled, doublings(scaled[..., :-2, :-2], 0.5))

        column = start[..., None]
        if times[0] > first:
            column = over(float(times[0]) - first).propagator @ column
        shape = np.broadcast_shapes(generator.shape[:-2], column.shape[:-2])
        column = np.broadcast_to(column, (*shape, *column.shape[-2:]))
        inside = np.moveaxis(trajectory(over(width), column, len(times))[..., 0], -1, -2)
        end = inside[..., -1, :]
        if times[-1] < last:
            end = (over(last - float(times[-1])).propagator @ end[..., None])[..., 0]
        return inside, end

    def _steps(self, begins: Real, lengths: Real) -> tuple[Maps, Maps]:
        """Steps of two orders, some at a time."""
        size = sum(part.size for part in self.parts.constant) * len(NODES)
        count = max(1, _AT_ONCE // size)
        places = range(0, len(begins), count)
        pieces = [self.parts.steps(begins[at : at + count], lengths[at : at + count]) for at in places]
        return self._joined([best for best, _ in pieces]), self._joined([second for _, second in pieces])

    def _joined(self, pieces: list[Maps]) -> Maps:
        if len(pieces) == 1:
            return pieces[0]
        parts = zip(zip(*pieces, strict=True), self.parts.system.map_tails, strict=True)
        return tuple(np.concatenate(same, axis=-1 - tail) for same, tail in parts)

    def _at(self, maps: Maps, place: Any) -> Maps:
        parts = zip(maps, self.parts.system.map_tails, strict=True)
        return tuple(part[(..., place, *(slice(None),) * tail)] for part, tail in parts)

    def by_steps(self, stretch: Stretch, start: Real, times: Real) -> tuple[Real, Real, Real, float, int]:
        """Through a stretch in which coefficients change smoothly."""
        nodes, off = stretch.nodes, np.zeros(0)
        best, second = self._steps(nodes[:-1], np.diff(nodes))
        allowed = self.tolerance
        for _ in range(MOST_ROUNDS):
            vectors, local, total = _without_lost(*self._walked(best, second, start))
            slopes = self.parts.rates(_before(nodes, nodes[-1]), vectors)
            scale = scales(vectors)
            residual = self._residual(nodes, vectors, slopes) / scale
            share = allowed * np.maximum(np.diff(nodes) / (nodes[-1] - nodes[0]), 1 / 64)
            far = largest(local / scale)
            off = np.maximum(far / share, largest(residual) / self.tolerance)
            # A pulse is known to what rounding leaves of the times at which it is asked for, and no better.
            rounding = _ROUNDING + EPSILON * nodes[1:] / np.diff(nodes)
            is_rounding = np.maximum(far, largest(residual)) <= rounding
            bad = (off > 1.0) & ~is_rounding
            if not bad.any():
                error = float(np.max(largest(total[..., 1:, :] / scale)))
                if error <= self.tolerance or (off > 1.0).any():
                    inside, changes = self._between(nodes, vectors, slopes, times)
                    return inside, changes, vectors[..., -1, :], error, len(off)
                # Early errors have grown with the moments.
                allowed *= 0.5 * self.tolerance / error
                continue
            wanted = np.ceil(1.1 * np.where(bad, off, 0.0) ** (1 / 7))
            pieces = np.where(bad, np.clip(wanted, 2, _MOST_PIECES), 1).astype(np.int_)
            if pieces.sum() > MOST_STEPS:
                break
            nodes, best, second = self._refined(nodes, pieces, best, second)
        raise refuse_tolerance(self.tolerance, float(np.max(off, initial=0.0)) * self.tolerance)

    def _walked(self, best: Maps, second: Maps, start: Real) -> tuple[Real, Real, Real]:
        """Vectors (..., k + 1, d) at the ends of all steps, how far each step is off, and how far all up to it are."""
        count = best[0].shape[-1 - self.parts.system.map_tails[0]]
        vectors, local, others = [start], [], [start]
        if self.parts.is_linear and start.ndim == 1:  # a single device, for which every call counts
            for one, other in zip(best[0], second[0], strict=True):
                local.append(other @ vectors[-1])
                vectors.append(one @ vectors[-1])
                others.append(other @ others[-1])
            found, less = np.asarray(vectors), np.asarray(others)
            return found, found[1:] - np.asarray(local), found - less
        for place in range(count):
            one, other = self._at(best, place), self._at(second, place)
            vectors.append(self.parts.system.moved(one, vectors[-1]))
            local.append(vectors[-1] - self.parts.system.moved(other, vectors[-2]))
            others.append(self.parts.system.moved(other, others[-1]))
        found, off, less = (np.stack(parts, axis=-2) for parts in (vectors, local, others))
        return found, off, found - less

    def _residual(self, nodes: Real, vectors: Real, slopes: Real) -> Real:
        """How far off the curve is in each step (..., k, d), by what its slope lacks of what the equations say."""
        lengths = np.diff(nodes)
        # In the middle of a symmetric curve its slope is right whatever it is off by.
        times = nodes[:-1] + 0.25 * lengths
        first, of_values, of_slopes, values_slope, slopes_slope = hermite_weights(nodes, times)
        window = first[:, None] + np.arange(of_values.shape[1])
        values, changes = vectors[..., window, :], slopes[..., window, :]
        curve = _weighted(of_values, values) + _weighted(of_slopes, changes)
        slope = _weighted(values_slope, values) + _weighted(slopes_slope, changes)
        # An error e of a curve of order 12 has a slope of some 10 e over the length of a step.
        return (self.parts.rates(times, curve) - slope) * lengths[:, None] / 10

    def _between(self, nodes: Real, vectors: Real, slopes: Real, times: Real) -> tuple[Real, Real]:
        """Vectors and their rates at some times, by the curve through the ends of all steps."""
        first, of_values, of_slopes, *_ = hermite_weights(nodes, times)
        window = first[:, None] + np.arange(of_values.shape[1])
        curve = _weighted(of_values, vectors[..., window, :]) + _weighted(of_slopes, slopes[..., window, :])
        return curve, self.parts.rates(_before(times, nodes[-1]), curve)

    def _refined(self, nodes: Real, pieces: NDArray[np.int_], best: Maps, second: Maps) -> tuple[Real, Maps, Maps]:
        """Nodes with some steps cut into pieces, and their steps: those of the others are kept."""
        begins = np.repeat(nodes[:-1], pieces)
        lengths = np.repeat(np.diff(nodes) / pieces, pieces)
        offsets = np.arange(len(begins)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        begins = begins + offsets * lengths
        is_new = np.repeat(pieces > 1, pieces)
        new = self._steps(begins[is_new], lengths[is_new])
        order = np.empty(len(begins), dtype=np.intp)
        kept = np.flatnonzero(pieces == 1)
        order[~is_new] = np.arange(len(kept))
        order[is_new] = len(kept) + np.arange(int(is_new.sum()))
        joined = tuple(
            self._at(self._joined([self._at(old, kept), more]), order)
            for old, more in zip((best, second), new, strict=True)
        )
        return np.concatenate([begins, nodes[-1:]]), joined[0], joined[1]


def refuse_tolerance(tolerance: float, reached: float) -> ConvergenceError:
    """What to say where steps cannot be cut further."""
    return ConvergenceError(
        f"Argument `tolerance` must be one that {MOST_STEPS} steps can meet, but is {tolerance:g}. "
        "Allow a larger one, or ask for earlier times.",
        residual=reached,
        tolerance=tolerance,
    )


def _weighted(weights: Real, windows: Real) -> Real:
    """Sums over the window, of weights (t, w) and vectors (..., t, w, d)."""
    return (weights[:, None, :] @ windows)[..., 0, :]


def scales(vectors: Real, *, grows: bool = False) -> Real:
    """What errors of each step and entry are measured by, (..., k, d): the largest size of the entry until then."""
    sizes = np.abs(vectors)
    until = np.maximum.accumulate(sizes, axis=-2)[..., 1:, :]
    if grows:  # errors grow as the moments do
        return np.maximum(until, np.max(until[..., :-2], axis=-1, keepdims=True, initial=_LEAST) * _OTHERS)
    # What is nothing beside later moments, or beside others, need not be known.
    most = np.max(sizes, axis=-2, keepdims=True)
    floor = np.max(most[..., :-2], axis=-1, keepdims=True, initial=_LEAST) * _OTHERS
    return np.maximum(np.maximum(until, _LATER * most), floor)


def largest(values: Real) -> Real:
    """Largest size over the batch and all entries, for each step; what is missing has none."""
    return np.max(np.where(np.isnan(values), 0.0, np.abs(values)), axis=(*range(values.ndim - 2), -1))


def _without_lost(vectors: Real, local: Real, total: Real) -> tuple[Real, Real, Real]:
    """The same, NaN of members whose moments leave the number range: they ask for no better steps."""
    is_lost = ~np.isfinite(vectors).all(axis=(-2, -1), keepdims=True)
    if not is_lost.any():
        return vectors, local, total
    vectors, local, total = (np.where(is_lost, np.nan, part) for part in (vectors, local, total))
    return vectors, local, total


def _before(times: Real, end: float) -> Real:
    """Times, those at the end a hair earlier: what jumps there belongs to what comes after."""
    return np.minimum(times, np.nextafter(end, -np.inf))
