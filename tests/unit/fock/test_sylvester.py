"""Sylvester equations between jumps, judged by their residual, and the sectors that they fall into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import leyden as ly
from leyden.fock.operators import collapse_operators, hamiltonian
from leyden.fock.sylvester import sectors, sylvester_solver

pytest.importorskip("qutip")


def parts(device: ly.Network, cutoff: Any) -> tuple[Any, list[Any]]:
    """K and the jumps as sparse matrices."""
    jumps = [csr_array(jump.full()) for jump in collapse_operators(device, cutoff)]
    loss = sum(jump.conj().T @ jump for jump in jumps)
    effective = csr_array(1j * hamiltonian(device, cutoff).full() + loss / 2)
    effective.eliminate_zeros()
    return effective, jumps


def pair(photons: int, **changes: Any) -> ly.Network:
    build = ly.catalog.two_photon_battery if photons == 2 else ly.catalog.one_photon_battery
    return build(**({"drive": 0.2, "charger_damping": 0.1, "battery_damping": 0.3, "occupation": 0.1} | changes))


def test_two_photon_devices_keep_parity() -> None:
    found = sectors(*parts(pair(2), (4, 5)))
    parity = np.add.outer(np.arange(4), np.arange(5)).reshape(-1) % 2
    assert sorted(sorted(block.tolist()) for block in found) == [
        np.flatnonzero(parity == value).tolist() for value in (0, 1)
    ]


def test_one_photon_devices_keep_nothing() -> None:
    assert [block.tolist() for block in sectors(*parts(pair(1), (3, 4)))] == [list(range(12))]


def test_devices_at_rest_keep_the_number() -> None:
    found = sectors(*parts(pair(2, drive=0.0), (3, 3)))
    assert sorted(len(block) for block in found) == [1, 1, 2, 2, 3]


def test_a_jump_that_spreads_a_block_joins_all() -> None:
    """K is diagonal, but the jump from 2 leads to 0 and to 1 at once: they become coherent."""
    jump = csr_array(np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    effective = csr_array(np.diag([0.0, 1.0, 2.0]))
    assert len(sectors(effective, [])) == 3
    assert [block.tolist() for block in sectors(effective, [jump])] == [[0, 1, 2]]


@pytest.mark.parametrize(("photons", "cutoff"), [(1, (3, 4)), (1, (7, 9)), (2, (7, 9)), (2, (9, 16))])
def test_the_residual_vanishes(photons: int, cutoff: tuple[int, int]) -> None:
    """Below, at and above the size where blocks are halved; right sides that are not Hermitian, too."""
    effective, jumps = parts(pair(photons, detuning=0.4, coupling=0.3 - 0.1j), cutoff)
    dense, size = effective.toarray(), effective.shape[0]
    draw = np.random.default_rng(3)
    right = np.zeros((size, size), dtype=complex)
    for block in sectors(effective, jumps):
        place = np.ix_(block, block)
        right[place] = draw.standard_normal((len(block),) * 2) + 1j * draw.standard_normal((len(block),) * 2)
    solution = sylvester_solver(effective, jumps, 0.3)(right)
    residual = dense @ solution + solution @ dense.conj().T + 0.3 * solution + right
    # Backward stable: some rounding of |K| |X|.
    assert np.max(np.abs(residual)) < 1e-14 * np.linalg.norm(dense, 2) * np.linalg.norm(solution)
    assert np.max(np.abs(solution)) > 1e-2
