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
from leyden.fock.liouville import flow_of
from leyden.fock.sylvester import effective_of, sectors, sylvester_solver

__all__ = ["bytes_needed", "factorized_matrix", "remembered_matrix", "stationary_matrix"]

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


# Of what is left of a start: unknowns up to which L is factorized, rates at which what decays is looked for, as shares
# of the largest entry of L, how often at each, and the change that counts as none.
_MOST_REMEMBERED = 30_000
_RATES, _REPEATED, _STANDS = tuple(10.0**-power for power in range(2, 10)), 12, 1e-13
# Share of the largest pivot below which a second stationary state is what is left.
_SINGULAR = 1e-14


class _Packing:
    """Hermitian matrices as real numbers: in each block the real part is symmetric, the other one antisymmetric."""

    def __init__(self, blocks: Sequence[NDArray[np.intp]]) -> None:
        self.size = sum(map(len, blocks))
        self.places = [np.ix_(states, states) for states in blocks]
        self.ends = np.cumsum([len(states) ** 2 for states in blocks])

    @property
    def numbers(self) -> int:
        """How many there are: what has no coherence with what is left out."""
        return int(self.ends[-1])

    def packed(self, matrix: Matrix) -> NDArray[np.float64]:
        return np.concatenate([(matrix[place].real + matrix[place].imag).reshape(-1) for place in self.places])

    def unpacked(self, numbers: NDArray[np.float64]) -> Matrix:
        matrix = np.zeros((self.size, self.size), dtype=np.complex128)
        for place, part in zip(self.places, np.split(numbers, self.ends[:-1]), strict=True):
            both = part.reshape(len(place[0]), -1)
            matrix[place] = (both + both.T) / 2 + 0.5j * (both - both.T)
        return matrix


def stationary_matrix(hamiltonian: Any, jumps: Sequence[Any], start: Matrix) -> Matrix:
    """Stationary density matrix, L rho = 0 with trace 1; where there are several, `start` decides which one."""
    from scipy.sparse.linalg import LinearOperator, gmres

    # Solves (L - s start Tr) rho = -s start, whose trace says Tr rho = 1, with GMRES preconditioned from the right.
    # Cost: some 30 Sylvester equations of size d, hundreds close to a threshold; less than a second at d = 200; at d =
    # 800 seven where parity is conserved, as in two-photon devices, and half a minute elsewhere. Where the slowest
    # decay is a fraction r of the jump rate, the state is right to about 1e-13/r.
    size = hamiltonian.shape[0]
    loss: Any = sum(jump.conj().T @ jump for jump in jumps)
    effective = effective_of(hamiltonian, jumps)
    packing = _Packing(sectors(effective, jumps))
    shift = _SHIFT * float(loss.diagonal().real.mean())
    solve = sylvester_solver(effective, jumps, shift)
    pairs = [(jump, jump.conj()) for jump in jumps]

    def jumped(state: Matrix) -> Matrix:
        total = shift * state
        for jump, conjugate in pairs:
            total = total + (conjugate @ (jump @ state).T).T
        return total

    def apply(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        right = packing.unpacked(numbers)
        state = solve(right)
        return packing.packed(right + jumped(state) - shift * np.trace(state).real * start)

    decay = effective @ start + shift / 2 * start
    residual = decay + decay.conj().T - jumped(start)
    # The stubs of SciPy do not know that a plain function of vectors will do.
    operator: Any = LinearOperator((packing.numbers,) * 2, matvec=apply, dtype=np.float64)  # pyright: ignore
    accepted = _RESIDUAL * max(shift, _IN_SIGHT * float(abs(effective).sum(axis=0).max()))
    kept = int(np.clip(_KEPT_NUMBERS / packing.numbers, _FEWEST_STEPS, _MOST_STEPS))
    rounds = _ALL_STEPS // kept
    numbers, failed = gmres(operator, packing.packed(residual), rtol=0.0, atol=accepted, restart=kept, maxiter=rounds)
    if failed:
        raise LeydenError(
            f"The stationary state of dimension {size} must settle, but its residual has not fallen to {accepted:.3g} "
            f"in {rounds * kept} steps. Damp the device more strongly, or follow it in time with `charge`.",
            dimension=size,
        )
    state = start + solve(packing.unpacked(numbers))
    return state / np.trace(state).real


def bytes_needed(dimension: int, blocks: int) -> float:
    """About the memory that `stationary_matrix` takes for a dimension that falls into so many blocks."""
    numbers = dimension**2 / blocks
    steps = min(max(_KEPT_NUMBERS / numbers, _FEWEST_STEPS), _MOST_STEPS)
    return 8 * numbers * steps + 10 * 16 * float(dimension) ** 2


def factorized_matrix(hamiltonian: Any, jumps: Sequence[Any], start: Matrix) -> tuple[Matrix, float]:
    """The stationary density matrix of what a start reaches, and an estimate of its error; infinite: there are more."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    # By factors of L itself, a real one of half the entries: for one mode the quickest way, and close to a threshold,
    # where a series of jumps is long, as quick as elsewhere.
    flow = flow_of(hamiltonian, jumps, start)
    generator = flow.generator.tocoo()
    scale = float(np.max(np.abs(generator.data), initial=0.0)) or 1.0
    # The first equation, that of a population, follows from the others, and makes room for the trace.
    kept, trace = generator.row > 0, flow.trace
    (diagonal,) = np.nonzero(trace)
    rows = np.concatenate([np.zeros_like(diagonal), generator.row[kept]])
    columns = np.concatenate([diagonal, generator.col[kept]])
    values = np.concatenate([scale * trace[diagonal], generator.data[kept]])
    matrix = sparse.coo_array((values, (rows, columns)), shape=generator.shape).tocsc()
    right = np.zeros(flow.width)
    right[0] = scale
    try:
        factors = splu(matrix)
    except RuntimeError:  # exactly singular
        return start, np.inf
    pivots = np.abs(factors.U.diagonal())
    if pivots.min() <= _SINGULAR * pivots.max():
        return start, np.inf
    found = factors.solve(right)
    found = found + factors.solve(right - matrix @ found)
    # What is added is as large as what is left out, where one step mends no more.
    error = float(np.max(np.abs(factors.solve(right - matrix @ found))))
    return flow.unpacked(found), error


def remembered_matrix(hamiltonian: Any, jumps: Sequence[Any], start: Matrix) -> tuple[Matrix, float]:
    """What is left of a start in the end where there are several stationary states, and how much that still changes."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    flow = flow_of(hamiltonian, jumps, start)
    if flow.width > _MOST_REMEMBERED:
        raise LeydenError(
            f"Argument `initial` must lie in one sector of what is conserved where the Hilbert space is large, but "
            f"occupies several, in {flow.width} unknowns of at most {_MOST_REMEMBERED}. Use `charge`.",
            dimension=flow.size,
        )
    numbers, generator = flow.packed(start), flow.generator.tocsc()
    one, trace = sparse.eye_array(flow.width, format="csc"), flow.trace
    scale = float(np.max(np.abs(generator.data), initial=0.0))
    best, change = numbers, np.inf if scale else 0.0
    for share in _RATES if scale else ():
        # s/(s - L) multiplies what decays at a rate r by s/(s + r), and what stays by one. What only stays because
        # there are no more levels for it decays, too, at a rate that falls with each more of them: before that, the
        # change is the smallest.
        shift = share * scale
        factors, before = splu((shift * one - generator).tocsc()), numbers
        for _ in range(_REPEATED):
            before, numbers = numbers, shift * factors.solve(numbers)
            numbers = numbers / float(trace @ numbers)
        if (now := float(np.max(np.abs(numbers - before)))) < change:
            best, change = numbers, now
        if change < _STANDS:
            break
    return flow.unpacked(best), change
