"""Closed form against moments: two roads to the same numbers that share no code, over ten thousand random devices.

The random device is the paper's, on resonance and directed, with everything else free: both damping rates, the shared
rate, complex weights, the drive's phase, and a drive up to 0.9999 of threshold.

Tolerance 1e-11: near threshold the drift's entries, of size |A|, round by 1e-16 |A|, which moves the slowest rate
r = 1e-4 Lambda/2 by 1e-12 of itself, and every late value by as much.
"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form as cf

DEVICES = 10_000
RELATIVE, ABSOLUTE = 1e-11, 1e-13


def random_devices(count, seed):
    """Labelled parameters of directed devices, a tenth of them at 0.9999 of threshold."""
    rng = np.random.default_rng(seed)
    charger_damping, battery_damping = 10 ** rng.uniform(-3, 1, (2, count))
    shared_rate = 10 ** rng.uniform(-1, 1, count)
    charger_weight, battery_weight = rng.uniform(0.1, 1.5, (2, count)) * np.exp(2j * np.pi * rng.random((2, count)))
    threshold = (charger_damping + shared_rate * np.abs(charger_weight) ** 2) / 4
    share = np.where(np.arange(count) % 10 == 0, 0.9999, rng.uniform(0, 1, count))
    parameters = {
        "drive": share * threshold,
        "charger_damping": charger_damping,
        "battery_damping": battery_damping,
        "shared_rate": shared_rate,
        "charger_weight": charger_weight,
        "battery_weight": battery_weight,
    }
    labelled = {name: xr.DataArray(values, dims="device") for name, values in parameters.items()}
    phase = xr.DataArray(rng.uniform(0, 2 * np.pi, count), dims="device")
    return labelled, phase


@pytest.fixture(scope="module")
def devices():
    parameters, phase = random_devices(DEVICES, seed=1)
    network = ly.catalog.two_photon_battery(phase=phase, **parameters)
    plain = {name: values.values for name, values in parameters.items()}
    return network, plain, cf.DirectedDevice.of_rates(**plain)


TIMES = np.array([0.0, 0.01, 0.3, 2.0, 11.0, 70.0])


@pytest.fixture(scope="module")
def run(devices):
    return ly.charge(devices[0], TIMES)


def assert_agree(found, expected, relative=RELATIVE):
    scale = np.maximum(relative * np.abs(expected), ABSOLUTE)
    worst = np.max(np.abs(found - expected) / scale)
    assert worst <= 1, f"{worst:.3g} times the tolerance"


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("stored_energy", cf.steady_stored_energy),
        ("ergotropy", cf.steady_ergotropy),
        ("charger_energy", cf.steady_charger_energy),
    ],
)
def test_steady_states_agree(devices, name, closed):
    network, _, device = devices
    found = ly.steady_state(network)
    assert bool(found.is_stable.all())
    assert_agree(found[name].values, closed(device))


def test_steady_passive_energies_agree(devices):
    # With up to a million photons the variances differ by up to 1e8, and a covariance whose axes are turned by the
    # drive's phase holds the small one only to 1e-16 of the large one: three roundings, of the quanta and of the
    # squeezing's two parts.
    network, _, device = devices
    variances = cf.steady_battery_variances(device)
    relative = RELATIVE + 3e-16 * variances.amplified / variances.squeezed
    assert_agree(ly.steady_state(network).passive_energy.values, cf.steady_passive_energy(device), relative)


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("stored_energy", cf.stored_energy),
        ("ergotropy", cf.ergotropy),
        ("passive_energy", cf.passive_energy),
        ("charger_energy", cf.charger_energy),
        ("charging_power", cf.charging_power),
        ("drive_work", cf.drive_work),
    ],
)
def test_transients_agree(devices, run, name, closed):
    _, plain, _ = devices
    device = cf.DirectedDevice.of_rates(**{key: values[:, None] for key, values in plain.items()})
    relative = RELATIVE
    if name == "passive_energy":  # as above, with V_+/V_- < (V_+ + V_-)^2/det V
        ratio = (2 * cf.stored_energy(device, TIMES) + 1) / (cf.passive_energy(device, TIMES) + 0.5)
        relative = RELATIVE + 3e-16 * ratio**2
    assert_agree(run[name].values, closed(device, TIMES), relative)


def test_transients_near_threshold_agree_until_they_settle(devices):
    _, plain, _ = devices
    near = slice(0, 2000, 10)
    parameters = {name: values[near] for name, values in plain.items()}
    total = parameters["charger_damping"] + parameters["shared_rate"] * np.abs(parameters["charger_weight"]) ** 2
    for place in range(0, len(total), 20):
        one = {name: values[place].item() for name, values in parameters.items()}
        slow = total[place] / 2 - 2 * one["drive"]
        times = np.linspace(0.0, 5 / slow, 201)
        found = ly.charge(ly.catalog.two_photon_battery(phase=0.7, **one), times)
        device = cf.DirectedDevice.of_rates(**one)
        assert_agree(found.stored_energy.values, cf.stored_energy(device, times))
        assert_agree(found.ergotropy.values, cf.ergotropy(device, times))


@pytest.mark.parametrize("drive", [1e-6, 1e-9])
@pytest.mark.parametrize("phase", [0.0, 0.4, np.pi / 2])
def test_weak_drives_keep_their_digits(drive, phase):
    parameters = {"drive": drive, "charger_damping": 0.1, "battery_damping": 0.3}
    device = cf.DirectedDevice.of_rates(**parameters)
    network = ly.catalog.two_photon_battery(phase=phase, **parameters)
    steady, late = ly.steady_state(network), ly.charge(network, [7.0])
    assert float(steady.ergotropy) == pytest.approx(float(cf.steady_ergotropy(device)), rel=1e-13)
    assert float(late.ergotropy[0]) == pytest.approx(float(cf.ergotropy(device, 7.0)), rel=1e-13)
    assert float(steady.stored_energy) == pytest.approx(float(cf.steady_stored_energy(device)), rel=1e-13)
    assert float(late.stored_energy[0]) == pytest.approx(float(cf.stored_energy(device, 7.0)), rel=1e-13)


def test_the_opposite_coupling_leaves_the_battery_uncharged(devices):
    _, plain, _ = devices
    some = {name: values[:100] for name, values in plain.items()}
    forward = ly.catalog.nonreciprocal_strength(some["shared_rate"], some["charger_weight"], some["battery_weight"])
    backward = ly.catalog.two_photon_battery(coupling=-forward, **some)
    assert float(abs(ly.steady_state(backward).stored_energy).max()) == 0.0
    assert float(abs(ly.charge(backward, [0.0, 3.0, 40.0]).stored_energy).max()) == 0.0
