"""Peaks and crossings between the samples of a curve, against closed forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from leyden.portrait import place_of
from leyden.portrait.nested import Grid, is_smooth, peak_of, settling_time_of

Curve = Callable[[np.ndarray], np.ndarray]


def grids(curve: Curve, end: float = 40.0, count: int = 6, steps: int = 128) -> list[Grid]:
    found = []
    for length in end / 4.0 ** np.arange(count):
        with np.errstate(all="ignore"):
            found.append(Grid(length / steps, curve(np.linspace(0.0, length, steps + 1))))
    return found


@pytest.mark.parametrize("rate", [0.2, 1.0, 30.0, 1e3])
def test_a_rise_and_fall(rate: float) -> None:
    """t e^{-t rate} is highest at 1/rate, wherever that falls on the grids."""
    top = peak_of(grids(lambda times: times * np.exp(-rate * times), count=8))
    assert top is not None
    assert place_of(top) == "inside"
    assert top.value == pytest.approx(np.exp(-1) / rate, rel=1e-10)
    assert top.time == pytest.approx(1 / rate, rel=1e-7)


@pytest.mark.parametrize("time", np.linspace(9.0, 11.0, 9))
def test_a_summit_where_one_grid_ends(time: float) -> None:
    """The second grid ends at 10, three samples before it the first one takes over."""
    top = peak_of(grids(lambda times: (times / time * np.exp(1 - times / time)) ** 4))
    assert top is not None
    assert (top.value, top.time) == (pytest.approx(1.0, rel=1e-9), pytest.approx(time, rel=1e-6))


def test_the_highest_of_many_summits() -> None:
    """1 - cos t e^{-t/50} has its highest one near pi, the others two pi apart."""
    top = peak_of(grids(lambda times: 1 - np.cos(times) * np.exp(-times / 50), steps=256))
    time = np.pi - np.arctan(1 / 50)
    assert top is not None
    assert top.time == pytest.approx(time, rel=1e-6)
    assert top.value == pytest.approx(1 - np.cos(time) * np.exp(-time / 50), rel=1e-9)


@pytest.mark.parametrize(
    ("curve", "value", "time", "place"),
    [
        (lambda t: 1 - np.exp(-t), 1.0, 40.0, "end"),
        (lambda t: (1 - np.exp(-t)) * (1 + 1e-13 * np.sin(1e3 * t)), 1.0, 40.0, "end"),
        (lambda t: np.exp(0.1 * t), np.exp(4.0), 40.0, "end"),
        (lambda t: np.exp(-t), 1.0, 0.0, "start"),
        (lambda t: 0 * t, 0.0, 0.0, "start"),
        (lambda t: 1 + 1e-13 * np.sin(1e3 * t), 1.0, 0.0, "start"),
        (lambda t: -t, 0.0, 0.0, "start"),
        # Known from the limit alone: 0/0 at time 0.
        (lambda t: np.sin(t) / t, 1.0, 0.0, "start"),
        (lambda t: (1 - np.exp(-t)) / t, 1.0, 0.0, "start"),
        (lambda t: t / t, 1.0, 0.0, "start"),
    ],
)
def test_tops_at_the_ends(curve: Curve, value: float, time: float, place: str) -> None:
    top = peak_of(grids(curve))
    assert top is not None
    assert (top.value, top.time, place_of(top)) == (pytest.approx(value, abs=1e-11, rel=1e-11), time, place)


@pytest.mark.parametrize(
    "curve",
    [
        lambda t: 1 / t,
        np.log,
        lambda t: np.sin(1e4 * t),
        lambda t: 1 / (t - 17.0) ** 2,
        lambda t: np.where(t > 20, 1.0, 0.0),
        lambda t: np.where(t > 20, np.nan, t),
        lambda t: np.where(abs(t - 20) < 2, np.nan, t),
        lambda t: np.where(t < 5, np.nan, np.exp(-t)),
        lambda t: np.nan * t,
    ],
)
def test_what_samples_do_not_tell_has_no_top(curve: Curve) -> None:
    assert peak_of(grids(curve)) is None


def test_a_curve_that_begins_late_may_have_a_top() -> None:
    """A ratio of two energies that are below every number at first."""
    top = peak_of(grids(lambda t: np.where(t < 0.5, np.nan, t * np.exp(-t / 4))))
    assert top is not None
    assert (top.value, top.time) == (pytest.approx(4 * np.exp(-1)), pytest.approx(4.0, rel=1e-7))


@pytest.mark.parametrize("rate", [0.2, 1.0, 30.0, 1e3])
def test_settling(rate: float) -> None:
    found = settling_time_of(grids(lambda t: 3 * (1 - np.exp(-rate * t)), count=8), 3.0)
    assert found == pytest.approx(np.log(100) / rate, rel=1e-7)


def test_settling_of_what_swings() -> None:
    """e^{-t/5} cos 2 t leaves a band of 1/100 for the last time near one of its last summits."""
    curve = lambda t: 1 + np.exp(-t / 5) * np.cos(2 * t)  # noqa: E731
    times = np.linspace(0, 40, 4_000_001)
    last = times[np.abs(curve(times) - 1) > 0.01][-1]
    assert settling_time_of(grids(curve, steps=512), 1.0) == pytest.approx(last, abs=2e-5)


def test_curves_that_never_settle_or_always_have() -> None:
    assert np.isnan(settling_time_of(grids(lambda t: np.exp(-t)), 0.0))
    assert np.isnan(settling_time_of(grids(lambda t: t), 1.0))
    assert np.isnan(settling_time_of(grids(lambda t: t), np.nan))
    assert settling_time_of(grids(lambda t: 0 * t), 0.0) == 0.0
    assert settling_time_of(grids(lambda t: 1 + 0.001 * np.exp(-t)), 1.0) == 0.0


def test_between_rough_samples_the_curve_is_straight() -> None:
    jump = grids(lambda t: np.where(t < 20, 0.0, 1.0), count=1, steps=8)
    assert not is_smooth(jump)
    # From 0 at 15 to 1 at 20, within 0.1 of 1 from 19.5 on.
    assert settling_time_of(jump, 1.0, 0.1) == pytest.approx(19.5, abs=1e-9)
    assert is_smooth(grids(np.exp, end=1.0))
