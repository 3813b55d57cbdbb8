"""The default time of a run, from spectra."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.portrait import Portrait
from leyden.portrait.horizon import default_horizon, is_growing, pleasing


@pytest.mark.parametrize(
    ("value", "expected"), [(1.0, 1.0), (1.0001, 1.2), (33.0, 40.0), (9.0, 10.0), (0.29, 0.3), (0.3, 0.3), (5e-7, 5e-7)]
)
def test_pleasing_numbers(value: float, expected: float) -> None:
    assert pleasing(value) == expected


@pytest.mark.parametrize("power", range(-300, 300, 7))
def test_pleasing_numbers_are_just_above(power: int) -> None:
    for value in np.linspace(1.0, 9.99, 23) * 10.0**power:
        assert value * (1 - 1e-9) <= pleasing(float(value)) <= 1.51 * value


@pytest.mark.parametrize(
    ("spectrum", "is_stable", "expected"),
    [
        ([-0.2, -0.5 + 3j], True, 50.0),
        ([0.1, -0.5], False, 40.0),
        ([0.0, -0.5], False, 20.0),
        ([1e-17 + 0.5j, 1e-17 - 0.5j], False, 150.0),  # ten periods of 4 pi
        ([0.0, 0.0], False, 10.0),
        ([-1e-310], True, 1e300),
    ],
)
def test_the_default_horizon(spectrum: list[complex], is_stable: bool, expected: float) -> None:
    assert default_horizon(np.array(spectrum), is_stable) == expected


def test_growth_beyond_rounding() -> None:
    assert is_growing([1e-3, -1.0])
    assert not is_growing([1e-15, -1.0])
    assert not is_growing([-1e-3, -1.0])


# Of devices with pulses.


def portrait_of(pulse: Any, until: float | None = None) -> Portrait:
    parts = [ly.OnePhotonDrive("a", pulse), ly.LocalBath("a", 1.0)]
    return Portrait(ly.Network([ly.Mode("a")], parts, "a", "a"), until)


@pytest.mark.parametrize(
    ("pulse", "horizon"),
    [
        # Ten relaxation times are 20.
        (ly.pulse.square(0.1, 0.0, 4.0), 25.0),
        (ly.pulse.gaussian(0.1, 5.0, 1.0), 40.0),  # over at 14
        (ly.pulse.cosine(0.1, 3.0), 20.0),
        (ly.pulse.sampled([0.0, 1.0, 7.0], [0.0, 1.0, 0.0]), 7.0),
        (ly.pulse.piecewise([-1.0, 100.0], [0.1]), 100.0),
        (ly.pulse.square(0.1, -4.0, -2.0), 20.0),
    ],
)
def test_a_run_ends_when_the_pulses_and_what_they_leave_are_over(pulse: Any, horizon: float) -> None:
    assert portrait_of(pulse).horizon == horizon


def test_a_peak_is_what_the_curve_has() -> None:
    """A kick of constant height: |a| rises to (2 drive/kappa)(1 - e^{-kappa T/2}), and falls from then on."""
    portrait = portrait_of(ly.pulse.square(0.3, 0.0, 4.0))
    peak = portrait.peak(portrait.columns[0], "stored_energy")
    if peak is not None:  # a curve with a kink may not be told
        assert peak.value == pytest.approx((0.6 * (1 - np.exp(-2.0))) ** 2, rel=1e-4)
    assert portrait.condition == "changing"
    assert portrait.steady is None
    assert not portrait.is_stable


def test_a_narrow_pulse_is_not_passed_over() -> None:
    """Of a thousandth of the run: the peak of a curve through fewer samples would not be there at all."""
    portrait = portrait_of(ly.pulse.gaussian(1.0, 50.3, 0.02), until=100.0)
    peak = portrait.peak(portrait.columns[0], "charging_power")
    times = np.linspace(50.2, 50.5, 3001)
    exact = ly.charge(portrait.network, times).charging_power.values
    assert peak is not None
    assert peak.value == pytest.approx(float(exact.max()), rel=1e-6)
    assert peak.time == pytest.approx(float(times[int(exact.argmax())]), abs=1e-3)


def test_what_would_take_too_many_samples_has_no_peak() -> None:
    portrait = portrait_of(ly.pulse.gaussian(1.0, 50.3, 1e-5), until=100.0)
    assert portrait.peak(portrait.columns[0], "charging_power") is None
