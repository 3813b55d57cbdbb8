"""The Lyapunov equation A S + S A^T + Q = 0, for one large device or for a batch of small ones.

Three ways, one answer, chosen by size:

- a large batch of small devices: Gaussian elimination with the batch as the innermost axis, so that every operation is
  one long vector operation and entries that vanish for the whole block are never touched. It does not pivot, so each
  member's residual is checked, and the few that fail go the next way;
- a small batch, or arrays of another library: one stacked dense solve;
- large devices: the method of Bartels and Stewart, one device after the other.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend.namespace import Array, namespace_of, to_numpy

__all__ = ["solve_lyapunov"]

Real = NDArray[np.float64]

# Unknowns n (n + 1)/2 up to which a batch is eliminated, and up to which it is solved as a stack of dense systems;
# above, Bartels and Stewart's reduction, cubic in n, wins over the sixth power.
_ELIMINATED_UNKNOWNS = 36
_STACKED_UNKNOWNS = 80
# Members below which the many short vector operations of the elimination cost more than LAPACK's stack.
_LEAST_BATCH = 64
# Members per block: 10 x 10 operators of 2048 devices (1.6 MB) stay in a core's cache.
_BLOCK = 2048
# Backward error above which an elimination without pivots is not believed.
_TRUSTED_RESIDUAL = 1e-14


@lru_cache(maxsize=16)
def _triangle(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the upper triangle, and each entry's position in it."""
    rows, columns = np.triu_indices(size)
    position = np.zeros((size, size), dtype=np.intp)
    position[rows, columns] = position[columns, rows] = np.arange(len(rows))
    return rows, columns, position


@lru_cache(maxsize=16)
def _symmetric_basis(size: int) -> tuple[Real, Real]:
    """Constant matrices that write A S + S A^T, with S symmetric, as an operator on S's upper triangle.

    Returns `operator`, shape (n n, d d), which takes A's entries to that operator's, and `unpack`, shape (d, n n),
    which takes the upper triangle to all of S, with d = n (n + 1)/2.
    """
    rows, columns, position = _triangle(size)
    unknowns = len(rows)
    operator = np.zeros((size, size, unknowns, unknowns))
    for equation, (i, j) in enumerate(zip(rows, columns, strict=True)):
        for k in range(size):
            operator[i, k, equation, position[k, j]] += 1.0
            operator[j, k, equation, position[k, i]] += 1.0
    unpack = np.zeros((unknowns, size, size))
    unpack[position[rows, columns], rows, columns] = unpack[position[rows, columns], columns, rows] = 1.0
    return operator.reshape(size * size, unknowns * unknowns), unpack.reshape(unknowns, size * size)


def _solve_stack(xp: Any, drift: Array, source: Array) -> Array:
    """Dense solve of a stack of small equations, shapes (b, n, n), in any array library."""
    size = drift.shape[-1]
    operator, unpack = (xp.asarray(constant) for constant in _symmetric_basis(size))
    rows, columns, _ = _triangle(size)
    matrix = xp.reshape(xp.reshape(drift, (-1, size * size)) @ operator, (-1, len(rows), len(rows)))
    flat = xp.reshape(source, (-1, size * size))
    right = -xp.take(flat, xp.asarray(rows * size + columns), axis=1)
    solution = xp.linalg.solve(matrix, right[..., None])[..., 0]
    return xp.reshape(solution @ unpack, (-1, size, size))


def _solve_pivoted(drift: Real, source: Real) -> Real:
    """NumPy's stacked solve; exactly singular members come back as NaN and do not spoil the others."""
    try:
        return _solve_stack(np, drift, source)
    except np.linalg.LinAlgError:
        if len(drift) == 1:
            return np.full_like(drift, np.nan)
        half = len(drift) // 2
        return np.concatenate(
            [_solve_pivoted(drift[:half], source[:half]), _solve_pivoted(drift[half:], source[half:])]
        )


def _solve_foreign(xp: Any, drift: Array, source: Array) -> Array:
    """Another library's stacked solve; NumPy's member by member where it stops at a singular one."""
    try:
        return _solve_stack(xp, drift, source)
    except np.linalg.LinAlgError:
        return xp.asarray(_solve_pivoted(to_numpy(drift), to_numpy(source)))


def _operator(drift: Real) -> tuple[Real, NDArray[np.bool_]]:
    """The operator of A S + S A^T on the upper triangle, batch innermost, and which entries are ever non-zero."""
    size = drift.shape[0]
    rows, columns, position = _triangle(size)
    matrix = np.zeros((len(rows), len(rows), drift.shape[-1]))
    filled = np.zeros((len(rows), len(rows)), dtype=bool)
    occurs: NDArray[np.bool_] = np.any(drift, axis=-1)
    for equation, (i, j) in enumerate(zip(rows, columns, strict=True)):
        for row, other in ((i, j), (j, i)):
            for k in np.flatnonzero(occurs[row]):
                matrix[equation, position[k, other]] += drift[row, k]
                filled[equation, position[k, other]] = True
    return matrix, filled


def _eliminate(drift: Real, source: Real) -> Real:
    """Gaussian elimination without pivots, batch innermost: shapes (n, n, b)."""
    rows, columns, position = _triangle(drift.shape[0])
    matrix, filled = _operator(drift)
    right = -source[rows, columns]
    for pivot in range(len(rows)):
        later = np.flatnonzero(filled[pivot, pivot + 1 :]) + pivot + 1
        inverse = 1 / matrix[pivot, pivot]
        for row in np.flatnonzero(filled[pivot + 1 :, pivot]) + pivot + 1:
            factor = matrix[row, pivot] * inverse
            for column in later:
                matrix[row, column] -= factor * matrix[pivot, column]
            filled[row, later] = True
            right[row] -= factor * right[pivot]
    for pivot in range(len(rows) - 1, -1, -1):
        for column in np.flatnonzero(filled[pivot, pivot + 1 :]) + pivot + 1:
            right[pivot] -= matrix[pivot, column] * right[column]
        right[pivot] /= matrix[pivot, pivot]
    return right[position]


def _backward_error(drift: Real, source: Real, solution: Real) -> Real:
    """|A S + S A^T + Q| / (2 |A| |S| + |Q|), batch innermost; NaN where there is no solution."""
    size = len(drift)
    residual = source.copy()
    for i in range(size):
        for k in np.flatnonzero(drift[i].any(axis=-1)):
            moved = drift[i, k] * solution[k]
            residual[i] += moved
            residual[:, i] += moved
    scale = 2 * np.abs(drift).max(axis=(0, 1)) * np.abs(solution).max(axis=(0, 1)) + np.abs(source).max(axis=(0, 1))
    return np.abs(residual).max(axis=(0, 1)) / np.where(scale > 0, scale, 1.0)


def _solve_batch(drift: Real, source: Real) -> Real:
    """Eliminate block by block; what the residual does not confirm is solved again with pivots."""
    solutions = np.empty_like(drift)
    for start in range(0, len(drift), _BLOCK):
        block = slice(start, start + _BLOCK)
        inner_drift = np.ascontiguousarray(np.moveaxis(drift[block], 0, -1))
        inner_source = np.ascontiguousarray(np.moveaxis(source[block], 0, -1))
        with np.errstate(all="ignore"):
            found = _eliminate(inner_drift, inner_source)
            confirmed = _backward_error(inner_drift, inner_source, found) < _TRUSTED_RESIDUAL
        solutions[block] = np.moveaxis(found, -1, 0)
        if not confirmed.all():
            doubtful = start + np.flatnonzero(~confirmed)
            solutions[doubtful] = _solve_pivoted(drift[doubtful], source[doubtful])
    return solutions


def _solve_large(drift: Real, source: Real) -> Real:
    """Bartels and Stewart's method, one device after the other."""
    from scipy.linalg import LinAlgError, solve_continuous_lyapunov

    solutions = np.empty_like(drift)
    for index in range(len(drift)):
        try:
            with warnings.catch_warnings():
                # Where two eigenvalues add up to zero SciPy solves a neighbour's equation, and says so.
                warnings.simplefilter("error", RuntimeWarning)
                solutions[index] = solve_continuous_lyapunov(drift[index], -source[index])
        except (LinAlgError, ValueError, RuntimeWarning):
            solutions[index] = np.nan
    return solutions


def solve_lyapunov(drift: Array, source: Array) -> Array:
    """Solution S of the Lyapunov equation A S + S A^T + Q = 0.

    Parameters
    ----------
    drift : array, shape (..., n, n)
        A. Where it is singular (two eigenvalues add up to zero) the solution is NaN or huge.
    source : array, shape (..., n, n)
        Q, symmetric.

    Returns
    -------
    array, shape (..., n, n)
        S, symmetric.

    Notes
    -----
    Backward error 1e-14 or better. Cost, one core: two modes in a large batch, about half a microsecond each; a large
    device, about 25 n^3.
    """
    xp = namespace_of(drift, source)
    size = drift.shape[-1]
    shape = np.broadcast_shapes(drift.shape, source.shape)
    drift = xp.reshape(xp.broadcast_to(xp.asarray(drift), shape), (-1, size, size))
    source = xp.reshape(xp.broadcast_to(xp.asarray(source), shape), (-1, size, size))
    unknowns = size * (size + 1) // 2
    if xp is not np:
        solution = _solve_foreign(xp, drift, source)
    elif unknowns > _STACKED_UNKNOWNS:
        solution = _solve_large(drift, source)
    elif unknowns <= _ELIMINATED_UNKNOWNS and len(drift) >= _LEAST_BATCH:
        solution = _solve_batch(drift, source)
    else:
        solution = _solve_pivoted(drift, source)
    return xp.reshape(solution, shape)
