"""What happens between quantum jumps: Sylvester equations K X + X K^dag + s X = -Y, in blocks without coherence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import load_scipy_linalg

__all__ = ["effective_of", "sectors", "sylvester_solver"]

Matrix = NDArray[np.complex128]

# Triangular blocks of this size go to LAPACK; its solver works column by column, so that halving larger ones and
# leaving the rest to matrix products is up to seven times faster.
_LEAF = 32


def effective_of(hamiltonian: Any, jumps: Sequence[Any]) -> Any:
    """K = i H + sum L^dag L/2, what happens between the jumps, sparse."""
    effective = 1j * hamiltonian
    for jump in jumps:
        effective = effective + jump.conj().T @ jump / 2
    effective = effective.tocsr()
    effective.eliminate_zeros()
    return effective


def sectors(effective: Any, jumps: Sequence[Any]) -> list[NDArray[np.intp]]:
    """Blocks of basis states without coherence between them: the weak symmetry of a Lindblad equation."""
    from scipy.sparse import csgraph

    # Two-photon devices have two, of even and of odd photon number; where a jump would spread one block over several
    # there is a single block.
    _, block = csgraph.connected_components(abs(effective), directed=False)
    for jump in jumps:
        rows, columns = jump.nonzero()
        moves = np.unique(np.stack([block[columns], block[rows]]), axis=1)
        if len(np.unique(moves[0])) < moves.shape[1]:
            return [np.arange(len(block))]
    return [np.flatnonzero(block == label) for label in range(int(block.max()) + 1)]


def _triangular(first: Matrix, second: Matrix, right: Matrix) -> Matrix:
    """X of first X + X second^dag = right, both triangular, by halving the longer side until LAPACK takes over."""
    from scipy.linalg import get_lapack_funcs

    rows, columns = right.shape
    if max(rows, columns) <= _LEAF:
        lapack: Any = get_lapack_funcs(("trsyl",), (first,))
        solution, scale, _ = lapack[0](first, second, right, tranb="C")
        return solution / scale
    if rows < columns:
        # The adjoint equation is of the same form.
        return _triangular(second, first, right.conj().T).conj().T
    half = rows // 2
    lower = _triangular(first[half:, half:], second, right[half:])
    upper = _triangular(first[:half, :half], second, right[:half] - first[:half, half:] @ lower)
    return np.concatenate([upper, lower])


def sylvester_solver(effective: Any, jumps: Sequence[Any], shift: float) -> Callable[[Matrix], Matrix]:
    """Solver of -(K X + X K^dag) - shift X = Y for Y without coherence between sectors; K = i H + sum L^dag L/2."""
    # Bartels and Stewart: one Schur form for each sector, then 2 n^3 products for each call; backward stable. The shift
    # is positive, so that a dark state does no harm.
    load_scipy_linalg()
    from scipy.linalg import schur

    factors: list[tuple[Any, Any, Any]] = []
    for states in sectors(effective, jumps):
        block = effective[states][:, states].toarray() + shift / 2 * np.eye(len(states))
        factors.append((np.ix_(states, states), *schur(block, output="complex")))

    def solve(right: Matrix) -> Matrix:
        solution = np.zeros_like(right)
        for place, triangle, basis in factors:
            adjoint = basis.conj().T
            solution[place] = basis @ _triangular(triangle, triangle, -(adjoint @ right[place] @ basis)) @ adjoint
        return solution

    return solve
