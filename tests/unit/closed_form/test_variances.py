"""The battery's variances, Eqs. (7) and (12), against the paper's formula with 200 digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leyden.closed_form import DirectedDevice, anomalous_average, battery_excess, battery_variances


def test_excess(worst_error: Callable[..., float], kind: str, tolerance: float) -> None:
    assert worst_error(lambda d, t: battery_excess(d, t).amplified, "excess_amplified", kind) < tolerance
    assert worst_error(lambda d, t: battery_excess(d, t).squeezed, "excess_squeezed", kind) < tolerance


def test_variances(worst_error: Callable[..., float], kind: str, tolerance: float) -> None:
    assert worst_error(lambda d, t: battery_variances(d, t).amplified, "variance_amplified", kind) < tolerance
    # A squeezed variance down to 1/100 keeps the absolute error of its excess.
    assert worst_error(lambda d, t: battery_variances(d, t).squeezed, "variance_squeezed", kind) < 10 * tolerance


def test_anomalous_average(worst_error: Callable[..., float], kind: str, tolerance: float) -> None:
    assert worst_error(anomalous_average, "anomalous_average", kind) < tolerance


def test_nothing_happens_without_cause(device: Callable[..., DirectedDevice]) -> None:
    for idle, time in ((device(drive=0.0), 3.0), (device(transport_rate=0.0), 3.0), (device(), 0.0)):
        assert battery_excess(idle, time) == (0.0, 0.0)
        assert battery_variances(idle, time) == (0.5, 0.5)
        assert anomalous_average(idle, time) == 0.0


def test_uncoupled_battery_of_an_exploding_charger(device: Callable[..., DirectedDevice]) -> None:
    """The charger is beyond floats, and the battery knows nothing of it."""
    uncoupled = device(drive=10.0, transport_rate=0.0)
    assert battery_excess(uncoupled, 1e3) == (0.0, 0.0)


def test_beyond_floats(device: Callable[..., DirectedDevice]) -> None:
    excess = battery_excess(device(drive=10.0), 1e3)
    assert excess.amplified == np.inf
    # The squeezed quadrature is settled: Eq. (19), below threshold or not.
    assert excess.squeezed == pytest.approx(-80 / (2 * 42 * 44), rel=1e-14)


def test_early(device: Callable[..., DirectedDevice]) -> None:
    """x_s = g^2 s t^3/3, up to the relative correction of order Lambda t."""
    excess = battery_excess(device(drive=0.3), 1e-9)
    assert excess.amplified == pytest.approx(0.2e-27, rel=1e-8)
    assert excess.squeezed == pytest.approx(-0.2e-27, rel=1e-8)


def test_time_is_checked(device: Callable[..., DirectedDevice]) -> None:
    with pytest.raises(ValueError, match="`time` must not be negative"):
        battery_excess(device(), -1.0)
