"""The iteration, step by step: what it says is left of the equation is left of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from scipy.sparse import csr_array

import leyden as ly
from leyden.algebra.adi import Iteration, Shifted
from leyden.equations.low_rank import sparse_drift

C = ly.catalog


def begun(drift: Any, left: Any, weights: Any, outward: Any = None) -> Iteration:
    """All of S is asked for: the probes are the columns of the identity."""
    size = drift.shape[0]
    outward = np.zeros((0, size)) if outward is None else outward
    return Iteration(csr_array(drift), csr_array(outward), left, weights, np.eye(size), size // 2)


@pytest.fixture
def problem(random_network: Any) -> tuple[Any, Any, Any]:
    drift = sparse_drift(ly.moment_equations(random_network(2, modes=5)))
    return drift, np.random.default_rng(0).normal(size=(10, 3)), np.array([1.0, -0.7, 0.2])


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("shifts", [None, [-0.9 + 0j], [-0.7 + 1.5j], [-0.6 + 0j, -0.8 + 2j]], ids=str)
def test_the_residual_is_true_at_every_step(
    problem: Any, steps: int, shifts: list[complex] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A S + S A^T + G s G^T = W s W^T, whatever the shifts, real or complex."""
    if shifts is not None:
        monkeypatch.setattr("leyden.algebra.adi.shifts_for", lambda *_: shifts)
    drift, left, weights = problem
    found = begun(drift, left, weights)
    found.run(0.0, steps)
    assert found.steps == steps
    whole = drift @ found.images + (drift @ found.images).T + (left * weights) @ left.T
    np.testing.assert_allclose(whole, (found.left * weights) @ found.left.T, rtol=0, atol=1e-12)
    assert found.residual == pytest.approx(np.linalg.norm(whole), rel=1e-6, abs=1e-13)
    np.testing.assert_allclose(found.images, found.images.T, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.squares, np.diag(found.images), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.cross, np.diag(found.images, 1)[::2], rtol=0, atol=1e-12)


def test_it_ends_at_the_solution(problem: Any) -> None:
    drift, left, weights = problem
    found = begun(drift, left, weights)
    found.run(1e-13, 500)
    assert found.residual <= 1e-13
    exact = solve_continuous_lyapunov(drift.toarray(), -(left * weights) @ left.T)
    np.testing.assert_allclose(found.images, exact, rtol=0, atol=1e-12 * np.abs(exact).max())


def test_stretched_and_squeezed_parts_that_cancel_are_no_end(problem: Any) -> None:
    """W s W^T of two equal columns with opposite weights is zero, but rounding must not be taken for an answer."""
    drift, left, _ = problem
    found = begun(drift, left[:, [0, 0]], np.array([1.0, -1.0]))
    assert 1e-12 < found.residual < 1e-5


@pytest.mark.parametrize("growth", [0.05, 1.0])
def test_growing_modes_end_without_a_warning(growth: float) -> None:
    drift = np.diag([-1.0, -0.9, growth, -1.1])
    drift[0, 2] = drift[2, 0] = 0.3
    drift[1, 3], drift[3, 1] = 0.2, -0.2
    found = begun(drift, np.ones((4, 1)), np.ones(1))
    found.run(1e-13, 20_000)
    assert not found.residual <= 1e-6


def test_attempts_end_what_does_not_decay() -> None:
    """A mode that only turns keeps all it has; one stretch of time shows that it is no way."""
    drift = np.array([[-0.1, 1.0, 0.0, 0.0], [-1.0, -0.1, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0]])
    drift[0, 2] = 1e-3
    for attempts, steps in ((2, 302), (np.inf, 900)):
        found = begun(drift, np.array([[0.0], [0.0], [1.0], [0.0]]), np.ones(1))
        found.run(1e-26, 900, attempts)
        assert found.steps == steps
        assert found.residual > 0.99


def test_what_leaks_out_is_bounded(problem: Any) -> None:
    """Of |A_out S| the bound is never below the truth."""
    drift, left, weights = problem
    outward = np.random.default_rng(1).normal(size=(4, 10))
    found = begun(drift, left, weights, outward)
    found.run(1e300, 5)
    assert found.leaked == 0.0
    found.run(1e-13, 500)
    assert found.steps > 0
    assert found.leaked >= np.linalg.norm(outward @ found.images) > 0


def test_factors_beyond_memory_are_made_again(problem: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drift, left, weights = problem
    kept = begun(drift, left, weights)
    kept.run(1e-13, 500)
    monkeypatch.setattr("leyden.algebra.adi.KEPT_BYTES", 0)
    forgotten = begun(drift, left, weights)
    forgotten.run(1e-13, 500)
    np.testing.assert_array_equal(forgotten.images, kept.images)


def test_shifted_systems_are_solved(problem: Any) -> None:
    drift, left, _ = problem
    shifted = Shifted(drift)
    for shift in (-0.3 + 0j, -0.4 + 2j, 0j, -0.3 + 0j):
        found = shifted.solve(shift, left)
        np.testing.assert_allclose((drift + shift * np.eye(10)) @ found, left, rtol=0, atol=1e-12)
