"""The schematic: every element of the device on the sheet, and nothing that is not in the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrow, FancyArrowPatch, FancyBboxPatch

import leyden as ly
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, Jump, annihilate, create
from leyden.plots import draw_schematic
from leyden.quantities import QUANTITIES

PAPER = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def count(figure: Figure, kind: type) -> int:
    return len([patch for patch in figure.axes[0].patches if type(patch) is kind])


def symbol(name: str) -> str:
    return f"${QUANTITIES[name].symbol}$"


def pair(*elements: Any) -> ly.Network:
    return ly.Network([ly.Mode("left"), ly.Mode("storage")], elements, "left", "storage")


def test_the_paper_device_is_complete() -> None:
    figure = draw_schematic(PAPER, is_one_way=True)
    names = ("drive", "coupling", "charger_damping", "battery_damping", "charger_weight", "battery_weight")
    assert {symbol(name) for name in names} <= set(words(figure))
    assert {"charger", "battery", "$a$", "$b$", "one way", "two-photon\ndrive"} <= set(words(figure))
    assert f"shared bath  {symbol('shared_rate')}" in words(figure)
    assert (count(figure, Circle), count(figure, FancyBboxPatch), count(figure, FancyArrow)) == (2, 1, 1)
    # Arrows: two photons, two local baths, two ways into the shared bath, the coupling.
    assert count(figure, FancyArrowPatch) == 7


def test_what_is_not_there_is_not_drawn() -> None:
    figure = draw_schematic(
        ly.catalog.reciprocal_battery(drive=0.1, charger_damping=0.1, battery_damping=0.0, coupling=0.2, photons=1)
    )
    assert symbol("battery_damping") not in words(figure)
    assert not any("bath" in text or "one way" in text for text in words(figure))
    assert "one-photon\ndrive" in words(figure)
    # One photon, one local bath, the coupling.
    assert (count(figure, FancyArrowPatch), count(figure, FancyArrow), count(figure, FancyBboxPatch)) == (3, 0, 0)


def test_a_batch_of_devices_is_drawn_once() -> None:
    batch = ly.catalog.two_photon_battery(drive=np.array([0.0, 0.1]), charger_damping=0.1, battery_damping=0.1)
    assert words(draw_schematic(batch)) == words(draw_schematic(PAPER))


@pytest.mark.parametrize("mode", ["left", "storage"])
def test_the_drive_comes_from_the_side_of_its_mode(mode: str) -> None:
    """And the modes make room on that side."""
    axes = draw_schematic(pair(ly.OnePhotonDrive(mode, 0.1))).axes[0]
    (text,) = [text for text in axes.texts if "drive" in text.get_text()]
    circles = [patch.center[0] for patch in axes.patches if isinstance(patch, Circle)]
    sheet_middle = sum(axes.get_xlim()) / 2
    if mode == "left":
        assert text.get_position()[0] < min(circles)
        assert np.mean(circles) > sheet_middle
    else:
        assert text.get_position()[0] > max(circles)
        assert np.mean(circles) < sheet_middle


def test_several_drives_on_one_mode_stand_above_each_other() -> None:
    axes = draw_schematic(pair(ly.OnePhotonDrive("left", 0.1), ly.TwoPhotonDrive("left", 0.1))).axes[0]
    heights = {text.get_text().split()[0]: text.get_position()[1] for text in axes.texts if "photon" in text.get_text()}
    assert heights["one-photon"] - heights["two-photon"] > 0.2


def test_elements_of_any_class_are_drawn_by_their_operators() -> None:
    """A drive of three photons is nowhere in leyden, and is drawn all the same."""

    class ThreePhotonDrive(ly.OnePhotonDrive):
        def hamiltonian(self) -> Any:
            (term,) = super().hamiltonian()
            return (type(term)(term.coefficient, term.operators * 3),)

    figure = draw_schematic(pair(ThreePhotonDrive("left", 0.1)))
    assert "3-photon\ndrive" in words(figure)
    assert count(figure, FancyArrowPatch) == 3


@dataclass(frozen=True)
class Kerr(Element):
    """(K/2) a^dag^2 a^2: four operators, and no drive."""

    mode: str

    @property
    def modes(self) -> tuple[str, ...]:
        return (self.mode,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        up, down = create(self.mode), annihilate(self.mode)
        return (HamiltonianTerm(0.1, (up, up, down, down)),)


@dataclass(frozen=True)
class SqueezedBath(Element):
    """L[cosh r a + sinh r a^dag]: no loss alone."""

    mode: str

    @property
    def modes(self) -> tuple[str, ...]:
        return (self.mode,)

    def jumps(self) -> tuple[Jump, ...]:
        return (Jump(0.1, (1.1, 0.4), (annihilate(self.mode), create(self.mode))),)


@dataclass(frozen=True)
class Gain(SqueezedBath):
    """L[a^dag]."""

    def jumps(self) -> tuple[Jump, ...]:
        return (Jump(0.1, (1.0,), (create(self.mode),)),)


@dataclass(frozen=True)
class ParametricCoupling(Element):
    """a^dag b^dag + h.c.: no exchange of quanta."""

    first: str
    second: str

    @property
    def modes(self) -> tuple[str, ...]:
        return (self.first, self.second)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        return (HamiltonianTerm(0.1, (create(self.first), create(self.second))),)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kerr, "Kerr"),
        (SqueezedBath, "Squeezed\nBath"),
        (Gain, "Gain"),
        (lambda mode: ly.TwoPhotonLoss(mode, 0.1), "Two Photon\nLoss"),
    ],
)
def test_what_is_neither_a_drive_nor_a_loss_is_a_box_with_its_name(kind: Any, text: str, place: int) -> None:
    axes = draw_schematic(pair(kind(("left", "storage")[place]))).axes[0]
    (box,) = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    assert text in words(axes.figure)
    assert not any("-photon" in word or "kappa" in word for word in words(axes.figure))
    assert count(axes.figure, FancyArrowPatch) == 0
    circle = sorted(patch.center[0] for patch in axes.patches if isinstance(patch, Circle))[place]
    assert (box.get_x() + box.get_width() / 2 < circle) == (place == 0)


def test_what_couples_in_another_way_is_a_box_between() -> None:
    elements = [ParametricCoupling("left", "storage"), ParametricCoupling("storage", "left")]
    figure = draw_schematic(pair(*elements, ly.CoherentCoupling("left", "storage", 0.2)))
    assert words(figure).count("Parametric\nCoupling") == 2
    # The exchange beside them is an arrow as ever.
    assert (count(figure, FancyBboxPatch), count(figure, FancyArrowPatch)) == (2, 1)


def test_boxes_stay_on_the_sheet() -> None:
    """Beside a drive on each side, where the room is least."""
    elements: list[Any] = [ParametricCoupling("left", "storage")] * 3
    for mode in ("left", "storage"):
        elements += [ly.TwoPhotonDrive(mode, 0.1), SqueezedBath(mode)]
    axes = draw_schematic(pair(*elements), is_one_way=True).axes[0]
    boxes = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == 5
    for box in boxes:
        assert axes.get_xlim()[0] < box.get_x() < box.get_x() + box.get_width() < axes.get_xlim()[1]
        assert axes.get_ylim()[0] < box.get_y() < box.get_y() + box.get_height() < axes.get_ylim()[1]


def test_long_names_are_cut() -> None:
    network = ly.Network([ly.Mode("a resonator of niobium"), ly.Mode("b")], [], "a resonator of niobium", "b")
    assert "a resona…" in words(draw_schematic(network))


def test_few_levels_are_told() -> None:
    pair = ly.catalog.few_level_battery(drive=0.1, charger_damping=0.1, coupling=0.1, battery_levels=None)
    assert [word for word in words(draw_schematic(pair)) if "levels" in word] == ["2 levels"]


@pytest.mark.parametrize(
    "network",
    [
        ly.catalog.cascade(3, drive=0.1, damping=0.1),
        ly.Network([ly.Mode("only")], [], "only", "only"),
        ly.Network([ly.Mode("one"), ly.Mode("two")], [], "one", "one"),
        ly.Network([ly.Mode("one"), ly.Mode("two")], [], "one", ["one", "two"]),
    ],
)
def test_other_devices_are_refused(network: ly.Network, refuses) -> None:
    refuses("device", lambda: draw_schematic(network), "two modes")
