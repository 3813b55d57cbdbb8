"""Normal modes: independent thermal modes of any covariance, cold or hot, however they lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg

from leyden import states
from leyden.conventions import symplectic_form
from leyden.states.normal_modes import normal_modes


def turned(quanta: Any, seed: int, size: float = 0.6) -> np.ndarray:
    """Excess covariance of thermal modes after a random symplectic transformation."""
    rng, modes = np.random.default_rng(seed), len(quanta)
    rate = size * rng.normal(size=(2 * modes, 2 * modes))
    symplectic = scipy.linalg.expm(symplectic_form(modes) @ (rate + rate.T) / 2)
    covariance = symplectic @ np.diag(np.repeat(np.asarray(quanta) + 0.5, 2)) @ symplectic.T
    return (covariance + covariance.T) / 2 - 0.5 * np.eye(2 * modes)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("quanta", [(0.3,), (0.0, 0.0), (1.0, 1.0), (0.0, 0.2, 50.0), (1e-3, 2e-3, 2e-3, 3.0)])
def test_they_are_independent_thermal_modes(quanta: tuple[float, ...], seed: int) -> None:
    """[b_k, b_l^dag] = delta, [b_k, b_l] = 0, and <b_k^dag b_l + b_l b_k^dag>/2 = (n_k + 1/2) delta, <b_k b_l> = 0."""
    excess = turned(quanta, seed)
    found, modes = normal_modes(excess), len(quanta)
    rows, omega = found.rows, symplectic_form(modes)
    size = np.max(np.abs(excess)) + 1
    np.testing.assert_allclose(rows @ (1j * omega) @ rows.conj().T, np.eye(modes), atol=1e-13 * size)
    np.testing.assert_allclose(rows @ omega @ rows.T, 0, atol=1e-13 * size)
    covariance = excess + 0.5 * np.eye(2 * modes)
    both = np.diag(np.sort(quanta)) + 0.5 * np.eye(modes)
    np.testing.assert_allclose(rows.conj() @ covariance @ rows.T, both, atol=1e-12 * size**2)
    np.testing.assert_allclose(rows @ covariance @ rows.T, 0, atol=1e-12 * size**2)
    assert not found.is_lost


def test_cold_modes_are_told_apart() -> None:
    """Quanta of 1e-19 and 2e-18 on a beam splitter: next to 1/2 the two are one eigenvalue."""
    angle = 0.7
    turn = np.kron([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.eye(2))
    excess = turn @ np.diag([1e-19, 1e-19, 2e-18, 2e-18]) @ turn.T
    found = normal_modes((excess + excess.T) / 2)
    np.testing.assert_allclose(found.quanta, [1e-19, 2e-18], rtol=1e-9)
    # The colder one is the turned first mode: |b_1> along (cos, sin).
    weights = np.abs(found.rows.reshape(2, 2, 2)).sum(axis=-1) / 2**0.5
    np.testing.assert_allclose(weights, [[np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]], rtol=1e-7)


def test_a_batch_is_its_members_and_what_is_no_state_is_lost() -> None:
    stack = np.stack([turned((0.1, 0.4), seed) for seed in range(3)])
    stack[1] = np.nan
    found = normal_modes(stack)
    assert found.is_lost.tolist() == [False, True, False]
    for place in (0, 2):
        np.testing.assert_allclose(found.quanta[place], normal_modes(stack[place]).quanta, rtol=1e-13)
    assert normal_modes(-0.6 * np.eye(2)).is_lost


def test_rounded_terms_make_a_covariance_lost() -> None:
    """Squeezed to 1e-16 of its larger variance, with terms as large as that."""
    excess = np.asarray(states.squeezed(19.0).excess)
    assert normal_modes(excess, np.full((2, 2), np.max(excess))).is_lost


def test_rounding_of_quanta_is_bounded() -> None:
    """Errors of some roundings in each entry move no quanta by more."""
    rng = np.random.default_rng(1)
    for seed in range(5):
        excess = turned((0.01, 2.0), seed, 1.0)
        found = normal_modes(excess)
        noise = rng.uniform(-1, 1, excess.shape) * np.abs(excess) * 2.0**-40
        moved = normal_modes(excess + (noise + noise.T) / 2)
        # The bound is of 16 roundings of 2^-53; here one of 2^-40 is made.
        assert (np.abs(moved.quanta - found.quanta) <= found.rounding * 2.0**13 / 16 + 1e-13).all()
