"""A stretch of time as a step of the equation: what it says it leaves is left."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm, solve_continuous_lyapunov
from scipy.sparse import csr_array

import leyden as ly
from leyden.algebra.adi import Iteration
from leyden.algebra.chebyshev import followed
from leyden.algebra.exponential import Exponential
from leyden.equations.low_rank import sparse_drift

C = ly.catalog
MODULE = import_module("leyden.algebra.chebyshev")
WEIGHTS = np.array([1.0, -0.4, 0.2])


@pytest.fixture
def problem() -> tuple[Any, Any]:
    device = C.ring(9, drive=0.04, damping=0.2, coupling=0.6, flux=1.0)
    return sparse_drift(ly.moment_equations(device)), np.random.default_rng(3).normal(size=(18, 3))


@pytest.mark.parametrize("most", [2**30, 1, 8 * 18 * 120 * 2])
def test_a_stretch_does_what_it_says(problem: Any, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its vectors are followed at once, one by one, or two by two."""
    monkeypatch.setattr(MODULE, "TERM_BYTES", most)
    drift, left = problem
    outward = np.random.default_rng(4).normal(size=(2, 18))
    exponential = Exponential(drift)
    past = followed(
        exponential, left, WEIGHTS, both=9, probes=np.eye(18), outward=csr_array(np.where(outward > 0.5, outward, 0))
    )
    dense, width = drift.toarray(), exponential.longest
    end = expm(dense * width) @ left
    whole = solve_continuous_lyapunov(dense, (end * WEIGHTS) @ end.T - (left * WEIGHTS) @ left.T)
    scale = np.abs(whole).max()
    np.testing.assert_allclose(past.left, end, rtol=0, atol=1e-13)
    np.testing.assert_allclose(past.images, whole, rtol=0, atol=1e-13 * scale)
    np.testing.assert_allclose(past.squares, np.diag(whole), rtol=0, atol=1e-13 * scale)
    np.testing.assert_allclose(past.cross, np.diag(whole, 1)[::2], rtol=0, atol=1e-13 * scale)
    assert past.leaked >= np.linalg.norm(np.where(outward > 0.5, outward, 0) @ whole) > 0


def test_waves_end_in_a_few_stretches() -> None:
    """Slow decay of strongly coupled modes: some hundred times fewer steps than with shifts."""
    drift = sparse_drift(ly.moment_equations(C.lattice(5, 5, drive=0.0, damping=0.1, coupling=0.5)))
    source = np.eye(50)[:, :1]
    found = Iteration(drift, csr_array((0, 50)), source, np.ones(1), np.eye(50))
    found.run(1e-13, 1000)
    assert found.residual <= 1e-13
    assert found.steps <= 15
    exact = solve_continuous_lyapunov(drift.toarray(), -source @ source.T)
    np.testing.assert_allclose(found.images, exact, rtol=0, atol=1e-13 * np.abs(exact).max())


def test_one_slow_mode_is_left_to_shifts() -> None:
    """A decay of 1e-5 would take a hundred thousand units of time; a shift takes it away at once."""
    drift = sparse_drift(ly.moment_equations(C.lattice(5, 5, drive=0.0, damping=0.1, coupling=0.5))).toarray()
    drift = np.block([[drift, np.zeros((50, 1))], [np.zeros((1, 50)), -1e-5 * np.ones((1, 1))]])
    source = np.eye(51)[:, [0]] + np.eye(51)[:, [50]]
    found = Iteration(csr_array(drift), csr_array((0, 51)), source, np.ones(1), np.eye(51))
    found.run(1e-13, 1000)
    assert found.residual <= 1e-13
    assert found.steps <= 400
    exact = solve_continuous_lyapunov(drift, -source @ source.T)
    np.testing.assert_allclose(found.images, exact, rtol=0, atol=1e-10 * np.abs(exact).max())


def test_slow_decay_everywhere_takes_its_time() -> None:
    """Coupling 1000 times as strong as the damping: more stretches than are tried at first, once shifts are in vain."""
    device = C.reciprocal_chain(60, drive=0.001, damping=0.01, coupling=10.0)
    found, expected = (ly.steady_state(device, method=method) for method in ("sparse", "dense"))
    assert found.steps > 400
    scale = float(expected.stored_energy.max())
    np.testing.assert_allclose(found.stored_energy, expected.stored_energy, rtol=0, atol=1e-9 * scale)
