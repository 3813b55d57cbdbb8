"""Roots and maxima: of functions that are solved on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leyden.algebra.extrema import maximum_about, maximum_between, root_between


@pytest.mark.parametrize("scale", [1e-120, 1e-12, 1.0, 1e9])
def test_a_root_is_found_to_rounding(scale: float) -> None:
    assert root_between(lambda x: (x / scale) ** 2 - 2, 0.0, 3 * max(scale, 1e-9)) == pytest.approx(
        math.sqrt(2) * scale, rel=1e-15
    )


def test_a_root_without_a_change_of_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="different signs"):
        root_between(lambda x: x * x + 1, -1.0, 1.0)


def test_a_maximum_is_found_to_the_digits_that_it_has() -> None:
    """x e^{-x} has its maximum at 1, and is flat there: half of the digits."""
    assert maximum_between(lambda x: x * math.exp(-x), 0.2, 3.0, 1e-9) == pytest.approx(1.0, abs=3e-8)
    assert maximum_between(lambda x: x, 0.0, 1.0, 1e-9) == pytest.approx(1.0, abs=1e-5)


def test_a_maximum_of_several_numbers() -> None:
    """A tilted bell at (0.3, -0.2)."""

    def bell(at: np.ndarray) -> float:
        x, y = at[0] - 0.3, at[1] + 0.2
        return math.exp(-(x * x + 1.8 * x * y + y * y))

    assert maximum_about(bell, 2, 1e-9) == pytest.approx([0.3, -0.2], abs=1e-7)
