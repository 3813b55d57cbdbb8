"""The vectors of a source on their way, at some times in a row, and what their squares add up to in between.

Groups of quadratures that do not act on each other share columns, each with weights of its own: V s V^T is known where
both of its sides are in one group, and that is where S is not zero.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.exponential import Exponential, legendre
from leyden.algebra.factors import products
from leyden.low_rank.groups import Group
from leyden.low_rank.power import Work
from leyden.memory import CACHE_BYTES, TERM_BYTES, fitting

__all__ = ["Propagation", "Step"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]


class Step(NamedTuple):
    """What happens from one time to the next, for some times in a row."""

    squares: Real  # (t, n) and (t, both), what each interval adds to the covariance
    cross: Real
    square_rates: Real  # (t, n) and (t, both), its rate of change at the end of each interval
    cross_rates: Real
    means: Real  # (t, n), what each interval adds to the mean, and its rate of change at the end
    mean_rates: Real
    fluctuations: Real  # (t, k), rate of change of tr(C S), the power of the drives, at `k` nodes of each interval
    pull: Real  # (t, k), rate of change of l <r> there
    driven: Real  # (t, k, d), rate of change of the mean there, of the driven quadratures
    vectors: Real  # (n, r), at the last time


class _Layout:
    """Coefficients of the series at all nodes of some intervals."""

    def __init__(self, exponential: Exponential, times: Real) -> None:
        self.times, self.width = times, float(times[-1])
        degree = exponential.degree(self.width)
        gaps = np.diff(times, prepend=0.0)
        starts = times - gaps
        nodes, weights = legendre(exponential.nodes(float(np.max(gaps))))
        self.weights = gaps[:, None] * weights
        self.inner = exponential.coefficients((starts[:, None] + gaps[:, None] * nodes).reshape(-1), degree)
        self.ends = exponential.coefficients(times, degree)
        # So many nodes that the integral up to each of them is exact, too.
        self.count = 2 * len(nodes) + 4
        dense, _ = legendre(self.count)
        self.dense = exponential.coefficients((starts[:, None] + gaps[:, None] * dense).reshape(-1), degree)

    def fits(self, times: Real, rounding: float) -> bool:
        """Whether these are the same times, up to the rounding of times on a regular grid."""
        return times.shape == self.times.shape and bool(np.max(np.abs(times - self.times)) <= rounding)


class Propagation:
    """The vectors of all groups, now."""

    def __init__(self, groups: list[Group], forcing: Real, work: Work) -> None:
        from scipy.sparse import block_diag, csr_array

        ends = np.cumsum([0, *(len(group.rows) for group in groups)])
        first = [np.arange(2 * group.both) + begin for group, begin in zip(groups, ends[:-1], strict=True)]
        then = [np.arange(begin + 2 * one.both, end) for one, begin, end in zip(groups, ends, ends[1:], strict=False)]
        order = np.concatenate([*first, *then])
        # Quadratures that are followed, x and p in turn as long as both are in one group.
        self.rows = np.concatenate([group.rows for group in groups])[order]
        self.both = sum(group.both for group in groups)
        rank = max(len(group.weights) for group in groups)
        vectors, self.weights = np.zeros((len(order), rank)), np.zeros((len(order), rank))
        for group, begin, end in zip(groups, ends, ends[1:], strict=False):
            vectors[begin:end, : len(group.weights)] = group.source
            self.weights[begin:end, : len(group.weights)] = group.weights
        vectors, self.weights = vectors[order], self.weights[order]
        self.is_displaced = bool(np.any(forcing[self.rows]))
        self.vectors = np.column_stack([vectors, forcing[self.rows]]) if self.is_displaced else vectors
        drift = block_diag([group.drift for group in groups], format="csr")
        self.exponential = Exponential(drift[order][:, order].tocsr())
        position = np.full(len(forcing), -1, dtype=np.intp)
        position[self.rows] = np.arange(len(order))
        label = np.repeat(np.arange(len(groups)), np.diff(ends))[order]
        driven = np.flatnonzero(position[work.places] >= 0)
        self._places, self._driven = position[work.places[driven]], driven
        apart = label[self._places][:, None] != label[self._places]
        self._form = csr_array(np.where(apart, 0.0, work.block[np.ix_(driven, driven)]))
        self._all = len(work.places)
        self._force = work.force[self.rows]
        self._layout: _Layout | None = None

    @property
    def size(self) -> float:
        """Largest entry of the vectors."""
        return float(np.max(np.abs(self.vectors), initial=0.0))

    def step(self, times: Real, rounding: float) -> Step | None:
        """The vectors at some times from now, without making the last one the present; None where that is too far."""
        if self._layout is None or not self._layout.fits(times, rounding):
            self._layout = _Layout(self.exponential, times)
        layout = self._layout
        (size, columns), steps = self.vectors.shape, len(times)
        displaced = (size, self._all) if self.is_displaced else (0, 0)
        step = Step(
            squares=np.zeros((steps, size)),
            cross=np.zeros((steps, self.both)),
            square_rates=np.zeros((steps, size)),
            cross_rates=np.zeros((steps, self.both)),
            means=np.zeros((steps, displaced[0])),
            mean_rates=np.zeros((steps, displaced[0])),
            fluctuations=np.zeros((steps, layout.count)),
            pull=np.zeros((steps, layout.count)),
            driven=np.zeros((steps, layout.count, displaced[1])),
            vectors=np.empty_like(self.vectors),
        )
        most = fitting(TERM_BYTES, size * layout.ends.shape[1])
        for first in range(0, columns, most):
            own = slice(first, min(first + most, columns))
            terms, width = self.exponential.terms(self.vectors[:, own], layout.width)
            if width < layout.width:
                self._layout = None
                return None
            self._add(step, terms, own, layout)
            self._work(step, terms, own, layout)
        return step

    def _work(self, step: Step, terms: Real, own: slice, layout: _Layout) -> None:
        """What the work of the drives depends on."""
        shape = step.fluctuations.shape
        followed = min(own.stop, self.weights.shape[1]) - own.start
        driven = np.ascontiguousarray(terms[:, self._places])
        at_once = fitting(8 * CACHE_BYTES, driven[0].size)
        fluctuations = np.zeros(len(layout.dense))
        for first in range(0, len(fluctuations) if followed and driven.size else 0, at_once):
            some = slice(first, first + at_once)
            values = np.moveaxis(_at(layout.dense[some], driven[..., :followed]), 0, 2)
            weighted = values * self.weights[self._places, own][..., None]
            turned = (self._form @ values.reshape(len(values), -1)).reshape(values.shape)
            fluctuations[some] = np.sum(weighted * turned, axis=(0, 1))
        step.fluctuations[:] += fluctuations.reshape(shape)
        if followed < terms.shape[2]:
            step.pull[:] = (layout.dense @ (terms[:, :, -1] @ self._force)).reshape(shape)
            step.driven[..., self._driven] = _at(layout.dense, driven[..., -1]).reshape(*shape, -1)

    def _add(self, step: Step, terms: Real, own: slice, layout: _Layout) -> None:
        steps, nodes = layout.weights.shape
        columns = terms.shape[2]
        followed = min(own.stop, self.weights.shape[1]) - own.start
        tile = max(2, fitting(CACHE_BYTES, steps * nodes * columns) // 2 * 2)
        for first in range(0, terms.shape[1], tile):
            rows = slice(first, min(first + tile, terms.shape[1]))
            both = min(max(2 * self.both - first, 0), rows.stop - first) // 2
            cross = slice(first // 2, first // 2 + both)
            values = _at(layout.inner, terms[:, rows]).reshape(steps, nodes, -1, columns)
            ends = _at(layout.ends, terms[:, rows])
            step.vectors[rows, own] = ends[-1]
            if followed:
                weights = self.weights[rows, own]
                squares, mixed = products(values[..., :followed], weights, both)
                step.squares[:, rows] += _summed(layout.weights, squares)
                squares_now, mixed_now = products(ends[..., :followed], weights, both)
                step.square_rates[:, rows] += squares_now
                if both:
                    step.cross[:, cross] += _summed(layout.weights, mixed)
                    step.cross_rates[:, cross] += mixed_now
            if followed < columns:
                step.means[:, rows] = _summed(layout.weights, values[..., -1])
                step.mean_rates[:, rows] = ends[..., -1]


def _at(coefficients: Real, terms: Real) -> Any:
    """The series at some times."""
    shape = terms.shape
    return (coefficients @ terms.reshape(shape[0], -1)).reshape(len(coefficients), *shape[1:])


def _summed(weights: Real, values: Real) -> Real:
    """Integral over each interval, from values at its nodes."""
    return np.matmul(weights[:, None, :], values)[:, 0]
