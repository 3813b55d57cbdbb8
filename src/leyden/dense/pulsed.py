"""Moments of a device whose coefficients change in time: exact where they are constant, by steps elsewhere.

Of small devices a step is a power series; of others, and where damping is fast beside what the pulses do, it is a
Magnus step. Either way steps are cut where they are off by more than is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.dense.curves import Curve, Held, Piece, curves_state
from leyden.dense.flow import LARGEST
from leyden.dense.magnus import Parts
from leyden.dense.series import ORDER, Recursion, Steps, steps_of
from leyden.dense.systems import System, moments_among, systems_of, turned_moments
from leyden.dense.walk import EPSILON, MOST_ROUNDS, Walk, largest, refuse_tolerance, scales
from leyden.equations.moments import MomentEquations
from leyden.equations.timeline import Stretch, refuse_negative_rates, stretches
from leyden.memory import fitting
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["Run", "members_together", "run_pulsed"]

Real = NDArray[np.float64]

# Widths of a pulse, and times 1/|G|, that a step of power series takes at the tolerance of 1e-10.
_WIDTHS, _REACH, _USUAL = 2.9, 3.0, 1e-10
# What the last terms of a pulse's series, over its height, let expect of those of the moments.
_OF_LAST = 2000.0
# Share of off beyond what is allowed that counts, steps that are cut shorter than need be, and pieces at most.
_LEAST_OFF, _CAUTION, _MOST_PIECES = 1e-12, 1.03, 8.0
# Steps of power series up to which they are better than Magnus steps, and bytes of those of all members.
_MOST_SERIES, _SERIES_BYTES = 4096, 2**28
# Members that take their steps together, and jumps and widths of pulses up to which they do.
_TOGETHER, _FEW_JUMPS, _FEW_WIDTHS = 512, 64, 300


@dataclass(frozen=True)
class Run:
    """Moments in time, and how well they are known."""

    equations: MomentEquations
    curves: Sequence[Curve]
    modes: int

    @property
    def error(self) -> float:
        """Estimate, in units of the largest moments of their kind."""
        return max(curve.error for curve in self.curves)

    @property
    def steps(self) -> int:
        """Number of steps."""
        return max(curve.steps for curve in self.curves)

    def of(self, members: slice, shape: tuple[int, ...]) -> Run:
        """The same of some of the members, along all axes of the batch as one."""
        return Run(self.equations, [curve.of(members, shape) for curve in self.curves], self.modes)

    @property
    def work(self) -> Real:
        """Work of the drives (..., t)."""
        first, *others = (curve.entry(curve.size - 1) for curve in self.curves)
        return sum(others, start=first)

    def moments(self) -> tuple[GaussianState, MomentRates]:
        """States and their rates of change (..., t)."""
        if self.modes <= LARGEST and not self.equations.is_turned:
            return curves_state(self.curves, self.modes)
        pairs = [
            (np.moveaxis(curve.entries(every), 0, -1), np.moveaxis(curve.entries(every, is_slope=True), 0, -1))
            for curve in self.curves
            for every in (range(curve.size),)
        ]
        if self.equations.is_turned:
            return turned_moments(self.modes, *pairs[0])
        return moments_among(self.modes, pairs)


def members_together(equations: MomentEquations, end: float, usual: int) -> int:
    """Members of a batch that take their steps together, of a device of which so many usually do."""
    shapes = [shape for pulse in equations.pulses for shape in pulse.shapes]
    jumps = np.unique(np.concatenate([np.zeros(0), *(shape.edges() for shape in shapes)]))
    widths = end / min((shape.scale()[2] for shape in shapes), default=np.inf)
    # Where there are many steps, or each member has its own, few members together need less of them and of memory.
    return max(usual, _TOGETHER) if shapes and len(jumps) <= _FEW_JUMPS and widths <= _FEW_WIDTHS else usual


def run_pulsed(
    equations: MomentEquations, frequencies: Sequence[Any], initial: GaussianState, times: Real, tolerance: float
) -> Run:
    """Moments (..., t) of a part of the batch."""
    modes = len(equations.mode_names)
    shape = np.broadcast_shapes(equations.shape, initial.shape, *map(np.shape, frequencies))
    plan = list(stretches(equations.pulses, float(times[-1])))
    refuse_negative_rates(equations.elements, plan)
    curves = [
        _Course(system, Parts.of(system, equations, frequencies), shape, times, tolerance).along(plan, vector)
        for system, vector in systems_of(equations, initial, modes, shape)
    ]
    return Run(equations, curves, modes)


@dataclass(frozen=True)
class _Course:
    """The way of one system through time."""

    system: System
    parts: Parts
    shape: tuple[int, ...]
    times: Real
    tolerance: float

    def along(self, plan: list[Stretch], start: Real) -> Curve:
        """The curve through all stretches, of those entries alone that are ever anything."""
        size = start.shape[-1]
        places = self.parts.reached(start)
        if places is None:
            return self._followed(plan, start, list(range(size)), size)
        recursion, order = Recursion.ordered(self.parts, places, self.shape)
        return self._followed(plan, start[..., order], order.tolist(), size, recursion)

    def _followed(
        self, plan: list[Stretch], start: Real, places: list[int], size: int, recursion: Recursion | None = None
    ) -> Curve:
        parts = self.parts if recursion is None else recursion.parts
        pieces: list[tuple[slice, Piece]] = []
        error, steps = 0.0, 0
        walk = Walk(parts, self.tolerance)
        for leg in _legs(plan, recursion, self.tolerance):
            here = self._here(leg.begin, leg.end)
            times = self.times[here]
            if leg.nodes is not None and recursion is not None:
                columns = np.ascontiguousarray(np.moveaxis(start, -1, 0).reshape(start.shape[-1], -1))
                piece, off = self._by_series(recursion, leg.nodes, leg.edges, columns, times)
                start = np.moveaxis(piece.vectors[-1].reshape(-1, *self.shape), 0, -1)
                steps += len(piece.nodes) - 1
            elif leg.stretch.is_constant:
                values, slopes, start = walk.exactly(leg.stretch, start, times)
                piece, off, steps = self._held(values, slopes), 0.0, steps + 1
            else:
                values, slopes, start, off, count = walk.by_steps(leg.stretch, start, times)
                piece, steps = self._held(values, slopes), steps + count
            error = max(error, off)
            if len(times):
                pieces.append((here, piece))
        if not plan:  # nothing but time 0
            values = np.repeat(start[..., None, :], len(self.times), axis=-2)
            held = self._held(values, parts.rates(self.times, values))
            pieces.append((slice(None), held))
        return Curve(self.times, self.shape, size, places, pieces, error, steps)

    def _here(self, begin: float, end: float) -> slice:
        """Places of the times from a beginning up to an end, the last one of all included."""
        side = "right" if end >= self.times[-1] else "left"
        return slice(int(np.searchsorted(self.times, begin)), int(np.searchsorted(self.times, end, side)))

    def _held(self, values: Real, slopes: Real) -> Held:
        shape = (prod(self.shape), *values.shape[-2:])
        whole = (*self.shape, *values.shape[-2:])
        return Held(*(np.broadcast_to(part, whole).reshape(shape) for part in (values, slopes)))

    def _by_series(
        self, recursion: Recursion, nodes: Real, edges: Real, start: Real, times: Real
    ) -> tuple[Steps, float]:
        """Steps of power series from some nodes on, cut where they are off by more than is allowed, and by how much."""
        allowed, off, grows = self.tolerance, np.zeros(0), False
        for _ in range(MOST_ROUNDS):
            found = steps_of(recursion, nodes, start, times)
            vectors, local, errors = (np.moveaxis(part, -1, 0) for part in (found.vectors, found.local, found.errors))
            scale = scales(vectors)
            lengths = np.diff(nodes)
            share = allowed * np.maximum(lengths / (nodes[-1] - nodes[0]), 1 / 64)
            off = _largest_known(local / (scales(vectors, grows=True) if grows else scale)) / share
            total = float(np.max(_largest_known(errors[:, 1:] / scale)))
            # A pulse is known to what rounding leaves of the times at which it is asked for, and no better.
            rounding = EPSILON * float(len(lengths) + np.max(nodes[1:] / lengths))
            if not (off > 1).any():
                if total <= self.tolerance:
                    return found, total + rounding
                # Early errors have grown with the moments, or more than they.
                allowed *= 0.5 * self.tolerance / total if grows else 1.0
                grows = True
                continue
            # An error goes with a power of the step: longer ones will do where there is next to none.
            pieces = _CAUTION * np.clip(off, _LEAST_OFF, None) ** (1 / ORDER)
            if not pieces.sum() <= _MOST_SERIES:
                break
            nodes = _spread(nodes, edges, np.minimum(pieces, _MOST_PIECES))
        raise refuse_tolerance(self.tolerance, float(np.max(off, initial=0.0)) * self.tolerance)


@dataclass(frozen=True)
class _Leg:
    """Times that are gone through in one way: one stretch, or steps of power series through several."""

    stretch: Stretch
    begin: float
    end: float
    edges: Real
    nodes: Real | None = None


def _legs(plan: list[Stretch], recursion: Recursion | None, tolerance: float) -> Iterator[_Leg]:
    for is_constant, group in groupby(plan, key=lambda stretch: stretch.is_constant):
        joined = list(group)
        edges = np.asarray([*(stretch.nodes[0] for stretch in joined), joined[-1].nodes[-1]])
        nodes = None if is_constant or recursion is None else _first_nodes(joined, edges, recursion, tolerance)
        if nodes is not None:
            yield _Leg(joined[0], float(nodes[0]), float(nodes[-1]), edges, nodes)
            continue
        for stretch in joined:
            yield _Leg(stretch, float(stretch.nodes[0]), float(stretch.nodes[-1]), edges)


def _first_nodes(joined: list[Stretch], edges: Real, recursion: Recursion, tolerance: float) -> Real | None:
    """Ends of steps of power series to begin with; None where they would be so short that others are better."""
    counts = [max(1, int(np.ceil(stretch.widths / _WIDTHS))) for stretch in joined]
    room = fitting(_SERIES_BYTES, (ORDER + 1) * recursion.size * max(recursion.size, prod(recursion.shape)))
    most = min(room, _MOST_SERIES)
    if sum(counts) > most:
        return None
    pairs = zip(pairwise(edges.tolist()), counts, strict=True)
    nodes = np.concatenate([*(np.linspace(*pair, count + 1)[:-1] for pair, count in pairs), edges[-1:]])
    lengths = np.diff(nodes)
    # The last terms of a series go with the power of its step.
    share = tolerance * np.maximum(lengths / (nodes[-1] - nodes[0]), 1 / 64)
    constant, units = recursion.rate
    rate, off = np.full(len(lengths), constant), np.full(len(lengths), _LEAST_OFF)
    for pulse, unit in zip(recursion.series_of_pulses(nodes[:-1], lengths), units, strict=True):
        sizes = np.abs(pulse)
        heights = np.max(sizes[:, 0], axis=0)
        rate += unit * np.max(np.sum(sizes[:, :3], axis=1), axis=-1)
        last = np.max((sizes[:, -1] + sizes[:, -2]) / (heights + 1e-300), axis=-1)
        off = np.maximum(off, _OF_LAST * last / share)
    pieces = _CAUTION * np.maximum(off ** (1 / ORDER), rate * lengths / _REACH * (_USUAL / tolerance) ** (1 / ORDER))
    return _spread(nodes, edges, pieces) if pieces.sum() <= most else None


def _spread(nodes: Real, edges: Real, pieces: Real) -> Real:
    """Nodes between the same edges, such that each step holds one of the pieces that those before fall into."""
    parts: list[Real] = []
    ends = np.searchsorted(nodes, edges)
    for first, last in pairwise(ends.tolist()):
        reached = np.concatenate([[0.0], np.cumsum(pieces[first:last])])
        count = int(np.ceil(reached[-1]))
        wanted = np.linspace(0.0, reached[-1], count + 1)[:-1]
        parts.append(np.interp(wanted, reached, nodes[first : last + 1]))
    return np.concatenate([*parts, edges[-1:]])


def _largest_known(errors: Real) -> Real:
    """Largest error of each step; members whose moments leave the number range ask for no better ones."""
    is_lost = ~np.isfinite(errors).all(axis=(-2, -1), keepdims=True)
    return largest(np.where(is_lost, np.nan, errors) if is_lost.any() else errors)
