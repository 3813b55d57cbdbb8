"""Settling times and peaks, against curves whose crossing and summit are known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from leyden.merit.curves import average_power, half_life, peak, settling_time, time_to_fraction

TIMES = np.linspace(0.0, 20.0, 2001)


@pytest.mark.parametrize("band", [0.1, 0.01, 1e-3])
@pytest.mark.parametrize("steady", [2.0, -2.0])
def test_an_exponential_approach(band: float, steady: float) -> None:
    """v_ss (1 - e^{-t}) is in the band from t = -ln(band) on."""
    found = settling_time(TIMES, steady * (1 - np.exp(-TIMES)), steady, band)
    # A straight line over a step of 0.01 is off by step^2/8 of the curvature over the slope.
    assert found == pytest.approx(-math.log(band), abs=0.01**2 / 8 * 1.1)


def test_the_default_band_is_one_percent() -> None:
    found = settling_time(TIMES, 1 - np.exp(-TIMES), 1.0)
    assert found == pytest.approx(math.log(100), abs=2e-5)


def test_a_straight_line_is_met_exactly() -> None:
    """From 2 at t = 0 to 1 at t = 3 and on: in the band of 0.1 from t = 2.7."""
    found = settling_time(np.array([0.0, 3.0, 4.0]), np.array([2.0, 1.0, 1.0]), 1.0, 0.1)
    assert found == pytest.approx(2.7, rel=1e-15)


def test_the_last_exit_counts_not_the_first_entry() -> None:
    """A curve that leaves the band again settles after its last swing, at 1 + e^{-t} = 1 + band at the latest."""
    swing = 1 + np.exp(-TIMES) * np.cos(5 * TIMES)
    found = float(settling_time(TIMES, swing, 1.0, 0.05))
    outside = TIMES[np.abs(swing - 1) > 0.05]
    assert outside[-1] <= found <= outside[-1] + TIMES[1]
    assert found > outside[0] + 1


@pytest.mark.parametrize(
    ("values", "steady", "expected"),
    [
        (np.ones(5), 1.0, 0.0),
        (np.zeros(5), 0.0, 0.0),
        (np.array([1.0, 0.5, 0.2, 0.1, 0.01]), 0.0, math.nan),
        (np.array([0.0, 0.1, 0.2, 0.3, 0.4]), 1.0, math.nan),
        (np.array([0.0, 1.0, 1.0, 1.0, math.nan]), 1.0, math.nan),
        (np.ones(5), math.nan, math.nan),
    ],
    ids=["constant", "zero", "decays to zero", "window too short", "ends in NaN", "no steady value"],
)
def test_limits(values: np.ndarray, steady: float, expected: float) -> None:
    found = float(settling_time(np.arange(5.0), values, steady))
    assert found == expected or (math.isnan(found) and math.isnan(expected))


def test_a_batch_equals_its_loop() -> None:
    rates, levels = np.array([[0.5, 1.0], [2.0, 0.01]]), np.array([[1.0, -3.0], [0.5, 1.0]])
    curves = levels[..., None] * (1 - np.exp(-rates[..., None] * TIMES))
    found = settling_time(TIMES, curves, levels)
    assert found.shape == (2, 2)
    assert math.isnan(found[1, 1])
    for index in np.ndindex(2, 2):
        assert np.array_equal(found[index], settling_time(TIMES, curves[index], levels[index]), equal_nan=True)


def test_any_array_library() -> None:
    import array_api_strict as xp

    curve = 1 - np.exp(-TIMES)
    found = settling_time(xp.asarray(TIMES), xp.asarray(curve), xp.asarray(1.0))
    assert type(found).__module__.startswith("array_api_strict")
    assert float(found) == float(settling_time(TIMES, curve, 1.0))


@pytest.mark.parametrize("rate", [0.3, 1.0, 7.0])
def test_between_times_the_curve_is_a_cubic(rate: float) -> None:
    """It is off by 9/384 h^4 of the fourth derivative over the slope: by that much of rate^3."""
    times = np.linspace(0.0, 40.0 / rate, 401)
    found = float(settling_time(times, 1 - np.exp(-rate * times), 1.0))
    assert found == pytest.approx(math.log(100) / rate, abs=1.2 * 9 / 384 * 0.1**4 / rate)


def test_times_may_differ_from_curve_to_curve() -> None:
    rates = np.array([0.3, 7.0])[:, None]
    times = np.geomspace(0.01, 50.0, 600) / rates
    assert settling_time(times, 1 - np.exp(-rates * times), 1.0) == pytest.approx(math.log(100) / rates[:, 0], rel=1e-6)
    found = peak(times, times**3 * np.exp(-rates * times))
    assert found.time == pytest.approx(3 / rates[:, 0], rel=1e-6)
    assert found.is_inside.all()


def test_the_derivative_of_a_settling_time() -> None:
    """ln(100)/r falls by ln(100)/r^2."""
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        times = jax.numpy.linspace(0.0, 20.0, 2001)
        slope = jax.grad(lambda rate: settling_time(times, 1 - jax.numpy.exp(-rate * times), 1.0))(1.3)
    assert float(slope) == pytest.approx(-math.log(100) / 1.3**2, rel=1e-6)


@pytest.mark.parametrize("shift", np.linspace(0.0, 0.05, 5))
def test_a_peak_between_times(shift: float) -> None:
    """t e^{-t} is 1/e at 1; a quartic through steps of h is off by 1.4 h^5/120 of the fifth derivative, 4/e."""
    times = np.linspace(0.0, 10.0, 201) + shift
    found = peak(times, times * np.exp(-times))
    assert found.is_inside
    assert float(found.value) == pytest.approx(math.exp(-1), abs=1.1 * 1.4 * 0.05**5 / 120 * 4 / math.e)
    assert float(found.time) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("curve", "value", "time"),
    [
        (lambda t: 1 - np.exp(-t), 1 - np.exp(-20.0), 20.0),
        (lambda t: np.exp(-t), 1.0, 0.0),
        (lambda t: 0 * t, 0.0, 0.0),
        (lambda t: 1 - np.exp(-2 * t) + 1e-9 * np.sin(t), 1.0, 20.0),
    ],
    ids=["rises", "falls", "zero", "rounding on a plateau"],
)
def test_peaks_at_the_ends(curve: Callable[[np.ndarray], np.ndarray], value: float, time: float) -> None:
    found = peak(TIMES, curve(TIMES))
    assert not found.is_inside
    assert (float(found.value), float(found.time)) == (pytest.approx(value, abs=2e-9), time)


def test_peaks_of_a_batch_equal_their_loop() -> None:
    rates = np.array([[0.5, 1.0], [2.0, 1e-3]])
    curves = TIMES * np.exp(-rates[..., None] * TIMES)
    found = peak(TIMES, curves)
    for index in np.ndindex(2, 2):
        alone = peak(TIMES, curves[index])
        assert (found.value[index], found.time[index], found.is_inside[index]) == alone


def test_peaks_of_any_array_library() -> None:
    import array_api_strict as xp

    curve = TIMES * np.exp(-TIMES)
    found, expected = peak(xp.asarray(TIMES), xp.asarray(curve)), peak(TIMES, curve)
    assert type(found.time).__module__.startswith("array_api_strict")
    assert (float(found.value), float(found.time)) == (float(expected.value), float(expected.time))


def test_the_time_to_a_fraction_is_when_it_is_first_reached() -> None:
    """1 - e^{-t} comes to a fraction f at -ln(1 - f); what never comes there has no time."""
    times = np.linspace(0.0, 10.0, 401)
    full = np.array([1.0, 2.0, -1.0, np.nan])
    curves = np.stack([1 - np.exp(-times), 2 * (1 - np.exp(-3 * times)), 0.5 + times, times])
    found = time_to_fraction(times, curves, full, 0.9)
    np.testing.assert_allclose(found[:2], [np.log(10), np.log(10) / 3], rtol=1e-6)
    assert found[2] == 0.0
    assert np.isnan(found[3])
    assert np.isnan(time_to_fraction(times, curves[0], 2.0))
    # A curve that swings is there when it first comes.
    assert time_to_fraction(times, 1 - np.cos(times), 2.0, 0.5) == pytest.approx(np.pi / 2, abs=1e-6)


def test_average_power_is_what_was_gained_over_the_time() -> None:
    """Of 3 + t^2 from t = 1 on: (t^2 - 1)/(t - 1) = t + 1; and for each curve of a batch by itself."""
    times = np.array([1.0, 2.0, 5.0])
    found = average_power(times, np.stack([3 + times**2, 7 * times]))
    np.testing.assert_allclose(found, [[np.nan, 3.0, 6.0], [np.nan, 7.0, 7.0]], rtol=1e-15)


def test_half_lives_are_told_as_well_as_times_tell() -> None:
    """Of e^{-t} it is ln 2: within 2% where times are closer than that, and missing where they are farther apart."""
    for step in (0.1, 0.5, 0.7, 1.5, 5.0, 20.0):
        times = step * np.arange(20)
        found = float(half_life(times, np.exp(-times)))
        assert np.isnan(found) if step > np.log(2) else found == pytest.approx(np.log(2), rel=0.02)
