"""Energy and power: exact values, and dE/dt against the amplitude equations and a finite difference."""

from __future__ import annotations

import math

import numpy as np
import pytest

import leyden as ly
from leyden import dense, merit, states

ROUNDING = 1e-13


def test_energies_of_known_states() -> None:
    """n, |alpha|^2 and sinh^2 r quanta, times the energy of one."""
    state = states.product(states.thermal(0.7), states.coherent(1 - 2j), states.squeezed(0.5, 0.3))
    expected = [0.7, 5.0, math.sinh(0.5) ** 2]
    for mode, number in enumerate(expected):
        assert merit.energy(state, mode) == pytest.approx(number, rel=1e-15)
        assert merit.energy(state, mode, 2.5) == pytest.approx(2.5 * number, rel=1e-15)
    assert merit.energy(states.vacuum(2), 1) == 0.0


def test_weak_excitation_keeps_its_digits() -> None:
    assert merit.energy(states.thermal(1e-20), 0) == 1e-20
    assert merit.energy(states.coherent(1e-12), 0) == pytest.approx(1e-24, rel=1e-15)


def test_frequencies_broadcast_over_the_batch() -> None:
    state = states.thermal(np.array([[1.0], [2.0]]))
    found = merit.energy(state, 0, np.array([3.0, 4.0]))
    assert found.tolist() == [3.0, 8.0]


@pytest.mark.parametrize("seed", range(5))
def test_power_is_the_rate_of_the_photon_number(random_network, amplitude_equations, seed: int) -> None:
    """d<a^dag a>/dt of the literal reference, for a displaced, squeezed, hot state."""
    network = random_network(seed)
    equations, reference = ly.moment_equations(network), amplitude_equations(network)
    state = states.product(states.coherent(1 - 2j), states.squeezed(0.5, 0.3), states.thermal(0.7))
    _, number_rate, _ = reference.rates(*reference.ladder_moments(state.mean, state.excess))
    for mode in range(3):
        expected = 1.5 * number_rate[mode, mode].real
        rates = states.MomentRates(*equations.rates(state.mean, state.excess))
        assert merit.power(state, rates, mode, 1.5) == pytest.approx(expected, abs=ROUNDING * 10)


def test_power_over_time_is_the_slope_of_the_energy(random_network) -> None:
    """Central differences of step h: h^2/6 times the third derivative, of order one, and 1e-16/h of rounding."""
    network = random_network(2)
    equations = ly.moment_equations(network)
    step = 1e-5
    times = np.array([1.0 - step, 1.0, 1.0 + step])
    state, rates = dense.propagate_with_rates(equations, states.squeezed([0.1, 0.4, 0.2]), times)
    for mode in range(3):
        before, _, after = merit.energy(state, mode)
        slope = (after - before) / (2 * step)
        assert merit.power(state, rates, mode)[1] == pytest.approx(slope, abs=1e-9)


def test_power_of_a_batch_over_time() -> None:
    """E = 2 e^{-kappa t}, P = -kappa E, over (batch, time), from rates that are propagated or taken at each state."""
    rates = np.array([0.5, 1.0, 2.0])
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rates)], charger="a", battery="a")
    equations = ly.moment_equations(network)
    times = np.array([0.0, 0.3, 1.0, 2.0])
    state, changes = dense.propagate_with_rates(equations, states.thermal(2.0), times)
    energy = 2 * np.exp(-rates[:, None] * times)
    np.testing.assert_allclose(merit.energy(state, 0), energy, rtol=1e-14)
    np.testing.assert_allclose(merit.power(state, changes, 0), -rates[:, None] * energy, rtol=1e-14)
    at_each = states.MomentRates(*equations.over_time().rates(state.mean, state.excess))
    np.testing.assert_allclose(merit.power(state, at_each, 0), -rates[:, None] * energy, rtol=1e-14)


def test_the_energy_variance_is_that_of_the_covariance() -> None:
    """tr(V^2)/2 - 1/4 + <r>^T V <r>, of a displaced squeezed thermal mode beside another."""
    state = states.product(states.thermal(0.3), states.squeezed(0.6, 0.4))
    hot = state.excess + 0.2 * np.diag([0.0, 0.0, 1.0, 1.0])
    shifted = states.GaussianState(mean=np.array([0.0, 0.0, 0.7, -0.4]), excess=hot)
    block, mean = shifted.covariance[2:, 2:], shifted.mean[2:]
    expected = np.trace(block @ block) / 2 - 0.25 + mean @ block @ mean
    assert merit.energy_variance(shifted, 1, 3.0) == pytest.approx(9 * expected, rel=1e-14)
    assert merit.energy_variance(shifted, 0) == pytest.approx(0.3 * 1.3, rel=1e-14)
    ratio = float(merit.energy(shifted, 1)) / expected**0.5
    assert merit.signal_to_noise(shifted, 1) == pytest.approx(ratio, rel=1e-14)


def test_the_energy_variance_of_a_weak_state_has_its_digits() -> None:
    weak = states.GaussianState(mean=np.array([1e-9, 0.0]), excess=np.diag([1e-9, 1e-9]))
    assert merit.energy_variance(weak, 0) == pytest.approx(1e-9 * (1 + 1e-9) + 5e-19, rel=1e-15)
    assert np.isnan(merit.signal_to_noise(states.vacuum(1), 0))
