"""Charging of a huge network under pulses: a covariance of low rank, moved by power series in steps of time.

S = Z s Z^T + X. The columns of Z are moved by the drift. X is what the sources have added since the beginning of the
step: it has not gone far yet, so that it is a small matrix, which at the end of the step becomes columns of Z. What
then adds nothing to S is left out: its rank stays low, however many modes there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, lgamma, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.exponential import legendre
from leyden.algebra.sparse_graph import influences, within
from leyden.conventions import quadratures_of
from leyden.equations.timeline import Stretch, refuse_negative_rates, stretches
from leyden.errors import ConvergenceError, ParameterError
from leyden.low_rank.changing import Changing
from leyden.low_rank.response import Segment
from leyden.low_rank.series import ORDER, Region, SeriesStep
from leyden.low_rank.steady import marginals
from leyden.memory import CACHE_BYTES, STATE_BYTES, fitting
from leyden.states.rates import MomentRates

__all__ = ["PulsedResponse", "nodes_of"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]

# |A| t, and widths of a pulse, that a step takes; and the steps that are too many.
_REACH, _LEAST_REACH, _SHORTER, _WIDTHS, _MOST_STEPS = 3.0, 0.2, 0.7, 2.0, 100_000
# Quadratures near those that are driven, for which shorter steps are taken, and too many of them.
_NEAR, _MOST_NEAR = 600, 2400
# What may be left out of S, and of modes that are hardly reached, in units of the largest.
_OF_RANK, _TRUNCATION = 1e-16, log(1e-17)
# Columns from which they are looked at again, beside twice those that mattered last time.
_SOME_COLUMNS = 40
# Regions of the network, as shares of the time in which a disturbance gets around.
_SHARES = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
_POWER_NODES, _MOST_HALVINGS = 26, 30
# Numbers that belong to a mode at each time.
_NUMBERS = 40
_ONE = np.ones(1)


def nodes_of(equations: Changing, plan: Sequence[Stretch], until: float, reach: float) -> Real:
    """Ends of steps, as many as pulses ask for and rates, of which a step takes no more than some |A| t."""
    constant, *units = equations.norms()
    parts: list[Real] = []
    total = 0
    for stretch in plan:
        first, last = float(stretch.nodes[0]), float(stretch.nodes[-1])
        sizes = [float(np.max(np.abs(pulse(stretch.nodes)))) for pulse in equations.pulses]
        rate = constant + sum(size * unit for size, unit in zip(sizes, units, strict=True))
        count = ceil(max(1.0, stretch.widths / _WIDTHS, rate * (last - first) / reach))
        total += count
        if total > _MOST_STEPS:
            remedy = 'Ask for earlier times, or use method="dense" where it fits into memory.'
            raise ParameterError.of(
                "times", f"take at most {_MOST_STEPS} steps of {reach:.3g}/{rate:.3g}", until, remedy
            )
        parts.append(np.linspace(first, last, count + 1)[:-1])
    return np.concatenate([*parts, [until]])


class PulsedResponse:
    """All that is followed, from the vacuum on."""

    def __init__(self, equations: Changing, elements: Sequence[Any], times: Real, tolerance: float) -> None:
        self.equations, self.times, self.tolerance = equations, times, tolerance
        self.until = float(times[-1])
        plan = list(stretches(equations.pulses, self.until))
        refuse_negative_rates(elements, plan)
        heights = [max(float(np.max(np.abs(pulse(one.nodes)))) for one in plan) for pulse in equations.pulses if plan]
        sizes = list(zip([1.0, *heights], equations.parts, equations.norms(), strict=False))
        self.norm = sum(height * norm for height, _, norm in sizes)
        self.graph = influences(equations.pattern)
        self.disturbed = np.unique(equations.disturbed // 2)
        inside = self._reached(self.until)
        self.inside, self.modes = inside, inside[::2] // 2
        self.reach = _REACH
        while len(near := self._reached(min(self.until, self._nearly))) > _NEAR and self.reach > _LEAST_REACH:
            self.reach *= _SHORTER
        if len(near) > _MOST_NEAR:
            remedy = 'Let pulses drive fewer modes, or use method="dense" where it fits into memory.'
            few = f"leave pulses {_MOST_NEAR // 2} modes near to those that they drive"
            raise ParameterError.of("network", few, f"{len(near) // 2} modes", remedy)
        self.local = Region(equations, near)
        self.nodes = nodes_of(equations, plan, self.until, self.reach) if plan else np.zeros(1)
        self.regions: dict[float, Region] = {}
        self.is_displaced = any(np.any(part.forcing) for part in equations.parts)
        self.rank = self.steps = 0
        self.error = self.work = 0.0
        source = sum(height * _size(part) for height, part, _ in sizes)
        # Quanta are of second order in what the drives do while modes relax; early ones count for little.
        self.scale = 1e-2 * (source / self.norm) ** 2 if self.norm and source else 1.0

    @property
    def _nearly(self) -> float:
        """Time of the longest step."""
        return self.reach / self.norm if self.norm else 0.0

    def _reached(self, duration: float) -> Places:
        """Quadratures of modes that a disturbance can reach: over d links it comes as (|A| t)^d/d! at most."""
        reach, links, most = self.norm * duration, 1, len(self.graph.indptr)
        while links < most and links * log(max(reach, 1e-300)) - lgamma(links + 1) + reach > _TRUNCATION:
            links += 1
        return quadratures_of(within(self.graph, self.disturbed, links)) if len(self.disturbed) else self.disturbed

    def _region(self, until: float) -> Region:
        """What may be reached until some time."""
        least = max(until, self._nearly)
        share = next((share for share in _SHARES if share * self.until >= least), 1.0)
        if share not in self.regions:
            self.regions = {share: Region(self.equations, self._reached(share * self.until))}
        return self.regions[share]

    def segments(self) -> Iterator[Segment]:
        """States of the modes at all times."""
        if not self.norm or len(self.nodes) < 2 or not len(self.disturbed):
            yield self._rest(len(self.times), 0.0)
            return
        region = self._region(0.0)
        columns, weights = np.zeros((len(region.rows), 0)), np.zeros(0)
        mean = np.zeros((len(region.rows), int(self.is_displaced)))
        most = fitting(STATE_BYTES, _NUMBERS * len(self.modes))
        place = 0
        for begin, end in pairwise(self.nodes.tolist()):
            now = begin
            while now < end:
                following = self._region(end)
                if following is not region:
                    columns, mean = (_spread(part, region.rows, following.rows) for part in (columns, mean))
                    region = following
                before = self.error
                step, now = self._step(region, np.column_stack([columns, mean]), weights, (now, end))
                if not np.isfinite(self.error):
                    self.error = before
                    yield self._rest(len(self.times) - place, np.nan)
                    return
                is_last = now >= self.until
                last = int(np.searchsorted(self.times, now, side="right" if is_last else "left"))
                for first in range(place, last, most):
                    some = self.times[first : min(first + most, last)]
                    yield self._segment(region, step, 1 - (now - some) / step.length)
                place = last
                self.work += float(self._works(region, step, np.ones(1))[0])
                columns, weights, mean = self._ended(region, step)

    def _step(self, region: Region, start: Real, weights: Real, span: tuple[float, float]) -> tuple[SeriesStep, float]:
        """One step, as long as its series allows."""
        now, end = span
        off = 0.0
        for _ in range(_MOST_HALVINGS):
            length = end - now
            series = [pulse.series(np.asarray([now]), np.asarray([length]), ORDER)[:, 0] for pulse in self._pulses]
            pulses = [one[: 1 + int(np.max(np.flatnonzero(one), initial=0))] for one in series]
            step = SeriesStep(*self._terms(region, start, weights, pulses, length), pulses, length)
            off = step.off()
            columns = np.sum(step.terms[..., : len(weights)], axis=0)
            own = columns**2 @ weights
            self.scale = max(self.scale, float(np.max(own[0::2] + own[1::2], initial=0.0)) / 2)
            allowed = self.tolerance * max(length / self.until, 1 / 64)
            # What leaves the number range does so in any step.
            is_lost = not np.isfinite(off) or not np.isfinite(self.scale)
            if off <= allowed * self.scale or is_lost:
                self.error += np.nan if is_lost else off / self.scale
                self.steps += 1
                return step, end
            end = now + length / 2
        raise ConvergenceError(
            f"Argument `tolerance` must be one that steps can meet, but is {self.tolerance:g}. Allow a larger one.",
            residual=off / self.scale,
            tolerance=self.tolerance,
        )

    @property
    def _pulses(self) -> Sequence[Any]:
        return self.equations.pulses

    def _terms(
        self, region: Region, start: Real, weights: Real, pulses: Sequence[Real], length: float
    ) -> tuple[Real, Real, Real]:
        def forced(power: int, following: Real) -> Real:
            if self.is_displaced:
                for series, part in zip([_ONE, *pulses], region.parts, strict=True):
                    if power < len(series):
                        following[:, -1] += series[power] * part.forcing
            return following

        terms = np.empty((ORDER + 1, *start.shape))
        known = region.expanded(start, pulses, length, forced, terms)
        local = self.local
        sources = [part.source.toarray() for part in local.parts]

        def fed(power: int, following: Real) -> Real:
            whole = following + following.T
            for series, source in zip([_ONE, *pulses], sources, strict=True):
                if power < len(series) and series[power]:
                    whole += series[power] * source
            return whole

        added = np.zeros((ORDER + 1, *sources[0].shape))
        if any(np.any(series) and np.any(source) for series, source in zip([_ONE, *pulses], sources, strict=True)):
            local.expanded(added[0].copy(), pulses, length, fed, added)
        return terms[:known], weights, added

    def _ended(self, region: Region, step: SeriesStep) -> tuple[Real, Real, Real]:
        """Columns, their weights and the mean at the end of a step."""
        whole = np.sum(step.terms, axis=0)
        columns, mean, weights = whole[:, : step.count], whole[:, step.count :], step.weights
        if np.any(step.added):
            values, vectors = np.linalg.eigh(np.sum(step.added, axis=0))
            used = np.abs(values) > _OF_RANK * np.max(np.abs(values))
            columns = np.column_stack([columns, _spread(vectors[:, used], self.local.rows, region.rows)])
            weights = np.concatenate([weights, values[used]])
        if len(weights) > 2 * self.rank + _SOME_COLUMNS:
            basis, square = np.linalg.qr(columns)
            form = (square * weights) @ square.T
            if not np.isfinite(form).all():
                self.scale = np.inf
                return columns, weights, mean
            values, vectors = np.linalg.eigh(form)
            used = np.abs(values) > _OF_RANK * np.max(np.abs(values), initial=0.0)
            columns, weights = basis @ vectors[:, used], values[used]
            self.rank = len(weights)
        return columns, weights, mean

    def _segment(self, region: Region, step: SeriesStep, places: Real) -> Segment:
        """States at some places of a step."""
        count, size = len(places), len(self.inside)
        squares, square_rates = np.zeros((count, size)), np.zeros((count, size))
        cross, cross_rates = np.zeros((count, size // 2)), np.zeros((count, size // 2))
        mean, mean_rates = np.zeros((count, size)), np.zeros((count, size))
        values, slopes = step.powers(places, len(step.terms))
        position = np.searchsorted(self.inside, region.rows)
        tile = max(2, fitting(CACHE_BYTES, count * step.terms.shape[2]) // 2 * 2)
        for first in range(0, len(region.rows), tile):
            terms = step.terms[:, first : first + tile]
            rows = position[first : first + tile]
            now, change = np.tensordot(values, terms, 1), np.tensordot(slopes, terms, 1)
            if step.count < terms.shape[2]:
                mean[:, rows], mean_rates[:, rows] = now[..., -1], change[..., -1]
            now, change = now[..., : step.count], change[..., : step.count]
            weighted = now * step.weights
            squares[:, rows] = np.sum(weighted * now, axis=-1)
            square_rates[:, rows] = 2 * np.sum(weighted * change, axis=-1)
            pairs = rows[::2] // 2
            cross[:, pairs] = np.sum(weighted[:, ::2] * now[:, 1::2], axis=-1)
            cross_rates[:, pairs] = np.sum(
                weighted[:, ::2] * change[:, 1::2] + weighted[:, 1::2] * change[:, ::2], axis=-1
            )
        values, slopes = step.powers(places, len(step.added))
        rows = np.searchsorted(self.inside, self.local.rows)
        here = np.arange(len(rows))
        own, beside = step.added[:, here, here], step.added[:, here[::2], here[1::2]]
        squares[:, rows] += values @ own
        square_rates[:, rows] += slopes @ own
        cross[:, rows[::2] // 2] += values @ beside
        cross_rates[:, rows[::2] // 2] += slopes @ beside
        state = marginals(mean, np.stack([squares[:, ::2], cross, squares[:, 1::2]]), 0.0)
        rates = marginals(mean_rates, np.stack([square_rates[:, ::2], cross_rates, square_rates[:, 1::2]]), 0.0)
        works = self.work + self._works(region, step, places)
        return Segment(self.modes, state, MomentRates(rates.mean, rates.excess), works)

    def _works(self, region: Region, step: SeriesStep, places: Real) -> Real:
        """Work of the drives from the beginning of a step up to some places of it."""
        nodes, _ = legendre(_POWER_NODES)
        powers, _ = step.powers(nodes, ORDER + 1)
        total = np.zeros(len(nodes))
        for series, part in zip([_ONE, *step.pulses], region.parts, strict=True):
            form = part.power
            height = powers[:, : len(series)] @ series
            for quadratures, block in ((form.places, form.block), (form.forced, None)):
                if not len(quadratures):
                    continue
                rows = np.searchsorted(region.rows, quadratures)
                place = np.minimum(np.searchsorted(self.local.rows, quadratures), len(self.local.rows) - 1)
                own = np.where(self.local.rows[place] == quadratures, place, -1)
                if block is None:
                    total += 2 * height * (self._mean(step, rows, nodes) @ form.linear)
                    continue
                moments, mean = step.moments(rows, own, nodes)
                moments = moments + mean[:, :, None] * mean[:, None, :]
                total += height * np.sum(moments * block, axis=(1, 2))
        known = np.linalg.solve(np.polynomial.legendre.legvander(2 * nodes - 1, len(nodes) - 1), total)
        integral = np.polynomial.legendre.legint(known, lbnd=-1)
        found = np.polynomial.legendre.legval(2 * places - 1, integral) * (step.length / 2)
        return np.asarray(found, dtype=np.float64)

    @staticmethod
    def _mean(step: SeriesStep, rows: Places, places: Real) -> Real:
        if step.terms.shape[2] == step.count:
            return np.zeros((len(places), len(rows)))
        values, _ = step.powers(places, len(step.terms))
        return values @ step.terms[:, rows, -1]

    def _rest(self, count: int, value: float) -> Segment:
        """States where nothing ever happens, or nothing is a number any more."""
        size = len(self.modes)
        state = marginals(np.full((count, 2 * size), value), np.full((3, count, size), value), 0.0)
        return Segment(self.modes, state, MomentRates(state.mean, state.excess), np.full(count, value))


def _spread(values: Real, rows: Places, onto: Places) -> Real:
    """Rows among those of a larger region."""
    found = np.zeros((len(onto), values.shape[1]))
    found[np.searchsorted(onto, rows)] = values
    return found


def _size(part: Any) -> float:
    """Largest entry of what a part adds to the moments of nothing."""
    return max(float(np.max(np.abs(part.source.data), initial=0.0)), float(np.max(np.abs(part.forcing), initial=0.0)))
