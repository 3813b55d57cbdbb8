"""What no bath damps: modes and dark combinations, against conservation of the combination's energy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import leyden as ly
from leyden.drift.damping import pumps, undamped
from leyden.equations.device import equations_of
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, Jump, annihilate, create


def equations(modes: str, *elements: Element, detuning: dict[str, float] | None = None):
    named = [ly.Mode(name, detuning=(detuning or {}).get(name, 0.0)) for name in modes]
    return equations_of(ly.Network(named, elements, modes[0], modes[-1]))


@dataclass(frozen=True)
class Position(Element):
    """H = c (a + a^dag)(b + b^dag)."""

    size: float

    @property
    def modes(self) -> tuple[str, ...]:
        return ("a", "b")

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        pairs = ((annihilate("a"), create("b")), (create("a"), create("b")))
        return tuple(HamiltonianTerm(self.size, pair) for pair in pairs)


@dataclass(frozen=True)
class Gain(Element):
    """Quanta come in at a rate."""

    rate: float

    @property
    def modes(self) -> tuple[str, ...]:
        return ("a",)

    def jumps(self) -> tuple[Jump, ...]:
        return (Jump(self.rate, (1.0,), (create("a"),)),)


def test_modes_that_nothing_damps_are_named() -> None:
    lone = undamped(equations("ab", ly.LocalBath("a", 1.0)))
    assert (lone.modes, lone.combinations) == (("b",), ())
    assert lone.cause == "Nothing damps mode 'b'."
    assert lone.remedy == "Damp it, or couple it to a damped mode."
    coupled = undamped(equations("abc", ly.LocalBath("a", 1.0), ly.CoherentCoupling("b", "c", 0.3)))
    assert coupled.cause == "Nothing damps modes 'b', 'c'."
    ring = undamped(equations_of(ly.catalog.ring(30, drive=0.1, damping=0.0, coupling=1.0)))
    assert ring.cause == "Nothing damps 30 modes, among them 'm0', 'm1', 'm2'."
    long = undamped(equations_of(ly.catalog.reciprocal_chain(2000, drive=0.1, damping=0.0, coupling=1.0)))
    assert len(long.modes) == 2000


def test_what_is_damped_through_others_is_damped() -> None:
    chain = [ly.LocalBath("a", 1e-3), ly.CoherentCoupling("a", "b", 0.3), ly.CoherentCoupling("b", "c", 0.1)]
    for found in (undamped(equations("abc", *chain)), undamped(equations("abc", *chain, ly.TwoPhotonDrive("c", 5.0)))):
        assert found == ((), ())
        assert found.cause == found.remedy == ""


@pytest.mark.parametrize(
    ("weights", "written"),
    [
        ({"a": 1.0, "b": 1.0}, "a - b"),
        ({"a": 0.6, "b": 0.8}, "a - 0.75 b"),
        ({"a": 1.0, "b": -2.0}, "a + 0.5 b"),
        ({"a": 1.0, "b": 1j}, "a + (0-1j) b"),
    ],
)
def test_dark_combinations_of_a_shared_bath(weights: dict[str, complex], written: str) -> None:
    """c commutes with the bath's o^dag: sum of its coefficients times the conjugate weights is zero."""
    found = undamped(equations("ab", ly.SharedBath(weights, 1.0)))
    assert found.modes == ()
    assert found.combinations == (written,)
    assert found.cause == f"No bath sees the combination {written}: it is dark."


def test_darkness_is_lifted_by_whatever_tells_the_modes_apart() -> None:
    bath = ly.SharedBath({"a": 1.0, "b": 1.0}, 1.0)
    assert undamped(equations("ab", bath, ly.CoherentCoupling("a", "b", 0.2))).combinations == ("a - b",)
    assert undamped(equations("ab", bath, detuning={"a": 0.3})) == ((), ())
    assert undamped(equations("ab", bath, ly.LocalBath("b", 0.1))) == ((), ())
    assert undamped(equations("ab", bath, ly.CoherentCoupling("a", "b", 0.2j))) == ((), ())


def test_several_combinations_and_modes_at_once() -> None:
    found = undamped(equations("abcd", ly.SharedBath({"a": 1.0, "b": 1.0, "c": 1.0}, 1.0)))
    assert found.modes == ("d",)
    assert len(found.combinations) == 2
    assert "(nor 1 more)" in found.cause
    bright = undamped(equations("abc", ly.LocalBath("a", 1.0), *(ly.CoherentCoupling("a", x, 0.3) for x in "bc")))
    assert bright.combinations == ("b - c",)


def test_pumps_and_what_they_couple() -> None:
    """A drive damps nothing; what exchanges quanta beside pumping them does."""
    pumped = equations("ab", ly.LocalBath("a", 1.0), Position(0.1), detuning={"a": 1.0, "b": 1.0})
    assert pumps(pumped) == ("Position(a, b)",)
    assert undamped(pumped) == ((), ())
    assert pumps(equations("a", ly.LocalBath("a", 1.0, 3.0), ly.OnePhotonDrive("a", 1.0))) == ()
    assert pumps(equations("a", Gain(0.1), ly.TwoPhotonDrive("a", 1.0))) == ("Gain(a)", "TwoPhotonDrive(a)")
    assert pumps(equations("ab", *(ly.TwoPhotonDrive(name, 1.0) for name in "ab"))) == ("the two-photon drives",)
    family = ly.Family(ly.TwoPhotonDrive, range(5), amplitude=np.array([0.0, 1.0, 0.0, 0.0, 0.0]))
    network = ly.Network(ly.Modes(5), [family], "m0", "m1")
    assert pumps(equations_of(network)) == ("TwoPhotonDrive(m1)",)
    every = ly.Network(ly.Modes(9), [ly.Family(ly.TwoPhotonDrive, range(9), amplitude=1.0)], "m0", "m1")
    assert pumps(equations_of(every)) == ("the two-photon drives",)


def test_long_names_and_long_combinations_are_cut() -> None:
    names = [letter * 60 for letter in "abcdef"]
    network = ly.Network([ly.Mode(name) for name in names], [ly.SharedBath(dict.fromkeys(names, 1.0), 1.0)], *names[:2])
    found = undamped(equations_of(network))
    assert len(found.cause) < 120
