"""The drift along a parameter: as the model has it, and as a polynomial."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.drift.along import checked_address, direction_of, line_of, polynomial_of, with_single_value

DEVICE = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.3, battery_damping=0.1)
RATE, WEIGHT = "LocalBath(charger).rate", "SharedBath(charger, battery).weights[charger]"
PHASE, STRENGTH = "TwoPhotonDrive(charger).phase", "CoherentCoupling(charger, battery).strength"


@pytest.mark.parametrize("address", [RATE, WEIGHT, PHASE, STRENGTH])
def test_the_drift_is_that_of_the_device_with_the_value(address: str) -> None:
    line = line_of(DEVICE, address)
    found, rounding = line.drift(np.array([0.2, 0.7]))
    for place, value in enumerate((0.2, 0.7)):
        np.testing.assert_allclose(found[place], ly.moment_equations(line.at(value)).drift, atol=1e-16)
    assert found.shape == rounding.shape == (2, 4, 4)


@pytest.mark.parametrize(("address", "degree"), [(RATE, 1), (WEIGHT, 2), (STRENGTH, 1), ("Mode(charger).detuning", 1)])
def test_rates_enter_linearly_and_weights_squared(address: str, degree: int) -> None:
    line = line_of(DEVICE, address)
    found = polynomial_of(line)
    assert found is not None
    assert len(found.coefficients) == degree + 1
    value = 0.37
    total = sum(part * value**power for power, part in enumerate(found.coefficients))
    np.testing.assert_allclose(total, line.drift(np.array([value]))[0][0], atol=1e-15)
    assert found.scale == 2.0 ** round(np.log2(found.scale))


def test_angles_are_no_polynomial() -> None:
    assert polynomial_of(line_of(DEVICE, PHASE)) is None


@pytest.mark.parametrize(
    ("value", "direction"),
    [(-0.25j, -1j), (-2.0, -1.0), (0.0, 1.0), (3.0, 1.0), (np.array([-2.0, 1.0]), -1.0), (np.zeros(0), 1.0)],
)
def test_a_parameter_keeps_its_phase(value: Any, direction: Any) -> None:
    assert direction_of(value) == direction


def test_a_batch_of_the_parameter_itself_is_none() -> None:
    drive = xr.DataArray([0.1, 0.2], dims="drive")
    device = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.3, battery_damping=0.1)
    single, direction = with_single_value(device, "TwoPhotonDrive(charger).amplitude")
    assert direction == 1.0
    assert float(single.parameters["TwoPhotonDrive(charger).amplitude"]) == 1.0


def test_unknown_parameters_are_answered_by_the_nearest(refuses: Any) -> None:
    refuses("parameter", lambda: checked_address(DEVICE, "LocalBath(charger).rat"), "Did you mean", RATE)
    refuses("parameter", lambda: checked_address(DEVICE, 3), "be among")
    refuses("network", lambda: checked_address("device", RATE), "be a Network")  # type: ignore[arg-type]
