"""Ratios: a vanishing denominator gives NaN, in silence."""

from __future__ import annotations

import numpy as np
import pytest

from leyden import merit


def test_quotients() -> None:
    found = merit.ratio(np.array([1.0, 2.0, -3.0]), np.array([4.0, 4.0, 2.0]))
    assert found.tolist() == [0.25, 0.5, -1.5]
    assert merit.ratio(1.0, 4.0) == 0.25


@pytest.mark.parametrize("numerator", [0.0, 1.0, -1.0, np.inf, np.nan])
def test_a_vanishing_denominator_is_no_value(numerator: float) -> None:
    """Neither a warning (they are errors here) nor an infinity."""
    for zero in (0.0, -0.0):
        found = merit.ratio(np.array([numerator, 1.0]), np.array([zero, 2.0]))
        assert np.isnan(found[0])
        assert found[1] == 0.5


def test_tiny_denominators_are_denominators() -> None:
    assert merit.ratio(np.array(5e-324), np.array(5e-324)) == 1.0
    assert merit.ratio(np.array(1e-300), np.array(2e-300)) == 0.5


def test_shapes_broadcast_and_nan_stays() -> None:
    found = merit.ratio(np.ones((3, 1)), np.array([1.0, 0.0, np.nan]))
    assert found.shape == (3, 3)
    assert np.isnan(found[:, 1:]).all()
    assert (found[:, 0] == 1.0).all()


def test_a_quotient_out_of_range_is_missing() -> None:
    """1e200 over 1e-200 is no number, and no reason to warn."""
    found = merit.ratio(np.array([1e200, 1.0]), np.array([1e-200, 2.0]))
    np.testing.assert_array_equal(found, [np.nan, 0.5])


@pytest.mark.parametrize("numerator", [0.0, 1.0, -1e200, 1e308, np.inf, np.nan, 5e-324])
@pytest.mark.parametrize("denominator", [0.0, -0.0, 2.0, -1e-200, np.inf, np.nan, 5e-324])
def test_a_number_is_divided_as_an_array_is(numerator: float, denominator: float) -> None:
    one = merit.ratio(np.float64(numerator), np.float64(denominator))
    several = merit.ratio(np.array([numerator]), np.array([denominator]))
    assert one.shape == ()
    np.testing.assert_array_equal(one, several[0])
