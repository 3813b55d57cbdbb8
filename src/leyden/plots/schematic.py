"""The schematic of a two-mode device: charger, battery, drives, coupling and baths, each with its symbol."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrow, FancyArrowPatch, FancyBboxPatch

from leyden.errors import ParameterError
from leyden.plots.style import QUALITATIVE, SINGLE_COLUMN, publication, sheet
from leyden.quantities import QUANTITIES

__all__ = ["Device", "DeviceElement", "draw_schematic"]

# Inches on the sheet.
_HEIGHT, _LEVEL, _RADIUS, _APART = 2.0, 1.07, 0.33, 1.26
_BATH = (0.16, 0.30)

_DRIVE, _COUPLING, _SHARED, _LOCAL = (QUALITATIVE[name] for name in ("vermilion", "blue", "green", "grey"))
_DARK_SHARED = "#00614a"
_PHOTONS = {1: "one-photon", 2: "two-photon"}


class DeviceElement(Protocol):
    """What the drawing asks of an element: where it acts, and in which words of operators."""

    @property
    def modes(self) -> tuple[str, ...]:
        """Names of the modes it touches."""
        ...

    def hamiltonian(self) -> Sequence[Any]:
        """Terms with `coefficient` and `operators`."""
        ...

    def jumps(self) -> Sequence[Any]:
        """Jumps with `rate`."""
        ...


class Device(Protocol):
    """What the drawing asks of a device; `leyden.Network` has it."""

    @property
    def mode_names(self) -> tuple[str, ...]:
        """Names of the modes."""
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
        drawn; one whose coefficients are all zero is left out.
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
    figure = sheet(SINGLE_COLUMN, _HEIGHT)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, SINGLE_COLUMN)
    axes.set_ylim(0.0, _HEIGHT)
    axes.set_axis_off()
    order = (device.charger, device.batteries[0])
    acting = [element for element in device.elements if _acts(element)]
    drives = [[element for element in acting if not element.jumps() and element.modes == (name,)] for name in order]
    # A drive on one side only pushes the modes to the other.
    middle = SINGLE_COLUMN / 2 + 0.31 * (bool(drives[0]) - bool(drives[1]))
    drawing = _Drawing(axes, (middle - _APART / 2, middle + _APART / 2))
    for place, name in enumerate(order):
        drawing.draw_mode(place, "ab"[place], name)
        for row, drive in enumerate(drives[place]):
            photons = max(len(term.operators) for term in drive.hamiltonian())
            drawing.draw_drive(place, photons, row, of=len(drives[place]))
    for element in acting:
        if element.jumps() and len(element.modes) == 1:
            drawing.draw_local_bath(order.index(element.modes[0]))
        elif element.jumps():
            drawing.draw_shared_bath()
        elif len(element.modes) == 2:
            drawing.draw_coupling(0.13 if is_one_way else 0.0)
    if is_one_way:
        drawing.draw_direction(-0.08)
    return figure


def _acts(element: DeviceElement) -> bool:
    coefficients = [term.coefficient for term in element.hamiltonian()] + [jump.rate for jump in element.jumps()]
    return any(bool(np.any(np.asarray(coefficient) != 0)) for coefficient in coefficients)


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

    def draw_mode(self, place: int, letter: str, name: str) -> None:
        x = self.places[place]
        face = ("#fdf1e7", "#e8f2fb")[place]
        self.axes.add_patch(Circle((x, _LEVEL), _RADIUS, facecolor=face, edgecolor="black", linewidth=1.0, zorder=3))
        self.write(x, _LEVEL + 0.07, f"${letter}$", fontsize=13)
        self.write(x, _LEVEL - 0.13, name if len(name) <= 9 else f"{name[:8]}…", fontsize=7.5)

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
