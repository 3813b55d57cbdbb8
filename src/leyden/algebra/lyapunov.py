"""The Lyapunov equation A S + S A^T + Q = 0, for one large device or for a batch of small ones."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.elimination import (
    LEAST_BATCH,
    eliminate_lyapunov,
    innermost,
    lyapunov_error,
    outermost,
    triangle,
)
from leyden.algebra.graph import pattern_of, reached
from leyden.algebra.linear import in_batch, solved
from leyden.algebra.loops import repeated
from leyden.algebra.triangular import lyapunov_and_spectrum
from leyden.arrays import Array, held, namespace_of

__all__ = ["solve_lyapunov", "solve_lyapunov_with_spectrum"]

# Four ways, one answer, chosen by size:
#
# - a large batch of small devices: Gaussian elimination with the batch as the innermost axis, so that every operation
#   is one long vector operation and entries that vanish for the whole block are never touched. It does not pivot, so
#   each member's residual is checked, and the few that fail go the next way;
# - a small batch, or small devices of another array library: one stacked dense solve;
# - large devices of another library: Smith's method, which the array standard has all functions for;
# - large devices: the method of Bartels and Stewart, one device after the other, on what is not triangular already.

Real = NDArray[np.float64]

# Unknowns n (n + 1)/2 up to which a batch is eliminated, and up to which it is solved as a stack of dense systems;
# above, Bartels and Stewart's reduction, cubic in n, wins over the sixth power.
_ELIMINATED_UNKNOWNS = 36
_STACKED_UNKNOWNS = 80
# Doublings of Smith's method: enough for rates whose ratio is 1e15.
_DOUBLINGS = 55


@lru_cache(maxsize=16)
def _symmetric_basis(size: int) -> tuple[Real, Real]:
    """Constant matrices that write A S + S A^T, with S symmetric, as an operator on S's upper triangle."""
    rows, columns, position = triangle(size)
    unknowns = len(rows)
    operator = np.zeros((size, size, unknowns, unknowns))
    for equation, (i, j) in enumerate(zip(rows, columns, strict=True)):
        for k in range(size):
            operator[i, k, equation, position[k, j]] += 1.0
            operator[j, k, equation, position[k, i]] += 1.0
    unpack = np.zeros((unknowns, size, size))
    unpack[position[rows, columns], rows, columns] = unpack[position[rows, columns], columns, rows] = 1.0
    # (n n, d d) takes A's entries to that operator's, (d, n n) the upper triangle to all of S; d = n (n + 1)/2.
    return operator.reshape(size * size, unknowns * unknowns), unpack.reshape(unknowns, size * size)


def _solve_stack(xp: Any, drift: Array, source: Array) -> Array:
    """Dense solve of a stack of small equations, shapes (b, n, n), in any array library."""
    size = drift.shape[-1]
    operator, unpack = (xp.asarray(constant) for constant in _symmetric_basis(size))
    rows, columns, _ = triangle(size)
    matrix = xp.reshape(xp.reshape(drift, (-1, size * size)) @ operator, (-1, len(rows), len(rows)))
    flat = xp.reshape(source, (-1, size * size))
    right = -xp.take(flat, xp.asarray(rows * size + columns), axis=1)
    solution = xp.linalg.solve(matrix, right[..., None])[..., 0]
    return xp.reshape(solution @ unpack, (-1, size, size))


def _solve_doubling(xp: Any, drift: Array, source: Array) -> Array:
    """Smith's method for stacks of large devices, shapes (b, n, n), in any array library."""
    size = drift.shape[-1]
    # With C = (A - p)^-1 (A + p) the equation reads S = C S C^T + R, and S = R + C R C^T + C^2 R C^2T + ...; every step
    # doubles the number of terms. Not of use where A is not stable: what comes out is infinite or NaN. Any shift p will
    # do, so that it needs no derivative.
    shift = xp.sqrt(xp.sum(held(drift) ** 2, axis=(-2, -1), keepdims=True) / size)
    identity = xp.eye(size, dtype=xp.float64)
    inverse = xp.linalg.inv(drift - shift * identity)
    power = inverse @ (drift + shift * identity)
    solution = 2 * shift * (inverse @ source @ inverse.mT)

    def doubled(solution: Array, power: Array) -> tuple[Array, Array]:
        return solution + power @ solution @ power.mT, power @ power

    solution, _ = repeated(doubled, (solution, power), _DOUBLINGS)
    return (solution + solution.mT) / 2


def _eliminate(drift: Real, source: Real) -> tuple[Real, Real]:
    solution = eliminate_lyapunov(drift, source)
    return solution, lyapunov_error(drift, source, solution)


def _solve_large(drift: Real, source: Real) -> tuple[Real, NDArray[np.complex128]]:
    """Bartels and Stewart's method, one device after the other; spectra come with it."""
    solutions, spectra = np.empty_like(drift), np.empty(drift.shape[:-1], dtype=np.complex128)
    for index in range(len(drift)):
        solutions[index], spectra[index] = lyapunov_and_spectrum(drift[index], source[index])
    return solutions, spectra


def _solve_inside(drift: Real, source: Real, places: NDArray[np.intp]) -> Real:
    """Solution where the source leads to some places only; exactly zero at all others."""
    solution = np.zeros(np.broadcast_shapes(drift.shape, source.shape))
    if len(places):
        inside = (..., places[:, None], places)
        solution[inside] = solve_lyapunov(drift[inside], source[inside])
    return solution


def solve_lyapunov(drift: Array, source: Array) -> Array:
    """Solution S, (..., n, n), of A S + S A^T + Q = 0; NaN or huge where two eigenvalues of A add up to zero."""
    # Backward error 1e-14 or better. Cost, one core: two modes in a large batch, about half a microsecond each; a large
    # device, about 25 n^3 operations, and down to 2 n^3 where it is a directed network.
    return solve_lyapunov_with_spectrum(drift, source)[0]


def solve_lyapunov_with_spectrum(drift: Array, source: Array) -> tuple[Array, Array | None]:
    """Solution S of A S + S A^T + Q = 0, and the spectrum (..., n) of A where it comes for nothing, else None."""
    xp = namespace_of(drift, source)
    size = drift.shape[-1]
    shape = np.broadcast_shapes(drift.shape, source.shape)
    unknowns = size * (size + 1) // 2
    if xp is np and unknowns <= _STACKED_UNKNOWNS:
        places = reached(pattern_of(drift, 2), pattern_of(source, 1))
        if len(places) < size:
            return _solve_inside(drift, source, places), None
    if xp is np and unknowns <= _ELIMINATED_UNKNOWNS and math.prod(shape[:-2]) >= LEAST_BATCH:
        solution = in_batch(_eliminate, _solve_stack, innermost(drift, shape, 2), innermost(source, shape, 2))
        return outermost(solution, shape[:-2], 2), None
    drift = xp.reshape(xp.broadcast_to(xp.asarray(drift), shape), (-1, size, size))
    source = xp.reshape(xp.broadcast_to(xp.asarray(source), shape), (-1, size, size))
    if unknowns <= _STACKED_UNKNOWNS:
        return xp.reshape(solved(xp, _solve_stack, drift, source), shape), None
    if xp is np:
        solution, spectrum = _solve_large(drift, source)
        return solution.reshape(shape), spectrum.reshape(shape[:-1])
    solution = solved(xp, _solve_doubling, drift, source, otherwise=lambda *large: _solve_large(*large)[0])
    return xp.reshape(solution, shape), None
