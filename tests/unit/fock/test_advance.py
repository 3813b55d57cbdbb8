"""Krylov steps and dense exponentials against `expm`, and the error that they promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array

from leyden.errors import ConvergenceError
from leyden.fock import advance

TIMES = np.array([0.5, 0.7, 3.0, 3.0001, 9.0])


def chain(size: int, damping: float, turning: float) -> Any:
    """What turns, decays, and feeds one way: nearly antisymmetric, and no normal matrix."""
    up = np.diag(turning * np.sqrt(np.arange(1.0, size)), 1)
    return csr_array(up - up.T - damping * np.diag(np.arange(size)) + 0.3 * damping * np.diag(np.ones(size - 1), 1))


@pytest.mark.parametrize("is_dense", [False, True])
@pytest.mark.parametrize(("damping", "turning"), [(0.1, 1.0), (1.0, 0.1), (0.0, 2.0), (30.0, 0.5)])
def test_exponentials(monkeypatch: pytest.MonkeyPatch, damping: float, turning: float, is_dense: bool) -> None:
    monkeypatch.setattr(advance, "_DENSE_SECONDS", 0.0 if is_dense else np.inf)
    monkeypatch.setattr(advance, "_MOST_LENGTHS", 9)
    generator, start = chain(60, damping, turning), np.eye(60)[0] + 0.2 * np.eye(60)[7]
    found = list(advance.advanced(generator, start, 0.2, TIMES, 1e-9))
    exact = [expm(generator.toarray() * (time - 0.2)) @ start for time in TIMES]
    assert np.max(np.abs(np.asarray(found) - exact)) < 1e-9


def test_the_promise_is_kept_at_any_tolerance() -> None:
    generator, start = chain(200, 0.05, 1.0), np.eye(200)[0]
    exact = expm(generator.toarray() * 9.0) @ start
    for tolerance in (1e-3, 1e-6, 1e-12):
        (found,) = advance.advanced(generator, start, 0.0, np.array([9.0]), tolerance)
        assert np.linalg.norm(found - exact) < tolerance


def test_closed_spaces_and_nothing_at_all() -> None:
    generator = csr_array(np.diag([-1.0, -2.0, 0.0, 0.0]))
    found = list(advance.advanced(generator, np.array([1.0, 1.0, 1.0, 0.0]), 0.0, np.array([0.0, 1.0, 200.0]), 1e-12))
    np.testing.assert_allclose(found[1], [np.exp(-1), np.exp(-2), 1.0, 0.0], atol=1e-14)
    np.testing.assert_allclose(found[2], [0.0, 0.0, 1.0, 0.0], atol=1e-14)
    (nothing,) = advance.advanced(generator, np.zeros(4), 0.0, np.array([1.0]), 1e-12)
    assert not nothing.any()


def test_steps_without_end_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advance, "_MOST_STEPS", 3)
    monkeypatch.setattr(advance, "_MOST_DENSE", 0)
    with pytest.raises(ConvergenceError, match="3 steps have come to"):
        list(advance.advanced(chain(60, 0.1, 5.0), np.eye(60)[0], 0.0, np.array([50.0]), 1e-9))
