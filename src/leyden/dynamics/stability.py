"""Stability: a steady state exists if and only if every eigenvalue of the drift has a negative real part."""

from __future__ import annotations

from functools import reduce

import numpy as np

from leyden.backend import Array, eigenvalues, is_concrete, namespace_of, to_numpy

__all__ = ["is_decaying", "is_stable", "spectral_abscissa"]

# An eigenvalue of an undamped mode is computed with a real part of a few units of rounding of |A|.
_ROUNDING = 32 * float(np.finfo(float).eps)
# Lyapunov's theorem decides only where the pivots of D and V are this far from zero, relative to their size.
_CLEAR_DIFFUSION = 1e-12
_CLEAR_COVARIANCE = 1e-8
# Rows up to which an elimination is written out entry by entry.
_LARGEST_SPELT_OUT = 8


def spectral_abscissa(spectrum: Array) -> Array:
    """Spectral abscissa, the largest real part of the eigenvalues.

    Parameters
    ----------
    spectrum : array, shape (..., n)
        Complex eigenvalues of the drift, in the rate unit.

    Returns
    -------
    array, shape (...)
        In the rate unit; negative if a steady state exists.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8).
    """
    xp = namespace_of(spectrum)
    return xp.max(xp.real(spectrum), axis=-1)


def is_decaying(drift: Array, abscissa: Array) -> Array:
    """Whether a spectral abscissa is negative beyond rounding, so that an undamped mode does not pass as stable.

    Parameters
    ----------
    drift : array, shape (..., n, n)
        A, whose size sets the rounding.
    abscissa : array, shape (...)
        Largest real part of its eigenvalues.

    Returns
    -------
    array of bool, shape (...)
    """
    xp = namespace_of(drift, abscissa)
    return abscissa < -_ROUNDING * xp.max(xp.sum(xp.abs(drift), axis=-2), axis=-1)


def _definiteness(matrices: Array) -> tuple[Array, Array]:
    """Smallest pivot of symmetric elimination, positive exactly for positive definite matrices, and largest entry."""
    xp = namespace_of(matrices)
    size = matrices.shape[-1]
    if size > _LARGEST_SPELT_OUT:
        return _smallest_pivot(matrices), xp.max(xp.abs(matrices), axis=(-2, -1))
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


def is_stable(drift: Array, diffusion: Array, covariance: Array) -> Array:
    """Whether each device of a batch has a steady state, with the help of the Lyapunov equation's solution.

    Parameters
    ----------
    drift : array, shape (..., n, n)
        A.
    diffusion : array, shape (..., n, n)
        D, positive semidefinite.
    covariance : array, shape (..., n, n)
        V with A V + V A^T + D = 0; NaN where there is none.

    Returns
    -------
    array of bool, shape (...)

    Notes
    -----
    Lyapunov's theorem: if D > 0, A is stable exactly if V > 0. That is many times cheaper than a spectrum; only where
    D or V is not clearly definite are eigenvalues computed. Traced arrays are judged by the theorem alone.
    """
    xp = namespace_of(drift, diffusion, covariance)
    if not (is_concrete(drift) and is_concrete(covariance)):
        # One call, which JAX compiles in no time; NaN where V is not positive.
        return xp.all(xp.linalg.diagonal(xp.linalg.cholesky(covariance)) > 0, axis=-1)
    pivot, largest = _definiteness(covariance)
    noise, loudest = _definiteness(diffusion)
    clear = (noise > _CLEAR_DIFFUSION * loudest) & (xp.abs(pivot) > _CLEAR_COVARIANCE * largest)
    stable = clear & (pivot > 0)
    unclear = to_numpy(~clear)
    if not unclear.any():
        return stable
    shape = unclear.shape
    rest = np.broadcast_to(to_numpy(drift), (*shape, *drift.shape[-2:]))[unclear]
    verdict = np.zeros(shape, dtype=bool)
    verdict[unclear] = np.asarray(is_decaying(rest, spectral_abscissa(eigenvalues(rest))))
    return xp.asarray(to_numpy(stable) | verdict)
