"""Pulses: what they are at each time, arithmetic, batches, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import pulse

TIMES = np.linspace(-1.0, 8.0, 37)


def test_each_shape_is_its_formula() -> None:
    np.testing.assert_allclose(
        pulse.gaussian(0.3, 2.0, 0.7)(TIMES), 0.3 * np.exp(-((TIMES - 2) ** 2) / (2 * 0.49)), rtol=1e-14
    )
    np.testing.assert_allclose(pulse.cosine(0.3, 2.0, 0.5)(TIMES), 0.3 * np.cos(2 * TIMES + 0.5), atol=1e-15)
    np.testing.assert_array_equal(pulse.square(0.3, 1.0, 2.0)(TIMES), 0.3 * ((TIMES >= 1) & (TIMES < 2)))
    np.testing.assert_allclose(pulse.ramp(0.1, 0.5, 1.0, 3.0)(TIMES), np.interp(TIMES, [1, 3], [0.1, 0.5]), rtol=1e-14)
    held = pulse.piecewise([-1, 0, 8], [0.2, 0.4])
    np.testing.assert_array_equal(held(TIMES), np.where(TIMES < 0, 0.2, 0.4))


def test_samples_are_met_and_joined() -> None:
    knots = np.linspace(-1, 8, 10)
    for interpolation in ("linear", "cubic"):
        found = pulse.sampled(knots, np.sin(knots) + 1j * knots, interpolation=interpolation)
        np.testing.assert_allclose(found(knots), np.sin(knots) + 1j * knots, atol=1e-14)
    # A spline without conditions at its ends is any polynomial of third degree; straight lines are not.
    cubic = pulse.sampled(knots, knots**3 - knots)
    np.testing.assert_allclose(cubic(TIMES), TIMES**3 - TIMES, atol=1e-10)


def test_arithmetic_is_that_of_the_values() -> None:
    one, other = pulse.gaussian(0.3, 2.0, 0.7), pulse.cosine(1.0, 2.0)
    pairs = {
        "sum": (one + other + 0.2, one(TIMES) + other(TIMES) + 0.2),
        "difference": (1.0 - one - other, 1.0 - one(TIMES) - other(TIMES)),
        "product": (2j * one * other, 2j * one(TIMES) * other(TIMES)),
        "quotient": (-one / 4, -one(TIMES) / 4),
        "real": (((1 + 2j) * one).real, one(TIMES)),
        "imaginary": (((1 + 2j) * one).imag, 2 * one(TIMES)),
        "conjugate": (((1 + 2j) * one).conjugate(), (1 - 2j) * one(TIMES)),
        "array": (np.float64(2.0) * one, 2 * one(TIMES)),
    }
    for name, (found, expected) in pairs.items():
        np.testing.assert_allclose(found(TIMES), expected, rtol=1e-14, atol=1e-16, err_msg=name)
    assert one.imag == 0.0
    assert one + other == one + other
    assert hash(one * 2.0) == hash(one * 2.0)
    assert repr(2 * one) == "<pulse 0.6 * gaussian(centre=2, width=0.7)>"


def test_batches_broadcast_ahead_of_time() -> None:
    found = pulse.gaussian(np.array([[0.1], [0.2]]), np.array([1.0, 2.0, 3.0]), 0.5)
    assert found.shape == (2, 3)
    values = found(TIMES)
    assert values.shape == (2, 3, len(TIMES))
    np.testing.assert_array_equal(values[1, 2], pulse.gaussian(0.2, 3.0, 0.5)(TIMES))


@pytest.mark.parametrize(
    ("argument", "make", "words"),
    [
        ("height", lambda: pulse.square(np.nan, 0, 1), "finite"),
        ("stop", lambda: pulse.square(1.0, 2.0, 2.0), "later than `start`"),
        ("stop", lambda: pulse.ramp(0, 1, 2.0, np.array([3.0, 1.0])), "later than `start`"),
        ("width", lambda: pulse.gaussian(1.0, 0.0, 0.0), "positive"),
        ("frequency", lambda: pulse.cosine(1.0, np.inf), "finite"),
        ("times", lambda: pulse.piecewise([0, 2, 1], [1, 2]), "increase"),
        ("values", lambda: pulse.piecewise([0, 1, 2], [1, 2, 3]), "one less than the times"),
        ("times", lambda: pulse.sampled([0.0], [1.0]), "at least two"),
        ("values", lambda: pulse.sampled([0, 1], [1, 2, 3]), "as many as the times"),
        ("values", lambda: pulse.sampled([0, 1], [1, np.nan]), "finite"),
        ("interpolation", lambda: pulse.sampled([0, 1], [1, 2], interpolation="spline"), '"cubic" or "linear"'),
        ("other", lambda: pulse.square(1, 0, 1) + "x", "number"),
        ("other", lambda: pulse.square(1, 0, 1) / pulse.square(1, 0, 1), "number"),
    ],
)
def test_what_is_no_pulse_is_refused(refuses: Any, argument: str, make: Callable[[], Any], words: str) -> None:
    refuses(argument, make, words)


def test_only_some_parameters_may_change(refuses: Any) -> None:
    kick = pulse.square(0.1, 0.0, 1.0)
    for argument, make in {
        "phase": lambda: ly.TwoPhotonDrive("a", 0.1, kick),
        "occupation": lambda: ly.LocalBath("a", 0.1, kick),
        "frequency": lambda: ly.Mode("a", kick),
    }.items():
        refuses(argument, make, "be constant in time", "rates and detunings may be pulses")
    refuses("amplitude", lambda: ly.OnePhotonDrive("a", 1j * kick), "be real at all times")
    assert ly.CoherentCoupling("a", "b", 1j * kick).strength == 1j * kick


def test_a_network_knows_its_pulses() -> None:
    height = xr.DataArray([0.1, 0.2], dims="height")
    device = ly.catalog.two_photon_battery(
        drive=pulse.gaussian(height, 3.0, 1.0), charger_damping=0.1, battery_damping=0.1
    )
    assert list(device.pulses) == ["TwoPhotonDrive(charger).amplitude"]
    assert [name for _, name, _ in device.arrays] == ["amplitude"]
    doubled = device.map_parameters(lambda value: 2 * value)
    (found,) = doubled.pulses.values()
    np.testing.assert_allclose(found.terms[0].factor, [0.2, 0.4])


@pytest.mark.parametrize(
    "ask",
    [
        ly.steady_state,
        ly.stability,
        ly.critical_drive,
        ly.moment_equations,
        ly.correlations,
        lambda device: ly.response(device, [0.0, 1.0]),
        lambda device: ly.spectrum(device, [0.0, 1.0]),
        lambda device: ly.monitor(device, "battery", efficiency=0.5, angle=0.0),
        lambda device: ly.critical(device, "LocalBath(charger).rate"),
        lambda device: ly.critical_exponent(device, "LocalBath(charger).rate"),
        lambda device: ly.exceptional_points(device, "LocalBath(charger).rate", (0.0, 1.0)),
    ],
)
def test_what_needs_constants_says_so(refuses: Any, ask: Callable[[Any], Any]) -> None:
    device = ly.catalog.two_photon_battery(drive=pulse.square(0.1, 0.0, 1.0), charger_damping=0.1, battery_damping=0.1)
    refuses("network", lambda: ask(device), "constant in time", "TwoPhotonDrive(charger).amplitude", "ask `charge`")


SERIES = [
    pulse.gaussian(0.3, 2.0, 0.7) * pulse.cosine(1.0, 2.0, 0.3) + 0.2,
    pulse.ramp(0.0, 1.0, 0.7, 4.0) * pulse.ramp(1.0, 2.0, 0.2, 5.0),
    pulse.sampled([0.0, 1.0, 2.0, 4.0], [1.0, 3.0, 2.0, 5.0]),
    pulse.sampled([0.0, 1.0, 2.0, 4.0], [1.0, 3.0, 2.0, 5.0], interpolation="linear"),
    pulse.square(1.0, 0.0, 2.0) * pulse.piecewise([0.0, 1.0, 4.0], [0.5, 0.7]),
    pulse.gaussian([[0.1], [0.2]], 2.0, [0.5, 0.7, 2.0]) * pulse.gaussian(1.0, [1.0, 1.5, 2.5], 1.0),
]


@pytest.mark.parametrize("one", SERIES, ids=range(len(SERIES)))
def test_the_series_of_a_pulse_is_the_pulse(one: Any) -> None:
    """In steps of a tenth, at the edges behind which it begins, too."""
    times, lengths = np.array([0.7, 1.0, 3.2]), np.array([0.1, 0.05, 0.1])
    series = one.series(times, lengths, 20)
    for place in (0.0, 0.4, 1.0):
        found = np.sum(series * place ** np.arange(21.0).reshape(-1, *(1,) * (series.ndim - 1)), axis=0)
        np.testing.assert_allclose(found, one(times + place * lengths), rtol=0, atol=1e-14)
