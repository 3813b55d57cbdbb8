"""Moments of a device whose coefficients change in time: exact where they are constant, by Magnus steps elsewhere.

Steps are chosen by what they are off by, and all that are new are taken in one batch. Between their ends the moments
are the curve through values and slopes there, whose own slope is compared with what the equations say of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.hermite import hermite_weights
from leyden.dense.magnus import NODES, Parts
from leyden.dense.systems import Maps, moments_among, systems_of, turned_moments
from leyden.equations.moments import MomentEquations
from leyden.equations.timeline import Stretch, refuse_negative_rates, stretches
from leyden.errors import ConvergenceError
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["Run", "run_pulsed"]

Real = NDArray[np.float64]

_MOST_STEPS = 200_000
_MOST_ROUNDS = 40
# Numbers of generators that are put together at once: they stay near the processor.
_AT_ONCE = 2**16
# What is off by more than is allowed is cut into as many pieces as an error of the 7th power asks for, at most.
_MOST_PIECES = 8
# Shares of an entry's largest size at all times, and of the largest entry's, below which errors do not count.
_LATER, _OTHERS, _LEAST = 1e-2, 1e-6, 1e-300
_EPSILON = float(np.finfo(np.float64).eps)
_ROUNDING = 64 * _EPSILON


@dataclass(frozen=True)
class Run:
    """Moments in time, and how well they are known."""

    state: GaussianState
    rates: MomentRates
    work: Real  # (..., t), of the drives
    error: float  # estimate, in units of the largest moments of their kind
    steps: int


def run_pulsed(
    equations: MomentEquations, frequencies: Sequence[Any], initial: GaussianState, times: Real, tolerance: float
) -> Run:
    """Moments (..., t) of a part of the batch."""
    modes = len(equations.mode_names)
    shape = np.broadcast_shapes(equations.shape, initial.shape)
    plan = list(stretches(equations.pulses, float(times[-1])))
    refuse_negative_rates(equations.elements, plan)
    runs = [
        _along(Parts.of(system, equations, frequencies), vector, plan, times, tolerance)
        for system, vector in systems_of(equations, initial, modes, shape)
    ]
    work = np.sum([values[..., -1] for values, *_ in runs], axis=0)
    error = max(error for *_, error, _ in runs)
    steps = max(steps for *_, steps in runs)
    curves = [(values, slopes) for values, slopes, *_ in runs]
    state, rates = turned_moments(modes, *runs[0][:2]) if equations.is_turned else moments_among(modes, curves)
    return Run(state, rates, work, error, steps)


def _along(
    parts: Parts, start: Real, plan: list[Stretch], times: Real, tolerance: float
) -> tuple[Real, Real, float, int]:
    """The way of one system through time, of those entries alone that are ever anything."""
    places = parts.reached(start)
    if places is None:
        return _Walk(parts, tolerance).along(plan, start, times)
    values, slopes, error, steps = _Walk(parts.at(places), tolerance).along(plan, start[..., places], times)
    found = np.zeros((2, *values.shape[:-1], start.shape[-1]))
    found[0][..., places], found[1][..., places] = values, slopes
    return found[0], found[1], error, steps


@dataclass(frozen=True)
class _Walk:
    """The way of one system through time."""

    parts: Parts
    tolerance: float

    def along(self, plan: list[Stretch], start: Real, times: Real) -> tuple[Real, Real, float, int]:
        """Vectors and their rates (..., t, d) at some times, how far off they may be, and how many steps it took."""
        values = np.zeros((*start.shape[:-1], len(times), start.shape[-1]))
        slopes = np.zeros_like(values)
        error, steps = 0.0, 0
        for number, stretch in enumerate(plan):
            first, last = float(stretch.nodes[0]), float(stretch.nodes[-1])
            is_last = number == len(plan) - 1
            here = np.flatnonzero((times >= first) & ((times <= last) if is_last else (times < last)))
            if stretch.is_constant:
                inside, changes, start = self._exactly(stretch, start, times[here])
                steps += 1
            else:
                inside, changes, start, off, count = self._by_steps(stretch, start, times[here])
                error, steps = max(error, off), steps + count
            values[..., here, :], slopes[..., here, :] = inside, changes
        if not plan:  # nothing but time 0
            values[...] = start[..., None, :]
            slopes[...] = self.parts.rates(times, values)
        return values, slopes, error, steps

    def _exactly(self, stretch: Stretch, start: Real, times: Real) -> tuple[Real, Real, Real]:
        """Through a stretch in which nothing changes: each time by one exponential from its beginning."""
        first, last = float(stretch.nodes[0]), float(stretch.nodes[-1])
        middle = np.full(len(times) + 1, (first + last) / 2)
        durations = np.asarray([*(times - first), last - first])
        held = [value * durations for value in self.parts.values(middle)]
        maps = self.parts.system.exponentials(self.parts.summed(durations, held))
        found = self.parts.system.moved(maps, start[..., None, :])
        inside = found[..., :-1, :]
        return inside, self.parts.rates(middle[:-1], inside), found[..., -1, :]

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

    def _by_steps(self, stretch: Stretch, start: Real, times: Real) -> tuple[Real, Real, Real, float, int]:
        """Through a stretch in which coefficients change smoothly."""
        nodes, off = stretch.nodes, np.zeros(0)
        best, second = self._steps(nodes[:-1], np.diff(nodes))
        allowed = self.tolerance
        for _ in range(_MOST_ROUNDS):
            vectors, local, total = _without_lost(*self._walked(best, second, start))
            slopes = self.parts.rates(_before(nodes, nodes[-1]), vectors)
            scale = _scales(vectors)
            residual = self._residual(nodes, vectors, slopes) / scale
            share = allowed * np.maximum(np.diff(nodes) / (nodes[-1] - nodes[0]), 1 / 64)
            far = _largest(local / scale)
            off = np.maximum(far / share, _largest(residual) / self.tolerance)
            # A pulse is known to what rounding leaves of the times at which it is asked for, and no better.
            rounding = _ROUNDING + _EPSILON * nodes[1:] / np.diff(nodes)
            is_rounding = np.maximum(far, _largest(residual)) <= rounding
            bad = (off > 1.0) & ~is_rounding
            if not bad.any():
                error = float(np.max(_largest(total[..., 1:, :] / scale)))
                if error <= self.tolerance or (off > 1.0).any():
                    inside, changes = self._between(nodes, vectors, slopes, times)
                    return inside, changes, vectors[..., -1, :], error, len(off)
                # Early errors have grown with the moments.
                allowed *= 0.5 * self.tolerance / error
                continue
            wanted = np.ceil(1.1 * np.where(bad, off, 0.0) ** (1 / 7))
            pieces = np.where(bad, np.clip(wanted, 2, _MOST_PIECES), 1).astype(np.int_)
            if pieces.sum() > _MOST_STEPS:
                break
            nodes, best, second = self._refined(nodes, pieces, best, second)
        reached = float(np.max(off, initial=0.0)) * self.tolerance
        raise ConvergenceError(
            f"Argument `tolerance` must be one that {_MOST_STEPS} steps can meet, but is {self.tolerance:g}. "
            "Allow a larger one, or ask for earlier times.",
            residual=reached,
            tolerance=self.tolerance,
        )

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


def _weighted(weights: Real, windows: Real) -> Real:
    """Sums over the window, of weights (t, w) and vectors (..., t, w, d)."""
    return (weights[:, None, :] @ windows)[..., 0, :]


def _scales(vectors: Real) -> Real:
    """What errors of each step and entry are measured by, (..., k, d): the largest size of the entry until then."""
    # Errors grow as the moments do; but what is nothing beside later moments, or beside others, need not be known.
    sizes = np.abs(vectors)
    until = np.maximum.accumulate(sizes, axis=-2)[..., 1:, :]
    largest = np.max(sizes, axis=-2, keepdims=True)
    floor = np.max(largest[..., :-2], axis=-1, keepdims=True, initial=_LEAST) * _OTHERS
    return np.maximum(np.maximum(until, _LATER * largest), floor)


def _largest(values: Real) -> Real:
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
