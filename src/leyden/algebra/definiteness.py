"""Whether symmetric matrices are positive definite, and how clearly, by elimination."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of

__all__ = ["definiteness"]

# Rows up to which an elimination is written out entry by entry.
_LARGEST_SPELT_OUT = 8


def definiteness(matrices: Array, is_traced: bool = False) -> tuple[Array, Array]:
    """Smallest pivot of symmetric elimination, positive exactly for positive definite matrices, and largest entry."""
    xp = namespace_of(matrices)
    size = matrices.shape[-1]
    if is_traced:
        # One call, which JAX compiles in no time; NaN, which decides nothing, where a pivot is not positive.
        smallest = xp.min(xp.linalg.diagonal(xp.linalg.cholesky(matrices)), axis=-1) ** 2
        return smallest, xp.max(xp.abs(matrices), axis=(-2, -1))
    if size > _LARGEST_SPELT_OUT and xp is np and matrices.ndim == 2:
        return _cholesky_pivot(matrices), np.max(np.abs(matrices))
    if size > _LARGEST_SPELT_OUT:
        return _smallest_pivot(matrices), xp.max(xp.abs(matrices), axis=(-2, -1))
    if xp is np and matrices.ndim == 2:
        return _spelt_out(matrices.tolist())
    # Entry by entry, each a batch: one triangle is enough, and no operation strides over the other entries.
    rows = [[matrices[..., i, j] for j in range(i, size)] for i in range(size)]
    largest = reduce(xp.maximum, (xp.abs(entry) for row in rows for entry in row))
    smallest = rows[0][0]
    while len(rows) > 1:
        (pivot, *first), *rest = rows
        inverse = 1 / xp.where(pivot > 0, pivot, xp.ones_like(pivot))
        rows = [
            [entry - factor * other for entry, other in zip(row, first[place:], strict=True)]
            for place, row in enumerate(rest)
            for factor in (first[place] * inverse,)
        ]
        smallest = xp.minimum(smallest, rows[0][0])
    return smallest, largest


def _spelt_out(matrix: list[list[float]]) -> tuple[Array, Array]:
    """`definiteness` of one small matrix: on numbers of Python, whose arithmetic is quicker than that of scalars."""
    rows = [row[place:] for place, row in enumerate(matrix)]
    largest = max(abs(entry) for row in rows for entry in row)
    smallest = rows[0][0]
    while len(rows) > 1:
        (pivot, *first), *rest = rows
        inverse = 1 / pivot if pivot > 0 else 1.0
        rows = [
            [entry - first[place] * inverse * other for entry, other in zip(row, first[place:], strict=True)]
            for place, row in enumerate(rest)
        ]
        smallest = min(smallest, rows[0][0]) if rows[0][0] == rows[0][0] else rows[0][0]
    return np.float64(smallest), np.float64(largest)


def _cholesky_pivot(matrix: NDArray[np.float64]) -> Array:
    """Smallest pivot of one large matrix; zero, which decides nothing, where it is not positive definite."""
    try:
        return np.min(np.diagonal(np.linalg.cholesky(matrix))) ** 2
    except np.linalg.LinAlgError:
        return np.asarray(0.0)


def _smallest_pivot(matrices: Array) -> Array:
    """Smallest pivot of symmetric elimination, a row of entries at once."""
    xp = namespace_of(matrices)
    # The batch innermost: each line of the elimination is one long vector operation.
    matrices = xp.moveaxis(matrices, (-2, -1), (0, 1))
    smallest = matrices[0, 0, ...]
    while matrices.shape[0] > 1:
        pivot = matrices[0, 0, ...]
        inverse = 1 / xp.where(pivot > 0, pivot, xp.ones_like(pivot))
        matrices = matrices[1:, 1:, ...] - matrices[1:, :1, ...] * (matrices[:1, 1:, ...] * inverse)
        smallest = xp.minimum(smallest, matrices[0, 0, ...])
    return smallest
