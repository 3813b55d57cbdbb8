"""Paths to all zeros: their number, and zeros that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leyden.mean_field.homotopy import ends_of, paths_of
from leyden.mean_field.polynomials import collected


@pytest.mark.parametrize(("modes", "expected"), [(1, 5), (2, 33), (3, 245)])
def test_the_number_of_paths_of_kerr_modes(modes: int, expected: int) -> None:
    """Coefficient of y^N in (2 + y)^N (1 + 2y)^N."""
    product = np.poly1d([1, 2]) ** modes * np.poly1d([2, 1]) ** modes
    assert paths_of([(2, 1)] * modes + [(1, 2)] * modes) == expected == product.coeffs[modes]


def test_linear_modes_add_no_paths() -> None:
    assert paths_of([(2, 1), (1, 0), (1, 2), (0, 1)]) == 5
    assert paths_of([(1, 0), (1, 0), (0, 1), (0, 1)]) == 1


def test_zeros_of_a_system_that_comes_apart() -> None:
    """x^2 y = 2 and x y^2 = 4: y = 2x, x^3 = 1; two of five paths run off."""
    field = collected({(0, (1, 1, 2)): 1.0, (0, ()): -2.0, (1, (1, 2, 2)): 1.0, (1, ()): -4.0}, 2, 2, (1,))
    ends = ends_of(field, [(2, 1), (1, 2)], seed=1)
    assert ends.failed == 0
    found = ends.points[0][ends.is_finite[0]]
    assert len(found) == 3
    np.testing.assert_allclose(found[:, 1], 2 * found[:, 0], atol=1e-8)
    np.testing.assert_allclose(found[:, 0] ** 3, 1.0, atol=1e-8)


def test_every_start_finds_the_zeros() -> None:
    """x^2 = 3x - 2 and y = x + 1."""
    terms = {(0, (1, 1)): 1.0, (0, (1,)): -3.0, (0, ()): 2.0, (1, (2,)): 1.0, (1, (1,)): -1.0, (1, ()): -1.0}
    field = collected(terms, 2, 2, (1,))
    for seed in range(4):
        ends = ends_of(field, [(2, 0), (1, 1)], seed)
        found = sorted(ends.points[0][ends.is_finite[0]].real.tolist())
        assert np.allclose(found, [[1.0, 2.0], [2.0, 3.0]], atol=1e-8)
        assert math.isclose(len(found), paths_of([(2, 0), (1, 1)]))
