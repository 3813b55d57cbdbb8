"""The schematic of a two-mode device: charger, battery, drives, coupling and baths, each with its symbol."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrow, FancyArrowPatch, FancyBboxPatch

from leyden.errors import ParameterError
from leyden.plots.kinds import DeviceElement, acts, kind_of, name_of
from leyden.plots.style import QUALITATIVE, SINGLE_COLUMN, publication, sheet
from leyden.quantities import QUANTITIES

__all__ = ["Device", "DeviceElement", "draw_schematic"]

# Inches on the sheet.
_HEIGHT, _LEVEL, _RADIUS, _APART = 2.0, 1.07, 0.33, 1.26
_BATH = (0.16, 0.30)

_DRIVE, _COUPLING, _SHARED, _LOCAL = (QUALITATIVE[name] for name in ("vermilion", "blue", "green", "grey"))
_DARK_SHARED = "#00614a"
_OTHER = "#404040"
_PHOTONS = {1: "one-photon", 2: "two-photon"}
# Kinds that stand on the outer side of a mode; characters of a box's words in all, and on a line.
_BESIDE = ("drive", "other")
_LINE = 10
# Inches from one box between the modes to the next.
_STACKED = 0.36


class Device(Protocol):
    """What the drawing asks of a device; `leyden.Network` has it."""

    @property
    def mode_names(self) -> tuple[str, ...]:
        """Names of the modes."""
        ...

    @property
    def modes(self) -> Sequence[Any]:
        """The modes themselves, each with its name and the number of its levels, None for an oscillator."""
        ...

    @property
    def elements(self) -> Sequence[Any]:
        """Couplings, drives and baths."""
        ...

    @property
    def charger(self) -> str:
        """Name of the charger."""
        ...

    @property
    def batteries(self) -> tuple[str, ...]:
        """Names of the batteries."""
        ...


def draw_schematic(device: Device, *, is_one_way: bool = False) -> Figure:
    """Draw a device of one charger and one battery.

    Parameters
    ----------
    device : Device
        A network of two modes. What kind an element is, follows from its operators, so that elements of any class are
        drawn: drives by any number of photons, exchange of quanta, baths that take quanta away. Any other one is a box
        with the name of its class; one whose coefficients are all zero is left out.
    is_one_way : bool
        Whether to show that transport runs from the charger to the battery only.

    Returns
    -------
    Figure
        As wide as one column.

    Raises
    ------
    ParameterError
        If the device has more or fewer than two modes, or its charger is its battery.
    """
    names = device.mode_names
    if len(names) != 2 or len(device.batteries) != 1 or device.charger == device.batteries[0]:
        raise ParameterError.of("device", "have two modes, a charger and a battery", names)
    with publication():
        return _drawn(device, is_one_way=is_one_way)


def _drawn(device: Device, *, is_one_way: bool) -> Figure:
    order = (device.charger, device.batteries[0])
    acting = [(element, kind_of(element)) for element in device.elements if acts(element)]
    between = [element for element, kind in acting if kind == "other" and len(element.modes) > 1]
    height = _HEIGHT + _STACKED * max(len(between) - 1, 0)
    figure = sheet(SINGLE_COLUMN, height)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, SINGLE_COLUMN)
    axes.set_ylim(0.0, height)
    axes.set_axis_off()
    beside = [[(one, kind) for one, kind in acting if kind in _BESIDE and one.modes == (name,)] for name in order]
    # What stands on one side only pushes the modes to the other.
    middle = SINGLE_COLUMN / 2 + 0.31 * (bool(beside[0]) - bool(beside[1]))
    drawing = _Drawing(axes, (middle - _APART / 2, middle + _APART / 2))
    levels = {mode.name: mode.levels for mode in device.modes}
    for place, name in enumerate(order):
        drawing.draw_mode(place, "ab"[place], name, levels.get(name))
        for row, (element, kind) in enumerate(beside[place]):
            if kind == "drive":
                photons = max(len(term.operators) for term in element.hamiltonian())
                drawing.draw_drive(place, photons, row, of=len(beside[place]))
            else:
                drawing.draw_box_beside(place, name_of(element), row, of=len(beside[place]))
    for row, element in enumerate(between):
        drawing.draw_box_between(name_of(element), row)
    for element, kind in acting:
        if kind == "local bath":
            drawing.draw_local_bath(order.index(element.modes[0]))
        elif kind == "shared bath":
            drawing.draw_shared_bath()
        elif kind == "coupling":
            drawing.draw_coupling(0.13 if is_one_way else 0.0)
    if is_one_way:
        drawing.draw_direction(-0.08)
    return figure


def _wrapped(text: str) -> tuple[list[str], tuple[float, float]]:
    """Lines of a box, and half its width and height."""
    lines = textwrap.wrap(text, _LINE)
    return lines, (0.05 + 0.0265 * max(map(len, lines)), 0.05 + 0.055 * len(lines))


def _symbol(name: str) -> str:
    return f"${QUANTITIES[name].symbol}$"


@dataclass(frozen=True)
class _Drawing:
    """Axes in inches, and where the two modes stand on them; `place` is 0 for the charger, 1 for the battery."""

    axes: Axes
    places: tuple[float, float]

    @property
    def middle(self) -> float:
        return sum(self.places) / 2

    def edges(self, height: float) -> tuple[float, float]:
        """Where a line at a height over the middles meets the inner sides of the two circles."""
        reach = math.sqrt(max(_RADIUS**2 - height**2, 0.0))
        return self.places[0] + reach, self.places[1] - reach

    def write(self, x: float, y: float, text: str, colour: str = "black", **look: Any) -> None:
        options: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4, "color": colour} | look
        self.axes.text(x, y, text, **options)

    def beside(self, place: int, height: float, name: str, colour: str) -> None:
        """A symbol on the outer side of a vertical line at a mode."""
        side = (-1, 1)[place]
        self.write(
            self.places[place] + side * 0.11, height, _symbol(name), colour, ha=("right", "left")[place], fontsize=10
        )

    def draw_mode(self, place: int, letter: str, name: str, levels: int | None) -> None:
        x = self.places[place]
        face = ("#fdf1e7", "#e8f2fb")[place]
        self.axes.add_patch(Circle((x, _LEVEL), _RADIUS, facecolor=face, edgecolor="black", linewidth=1.0, zorder=3))
        self.write(x, _LEVEL + 0.07, f"${letter}$", fontsize=13)
        self.write(x, _LEVEL - 0.13, name if len(name) <= 9 else f"{name[:8]}…", fontsize=7.5)
        if levels is not None:
            self.write(x, _LEVEL - 0.24, f"{levels} levels", fontsize=6)

    def draw_direction(self, height: float) -> None:
        start, end = self.edges(height)
        shape: dict[str, Any] = {"width": 0.17, "head_width": 0.29, "head_length": 0.15, "length_includes_head": True}
        look: dict[str, Any] = {"facecolor": "#cfe8f7", "edgecolor": "none", "zorder": 1}
        self.axes.add_patch(FancyArrow(start + 0.02, _LEVEL + height, end - start - 0.03, 0.0, **shape, **look))
        self.write((start + end) / 2 - 0.03, _LEVEL + height - 0.005, "one way", "#004c7a", fontsize=7)

    def draw_coupling(self, height: float) -> None:
        (start, end), level = self.edges(height), _LEVEL + height
        look: dict[str, Any] = {"arrowstyle": "<|-|>", "mutation_scale": 8, "shrinkA": 0, "shrinkB": 0}
        ends = (start + 0.015, level), (end - 0.015, level)
        self.axes.add_patch(FancyArrowPatch(*ends, linewidth=1.2, color=_COUPLING, zorder=2, **look))
        self.write(self.middle, level + 0.06, _symbol("coupling"), _COUPLING, va="bottom", fontsize=11)

    def draw_shared_bath(self) -> None:
        low, height = _BATH
        left, width = self.places[0] - 0.12, _APART + 0.24
        look: dict[str, Any] = {"facecolor": "#e6f5f0", "edgecolor": _SHARED, "linewidth": 1.0, "zorder": 2}
        self.axes.add_patch(
            FancyBboxPatch((left, low), width, height, boxstyle="round,pad=0,rounding_size=0.12", **look)
        )
        self.write(self.middle, low + height / 2, f"shared bath  {_symbol('shared_rate')}", _DARK_SHARED)
        for place, name in enumerate(("charger_weight", "battery_weight")):
            x, top = self.places[place], _LEVEL - _RADIUS
            _draw_wave(self.axes, (x, top), (x, low + height), _SHARED)
            self.beside(place, (low + height + top) / 2, name, _DARK_SHARED)

    def draw_local_bath(self, place: int) -> None:
        x, bottom = self.places[place], _LEVEL + _RADIUS
        _draw_wave(self.axes, (x, bottom), (x, bottom + 0.48), _LOCAL)
        self.beside(place, bottom + 0.24, ("charger_damping", "battery_damping")[place], _LOCAL)

    def draw_box(self, x: float, y: float, text: str) -> tuple[float, float]:
        """A box around words, its middle given; returns half its width and height."""
        lines, half = _wrapped(text)
        look: dict[str, Any] = {"facecolor": "#f4f4f4", "edgecolor": _OTHER, "linewidth": 1.0, "zorder": 3}
        corner = x - half[0], y - half[1]
        self.axes.add_patch(
            FancyBboxPatch(corner, 2 * half[0], 2 * half[1], boxstyle="round,pad=0,rounding_size=0.04", **look)
        )
        self.write(x, y, "\n".join(lines), _OTHER, fontsize=7, linespacing=1.0)
        return half

    def draw_box_beside(self, place: int, text: str, row: int, *, of: int) -> None:
        """What acts on one mode in another way, on a line to that mode."""
        side, height = (-1, 1)[place], ((of - 1) / 2 - row) * 0.42
        x = self.places[place] + side * (_RADIUS + 0.09 + _wrapped(text)[1][0])
        half, _ = self.draw_box(x, _LEVEL + height, text)
        inner = self.places[place] + side * math.sqrt(max(_RADIUS**2 - height**2, 0.0))
        line = [x - side * half, inner], [_LEVEL + height, _LEVEL + height]
        self.axes.plot(*line, color=_OTHER, linewidth=1.1, zorder=2)

    def draw_box_between(self, text: str, row: int) -> None:
        """What acts on both modes in another way, on lines to both."""
        level = _LEVEL + 0.6 + _STACKED * row
        half, _ = self.draw_box(self.middle, level, text)
        for place, side in ((0, -1), (1, 1)):
            tilt = _RADIUS * math.sqrt(0.5)
            ends = [self.middle + side * half, self.places[place] - side * tilt], [level, _LEVEL + tilt]
            self.axes.plot(*ends, color=_OTHER, linewidth=1.1, zorder=2)

    def draw_drive(self, place: int, photons: int, row: int, *, of: int) -> None:
        """Waves into a mode, one for each photon; several drives stand above each other."""
        side = (-1, 1)[place]
        height = ((of - 1) / 2 - row) * 0.42
        outer = self.places[place] + side * (_RADIUS + 0.64)
        for photon in range(photons):
            level = height + (photon - (photons - 1) / 2) * 0.12
            inner = self.places[place] + side * (math.sqrt(max(_RADIUS**2 - level**2, 0.0)) + 0.015)
            _draw_wave(self.axes, (outer, _LEVEL + level), (inner, _LEVEL + level), _DRIVE)
        x, kind = outer - side * 0.31, _PHOTONS.get(photons, f"{photons}-photon")
        if of == 1:
            self.write(x, _LEVEL + 0.14, _symbol("drive"), _DRIVE, va="bottom", fontsize=11)
            self.write(x, _LEVEL - 0.13, f"{kind}\ndrive", _DRIVE, va="top", fontsize=7.5, linespacing=0.95)
        else:
            above = _LEVEL + height + 0.06 * photons + 0.01
            self.write(x, above, f"{kind} {_symbol('drive')}", _DRIVE, va="bottom", fontsize=7)


def _draw_wave(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    """A wavy line from start to end that ends in an arrow."""
    first, last = np.asarray(start), np.asarray(end)
    length = float(np.hypot(*(last - first)))
    along = (last - first) / length
    across = np.array([-along[1], along[0]])
    wavy = length - 0.11
    reach = np.linspace(0.0, wavy, 120)
    swing = 0.028 * np.sin(2 * np.pi * max(2, round(wavy / 0.11)) * reach / wavy)
    path = first + reach[:, None] * along + swing[:, None] * across
    axes.plot(path[:, 0], path[:, 1], color=colour, linewidth=1.1, zorder=2)
    tail = (float(path[-1, 0]), float(path[-1, 1]))
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 7, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.1}
    axes.add_patch(FancyArrowPatch(tail, end, color=colour, zorder=2, **look))
