"""Drive work: the integral of the drives' flows, by quadrature, by the closed form, and on any grid."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden import closed_form as cf
from leyden import merit, states
from leyden.dense import drive_work, propagate

PAIR = {"charger_damping": 0.1, "battery_damping": 0.3}
STARTS = [
    states.vacuum(3),
    states.product(states.coherent(1j), states.squeezed(0.5, 0.3), states.thermal(1.0)),
]


def work_of(network: ly.Network, start: states.GaussianState, times) -> np.ndarray:
    equations = ly.moment_equations(network)
    frequencies = [mode.frequency for mode in network.modes]
    times = np.asarray(times, dtype=float)
    return drive_work(equations, frequencies, start, propagate(equations, start, times), times)


def drive_power(network: ly.Network, start: states.GaussianState, times) -> np.ndarray:
    """Sum of the flows of all drives into all modes."""
    equations = ly.moment_equations(network)
    frequencies = [mode.frequency for mode in network.modes]
    flows = merit.energy_flows(equations, propagate(equations, start, times), frequencies)
    drives = zip(equations.contributions, flows, strict=True)
    return sum(np.sum(flow, axis=-1) for entry, flow in drives if "Drive" in type(entry.element).__name__)


@pytest.mark.parametrize("start", STARTS, ids=["vacuum", "displaced"])
@pytest.mark.parametrize("stable", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_work_is_the_integral_of_the_drives_flows(random_network, seed: int, stable: bool, start) -> None:
    """Forty Gauss points over two units of time: exact to rounding for rates below five."""
    network = random_network(seed, stable=stable)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    expected = np.sum(weights * drive_power(network, start, nodes + 1))
    found = work_of(network, start, [0.0, 2.0])
    assert found[0] == 0.0
    assert found[1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("times", [np.linspace(0, 80, 41), np.geomspace(1e-4, 300, 20), np.array([7.0])], ids=str)
def test_work_of_the_papers_device(times) -> None:
    """The charger is a mode of its own; the closed form knows what its drive pays."""
    parameters = {"drive": 0.14, **PAIR}
    found = work_of(ly.catalog.two_photon_battery(phase=0.7, **parameters), states.vacuum(2), times)
    np.testing.assert_allclose(found, cf.drive_work(cf.DirectedDevice.of_rates(**parameters), times), rtol=1e-12)


@pytest.mark.parametrize("start", STARTS, ids=["vacuum", "displaced"])
def test_the_grid_does_not_matter(random_network, start) -> None:
    network = random_network(3)
    for grid in (np.linspace(0, 3, 7), np.linspace(1, 3, 5), np.array([0.0, 0.1, 2.0, 2.2]), np.array([2.0])):
        found = work_of(network, start, grid)
        for index, time in enumerate(grid):
            np.testing.assert_allclose(found[index], work_of(network, start, [time])[0], rtol=0, atol=1e-12)


def test_energy_is_conserved() -> None:
    """Without baths the drives' work is the energy, mode by mode frequency included."""
    network = ly.Network(
        [ly.Mode("a", 2.0, 0.3), ly.Mode("b", 2.0, 0.3)],
        [ly.TwoPhotonDrive("a", 0.1), ly.OnePhotonDrive("b", 0.2), ly.CoherentCoupling("a", "b", 0.4)],
        charger="a",
        battery="b",
    )
    times = np.linspace(0.0, 10.0, 21)
    found = ly.charge(network, times)
    np.testing.assert_allclose(found.drive_work, found.charger_energy + found.stored_energy, rtol=1e-12, atol=1e-14)


def test_each_frequency_prices_its_own_mode() -> None:
    """Two driven modes that do not talk: omega_a E_a + omega_b E_b, without damping."""
    elements = [ly.OnePhotonDrive("a", 0.2), ly.OnePhotonDrive("b", 0.5)]
    modes = [ly.Mode("a", np.array([2.0, 3.0])), ly.Mode("b", 5.0)]
    found = work_of(ly.Network(modes, elements, charger="a", battery="b"), states.vacuum(2), [0.0, 1.0, 2.0])
    times = np.array([0.0, 1.0, 2.0])
    expected = np.array([[2.0], [3.0]]) * (0.2 * times) ** 2 + 5.0 * (0.5 * times) ** 2
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_no_drive_no_work() -> None:
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", np.ones(3))], charger="a", battery="a")
    found = work_of(network, states.thermal(2.0), [0.0, 1.0])
    assert found.shape == (3, 2)
    assert not np.any(found)


@pytest.mark.parametrize("times", [[0.0, 1.0, 2.0], [0.0, 1.0, 5.0]], ids=["even", "odd"])
@pytest.mark.parametrize("start", [states.vacuum(2), states.coherent([1.0, 2j])], ids=["vacuum", "displaced"])
def test_batches_are_loops(start, times) -> None:
    drives = np.array([0.01, 0.1])
    for name, values in (("drive", drives), ("charger_damping", drives), ("phase", drives), ("frequency", drives)):
        given = {"drive": 0.05, **PAIR}
        found = work_of(ly.catalog.two_photon_battery(**(given | {name: values})), start, times)
        assert found.shape == (2, 3)
        for index, value in enumerate(values):
            one = work_of(ly.catalog.two_photon_battery(**(given | {name: value})), start, times)
            np.testing.assert_allclose(found[index], one, rtol=1e-13, atol=1e-16)


def test_batches_of_initial_states() -> None:
    start = states.thermal(np.array([[0.0, 1.0], [2.0, 0.5], [1.0, 1.0]]))
    network = ly.catalog.two_photon_battery(drive=0.05, **PAIR)
    found = work_of(network, start, [0.0, 1.0, 2.0])
    assert found.shape == (3, 3)
    np.testing.assert_allclose(found[1], work_of(network, states.thermal([2.0, 0.5]), [0.0, 1.0, 2.0]), rtol=1e-13)


def test_efficiency_is_ergotropy_over_work() -> None:
    found = ly.charge(ly.catalog.two_photon_battery(drive=0.1, **PAIR), [0.0, 5.0])
    assert np.isnan(found.charging_efficiency[0])
    assert found.charging_efficiency[1] == pytest.approx(float(found.ergotropy[1] / found.drive_work[1]), rel=1e-15)
