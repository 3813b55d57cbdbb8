"""Correlations of two groups of modes: closed forms of two-mode squeezing, and what stays when names change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leyden import merit, states
from leyden.conventions import symplectic_form

KINDS = (merit.log_negativity, merit.mutual_information, merit.steering)


def pair(squeezing: float) -> states.GaussianState:
    n, m = np.sinh(squeezing) ** 2, np.sinh(2 * squeezing) / 2
    excess = [[n, 0, m, 0], [0, n, 0, -m], [m, 0, n, 0], [0, -m, 0, n]]
    return states.GaussianState(mean=np.zeros(4), excess=np.array(excess))


def entangled(seed: int, modes: int = 4) -> states.GaussianState:
    """A random mixed state: V of thermal modes under a random symplectic matrix."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(2 * modes, 2 * modes)) / 4
    rate = symplectic_form(modes) @ (matrix + matrix.T)
    import scipy.linalg

    turned = scipy.linalg.expm(rate)
    hot = np.repeat(0.5 + generator.uniform(0, 0.4, modes), 2)
    covariance = turned @ np.diag(hot) @ turned.T
    return states.from_moments(generator.normal(size=2 * modes), (covariance + covariance.T) / 2)


@pytest.mark.parametrize("squeezing", [1e-9, 1e-4, 0.1, 0.5, 2.0])
def test_a_two_mode_squeezed_vacuum(squeezing: float) -> None:
    """E_N = 2 r, I = 2 S(sinh^2 r), G = ln cosh 2r; energies of second order keep their digits beside it."""
    state = pair(squeezing)
    n = np.sinh(squeezing) ** 2
    # Of a pure state the quanta are lost in the rounding of S, 1e-16 e^{2r}, below which they are none.
    close = {"rel": 1e-7 if squeezing < 1e-8 else 2e-12}
    assert merit.log_negativity(state, [0], [1]) == pytest.approx(2 * squeezing, rel=1e-13)
    entropy = float(np.log1p(n) + n * np.log1p(1 / n))
    assert merit.mutual_information(state, [0], [1]) == pytest.approx(2 * entropy, **close)
    for way in ([[0], [1]], [[1], [0]]):
        assert merit.steering(state, *way) == pytest.approx(np.log1p(2 * n), **close)


def test_without_correlations_there_is_nothing() -> None:
    state = states.product(states.thermal([0.3, 1.2]), states.squeezed(0.4))
    for kind in KINDS:
        for groups in ([[0], [1]], [[0, 1], [2]], [[2], [0, 1]]):
            found = float(kind(state, *groups))
            assert found == 0.0
            assert not np.signbit(found)


@pytest.mark.parametrize("seed", range(6))
def test_against_the_definitions(seed: int) -> None:
    """Partial transpose, entropies and Schur complement of V itself, by spectra of i Omega V."""

    def symplectic(covariance: Any) -> Any:
        form = symplectic_form(len(covariance) // 2)
        return np.sort(np.abs(np.linalg.eigvals(1j * form @ covariance).real))[::2]

    def entropy(covariance: Any) -> float:
        nu = symplectic(covariance)
        return float(np.sum((nu + 0.5) * np.log(nu + 0.5) - (nu - 0.5) * np.log(nu - 0.5)))

    state = entangled(seed)
    for first, second in (([0], [1]), ([0, 2], [1, 3]), ([3], [0, 1]), ([1, 2, 3], [0])):
        places = [2 * mode + axis for mode in (*first, *second) for axis in (0, 1)]
        whole, split = np.asarray(state.covariance)[np.ix_(places, places)], 2 * len(first)
        flip = np.diag([1.0] * split + [1.0, -1.0] * len(second))
        negative = -np.log(2 * symplectic(flip @ whole @ flip))
        assert merit.log_negativity(state, first, second) == pytest.approx(np.sum(negative[negative > 0]), abs=1e-12)
        own, other, cross = whole[:split, :split], whole[split:, split:], whole[:split, split:]
        mutual = entropy(own) + entropy(other) - entropy(whole)
        assert merit.mutual_information(state, first, second) == pytest.approx(mutual, abs=1e-12)
        left = -np.log(2 * symplectic(other - cross.T @ np.linalg.solve(own, cross)))
        assert merit.steering(state, first, second) == pytest.approx(np.sum(left[left > 0]), abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_batches_are_their_members(seed: int) -> None:
    members = [entangled(seed), entangled(seed + 10), states.product(states.thermal(4 * [1e-9]))]
    batch = states.GaussianState(
        mean=np.stack([one.mean for one in members]), excess=np.stack([one.excess for one in members])
    )
    for kind in KINDS:
        each = [float(kind(one, [0, 1], [3])) for one in members]
        np.testing.assert_allclose(kind(batch, [0, 1], [3]), each, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("groups", [([], [1]), ([0], [0]), ([0], [2]), ([-1], [0]), ([0, 0], [1])])
def test_groups_are_checked(refuses, groups: Any) -> None:
    for kind in KINDS:
        refuses("first, second", lambda kind=kind: kind(pair(0.1), *groups), "0 to 1")
