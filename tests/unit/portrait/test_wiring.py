"""What is drawn of a device: links with the strengths of the equations, and every element once."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.catalog import reference_device
from leyden.portrait import diagram_of

PAIR = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1}


def test_a_shared_bath_and_its_coupling_make_a_link_one_way() -> None:
    (link,) = diagram_of(ly.catalog.two_photon_battery(**PAIR)).links
    assert (link.first, link.second, link.back) == (0, 1, 0.0)
    # Gamma mu/2 + i J with J = -i mu Gamma/2 and mu = 1/2: half the shared rate.
    assert link.forth == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize(("coupling", "forth", "back"), [(0.25j, 0.0, 0.5), (0.0, 0.25, 0.25), (-0.1j, 0.35, 0.15)])
def test_strengths_are_those_of_the_interference(coupling: complex, forth: float, back: float) -> None:
    (link,) = diagram_of(ly.catalog.two_photon_battery(**PAIR, coupling=coupling)).links
    assert (link.forth, link.back) == (pytest.approx(forth, abs=1e-12), pytest.approx(back, abs=1e-12))


def test_a_waveguide_is_felt_unlike_there_and_back() -> None:
    (link,) = diagram_of(reference_device("waveguide_battery", right_rate=0.8, left_rate=0.2)).links
    assert (link.forth, link.back) == pytest.approx((0.8, 0.2))


def test_links_are_blocks_of_the_drift() -> None:
    device = reference_device("random_directed_graph")
    drift = np.asarray(ly.moment_equations(device).drift)
    found = {(link.first, link.second): link.forth for link in diagram_of(device).links}
    found |= {(link.second, link.first): link.back for link in diagram_of(device).links}
    for source in range(6):
        for target in range(6):
            if source != target:
                block = drift[2 * target : 2 * target + 2, 2 * source : 2 * source + 2]
                expected = np.linalg.norm(block) / np.sqrt(2)
                assert found.get((source, target), 0.0) == pytest.approx(expected, abs=1e-12)


def test_every_element_is_there_once_and_what_does_nothing_is_not() -> None:
    device = ly.Network(
        [ly.Mode("a"), ly.Mode("b", levels=2), ly.Mode("c")],
        [
            ly.OnePhotonDrive("a", 0.1),
            ly.TwoPhotonDrive("a", 0.0),
            ly.LocalBath("a", 0.1, occupation=1.0),
            ly.LocalBath("c", 0.1, squeezing=0.5),
            ly.Gain("c", 0.01),
            ly.Kerr("a", 0.1),
            ly.Dephasing("b", 0.1),
            ly.CrossKerr("a", "b", 0.1),
            ly.ParametricCoupling("a", "c", 0.2),
            ly.SharedBath({"a": 1, "b": 1, "c": 0}, 0.2),
        ],
        charger="a",
        battery=["b", "c"],
    )
    found = diagram_of(device)
    assert [(one.node, one.words.replace("\n", " ")) for one in found.attached] == [
        (0, "one-photon drive"),
        (0, "thermal bath"),
        (2, "squeezed bath"),
        (2, "gain"),
        (0, "Kerr"),
        (1, "Dephasing"),
    ]
    assert [(hub.nodes, hub.words) for hub in found.hubs] == [((0, 1), "shared bath")]
    assert {(link.first, link.second): link.names for link in found.links} == {
        (0, 1): ("Cross Kerr",),
        (0, 2): ("Parametric Coupling",),
    }
    assert [(node.role, node.levels) for node in found.nodes] == [("charger", None), ("battery", 2), ("battery", None)]


def test_pulses_are_drawn_at_their_largest_and_marked() -> None:
    pulse = ly.pulse.gaussian(0.3, 50.0, 2.0)
    device = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.OnePhotonDrive("a", ly.pulse.square(0.1, 3.0, 4.0)), ly.CoherentCoupling("a", "b", 1j * pulse)],
        charger="a",
        battery="b",
    )
    found = diagram_of(device)
    assert found.attached[0].is_changing
    assert found.links[0].is_changing
    assert found.links[0].forth == pytest.approx(0.3, rel=1e-2)


def test_of_a_batch_the_first_is_drawn() -> None:
    rates = xr.DataArray([[0.0, 1.0], [2.0, 3.0]], dims=("one", "two"))
    device = ly.catalog.reciprocal_battery(**PAIR, coupling=rates + 0.25)
    assert diagram_of(device).links[0].forth == pytest.approx(0.25)
    plain = ly.catalog.reciprocal_battery(**PAIR, coupling=np.asarray([0.5, 0.7]))
    assert diagram_of(plain).links[0].forth == pytest.approx(0.5)


def test_a_large_network_is_drawn_in_groups() -> None:
    found = diagram_of(ly.catalog.cascade(1000, drive=0.1, damping=0.1))
    assert [(node.name, node.count) for node in found.nodes] == [("m0", 1), ("999 batteries", 999)]
    assert [(link.forth, link.back) for link in found.links] == [(pytest.approx(0.5), 0.0)]
    assert {one.words for one in found.attached} >= {"999 baths", "999 shared baths"}
    assert "1000 modes" in found.description


def test_the_drawing_is_told_in_words() -> None:
    words = diagram_of(ly.catalog.two_photon_battery(**PAIR)).description
    assert "charger charger; battery battery" in words
    assert "charger -> battery" in words
    assert "2 baths" in words


@pytest.mark.parametrize("size", [1e-300, 1e130])
def test_extreme_rates_are_drawn(size: float) -> None:
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], [ly.CoherentCoupling("a", "b", size)], charger="a", battery="b")
    assert ly.plots.network(device).texts
