"""Steady states: residuals, exact values, NaN where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.dense import propagate, steady_state

# Backward error of the solver, over the sizes of what is summed.
RESIDUAL = 1e-13


@pytest.mark.parametrize("modes", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("seed", range(3))
def test_residuals(random_network, seed: int, modes: int) -> None:
    """A <r> + f = 0 and A S + S A^T + Q = 0, through every way of solving them."""
    equations = ly.moment_equations(random_network(seed, modes))
    state, stable = steady_state(equations)
    assert bool(stable)
    mean_rate, excess_rate = equations.rates(state.mean, state.excess)
    size = np.max(np.abs(equations.drift)) * modes
    assert np.max(np.abs(mean_rate)) < RESIDUAL * size * max(1.0, np.max(np.abs(state.mean)))
    assert np.max(np.abs(excess_rate)) < RESIDUAL * size * max(1.0, np.max(np.abs(state.excess)))
    np.testing.assert_allclose(state.excess, state.excess.T, rtol=0, atol=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_the_steady_state_stays(random_network, seed: int) -> None:
    equations = ly.moment_equations(random_network(seed))
    state, _ = steady_state(equations)
    later = propagate(equations, state, np.array([0.0, 1.0, 30.0]))
    np.testing.assert_allclose(later.excess, np.broadcast_to(state.excess, (3, 6, 6)), rtol=0, atol=1e-13)
    np.testing.assert_allclose(later.mean, np.broadcast_to(state.mean, (3, 6)), rtol=0, atol=1e-13)


def test_one_driven_mode() -> None:
    """<a> = -i eps/(kappa/2 + i Delta), and n quanta of the bath."""
    network = ly.Network(
        [ly.Mode("a", detuning=0.3)], [ly.OnePhotonDrive("a", 0.2), ly.LocalBath("a", 1.0, 0.7)], "a", "a"
    )
    state, stable = steady_state(ly.moment_equations(network))
    assert bool(stable)
    amplitude = -0.2j / (0.5 + 0.3j)
    np.testing.assert_allclose(state.mean, np.sqrt(2) * np.array([amplitude.real, amplitude.imag]), rtol=1e-14)
    np.testing.assert_allclose(state.excess, 0.7 * np.eye(2), rtol=1e-14, atol=1e-16)


def test_squeezed_by_a_detuned_drive() -> None:
    """<a^dag a> = 8 eps^2/(kappa^2 + 4 Delta^2 - 16 eps^2)."""
    drive, damping, detuning = 0.2, 1.0, 0.4
    elements = [ly.TwoPhotonDrive("a", drive, 0.3), ly.LocalBath("a", damping)]
    network = ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")
    expected = 8 * drive**2 / (damping**2 + 4 * detuning**2 - 16 * drive**2)
    assert float(ly.steady_state(network).stored_energy) == pytest.approx(expected, rel=1e-14)


def test_unstable_members_are_nan_and_spoil_nothing() -> None:
    drives = np.array([0.05, 0.15, 0.2, 0.1])
    pair = {"charger_damping": 0.1, "battery_damping": 0.1}
    for build in (ly.catalog.two_photon_battery, with_forcing):
        state, stable = steady_state(ly.moment_equations(build(drive=drives, **pair)))
        assert stable.tolist() == [True, False, False, True]
        assert np.isnan(state.mean[1:3]).all()
        assert np.isnan(state.excess[1:3]).all()
        for index in (0, 3):
            one, _ = steady_state(ly.moment_equations(build(drive=drives[index], **pair)))
            np.testing.assert_allclose(state.mean[index], one.mean, rtol=1e-13, atol=1e-15)
            np.testing.assert_allclose(state.excess[index], one.excess, rtol=1e-13, atol=1e-15)


def with_forcing(**given) -> ly.Network:
    network = ly.catalog.two_photon_battery(**given)
    return ly.Network(network.modes, [*network.elements, ly.OnePhotonDrive("charger", 0.3)], "charger", "battery")


@pytest.mark.parametrize("modes", [2, 4, 8])
def test_singular_members_are_nan(modes: int) -> None:
    """Not damped at all: the equations have no solution, in any of the solvers, and nobody warns."""
    damping = xr.DataArray([0.0, 0.1, 0.2], dims="damping")
    network = ly.catalog.cascade(modes, drive=0.01, damping=damping, shared_rate=0.0, photons=1)
    state, stable = steady_state(ly.moment_equations(network))
    assert stable.tolist() == [False, True, True]
    assert np.isnan(state.excess[0]).all()
    assert np.isfinite(state.mean[1:]).all()


def test_undriven_cold_devices_are_in_the_vacuum() -> None:
    """Exactly: every term of the source is zero, and so is the answer."""
    for network in (
        ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.3, battery_damping=0.1, detuning=0.2),
        ly.catalog.cascade(9, drive=0.0, damping=0.1),
    ):
        state, _ = steady_state(ly.moment_equations(network))
        assert not np.any(state.excess)
        assert not np.any(state.mean)


@pytest.mark.parametrize("forced", [True, False])
def test_batches_are_loops(forced: bool) -> None:
    drives = np.linspace(0.0, 0.14, 15).reshape(3, 5)
    build = with_forcing if forced else ly.catalog.two_photon_battery
    pair = {"charger_damping": 0.1, "battery_damping": np.array([0.1, 0.2, 0.3, 0.4, 0.5])}
    state, _ = steady_state(ly.moment_equations(build(drive=drives, **pair)))
    assert state.shape == (3, 5)
    one = {"charger_damping": 0.1, "battery_damping": 0.4}
    single, _ = steady_state(ly.moment_equations(build(drive=drives[2, 3], **one)))
    # Near threshold by a tenth: two digits of condition.
    np.testing.assert_allclose(state.excess[2, 3], single.excess, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(state.mean[2, 3], single.mean, rtol=1e-13, atol=1e-15)


def test_a_forcing_may_have_axes_that_the_drift_has_not() -> None:
    """A one-photon drive is in the forcing alone, a damping in the drift alone: their grid is the loop over both."""
    drives, dampings = np.array([[0.01], [0.02]]), np.array([0.1, 0.2, 0.3])
    grid = ly.steady_state(ly.catalog.one_photon_battery(drive=drives, charger_damping=dampings, battery_damping=0.1))
    assert grid.stored_energy.shape == (2, 3)
    for i, drive in enumerate(drives[:, 0]):
        for j, damping in enumerate(dampings):
            device = ly.catalog.one_photon_battery(drive=drive, charger_damping=damping, battery_damping=0.1)
            assert float(grid.stored_energy[i, j]) == pytest.approx(
                float(ly.steady_state(device).stored_energy), rel=1e-13
            )


@pytest.mark.parametrize("count", [3, 12, 40])
@pytest.mark.parametrize("photons", [1, 2])
@pytest.mark.parametrize(
    "damping", [0.01, 0.1, xr.DataArray([0.01, 0.1], dims="damping")], ids=["weak", "strong", "both"]
)
def test_modes_before_the_driven_one_stay_in_the_vacuum(count: int, photons: int, damping) -> None:
    """Nothing goes upstream, not even rounding: where pivots mix rows, it would."""
    for driven in (1, count // 2):
        network = ly.catalog.cascade(count, drive=0.01, damping=damping, photons=photons, driven=[driven])
        state, _ = steady_state(ly.moment_equations(network))
        before = slice(0, 2 * driven)
        assert not state.mean[..., before].any()
        assert not state.excess[..., before].any()
        assert state.excess.any() if photons == 2 else state.mean.any()
