"""Charging curves over a family of dampings or of drives: the data and the drawing of figures 2 to 5."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import leyden as ly
from leyden.paper import parameters as ours
from leyden.paper.figures.record import Arrangement, Panels, panel
from leyden.plots import DOUBLE_COLUMN, SINGLE_COLUMN, draw_family, family_legend, panel_letter, sheet
from leyden.quantities import QUANTITIES

__all__ = ["COMPARED", "Family", "charged", "draw_families", "family_panel", "from_limit", "settled_values"]

_BUILDERS = {1: ly.catalog.one_photon_battery, 2: ly.catalog.two_photon_battery}
# Names of the two devices of a comparison, for the data files.
COMPARED = "two_photon_battery / one_photon_battery"

_RATE = QUANTITIES["shared_rate"].symbol


@dataclass(frozen=True)
class Family:
    """Panels that show the same family of curves and share one legend."""

    over: str  # "damping" or "drive"
    letters: tuple[str, ...]

    @property
    def palette(self) -> str:
        """One palette for each family, so that a glance tells them apart."""
        return {"damping": "viridis", "drive": "plasma"}[self.over]


def _device(over: str, photons: int) -> ly.Network:
    drive = ours.labelled("drive", ours.DRIVES) if over == "drive" else ours.DRIVE
    damping = ours.labelled("damping", ours.DAMPINGS) if over == "damping" else ours.DAMPING
    return _BUILDERS[photons](
        drive=drive,
        charger_damping=damping,
        battery_damping=damping,
        shared_rate=ours.SHARED_RATE,
        charger_weight=ours.WEIGHT,
        battery_weight=ours.WEIGHT,
        detuning=ours.DETUNING,
        phase=ours.PHASE,
    )


def charged(over: str, *, photons: int = 2) -> xr.Dataset:
    """Charging of the paper's device, or of its one-photon comparator, over one of our two families."""
    return ly.charge(_device(over, photons), ours.TIMES[over])


def settled_values(over: str, *, photons: int = 2) -> xr.Dataset:
    """Steady states that the curves of `charged` run into."""
    return ly.steady_state(_device(over, photons))


def from_limit(ratio: xr.DataArray, limit: float) -> xr.DataArray:
    """A ratio of two energies that both vanish at time 0, completed by its limit there."""
    completed = ratio.where(ratio["time"] > 0, limit)
    return completed.assign_attrs(ratio.attrs, value_at_time_0=f"the limit {limit:g}; both energies vanish there")


def family_panel(
    figure: int, letter: str, over: str, values: xr.DataArray, *beside: xr.DataArray, device: str
) -> xr.Dataset:
    """One panel's data, and beside it what is marked on its curves, with what they were computed from."""
    varied = {
        "drive": list(ours.DRIVES) if over == "drive" else ours.DRIVE,
        "damping": list(ours.DAMPINGS) if over == "damping" else ours.DAMPING,
    }
    return panel(figure, letter, values, *beside, device=device, varied=varied)


# Inches around the panels of a family. Fixed, because a layout solver would take as long as the drawing itself.
_LEGEND, _LETTER, _LEFT, _RIGHT, _BELOW, _BETWEEN = 0.27, 0.2, 0.54, 0.14, 0.42, 0.06


def _grid(figure: Figure, block: tuple[float, float, float, float], shape: tuple[int, int]) -> list[Axes]:
    """Axes of one family inside a block of the figure: left, top, width, height in inches, from the upper left."""
    left, top, width, height = block
    rows, columns = shape
    whole_width, whole_height = figure.get_size_inches()
    panel_width = (width - columns * (_LEFT + _RIGHT)) / columns
    panel_height = (height - _LEGEND - _BELOW - rows * _LETTER - (rows - 1) * _BETWEEN) / rows
    grid = figure.add_gridspec(
        rows,
        columns,
        left=(left + _LEFT) / whole_width,
        right=(left + width - _RIGHT) / whole_width,
        top=1 - (top + _LEGEND + _LETTER) / whole_height,
        bottom=1 - (top + height - _BELOW) / whole_height,
        wspace=(_LEFT + _RIGHT) / panel_width,
        hspace=(_LETTER + _BETWEEN) / panel_height,
    )
    return list(grid.subplots(sharex="col", squeeze=False).flat)


def _blocks(
    families: Sequence[Family], arrangement: Arrangement, *, in_rows: bool, height: float
) -> tuple[tuple[float, float], list[tuple[tuple[float, float, float, float], tuple[int, int]]]]:
    """Size of the figure, and for each family its block and the shape of its grid."""
    is_page = arrangement == "page"
    side_by_side = is_page and not in_rows
    width = DOUBLE_COLUMN if is_page else SINGLE_COLUMN
    each = width / len(families) if side_by_side else width
    found: list[tuple[tuple[float, float, float, float], tuple[int, int]]] = []
    top = left = lowest = 0.0
    for family in families:
        count = len(family.letters)
        shape = (1, count) if is_page and in_rows else (count, 1)
        tall = _LEGEND + _BELOW + shape[0] * (height + _LETTER) + (shape[0] - 1) * _BETWEEN
        found.append(((left, top, each, tall), shape))
        lowest = max(lowest, top + tall)
        left, top = (left + each, top) if side_by_side else (left, top + tall)
    return (width, lowest), found


def draw_families(
    panels: Panels,
    arrangement: Arrangement,
    families: Sequence[Family],
    *,
    height: float = 1.5,
    in_rows: bool = False,
    finish: Callable[[str, Axes, xr.Dataset], None] | None = None,
) -> Figure:
    """Draw panels of curves, a legend above each family, which is a column of the page, or a row of it."""
    size, blocks = _blocks(families, arrangement, in_rows=in_rows, height=height)
    figure = sheet(*size)
    for family, (block, shape) in zip(families, blocks, strict=True):
        lines: list[Line2D] = []
        for axes, letter in zip(_grid(figure, block, shape), family.letters, strict=True):
            values = panels[letter][panels[letter].attrs["shows"]]
            lines = draw_family(axes, values, along="time", over=family.over, palette=family.palette, rate=_RATE)
            panel_letter(axes, letter)
            if not axes.xaxis.get_tick_params()["labelbottom"]:
                axes.set_xlabel("")
            if finish is not None:
                finish(letter, axes, panels[letter])
        left, top, width, _ = block
        middle = ((left + (width + _LEFT - _RIGHT) / 2) / size[0], 1 - top / size[1])
        place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": middle}
        if width < 0.6 * DOUBLE_COLUMN:
            place |= {"handlelength": 1.1, "columnspacing": 0.8}
        family_legend(figure, lines, panels[family.letters[0]][family.over], rate=_RATE, **place)
    return figure
