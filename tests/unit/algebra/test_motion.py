"""Motion seen through outputs: against the exponential of the whole generator."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.linalg import expm

from leyden.algebra.motion import motion


def generator(size: int, seed: int) -> np.ndarray:
    """A damped one, of rates between 0.01 and 1,000."""
    random = np.random.default_rng(seed)
    coupled = random.normal(size=(size, size)) * (random.random((size, size)) < 0.1)
    rates = np.geomspace(1e-2, 1e3, size)
    return coupled - coupled.T - np.diag(rates)


@pytest.mark.parametrize("times", [np.linspace(0.0, 5.0, 51), np.geomspace(0.01, 50.0, 30), np.asarray([0.7])])
@pytest.mark.parametrize("seed", range(3))
def test_as_the_whole_exponential_has_it(times: np.ndarray, seed: int) -> None:
    matrix = generator(60, seed)
    start = np.eye(60)[0]
    rows = np.random.default_rng(seed).normal(size=(3, 60))
    found = motion(sparse.csr_array(matrix), start, rows, times, 1e-11)
    exact = np.stack([rows @ expm(matrix * time) @ start for time in times])
    np.testing.assert_allclose(found.of(rows), exact, atol=1e-9)


def test_a_start_that_nothing_moves_stays() -> None:
    found = motion(sparse.csr_array((4, 4)), np.eye(4)[1], np.eye(4), np.asarray([0.0, 1.0, 5.0]), 1e-10)
    np.testing.assert_array_equal(found.of(np.eye(4)), np.tile(np.eye(4)[1], (3, 1)))
