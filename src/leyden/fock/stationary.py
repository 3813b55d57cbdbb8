"""Stationary states of a Lindblad equation in a truncated Fock space, by an accelerated series of quantum jumps.

Written as L rho = -(K rho + rho K^dag) + sum_j L_j rho L_j^dag with K = i H + sum_j L_j^dag L_j/2, the part between the
jumps is a Sylvester equation of the size of the Hilbert space, not of its square. Solving it exactly and leaving the
jumps to a Krylov method finds a stationary state in some 30 steps, where a sparse factorization of L itself would need
hours and gigabytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import LeydenError
from leyden.fock.sylvester import sylvester_solver

__all__ = ["stationary_matrix"]

Matrix = NDArray[np.complex128]

# Decay added between the jumps, relative to their mean rate, and given back by an extra jump that changes nothing:
# without it a dark state would make the Sylvester equation singular. A tenth needs the fewest steps.
_SHIFT = 0.1
# Residual at which a stationary state is accepted, in units of that decay, or of this share of all rates where that
# decay is out of sight; rounding leaves about 1e-16 of all rates.
_RESIDUAL, _IN_SIGHT = 1e-12, 1e-2
# Before it starts afresh the Krylov method keeps as many matrices as fit into so many numbers (300 MB), within bounds.
_KEPT_NUMBERS, _FEWEST_STEPS, _MOST_STEPS = 4e7, 60, 300
_ALL_STEPS = 600


def _packed(matrix: Matrix) -> NDArray[np.float64]:
    """A Hermitian matrix as d^2 real numbers: its real part is symmetric, its imaginary part antisymmetric."""
    return (matrix.real + matrix.imag).reshape(-1)


def _unpacked(numbers: NDArray[np.float64]) -> Matrix:
    size = int(np.sqrt(len(numbers)))
    both = numbers.reshape(size, size)
    return (both + both.T) / 2 + 0.5j * (both - both.T)


def stationary_matrix(hamiltonian: Any, jumps: Sequence[Any], start: Matrix) -> Matrix:
    """Stationary density matrix, L rho = 0 with trace 1; where there are several, `start` decides which one."""
    from scipy.sparse.linalg import LinearOperator, gmres

    # Solves (L - s start Tr) rho = -s start, whose trace says Tr rho = 1, with GMRES preconditioned from the right.
    # Cost: some 30 Sylvester equations of size d, hundreds close to a threshold; less than a second at d = 200; at d =
    # 800 seven where parity is conserved, as in two-photon devices, and half a minute elsewhere. Where the slowest
    # decay is a fraction r of the jump rate, the state is right to about 1e-13/r.
    size = hamiltonian.shape[0]
    loss: Any = sum(jump.conj().T @ jump for jump in jumps)
    effective = (1j * hamiltonian + loss / 2).tocsr()
    effective.eliminate_zeros()
    shift = _SHIFT * float(loss.diagonal().real.mean())
    solve = sylvester_solver(effective, jumps, shift)
    pairs = [(jump, jump.conj()) for jump in jumps]

    def jumped(state: Matrix) -> Matrix:
        total = shift * state
        for jump, conjugate in pairs:
            total = total + (conjugate @ (jump @ state).T).T
        return total

    def apply(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        right = _unpacked(numbers)
        state = solve(right)
        return _packed(right + jumped(state) - shift * np.trace(state).real * start)

    decay = effective @ start + shift / 2 * start
    residual = decay + decay.conj().T - jumped(start)
    # The stubs of SciPy do not know that a plain function of vectors will do.
    operator: Any = LinearOperator((size * size, size * size), matvec=apply, dtype=np.float64)  # pyright: ignore
    accepted = _RESIDUAL * max(shift, _IN_SIGHT * float(abs(effective).sum(axis=0).max()))
    kept = int(np.clip(_KEPT_NUMBERS / size**2, _FEWEST_STEPS, _MOST_STEPS))
    rounds = _ALL_STEPS // kept
    numbers, failed = gmres(operator, _packed(residual), rtol=0.0, atol=accepted, restart=kept, maxiter=rounds)
    if failed:
        raise LeydenError(
            f"The stationary state of dimension {size} must settle, but its residual has not fallen to {accepted:.3g} "
            f"in {rounds * kept} steps. Damp the device more strongly, or follow it in time with `charge`.",
            dimension=size,
        )
    state = start + solve(_unpacked(numbers))
    return state / np.trace(state).real
