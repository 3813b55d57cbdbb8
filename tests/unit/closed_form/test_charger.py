"""The charger and the drive's work, against sums of exponentials with 200 digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leyden.closed_form import DirectedDevice, charger_energy, drive_work, steady_charger_energy


@pytest.mark.parametrize("quantity", [charger_energy, drive_work])
def test_quantity(quantity: Callable, worst_error: Callable[..., float], kind: str, tolerance: float) -> None:
    assert worst_error(quantity, quantity.__name__, kind) < tolerance


def test_work_is_stored_or_lost(device: Callable[..., DirectedDevice]) -> None:
    """E_A = W_in - Lambda_a int E_A dt, the integral by Gauss-Legendre."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    driven = device(drive=0.4)
    lost = 2.0 * np.sum(weights * charger_energy(driven, 1.5 * (nodes + 1))) * 1.5
    assert drive_work(driven, 3.0) - lost == pytest.approx(charger_energy(driven, 3.0), rel=1e-13)


def test_battery_does_not_matter(device: Callable[..., DirectedDevice]) -> None:
    other = device(total_battery_damping=5.0, transport_rate=0.1)
    assert charger_energy(other, 2.0) == charger_energy(device(), 2.0)
    assert drive_work(other, 2.0) == drive_work(device(), 2.0)


def test_limits(device: Callable[..., DirectedDevice]) -> None:
    assert charger_energy(device(drive=0.0), 2.0) == drive_work(device(drive=0.0), 2.0) == 0.0
    assert charger_energy(device(), 0.0) == drive_work(device(), 0.0) == 0.0
    assert charger_energy(device(), 1e-9) == pytest.approx(0.25e-18, rel=1e-8)
    assert charger_energy(device(), 60.0) == pytest.approx(steady_charger_energy(device()), rel=1e-14)
    assert charger_energy(device(drive=10.0), 1e3) == drive_work(device(drive=10.0), 1e3) == np.inf
