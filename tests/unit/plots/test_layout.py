"""The layout of every drawing: no word on another, none off the paper, no legend on a curve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import leyden as ly
from leyden.paper.figures import FIGURES, Arrangement, PaperFigure
from leyden.plots import charging_curves, draw_schematic, publication


def outside_range(axes: Axes) -> Iterator[Text]:
    """Tick labels outside the range of their axis: they exist, but are not drawn."""
    for axis, limits, coordinate in ((axes.xaxis, axes.get_xlim(), 0), (axes.yaxis, axes.get_ylim(), 1)):
        for tick in [*axis.majorTicks, *axis.minorTicks]:
            for label in (tick.label1, tick.label2):
                if not min(limits) <= label.get_position()[coordinate] <= max(limits):
                    yield label


def words_of(figure: Figure) -> Iterator[tuple[str, Bbox]]:
    """Every text that is seen, with its box in pixels; apart from contour numbers, which lie aslant on their lines."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    undrawn = {label for axes in figure.axes for label in outside_range(axes)}
    for text in set(figure.findobj(Text)) - undrawn:
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and text.get_rotation() % 90 == 0:
            yield text.get_text(), text.get_window_extent(renderer)


def complaints_about(figure: Figure) -> list[str]:
    """Words that overlap each other, leave the paper, or legends that cover a part of the axes with curves."""
    return complaints_of(list(words_of(figure)), figure)


def complaints_of(words: list[tuple[str, Bbox]], figure: Figure) -> list[str]:
    """The same about a figure whose words have been read."""
    paper = figure.bbox
    found = [f"{text!r} leaves the paper" for text, box in words if not is_inside(box, paper)]
    found += [f"{one!r} on {two!r}" for (one, first), (two, second) in combinations(words, 2) if meet(first, second)]
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    plots = [axes for axes in figure.axes if axes.get_lines() and axes.axison]
    for legend in legends:
        box = legend.get_window_extent()
        found += [f"a legend covers {axes.get_ylabel()!r}" for axes in plots if meet(box, axes.get_window_extent())]
    return found


def is_inside(box: Bbox, paper: Bbox) -> bool:
    return box.x0 >= paper.x0 - 1 and box.x1 <= paper.x1 + 1 and box.y0 >= paper.y0 - 1 and box.y1 <= paper.y1 + 1


def meet(first: Bbox, second: Bbox) -> bool:
    """Whether two boxes share more than a pixel each way; less is the empty rim of a glyph."""
    common = Bbox.intersection(first, second)
    return common is not None and common.width > 1 and common.height > 1


ARRANGEMENTS: tuple[Arrangement, ...] = ("page", "narrow")


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.stem)
def test_figures_of_the_paper(figure: PaperFigure) -> None:
    """On a page and narrow, from one set of panels, each drawn once."""
    panels = figure.panels()
    for arrangement in ARRANGEMENTS:
        with publication():
            drawing = figure.draw(panels, arrangement)
            words = list(words_of(drawing))
            assert not complaints_of(words, drawing), arrangement
            assert len(words) > 8, arrangement


TIMES = np.linspace(0.0, 40.0, 101)
DEVICES: dict[str, Callable[[], ly.Network]] = {
    "one battery": lambda: ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1),
    "above threshold": lambda: ly.catalog.two_photon_battery(drive=0.3, charger_damping=0.1, battery_damping=0.1),
    "four batteries": lambda: ly.catalog.cascade(5, drive=0.05, damping=0.1),
    "many batteries": lambda: ly.catalog.cascade(20, drive=0.05, damping=0.1),
    "backflow": lambda: ly.catalog.reciprocal_battery(
        drive=0.02, charger_damping=0.1, battery_damping=0.1, coupling=0.5
    ),
}


@pytest.mark.parametrize("name", DEVICES)
def test_charging_curves(name: str) -> None:
    run = ly.charge(DEVICES[name](), TIMES).assign_attrs(critical_drive=0.15)
    figure = charging_curves(run)
    with publication():
        assert not complaints_about(figure)


def pair(*elements: Any) -> ly.Network:
    return ly.Network([ly.Mode("left"), ly.Mode("storage")], elements, "left", "storage")


SCHEMATICS: dict[str, tuple[ly.Network, bool]] = {
    "one way": (DEVICES["one battery"](), True),
    "reciprocal": (DEVICES["backflow"](), False),
    "three drives": (
        pair(
            ly.OnePhotonDrive("left", 0.1),
            ly.TwoPhotonDrive("left", 0.1),
            ly.OnePhotonDrive("storage", 0.1),
            ly.CoherentCoupling("left", "storage", 0.1),
            ly.LocalBath("left", 0.2),
        ),
        False,
    ),
}


@pytest.mark.parametrize("name", SCHEMATICS)
def test_schematics(name: str) -> None:
    network, is_one_way = SCHEMATICS[name]
    figure = draw_schematic(network, is_one_way=is_one_way)
    with publication():
        assert not complaints_about(figure)


# The judge itself, tried on drawings with one fault each.


def drawing() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(4.0, 3.0))
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.6))
    axes.plot([0.0, 1.0], [0.0, 1.0], label="a curve")
    axes.set_xlabel("time")
    return figure, axes


def test_the_judge_accepts_a_good_drawing() -> None:
    figure, _ = drawing()
    figure.legend(loc="upper center")
    assert complaints_about(figure) == []


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda figure, _axes: figure.text(0.2, 0.11, "twice"), "on"),
        (lambda figure, _axes: figure.text(0.97, 0.9, "too far"), "leaves the paper"),
        (lambda _figure, axes: axes.legend(loc="center"), "covers"),
        (lambda figure, _axes: figure.legend(loc="center"), "covers"),
    ],
)
def test_the_judge_sees_each_fault(spoil: Callable[[Figure, Axes], object], complaint: str) -> None:
    figure, axes = drawing()
    spoil(figure, axes)
    assert complaint in " ".join(complaints_about(figure))
