"""Steps by power series, against the Magnus steps that they stand in for and against matrix exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.linalg import expm

import leyden as ly
from leyden import pulse
from leyden.dense import pulsed
from leyden.dense.magnus import Parts
from leyden.dense.series import Recursion, steps_of
from leyden.dense.systems import systems_of
from leyden.equations.device import equations_of
from leyden.states.prepare import vacuum

TIMES = np.linspace(0.0, 20.0, 81)


def recursion_of(network: ly.Network) -> tuple[Recursion, Any]:
    equations = equations_of(network)
    ((system, start),) = systems_of(equations, vacuum(2), 2, ())
    parts = Parts.of(system, equations, network.frequencies)
    places = parts.reached(start)
    assert places is not None
    recursion, order = Recursion.ordered(parts, places, ())
    return recursion, start[order]


def device(height: Any = 0.1, centre: Any = 6.0, damping: Any = 0.1) -> ly.Network:
    kick = pulse.gaussian(height, centre, 1.0)
    return ly.catalog.two_photon_battery(drive=kick, charger_damping=damping, battery_damping=0.1)


def test_a_step_of_a_constant_device_is_its_exponential() -> None:
    """Long after the pulse; the series at every time between, and at its end."""
    recursion, start = recursion_of(device())
    vector = np.arange(1.0, len(start) + 1)
    times = np.array([40.0, 40.3, 41.0])
    steps = steps_of(recursion, np.array([40.0, 41.0]), vector[:, None], times)
    (generator,) = recursion.parts.constant
    for place, time in enumerate(times):
        expected = expm(generator * (time - 40.0)) @ vector
        for entry in range(len(start)):
            found, slope = np.zeros((2, 3, 1))
            steps.at(entry, slice(None), found, is_slope=False)
            steps.at(entry, slice(None), slope, is_slope=True)
            assert found[place, 0] == pytest.approx(expected[entry], rel=1e-13)
            assert slope[place, 0] == pytest.approx((generator @ expected)[entry], rel=1e-12, abs=1e-13)


def test_what_is_left_out_is_no_more_than_what_is_said() -> None:
    """One step over the whole flank of a pulse, against twenty of them."""
    recursion, start = recursion_of(device(0.5))
    long = steps_of(recursion, np.array([4.0, 6.5]), start[:, None], TIMES[:0])
    short = steps_of(recursion, np.linspace(4.0, 6.5, 21), start[:, None], TIMES[:0])
    off = np.abs(long.vectors[-1] - short.vectors[-1])
    assert np.max(off) > 1e-9
    assert np.all(off <= long.errors[-1] + 1e-14)


def test_one_device_and_a_member_of_a_batch_take_the_same_steps() -> None:
    """All steps at once from each entry, or one behind the other: the same numbers up to rounding."""
    heights = xr.DataArray([0.1, 0.14], dims="height")
    both = ly.charge(device(heights), TIMES, keep_state=True)
    for place, height in enumerate(heights.values):
        alone = ly.charge(device(float(height)), TIMES, keep_state=True)
        for name in ("stored_energy", "ergotropy", "charging_power", "drive_work", "covariance"):
            np.testing.assert_allclose(both[name][place], alone[name], rtol=0, atol=2e-11, err_msg=name)


@pytest.mark.parametrize("tolerance", [1e-6, 1e-10])
def test_series_are_magnus_steps_up_to_what_they_say(tolerance: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chirp, a carrier under an envelope, a mean and a dephasing, by the other method with another tolerance."""
    elements = [
        ly.TwoPhotonDrive("a", pulse.gaussian(0.4, 8.0, 1.5) * pulse.cosine(1.0, 3.0), 0.3),
        ly.OnePhotonDrive("b", pulse.gaussian(0.3, 12.0, 0.4)),
        ly.CoherentCoupling("a", "b", pulse.ramp(0.0, 0.5j, 2.0, 9.0)),
        ly.LocalBath("a", 0.3, 0.2),
        ly.LocalBath("b", 0.2),
        ly.Dephasing("b", 0.1),
    ]
    modes = [ly.Mode("a", detuning=pulse.sampled([0.0, 5.0, 20.0], [-1.0, 0.4, 0.2])), ly.Mode("b", detuning=0.2)]
    network = ly.Network(modes, elements, charger="a", battery="b")
    run = ly.charge(network, TIMES, tolerance=tolerance, keep_state=True)
    monkeypatch.setattr(pulsed, "_first_nodes", lambda *_: None)
    other = ly.charge(network, TIMES, tolerance=1e-12, keep_state=True)
    assert other.attrs["steps"] > 2 * run.attrs["steps"]
    largest = float(np.max(np.abs(other.covariance)))
    off = float(np.max(np.abs(run.covariance - other.covariance))) / largest
    assert off <= run.attrs["error"] + other.attrs["error"]
    assert run.attrs["error"] <= tolerance


@pytest.mark.parametrize("rate", [100.0, 1e4])
def test_damping_that_is_fast_beside_the_pulse_is_followed(rate: float) -> None:
    """A charger of either method that follows its drive: alpha = -2i (eps - 2 eps'/kappa + 4 eps''/kappa^2)/kappa."""
    kick = pulse.gaussian(10.0, 10.0, 2.0)
    network = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", kick), ly.LocalBath("a", rate)], "a", "a")
    run = ly.charge(network, TIMES)
    value, slope, bend = kick.series(TIMES, np.ones_like(TIMES), 2)
    expected = 2 * (value - 2 * slope / rate + 8 * bend / rate**2) / rate
    np.testing.assert_allclose(run.stored_energy, expected**2, rtol=0, atol=20 * (10 / rate) ** 2 / rate**3 + 1e-15)


def test_a_large_batch_is_the_loop_over_its_members() -> None:
    """Members of several parts, of unlike pulses and rates, with two axes."""
    heights = xr.DataArray(np.linspace(0.02, 0.14, 40), dims="height")
    damping = xr.DataArray(np.linspace(0.05, 0.3, 30), dims="damping")
    centre = 5.0 + 3 * heights / 0.14
    runs = ly.charge(device(heights, centre, damping), TIMES)
    assert runs.ergotropy.dims == ("height", "damping", "time")
    for one, other in ((0, 0), (17, 3), (39, 29)):
        alone = ly.charge(device(float(heights[one]), float(centre[one]), float(damping[other])), TIMES)
        for name in ("ergotropy", "entropy", "charging_power", "drive_work"):
            # An entropy has an infinite slope at none.
            atol = 1e-8 if name == "entropy" else 1e-10
            np.testing.assert_allclose(runs[name][one, other], alone[name], rtol=0, atol=atol, err_msg=name)
