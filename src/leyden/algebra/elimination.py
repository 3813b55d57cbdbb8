"""Linear equations of many small devices at once, by elimination with the batch as the innermost axis.

Every operation is one long vector operation over the batch, and entries that vanish for the whole batch are never
touched: which they are is worked out once for each pattern. Nothing is pivoted, so the residual of each member is to be
looked at before its solution is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LEAST_BATCH",
    "TRUSTED_RESIDUAL",
    "Place",
    "blocks_of",
    "eliminate",
    "eliminate_lyapunov",
    "eliminated",
    "innermost",
    "largest",
    "linear_error",
    "lyapunov_error",
    "outermost",
    "triangle",
]

LEAST_BATCH = 64
"""Members below which the many short vector operations cost more than LAPACK's stack."""
TRUSTED_RESIDUAL = 1e-14
"""Backward error above which an elimination without pivots is not believed."""
# Members per block: long enough that the vector operations outweigh their calls, short enough for a cache.
_BLOCK = 8192

Real = NDArray[np.float64]
Place = tuple[int, int]
# One pivot: the rows below it that hold it, and the columns behind it in its own row.
Pivot = tuple[tuple[int, ...], tuple[int, ...]]
# One entry of the operator of A S + S A^T: its place, and the entries of A that it is the sum of.
Sum = tuple[Place, tuple[Place, ...]]


def innermost(array: Real, shape: tuple[int, ...], tail: int) -> Real:
    """A batch spread over its whole shape, as one innermost axis behind `tail` axes of a member; a view if possible."""
    full = np.broadcast_to(array, shape)
    return np.moveaxis(full, range(-tail, 0), range(tail)).reshape(*shape[len(shape) - tail :], -1)


def outermost(array: Real, batch: tuple[int, ...], tail: int) -> Real:
    """The view of an array (..., b) with the batch innermost that has its batch axes first."""
    spread = array.reshape(*array.shape[:tail], *batch)
    return np.moveaxis(spread, range(tail), range(-tail, 0))


def blocks_of(*arrays: Real) -> Iterator[tuple[slice, list[Real]]]:
    """Slices of the one batch of some arrays (..., b), and the members there, each one's numbers side by side."""
    members = arrays[0].shape[-1]
    for start in range(0, members, _BLOCK):
        block = slice(start, min(start + _BLOCK, members))
        parts = [array[..., block] for array in arrays]
        # Rows of numbers side by side are what counts; the rows themselves may lie anywhere.
        yield block, [part if part.strides[-1] == part.itemsize else part.copy(order="C") for part in parts]


@lru_cache(maxsize=16)
def triangle(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns (n (n + 1)/2,) of the upper triangle of a matrix, and each entry's position (n, n) in it."""
    rows, columns = np.triu_indices(size)
    position = np.zeros((size, size), dtype=np.intp)
    position[rows, columns] = position[columns, rows] = np.arange(len(rows))
    return rows, columns, position


@lru_cache(maxsize=256)
def _pivots(size: int, occurring: tuple[Place, ...]) -> tuple[Pivot, ...]:
    """What each pivot of elimination touches, for a matrix with these entries and no others."""
    filled = set(occurring)
    pivots: list[Pivot] = []
    for pivot in range(size):
        below = tuple(row for row in range(pivot + 1, size) if (row, pivot) in filled)
        behind = tuple(column for column in range(pivot + 1, size) if (pivot, column) in filled)
        filled.update((row, column) for row in below for column in behind)
        pivots.append((below, behind))
    return tuple(pivots)


@lru_cache(maxsize=256)
def _operator(size: int, occurring: tuple[Place, ...]) -> tuple[Sum, ...]:
    """The operator of A S + S A^T on the upper triangle, for a drift with these entries and no others."""
    rows, columns, position = triangle(size)
    entries: dict[Place, tuple[Place, ...]] = {}
    for equation, (i, j) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        for row, other in ((i, j), (j, i)):
            for start, k in occurring:
                if start == row:
                    place = (equation, int(position[k, other]))
                    entries[place] = (*entries.get(place, ()), (row, k))
    return tuple(entries.items())


def _occurring(matrix: Real) -> tuple[Place, ...]:
    """Places of a batch of matrices, batch innermost, that are not zero throughout."""
    return tuple((int(i), int(k)) for i, k in np.argwhere(np.any(matrix, axis=-1)))


def eliminated(matrix: dict[Place, Real], right: list[Real]) -> list[Real]:
    """Unknowns of a sparse system whose entries are batches (b,); matrix and right side are overwritten."""
    members = right[0].shape[-1]
    product = np.empty(members)
    pivots = _pivots(len(right), tuple(matrix))
    for pivot, (below, behind) in enumerate(pivots):
        # A pivot that is nowhere is zero: the division says so, and the residual repeats it.
        inverse = matrix[pivot, pivot] = 1 / matrix.get((pivot, pivot), np.zeros(members))
        for row in below:
            factor = matrix.pop((row, pivot))
            factor *= inverse
            for column in behind:
                np.multiply(factor, matrix[pivot, column], out=product)
                if (row, column) in matrix:
                    matrix[row, column] -= product
                else:
                    matrix[row, column] = -product
            right[row] -= np.multiply(factor, right[pivot], out=product)
    for pivot, (_, behind) in reversed(list(enumerate(pivots))):
        for column in behind:
            right[pivot] -= np.multiply(matrix[pivot, column], right[column], out=product)
        right[pivot] *= matrix[pivot, pivot]
    return right


def eliminate(matrix: Real, right: Real) -> Real:
    """Solution (n, b) of A x = b without pivoting, not to be believed before its `linear_error`."""
    entries = {place: matrix[place].copy() for place in _occurring(matrix)}
    return np.stack(eliminated(entries, [part.copy() for part in right]))


def eliminate_lyapunov(drift: Real, source: Real) -> Real:
    """Solution (n, n, b) of A S + S A^T + Q = 0 without pivoting, not to be believed before its `lyapunov_error`."""
    size = len(drift)
    matrix: dict[Place, Real] = {}
    for place, (first, *others) in _operator(size, _occurring(drift)):
        matrix[place] = drift[first].copy()
        for other in others:
            matrix[place] += drift[other]
    rows, columns, _ = triangle(size)
    places = list(zip(rows, columns, strict=True))
    solution = np.empty(drift.shape)
    for (row, column), value in zip(places, eliminated(matrix, [-source[place] for place in places]), strict=True):
        solution[row, column] = value
        if row != column:
            solution[column, row] = value
    return solution


def largest(parts: Iterator[Real], members: int) -> Real:
    """Largest size among some batches, member by member, shape (b,)."""
    most, size = np.zeros(members), np.empty(members)
    for part in parts:
        np.maximum(most, np.abs(part, out=size), out=most)
    return most


def linear_error(matrix: Real, right: Real, solution: Real) -> Real:
    """Backward error |A x - b| / (|A| |x| + |b|) of each member, in largest entries; NaN without x."""
    residual = -right
    places = _occurring(matrix)
    for i, k in places:
        residual[i] += matrix[i, k] * solution[k]
    sizes = [
        largest(parts, right.shape[-1])
        for parts in (iter(residual), (matrix[place] for place in places), iter(solution), iter(right))
    ]
    scale = sizes[1] * sizes[2] + sizes[3]
    return sizes[0] / np.where(scale > 0, scale, 1.0)


def lyapunov_error(drift: Real, source: Real, solution: Real) -> Real:
    """Backward error |A S + S A^T + Q| / (2 |A| |S| + |Q|) of each member, in largest entries; NaN without S."""
    rows, columns, _ = triangle(len(drift))
    upper = list(zip(rows, columns, strict=True))
    members = drift.shape[-1]
    places = _occurring(drift)
    product = np.empty(members)

    def residuals() -> Iterator[Real]:
        for i, j in upper:
            residual = source[i, j].copy()
            for row, other in ((i, j), (j, i)):
                for start, k in places:
                    if start == row:
                        residual += np.multiply(drift[row, k], solution[k, other], out=product)
            yield residual

    scale = 2 * largest((drift[place] for place in places), members)
    scale *= largest((solution[place] for place in upper), members)
    scale += largest((source[place] for place in upper), members)
    return largest(residuals(), members) / np.where(scale > 0, scale, 1.0)
