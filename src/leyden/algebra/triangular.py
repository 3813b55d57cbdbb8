"""The Lyapunov equation of one large device, by Bartels and Stewart's method on what is not triangular already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.graph import connected_parts, downstream_first, reached
from leyden.algebra.threads import load_scipy_linalg

__all__ = ["lyapunov_and_spectrum", "spectrum_by_parts"]

# A real Schur form A = U T U^T costs ten times what the equation costs once T is there. Networks seldom need a whole
# one:
#
# - parts that nothing connects, such as the two quadratures of a resonant network, are equations of their own;
# - modes that act on others without being acted upon are in order: numbered downstream first, A is block triangular,
#   and only its diagonal blocks, the strongly connected parts, need a Schur form.
#
# The triangular equation is solved by halves, so that nearly all of the work is products of large matrices. The
# spectrum stands on the diagonal of T, for nothing.

Real = NDArray[np.float64]
# Real, or complex where the real algorithm does not converge.
Matrix = NDArray[Any]

# Rows up to which LAPACK's own triangular solver, which goes column by column, is not outrun.
_LEAF = 48


def _split(form: Matrix) -> int:
    """A place near the middle that does not cut one of the 2 x 2 blocks of complex eigenvalues in two."""
    half = len(form) // 2
    return half + 1 if form[half, half - 1] else half


def _leaf(first: Matrix, second: Matrix, right: Matrix) -> None:
    from scipy.linalg import lapack

    solver = lapack.ztrsyl if np.iscomplexobj(first) else lapack.dtrsyl
    solution, scale, singular = solver(first, second, right, tranb="C")
    # Where two eigenvalues add up to zero LAPACK solves a neighbour's equation, and says so.
    right[...] = np.nan if singular else solution / scale


def _sylvester(first: Matrix, second: Matrix, right: Matrix) -> None:
    """Solve T X + X T'^H = F, in place of F."""
    rows, columns = right.shape
    if max(rows, columns) <= _LEAF:
        _leaf(first, second, right)
    elif rows >= columns:
        cut = _split(first)
        _sylvester(first[cut:, cut:], second, right[cut:])
        right[:cut] -= first[:cut, cut:] @ right[cut:]
        _sylvester(first[:cut, :cut], second, right[:cut])
    else:
        cut = _split(second)
        _sylvester(first, second[cut:, cut:], right[:, cut:])
        right[:, :cut] -= right[:, cut:] @ second[:cut, cut:].conj().T
        _sylvester(first, second[:cut, :cut], right[:, :cut])


def _lyapunov(form: Matrix, right: Matrix) -> None:
    """Solve T Y + Y T^H = F with Hermitian F, in place of F."""
    if len(form) <= _LEAF:
        _leaf(form, form, right)
        return
    cut = _split(form)
    upper, corner, lower = form[:cut, :cut], form[:cut, cut:], form[cut:, cut:]
    _lyapunov(lower, right[cut:, cut:])
    right[:cut, cut:] -= corner @ right[cut:, cut:]
    _sylvester(upper, lower, right[:cut, cut:])
    coupled = corner @ right[:cut, cut:].conj().T
    right[:cut, :cut] -= coupled + coupled.conj().T
    right[cut:, :cut] = right[:cut, cut:].conj().T
    _lyapunov(upper, right[:cut, :cut])


def _schur(matrix: Real) -> tuple[Matrix, Matrix]:
    """Schur form T and its basis U."""
    from scipy.linalg import LinAlgError, schur

    try:
        return schur(matrix, output="real", check_finite=False)
    except LinAlgError:
        # Its double shifts stall on some matrices of paired eigenvalues; the complex algorithm shifts otherwise.
        return schur(matrix, output="complex", check_finite=False)


def _spectrum(form: Matrix) -> NDArray[np.complex128]:
    """Eigenvalues from the diagonal of a Schur form, whose 2 x 2 blocks have equal diagonal entries."""
    eigenvalues = np.diagonal(form).astype(np.complex128)
    if not np.iscomplexobj(form):
        below, above = np.diagonal(form, -1), np.diagonal(form, 1)
        turning = np.sqrt(np.abs(below)) * np.sqrt(np.abs(above))
        eigenvalues[1:] += 1j * turning
        eigenvalues[:-1] -= 1j * turning
    return eigenvalues


def _places(parts: Sequence[NDArray[np.intp]]) -> list[slice]:
    """Where the parts of more than one row are, once they stand in their order."""
    ends = np.cumsum([len(part) for part in parts]).tolist()
    return [slice(end - len(part), end) for part, end in zip(parts, ends, strict=True) if len(part) > 1]


def _solved(drift: Real, source: Real, parts: Sequence[NDArray[np.intp]]) -> tuple[Real, NDArray[np.complex128]]:
    """Solution and spectrum, given parts in an order in which the drift is block upper triangular."""
    order = np.concatenate(parts)
    inside = order[:, None], order
    form, right = drift[inside], -source[inside]
    turns = [(place, *_schur(form[place, place])) for place in _places(parts)]
    if any(np.iscomplexobj(block) for _, block, _ in turns):
        form, right = form.astype(np.complex128), right.astype(np.complex128)
    for place, block, basis in turns:
        adjoint = basis.conj().T
        form[place, place.stop :] = adjoint @ form[place, place.stop :]
        form[: place.start, place] = form[: place.start, place] @ basis
        # As LAPACK left it: exactly triangular, with its 2 x 2 blocks in standard form.
        form[place, place] = block
        right[place] = adjoint @ right[place]
        right[:, place] = right[:, place] @ basis
    spectrum = _spectrum(form)
    _lyapunov(form, right)
    for place, _, basis in turns:
        right[place] = basis @ right[place]
        right[:, place] = right[:, place] @ basis.conj().T
    solution = np.empty_like(drift)
    real = np.real(right)
    solution[inside] = (real + real.T) / 2
    return solution, spectrum


def _solved_inside(drift: Real, source: Real, lively: NDArray[np.intp]) -> tuple[Real, NDArray[np.complex128]]:
    """Solution and spectrum where the source leads to some places only; the solution is zero at all others."""
    solution = np.zeros_like(drift)
    if not len(lively):
        return solution, spectrum_by_parts(drift)
    inside = lively[:, None], lively
    solution[inside], inner = lyapunov_and_spectrum(drift[inside], source[inside])
    still = np.setdiff1d(np.arange(len(drift)), lively)
    return solution, np.concatenate([inner, spectrum_by_parts(drift[still[:, None], still])])


def lyapunov_and_spectrum(drift: Real, source: Real, *, is_ordered: bool = True) -> tuple[Real, NDArray[np.complex128]]:
    """Solution S of A S + S A^T + Q = 0 for one device, NaN where two eigenvalues add up to zero, and A's spectrum."""
    # Backward stable. A directed network costs about 2 n^3 operations, nearly all in products of matrices; one
    # connected part in both directions about 25 n^3, most of them for its Schur form. (Bartels and Stewart, Commun. ACM
    # 15, 820 (1972); Jonsson and Kagstrom, ACM Trans. Math. Softw. 28, 392 (2002))
    load_scipy_linalg()
    if not is_ordered or np.all(drift):
        return _solved(drift, source, (np.arange(len(drift)),))
    lively = reached(drift != 0, np.any(source, axis=0))
    if len(lively) < len(drift):
        return _solved_inside(drift, source, lively)
    solution = np.zeros_like(drift)
    spectrum = np.empty(len(drift), dtype=np.complex128)
    groups = connected_parts((drift != 0) | (source != 0), "weak")
    if len(groups) == 1:
        return _solved(drift, source, downstream_first(drift != 0))
    for places in groups:
        inside = places[:, None], places
        solution[inside], spectrum[places] = _solved(
            drift[inside], source[inside], downstream_first(drift[inside] != 0)
        )
    return solution, spectrum


def spectrum_by_parts(matrix: Real) -> NDArray[np.complex128]:
    """Eigenvalues (n,) of one large matrix, those of its strongly connected parts."""
    load_scipy_linalg()
    parts = downstream_first(matrix != 0)
    blocks = [_schur(matrix[part[:, None], part])[0] for part in parts if len(part) > 1]
    single = [part[0] for part in parts if len(part) == 1]
    # Not only faster than a spectrum of the whole: the equal rates of a long directed chain are one eigenvalue in a
    # Jordan block, which rounding of the whole would scatter over a circle.
    return np.concatenate([matrix[single, single], *map(_spectrum, blocks)]).astype(np.complex128)
