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

from leyden.algebra import ladder
from leyden.algebra.hermite import hermite_weights
from leyden.dense.flow import LARGEST
from leyden.dense.magnus import NODES, Parts
from leyden.dense.systems import Displacement, Fluctuations, Maps, Matrices, SecondMoments, System
from leyden.equations.moments import MomentEquations
from leyden.equations.timeline import Stretch, refuse_negative_rates, stretches
from leyden.errors import ConvergenceError
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import LadderRates, LadderState, components_of
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
_ROUNDING = 64 * float(np.finfo(np.float64).eps)


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
    refuse_negative_rates(equations, plan)
    runs = [
        _along(Parts.of(system, equations, frequencies), vector, plan, times, tolerance)
        for system, vector in _systems(equations, initial, modes, shape)
    ]
    work = np.sum([values[..., -1] for values, *_ in runs], axis=0)
    error = max(error for *_, error, _ in runs)
    steps = max(steps for *_, steps in runs)
    state, rates = _turned_moments(modes, *runs[0][:2]) if equations.is_turned else _unpacked(modes, runs)
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


def _systems(
    equations: MomentEquations, initial: GaussianState, modes: int, shape: tuple[int, ...]
) -> list[tuple[System, Real]]:
    """Linear systems that make up the moments, and where each begins."""
    if equations.is_turned:
        outer = initial.mean[..., :, None] * initial.mean[..., None, :]
        moments = ladder.components_of(initial.excess + outer)
        return [(SecondMoments(modes), _with_last(_beside(moments, initial.mean), shape))]
    if modes > LARGEST:
        system = Matrices(modes)
        mean = np.concatenate([initial.mean, np.ones((*initial.mean.shape[:-1], 1))], axis=-1)
        excess = np.zeros((*initial.excess.shape[:-2], 2 * modes + 1, 2 * modes + 1))
        excess[..., :-1, :-1] = initial.excess
        vector = system.packed(mean, excess, np.zeros(()))
        return [(system, np.broadcast_to(vector, (*shape, vector.shape[-1])))]
    found: list[tuple[System, Real]] = [(Fluctuations(modes), _with_last(components_of(initial), shape))]
    is_still = not np.any(initial.mean) and not any(share.basis.forcing.any() for share in equations.shares)
    if not is_still:
        mean = initial.mean
        outer = ladder.components_of(mean[..., :, None] * mean[..., None, :])
        found.append((Displacement(modes), _with_last(_beside(outer, mean), shape)))
    return found


def _beside(first: Real, second: Real) -> Real:
    """Two vectors one behind the other, each spread over the batch of both."""
    shape = np.broadcast_shapes(first.shape[:-1], second.shape[:-1])
    return np.concatenate([np.broadcast_to(part, (*shape, part.shape[-1])) for part in (first, second)], axis=-1)


def _with_last(vector: Real, shape: tuple[int, ...]) -> Real:
    """A vector with a 1 and no work behind it, for all of a batch."""
    ends = np.broadcast_to([1.0, 0.0], (*vector.shape[:-1], 2))
    whole = np.concatenate([vector, ends], axis=-1)
    return np.broadcast_to(whole, (*shape, whole.shape[-1]))


def _turned_moments(modes: int, values: Real, slopes: Real) -> tuple[GaussianState, MomentRates]:
    """Moments about the mean, and their rates of change, from the second moments."""
    size = modes * (2 * modes + 1)
    mean, change = values[..., size:-2], slopes[..., size:-2]
    components = values[..., :size] - ladder.components_of(mean[..., :, None] * mean[..., None, :])
    outer = change[..., :, None] * mean[..., None, :]
    rates = slopes[..., :size] - ladder.components_of(outer + np.swapaxes(outer, -1, -2))
    return LadderState(mean, np.moveaxis(components, -1, 0)), LadderRates(change, np.moveaxis(rates, -1, 0))


def _unpacked(modes: int, runs: list[tuple[Real, Real, float, int]]) -> tuple[GaussianState, MomentRates]:
    """States and their rates of change from the vectors of their systems."""
    values, slopes = runs[0][:2]
    if modes > LARGEST:
        system = Matrices(modes)
        (mean, excess, _), (mean_rate, excess_rate, _) = system.unpacked(values), system.unpacked(slopes)
        state = GaussianState.holding(mean=mean[..., :-1], excess=excess[..., :-1, :-1])
        return state, MomentRates(mean_rate[..., :-1], excess_rate[..., :-1, :-1])
    size = modes * (2 * modes + 1)
    if len(runs) > 1:
        mean, mean_rate = (part[..., size:-2] for part in runs[1][:2])
    else:
        mean = mean_rate = np.zeros((*values.shape[:-1], 2 * modes))
    components, changes = (np.moveaxis(part[..., :size], -1, 0) for part in (values, slopes))
    return LadderState(mean, components), LadderRates(mean_rate, changes)


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
            vectors, local, total = self._walked(best, second, start)
            slopes = self.parts.rates(_before(nodes, nodes[-1]), vectors)
            scale = _scales(vectors)
            residual = self._residual(nodes, vectors, slopes) / scale
            share = allowed * np.maximum(np.diff(nodes) / (nodes[-1] - nodes[0]), 1 / 64)
            off = np.maximum(_largest(local / scale) / share, _largest(residual) / self.tolerance)
            # What has left the number range, or is rounding, is not wanted any better.
            is_rounding = np.maximum(_largest(local / scale), _largest(residual)) <= _ROUNDING
            bad = (off > 1.0) & np.isfinite(off) & ~is_rounding
            if not bad.any():
                error = float(
                    np.max(np.abs(total[..., 1:, :] / scale), initial=0.0, where=np.isfinite(total[..., 1:, :]))
                )
                if error <= self.tolerance or is_rounding.all():
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
        reached = float(np.max(off, initial=0.0, where=np.isfinite(off))) * self.tolerance
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
    """Largest size over the batch and all entries, for each step."""
    return np.max(np.abs(values), axis=(*range(values.ndim - 2), -1))


def _before(times: Real, end: float) -> Real:
    """Times, those at the end a hair earlier: what jumps there belongs to what comes after."""
    return np.minimum(times, np.nextafter(end, -np.inf))
