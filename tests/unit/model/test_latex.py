"""The master equation in LaTeX: by hand, read back as words, and in commands that KaTeX knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import leyden as ly
from leyden import words
from leyden.model.latex import latex_text
from leyden.text import is_name

# Of the functions that KaTeX supports.
KNOWN = {
    *("begin", "end", "dot", "hat", "rho", "mathrm", "mathcal", "quad", "left", "right", "text", "dagger", "tfrac"),
    *("sum", "ldots", "times", "textbackslash", "textasciitilde", "textasciicircum"),
}


def lines_of(network: ly.Network) -> list[str]:
    return network.to_latex().replace(" \\\\\n", "\n").splitlines()


def alone(*elements: Any, **mode: Any) -> list[str]:
    """What elements add, without the frame that is always the same."""
    network = ly.Network([ly.Mode("a", **mode), ly.Mode("b")], elements, charger="a", battery="b")
    head = ("\\begin", "\\end", "\\dot", "\\mathcal{L}[")
    return [line for line in lines_of(network) if not line.startswith(head)]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ([ly.OnePhotonDrive("a", 0.1)], [r"\hat{H} &= \left(0.1\,\hat{a}^{\dagger} + \text{h.c.}\right)"]),
        ([ly.TwoPhotonDrive("a", 1.0)], [r"\hat{H} &= \left(\hat{a}^{\dagger 2} + \text{h.c.}\right)"]),
        (
            [ly.CoherentCoupling("a", "b", -0.25j)],
            [r"\hat{H} &= \left((-0.25\,\mathrm{i})\,\hat{a} \hat{b}^{\dagger} + \text{h.c.}\right)"],
        ),
        (
            [ly.CoherentCoupling("a", "b", 0.1 + 1j)],
            [r"\hat{H} &= \left((0.1 + \mathrm{i})\,\hat{a} \hat{b}^{\dagger} + \text{h.c.}\right)"],
        ),
        (
            [ly.ParametricCoupling("a", "b", -2e-7)],
            [r"\hat{H} &= \left((-2 \times 10^{-7})\,\hat{a}^{\dagger} \hat{b}^{\dagger} + \text{h.c.}\right)"],
        ),
        (
            [ly.LocalBath("a", 0.5, 0.1)],
            [
                r"\mathcal{D} &= 0.55\,\mathcal{L}\left[\hat{a}\right]",
                r"&\quad + 0.05\,\mathcal{L}\left[\hat{a}^{\dagger}\right]",
            ],
        ),
        (
            [ly.SharedBath({"a": 1.0, "b": 0.5j}, 1.0)],
            [r"\mathcal{D} &= \mathcal{L}\left[\hat{a} + 0.5\,\mathrm{i}\,\hat{b}\right]"],
        ),
        ([ly.Gain("a", 0.5)], [r"\mathcal{D} &= 0.5\,\mathcal{L}\left[\hat{a}^{\dagger}\right]"]),
        ([ly.Dephasing("a", 0.5)], [r"\mathcal{D} &= 0.5\,\mathcal{L}\left[\hat{a}^{\dagger} \hat{a}\right]"]),
        ([ly.LocalBath("a", 0.0), ly.OnePhotonDrive("a", 0.0)], []),
    ],
)
def test_each_element_by_hand(elements: list[Any], expected: list[str]) -> None:
    assert alone(*elements) == expected


def test_what_is_its_own_adjoint_stands_once() -> None:
    assert alone(detuning=0.3) == [r"\hat{H} &= 0.3\,\hat{a}^{\dagger} \hat{a}"]


def test_nothing_happens() -> None:
    device = ly.Network([ly.Mode("a")], [], charger="a", battery="a")
    assert lines_of(device) == [r"\begin{aligned}", r"\dot{\hat{\rho}} &= 0", r"\end{aligned}"]


def test_pulses_and_arrays_have_symbols_that_are_told() -> None:
    pulse = ly.pulse.gaussian(0.1, 3.0, 0.5) * ly.pulse.cosine(1.0, 2.0) + 0.2
    assert alone(ly.OnePhotonDrive("a", pulse)) == [
        r"\hat{H} &= \left(f_{1}(t)\,\hat{a}^{\dagger} + \text{h.c.}\right)",
        r"f_{1}(t) &= 0.1\,\mathrm{gaussian}(t; 3; 0.5)\,\mathrm{cosine}(t; 2; 0) + 0.2",
    ]
    assert alone(ly.Gain("a", xr.DataArray([0.1, 0.2], dims="x_1"))) == [
        r"\mathcal{D} &= c_{1}\,\mathcal{L}\left[\hat{a}^{\dagger}\right]",
        r"c_{1} &: \text{over x\_1: 2}",
    ]
    assert alone(ly.Gain("a", np.zeros(2)), ly.OnePhotonDrive("a", 0.0 * pulse)) == []


def test_many_members_are_a_sum() -> None:
    parts = [
        ly.Family(ly.LocalBath, range(9), rate=0.5),
        ly.Family(ly.CoherentCoupling, [[k, k + 1] for k in range(8)], strength=np.linspace(0.1, 0.2, 8)),
        ly.Family(ly.SharedBath, [[k, k + 1] for k in range(8)], weights=(1.0, 1j), rate=1.0),
    ]
    found = lines_of(ly.Network(ly.Modes(9), parts, "m0", "m1"))
    coupling = r"\sum_{k=1}^{8} \left(c_{1,k}\,\hat{a}_{j_{1,k}} \hat{a}_{j_{2,k}}^{\dagger} + \text{h.c.}\right)"
    assert found[2] == rf"\hat{{H}} &= {coupling}"
    assert found[3] == r"\mathcal{D} &= \sum_{k=1}^{9} 0.5\,\mathcal{L}\left[\hat{a}_{i_{k}}\right]"
    assert r"i_{k} &= \text{m0}, \text{m1}, \ldots, \text{m8}" in found
    assert sum(line.startswith("(j_{1,k}, j_{2,k}) &= (") for line in found) == 1
    assert r"c_{1,k} &: \text{8 numbers}" in found


# Read back: the words that the text says, as an element of their own.


@dataclass(frozen=True)
class Told(ly.Element):
    """All that a text says."""

    text: Any
    names: Any

    @property
    def modes(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self.names)

    def hamiltonian(self) -> tuple[words.HamiltonianTerm, ...]:
        """Terms of H."""
        return tuple(map(term_of, sums_of(self.text, r"\hat{H}")))

    def jumps(self) -> tuple[words.Jump, ...]:
        """Dissipators."""
        return tuple(map(jump_of, sums_of(self.text, r"\mathcal{D}")))


def sums_of(text: str, name: str) -> list[str]:
    """What adds up to H or D: its own line, and those that go on."""
    found: list[str] = []
    is_here = False
    for line in text.replace(" \\\\\n", "\n").splitlines():
        if not line.startswith(r"&\quad + "):
            is_here = line.startswith(f"{name} &= ")
        if is_here:
            found.append(line.removeprefix(f"{name} &= ").removeprefix(r"&\quad + "))
    return found


def number_of(text: str) -> complex:
    plain = re.sub(r" \\times 10\^\{(-?\d+)\}", r"e\1", text).replace(r"\,\mathrm{i}", "j").replace(r"\mathrm{i}", "1j")
    return complex(plain.replace(" ", "").strip("()") or 1.0)


OPERATOR = re.compile(r"\\hat\{a\}_\{\\text\{(\w+)\}\}(?:\^\{(\\dagger)? ?(\d*)\})?")


def factors_of(text: str) -> tuple[complex, tuple[words.Ladder, ...]]:
    """A number and the ladder operators behind it."""
    head, _, rest = text.partition(r"\hat{a}")
    found: list[words.Ladder] = []
    for mode, dagger, power in OPERATOR.findall(rf"\hat{{a}}{rest}"):
        found += [words.Ladder(mode, bool(dagger))] * int(power or 1)
    return number_of(head.removesuffix(r"\,")), tuple(found)


def term_of(text: str) -> words.HamiltonianTerm:
    inside = text.removeprefix(r"\left(").removesuffix(r" + \text{h.c.}\right)")
    number, factors = factors_of(inside)
    return words.HamiltonianTerm(number if inside != text else number / 2, factors)


def jump_of(text: str) -> words.Jump:
    rate, _, inside = text.partition(r"\mathcal{L}\left[")
    parts = re.split(r" \+ (?![^(]*\))", inside.removesuffix(r"\right]"))
    pairs = [factors_of(part) for part in parts]
    weights, operators = zip(*((weight, one) for weight, (one,) in pairs), strict=True)
    return words.Jump(number_of(rate.removesuffix(r"\,")).real, weights, operators)


@pytest.mark.parametrize("seed", range(6))
def test_the_text_says_what_the_device_does(seed: int, random_network: Any) -> None:
    network = random_network(seed)
    told = Told(network.to_latex(), network.mode_names)
    again = ly.Network([ly.Mode(name) for name in network.mode_names], [told], "m0", "m0")
    expected, found = ly.moment_equations(network), ly.moment_equations(again)
    for name in ("drift", "diffusion", "forcing"):
        values = getattr(expected, name)
        np.testing.assert_allclose(getattr(found, name), values, rtol=0, atol=3e-5 * max(1.0, np.abs(values).max()))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(is_name))
def test_any_name_is_a_text(name: str) -> None:
    text = ly.Network([ly.Mode(name)], [ly.LocalBath(name, 1.0)], charger=name, battery=name).to_latex()
    assert set(re.findall(r"\\([a-zA-Z]+)", text)) <= KNOWN
    bare = re.sub(r"\\.", "", text.replace("\\\\\n", ""))
    assert bare.count("{") == bare.count("}")
    assert not set("$%#~") & set(bare)
    assert latex_text(name).startswith(r"\text{")
