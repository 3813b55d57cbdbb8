"""Polynomials of several variables: values and derivatives against arithmetic written out."""

from __future__ import annotations

import numpy as np

from leyden.mean_field.polynomials import collected

# 2 x^2 y - 3, and (1 + i) y.
TERMS = {(0, (1, 1, 2)): 2.0, (0, ()): -3.0, (1, (2,)): 1 + 1j, (1, (1, 1)): 0.0}


def test_values_and_derivatives() -> None:
    found = collected(TERMS, 2, 2, ())
    x, y = 1.5 + 0.5j, -0.7 + 2j
    np.testing.assert_allclose(found(np.array([x, y])), [2 * x**2 * y - 3, (1 + 1j) * y], rtol=1e-14)
    np.testing.assert_allclose(found.jacobian(np.array([x, y])), [[4 * x * y, 2 * x**2], [0, 1 + 1j]], rtol=1e-14)


def test_degrees_leave_out_what_is_zero() -> None:
    found = collected(TERMS, 2, 2, ())
    assert found.degrees.tolist() == [3, 0, 1]
    assert found.degrees_in(0, 1) == [2, 0]
    assert found.degrees_in(1, 2) == [1, 1]


def test_a_batch_of_coefficients_meets_a_batch_of_points() -> None:
    heights = np.array([1.0, 2.0, 3.0])
    found = collected({(0, (1, 1)): heights, (0, ()): 1.0}, 1, 1, (3,))
    points = np.array([[1.0], [2.0], [3.0]], dtype=np.complex128)
    np.testing.assert_allclose(found(points)[:, 0], [2.0, 9.0, 28.0])
    np.testing.assert_allclose(found.at(np.array([2]))(points[2:])[:, 0], [28.0])
    np.testing.assert_allclose(found.jacobian(points)[:, 0, 0], 2 * heights * points[:, 0])


def test_polynomials_without_terms_are_zero() -> None:
    found = collected({}, 2, 2, ())
    assert not found(np.ones(2, dtype=np.complex128)).any()
    assert not found.jacobian(np.ones(2, dtype=np.complex128)).any()
