"""The directed device in totals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leyden.closed_form import DirectedDevice, stored_energy
from leyden.errors import ParameterError


def test_totals_of_rates() -> None:
    found = DirectedDevice.of_rates(
        drive=0.1, charger_damping=0.3, battery_damping=0.4, shared_rate=2.0, charger_weight=1j, battery_weight=3 + 4j
    )
    assert found.drive == 0.1
    assert found.total_charger_damping == pytest.approx(0.3 + 2 * 1)
    assert found.total_battery_damping == pytest.approx(0.4 + 2 * 25)
    assert found.transport_rate == pytest.approx(2 * 5)


def test_default_is_the_symmetric_device() -> None:
    found = DirectedDevice.of_rates(drive=0.05, charger_damping=[0.1, 0.2], battery_damping=0.1)
    np.testing.assert_allclose(found.total_charger_damping, [0.6, 0.7], rtol=1e-15)
    assert found.transport_rate == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["drive", "total_charger_damping", "total_battery_damping", "transport_rate"])
@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf, 1j])
def test_refusals_name_the_argument(device: Callable[..., DirectedDevice], name: str, value: complex) -> None:
    with pytest.raises(ParameterError) as caught:
        device(**{name: value})
    assert caught.value.name == name


@pytest.mark.parametrize(
    "name", ["drive", "charger_damping", "battery_damping", "shared_rate", "charger_weight", "battery_weight"]
)
def test_refusals_of_rates_name_the_argument(name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        DirectedDevice.of_rates(**({"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1} | {name: np.nan}))
    assert caught.value.name == name


def test_transport_cannot_exceed_the_bath(device: Callable[..., DirectedDevice]) -> None:
    assert device(transport_rate=2.0).transport_rate == 2.0
    with pytest.raises(ParameterError, match=r"sqrt\(total_charger_damping \* total_battery_damping\)"):
        device(transport_rate=[1.0, 2.0 + 1e-9])


def test_undamped_weights_meet_the_bound_by_rounding() -> None:
    """Without local damping g^2 = Lambda_a Lambda_b, up to rounding on either side."""
    rate, charger, battery = np.random.default_rng(1).uniform(1e-3, 3, (3, 1000))
    rates = {"shared_rate": rate, "charger_weight": charger, "battery_weight": battery}
    found = DirectedDevice.of_rates(drive=0, charger_damping=0, battery_damping=0, **rates)
    bound = np.sqrt(found.total_charger_damping) * np.sqrt(found.total_battery_damping)
    assert (found.transport_rate > bound).any()


def test_device_broadcasts_against_time(device: Callable[..., DirectedDevice]) -> None:
    drives, times = np.array([[0.1], [0.2]]), np.array([0.5, 1.0, 2.0])
    together = stored_energy(device(drive=drives), times)
    one_by_one = [[stored_energy(device(drive=drive), time) for time in times] for drive in drives[:, 0]]
    assert together.shape == (2, 3)
    np.testing.assert_array_equal(together, one_by_one)


def test_device_is_frozen(device: Callable[..., DirectedDevice]) -> None:
    with pytest.raises(AttributeError):
        device().drive = 1.0  # type: ignore[misc]
