"""`ly.critical` and `ly.critical_exponent`: labels off and on, and what is refused."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
import xarray as xr

import leyden as ly

jax.config.update("jax_enable_x64", True)

C = ly.catalog
DRIVE, RATE = "TwoPhotonDrive(charger).amplitude", "LocalBath(charger).rate"


def build(**changes: Any) -> ly.Network:
    return C.two_photon_battery(**({"drive": 0.2, "charger_damping": 0.1, "battery_damping": 0.1} | changes))


def test_a_number_an_array_and_labels() -> None:
    assert ly.critical(build(), RATE) == pytest.approx(0.3, rel=1e-13)
    plain = ly.critical(build(drive=np.array([0.2, 0.3])), RATE)
    assert isinstance(plain, np.ndarray)
    np.testing.assert_allclose(plain, [0.3, 0.7], rtol=1e-13)
    drive = xr.DataArray([0.2, 0.3, 0.1], dims="drive", coords={"drive": [0.2, 0.3, 0.1]})
    detuning = xr.DataArray([0.0, 0.1], dims="detuning")
    found = ly.critical(build(drive=drive, detuning=detuning), RATE)
    assert set(found.dims) == {"detuning", "drive"}
    expected = 2 * np.sqrt(np.maximum(4 * drive**2 - detuning**2, 0)) - 0.5
    expected = expected.where(expected > 0, np.inf)  # stable without
    xr.testing.assert_allclose(found.transpose("drive", "detuning"), expected, rtol=1e-12)
    assert found.attrs["parameter"] == RATE


def test_the_axes_of_the_parameter_itself_go() -> None:
    drive = xr.DataArray([0.2, 0.3, 0.1], dims="drive")
    assert ly.critical(build(drive=drive), DRIVE) == pytest.approx(0.15, rel=1e-14)


def test_a_pulse_makes_room_for_a_number_and_others_are_refused(refuses: Any) -> None:
    pulsed = build(drive=ly.pulse.gaussian(0.1, 5.0, 1.0))
    assert ly.critical(pulsed, DRIVE) == pytest.approx(0.15, rel=1e-14)
    refuses("network", lambda: ly.critical(pulsed, RATE), "constant in time")


def test_a_coupling_keeps_its_phase() -> None:
    """The directed coupling of the paper's device is -i/4: with i/4 the battery acts on the charger."""
    found = {
        strength: ly.critical(build(coupling=strength), "CoherentCoupling(charger, battery).strength")
        for strength in (-0.25j, 0.25j)
    }
    for strength, value in found.items():
        near = build(coupling=strength / 0.25 * value * 1.0001)
        assert bool(ly.stability(near).is_stable)


def test_the_exponent_of_a_batch_and_of_several_batteries() -> None:
    damping = xr.DataArray([0.1, 0.3], dims="damping")
    found = ly.critical_exponent(build(battery_damping=damping), DRIVE)
    assert found.critical_exponent.dims == ("damping",)
    np.testing.assert_allclose(found.critical_exponent, 1.0, atol=1e-6)
    np.testing.assert_allclose(found.critical, 0.15)
    assert found.attrs["quantity"] == "stored_energy"
    several = ly.critical_exponent(C.cascade(3, drive=0.1, damping=0.1), "TwoPhotonDrive(m0).amplitude")
    assert several.critical_exponent.dims == ("mode",)
    np.testing.assert_allclose(several.critical_exponent, 1.0, atol=1e-6)
    # Ergotropy grows as energy does, and from above where stability is gained.
    gained = ly.critical_exponent(build(), RATE, quantity="ergotropy")
    assert float(gained.critical_exponent) == pytest.approx(1.0, abs=1e-3)


def test_no_threshold_no_exponent() -> None:
    found = ly.critical_exponent(build(drive=0.1), "LocalBath(charger).occupation")
    assert np.isnan(found.critical_exponent)
    assert np.isinf(found.critical)


def test_what_is_refused(refuses: Any) -> None:
    refuses("parameter", lambda: ly.critical(build(), "drive"), "be among")
    refuses("quantity", lambda: ly.critical_exponent(build(), DRIVE, quantity="ergotropi"), "Did you mean 'ergotropy'")
    with pytest.raises(ly.ParameterError, match="traced by JAX"):
        jax.jit(lambda drive: ly.critical(build(drive=drive), RATE))(0.2)


def test_values_have_the_unit_of_their_parameter_and_follow_the_laboratory() -> None:
    detuning = xr.DataArray([0.0, 0.1], dims="detuning")
    lab = ly.units.Lab("1 MHz", frequency_unit="5 GHz")
    device = lab.build(
        ly.catalog.two_photon_battery, drive=0.2, charger_damping=0.1, battery_damping=0.1, detuning=detuning
    )
    found = ly.critical(device, RATE)
    assert found.attrs["units"] == "rate unit"
    converted = ly.units.Lab.of(found).convert(found, rate="kHz")
    assert converted.attrs["units"] == "kHz"
    np.testing.assert_allclose(converted, 1000 * found, rtol=1e-12)
    points = ly.exceptional_points(device.replace(**{"TwoPhotonDrive(charger).amplitude": 0.0}), RATE, (0.0, 1.0))
    assert points.exceptional_value.attrs["units"] == "rate unit"
    phase = ly.exceptional_points(build(drive=0.1), "TwoPhotonDrive(charger).phase", (0.0, 1.0))
    assert phase.exceptional_value.attrs["units"] == "rad"
    exponent = ly.critical_exponent(build(drive=0.1), DRIVE)
    assert exponent.critical.attrs["units"] == "rate unit"
