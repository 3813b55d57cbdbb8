"""The classical equations: against the master equation of coherent states in Fock space, whatever the words are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import qutip

import leyden as ly
from leyden import words
from leyden.fock.operators import collapse_operators, hamiltonian
from leyden.mean_field.field import drive_field, field_of
from leyden.model.elements.record import parameter

ALPHA = np.array([0.8 - 0.3j, -0.4 + 0.5j])
LEVELS = 18


@dataclass(frozen=True)
class Unordered(ly.Element):
    """Words in no order: a a^dag a b^dag and a^2 a^dag b^dag, and a jump of a^dag b a + b^dag."""

    first: str
    second: str
    strength: Any = parameter("complex")

    def hamiltonian(self) -> tuple[Any, ...]:
        a, b = words.annihilate(self.first), words.annihilate(self.second)
        three = words.HamiltonianTerm(0.1, (a, a, a.adjoint, b.adjoint))
        return words.HamiltonianTerm(self.strength, (a, a.adjoint, a, b.adjoint)), three

    def jumps(self) -> tuple[Any, ...]:
        a, b = words.annihilate(self.first), words.annihilate(self.second)
        return (words.Jump(0.3, (0.5j, 1.2), (words.Product((a.adjoint, b, a)), b.adjoint), occupation=0.2),)


ELEMENTS: dict[str, list[ly.Element]] = {
    "drives": [ly.OnePhotonDrive("a", 0.7, phase=0.4), ly.TwoPhotonDrive("b", 0.3, phase=1.1)],
    "couplings": [
        ly.CoherentCoupling("a", "b", 0.3 + 0.2j),
        ly.ParametricCoupling("a", "b", 0.1 - 0.4j),
        ly.PositionCoupling("a", "b", 0.2),
    ],
    "baths": [
        ly.LocalBath("a", 0.6, occupation=0.3, squeezing=0.4, squeezing_phase=0.5),
        ly.SharedBath({"a": 0.7, "b": 0.5j}, 0.9, occupation=0.1),
        ly.Gain("b", 0.2, occupation=0.3),
    ],
    "dephasing": [ly.Dephasing("a", 0.8)],
    "anharmonic": [ly.Kerr("a", 0.6), ly.CrossKerr("a", "b", -0.3), ly.TwoPhotonLoss("b", 0.4)],
    "three operators": [ly.RadiationPressure("a", "b", 0.3), ly.ThreeWaveMixing("b", "a", 0.2 - 0.1j)],
    "words in no order": [Unordered("a", "b", 0.2 + 0.3j)],
}


def device(*elements: ly.Element) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=0.2), ly.Mode("b", detuning=-0.4)], elements, charger="a", battery="b")


@pytest.mark.parametrize("name", ELEMENTS)
def test_rates_are_those_of_coherent_states(name: str) -> None:
    network, cutoff = device(*ELEMENTS[name]), (LEVELS, LEVELS)
    coherent = qutip.tensor(*(qutip.coherent(LEVELS, alpha, method="analytic") for alpha in ALPHA))
    state = qutip.ket2dm(coherent)
    turn = hamiltonian(network, cutoff)
    change = -1j * (turn * state - state * turn)
    for jump in collapse_operators(network, cutoff):
        loss = jump.dag() * jump
        change += jump * state * jump.dag() - (loss * state + state * loss) / 2
    lowering = [
        qutip.tensor(qutip.destroy(LEVELS), qutip.qeye(LEVELS)),
        qutip.tensor(qutip.qeye(LEVELS), qutip.destroy(LEVELS)),
    ]
    expected = [(one * change).tr() for one in lowering]
    found = field_of(network)(np.concatenate([ALPHA, ALPHA.conj()]))
    # Of a coherent state of |alpha| < 0.9 what lies above 18 levels is below 1e-9.
    np.testing.assert_allclose(found[:2], expected, atol=1e-7)
    np.testing.assert_allclose(found[2:], found[:2].conj(), atol=1e-15)


def test_the_rate_of_linear_loss_is_exact_however_hot_the_bath() -> None:
    network = ly.Network(
        [ly.Mode("a")], [ly.LocalBath("a", 0.5, occupation=1e15, squeezing=9.0)], charger="a", battery="a"
    )
    assert field_of(network)(np.array([1.0 + 0j, 1.0])).tolist() == [-0.25, -0.25]


def test_drives_are_told_apart() -> None:
    network = device(*ELEMENTS["drives"], *ELEMENTS["baths"], *ELEMENTS["anharmonic"])
    point = np.concatenate([ALPHA, ALPHA.conj()])
    found = drive_field(network)(point)[:2]
    expected = [-0.7j * np.exp(-0.4j), -0.6j * np.exp(-1.1j) * ALPHA[1].conj()]
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_a_batch_has_the_equations_of_its_members() -> None:
    strengths = np.array([0.1, 0.5])
    many = field_of(device(ly.Kerr("a", strengths), ly.LocalBath("b", 0.3)), (2,))
    point = np.concatenate([ALPHA, ALPHA.conj()])
    for row, strength in enumerate(strengths.tolist()):
        alone = field_of(device(ly.Kerr("a", strength), ly.LocalBath("b", 0.3)))
        np.testing.assert_allclose(many.at(row)(point), alone(point), rtol=1e-15)


@pytest.mark.parametrize("kind", [ly.Kerr, ly.TwoPhotonLoss, ly.LocalBath, ly.OnePhotonDrive])
@pytest.mark.parametrize("method", ["mean_field", "one_way", "fock", "truncated_wigner"])
def test_rates_beyond_squares_are_refused(refuses, kind, method: str) -> None:
    """In one line, and without warnings of what overflows on the way."""
    elements = [ly.LocalBath("a", 1.0), ly.Kerr("a", -1.0), kind("a", -1e308 if kind is ly.Kerr else 1e308)]
    device = ly.Network([ly.Mode("a")], elements, "a", "a")
    refuses("network", lambda: ly.steady_state(device, method=method), "rates of at most 1e+", "larger unit of rates")
