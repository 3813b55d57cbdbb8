"""Balancing: exact powers of two, found on trees at once and elsewhere closely enough."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.algebra.balance import exponents, rescaled


@pytest.mark.parametrize("size", [2, 40, 250])
def test_chains_become_symmetric(size: int) -> None:
    """A_ij 2^(x_j - x_i) of a chain: both entries of a pair are the root of their product, over 1200 octaves."""
    rng = np.random.default_rng(size)
    up, down = 2.0 ** rng.uniform(-5, 5, (2, size - 1))
    matrix = np.diag(up, 1) + np.diag(down * 2.0**-9, -1) - np.eye(size)
    powers, _ = exponents(matrix[None])
    steps = np.diff(powers[0])
    np.testing.assert_allclose(steps, (np.log2(down) - 9 - np.log2(up)) / 2, rtol=0, atol=1e-9)


def test_rescaling_rounds_nothing() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(3, 6, 6))
    powers = rng.integers(-20, 20, (3, 6))
    there = rescaled(matrix, powers)
    np.testing.assert_array_equal(rescaled(there, -powers), matrix)
    np.testing.assert_array_equal(there, matrix * 2.0 ** (powers[:, None, :] - powers[:, :, None]))


@pytest.mark.parametrize("seed", range(5))
def test_rows_and_columns_weigh_alike(seed: int) -> None:
    """At the smallest sum of squares each row weighs as much as its column."""
    rng = np.random.default_rng(seed)
    units = 2.0 ** rng.uniform(-30, 30, 12)
    matrix = rng.normal(size=(12, 12)) * units[:, None] / units
    powers, sizes = exponents(matrix[None])
    squares = np.exp2(2 * (sizes[0] + powers[0][None, :] - powers[0][:, None]))
    np.testing.assert_allclose(squares.sum(axis=0), squares.sum(axis=1), rtol=0.5)
