"""How clearly matrices are definite: pivots of elimination, whatever the size and the way."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.algebra import definiteness


@pytest.mark.parametrize("size", [1, 2, 5, 8, 9, 12])
def test_pivots_are_ratios_of_minors(size: int) -> None:
    """d_k/d_(k-1) with d_k the leading minors: by Cholesky's diagonal, squared; spelt out for small ones or not."""
    rng = np.random.default_rng(size)
    factors = rng.normal(size=(6, size, size))
    matrices = factors @ np.swapaxes(factors, -1, -2) + 0.1 * np.eye(size)
    expected = np.min(np.diagonal(np.linalg.cholesky(matrices), axis1=-2, axis2=-1) ** 2, axis=-1)
    smallest, largest = definiteness(matrices)
    for one, least, most in zip(matrices, smallest, largest, strict=True):
        np.testing.assert_allclose(definiteness(one), (least, most), rtol=1e-10)
    np.testing.assert_allclose(smallest, expected, rtol=1e-10)
    np.testing.assert_array_equal(largest, np.max(np.abs(matrices), axis=(-2, -1)))
    matrices[2, -1, -1] -= 2 * expected[2] + 2 * matrices[2, -1, -1]
    assert (definiteness(matrices)[0] > 0).tolist() == [True, True, False, True, True, True]
