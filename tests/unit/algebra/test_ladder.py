"""The ladder basis: parts and components say what the matrix says, and their algebra is that of matrices."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.algebra import ladder

ROUNDING = 1e-14


def random_matrix(seed: int, modes: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2 * modes, 2 * modes))


@pytest.mark.parametrize("modes", [1, 2, 3])
def test_parts_are_maps_of_amplitudes(modes: int) -> None:
    """A acts on x + i p as L z + M z*, and comes back from its parts."""
    matrix = random_matrix(1, modes)
    parts = ladder.parts_of(matrix)
    quadratures = np.random.default_rng(2).normal(size=2 * modes)
    amplitude, moved = (vector[0::2] + 1j * vector[1::2] for vector in (quadratures, matrix @ quadratures))
    linear, antilinear = parts[0] + 1j * parts[1], parts[2] + 1j * parts[3]
    np.testing.assert_allclose(linear @ amplitude + antilinear @ amplitude.conj(), moved, atol=ROUNDING)
    np.testing.assert_allclose(ladder.matrix_of(parts), matrix, atol=ROUNDING)


@pytest.mark.parametrize("modes", [1, 2, 3])
def test_components_are_moments(modes: int) -> None:
    """Quanta (xx + pp)/2 and squeezing (xx - pp)/2 + i xp of each mode; S comes back, alone and in a batch."""
    matrix = random_matrix(3, modes)
    excess = matrix + matrix.T
    components = ladder.components_of(excess)
    own = ladder.own_moments(components, modes)
    xx, pp, xp = np.diag(excess)[0::2], np.diag(excess)[1::2], np.diag(excess, 1)[0::2]
    np.testing.assert_allclose(own, np.stack([(xx + pp) / 2, (xx - pp) / 2, xp], axis=-1), atol=ROUNDING)
    np.testing.assert_allclose(ladder.excess_of(components, modes), excess, atol=ROUNDING)
    batch = ladder.excess_of(np.stack([components, 2 * components], axis=-1), modes)
    np.testing.assert_allclose(batch, [excess, 2 * excess], atol=2 * ROUNDING)
    np.testing.assert_array_equal(ladder.parts_of(excess).reshape(-1)[ladder.part_places(modes)], components)


@pytest.mark.parametrize("modes", [1, 2, 3])
def test_the_action_is_that_of_matrices(modes: int) -> None:
    drift, matrix = random_matrix(4, modes), random_matrix(5, modes)
    excess = matrix + matrix.T
    operator = np.tensordot(ladder.parts_of(drift).reshape(-1), ladder.action(modes), 1)
    expected = ladder.components_of(drift @ excess + excess @ drift.T)
    np.testing.assert_allclose(operator @ ladder.components_of(excess), expected, atol=10 * ROUNDING)
    # Whole numbers, so that no sum of them is rounded.
    assert set(np.unique(ladder.action(modes))) <= {-2.0, -1.0, 0.0, 1.0, 2.0}


def test_an_overflow_spoils_its_own_entries_only() -> None:
    components = ladder.components_of(np.eye(4))
    components[-1] = np.inf
    for found in (ladder.excess_of(components, 2), ladder.excess_of(components[:, None], 2)[0]):
        np.testing.assert_array_equal(found[:2, :2], np.eye(2))
        assert np.isinf(found[2, 2])
