"""Equations as MathML: well formed, aligned, and names of modes as they are, whatever is in them."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest

import leyden as ly
from leyden.mathml import mathml_of
from leyden.model.catalog import DEVICES, reference_device


def parsed(latex: str) -> ElementTree.Element:
    found = mathml_of(latex)
    assert found is not None
    return ElementTree.fromstring(found)


def words(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).replace("\u2062", "")


@pytest.mark.parametrize("name", DEVICES)
def test_every_line_is_a_row_of_two_sides(name: str) -> None:
    latex = reference_device(name).to_latex()
    rows = parsed(latex).findall("./mtable/mtr")
    assert len(rows) == latex.count("\\\\\n") + 1
    assert {len(row.findall("mtd")) for row in rows} == {2}
    assert "&" not in words(parsed(latex))
    assert "\\" not in words(parsed(latex))


def test_numbers_and_operators_are_all_there() -> None:
    found = words(
        parsed(ly.catalog.two_photon_battery(drive=0.123, charger_damping=0.456, battery_damping=0.789).to_latex())
    )
    assert "0.123" in found
    assert "0.456" in found
    assert "0.789" in found
    assert found.count("charger") == 4
    assert found.count("†") == 4


@pytest.mark.parametrize("name", ["<b>&amp;", 'a"b', "{x}_1 ~^$#%", "\\alpha", "x_1 & y"])
def test_a_name_stays_what_it_is(name: str) -> None:
    device = ly.Network([ly.Mode(name), ly.Mode("b")], [ly.LocalBath(name, rate=0.1)], charger=name, battery="b")
    texts = [element.text for element in parsed(device.to_latex()).iter("mtext")]
    assert name in texts


def test_a_formula_without_lines() -> None:
    assert words(parsed(r"\frac{1}{2} \mathrm{i} \text{a_b}")) == "12ia_b"


def test_without_the_converter_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    mathml_of.cache_clear()
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    assert mathml_of("x") is None
    mathml_of.cache_clear()
