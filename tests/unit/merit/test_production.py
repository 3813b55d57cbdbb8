"""Entropy production by channels: what is a channel, and the two formulas against matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.equations.device import equations_of
from leyden.merit.production import channel_of, entropy_production, wigner_entropy_production
from leyden.model.operators import Jump, annihilate, create
from leyden.states.normal_modes import normal_modes


def channel(jump: Jump, modes: str = "ab") -> Any:
    """Of a jump, as an element of its own on these modes."""
    bath = ly.SharedBath(dict.fromkeys(modes, 1.0), 1.0)
    share = equations_of(ly.Network([ly.Mode(name) for name in modes], [bath], "a", modes[-1])).shares[-1]
    return channel_of(share, jump, {name: place for place, name in enumerate(modes)}, None)


def test_jumps_without_a_direction_are_no_channels() -> None:
    assert channel(Jump(1.0, (1.0, 1.0), (annihilate("a"), create("b")))) is None
    assert channel(Jump(1.0, (1.0,), (ly.words.Product((create("a"), annihilate("a"))),))) is None


@pytest.mark.parametrize("is_gain", [False, True])
@pytest.mark.parametrize("squeezing", [0.0, -0.4, 1.1])
def test_the_operator_is_that_of_the_words(squeezing: float, is_gain: bool) -> None:
    """C^* C^T of c = o cosh r + e^{i phi} o^dag sinh r, of which a phase drops out."""
    make = create if is_gain else annihilate
    weights = (0.6 + 0.2j, -0.3j)
    found = channel(Jump(1.0, weights, (make("a"), make("b")), 0.3, squeezing, 0.9)).operator[0]
    sign = -1j if is_gain else 1j
    lowering = np.array([weights[0], sign * weights[0], weights[1], sign * weights[1]]) / 2**0.5
    vector = np.cosh(squeezing) * lowering + np.exp(0.9j) * np.sinh(squeezing) * lowering.conj()
    np.testing.assert_allclose(np.outer(found.conj(), found), np.outer(vector.conj(), vector), atol=1e-14)


def test_an_amplifier_and_its_medium_produce_entropy() -> None:
    """A thermal mode of N quanta and gain at n: (N + n + 1) [ln(1 + 1/n) + ln(1 + 1/N)]."""
    number, occupation = 0.4, 0.7
    modes = normal_modes(number * np.eye(2))
    gain = channel(Jump(2.0, (1.0,), (create("a"),), occupation), "a")
    found = float(entropy_production(gain, modes, np.zeros(2)))
    expected = 2 * (number + occupation + 1) * (np.log1p(1 / occupation) + np.log1p(1 / number))
    assert found == pytest.approx(expected, rel=1e-13)
    wigner = float(wigner_entropy_production(gain, modes, number * np.eye(2), np.zeros(2)))
    assert wigner == pytest.approx(2 * (number + occupation + 1) ** 2 / (number + 0.5) / (occupation + 0.5), rel=1e-13)


@pytest.mark.parametrize("occupation", [1e-300, 1e-9, 1.0, 1e12, 1e200])
def test_states_at_the_bath_are_at_rest_and_near_it_second_order(occupation: float) -> None:
    """Off by a small share d, (n d)^2/(n (n + 1)) by von Neumann and (n d)^2/(n + 1/2)^2 by Wigner."""
    bath = channel(Jump(1.0, (1.0,), (annihilate("a"),), occupation), "a")
    share = 2.0**-20
    for number, expected in ((occupation, 0.0), (occupation * (1 + share), share**2)):
        excess = number * np.eye(2)
        modes = normal_modes(excess)
        found = float(entropy_production(bath, modes, np.zeros(2)))
        assert found == pytest.approx(expected * occupation / (occupation + 1), rel=1e-5, abs=1e-28)
        wigner = float(wigner_entropy_production(bath, modes, excess, np.zeros(2)))
        assert wigner == pytest.approx(expected * (occupation / (occupation + 0.5)) ** 2, rel=1e-5, abs=1e-28)


def test_amplitudes_that_cancel_in_a_shared_jump_lose_nothing() -> None:
    """A dark superposition of coherent modes does not reach a cold bath, to rounding."""
    weights = (0.1, -0.3)
    bath = channel(Jump(1.0, weights, (annihilate("a"), annihilate("b"))))
    mean = np.array([0.9, 0.0, 0.3, 0.0])
    assert 0.1 * 0.9 - 0.3 * 0.3 != 0.0
    with np.errstate(all="ignore"):
        assert float(entropy_production(bath, normal_modes(np.zeros((4, 4))), mean)) == 0.0
        bright = np.array([1.0, 0.0, 0.3, 0.0])
        assert float(entropy_production(bath, normal_modes(np.zeros((4, 4))), bright)) == np.inf
