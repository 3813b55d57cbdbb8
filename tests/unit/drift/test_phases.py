"""Until when phases are known: 1e15 over the fastest rate of turning, unless the mode decays before."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.drift.phases import known_until


def until(detuning: object, damping: float, last: float) -> np.ndarray | None:
    device = ly.Network([ly.Mode("a", detuning=detuning)], [ly.LocalBath("a", damping)], "a", "a")
    return known_until(ly.moment_equations(device), last)


def test_an_undamped_mode_is_known_for_1e15_over_its_detuning() -> None:
    assert until(1e16, 0.0, 0.09) is None
    assert until(1e16, 0.0, 1.0) == pytest.approx(0.1)
    assert until(1e100, 0.0, 1.0) == pytest.approx(1e-85)


def test_a_mode_that_decays_before_is_known_for_ever() -> None:
    assert until(1e16, 30.0, 1e6) is None
    assert until(1e16, 1.0, 1e6) == pytest.approx(0.1)
    assert until(0.0, 1e20, 1e6) is None


def test_devices_of_a_batch_have_times_of_their_own() -> None:
    assert until(np.asarray([1.0, 1e16, 1e20]), 0.0, 1.0) == pytest.approx([np.inf, 0.1, 1e-5])
