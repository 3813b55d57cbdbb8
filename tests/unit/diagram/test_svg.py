"""The drawing as SVG: well formed, told in words, in colours that a page may change, and names that do no harm."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

import leyden as ly
from leyden.diagram.record import Attached, Diagram, Hub, Link, Node
from leyden.diagram.svg import HUES, svg_of
from leyden.model.catalog import DEVICES, reference_device
from leyden.portrait import diagram_svg

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)


@pytest.mark.parametrize("name", DEVICES)
def test_every_device_of_the_catalog_has_a_drawing_with_words(name: str) -> None:
    device = reference_device(name)
    root = parsed(diagram_svg(device))
    assert root.attrib["role"] == "img"
    assert name in root.attrib["aria-label"]
    groups = root.findall(f"{SVG}g")
    assert all(group.findtext(f"{SVG}title") for group in groups)
    modes = [group for group in groups if "leyden-mode" in group.attrib["class"]]
    assert len(modes) == len(device.mode_names)
    batteries = [group for group in modes if {"leyden-battery", "leyden-both"} & set(group.attrib["class"].split())]
    assert len(batteries) == len(device.batteries)


def test_everything_lies_on_the_sheet() -> None:
    root = parsed(diagram_svg(reference_device("waveguide_battery")))
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for circle in root.iter(f"{SVG}circle"):
        x, y, radius = (float(circle.attrib[name]) for name in ("cx", "cy", "r"))
        assert left <= x - radius <= x + radius <= left + width
        assert top <= y - radius <= y + radius <= top + height
    for text in root.iter(f"{SVG}text"):
        assert left <= float(text.attrib["x"]) <= left + width


def test_text_takes_the_colour_of_the_page() -> None:
    root = parsed(diagram_svg(reference_device("two_photon_battery")))
    assert {text.attrib["fill"] for text in root.iter(f"{SVG}text")} == {"currentColor"}
    assert "style" not in root.attrib
    assert root.find(f"{SVG}style") is None


def test_names_are_escaped() -> None:
    hostile = "<script>\"&'"
    device = ly.Network([ly.Mode(hostile)], [ly.Kerr(hostile, 0.1)], charger=hostile, battery=hostile, name="<i>")
    text = diagram_svg(device)
    assert "<script>" not in text
    assert "<i>" not in text
    assert any(hostile in title.text for title in parsed(text).iter(f"{SVG}title") if title.text)


def test_a_wider_arrow_is_a_stronger_transfer() -> None:
    nodes = (Node("a", "charger"), Node("b"), Node("c", "battery"))
    root = parsed(svg_of(Diagram("d", nodes, (Link(0, 1, 1.0, 0.0), Link(1, 2, 0.25, 0.0)))))
    links = [group for group in root.findall(f"{SVG}g") if group.attrib["class"] == "leyden-link"]
    widths = [float(next(group.iter(f"{SVG}path")).attrib["stroke-width"]) for group in links]
    assert widths[0] > 2 * widths[1]
    heads = [len([path for path in group.iter(f"{SVG}path") if path.get("fill") != "none"]) for group in links]
    assert heads == [1, 1]


def test_every_kind_of_mark_has_a_colour_and_a_pulse_is_seen() -> None:
    nodes = (Node("a", "both", levels=2), Node("b"), Node("7 others", count=7))
    kinds = [Attached(0, kind, kind, kind, is_changing=True) for kind in ("drive", "bath", "gain", "other")]
    hubs = (Hub((0, 1), "reservoir", "bath", "bath", is_changing=True), Hub((0, 1, 2), "other", "box", "box"))
    text = svg_of(
        Diagram("d", nodes, (Link(0, 1, 0, 0, ("kerr",)), Link(1, 2, 1, 0.5, is_changing=True)), tuple(kinds), hubs)
    )
    classes = {group.attrib["class"] for group in parsed(text).findall(f"{SVG}g")}
    assert classes >= {f"leyden-{kind}" for kind in ("drive", "bath", "gain", "other", "link", "reservoir")}
    assert all(hue in text for role, hue in HUES.items() if role not in ("mode charger", "mode battery"))
    assert "stroke-dasharray" in text
