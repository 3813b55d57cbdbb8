"""Sparse moment equations whose coefficients change in time: constant matrices, and one for each pulse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import load_scipy_linalg
from leyden.algebra.factors import norm_of
from leyden.equations.assembly import triplets
from leyden.equations.low_rank import LARGEST_RANK, SparseEquations, sparse_equations
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.low_rank.power import PowerForm, power_form
from leyden.model.changing import Pulse

__all__ = ["Changing", "Part", "changing_equations"]

Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Part:
    """What one pulse multiplies, or nothing but 1."""

    drift: Any  # (2N, 2N), sparse
    source: Any  # (2N, 2N), sparse, Q
    forcing: Real  # (2N,)
    power: PowerForm

    def at(self, rows: NDArray[np.intp]) -> Part:
        """The same on some quadratures; of its power nothing is left out."""
        return replace(self, drift=_cut(self.drift, rows), source=_cut(self.source, rows), forcing=self.forcing[rows])


@dataclass(frozen=True, eq=False)
class Changing:
    """d<r>/dt = A <r> + f and dS/dt = A S + S A^T + Q, where A, Q and f are sums of parts, the first one constant."""

    parts: Sequence[Part]
    pulses: Sequence[Pulse]  # of all parts but the first

    @property
    def pattern(self) -> Any:
        """Sizes of all that A may ever be, for pulses of size 1."""
        total = abs(self.parts[0].drift)
        for part in self.parts[1:]:
            total = total + abs(part.drift)
        return total.tocsr()

    @property
    def disturbed(self) -> NDArray[np.intp]:
        """Quadratures on which sources and forces act."""
        found: list[NDArray[np.intp]] = []
        for part in self.parts:
            found += [np.flatnonzero(np.diff(part.source.indptr)), np.flatnonzero(part.forcing)]
            found += [part.power.places, part.power.forced]
        return np.unique(np.concatenate(found)).astype(np.intp)

    def norms(self) -> list[float]:
        """Largest sum of a column's sizes, of A's parts."""
        return [norm_of(part.drift) for part in self.parts]


def changing_equations(equations: MomentEquations, frequencies: Sequence[Any]) -> Changing | None:
    """Sparse parts of a single device's equations; None if their sources disturb too many directions."""
    load_scipy_linalg()
    base = replace(equations, shares=tuple(share.without_pulses() for share in equations.shares))
    few = sparse_equations(base)
    if few is None or few.occupation:
        return None
    places = [(share, place) for share in equations.shares for place in share.places_of_pulses]
    parts = [_constant(few, power_form(base, frequencies))]
    for share, place in places:
        alone = replace(equations, shares=tuple(one.unit(place if one is share else None) for one in equations.shares))
        parts.append(_unit(share.unit(place), power_form(alone, frequencies), few.size))
    found = Changing(parts, [share.coefficients[place] for share, place in places])
    acted = np.unique(np.concatenate([np.flatnonzero(np.diff(part.source.indptr)) for part in parts]))
    return found if len(acted) <= LARGEST_RANK else None


def _constant(few: SparseEquations, power: PowerForm) -> Part:
    from scipy.sparse import coo_array

    rows, columns = np.meshgrid(few.places, few.places, indexing="ij")
    source = (few.factor * few.weights) @ few.factor.T
    entries = (source.reshape(-1), (rows.reshape(-1), columns.reshape(-1)))
    return Part(few.drift, coo_array(entries, shape=(few.size, few.size)).tocsr(), few.forcing, power)


def _unit(share: Share, power: PowerForm, size: int) -> Part:
    from scipy.sparse import coo_array

    def matrix(name: Any) -> Any:
        found = triplets(name, [share])
        whole = coo_array((found.values, (found.rows, found.columns)), shape=(size, size)).tocsr()
        whole.eliminate_zeros()
        return whole

    forces = triplets("forcing", [share])
    forcing = np.bincount(forces.rows, forces.values, size).astype(np.float64, copy=False)
    return Part(matrix("drift"), matrix("source"), forcing, power)


def _cut(matrix: Any, rows: NDArray[np.intp]) -> Any:
    return matrix[rows][:, rows].tocsr()
