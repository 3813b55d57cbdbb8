"""Full ergotropy: against matrices in Fock space, bounds, and states that no unitary improves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden import merit, states


def by_matrices(quanta: list[float], energies: list[float], levels: int) -> float:
    """Least energy of a product of thermal modes, from its diagonal in Fock space."""
    populations, ladder = np.ones(1), np.zeros(1)
    for number, energy in zip(quanta, energies, strict=True):
        ratio = number / (1 + number)
        own = ratio ** np.arange(levels) / (1 + number)
        populations = np.multiply.outer(populations, own).reshape(-1)
        ladder = np.add.outer(ladder, energy * np.arange(levels)).reshape(-1)
    return float(np.sort(populations)[::-1] @ np.sort(ladder))


@pytest.mark.parametrize(
    ("quanta", "energies", "levels"),
    [([0.5, 0.1], [1.0, 1.0], 60), ([0.3, 0.4], [1.0, 2.3], 60), ([0.2, 0.05, 0.1], [1.0, 1.5, 0.7], 30)],
)
def test_thermal_modes_against_their_populations_in_fock_space(
    quanta: list[float], energies: list[float], levels: int
) -> None:
    state = states.product(*map(states.thermal, quanta))
    stored = float(np.dot(quanta, energies))
    assert float(merit.full_ergotropy(state, frequencies=energies)) == pytest.approx(
        stored - by_matrices(quanta, energies, levels), abs=1e-12
    )


def test_a_charger_and_its_battery() -> None:
    """Correlated and squeezed: the same normal modes, whatever made them so."""
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.2, occupation=0.2)
    state = ly.evolve(device, [40.0])[-1]
    gaussian, full = merit.global_gaussian_ergotropy(state), merit.full_ergotropy(state)
    stored = sum(float(merit.energy(state, mode)) for mode in range(2))
    omega = np.kron(np.eye(2), [[0, 1], [-1, 0]])
    eigenvalues = np.sort(np.abs(np.linalg.eigvals(1j * omega @ state.covariance)))[::2] - 0.5
    assert float(full) == pytest.approx(stored - by_matrices(eigenvalues.tolist(), [1.0, 1.0], 250), rel=1e-9)
    assert float(full) > float(gaussian)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0), st.floats(0.3, 3.0))
def test_it_is_between_the_gaussian_one_and_all_energy(first: float, second: float, frequency: float) -> None:
    state = states.product(states.thermal(first), states.thermal(second))
    energies = [1.0, frequency]
    full = float(merit.full_ergotropy(state, frequencies=energies))
    assert full >= float(merit.global_gaussian_ergotropy(state, frequencies=energies)) - 1e-14
    assert full <= first + frequency * second + 1e-14


def test_modes_of_one_temperature_give_nothing() -> None:
    """Completely passive: ln(1 + 1/n) over the frequency is the same."""
    ratios = np.exp(-0.7 * np.array([1.0, 2.0, 3.5]))
    state = states.product(*(states.thermal(ratio / (1 - ratio)) for ratio in ratios))
    assert float(merit.full_ergotropy(state, frequencies=[1.0, 2.0, 3.5])) == pytest.approx(0.0, abs=1e-13)


def test_pure_states_give_all() -> None:
    pair = states.two_mode_squeezed(0.8)
    assert float(merit.full_ergotropy(pair)) == pytest.approx(2 * np.sinh(0.8) ** 2, rel=1e-12)


def test_one_mode_and_batches() -> None:
    single = states.thermal(0.4)
    assert float(merit.full_ergotropy(single)) == float(merit.ergotropy(single, 0))
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.2)
    batch = ly.evolve(device, [0.0, 1.0, 9.0])
    found = merit.full_ergotropy(batch)
    assert found.shape == (3,)
    np.testing.assert_allclose(found, [merit.full_ergotropy(batch[place]) for place in range(3)], rtol=1e-13, atol=0)
    assert found[0] == 0.0


def test_states_that_are_too_hot_are_refused() -> None:
    hot = states.product(*[states.thermal(1e6)] * 3)
    with pytest.raises(ly.ParameterError, match="`state` must have at most 20000000 populations that count"):
        merit.full_ergotropy(hot)
