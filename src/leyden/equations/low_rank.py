"""Sparse moment equations: the drift, and the few directions in which drives disturb the equilibrium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import load_scipy_linalg
from leyden.equations.assembly import Triplets, triplets
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.model.families import Family

__all__ = ["LARGEST_RANK", "SparseEquations", "drift_and_rounding", "sparse_drift", "sparse_equations"]

Real = NDArray[np.float64]

# Directions above which following each of them costs more than it saves.
LARGEST_RANK = 400
# A sum of terms that cancel to this many units of rounding of their sizes, and one more for each term, is zero.
_EPSILON, _CANCELLED = float(np.finfo(float).eps), 8


@dataclass(frozen=True, eq=False)
class SparseEquations:
    """d<r>/dt = A <r> + f and dS/dt = A S + S A^T + Q above an equilibrium, S = V - (n + 1/2), with Q = G s G^T."""

    drift: Any  # (2N, 2N), A, without entries that cancel
    forcing: Real  # (2N,), f
    occupation: float  # n of the equilibrium
    places: NDArray[np.intp]  # (a,), quadratures on which the source acts
    factor: Real  # (a, r), rows of G at these places; its other rows are zero. Its columns are orthonormal
    weights: Real  # (r,), s, positive where a direction is stretched and negative where it is squeezed
    rounding: Any = None  # (2N, 2N), or None, what rounding may leave in each entry of A; None if its entries are exact

    @property
    def size(self) -> int:
        """Number 2N of quadratures."""
        return len(self.forcing)

    @property
    def source_norm(self) -> float:
        """Frobenius norm of Q."""
        return float(np.linalg.norm(self.weights))


def _summed(found: Triplets, shape: tuple[int, int]) -> tuple[Any, Any]:
    """The sparse matrix of triplets, and how far off each entry may be; sums that cancel up to that are no entries."""
    from scipy.sparse import coo_array, csr_array

    place = (found.rows, found.columns)
    matrix = coo_array((found.values, place), shape=shape).tocsr()
    terms: Any = coo_array((np.ones(len(found.values), dtype=np.int32), place), shape=shape).tocsr().data
    left: Any = coo_array((np.abs(found.values), place), shape=shape).tocsr().data
    left *= _EPSILON * (_CANCELLED + terms)
    del terms
    # One pattern in memory for both.
    sizes = csr_array((left, matrix.indices, matrix.indptr), shape=shape)
    felt = np.abs(matrix.data) > left
    if felt.all():
        return matrix, sizes
    felt &= ~_cancelled_blocks(matrix, sizes.data, felt)
    matrix.data[~felt], sizes.data[~felt] = 0.0, 0.0
    # An entry that is felt is never off by nothing: the two stay in step.
    sizes.data[felt] = np.maximum(sizes.data[felt], np.finfo(np.float64).tiny)
    # Each by itself: what is eliminated moves the pattern that they share.
    sizes = sizes.copy()
    for one in (matrix, sizes):
        one.eliminate_zeros()
    return matrix, csr_array((sizes.data, matrix.indices, matrix.indptr), shape=shape)


def _cancelled_blocks(matrix: Any, left: Any, felt: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Entries in blocks of one mode on another that are, as a whole, no more than what rounding may leave."""
    # Only a small entry beside one that cancels can be in such a block.
    suspect = felt & (np.abs(matrix.data) <= 2 * np.max(left, initial=0.0))
    found = np.zeros(len(left), dtype=np.bool_)
    if not suspect.any():
        return found
    entries = matrix.tocoo()
    blocks = (entries.row // 2).astype(np.int64) * (matrix.shape[0] // 2) + entries.col // 2
    doubtful = np.unique(blocks[suspect & (entries.row // 2 != entries.col // 2)])
    inside = np.flatnonzero(np.isin(blocks, doubtful))
    which = np.searchsorted(doubtful, blocks[inside])
    total, rest = (np.sqrt(np.bincount(which, part[inside] ** 2, len(doubtful))) for part in (matrix.data, left))
    found[inside] = (total <= rest)[which]
    return found


def _occupations(equations: MomentEquations) -> Iterator[tuple[float, int]]:
    """Occupation of every bath that is not squeezed, and how many there are of it."""
    for element in equations.elements:
        pattern = element.pattern if isinstance(element, Family) else element
        for jump in pattern.jumps():
            if jump.is_squeezed:
                continue
            values, counts = np.unique(np.asarray(jump.occupation, dtype=np.float64), return_counts=True)
            share = len(element) if isinstance(element, Family) and len(values) == 1 else 1
            yield from zip(values.tolist(), (counts * share).tolist(), strict=True)


def _equilibrium(equations: MomentEquations) -> float:
    """The occupation of most baths; 0 without any."""
    votes: Counter[float] = Counter()
    for value, count in _occupations(equations):
        votes[value] += count
    return votes.most_common(1)[0][0] if votes else 0.0


def _disturbance(equations: MomentEquations, occupation: float) -> Any:
    """Q = D + (n + 1/2)(A + A^T), what drives S above the equilibrium, as a sparse matrix."""
    size = 2 * len(equations.mode_names)
    source = triplets("source", equations.shares)
    if occupation:
        drift = triplets("drift", equations.shares)
        source = Triplets(
            np.concatenate([source.rows, drift.rows, drift.columns]),
            np.concatenate([source.columns, drift.columns, drift.rows]),
            np.concatenate([source.values, occupation * drift.values, occupation * drift.values]),
        )
    return _summed(source, (size, size))[0]


def sparse_drift(equations: MomentEquations) -> Any:
    """Drift (2N, 2N) of a single device as a sparse matrix, without entries that cancel."""
    return drift_and_rounding(equations)[0]


def drift_and_rounding(equations: MomentEquations) -> tuple[Any, Any]:
    """Drift of a single device as a sparse matrix, and what rounding of its terms may leave at the same places."""
    load_scipy_linalg()
    size = 2 * len(equations.mode_names)
    return _summed(triplets("drift", equations.shares), (size, size))


def sparse_equations(equations: MomentEquations) -> SparseEquations | None:
    """Sparse form of a single device's equations; None if the source disturbs too many directions."""
    if any(share.arrays for share in equations.shares):
        raise ParameterError.of("network", "be a single device, of numbers, for the sparse method", equations.shape)
    size = 2 * len(equations.mode_names)
    occupation = _equilibrium(equations)
    disturbance = _disturbance(equations, occupation)
    places = np.flatnonzero(np.diff(disturbance.indptr)).astype(np.intp)
    if len(places) > LARGEST_RANK:
        return None
    weights, factor = np.linalg.eigh(disturbance[places][:, places].toarray())
    used = np.abs(weights) > _CANCELLED * _EPSILON * np.max(np.abs(weights), initial=0.0)
    forcing = triplets("forcing", equations.shares)
    drift, rounding = drift_and_rounding(equations)
    return SparseEquations(
        drift,
        np.bincount(forcing.rows, forcing.values, size).astype(np.float64, copy=False),
        occupation,
        places,
        factor[:, used],
        weights[used],
        rounding,
    )
