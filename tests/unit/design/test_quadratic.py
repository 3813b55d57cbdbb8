"""The steps of a search: quadratic models within linear bounds, judged by the conditions that define their least."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leyden.design.quadratic import Curvature, balance, least_between


@given(seed=st.integers(0, 10**6), size=st.integers(1, 5), count=st.integers(1, 6))
def test_steps_obey_the_conditions_of_a_minimum(seed: int, size: int, count: int) -> None:
    """Feasible, multipliers not negative and zero where there is room, and slope + B d = normals^T multipliers."""
    rng = np.random.default_rng(seed)
    root = np.tril(rng.normal(size=(size, size))) + 2 * np.eye(size)
    slope, normals, slacks = rng.normal(size=size), rng.normal(size=(count, size)), rng.uniform(0, 1, count)
    step = least_between(slope, root, normals, slacks)
    assert step is not None
    room = normals @ step.move + slacks
    assert room.min() > -1e-9
    assert step.multipliers.min() >= 0
    assert np.max(np.abs(step.multipliers * room)) < 1e-8
    balanced = slope + root @ root.T @ step.move - normals.T @ step.multipliers
    assert np.max(np.abs(balanced)) < 1e-8


def test_where_nothing_fits_there_is_no_step() -> None:
    normals = np.array([[1.0], [-1.0]])
    assert least_between(np.ones(1), np.eye(1), normals, np.array([-1.0, -1.0])) is None


def test_multipliers_balance_what_they_can() -> None:
    """x and y push, z is left over; a normal that points away gets nothing."""
    normals = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, -1.0]])
    assert balance(np.array([3.0, 4.0, 5.0]), normals) == pytest.approx([3.0, 2.0, 0.0])


def test_curvature_is_learnt_from_steps() -> None:
    """Of a quadratic function, from as many steps as it has directions."""
    true = np.array([[4.0, 1.0], [1.0, 3.0]])
    curvature = Curvature(2, 1.0)
    first, second = np.array([1.0, 0.0]), np.array([-0.25, 1.0])  # conjugate: first true second = 0
    for move in (first, second):
        curvature.learn(move, true @ move)
    found = curvature.root @ curvature.root.T
    assert found == pytest.approx(true, rel=1e-12)


def test_curvature_stays_positive() -> None:
    curvature = Curvature(2, 1.0)
    for move in np.eye(2):
        curvature.learn(move, -5.0 * move)
    assert np.linalg.eigvalsh(curvature.root @ curvature.root.T).min() > 0
