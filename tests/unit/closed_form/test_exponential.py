"""Divided differences of the exponential, against their definition with 200 digits."""

from __future__ import annotations

import itertools
from math import e, factorial

import mpmath as mp
import numpy as np
import pytest

from leyden.closed_form import exponential_difference
from leyden.closed_form.exponential import NEAR


def definition(points: list[float]) -> mp.mpf:
    """sum_i e^{x_i} / prod_j (x_i - x_j), points moved apart by parts in 1e30."""
    apart = [mp.mpf(point) + mp.mpf(10) ** -30 * (i + 1) ** 2 for i, point in enumerate(points)]
    total = mp.mpf(0)
    for i, x in enumerate(apart):
        total += mp.exp(x) / mp.fprod(x - y for j, y in enumerate(apart) if j != i)
    return total


def sets_of_points(kind: str, size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    shape = (size, 50)
    if kind == "spread":
        return rng.uniform(-3 * NEAR, 0, shape)
    if kind == "many scales":
        return -(10 ** rng.uniform(-8, 3, shape))
    if kind == "two clusters":
        return rng.choice([0.0, -1.7 * NEAR], shape) - 10 ** rng.uniform(-9, 0, shape)
    if kind == "at the border":
        return rng.choice([0.0, -NEAR / 2, -NEAR, -np.nextafter(NEAR, 9)], shape)
    return rng.uniform(-2, 30, shape)


@pytest.mark.parametrize("kind", ["spread", "many scales", "two clusters", "at the border", "growing"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_definition(kind: str, size: int) -> None:
    points = sets_of_points(kind, size)
    found = exponential_difference(*points)
    with mp.workdps(200):
        errors = [abs(float(mp.mpf(float(x)) / definition(list(p)) - 1)) for x, p in zip(found, points.T, strict=True)]
    # The recursion loses at most a factor of ten in 1.1e-16 per order; e^x costs twice its exponent (30 when growing).
    assert max(errors) < (7e-15 if kind == "growing" else 5e-15)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_coinciding_points_give_the_derivative(size: int) -> None:
    found = exponential_difference(*[1.0] * size)
    assert found == pytest.approx(e / factorial(size - 1), rel=1e-15)


def test_order_does_not_matter() -> None:
    values = {float(exponential_difference(*order)) for order in itertools.permutations([0.0, -9.0, 0.5, -9.0])}
    assert len(values) == 1


def test_points_broadcast() -> None:
    found = exponential_difference(np.zeros((2, 1)), np.array([-1.0, -2.0, -3.0]), 0.0)
    assert found.shape == (2, 3)
    assert found[1, 2] == exponential_difference(0.0, -3.0, 0.0)


def test_a_scalar_stays_one() -> None:
    assert isinstance(exponential_difference(0.0, -1.0), np.float64)


def test_nothing_overflows_before_the_answer() -> None:
    """The largest point is taken out first: points beyond floats on either side leave no `inf - inf` and no 0/0."""
    assert exponential_difference(720.0, 710.0, 0.0) == np.inf
    assert np.isfinite(exponential_difference(700.0, 690.0, 0.0))
    assert exponential_difference(-800.0, -900.0) == 0.0
    # The largest point stands out, whatever the others do.
    assert exponential_difference(0.0, -800.0, -900.0) == pytest.approx(1 / (800 * 900), rel=1e-15)
