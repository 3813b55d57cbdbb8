"""Steps of linear moment equations by power series in time: what a few moments take under smooth pulses.

A pulse is its Taylor series in each step, and the moments are one then, too, term by term, without any matrix: for a
batch, members side by side in memory, and for a single device all steps at once, from each entry by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.dense.magnus import Parts

__all__ = ["ORDER", "Recursion", "Steps", "steps_of"]

Real = NDArray[np.float64]

ORDER = 24
"""Highest power of a step's series; more of them would take longer steps and as much longer for each."""
# Size of a term of the series that moves errors on, of which one digit is enough.
_OF_ERRORS = 0.05
# How much faster than the last terms those left out may fall than the last terms do, and a bound of that.
_SAFETY, _LEAST_RATIO = 4.0, 1 / 64
_TINY = 1e-300


@dataclass(frozen=True)
class Recursion:
    """dx/dt = (G + sum_k p_k U_k) x of vectors x, whose last entries are a 1 and the work, as power series."""

    parts: Parts  # in the order of `ordered`
    touched: int  # entries that pulses multiply, the first ones
    shape: tuple[int, ...]  # of the batch

    @classmethod
    def ordered(cls, parts: Parts, places: NDArray[np.intp], shape: tuple[int, ...]) -> tuple[Recursion, Any]:
        """The recursion of some entries, and the order in which it has them: first those that pulses multiply."""
        inner = places[:-2]
        units = [unit[..., places[:, None], inner] for (unit,) in parts.units]
        is_touched = np.zeros(len(inner), dtype=np.bool_)
        for unit in units:
            is_touched |= unit.any(axis=tuple(range(unit.ndim - 1)))
        order = np.concatenate([inner[is_touched], inner[~is_touched], places[-2:]])
        return cls(parts.at(order), int(is_touched.sum()), shape), order

    @property
    def size(self) -> int:
        """Number d of entries."""
        return self.parts.constant[0].shape[-1]

    @cached_property
    def _terms(self) -> tuple[Real, list[tuple[Any, Any, Real]]]:
        """What acts on all members alike, (d, z), and rows, columns and values (n, b) of what does not."""
        # z: all entries, then for each pulse its products with those that it touches and with the 1.
        columns = [np.arange(self.size)]
        matrices = [self.parts.constant[0]]
        kept = [*range(self.touched), self.size - 2]
        for place, (unit,) in enumerate(self.parts.units):
            columns.append(self.size + place * len(kept) + np.arange(len(kept)))
            matrices.append(unit[..., kept])
        shared = np.zeros((self.size, self.size + len(self.parts.units) * len(kept)))
        rows, places, values = [], [], []
        for where, matrix in zip(columns, matrices, strict=True):
            if matrix.ndim == 2:
                shared[:, where] = matrix
                continue
            whole = np.broadcast_to(matrix, (*self.shape, *matrix.shape[-2:])).reshape(-1, *matrix.shape[-2:])
            is_own = (whole != whole[0]).any(axis=0)
            shared[:, where] = np.where(is_own, 0.0, whole[0])
            row, column = np.nonzero(is_own)
            rows.append(row)
            places.append(where[column])
            values.append(whole[:, row, column].T)
        if not rows:
            return shared, []
        row, place, value = np.concatenate(rows), np.concatenate(places), np.concatenate(values)
        return shared, _apart(row, place, value)

    @cached_property
    def rate(self) -> tuple[float, list[float]]:
        """Bounds of how fast the constant part and each pulse of size 1 move moments, source and work aside."""
        parts = [self.parts.constant[0], *(unit for (unit,) in self.parts.units)]
        sizes = [np.abs(part[..., :-2, :-2]).sum(axis=-1).max(initial=0.0) for part in parts]
        return float(sizes[0]), [float(size) for size in sizes[1:]]

    def series_of_pulses(self, begins: Real, lengths: Real) -> list[Real]:
        """Coefficients (s, k, b) of each pulse in some steps."""
        found: list[Real] = []
        for pulse in self.parts.pulses:
            one = pulse.series(begins, lengths, ORDER)
            # A pulse that is the same for all of the batch comes without its axes.
            one = one.reshape(ORDER + 1, *(1,) * (len(self.shape) + 2 - one.ndim), *one.shape[1:])
            whole = np.broadcast_to(one, (ORDER + 1, *self.shape, len(begins))).reshape(ORDER + 1, -1, len(begins))
            found.append(np.ascontiguousarray(np.moveaxis(whole, -1, 0)))
        return found

    def expanded(self, start: Real, pulses: Sequence[Real], length: Any, found: Real) -> Real:
        """Coefficients (k, d, m) of vectors over steps of some length, from those (j, m) of the pulses."""
        size, touched = self.size, self.touched
        shared, own = self._terms
        stacked = np.zeros((shared.shape[1], start.shape[-1]))
        found[0] = start
        room = np.empty((len(own[0][2]) if own else 0, start.shape[-1]))
        for power in range(len(found) - 1):
            stacked[:size] = found[power]
            at = size
            for pulse in pulses:
                # A pulse that is a short polynomial reaches back over a few powers only.
                first = max(0, power - len(pulse) + 1)
                if touched:
                    behind = found[first : power + 1, :touched]
                    np.einsum("jm,jcm->cm", pulse[power - first :: -1], behind, out=stacked[at : at + touched])
                stacked[at + touched] = pulse[power] * start[-2] if power < len(pulse) else 0.0
                at += touched + 1
            following = found[power + 1]
            np.matmul(shared, stacked, out=following)
            for rows, columns, values in own:
                if isinstance(rows, slice):
                    np.multiply(values, stacked[columns], out=room[: len(values)])
                    following[rows] += room[: len(values)]
                else:
                    following[rows] += values * stacked[columns]
            following *= length / (power + 1)
        return found


def _apart(rows: Any, columns: Any, values: Real) -> list[tuple[Any, Any, Real]]:
    """The same entries in sets in which no row comes twice."""
    found: list[tuple[Any, Any, Real]] = []
    left = np.arange(len(rows))
    while len(left):
        _, first = np.unique(rows[left], return_index=True)
        chosen = left[first]
        found.append((_run(rows[chosen]), _run(columns[chosen]), np.ascontiguousarray(values[chosen])))
        left = np.delete(left, first)
    return found


def _run(places: NDArray[np.intp]) -> Any:
    """Places side by side as a slice, which is looked at without a copy."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if last - first + 1 == len(places) else places


@dataclass(frozen=True)
class Steps:
    """Steps one behind the other, of b members."""

    nodes: Real  # (s + 1,)
    series: Real  # (s, k, d, b), in units of each step
    vectors: Real  # (s + 1, d, b), at the nodes
    local: Real  # (s, d, b), how far off each step is
    errors: Real  # (s + 1, d, b), how far off all up to a node are

    times: Real  # (t,), between the first and the last node

    def at(self, entry: int, members: slice, out: Real, *, is_slope: bool) -> None:
        """One entry, or its rate of change, at the times (t, b)."""
        powers = self._slopes if is_slope else self._powers
        place = self._place
        if self.series.shape[-1] == 1:
            np.einsum("kt,tk->t", powers, self.series[place, :, entry, 0], out=out[:, 0])
            return
        ends = np.searchsorted(place, np.arange(len(self.nodes)))
        for step, (first, last) in enumerate(pairwise(ends.tolist())):
            if last > first:
                np.matmul(powers[:, first:last].T, self.series[step, :, entry, members], out=out[first:last])

    @cached_property
    def _place(self) -> NDArray[np.intp]:
        """Which step each time is in: of two it is the later one."""
        return np.clip(np.searchsorted(self.nodes, self.times, side="right") - 1, 0, len(self.nodes) - 2)

    @cached_property
    def _powers(self) -> Real:
        """What each time makes of the coefficients, (k, t)."""
        found = np.ones((self.series.shape[1], len(self.times)))
        here = (self.times - self.nodes[self._place]) / np.diff(self.nodes)[self._place]
        for power in range(1, len(found)):
            np.multiply(found[power - 1], here, out=found[power])
        return found

    @cached_property
    def _slopes(self) -> Real:
        """What each time makes of the coefficients in the rate of change, (k, t)."""
        found = np.zeros_like(self._powers)
        found[1:] = self._powers[:-1] * np.arange(1.0, len(found))[:, None]
        return found / np.diff(self.nodes)[self._place]


def steps_of(recursion: Recursion, nodes: Real, start: Real, times: Real) -> Steps:
    """Steps of all members (d, b) between some nodes, and times to be asked for."""
    lengths = np.diff(nodes)
    pulses = recursion.series_of_pulses(nodes[:-1], lengths)
    return Steps(nodes, *(_of_one if start.shape[-1] == 1 else _of_many)(recursion, nodes, pulses, start), times)


def _of_many(recursion: Recursion, nodes: Real, pulses: list[Real], start: Real) -> tuple[Real, Real, Real, Real]:
    """One step behind the other, of all members together."""
    count, lengths = len(nodes) - 1, np.diff(nodes).tolist()
    series = np.empty((count, ORDER + 1, *start.shape))
    vectors = np.empty((count + 1, *start.shape))
    errors, local = np.zeros_like(vectors), np.empty((count, *start.shape))
    vectors[0] = start
    powers = _powers_for(recursion, pulses, np.diff(nodes))
    moved = np.empty((powers + 1, *start.shape))
    for place, length in enumerate(lengths):
        here = [_known(pulse[place]) for pulse in pulses]
        found = recursion.expanded(vectors[place], here, length, series[place])
        np.sum(found, axis=0, out=vectors[place + 1])
        local[place] = _left_out(found)
        if place:
            np.sum(recursion.expanded(errors[place], here, length, moved), axis=0, out=errors[place + 1])
        errors[place + 1] += local[place]
    return series, vectors, local, errors


def _of_one(recursion: Recursion, nodes: Real, pulses: list[Real], start: Real) -> tuple[Real, Real, Real, Real]:
    """All steps at once, from each entry by itself, and then those that the device takes."""
    size, count = recursion.size, len(nodes) - 1
    lengths = np.tile(np.diff(nodes), size)
    tiled = [np.tile(_known(pulse[..., 0].T), size) for pulse in pulses]
    entries = np.repeat(np.eye(size), count, axis=1)
    found = recursion.expanded(entries, tiled, lengths, np.empty((ORDER + 1, size, size * count)))
    found = found.reshape(ORDER + 1, size, size, count)
    maps = np.ascontiguousarray(np.add.reduce(found, axis=0).transpose(2, 0, 1))
    vectors = [start[:, 0]]
    for one in maps:
        vectors.append(one @ vectors[-1])
    series = np.einsum("kdcs,cs->kds", found, np.asarray(vectors[:-1]).T)
    local = _left_out(series).T
    errors = [np.zeros(size)]
    for one, more in zip(maps, local, strict=True):
        errors.append(one @ errors[-1] + more)
    whole = np.ascontiguousarray(np.moveaxis(series, -1, 0))
    return whole[..., None], np.asarray(vectors)[..., None], local[..., None], np.asarray(errors)[..., None]


def _powers_for(recursion: Recursion, pulses: list[Real], lengths: Real) -> int:
    """Powers of a series beyond which terms are small."""
    constant, units = recursion.rate
    heights = [np.max(np.abs(pulse[:, 0]), axis=-1) for pulse in pulses]
    moves = lengths * (constant + sum((unit * height for unit, height in zip(units, heights, strict=True)), start=0.0))
    reach, term, powers = float(np.max(moves)), 1.0, 0
    while powers < ORDER and not (powers >= 2 * reach - 1 and term < _OF_ERRORS):
        powers += 1
        term *= reach / powers
    return max(powers, 2)


def _known(pulse: Real) -> Real:
    """A series (k, ...) up to its last power that is anything."""
    is_any = pulse.reshape(len(pulse), -1).any(axis=1)
    return pulse[: 1 + int(np.max(np.flatnonzero(is_any), initial=0))]


def _left_out(series: Real) -> Real:
    """What the terms beyond the last one of a series (k, ...) may add up to."""
    last, before = (np.abs(series[-at]) + np.abs(series[-at - 1]) for at in (1, 3))
    ratio = np.clip(_SAFETY * last / (before + _TINY), _LEAST_RATIO, 1.0)
    return last * ratio
