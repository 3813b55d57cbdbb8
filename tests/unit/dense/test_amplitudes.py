"""Moment equations in amplitudes: the same physics as in x and p, in another basis."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.algebra import ladder
from leyden.dense.amplitudes import (
    amplitudes_of,
    generator_in_amplitudes,
    is_needed,
    moments_in_amplitudes,
    parts_in_amplitudes,
)

RNG = np.random.default_rng(7)


def to_amplitudes(modes: int) -> np.ndarray:
    """The matrix that takes (x1, p1, ...) to (z1, ..., z1*, ...)."""
    up = np.kron(np.eye(modes), np.array([1, 1j]))
    return np.concatenate([up, up.conj()])


@pytest.mark.parametrize("modes", [1, 3])
def test_blocks_are_those_of_a_change_of_basis(modes: int) -> None:
    drift, root = RNG.standard_normal((2, 2 * modes, 2 * modes))
    covariance, mean, by = root @ root.T, root[0], to_amplitudes(modes)
    np.testing.assert_allclose(amplitudes_of(mean), by @ mean)
    changed = generator_in_amplitudes(ladder.parts_of(drift))
    np.testing.assert_allclose(changed @ by, by @ drift)
    moments = moments_in_amplitudes(ladder.parts_of(covariance))
    np.testing.assert_allclose(2 * moments, by @ covariance @ by.T)
    np.testing.assert_allclose(ladder.matrix_of(parts_in_amplitudes(moments)), covariance)


def test_only_weak_drives_early_times_and_heat_ask_for_them() -> None:
    def is_asked(drive: float, times: list[float], occupation: float = 0.0) -> bool:
        device = ly.catalog.cascade(3, drive=drive, damping=0.1, occupation=occupation)
        return is_needed(ly.moment_equations(device), np.array(times))

    assert not is_asked(0.1, [0.0, 1.0])
    assert not is_asked(0.0, [0.0, 1.0])
    assert not is_asked(0.1, [0.0])
    assert is_asked(1e-5, [0.0, 1.0])
    assert is_asked(0.1, [0.0, 1e-5])
    assert is_asked(0.1, [0.0, 1.0], occupation=1e6)
