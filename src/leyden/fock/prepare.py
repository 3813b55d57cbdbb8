"""States to start from in a truncated Fock space: the vacuum, any Gaussian state, any QuTiP state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import to_numpy
from leyden.errors import ParameterError, TruncationError
from leyden.fock.operators import annihilators, load_qutip, sparse
from leyden.model.network import Network
from leyden.states.gaussian import GaussianState, check_physical

__all__ = ["checked_initial", "density_matrix", "embedded", "fock_matrix", "levels_of", "refuse_above"]

# A trace off by more than rounding is a state that was never normalised, or was cut off.
_TRACE = 1e-9


def embedded(matrix: NDArray[np.complex128], old: tuple[int, ...], new: tuple[int, ...]) -> NDArray[np.complex128]:
    """A density matrix on more levels, the new ones empty."""
    wide = np.zeros(new * 2, dtype=np.complex128)
    wide[tuple(slice(levels) for levels in old * 2)] = matrix.reshape(old * 2)
    return wide.reshape(int(np.prod(new)), -1)


def fock_matrix(state: GaussianState, cutoff: tuple[int, ...]) -> NDArray[np.complex128]:
    """Matrix elements <m|rho|n> of a single Gaussian state, exact up to rounding for every level kept."""
    # With alpha = (x + i p)/sqrt2, zeta = (alpha, alpha*), zeta_0 its mean and Q its covariance plus 1/2:
    #
    #     e^{|alpha|^2} <alpha|rho|alpha> = T exp(gamma^T A gamma/2 + b gamma),   gamma = (alpha*, alpha)
    #     A = (1 - Q^{-1}) X,   b = Q^{-1} zeta_0,   T = exp(-zeta_0^dag Q^{-1} zeta_0/2)/sqrt(det Q)
    #
    # where X swaps the halves (Serafini, Quantum Continuous Variables, 2017, Sec. 4.4). Read alpha* as a^dag on the
    # left and alpha as a on the right of |0><0|: that is rho.
    modes = len(cutoff)
    turn = np.kron(np.array([[1.0, 1.0j], [1.0, -1.0j]]) / np.sqrt(2.0), np.eye(modes))
    order = np.arange(2 * modes).reshape(modes, 2).T.reshape(-1)  # x1, x2, ..., p1, p2, ...
    excess, mean = to_numpy(state.excess)[np.ix_(order, order)], to_numpy(state.mean)[order]
    husimi = turn @ (excess + np.eye(2 * modes)) @ turn.conj().T
    center = turn @ mean
    inverse = np.linalg.inv(husimi)
    pairs = np.roll(np.eye(2 * modes) - inverse, modes, axis=1)
    singles = inverse @ center
    height = np.exp(-np.real(center.conj() @ singles) / 2) / np.sqrt(np.linalg.det(husimi).real)

    lowering = [sparse(lower) for lower in annihilators(cutoff)]
    size = int(np.prod(cutoff))

    def multiplied(place: int, matrix: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """gamma_place times a matrix: a^dag from the left, or a from the right."""
        return lowering[place].T @ matrix if place < modes else (lowering[place - modes].T @ matrix.T).T

    term = np.zeros((size, size), dtype=np.complex128)
    term[0, 0] = height
    total, step = term, 0
    # Raising never comes back from beyond the cutoff, so that the exponential series ends by itself.
    while term.any():
        step += 1
        grown = np.zeros_like(term)
        for row in range(2 * modes):
            inner = singles[row] * term
            for column in range(2 * modes):
                if pairs[row, column] != 0:
                    inner = inner + pairs[row, column] / 2 * multiplied(column, term)
            grown = grown + multiplied(row, inner)
        term = grown / step
        total = total + term
    return (total + total.conj().T) / 2


def checked_initial(network: Network, initial: Any) -> Any:
    """An initial state that fits the network: None for the vacuum, a GaussianState, or a density matrix of QuTiP."""
    modes = len(network.modes)
    if isinstance(initial, GaussianState):
        check_physical(initial, "initial")
        if np.ndim(initial.mean) != 1 or np.ndim(initial.excess) != 2:
            raise ParameterError.of("initial", "be one state in Fock space, no batch", np.shape(initial.mean))
        if initial.modes != modes:
            raise ParameterError.of("initial", f"have {modes} modes, as the network", initial.modes)
        return initial
    if initial is None:
        return None
    if not isinstance(initial, load_qutip().Qobj) or not (initial.isket or initial.isoper):
        raise ParameterError.of("initial", "be a GaussianState, a QuTiP ket or a QuTiP density matrix", initial)
    if len(initial.dims[0]) != modes:
        raise ParameterError.of("initial", f"have {modes} modes, as the network", initial.dims[0])
    matrix = initial.proj() if initial.isket else initial
    if not matrix.isherm or abs(matrix.tr() - 1) > _TRACE:
        raise ParameterError.of("initial", "be Hermitian with trace 1", matrix.tr(), "Normalise it with `.unit()`.")
    return matrix


def levels_of(initial: Any, names: Sequence[str], limit: float, largest: int) -> tuple[int, ...]:
    """Fewest levels for each mode, at most `largest`, above which an initial state has a population of `limit`."""
    if initial is None:
        return (2,) * len(names)
    if isinstance(initial, GaussianState):
        return tuple(_levels_of_mode(initial.reduced([mode]), name, limit, largest) for mode, name in enumerate(names))
    return tuple(initial.dims[0])


def _levels_of_mode(state: GaussianState, name: str, limit: float, largest: int) -> int:
    levels, above = 2, np.ones(2)
    while above[-1] > limit:
        if levels >= largest:
            raise TruncationError(
                f"Argument `initial` must fit into {largest} Fock levels, but a population of {above[-1]:.3g} of mode "
                f"{name!r} lies above. Start from a weaker excitation, or use the moments (`leyden.charge`).",
                population=float(above[-1]),
                cutoff=(levels,),
            )
        levels = min(2 * levels, largest)
        above = 1.0 - np.cumsum(np.diagonal(fock_matrix(state, (levels,))).real)
    return max(2, int(np.argmax(above <= limit)) + 1)


def refuse_above(names: Sequence[str], least: Sequence[int], own: Sequence[int | None]) -> None:
    """Refuse an initial state that populates levels which a mode does not have: cut off, it would be another one."""
    for name, needed, kept in zip(names, least, own, strict=True):
        if kept is not None and needed > kept:
            allowed = f"lie in the {kept} levels that mode {name!r} has"
            remedy = "Give `leyden.fock.charge` a density matrix of QuTiP, on these levels."
            raise ParameterError.of("initial", allowed, f"a state of at least {needed}", remedy)


def density_matrix(initial: Any, cutoff: tuple[int, ...]) -> Any:
    """Density matrix of an initial state on a truncated space, levels above its own empty."""
    qutip = load_qutip()
    dims = [list(cutoff), list(cutoff)]
    if initial is None:
        return qutip.fock_dm(list(cutoff), [0] * len(cutoff))
    if isinstance(initial, GaussianState):
        return qutip.Qobj(fock_matrix(initial, cutoff), dims=dims)
    levels = tuple(initial.dims[0])
    if any(own > kept for own, kept in zip(levels, cutoff, strict=True)):
        raise ParameterError.of("initial", f"have at most {cutoff} Fock levels, those of the cutoff", levels)
    return qutip.Qobj(embedded(initial.full(), levels, cutoff), dims=dims)
