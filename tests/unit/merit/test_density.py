"""Energy and ergotropy by spectrum, on states whose best unitary is known or can be found by trying all."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from leyden import fock

qutip = pytest.importorskip("qutip")

EXACT = 1e-13


def random_state(levels: int, seed: int) -> np.ndarray[Any, Any]:
    draw = np.random.default_rng(seed)
    factor = draw.standard_normal((levels, levels)) + 1j * draw.standard_normal((levels, levels))
    state = factor @ factor.conj().T
    return state / np.trace(state).real


@pytest.mark.parametrize("n", [0, 1, 4])
def test_a_number_state_gives_everything(n: int) -> None:
    ket = qutip.basis(6, n)
    assert fock.energy(ket) == pytest.approx(n, abs=EXACT)
    assert fock.ergotropy(ket) == pytest.approx(n, abs=EXACT)
    assert fock.passive_energy(ket) == pytest.approx(0.0, abs=EXACT)


def test_a_thermal_state_gives_nothing() -> None:
    weights = (0.3 / 1.3) ** np.arange(40) / 1.3
    state = qutip.qdiags(weights)
    assert fock.energy(state) == pytest.approx(0.3, abs=1e-12)
    assert fock.ergotropy(state) == pytest.approx(0.0, abs=EXACT)
    assert fock.purity(state) == pytest.approx(1 / 1.6, abs=EXACT)
    assert fock.entropy(state) == pytest.approx(1.3 * np.log(1.3) - 0.3 * np.log(0.3), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_the_spectrum_gives_more(seed: int) -> None:
    """The best unitary takes eigenvectors to levels; here all ways are tried."""
    state = random_state(5, seed)
    spectrum = np.linalg.eigvalsh(state)
    lowest = min(float(np.dot(order, range(5))) for order in permutations(spectrum))
    assert fock.passive_energy(state, 2.0) == pytest.approx(2 * lowest, abs=EXACT)
    assert fock.energy(state, 2.0) == pytest.approx(2 * np.trace(state @ np.diag(range(5))).real, abs=EXACT)
    assert fock.ergotropy(state, 2.0) == pytest.approx(fock.energy(state, 2.0) - 2 * lowest, abs=EXACT)


def test_unitaries_change_energy_and_nothing_else() -> None:
    state = qutip.Qobj(random_state(6, 7))
    turned = qutip.rand_unitary(6, seed=8)
    other = turned @ state @ turned.dag()
    assert fock.passive_energy(other) == pytest.approx(fock.passive_energy(state), abs=EXACT)
    assert fock.purity(other) == pytest.approx(fock.purity(state), abs=EXACT)
    assert fock.entropy(other) == pytest.approx(fock.entropy(state), abs=1e-12)
    assert abs(fock.energy(other) - fock.energy(state)) > 0.01


def test_a_pure_state_has_no_entropy() -> None:
    ket = (qutip.basis(3, 0) + 1j * qutip.basis(3, 2)).unit()
    assert fock.entropy(ket) == pytest.approx(0.0, abs=1e-12)
    assert fock.purity(ket) == pytest.approx(1.0, abs=EXACT)


def test_purity_and_entropy_of_several_modes() -> None:
    bell = (qutip.basis([2, 2], [0, 0]) + qutip.basis([2, 2], [1, 1])).unit()
    assert fock.purity(bell.proj()) == pytest.approx(1.0, abs=EXACT)
    assert fock.entropy(bell.proj().ptrace(0)) == pytest.approx(np.log(2), abs=EXACT)


@pytest.mark.parametrize("merit", [fock.energy, fock.passive_energy, fock.ergotropy, fock.purity, fock.entropy])
def test_only_density_matrices_have_worth(refuses: Any, merit: Any) -> None:
    refuses("rho", lambda: merit(np.ones(3)), "square")
    refuses("rho", lambda: merit(np.ones((2, 3))), "square")
    refuses("rho", lambda: merit([[1.0, 1.0], [0.0, 0.0]]), "Hermitian")
    refuses("rho", lambda: merit([[np.nan, 0.0], [0.0, 1.0]]), "Hermitian")


@pytest.mark.parametrize("merit", [fock.energy, fock.passive_energy, fock.ergotropy])
def test_energies_are_of_one_mode(refuses: Any, merit: Any) -> None:
    refuses("rho", lambda: merit(qutip.fock_dm([2, 2], [0, 1])), "one mode", "ptrace")
