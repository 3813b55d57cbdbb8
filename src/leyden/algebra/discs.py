"""Where the eigenvalues of a component are: discs that hold them, whatever rounding did, and what they say together.

For stacks of matrices that are balanced already; the theorems stand in `spectra`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["decay_bound", "discs", "eigenvalues_of", "interval", "neighbours"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_EPSILON = float(np.finfo(np.float64).eps)
# Rows from which it is worth while to leave out zeros.
_LARGE = 200


def eigenvalues_of(matrices: Real) -> Complex:
    """Eigenvalues alone, of a stack, shape (m, n)."""
    try:
        return np.asarray(np.linalg.eigvals(matrices), dtype=np.complex128)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.eigvals(matrices.astype(np.complex128)), dtype=np.complex128)


def _eigenvectors(matrices: Real) -> tuple[Complex, Complex]:
    """Eigenvalues and right eigenvectors of a stack."""
    try:
        values, vectors = np.linalg.eig(matrices)
    except np.linalg.LinAlgError:
        # The real algorithm, with its double shifts, stalls on some matrices of paired eigenvalues; the complex one
        # shifts otherwise.
        values, vectors = np.linalg.eig(matrices.astype(np.complex128))
    return values.astype(np.complex128), vectors.astype(np.complex128)


def _moved(matrices: Real, vectors: Complex) -> Complex:
    """A X; a large matrix of few entries is taken as such."""
    if len(matrices) > 1 or matrices.shape[-1] < _LARGE:
        return np.asarray(matrices @ vectors.real + 1j * (matrices @ vectors.imag))
    from scipy.sparse import csr_array

    return np.asarray((csr_array(matrices[0]) @ vectors[0])[None])


def _inverse_sizes(values: Complex, vectors: Complex) -> tuple[Real, Real]:
    """Sizes of the entries of X^-1, and how much the rows of its product with X miss those of one."""
    size = vectors.shape[-1]
    ahead = values.imag[..., :-1] > 0
    if not np.array_equal(ahead, values.imag[..., 1:] < 0):  # not in pairs: LAPACK's complex algorithm
        inverse = _inverses(vectors)
        missed = np.abs(inverse @ vectors - np.eye(size)).sum(axis=-1)
        steep, lengths = np.abs(inverse), np.abs(vectors).sum(axis=-1)
        return steep, missed + (size + 4) * _EPSILON * (steep @ lengths[..., None])[..., 0]
    # Of a pair x + i y, x - i y the real matrix has x and y: a quarter of the work.
    below = (values.imag < 0)[..., None, :]
    real = np.where(below, -vectors.imag, vectors.real)
    inverse = _inverses(real)
    partner = np.arange(size) + np.sign(values.imag).astype(np.intp)
    flat, lengths = np.abs(inverse), np.abs(real).sum(axis=-1)
    missed = np.abs(inverse @ real - np.eye(size)).sum(axis=-1)
    missed = missed + (size + 4) * _EPSILON * (flat @ lengths[..., None])[..., 0]
    beside = np.take_along_axis(flat, partner[..., None], axis=-2)
    paired = (values.imag != 0)[..., None]
    return np.where(paired, np.hypot(flat, beside) / 2, flat), missed + np.take_along_axis(missed, partner, axis=-1)


def _inverses(vectors: Any) -> Any:
    try:
        return np.linalg.inv(vectors)
    except np.linalg.LinAlgError:
        if len(vectors) == 1:
            return np.full_like(vectors, np.nan)
        half = len(vectors) // 2
        return np.concatenate([_inverses(vectors[:half]), _inverses(vectors[half:])])


def discs(matrices: Real, rounding: Real, started: Real) -> tuple[Complex, Real]:
    """Eigenvalues (m, n) of a stack, and radii of discs that hold those of all matrices within its rounding."""
    # `started` is A, or a neighbour whose eigenvectors are not parallel: where they are, radii are infinite.
    values, vectors = _eigenvectors(started)
    with np.errstate(all="ignore"):
        steep, missed = _inverse_sizes(values, vectors)
        moved = _moved(matrices, vectors)
        residual = np.abs(moved - vectors * values[..., None, :])
        lengths = np.abs(vectors).sum(axis=-1)
        filled = np.max(np.sum(matrices != 0, axis=-1), axis=-1)[..., None]
        entries = (filled[..., None] + 4) * _EPSILON * np.abs(matrices) + rounding
        rows = residual.sum(axis=-1) + (entries @ lengths[..., None])[..., 0]
        rows = rows + 4 * _EPSILON * np.abs(vectors * values[..., None, :]).sum(axis=-1)
        radii = (steep @ rows[..., None])[..., 0]
        # The inverse is not exact, either.
        most = np.max(missed, axis=-1, keepdims=True)
        radii = radii + np.where(most < 0.5, 2 * missed, np.inf) * np.max(radii, axis=-1, keepdims=True)
    return values, np.where(np.isfinite(radii), radii, np.inf)


def interval(values: Complex, radii: Real) -> tuple[Real, Real]:
    """Bounds (m,) of the largest real part, from discs of which those that hang together hold as many as they are."""
    order = np.argsort(-values.real, axis=-1)
    middles, radii = (np.take_along_axis(part, order, axis=-1) for part in (values.real, radii))
    left = np.minimum.accumulate(middles - radii, axis=-1)
    right = np.maximum.accumulate((middles + radii)[..., ::-1], axis=-1)[..., ::-1]
    beyond = np.concatenate([right[..., 1:], np.full((*right.shape[:-1], 1), -np.inf)], axis=-1)
    apart = np.argmax(beyond < left, axis=-1)
    # A disc without end hangs together with all others.
    lower = np.take_along_axis(left, apart[..., None], axis=-1)[..., 0]
    return np.where(np.isfinite(right[..., 0]), lower, -np.inf), right[..., 0]


def neighbours(matrices: Real) -> Real:
    """Matrices beside given ones, off any exceptional point, by rounding of their largest entries."""
    size = matrices.shape[-1]
    noise = np.random.default_rng(size).standard_normal((size, size))
    return matrices + 4 * _EPSILON * np.max(np.abs(matrices), axis=(-2, -1), keepdims=True) * noise


def decay_bound(matrices: Real, rounding: Real) -> Real:
    """Bound (m,) of all real parts, from the symmetric part; infinite where that is not negative definite for sure."""
    # Measured in units of its own diagonal, -H_ij/(H_ii H_jj)^(1/2): rates of very different size stand beside each
    # other, and a strong coherent coupling, which is antisymmetric, has no part in it.
    size = matrices.shape[-1]
    loss = -(matrices + matrices.mT) / 2
    # Couplings and detunings that are antisymmetric to the last bit are so whatever rounding made of them.
    doubt = np.where(loss == 0, 0.0, (rounding + rounding.mT) / 2 + _EPSILON * np.abs(loss))
    slowest = np.diagonal(loss, axis1=-2, axis2=-1)
    usable = np.all(slowest > np.diagonal(doubt, axis1=-2, axis2=-1), axis=-1)
    bound = np.full(len(matrices), np.inf)
    if usable.any():
        units = 1 / np.sqrt(slowest[usable])
        scaled, loose = (part[usable] * units[..., :, None] * units[..., None, :] for part in (loss, doubt))
        least = np.linalg.eigvalsh(scaled)[..., 0]
        least = (
            least
            - np.max(loose.sum(axis=-1), axis=-1)
            - (size + 4) * _EPSILON * np.max(np.abs(scaled).sum(axis=-1), axis=-1)
        )
        bound[usable] = np.where(least > 0, -least * slowest[usable].min(axis=-1), np.inf)
    return bound
