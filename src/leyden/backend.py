"""Which array library computes: the only module that knows.

Kernels elsewhere are written against the Python array API standard and ask `namespace_of` for their functions:
NumPy in, NumPy out; arrays of another library in, its arrays out. What the standard lacks (the Lyapunov equation,
spectra of general matrices) is dispatched here and nowhere else.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import array_api_compat.numpy as numpy_namespace
import numpy as np
from array_api_compat import array_namespace

__all__ = [
    "Array",
    "eigenvalues",
    "imaginary_part",
    "is_concrete",
    "namespace_of",
    "real_part",
    "solve_lyapunov",
    "to_numpy",
]

Array = Any
"""An array of any library that follows the array API standard; shapes and units stand in each docstring."""

# Up to this many unknowns the Lyapunov equation of a batch is solved as one stack of dense linear systems; above it,
# the cubic cost of Bartels and Stewart's reduction wins over LAPACK's sixth power of the number of modes.
_STACKED_UNKNOWNS = 80
# Devices per block of a stacked solve: 10 x 10 systems of one block (6.5 MB) stay in the cache of one core.
_BLOCK = 8192


def _is_numpy(value: object) -> bool:
    return isinstance(value, (np.ndarray, np.generic, int, float, complex))


def namespace_of(*values: Any) -> Any:
    """Array namespace that some values share: NumPy unless one of them belongs to another library.

    Parameters
    ----------
    *values : array or number
        Numbers and NumPy arrays side with whatever else is there.

    Returns
    -------
    module
        A namespace that follows the array API standard.
    """
    foreign = [value for value in values if not _is_numpy(value)]
    return array_namespace(*foreign) if foreign else numpy_namespace


def is_concrete(value: Any) -> bool:
    """Whether an array's numbers can be looked at; false while JAX traces a function.

    Parameters
    ----------
    value : array or number
        The value in question.
    """
    jax = sys.modules.get("jax")
    return _is_numpy(value) or jax is None or not isinstance(value, jax.core.Tracer)


def to_numpy(value: Any) -> np.ndarray[Any, Any]:
    """A concrete array as a NumPy array.

    Parameters
    ----------
    value : array or number
        Must be concrete, see `is_concrete`.

    Returns
    -------
    numpy.ndarray
        Same shape and numbers.
    """
    if not _is_numpy(value) and hasattr(value, "__dlpack__"):
        return np.from_dlpack(value)
    return np.asarray(value)


def real_part(value: Any) -> Any:
    """Real part of a number or array, real ones included (where the array standard raises).

    Parameters
    ----------
    value : array or number
        Real or complex.

    Returns
    -------
    array or number
        Same shape, real.
    """
    if _is_numpy(value):
        return np.real(value)
    xp = namespace_of(value)
    return xp.real(value) if xp.isdtype(value.dtype, "complex floating") else value


def imaginary_part(value: Any) -> Any:
    """Imaginary part of a number or array, real ones included (where the array standard raises).

    Parameters
    ----------
    value : array or number
        Real or complex.

    Returns
    -------
    array or number
        Same shape, real.
    """
    if _is_numpy(value):
        return np.imag(value)
    xp = namespace_of(value)
    return xp.imag(value) if xp.isdtype(value.dtype, "complex floating") else xp.zeros_like(value)


def eigenvalues(matrices: Array) -> Array:
    """Eigenvalues of general real matrices, which the array standard does not offer.

    Parameters
    ----------
    matrices : array, shape (..., n, n)
        Real.

    Returns
    -------
    array, shape (..., n)
        Complex, in no particular order.
    """
    if _is_numpy(matrices):
        return np.linalg.eigvals(matrices).astype(np.complex128)
    xp = namespace_of(matrices)
    found = xp.linalg.eigvals(matrices) if hasattr(xp.linalg, "eigvals") else np.linalg.eigvals(to_numpy(matrices))
    return xp.asarray(found, dtype=xp.complex128)


@lru_cache(maxsize=16)
def _symmetric_basis(size: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Constant tensors that write A S + S A^T, with S symmetric, as a matrix on S's upper triangle.

    Returns `operator`, shape (n n, d d), which takes A's entries to that matrix's, and `unpack`, shape (d, n n), which
    takes the upper triangle to all of S, with d = n (n + 1)/2.
    """
    rows, columns = np.triu_indices(size)
    unknowns = len(rows)
    position = np.zeros((size, size), dtype=np.intp)
    position[rows, columns] = position[columns, rows] = np.arange(unknowns)
    operator = np.zeros((size, size, unknowns, unknowns))
    for equation, (i, j) in enumerate(zip(rows, columns, strict=True)):
        for k in range(size):
            operator[i, k, equation, position[k, j]] += 1.0
            operator[j, k, equation, position[k, i]] += 1.0
    unpack = np.zeros((unknowns, size, size))
    unpack[position[rows, columns], rows, columns] = unpack[position[rows, columns], columns, rows] = 1.0
    return operator.reshape(size * size, unknowns * unknowns), unpack.reshape(unknowns, size * size)


def _solve_stack(xp: Any, drift: Array, source: Array) -> Array:
    """Solve a stack of small Lyapunov equations as dense linear systems; shapes (b, n, n)."""
    size = drift.shape[-1]
    operator, unpack = (xp.asarray(constant) for constant in _symmetric_basis(size))
    unknowns = unpack.shape[0]
    rows, columns = np.triu_indices(size)
    matrix = xp.reshape(xp.reshape(drift, (-1, size * size)) @ operator, (-1, unknowns, unknowns))
    flat = xp.reshape(source, (-1, size * size))
    right = -xp.take(flat, xp.asarray(rows * size + columns), axis=1)
    solution = xp.linalg.solve(matrix, right[..., None])[..., 0]
    return xp.reshape(solution @ unpack, (-1, size, size))


def _solve_block(drift: np.ndarray[Any, Any], source: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """One NumPy block; exactly singular members come back as NaN and do not spoil the others."""
    try:
        return _solve_stack(numpy_namespace, drift, source)
    except np.linalg.LinAlgError:
        if len(drift) == 1:
            return np.full_like(drift, np.nan)
        half = len(drift) // 2
        return np.concatenate([_solve_block(drift[:half], source[:half]), _solve_block(drift[half:], source[half:])])


def _solve_dense(drift: np.ndarray[Any, Any], source: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Bartels and Stewart's method, one device after the other."""
    from scipy.linalg import LinAlgError, solve_continuous_lyapunov

    solutions = np.empty(np.broadcast_shapes(drift.shape, source.shape))
    for index in range(len(drift)):
        try:
            solutions[index] = solve_continuous_lyapunov(drift[index], -source[index])
        except (LinAlgError, ValueError):
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
    Small devices: one stacked LAPACK solve on the upper triangle, in blocks that two or more threads share. Large
    ones: SciPy's Bartels-Stewart solver, one after the other, at a cost of about 25 n^3 each.
    """
    xp = namespace_of(drift, source)
    size = drift.shape[-1]
    shape = np.broadcast_shapes(drift.shape, source.shape)
    drift = xp.reshape(xp.broadcast_to(drift, shape), (-1, size, size))
    source = xp.reshape(xp.broadcast_to(source, shape), (-1, size, size))
    if xp is not numpy_namespace:
        return xp.reshape(_solve_stack(xp, drift, source), shape)
    if size * (size + 1) // 2 > _STACKED_UNKNOWNS:
        return _solve_dense(drift, source).reshape(shape)
    starts = range(0, len(drift), _BLOCK)
    if len(starts) <= 1:
        return _solve_block(drift, source).reshape(shape)
    solutions = np.empty_like(drift)

    def solve(start: int) -> None:
        block = slice(start, start + _BLOCK)
        solutions[block] = _solve_block(drift[block], source[block])

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for _ in threads.map(solve, starts):
            pass
    return solutions.reshape(shape)
