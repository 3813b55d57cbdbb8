"""Propagation: against an ODE solver on the literal reference, exact solutions, and itself on other grids."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden import states
from leyden.dense import propagate, propagate_with_rates

PAIR = {"charger_damping": 0.1, "battery_damping": 0.3}
STARTS = {
    "vacuum": states.vacuum(3),
    "thermal": states.thermal([0.5, 0.0, 2.0]),
    "coherent": states.coherent([1.0, -2j, 0.5 + 0.5j]),
    "squeezed": states.squeezed([0.3, 0.8, 0.1], [0.0, 1.0, 2.0]),
    "product": states.product(states.coherent(1j), states.squeezed(0.5, 0.3), states.thermal(1.0)),
}
GRIDS = {
    "single": np.array([1.3]),
    "equidistant": np.linspace(0.0, 4.0, 9),
    "later": np.linspace(1.0, 3.0, 5),
    "logarithmic": np.geomspace(1e-3, 4.0, 7),
    "scattered": np.array([0.0, 1e-12, 0.3, 1.0, 3.9]),
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("stable", [True, False])
def test_moments_follow_the_amplitude_equations(random_network, amplitude_equations, start, stable) -> None:
    """An explicit solver of order eight on <a>, <a^dag a>, <a a>; its error per step, 1e-13, grows with the state."""
    network = random_network(7, stable=stable)
    times = np.array([1e-12, 1e-3, 0.1, 0.5, 1.3, 3.0])
    found = propagate(ly.moment_equations(network), STARTS[start], times)
    reference = amplitude_equations(network)
    for index, expected in enumerate(reference.solve(STARTS[start], times)):
        moments = reference.ladder_moments(found.mean[index], found.excess[index])
        for one, other in zip(moments, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=2e-11 * max(1.0, np.max(np.abs(other))))


@pytest.mark.parametrize("grid", GRIDS)
def test_the_grid_does_not_matter(random_network, grid: str) -> None:
    """Each time by itself, straight from the start."""
    equations = ly.moment_equations(random_network(8))
    found = propagate(equations, STARTS["product"], GRIDS[grid])
    for index, time in enumerate(GRIDS[grid]):
        single = propagate(equations, STARTS["product"], np.array([time]))
        np.testing.assert_allclose(found.mean[index], single.mean[0], rtol=0, atol=1e-13)
        np.testing.assert_allclose(found.excess[index], single.excess[0], rtol=0, atol=1e-13)


def test_time_zero_is_the_start(random_network) -> None:
    equations = ly.moment_equations(random_network(9))
    for grid in (np.array([0.0]), np.array([0.0, 1.0]), np.array([0.0, 1.0, 5.0])):
        found = propagate(equations, STARTS["product"], grid)
        np.testing.assert_array_equal(found.mean[0], STARTS["product"].mean)
        np.testing.assert_array_equal(found.excess[0], STARTS["product"].excess)


def test_nearly_equidistant_grids_are_not_bent() -> None:
    """A point moved by 1e-9 of the step must feel it."""
    equations = ly.moment_equations(ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], charger="a", battery="a"))
    times = np.linspace(0.0, 10.0, 11)
    times[5] += 1e-9
    found = propagate(equations, states.thermal(1.0), times).excess[:, 0, 0]
    np.testing.assert_allclose(found, np.exp(-times), rtol=1e-14)


def test_fine_grids_keep_their_digits() -> None:
    """A hundred thousand small steps of a slow mode: the doubled steps must not round its rate away."""
    rate = 1e-4
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rate), ly.OnePhotonDrive("a", 1.0)], "a", "a")
    times = np.linspace(0.0, 100.0, 100_001)
    found = propagate(ly.moment_equations(network), states.thermal(1.0), times)
    np.testing.assert_allclose(found.excess[:, 0, 0], np.exp(-rate * times), rtol=1e-14)
    # <a> = -i (2 eps/kappa) (1 - e^{-kappa t/2})
    displacement = np.sqrt(2.0) * (2 / rate) * np.expm1(-rate * times / 2)
    np.testing.assert_allclose(found.mean[1:, 1], displacement[1:], rtol=1e-13)


def test_huge_steps_on_stiff_devices() -> None:
    """Rates from 1e-3 to 1e6 and a step of 1e6: settled, and no warning."""
    network = ly.catalog.two_photon_battery(drive=2e-4, charger_damping=1e-3, battery_damping=1e6, shared_rate=1e-4)
    equations = ly.moment_equations(network)
    found = propagate(equations, states.thermal([1.0, 1.0]), np.array([0.0, 1e6, 2e6, 3e6]))
    steady = ly.steady_state(network)
    energy = (found.excess[:, 0, 0] + found.excess[:, 1, 1]) / 2
    # e^{-r t} is gone; what is left is the rounding of the drift, 1e-16 |A|/r = 1e-16 1e6/1e-4.
    np.testing.assert_allclose(energy[1:], float(steady.charger_energy), rtol=1e-5)


def test_times_beyond_all_scales() -> None:
    network = ly.catalog.two_photon_battery(drive=0.05, **PAIR)
    late = ly.charge(network, [0.0, 5e-324, 1e-300, 1e300]).stored_energy.values
    assert late[:3].tolist() == [0.0, 0.0, 0.0]
    assert late[3] == pytest.approx(float(ly.steady_state(network).stored_energy), rel=1e-12)


def test_nothing_acts_on_nothing() -> None:
    equations = ly.moment_equations(ly.Network([ly.Mode("a")], [], charger="a", battery="a"))
    found = propagate(equations, states.squeezed(0.4), np.array([0.0, 1.0, 1e9]))
    np.testing.assert_array_equal(found.excess, np.broadcast_to(states.squeezed(0.4).excess, (3, 2, 2)))


def test_an_undamped_mode_turns() -> None:
    """<a> = e^{-i Delta t}: after ten thousand radians the angle has lost four digits, not more."""
    equations = ly.moment_equations(ly.Network([ly.Mode("a", detuning=2.0)], [], charger="a", battery="a"))
    times = np.linspace(0.0, 5e3, 5001)
    found = propagate(equations, states.coherent(1.0), times).mean
    np.testing.assert_allclose(found[:, 0] + 1j * found[:, 1], np.sqrt(2) * np.exp(-2j * times), rtol=0, atol=1e-11)


@pytest.mark.parametrize("times", [np.linspace(0, 30, 31), np.array([0.0, 0.1, 1.0, 10.0, 30.0])], ids=["even", "odd"])
def test_an_undamped_drive_squeezes_without_end(times) -> None:
    """sinh^2(2 eps t) quanta, up to e^60."""
    network = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.5, 0.3)], charger="a", battery="a")
    found = ly.charge(network, times)
    np.testing.assert_allclose(found.charger_energy, np.sinh(times) ** 2, rtol=1e-12)
    np.testing.assert_allclose(found.charging_power, np.sinh(2 * times), rtol=1e-12)


def test_exceptional_points_are_points_like_others() -> None:
    """Directed, equal rates: the drift cannot be diagonalised, and <b> = -g t e^{-l t} <a>_0 exactly."""
    network = ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.1, battery_damping=0.1)
    times = np.array([0.0, 1e-6, 0.1, 1.0, 20.0])
    found = propagate(ly.moment_equations(network), states.coherent([1.0, 0.0]), times).mean
    np.testing.assert_allclose(found[:, 0], np.sqrt(2) * np.exp(-0.3 * times), rtol=1e-14)
    np.testing.assert_allclose(found[:, 2], -np.sqrt(2) * 0.5 * times * np.exp(-0.3 * times), rtol=1e-13)
    near = ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.1, battery_damping=0.1 + 1e-9)
    beside = propagate(ly.moment_equations(near), states.coherent([1.0, 0.0]), times).mean
    np.testing.assert_allclose(beside, found, rtol=0, atol=1e-8)


def test_above_threshold_the_transient_is_exact() -> None:
    """Charger alone: E = 1/2 [f(2 eps) + f(-2 eps)], f(s) = s (e^{2 (s - l) t} - 1)/(2 (s - l))."""
    drive, rate = 0.4, 0.6
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rate), ly.TwoPhotonDrive("a", drive)], "a", "a")
    times = np.linspace(0.0, 40.0, 81)
    growth = [s * np.expm1(2 * (s - rate / 2) * times) / (2 * (s - rate / 2)) for s in (2 * drive, -2 * drive)]
    found = ly.charge(network, times)
    assert not bool(found.is_stable)
    np.testing.assert_allclose(found.stored_energy, sum(growth) / 2, rtol=1e-12)


def test_overflow_is_infinite_and_leaves_the_rest_alone() -> None:
    """In silence: warnings are errors here."""
    drives = np.array([0.05, 5.0])
    equations = ly.moment_equations(ly.catalog.two_photon_battery(drive=drives, **PAIR))
    for times in (np.linspace(0.0, 200.0, 21), np.array([0.0, 1.0, 10.0, 200.0])):
        found = propagate(equations, states.coherent([1.0, 0.0]), times)
        alone = propagate(
            ly.moment_equations(ly.catalog.two_photon_battery(drive=0.05, **PAIR)), states.coherent([1.0, 0.0]), times
        )
        np.testing.assert_allclose(found.excess[0], alone.excess, rtol=0, atol=1e-12)
        assert np.all(np.isfinite(found.excess[1, :2]))
        assert not np.any(np.isfinite(found.excess[1, -1]))


def test_slow_devices_keep_their_digits_beside_stiff_ones() -> None:
    """One count of halvings serves the batch; it must cost the slow member nothing."""
    rates = np.array([1e-3, 1e6])
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rates)], charger="a", battery="a")
    times = np.array([0.0, 1.0, 10.0, 2000.0])
    for grid in (times, np.linspace(0.0, 2000.0, 5)):
        found = propagate(ly.moment_equations(network), states.thermal(1.0), grid).excess[0, :, 0, 0]
        np.testing.assert_allclose(found, np.exp(-1e-3 * grid), rtol=1e-14)


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("start", STARTS)
def test_batches_are_loops(random_network, start: str, grid: str) -> None:
    """Each kind of parameter as an array, the others as numbers, so that parts of the equations stay single."""
    members = [random_network(seed) for seed in (1, 2)]
    for place in range(len(members[0].elements)):
        elements = [list(member.elements) for member in members]
        stacks = {
            name: np.stack([one.elements[place].parameters()[name] for one in members])
            for name in members[0].elements[place].parameters()
        }
        for single in elements:
            single[:place], single[place + 1 :] = members[0].elements[:place], members[0].elements[place + 1 :]
        batch = [*elements[0][:place], elements[0][place].with_parameters(stacks), *elements[0][place + 1 :]]
        found, rates = propagate_with_rates(
            ly.moment_equations(ly.Network(members[0].modes, batch, "m0", "m1")), STARTS[start], GRIDS[grid]
        )
        for index, single in enumerate(elements):
            equations = ly.moment_equations(ly.Network(members[0].modes, single, "m0", "m1"))
            one, changes = propagate_with_rates(equations, STARTS[start], GRIDS[grid])
            for left, right in ((found, one), (rates, changes)):
                np.testing.assert_allclose(left.mean[index], right.mean, rtol=0, atol=1e-13)
                np.testing.assert_allclose(left.excess[index], right.excess, rtol=0, atol=1e-13)


def test_initial_states_batch_like_devices() -> None:
    """(4, 1) states against (3,) devices."""
    network = ly.catalog.two_photon_battery(drive=np.array([0.01, 0.05, 0.1]), **PAIR)
    start = states.thermal(np.linspace(0, 1, 8).reshape(4, 1, 2))
    times = np.array([0.0, 0.5, 4.0])
    found = propagate(ly.moment_equations(network), start, times)
    assert found.shape == (4, 3, 3)
    single = ly.moment_equations(ly.catalog.two_photon_battery(drive=0.05, **PAIR))
    one = propagate(single, states.GaussianState(mean=start.mean[2, 0], excess=start.excess[2, 0]), times)
    np.testing.assert_allclose(found.excess[2, 1], one.excess, rtol=0, atol=1e-14)


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("start", STARTS)
def test_rates_are_those_of_the_states(random_network, start: str, grid: str) -> None:
    equations = ly.moment_equations(random_network(4))
    state, rates = propagate_with_rates(equations, STARTS[start], GRIDS[grid])
    alone = propagate(equations, STARTS[start], GRIDS[grid])
    np.testing.assert_allclose(state.mean, alone.mean, rtol=0, atol=1e-14)
    np.testing.assert_allclose(state.excess, alone.excess, rtol=0, atol=1e-14)
    mean_rate, excess_rate = equations.rates(state.mean, state.excess)
    np.testing.assert_allclose(rates.mean, mean_rate, rtol=0, atol=1e-12)
    np.testing.assert_allclose(rates.excess, excess_rate, rtol=0, atol=1e-12)


def test_late_rates_keep_their_sign_and_digits() -> None:
    """dE/dt = -kappa (E_0 - n) e^{-kappa t}: at t = 200 that is 1e-87, where the flows of the bath are 1."""
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, 0.5)], charger="a", battery="a")
    times = np.linspace(0.0, 200.0, 201)
    for start, size in ((states.vacuum(1), 0.5), (states.thermal(2.0), -1.5)):
        found = ly.charge(network, times, initial=start).charging_power.values
        np.testing.assert_allclose(found, size * np.exp(-times), rtol=1e-12)
