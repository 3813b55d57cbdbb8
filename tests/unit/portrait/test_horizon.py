"""The default time of a run, from spectra."""

from __future__ import annotations

import numpy as np
import pytest

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
