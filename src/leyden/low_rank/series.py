"""Power series over one step of what is followed, on the part of a network that a disturbance may have reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.low_rank.changing import Changing

__all__ = ["ORDER", "Region", "SeriesStep"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]

ORDER = 24
"""Highest power."""
# Terms that may be left out, in units of the first ones.
_LEFT_OUT = 1e-18


class Region:
    """Quadratures that a disturbance may have reached, and the equations on them."""

    def __init__(self, equations: Changing, rows: Places) -> None:
        self.rows = rows
        self.parts = [part.at(rows) for part in equations.parts]
        # Those that pulses multiply: of them earlier powers are kept.
        columns = [np.unique(part.drift.indices) for part in self.parts[1:]]
        self.touched = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *columns])).astype(np.intp)
        self.turned = [part.drift[:, self.touched].tocsr() for part in self.parts[1:]]

    def expanded(
        self, start: Real, pulses: Sequence[Real], length: float, source: Callable[[int, Real], Real], found: Real
    ) -> int:
        """Powers (k, n, c) of columns over a step, each turned by the drift; and how many of them matter."""
        kept = np.empty((len(found), len(self.touched), start.shape[1]))
        found[0] = start
        for power in range(len(found) - 1):
            kept[power] = found[power][self.touched]
            following = self.parts[0].drift @ found[power]
            for pulse, turned in zip(pulses, self.turned, strict=True):
                if not turned.nnz:
                    continue
                first = max(0, power - len(pulse) + 1)
                following += turned @ np.tensordot(pulse[power - first :: -1], kept[first : power + 1], 1)
            following = source(power, following)
            following *= length / (power + 1)
            found[power + 1] = following
            if power % 4 == 3 and _are_nothing(found[: power + 2], pulses):
                return power + 2
        return len(found)


def _are_nothing(terms: Real, pulses: Sequence[Real]) -> bool:
    if any(len(pulse) > 1 for pulse in pulses):
        return False
    sizes = [float(np.max(np.abs(term), initial=0.0)) for term in (terms[0], terms[1], terms[-2], terms[-1])]
    return max(sizes[2:]) <= _LEFT_OUT * max(sizes[:2])


class SeriesStep:
    """Series of all that is followed over one step, and what it says at places in it, from 0 to 1."""

    def __init__(self, terms: Real, weights: Real, added: Real, pulses: Sequence[Real], length: float) -> None:
        self.terms = terms  # (k, n, c), of the columns of Z, and of the mean if it is there
        self.weights = weights  # (c,)
        self.added = added  # (k, m, m), of X
        self.pulses = pulses
        self.length = length

    @property
    def count(self) -> int:
        """Number of columns of Z."""
        return len(self.weights)

    def powers(self, places: Real, most: int) -> tuple[Real, Real]:
        """What each place makes of the terms, (t, k), and of them in the rate of change."""
        values = places[:, None] ** np.arange(most)
        slopes = np.zeros_like(values)
        slopes[:, 1:] = values[:, :-1] * np.arange(1, most) / self.length
        return values, slopes

    def off(self) -> float:
        """How far off S may be at the end, by the last terms."""
        columns = self.terms[..., : self.count]
        last = np.abs(columns[-1]) + np.abs(columns[-2])
        of_columns = 2 * np.max((last * np.abs(np.sum(columns, axis=0))) @ np.abs(self.weights), initial=0.0)
        of_mean = np.max(np.abs(self.terms[-1, :, self.count :]) + np.abs(self.terms[-2, :, self.count :]), initial=0.0)
        return float(of_columns + of_mean + np.max(np.abs(self.added[-1]) + np.abs(self.added[-2]), initial=0.0))

    def moments(self, rows: Any, some: NDArray[np.intp], places: Real) -> tuple[Real, Real]:
        """Second moments (t, r, r) about the mean and means (t, r) of some rows; `some` of them are rows of X."""
        values, _ = self.powers(places, len(self.terms))
        columns = np.tensordot(values, self.terms[:, rows], 1)
        found = (columns[..., : self.count] * self.weights) @ columns[..., : self.count].swapaxes(-1, -2)
        inside = np.flatnonzero(some >= 0)
        own = some[inside]
        powers, _ = self.powers(places, len(self.added))
        found[:, inside[:, None], inside] += np.tensordot(powers, self.added[:, own[:, None], own], 1)
        mean = columns[..., self.count] if columns.shape[-1] > self.count else np.zeros(columns.shape[:2])
        return found, mean
