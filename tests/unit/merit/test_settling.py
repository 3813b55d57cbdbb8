"""Settling times, against curves whose crossing is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leyden.merit.settling import settling_time

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
