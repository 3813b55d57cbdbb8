"""The sparse form of the moment equations against the dense one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.algebra.factors import norm_of
from leyden.equations.low_rank import LARGEST_RANK, SparseEquations, sparse_drift, sparse_equations

C = ly.catalog


def sparse_of(network: ly.Network) -> SparseEquations:
    found = sparse_equations(ly.moment_equations(network))
    assert found is not None
    return found


def source_of(found: SparseEquations) -> Any:
    source = np.zeros((found.size, found.size))
    source[np.ix_(found.places, found.places)] = (found.factor * found.weights) @ found.factor.T
    return source


@pytest.mark.parametrize("seed", range(4))
def test_the_source_is_what_disturbs_the_equilibrium(random_network: Any, seed: int) -> None:
    """Q = D + (n + 1/2)(A + A^T), for baths of several temperatures, whichever of them n is."""
    network = random_network(seed, modes=5)
    equations, found = ly.moment_equations(network), sparse_of(network)
    np.testing.assert_allclose(found.drift.toarray(), equations.drift, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(found.forcing, equations.forcing)
    expected = equations.source + found.occupation * (equations.drift + equations.drift.T)
    np.testing.assert_allclose(source_of(found), expected, rtol=0, atol=1e-13)
    np.testing.assert_allclose(found.factor.T @ found.factor, np.eye(len(found.weights)), rtol=0, atol=1e-14)
    assert found.source_norm == pytest.approx(np.linalg.norm(expected), rel=1e-13)
    assert norm_of(found.drift) == pytest.approx(np.abs(equations.drift).sum(axis=0).max(), rel=1e-13)


def test_each_driven_mode_is_stretched_and_squeezed() -> None:
    """Q of one drive has the eigenvalues +-(2 n + 1) 2 eps, and nothing else of the device enters."""
    for occupation in (0.0, 0.3):
        found = sparse_of(C.cascade(30, drive=0.05, damping=0.1, occupation=occupation, driven=[4, 9]))
        assert found.occupation == occupation
        assert found.places.tolist() == [8, 9, 18, 19]
        expected = np.repeat([-0.1, 0.1], 2) * (2 * occupation + 1)
        np.testing.assert_allclose(np.sort(found.weights), expected, rtol=1e-13)


def test_back_action_that_cancels_is_no_entry() -> None:
    drift = sparse_drift(ly.moment_equations(C.cascade(30, drive=0.05, damping=0.1, shared_rate=1 / 3)))
    assert drift.nnz == 2 * 30 + 2 * 29 + 2
    assert not np.triu(drift.toarray(), 2).any()


def test_baths_of_one_temperature_leave_nothing_however_many() -> None:
    """Sums of hundreds of terms cancel up to hundreds of roundings; as an own direction each would cost a column."""
    for occupation in (0.1, 1 / 3, 0.7123):
        dense = C.random_directed_graph(240, drive=0.05, damping=0.1, occupation=occupation, links=240 * 239 // 2)
        assert sparse_of(dense).places.tolist() == [0, 1]
        star = C.parallel_array(5000, drive=0.0, charger_damping=0.1, battery_damping=0.1, occupation=occupation)
        assert len(sparse_of(star).weights) == 0


def test_a_weak_drive_beside_large_rates_is_kept() -> None:
    found = sparse_of(C.parallel_array(50, drive=1e-12, charger_damping=1e3, battery_damping=0.1, occupation=0.0))
    np.testing.assert_allclose(np.sort(found.weights), [-2e-12, 2e-12], rtol=1e-13)


def test_too_many_directions_are_none() -> None:
    most = LARGEST_RANK // 2
    assert len(sparse_of(C.cascade(most, drive=0.02, damping=0.1, driven=range(most))).weights) == LARGEST_RANK
    more = C.cascade(most + 1, drive=0.02, damping=0.1, driven=range(most + 1))
    assert sparse_equations(ly.moment_equations(more)) is None


def test_batches_are_refused(refuses: Any) -> None:
    batch = ly.moment_equations(C.cascade(3, drive=np.array([0.1, 0.2]), damping=0.1))
    refuses("network", lambda: sparse_equations(batch), "single device")
