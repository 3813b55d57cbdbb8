"""Ports: the fields that baths bring in, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.drift.ports import Ports, ports_of
from leyden.drift.response import ladder_drift, output_of, scattering, susceptibility
from leyden.model.elements.record import Element, parameter
from leyden.model.operators import Jump, annihilate, create


@dataclass(frozen=True)
class Blur(Element):
    """Dephasing, rate L[a^dag a]: no field is coupled to linearly."""

    mode: str
    rate: Any = parameter("nonnegative")

    def jumps(self) -> tuple[Any, ...]:
        product = (create(self.mode), annihilate(self.mode))
        return (Jump(self.rate, (1.0,), (product,)),)  # type: ignore[arg-type]


def of_mode(*elements: Element, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("m", detuning=detuning)], elements, "m", "m")


def noise(network: ly.Network, frequencies: Any) -> Any:
    ports = Ports.of(ports_of(network))
    drift = ladder_drift(ly.moment_equations(network))
    matrix = scattering(susceptibility(drift, np.asarray(frequencies, dtype=float)), ports)
    return output_of(matrix, ports.occupation)


def test_ports_are_named_as_their_elements_and_told_apart() -> None:
    network = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.LocalBath("a", 0.3, 0.2), ly.LocalBath("a", 0.5), ly.SharedBath({"a": 1j, "b": 2.0}, 0.7)],
        "a",
        "b",
    )
    found = Ports.of(ports_of(network))
    assert found.names == ("LocalBath(a) 1", "LocalBath(a) 2", "SharedBath(a, b)")
    assert found.modes == (("a",), ("a",), ("a", "b"))
    weights = np.array([[1, 0], [1, 0], [1j, 2]]) * np.sqrt([[0.3], [0.5], [0.7]])
    np.testing.assert_allclose(found.lowering, weights, rtol=1e-15)
    np.testing.assert_array_equal(found.raising, np.zeros((3, 2)))
    assert found.occupation.tolist() == [0.2, 0.0, 0.0]
    assert found.squeezing is None


def test_ports_of_a_batch_have_its_axes_and_can_be_cut() -> None:
    rate = np.array([0.3, 0.5, 0.9])
    every = ports_of(of_mode(ly.LocalBath("m", rate), ly.LocalBath("m", 1.0, np.array([0.0, 1.0, 2.0]))))
    whole, part = Ports.of(every), Ports.of(every, (slice(1, 3),))
    assert whole.lowering.shape == (3, 2, 1)
    np.testing.assert_allclose(whole.lowering[:, 0, 0], np.sqrt(rate))
    np.testing.assert_array_equal(part.lowering, whole.lowering[1:])
    np.testing.assert_array_equal(part.occupation, [[0.0, 1.0], [0.0, 2.0]])


def test_an_amplifier_adds_half_a_quantum_at_least() -> None:
    """Loss kappa, gain g: through the loss leaves g kappa/((kappa - g)/2)^2 on resonance, of the gain's vacuum."""
    kappa, gain = 1.0, 0.25
    found = noise(of_mode(ly.LocalBath("m", kappa), ly.Gain("m", gain)), [0.0, 0.7])
    expected = gain * kappa / (((kappa - gain) / 2) ** 2 + np.array([0.0, 0.7]) ** 2)
    np.testing.assert_allclose(found.flux[:, 0], expected, rtol=1e-14)
    np.testing.assert_allclose(found.amplified[:, 0], 1 + 2 * expected, rtol=1e-14)
    np.testing.assert_allclose(found.squeezed[:, 0], 1 + 2 * expected, rtol=1e-14)


@pytest.mark.parametrize("phase", [0.0, 1.1])
def test_a_squeezed_bath_takes_back_the_squeezing_that_it_brings(phase: float) -> None:
    """A mode of one port only turns what comes in; on resonance and at equal rates another port gets all of it."""
    bath = ly.LocalBath("m", 0.8, squeezing=0.6, squeezing_phase=phase)
    found = noise(of_mode(bath), [-0.4, 0.0, 2.0])
    np.testing.assert_allclose(found.squeezed[:, 0], np.exp(-1.2), rtol=1e-13)
    np.testing.assert_allclose(found.amplified[:, 0], np.exp(1.2), rtol=1e-13)
    np.testing.assert_allclose(found.flux[:, 0], np.sinh(0.6) ** 2, rtol=1e-13)
    # With equal rates the mode lets everything through on resonance.
    through = noise(of_mode(bath, ly.LocalBath("m", 0.8)), [0.0])
    np.testing.assert_allclose(through.squeezed[0], [1.0, np.exp(-1.2)], rtol=1e-13)


def test_a_jump_of_mixed_words_has_the_field_that_it_names() -> None:
    """c = a cosh r + a^dag sinh r, with the vacuum at its own field: damped by the rate, and not squeezed outside."""

    @dataclass(frozen=True)
    class Mixed(Element):
        mode: str

        def jumps(self) -> tuple[Jump, ...]:
            return (Jump(0.8, (np.cosh(0.6), np.sinh(0.6)), (annihilate(self.mode), create(self.mode))),)

    found = noise(of_mode(Mixed("m")), [-0.4, 0.0, 2.0])
    np.testing.assert_allclose(found.squeezed[:, 0], 1.0, rtol=1e-13)
    np.testing.assert_allclose(found.flux[:, 0], 0.0, atol=1e-15)


def test_jumps_that_are_not_linear_have_no_port() -> None:
    with pytest.raises(ly.NonGaussianError, match=r"jumps that are linear.*Blur"):
        ports_of(of_mode(Blur("m", 0.1)))
