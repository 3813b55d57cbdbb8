"""Lyapunov equation: every way of solving it, judged by the residual and by an exact solution."""

from __future__ import annotations

import warnings

import array_api_strict
import numpy as np
import pytest
from numpy.typing import NDArray

from leyden.algebra import solve_lyapunov
from leyden.arrays import namespace_of

# Unknowns n (n + 1)/2 below and above each border between two ways; 8 members go one way, 300 another.
SIZES = [1, 2, 3, 4, 8, 9, 12, 13, 16]
# Backward error of the solver's own promise.
BACKWARD = 1e-14


def random_problem(seed: int, size: int, count: int) -> tuple[NDArray, NDArray]:
    """Drifts with eigenvalues well to the left, not normal, and symmetric sources."""
    rng = np.random.default_rng(seed)
    drift = rng.normal(size=(count, size, size)) - 1.5 * np.sqrt(size) * np.eye(size)
    source = rng.normal(size=(count, size, size))
    return drift, source + np.swapaxes(source, -1, -2)


def backward_error(drift: NDArray, source: NDArray, solution: NDArray) -> NDArray:
    residual = drift @ solution + solution @ np.swapaxes(drift, -1, -2) + source
    sizes = [np.max(np.abs(matrix), axis=(-2, -1)) for matrix in (drift, solution, source, residual)]
    return sizes[3] / (2 * sizes[0] * sizes[1] * drift.shape[-1] + sizes[2])


@pytest.mark.parametrize("count", [1, 8, 300, 2500])
@pytest.mark.parametrize("size", SIZES)
def test_residual(size: int, count: int) -> None:
    if size > 9:
        count = min(count, 8)
    drift, source = random_problem(size, size, count)
    found = solve_lyapunov(drift, source)
    assert np.max(backward_error(drift, source, found)) < BACKWARD
    np.testing.assert_array_equal(found, np.swapaxes(found, -1, -2)) if size < 13 else None


@pytest.mark.parametrize("size", [2, 4, 8, 14])
def test_batches_are_loops(size: int) -> None:
    drift, source = random_problem(3, size, 70)
    found = solve_lyapunov(drift, source)
    for index in (0, 1, 69):
        single = solve_lyapunov(drift[index], source[index])
        # Conditioned by |A|/(2 min |Re lambda|), here below 100.
        np.testing.assert_allclose(found[index], single, rtol=1e-12, atol=1e-13)


def test_shapes_broadcast() -> None:
    drift, source = random_problem(4, 3, 6)
    found = solve_lyapunov(drift.reshape(2, 3, 1, 3, 3), source.reshape(6, 3, 3)[:5])
    assert found.shape == (2, 3, 5, 3, 3)
    np.testing.assert_allclose(found[1, 2, 4], solve_lyapunov(drift[5], source[4]), rtol=1e-12, atol=1e-13)
    assert solve_lyapunov(np.empty((0, 4, 4)), np.zeros((4, 4))).shape == (0, 4, 4)


def test_one_number() -> None:
    """-2 r s + q = 0."""
    assert solve_lyapunov(np.array([[-0.5]]), np.array([[3.0]])).item() == 3.0


@pytest.mark.parametrize("count", [1, 3, 200])
@pytest.mark.parametrize("size", [2, 4, 14])
def test_singular_members_do_not_spoil_the_others(size: int, count: int) -> None:
    """A rotation without damping: lambda and -lambda add up to zero."""
    drift, source = random_problem(5, size, count)
    drift[0] = np.kron(np.eye(size // 2), [[0.0, 1.0], [-1.0, 0.0]])
    source[0] = np.eye(size)
    found = solve_lyapunov(drift, source)
    assert not np.all(np.abs(found[0]) < 1e12)
    assert np.max(backward_error(drift[1:], source[1:], found[1:]), initial=0.0) < BACKWARD


@pytest.mark.parametrize("size", [4, 14])
def test_singular_members_are_nan_without_a_word(size: int) -> None:
    """SciPy would solve a neighbour's equation for the large one, and warn; here warnings are let through, and seen."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = solve_lyapunov(np.zeros((2, size, size)), np.ones((2, size, size)))
    assert np.all(np.isnan(found))
    assert caught == []


@pytest.mark.parametrize("count", [1, 100])
def test_zero_drift_is_singular(count: int) -> None:
    found = solve_lyapunov(np.zeros((count, 2, 2)), np.ones((count, 2, 2)))
    assert np.all(np.isnan(found))


def test_vanishing_pivots_need_pivoting() -> None:
    """A spring, x' = p, p' = -x - 2 r p, has a first pivot of zero; with D_pp = 2 its solution is 1/(2 r)."""
    rates = np.linspace(0.1, 3.0, 100)
    drift = np.zeros((100, 2, 2))
    drift[:, 0, 1], drift[:, 1, 0], drift[:, 1, 1] = 1.0, -1.0, -2 * rates
    source = np.zeros((100, 2, 2))
    source[:, 1, 1] = 2.0
    expected = np.eye(2) / (2 * rates)[:, None, None]
    np.testing.assert_allclose(solve_lyapunov(drift, source), expected, rtol=1e-13, atol=1e-14)


def test_tiny_pivots_are_not_believed() -> None:
    """Elimination without pivots loses 1/pivot; its residual must give it away."""
    tiny = np.logspace(-16, -4, 100)
    drift = np.zeros((100, 2, 2))
    drift[:, 0, 0], drift[:, 0, 1], drift[:, 1, 0], drift[:, 1, 1] = -tiny, 1.0, -1.0, -1.0
    source = np.broadcast_to(np.array([[0.3, 0.1], [0.1, 2.0]]), drift.shape)
    assert np.max(backward_error(drift, source, solve_lyapunov(drift, source))) < BACKWARD


def test_arrays_of_another_library_stay_there() -> None:
    drift, source = random_problem(6, 4, 5)
    found = solve_lyapunov(array_api_strict.asarray(drift), source)
    assert namespace_of(found) is namespace_of(array_api_strict.asarray(drift))
    np.testing.assert_allclose(np.asarray(found), solve_lyapunov(drift, source), rtol=1e-12, atol=1e-13)


def test_singular_members_of_another_library() -> None:
    drift, source = random_problem(6, 4, 5)
    drift[2] = 0.0
    found = np.asarray(solve_lyapunov(array_api_strict.asarray(drift), array_api_strict.asarray(source)))
    assert np.all(np.isnan(found[2]))
    assert np.max(backward_error(drift, source, found)[[0, 1, 3, 4]]) < BACKWARD
