"""Energy flows: each element's share of dE/dt, on paper, and their sum."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden import dense, merit, states

A, B = ly.Mode("a", frequency=2.0), ly.Mode("b", frequency=3.0)
STATE = states.product(states.coherent(1 - 2j), states.squeezed(0.5, 0.3))
ALPHA = 1 - 2j


def flows_of(*elements) -> list:
    network = ly.Network([A, B], elements, charger="a", battery="b")
    return merit.energy_flows(ly.moment_equations(network), STATE, [2.0, 3.0])


def test_one_flow_for_each_mode_and_element() -> None:
    flows = flows_of(ly.LocalBath("a", 1.0), ly.CoherentCoupling("a", "b", 0.1))
    assert [flow.shape for flow in flows] == [(1,), (1,), (1,), (2,)]
    assert [flow.tolist() for flow in flows[:2]] == [[0.0], [0.0]]


def test_damping_takes_its_rate_of_the_energy() -> None:
    """-kappa (<a^dag a> - n) omega."""
    *_, flow = flows_of(ly.LocalBath("a", 0.7, 0.25))
    assert flow[0] == pytest.approx(-2.0 * 0.7 * (5.0 - 0.25), rel=1e-14)


def test_a_coherent_drive_pays_in_the_displacement() -> None:
    """d<a^dag a>/dt = -i eps e^{-i theta} <a>* + c.c. = 2 eps Im(e^{-i theta} <a>*)."""
    *_, flow = flows_of(ly.OnePhotonDrive("a", 0.3, 0.8))
    expected = 2.0 * 2 * 0.3 * np.imag(np.exp(-0.8j) * np.conj(ALPHA))
    assert flow[0] == pytest.approx(expected, rel=1e-14)


def test_a_two_photon_drive_pays_in_the_pairing() -> None:
    """d<b^dag b>/dt = 4 eps Im(e^{-i theta} <b^2>*)."""
    *_, flow = flows_of(ly.TwoPhotonDrive("b", 0.3, 0.8))
    pairing = -np.exp(0.3j) * np.sinh(0.5) * np.cosh(0.5)
    assert flow[0] == pytest.approx(3.0 * 4 * 0.3 * np.imag(np.exp(-0.8j) * np.conj(pairing)), rel=1e-14)


def test_a_coupling_moves_quanta() -> None:
    """What leaves one mode enters the other, counted in quanta."""
    amplitudes = ly.states.coherent([1 - 2j, 0.5j])
    network = ly.Network([A, B], [ly.CoherentCoupling("a", "b", 0.3 - 0.1j)], charger="a", battery="b")
    *_, flow = merit.energy_flows(ly.moment_equations(network), amplitudes, [2.0, 3.0])
    # d<b^dag b>/dt = 2 Re(<b>* (-i J) <a>)
    quanta = 2 * np.real(np.conj(0.5j) * -1j * (0.3 - 0.1j) * (1 - 2j))
    np.testing.assert_allclose(flow, [-2.0 * quanta, 3.0 * quanta], rtol=1e-14)


@pytest.mark.parametrize("seed", range(4))
def test_flows_sum_to_the_power(random_network, seed: int) -> None:
    """Exactly, up to the rounding of terms of order one: nothing is lost between the elements."""
    network = random_network(seed)
    equations = ly.moment_equations(network)
    times = np.array([0.0, 0.3, 2.0])
    state = dense.propagate(equations, states.coherent([1.0, 2j, 0.0]), times)
    frequencies = [mode.frequency for mode in network.modes]
    total = np.zeros((3, 3))
    for entry, flow in zip(equations.contributions, merit.energy_flows(equations, state, frequencies), strict=True):
        assert flow.shape == (3, len(entry.modes))
        for place, mode in enumerate(entry.modes):
            total[mode] += flow[:, place]
    rates = states.MomentRates(*equations.rates(state.mean, state.excess))
    for mode in range(3):
        power = merit.power(state, rates, mode, frequencies[mode])
        np.testing.assert_allclose(total[mode], power, rtol=0, atol=1e-12)


def test_flows_of_a_batch_over_time() -> None:
    rates = np.array([0.5, 1.0])
    network = ly.Network([ly.Mode("a", 2.0)], [ly.LocalBath("a", rates)], charger="a", battery="a")
    times = np.array([0.0, 1.0, 2.0])
    equations = ly.moment_equations(network)
    state = dense.propagate(equations, states.thermal(2.0), times)
    mode, bath = merit.energy_flows(equations.over_time(), state, [2.0])
    assert mode.shape == bath.shape == (2, 3, 1)
    np.testing.assert_allclose(bath[..., 0], -4 * rates[:, None] * np.exp(-rates[:, None] * times), rtol=1e-14)
