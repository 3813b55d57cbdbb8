"""Rounding does not break 0 <= W <= E, and is not allowed to hide more than rounding."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.states.uncertainty import within_uncertainty


def state_of(number: float, squeezing: complex, beside: float = 1.0) -> ly.GaussianState:
    x, p, xp = number + squeezing.real, number - squeezing.real, squeezing.imag
    excess = np.zeros((4, 4))
    excess[:2, :2], excess[2:, 2:] = [[x, xp], [xp, p]], beside * np.eye(2)
    return ly.GaussianState(mean=np.zeros(4), excess=excess)


@pytest.mark.parametrize("squeezing", [0, 1e-14, 1e-14j, 1e-13 - 1e-13j])
def test_a_cold_mode_has_the_quanta_of_its_squeezing(squeezing: complex) -> None:
    """n = (1/4 + |m|^2)^(1/2) - 1/2 = |m|^2 at least, of a pure state; so W = E."""
    found = within_uncertainty(state_of(-1e-13, squeezing))
    assert float(found.own_of(0)[0]) == pytest.approx(abs(squeezing) ** 2, rel=1e-12, abs=0)
    assert float(found.own_of(1)[0]) == 1.0


def test_what_is_allowed_or_no_rounding_stays() -> None:
    for state in (state_of(0.5, 0.1), state_of(1e-30, 1e-16), state_of(-1e-3, 0.0), state_of(-1e-13, 0.0, beside=1e-9)):
        assert within_uncertainty(state).own_of(0)[0] == state.own_of(0)[0]


@pytest.mark.parametrize("method", ["dense", "sparse"])
def test_far_modes_of_a_weakly_driven_chain_keep_the_law(method: str) -> None:
    """The drive reaches them with less than rounding of what it does to the first."""
    device = ly.catalog.reciprocal_chain(60, drive=1e-6, damping=0.3, coupling=0.2)
    found = ly.steady_state(device, method=method)
    assert np.all(found.ergotropy >= 0)
    assert np.all(found.stored_energy >= found.ergotropy)
