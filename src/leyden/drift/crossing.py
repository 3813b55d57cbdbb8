"""First crossing: the amplitude at which a drive on one mode first brings an eigenvalue to the imaginary axis."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import eigenvalues

__all__ = ["first_crossing", "sign_change"]

# With A_1 = U K U^T, which acts on the two quadratures of one mode alone, both ways of reaching the axis are eigenvalue
# problems in 1/eps, and none of them is larger than four times the number of modes:
#
# - a real eigenvalue vanishes where A_0 + eps A_1 is singular: 1/eps is an eigenvalue of -K U^T A_0^{-1} U, of size 2;
# - a complex pair has the sum zero where (A_0 + eps A_1) Y + Y (A_0 + eps A_1)^T = 0 has an antisymmetric solution Y.
#   Of it only P = U^T Y matters, and P = eps U^T X with A_0 X + X A_0^T = P^T K U^T - U K P says what 1/eps is.
#
# No amplitude is looked for on a grid, so that no window of instability is too narrow to be seen.

Matrix = NDArray[np.float64]

# Quadratures from which the eigenvectors of A_0 are tried, which save solving one equation for each of them, and the
# condition number up to which these are good enough to tell where one crossing ends and the next begins.
_LEAST_DIAGONALISED, _CONDITION = 100, 1e5
# Where rounding has made a double root complex the point is still wanted, and one too many does no harm.
_NEARLY_REAL = 1e-3
_ROUNDING = 8 * float(np.finfo(float).eps)
# Bisections from one end of the number range to the other.
_MOST_HALVINGS = 2200


def _turning_by_columns(undriven: Matrix, acting: Matrix, place: slice) -> Matrix:
    """Takes P to U^T X, rows one after the other, by one Lyapunov equation for each entry of P."""
    from scipy.linalg import lapack, schur

    size = len(undriven)
    form, basis = schur(undriven, output="real", check_finite=False)
    outward = basis[place].T
    inward = basis.T @ acting
    taken = np.empty((2, size, 2, size))
    for row in range(2):
        for column in range(size):
            right = np.outer(basis[column], inward[:, row])
            solved, scale, _ = lapack.dtrsyl(form, form, right - right.T, tranb="C")
            taken[:, :, row, column] = (basis @ (solved @ outward)).T / -scale
    return taken.reshape(2 * size, 2 * size)


def _turning_by_vectors(undriven: Matrix, acting: Matrix, place: slice) -> Matrix | None:
    """The same by the eigenvectors of A_0, where these are well-conditioned."""
    values, vectors = np.linalg.eig(undriven)
    inverse = np.linalg.inv(vectors)
    if not np.linalg.norm(vectors) * np.linalg.norm(inverse) < _CONDITION * len(values):
        return None
    sums = 1 / (values[:, None] + values)
    inward, outward = inverse @ acting, vectors[place]
    straight = np.einsum("wm,mi,mk->wik", outward, inward, sums)
    taken = np.empty((2, len(values), 2, len(values)))
    for to in range(2):
        for row in range(2):
            crossed = inward[:, row, None] * outward[to] * sums
            taken[to, :, row] = np.real(vectors @ (crossed - np.diag(straight[to, row])) @ inverse)
    return taken.reshape(2 * len(values), -1)


def _antisymmetric(size: int, place: slice) -> Matrix:
    """Orthonormal columns that span the P of antisymmetric Y: between the driven quadratures they are so, too."""
    first, second = place.start, place.start + 1
    columns = np.delete(np.eye(2 * size), [first, second, size + first, size + second], axis=1)
    between = np.zeros((2 * size, 1))
    between[second], between[size + first] = 0.5**0.5, -(0.5**0.5)
    return np.concatenate([columns, between], axis=1)


def _candidates(undriven: Matrix, unit: Matrix, place: slice) -> Matrix:
    """Amplitudes between which the number of growing modes cannot change, in order."""
    acting = np.zeros((len(undriven), 2))
    acting[place] = unit
    still = -np.linalg.solve(undriven, acting)[place]
    turning = _turning_by_vectors(undriven, acting, place) if len(undriven) >= _LEAST_DIAGONALISED else None
    if turning is None:
        turning = _turning_by_columns(undriven, acting, place)
    free = _antisymmetric(len(undriven), place)
    parts = (eigenvalues(still), eigenvalues(free.T @ turning @ free))
    # Zeros are amplitudes without end: the two real eigenvalues of the drive itself have the sum zero.
    parts = [part[np.abs(part) > _ROUNDING * np.max(np.abs(part), initial=0.0)] for part in parts]
    inverses: NDArray[np.complex128] = np.concatenate(parts)
    is_real = (inverses.real > 0) & (np.abs(inverses.imag) < _NEARLY_REAL * inverses.real)
    with np.errstate(over="ignore"):  # amplitudes out of range are never reached
        return np.unique(1 / inverses.real[is_real])


def sign_change(function: Callable[[float], float], below: float, above: float) -> float:
    """Where a function that is negative below and not above changes its sign."""
    from scipy.optimize import bisect, brentq

    finest = 4 * float(np.finfo(float).eps)
    found, report = brentq(function, below, above, xtol=1e-300, rtol=finest, full_output=True, disp=False)
    if not report.converged:
        # On a function that is flat but for its rounding Brent's steps may take longer than halving does.
        found = bisect(function, below, above, xtol=1e-300, rtol=finest, maxiter=_MOST_HALVINGS)
    return float(found)


def first_crossing(undriven: Matrix, unit: Matrix, place: slice, abscissa: Callable[[Matrix], float]) -> float:
    """Smallest eps at which the abscissa of A_0 + eps A_1 is zero, A_1 being K on the two quadratures of one mode."""

    def largest(amplitude: float) -> float:
        driven = undriven.copy()
        driven[place, place] += amplitude * unit
        return abscissa(driven)

    # Right to some 1e-16 |A_0|/r, where -r is the spectral abscissa of A_0; infinite where stability is never lost.
    edges = _candidates(undriven, unit, place)
    below = 0.0
    for left, right in pairwise([*edges, *(2 * edges[-1:])]):
        above = float(left + (right - left) / 2)
        if largest(above) >= 0:
            # Where rates are so unlike that the abscissa at zero is rounding, the candidate itself is what is known.
            return sign_change(largest, below, above) if largest(below) < 0 else float(left)
        below = above
    return float("inf")
