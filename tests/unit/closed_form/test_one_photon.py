"""The one-photon reference device and the gains over it, Eq. (16), against the raw formulas with 200 digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leyden.closed_form import (
    DirectedDevice,
    ergotropy_gain,
    one_photon_charger_energy,
    one_photon_energy,
    one_photon_power,
    steady_one_photon_energy,
    stored_energy_gain,
    utilization_ratio,
)

QUANTITIES = [
    one_photon_energy,
    one_photon_power,
    one_photon_charger_energy,
    steady_one_photon_energy,
    stored_energy_gain,
    ergotropy_gain,
]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_quantity(quantity: Callable, worst_error: Callable[..., float], kind: str, tolerance: float) -> None:
    assert worst_error(quantity, quantity.__name__, kind) < tolerance


def test_equation_16(device: Callable[..., DirectedDevice]) -> None:
    time = np.linspace(1, 9, 9)
    expected = 16 * 0.25**2 / 2**4 * (1 - (1 + time) * np.exp(-time)) ** 2
    np.testing.assert_allclose(one_photon_energy(device(), time), expected, rtol=1e-14)


def test_ratio_of_gains_is_the_utilization_ratio(points: Callable, kind: str) -> None:
    device, time = points(kind).device(), points(kind).time
    ratio = ergotropy_gain(device, time) / stored_energy_gain(device, time)
    np.testing.assert_allclose(ratio, utilization_ratio(device, time), rtol=1e-13, atol=0)


def test_limits(device: Callable[..., DirectedDevice]) -> None:
    # Four times the energy at first, at any drive and rates; the ergotropy takes longer.
    for start in (device(), device(drive=0.0), device(drive=3.0, total_battery_damping=0.6)):
        assert stored_energy_gain(start, 0.0) == 4.0
        assert ergotropy_gain(start, 0.0) == 0.0
    assert stored_energy_gain(device(drive=0.0), 80.0) == pytest.approx(1.5, rel=1e-14)
    assert ergotropy_gain(device(drive=0.0), 80.0) == pytest.approx(0.25, rel=1e-14)
    assert ergotropy_gain(device(), 1e-9) == pytest.approx((4e-9 / 3) ** 2, rel=1e-8)
    assert one_photon_energy(device(), 80.0) == pytest.approx(steady_one_photon_energy(device()), rel=1e-14)


def test_any_drive_settles_but_undamped_modes_do_not(device: Callable[..., DirectedDevice]) -> None:
    assert steady_one_photon_energy(device(drive=[0.5, 5.0])).tolist() == [0.25, 25.0]
    assert np.isnan(steady_one_photon_energy(device(total_battery_damping=0.0, transport_rate=0.0)))


def test_beyond_floats(device: Callable[..., DirectedDevice]) -> None:
    assert stored_energy_gain(device(drive=10.0), 1e3) == np.inf
    assert np.isnan(ergotropy_gain(device(drive=10.0), 1e3))
