"""Drawings of devices: who drives whom, where modes stand, and SVG that is well formed whatever modes are called."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

import leyden as ly
from leyden.model.catalog import DEVICES, reference_device
from leyden.portrait.diagram import MOST_DRAWN, Diagram, diagram_of
from leyden.portrait.svg import diagram_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(device: ly.Network) -> Diagram:
    found = diagram_of(device)
    assert found is not None
    return found


def pair(**parameters: object) -> ly.Network:
    return reference_device("two_photon_battery", **parameters)


def test_the_papers_pair_is_one_way() -> None:
    found = drawn(pair())
    assert [(node.name, node.role) for node in found.nodes] == [("charger", "charger"), ("battery", "battery")]
    (link,) = found.links
    # -Gamma mu a drives the battery: Gamma p_a p_b = 1/2 at equal weights.
    assert link.forth == pytest.approx(0.5, rel=1e-12)
    assert link.back == 0
    assert link.words == "one way"
    assert sorted(link.kinds) == ["coupling", "shared bath"]
    assert found.nodes[0].drives == ["two-photon drive"]
    assert found.nodes[0].x < found.nodes[1].x


@pytest.mark.parametrize(("coupling", "forth", "back"), [(0.25j, 0.0, 0.5), (0.0, 0.25, 0.25), (-0.1j, 0.35, 0.15)])
def test_strengths_are_those_of_the_interference(coupling: complex, forth: float, back: float) -> None:
    (link,) = drawn(pair(coupling=coupling)).links
    assert (link.forth, link.back) == (pytest.approx(forth, abs=1e-12), pytest.approx(back, abs=1e-12))


def test_a_pulsed_coupling_is_as_strong_as_it_gets() -> None:
    kick = ly.pulse.gaussian(0.25, centre=5.0, width=1.0)
    device = ly.Network(
        [ly.Mode("a"), ly.Mode("b")], [ly.CoherentCoupling("a", "b", strength=kick)], charger="a", battery="b"
    )
    (link,) = drawn(device).links
    assert link.forth == pytest.approx(0.25, rel=0.05)
    assert link.forth == pytest.approx(link.back)


def test_what_is_neither_exchange_nor_bath_is_named() -> None:
    device = pair()
    more = [ly.Kerr("charger", strength=0.1), ly.CrossKerr("charger", "battery", strength=0.2)]
    found = drawn(ly.Network(device.modes, [*device.elements, *more], charger="charger", battery="battery"))
    assert found.nodes[0].others == ["Kerr"]
    assert "Cross Kerr" in found.links[0].kinds


def test_a_bath_of_three_is_a_hub() -> None:
    names = ["a", "b", "c"]
    bath = ly.SharedBath(dict.fromkeys(names, 1.0), rate=0.1)
    found = drawn(ly.Network([ly.Mode(name) for name in names], [bath], charger="a", battery="b"))
    assert found.shared == [(0, 1, 2)]
    assert len(found.links) == 3


@pytest.mark.parametrize("name", DEVICES)
def test_no_two_modes_stand_on_each_other(name: str) -> None:
    found = drawn(reference_device(name))
    points = np.array([(node.x, node.y) for node in found.nodes])
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    assert np.isfinite(points).all()
    assert (apart[~np.eye(len(points), dtype=bool)] > 0.4).all()


def test_a_chain_is_a_line_and_a_ring_a_circle() -> None:
    line = drawn(reference_device("cascade", modes=6)).nodes
    assert [(round(node.x, 9), round(node.y, 9)) for node in line] == [(place, 0) for place in range(6)]
    ring = drawn(reference_device("ring", modes=7)).nodes
    radii = [np.hypot(node.x, node.y) for node in ring]
    np.testing.assert_allclose(radii, 1 / (2 * np.sin(np.pi / 7)))
    assert min(ring, key=lambda node: node.x).name == "m0"


def test_links_of_a_lattice_lie_along_the_axes() -> None:
    found = drawn(reference_device("lattice", rows=4, columns=5))
    for link in found.links:
        first, second = found.nodes[link.first], found.nodes[link.second]
        along, across = abs(first.x - second.x), abs(first.y - second.y)
        assert min(along, across) < 0.25 * max(along, across)


@pytest.mark.parametrize("name", DEVICES)
def test_svg_is_well_formed_and_shows_every_mode(name: str) -> None:
    device = reference_device(name)
    tree = ElementTree.fromstring(diagram_svg(device))
    left, top, width, height = map(float, tree.attrib["viewBox"].split())
    circles = [one for one in tree.iter(f"{SVG}circle") if one.get("class") != "hub"]
    assert len(circles) == len(device.mode_names)
    for one in circles:
        assert left < float(one.attrib["cx"]) < width
        assert top < float(one.attrib["cy"]) < height
    words = [one.text or "" for one in tree.iter(f"{SVG}title")]
    assert all(any(mode in text for text in words) for mode in device.mode_names)


@pytest.mark.parametrize("name", ["<script>", "a&b", "\"'", "</svg>"])
def test_names_are_text(name: str) -> None:
    device = ly.Network([ly.Mode(name), ly.Mode("b")], [ly.LocalBath(name, rate=0.1)], charger=name, battery="b")
    tree = ElementTree.fromstring(diagram_svg(device))
    assert any(one.text == name for one in tree.iter(f"{SVG}text"))


def test_what_cannot_be_drawn_is_not() -> None:
    assert diagram_svg(pair(drive=np.array([0.1, 0.2]))) == ""
    assert diagram_svg(ly.catalog.cascade(MOST_DRAWN + 1, drive=0.1, damping=0.1)) == ""
