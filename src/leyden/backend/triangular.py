"""The Lyapunov equation of one large device, by Bartels and Stewart's method on what is not triangular already.

A real Schur form A = U T U^T costs ten times what the equation costs once T is there. Networks seldom need a whole one:

- parts that nothing connects, such as the two quadratures of a resonant network, are equations of their own;
- modes that act on others without being acted upon are in order: numbered downstream first, A is block triangular, and
  only its diagonal blocks, the strongly connected parts, need a Schur form.

The triangular equation is solved by halves, so that nearly all of the work is products of large matrices. The spectrum
stands on the diagonal of T, for nothing.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["lyapunov_and_spectrum", "spectrum_by_parts"]

Real = NDArray[np.float64]
# Real, or complex where the real algorithm does not converge.
Matrix = NDArray[Any]

# Rows up to which LAPACK's own triangular solver, which goes column by column, is not outrun.
_LEAF = 48
# A block diagonal U with a smaller share of entries than this is applied as a sparse matrix.
_SPARSE = 1 / 16


def _split(form: Matrix) -> int:
    """A place near the middle that does not cut one of the 2 x 2 blocks of complex eigenvalues in two."""
    half = len(form) // 2
    return half + 1 if form[half, half - 1] else half


def _leaf(first: Matrix, second: Matrix, right: Matrix) -> None:
    from scipy.linalg import lapack

    solver = lapack.ztrsyl if np.iscomplexobj(first) else lapack.dtrsyl
    found, scale, singular = solver(first, second, right, tranb="C")
    # Where two eigenvalues add up to zero LAPACK solves a neighbour's equation, and says so.
    right[...] = np.nan if singular else found / scale


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

    if len(matrix) == 1:
        return matrix, np.ones((1, 1))
    try:
        return schur(matrix, output="real", check_finite=False)
    except LinAlgError:
        # Its double shifts stall on some matrices of paired eigenvalues; the complex algorithm shifts otherwise.
        return schur(matrix, output="complex", check_finite=False)


def _spectrum(form: Matrix) -> NDArray[np.complex128]:
    """Eigenvalues from the diagonal of a Schur form, whose 2 x 2 blocks have equal diagonal entries."""
    found = np.diagonal(form).astype(np.complex128)
    if not np.iscomplexobj(form):
        below, above = np.diagonal(form, -1), np.diagonal(form, 1)
        turning = np.sqrt(np.abs(below)) * np.sqrt(np.abs(above))
        found[1:] += 1j * turning
        found[:-1] -= 1j * turning
    return found


def _parts(pattern: NDArray[np.bool_], connection: Literal["weak", "strong"]) -> list[NDArray[np.intp]]:
    """Connected parts of a pattern, as lists of places."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(csr_array(pattern.astype(np.float64)), connection=connection)
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.cumsum(np.bincount(labels, minlength=count))[:-1])


def _downstream_first(drift: Real) -> list[NDArray[np.intp]]:
    """Strongly connected parts in an order in which the drift is block upper triangular."""
    if len(drift) == 1 or np.all(drift):
        return [np.arange(len(drift))]
    parts = _parts(drift != 0, "strong")
    # Tarjan's and Pearce's algorithms find the parts in the order of the arrows, or against it; which, is looked up.
    for found in (parts, parts[::-1]):
        rank = np.empty(len(drift), dtype=np.intp)
        for place, part in enumerate(found):
            rank[part] = place
        rows, columns = np.nonzero(drift)
        if np.all(rank[rows] <= rank[columns]):
            return found
    return [np.arange(len(drift))]  # pragma: no cover - an order that neither of the two is


def _basis(blocks: list[Matrix]) -> Any:
    """The block diagonal matrix U of the bases of all parts; None for the identity."""
    if all(len(block) == 1 for block in blocks):
        return None
    size = sum(map(len, blocks))
    if sum(block.size for block in blocks) > _SPARSE * size**2:
        from scipy.linalg import block_diag

        return block_diag(*blocks)
    from scipy.sparse import csr_array

    widths = np.array([len(block) for block in blocks])
    ends = np.cumsum(widths)
    columns = np.concatenate(
        [np.tile(np.arange(end - width, end), width) for end, width in zip(ends, widths, strict=True)]
    )
    starts = np.concatenate([[0], np.cumsum(np.repeat(widths, widths))])
    return csr_array((np.concatenate([block.reshape(-1) for block in blocks]), columns, starts), shape=(size, size))


def _turned(basis: Any, matrix: Matrix) -> Matrix:
    """U M U^H, as products from the left, which a sparse U can do."""
    return (basis @ (basis @ matrix).conj().T).conj().T


def _solved(drift: Real, source: Real, parts: list[NDArray[np.intp]]) -> tuple[Real, NDArray[np.complex128]]:
    """Solution and spectrum, given parts in an order in which the drift is block upper triangular."""
    order = np.concatenate(parts)
    forms = [_schur(drift[np.ix_(part, part)]) for part in parts]
    basis = _basis([vectors for _, vectors in forms])
    form, right = drift[np.ix_(order, order)], -source[np.ix_(order, order)]
    if basis is not None:
        adjoint = basis.conj().T
        form, right = _turned(adjoint, form), _turned(adjoint, right)
        # The diagonal blocks as LAPACK left them: exactly triangular, with their 2 x 2 blocks in standard form.
        ends = np.cumsum([len(part) for part in parts])
        for (block, _), end in zip(forms, ends, strict=True):
            form[end - len(block) : end, end - len(block) : end] = block
    spectrum = _spectrum(form)
    _lyapunov(form, right)
    if basis is not None:
        right = _turned(basis, right)
    solution = np.empty_like(drift)
    found = np.real(right)
    solution[np.ix_(order, order)] = (found + found.T) / 2
    return solution, spectrum


def lyapunov_and_spectrum(drift: Real, source: Real, *, is_ordered: bool = True) -> tuple[Real, NDArray[np.complex128]]:
    """Solution S of A S + S A^T + Q = 0 for one device, and the spectrum of A.

    Parameters
    ----------
    drift : array, shape (n, n)
        A.
    source : array, shape (n, n)
        Q, symmetric.
    is_ordered : bool
        Whether to look for parts that are not connected, or in one direction only.

    Returns
    -------
    solution : array, shape (n, n)
        S, symmetric; NaN where two eigenvalues of A add up to zero.
    spectrum : array, shape (n,)
        Complex, in no particular order.

    Notes
    -----
    Backward stable. A directed network costs about 2 n^3 operations, nearly all in products of matrices; one connected
    part in both directions about 25 n^3, most of them for its Schur form.

    References
    ----------
    Bartels and Stewart, Commun. ACM 15, 820 (1972); Jonsson and Kagstrom, ACM Trans. Math. Softw. 28, 392 (2002).
    """
    everything = [np.arange(len(drift))]
    if not is_ordered or np.all(drift):
        return _solved(drift, source, everything)
    solution = np.zeros_like(drift)
    spectrum = np.empty(len(drift), dtype=np.complex128)
    for places in _parts((drift != 0) | (source != 0), "weak"):
        inside = np.ix_(places, places)
        solution[inside], spectrum[places] = _solved(drift[inside], source[inside], _downstream_first(drift[inside]))
    return solution, spectrum


def spectrum_by_parts(matrix: Real) -> NDArray[np.complex128]:
    """Eigenvalues of one large matrix, those of its strongly connected parts.

    Parameters
    ----------
    matrix : array, shape (n, n)
        Real.

    Returns
    -------
    array, shape (n,)
        Complex, in no particular order.

    Notes
    -----
    Not only faster than a spectrum of the whole: the equal rates of a long directed chain are one eigenvalue in a
    Jordan block, which rounding of the whole would scatter over a circle.
    """
    return np.concatenate([_spectrum(_schur(matrix[np.ix_(part, part)])[0]) for part in _downstream_first(matrix)])
