"""Derivatives by differences, against derivatives on paper."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leyden.design.differences import differences


def several(points):
    """A product, something that diverges at 1.1, and a constant."""
    x, y = points.T
    return np.column_stack([np.sin(x) * np.exp(y), 1 / (1.1 - x), np.ones(len(x))])


@given(x=st.floats(0, 1), y=st.floats(0, 1))
def test_derivatives_are_those_on_paper(x: float, y: float) -> None:
    found = differences(several, np.array([x, y]))
    exact = np.array([[np.cos(x) * np.exp(y), np.sin(x) * np.exp(y)], [1 / (1.1 - x) ** 2, 0.0], [0.0, 0.0]])
    # Truncation 1e-12 f'''' of the long step, where 1/(1.1 - x) bends most 24/0.1^5 of the short one.
    np.testing.assert_allclose(found.slopes, exact, rtol=1e-8, atol=1e-9)
    assert (np.abs(found.slopes - exact) <= 1e3 * found.error + 1e-11).all()


def test_a_wall_nearby_is_felt_by_the_short_steps() -> None:
    """The merit diverges as 1/distance at a distance of 1e-4; beyond there is nothing."""
    wall = 0.5

    def merit(points):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(points < wall, 1 / (wall - points), np.nan)

    place = np.array([wall - 1e-4])
    assert differences(merit, place).slopes.item() == pytest.approx(1e8, rel=1e-6)


def test_where_nothing_is_known_there_is_no_derivative() -> None:
    found = differences(lambda points: np.full((len(points), 1), np.nan), np.array([0.5]))
    assert np.isnan(found.slopes).all()


def test_points_stay_inside() -> None:
    seen: list[np.ndarray] = []

    def merit(points):
        seen.append(points)
        return points[:, :1] ** 2

    for place in (0.0, 1e-7, 1.0, 1 - 1e-7):
        assert differences(merit, np.array([place])).slopes.item() == pytest.approx(2 * place, abs=1e-9)
    assert min(points.min() for points in seen) >= 0
    assert max(points.max() for points in seen) <= 1
