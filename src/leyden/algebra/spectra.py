"""Spectra of matrices that need not be normal, and bounds of their errors that hold."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, log2, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.balance import exponents, rescaled
from leyden.algebra.discs import decay_bound, discs, eigenvalues_of, interval, neighbours
from leyden.algebra.graph import connected_parts, of_pattern
from leyden.algebra.threads import load_scipy_linalg

__all__ = ["Spectra", "bounded_spectra", "is_directed", "spectral_disc"]

# LAPACK finds the exact eigenvalues of a matrix that differs from the given one by rounding of its *largest* entries.
# An eigenvalue of a matrix far from normal may move a long way then. So first the structure is used, which rounds
# nothing:
#
# - the spectrum is that of the strongly connected components; a component of one row is its own eigenvalue, one of two
#   rows has a quadratic equation;
# - a larger one is balanced, see `balance`; one that is symmetric then, up to its units, has a real spectrum that
#   rounding moves by no more than itself (Weyl);
# - of all others the eigenvectors are computed. In their basis, X^-1 (A + E) X = Lambda + X^-1 (R + E X) with the
#   residual R = A X - X Lambda, which is measured: the eigenvalues are in the discs around those computed whose radii
#   are the sums of its rows (Gershgorin), and each set of discs that no other touches has as many as it has discs;
# - where the symmetric part of a component, in some units, is negative definite, nothing in it grows (Lyapunov).
#
# F. L. Bauer and C. T. Fike, Numer. Math. 2, 137 (1960); J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965);
# L. Elsner, Linear Algebra Appl. 71, 77 (1985).

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Pattern = NDArray[np.bool_]
Places = NDArray[np.intp]

_EPSILON = float(np.finfo(np.float64).eps)
# Rows from which it is worth a look whether a component is symmetric but for its units.
_LEAST_SYMMETRIC = 3
# Rows up to which a bound that asks for eigenvalues alone may tell whether they decay.
_FEW = 16
# Rates beyond which another unit is taken.
_TINY, _HUGE = 1e-100, 1e100
# Exponents that differ by less are the same: what is left is part of the error.
_ALIKE = 1e-6


class Spectra(NamedTuple):
    """Eigenvalues of a stack of matrices, and between which numbers the largest real part lies."""

    values: Complex  # (m, n), complex, in no particular order
    abscissa: Real  # (m,), largest real part, the best guess
    lower: Real  # bounds of it, infinite where none is known
    upper: Real


def _parts(pattern: Pattern) -> tuple[Places, ...]:
    """Strongly connected components, those of one row together as the first."""
    parts = connected_parts(pattern, "strong") if pattern.any() else [np.asarray([i]) for i in range(len(pattern))]
    single = np.asarray([part[0] for part in parts if len(part) == 1], dtype=np.intp)
    return single, *(part for part in parts if len(part) > 1)


def _single(values: Real, rounding: Real) -> Spectra:
    """Rows of components of one row, shape (m, k)."""
    return Spectra(
        values.astype(np.complex128),
        np.max(values, axis=-1),
        np.max(values - rounding, axis=-1),
        np.max(values + rounding, axis=-1),
    )


def _pair(matrices: Real, rounding: Real) -> Spectra:
    """Components of two rows, by the quadratic equation, shapes (m, 2, 2)."""
    (a, b), (c, d) = np.moveaxis(matrices, (-2, -1), (0, 1))
    (ra, rb), (rc, rd) = np.moveaxis(rounding, (-2, -1), (0, 1))
    # Both couplings in one unit, so that their product neither overflows nor underflows.
    size = np.maximum(np.sqrt(np.abs(b)) * np.sqrt(np.abs(c)), np.finfo(float).tiny)
    coupling = np.sign(b) * np.sign(c) * size
    loose = size * (rb / np.abs(b) + rc / np.abs(c) + 2 * _EPSILON)
    middle, half = (a + d) / 2, (a - d) / 2
    rough = (ra + rd) / 2 + _EPSILON * np.abs(half)
    scale = np.maximum(np.maximum(np.abs(half), size), np.maximum(rough, loose))
    square = ((half / scale) ** 2 + coupling / scale * (size / scale)) * scale
    # The square of the root over the scale, so that nothing overflows, and its error.
    doubt = 2 * (np.abs(half) / scale * rough + size / scale * loose) + rough / scale * rough + loose / scale * loose
    doubt = doubt + 4 * _EPSILON * scale
    root, most, least = (
        np.sqrt(np.maximum(part, 0.0)) * np.sqrt(scale) for part in (square, square + doubt, square - doubt)
    )
    blur = (ra + rd) / 2 + _EPSILON * (np.abs(middle) + root)
    abscissa, lower, upper = middle + root, middle + least - blur, middle + most + blur
    quotient = _as_quotient(matrices, rounding, middle, most, root)
    abscissa, lower, upper = (
        np.where(quotient[2] - quotient[1] < upper - lower, better, first)
        for better, first in zip(quotient, (abscissa, lower, upper), strict=True)
    )
    turning = np.sqrt(np.maximum(-square, 0.0)) * np.sqrt(scale)
    second = middle - root
    values = np.stack([abscissa + 1j * turning, second - 1j * turning], axis=-1)
    return Spectra(values, abscissa, lower, upper)


def _as_quotient(matrices: Real, rounding: Real, middle: Real, most: Real, root: Real) -> tuple[Real, Real, Real]:
    """The slower of two real rates as determinant over the faster: a slow one beside a fast one keeps its digits."""
    (a, b), (c, d) = np.moveaxis(matrices, (-2, -1), (0, 1))
    (ra, rb), (rc, rd) = np.moveaxis(rounding, (-2, -1), (0, 1))
    fast = middle - root
    with np.errstate(all="ignore"):
        relative = (ra + rd) / 2 / np.abs(fast) + (most - root) / np.abs(fast) + 4 * _EPSILON
        slow = (a / fast) * d - (b / fast) * c
        error = (np.abs(a) * rd + np.abs(d) * ra + np.abs(b) * rc + np.abs(c) * rb + ra * rd + rb * rc) / np.abs(fast)
        error = error + 4 * _EPSILON * (np.abs(a / fast * d) + np.abs(b / fast * c)) + 2 * relative * np.abs(slow)
    usable = (fast < 0) & (root > 0) & (relative < 0.1) & np.isfinite(error)
    error, slow = np.where(usable, error, np.inf), np.where(usable, slow, 0.0)
    return slow, slow - error, slow + error


def _symmetric(matrix: Real, rounding: Real, powers: Real, sizes: Real) -> Spectra | None:
    """A component that is symmetric in suitable units; None if it is not."""
    row, column = np.nonzero(matrix)  # few of a large one: nothing as large as the matrix is made
    there, back = matrix[row, column], matrix[column, row]
    if np.any(np.sign(there) != np.sign(back)):
        return None
    apart = row != column
    with np.errstate(invalid="ignore"):
        unlike = sizes[row, column] - sizes[column, row] + 2 * (powers[column] - powers[row])
    unlike = np.where(apart, np.abs(unlike), 0.0)
    if np.max(unlike, initial=0.0) > _ALIKE:
        return None
    reciprocal = np.sign(there) * np.sqrt(np.abs(there)) * np.sqrt(np.abs(back))
    relative = rounding[row, column] / np.abs(there) + rounding[column, row] / np.abs(back)
    loose = np.abs(reciprocal) * (relative + unlike + 2 * _EPSILON)
    values = _symmetric_values(len(matrix), row, column, reciprocal)
    norm, doubt = (float(np.bincount(row, part).max(initial=0.0)) for part in (np.abs(reciprocal), loose))
    error = doubt + len(matrix) * _EPSILON * norm
    top = np.asarray([float(values.max())])
    return Spectra(values[None].astype(np.complex128), top, top - error, top + error)


def _symmetric_values(size: int, row: Places, column: Places, entries: Real) -> Real:
    """Eigenvalues of a symmetric matrix; of a tridiagonal one, a chain in order, at the cost of its square."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    matrix = csr_array((entries, (row, column)), shape=(size, size))
    order = reverse_cuthill_mckee(matrix, symmetric_mode=True)
    place = np.empty(size, dtype=np.intp)
    place[order] = np.arange(size)
    ahead = place[column] - place[row]
    if size > 2 and np.max(ahead, initial=0) <= 1:
        load_scipy_linalg()
        from scipy.linalg import eigvalsh_tridiagonal

        diagonal, beside = np.zeros(size), np.zeros(size - 1)
        diagonal[place[row[ahead == 0]]] = entries[ahead == 0]
        beside[place[row[ahead == 1]]] = entries[ahead == 1]
        return np.asarray(eigvalsh_tridiagonal(diagonal, beside), dtype=np.float64)
    return np.asarray(np.linalg.eigvalsh(matrix.toarray()), dtype=np.float64)


def _roughly(matrices: Real, rounding: Real) -> Spectra:
    """Eigenvalues with a bound that holds for any matrix of this size, however far from normal; wide."""
    size = matrices.shape[-1]
    values = eigenvalues_of(matrices)
    norm, doubt = (np.sqrt(np.sum(part**2, axis=(-2, -1))) for part in (matrices, rounding))
    doubt = doubt + 10 * size * _EPSILON * norm
    error = (2 * norm + doubt) ** (1 - 1 / size) * doubt ** (1 / size)
    abscissa = np.max(values.real, axis=-1)
    return Spectra(values, abscissa, abscissa - error, abscissa + error)


def _signs(matrices: Real, rounding: Real) -> Spectra:
    """Components whose abscissa need not be known better than its sign."""
    if matrices.shape[-1] <= _FEW:
        spectra = _roughly(matrices, rounding)
    else:
        bound = decay_bound(matrices, rounding)
        spectra = Spectra(np.empty(matrices.shape[:-1], np.complex128), bound, np.full_like(bound, -np.inf), bound)
    unclear = (spectra.upper >= 0) & (spectra.lower <= 0)
    if unclear.any():
        better = _component(matrices[unclear], rounding[unclear])
        for part, other in zip(spectra, better, strict=True):
            part[unclear] = other
    return spectra


def _component(matrices: Real, rounding: Real) -> Spectra:
    """Components of one pattern and more than two rows, shapes (m, n, n)."""
    powers, sizes = exponents(matrices)
    if len(matrices) == 1 and matrices.shape[-1] >= _LEAST_SYMMETRIC:
        symmetric = _symmetric(matrices[0], rounding[0], powers[0], sizes[0])
        if symmetric is not None:
            return symmetric
    whole = np.rint(powers)
    balanced, loose = rescaled(matrices, whole), rescaled(rounding, whole)
    values, radii = discs(balanced, loose, balanced)
    lower, upper = interval(values, radii)
    unknown = ~np.isfinite(upper)
    if unknown.any():
        values[unknown], radii = discs(balanced[unknown], loose[unknown], neighbours(balanced[unknown]))
        lower[unknown], upper[unknown] = interval(values[unknown], radii)
    abscissa = np.max(values.real, axis=-1)
    unclear = upper >= 0
    for one, other in ((matrices, rounding), (balanced, loose)):
        if unclear.any():
            upper[unclear] = np.minimum(upper[unclear], decay_bound(one[unclear], other[unclear]))
            unclear = upper >= 0
    # What is proved comes before what was computed.
    return Spectra(values, np.minimum(abscissa, upper), np.minimum(lower, upper), upper)


def _in_range(judge: Callable[[Real, Real], Spectra], matrices: Real, rounding: Real) -> Spectra:
    """With rates whose squares would leave the number range in another unit, a power of two."""
    largest = float(np.max(np.abs(matrices), initial=0.0))
    if not largest or _TINY < largest < _HUGE:
        return judge(matrices, rounding)
    unit = 2.0 ** min(max(floor(log2(largest)), -1000), 1000)
    values, abscissa, lower, upper = judge(matrices / unit, rounding / unit)
    return Spectra(values * unit, abscissa * unit, lower * unit, upper * unit)


def _of_pattern(matrices: Real, rounding: Real, pattern: Pattern, is_sign_enough: bool) -> Spectra:
    """A stack of matrices that vanish at the same places."""
    single, *others = of_pattern(_parts, pattern)
    components: list[Spectra] = []
    if len(single):
        components.append(_single(matrices[:, single, single], rounding[:, single, single]))
    pairs = [part for part in others if len(part) == 2]
    if pairs:
        place = np.stack(pairs)
        inside = slice(None), place[:, :, None], place[:, None, :]
        one = _pair(matrices[inside], rounding[inside])
        components.append(Spectra(one.values.reshape(len(matrices), -1), *(part.max(axis=-1) for part in one[1:])))
    for part in others:
        if len(part) > 2:
            # Of a component that is all there is, no copy.
            inside: Any = ... if len(part) == matrices.shape[-1] else (slice(None), part[:, None], part)
            components.append(_in_range(_signs if is_sign_enough else _component, matrices[inside], rounding[inside]))
    return Spectra(
        np.concatenate([one.values for one in components], axis=-1),
        *(np.max([one[place] for one in components], axis=0) for place in (1, 2, 3)),
    )


def _grouped(matrices: Real) -> list[tuple[Places | slice, Pattern]]:
    """Members of a stack that vanish at the same places."""
    felt = matrices != 0
    pattern = felt[0] if len(felt) else np.zeros(felt.shape[1:], dtype=np.bool_)
    if len(felt) <= 1 or np.all(felt == pattern):
        return [(slice(None), pattern)]
    packed = np.packbits(felt.reshape(len(felt), -1), axis=-1)
    keys = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[-1]))).reshape(-1)
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which)).tolist()
    return [
        (order[start:end], felt[one]) for start, end, one in zip([0, *ends[:-1]], ends, first.tolist(), strict=True)
    ]


def bounded_spectra(matrices: Real, rounding: Real | None = None, *, is_sign_enough: bool = False) -> Spectra:
    """Eigenvalues of a stack (m, n, n) and bounds of the largest real part, for all matrices within the rounding."""
    # The bounds hold for every matrix within the rounding, up to LAPACK's: they are sums of what was measured and of
    # the standard bounds of a product's rounding. Cost: about 2 n^3 operations for each component beyond its
    # eigenvectors.
    if rounding is None:
        rounding = _EPSILON / 2 * np.abs(matrices)
    groups = _grouped(matrices)
    if len(groups) == 1:
        return _of_pattern(matrices, rounding, groups[0][1], is_sign_enough)
    shape = matrices.shape[:-1]
    values, bounds = np.empty(shape, dtype=np.complex128), np.empty((3, len(matrices)))
    for members, pattern in groups:
        spectra = _of_pattern(matrices[members], rounding[members], pattern, is_sign_enough)
        values[members], bounds[:, members] = spectra.values, np.stack(spectra[1:])
    return Spectra(values, *bounds)


def is_directed(matrix: Real) -> bool:
    """Whether no more than two rows, such as a mode's own, act on each other in a matrix of shape (n, n)."""
    return all(len(part) <= 2 for part in of_pattern(_parts, matrix != 0)[1:])


def spectral_disc(matrix: Real, rounding: float) -> tuple[float, float]:
    """Bounds of the largest real part of one small matrix, wide but quick: they hold for any matrix of its size."""
    try:
        abscissa = float(np.linalg.eigvals(matrix).real.max())
    except np.linalg.LinAlgError:
        return -np.inf, np.inf
    size, flat = len(matrix), matrix.reshape(-1)
    norm = sqrt(float(flat @ flat))
    doubt = size * (10 * _EPSILON * norm + rounding)
    error = (2 * norm + doubt) ** (1 - 1 / size) * doubt ** (1 / size)
    return abscissa - error, abscissa + error
