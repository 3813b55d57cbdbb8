"""What the battery is worth, Eqs. (13) and (15), against the paper's formulas with 200 digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leyden.closed_form import (
    DirectedDevice,
    charging_power,
    ergotropy,
    passive_energy,
    stored_energy,
    utilization_ratio,
)


@pytest.mark.parametrize("merit", [stored_energy, ergotropy, charging_power, utilization_ratio])
def test_merit(merit: Callable, worst_error: Callable[..., float], kind: str, tolerance: float) -> None:
    assert worst_error(merit, merit.__name__, kind) < tolerance


def test_passive_energy(worst_error: Callable[..., float], points: Callable, kind: str, tolerance: float) -> None:
    # How well the rates fix it: a nearly pure battery has Lambda_b << Lambda_a.
    conditioning = 1 + 2 * (points(kind).charger / points(kind).battery).max()
    assert worst_error(passive_energy, "passive_energy", kind) < conditioning * tolerance


def test_parts_make_the_whole(points: Callable, kind: str) -> None:
    device, time = points(kind).device(), points(kind).time
    whole = stored_energy(device, time)
    np.testing.assert_allclose(ergotropy(device, time) + passive_energy(device, time), whole, rtol=1e-13, atol=0)
    np.testing.assert_allclose(utilization_ratio(device, time), ergotropy(device, time) / whole, rtol=1e-13, atol=0)


def test_power_has_the_equal_rate_form(device: Callable[..., DirectedDevice]) -> None:
    """P = (2 g^2/eps) e^{-Lambda t} sinh(2 eps t) sinh(eps t)^2: positive at any time and drive."""
    time = np.linspace(0.1, 6, 40)
    for drive in (0.01, 0.5, 0.9):
        expected = 2 / drive * np.exp(-2 * time) * np.sinh(2 * drive * time) * np.sinh(drive * time) ** 2
        np.testing.assert_allclose(charging_power(device(drive=drive), time), expected, rtol=1e-13)


def test_nothing_happens_without_cause(device: Callable[..., DirectedDevice]) -> None:
    for idle, time in ((device(drive=0.0), 3.0), (device(transport_rate=0.0), 3.0), (device(), 0.0)):
        for merit in (stored_energy, ergotropy, passive_energy, charging_power):
            assert merit(idle, time) == 0.0


def test_utilization_has_limits(device: Callable[..., DirectedDevice]) -> None:
    assert utilization_ratio(device(), 0.0) == 0.0
    assert utilization_ratio(device(transport_rate=0.0), 1.0) == 0.0
    # 2 g^2/(3 Lambda^2) without drive, and no step between no drive and hardly any.
    assert utilization_ratio(device(drive=0.0), 60.0) == pytest.approx(1 / 6, rel=1e-14)
    assert utilization_ratio(device(drive=1e-12), 1.0) == pytest.approx(utilization_ratio(device(drive=0.0), 1.0))
    assert utilization_ratio(device(), 1e-9) == pytest.approx((2e-9 / 3) ** 2, rel=1e-8)


def test_beyond_floats(device: Callable[..., DirectedDevice]) -> None:
    exploding = device(drive=10.0)
    for merit in (stored_energy, ergotropy, passive_energy, charging_power):
        assert merit(exploding, 1e3) == np.inf
    assert np.isnan(utilization_ratio(exploding, 1e3))
    # Energies near the end of floats are still energies: far above threshold hardly anything stays passive.
    assert utilization_ratio(exploding, 17.0) == pytest.approx(1.0, rel=1e-12)
    assert 1e250 < stored_energy(exploding, 17.0) < np.inf


def test_scalars_stay_scalars(device: Callable[..., DirectedDevice]) -> None:
    for merit in (stored_energy, ergotropy, passive_energy, charging_power, utilization_ratio):
        assert isinstance(merit(device(), 1.0), np.float64)
