"""Figure 6: steady stored energy and ergotropy over the two asymmetries, kappa_a/kappa_b and p_a/p_b."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import leyden as ly
from leyden.paper import parameters as ours
from leyden.paper.figures.record import Arrangement, Panels, PaperFigure, panel
from leyden.paper.figures.words import span
from leyden.plots import DOUBLE_COLUMN, SINGLE_COLUMN, axis_label, draw_map, mark_missing, panel_letter, rim, sheet
from leyden.quantities import QUANTITIES

__all__ = ["FIGURE_6"]

_RATE = QUANTITIES["shared_rate"].symbol
_LETTERS = (("a", "b"), ("c", "d"))
_VARIABLES = ("stored_energy", "ergotropy")
_DIMS = {"across": "damping_ratio", "up": "weight_ratio"}

# Inches: a panel with all its labels, what they take on each side, and the legend above all panels.
_HEIGHT, _LEFT, _RIGHT, _BELOW, _ABOVE, _LEGEND = 2.25, 0.5, 0.55, 0.42, 0.24, 0.27


def _device(battery_damping: float) -> ly.Network:
    eta = ours.labelled("damping_ratio", ours.MAP_DAMPING_RATIOS)
    xi = ours.labelled("weight_ratio", ours.MAP_WEIGHT_RATIOS)
    norm = (1 + xi**2) ** 0.5
    return ly.catalog.two_photon_battery(
        drive=ours.MAP_DRIVE,
        charger_damping=eta * battery_damping,
        battery_damping=battery_damping,
        shared_rate=ours.SHARED_RATE,
        charger_weight=xi / norm,
        battery_weight=1 / norm,
        detuning=ours.DETUNING,
        phase=ours.PHASE,
    )


def _best(values: xr.DataArray) -> xr.DataArray:
    """The weight ratio of the largest value, at each damping ratio; NaN where that lies on the edge of the map."""
    xi = values["weight_ratio"]
    # A parabola through the logarithms of the largest value and its neighbours: the grid alone would draw steps.
    logarithms = values.copy(data=np.log(values.values))
    place = values.fillna(0.0).argmax("weight_ratio")
    inner = place.clip(1, xi.size - 2)
    below, top, above = (logarithms.isel(weight_ratio=inner + step).reset_coords(drop=True) for step in (-1, 0, 1))
    offset = 0.5 * (below - above) / (below - 2 * top + above)
    best = xi[0].item() + (xi[1] - xi[0]).item() * (inner + offset)
    attributes = QUANTITIES["weight_ratio"].attributes() | {"description": "p_a / p_b of the largest value"}
    return best.where(place == inner).rename("best_weight_ratio").assign_attrs(attributes)


def _panels() -> dict[str, xr.Dataset]:
    found: dict[str, xr.Dataset] = {}
    for letters, damping in zip(_LETTERS, ours.MAP_BATTERY_DAMPINGS, strict=True):
        device = _device(damping)
        steady, abscissa = ly.steady_state(device), ly.stability(device)["spectral_abscissa"]
        for letter, name in zip(letters, _VARIABLES, strict=True):
            varied = {
                "drive": ours.MAP_DRIVE,
                "battery_damping": damping,
                "charger_damping": "damping_ratio * battery_damping",
                "charger_weight": "weight_ratio * battery_weight",
                "battery_weight": "(1 + weight_ratio^2)^(-1/2)",
            }
            beside = (_best(steady[name]), steady["is_stable"], abscissa)
            found[letter] = panel(6, letter, steady[name], *beside, device=steady.attrs["device"], varied=varied)
    return found


def _draw(panels: Panels, arrangement: Arrangement) -> Figure:
    rows, columns = (2, 2) if arrangement == "page" else (4, 1)
    width = DOUBLE_COLUMN if arrangement == "page" else SINGLE_COLUMN
    height = rows * _HEIGHT + _LEGEND
    figure = sheet(width, height)
    handles: dict[str, Artist] = {}
    for place, letter in enumerate(panels):
        row, column = divmod(place, columns)
        left = column * width / columns + _LEFT
        bottom = (rows - row - 1) * _HEIGHT + _BELOW
        size = (width / columns - _LEFT - _RIGHT, _HEIGHT - _BELOW - _ABOVE)
        axes = figure.add_axes((left / width, bottom / height, size[0] / width, size[1] / height))
        handles |= _draw_panel(figure, axes, letter, panels[letter])
    figure.legend(handles=list(handles.values()), loc="upper center", ncols=2)
    return figure


def _draw_panel(figure: Figure, axes: Axes, letter: str, data: xr.Dataset) -> dict[str, Artist]:
    """Draw one map; what its marks are called, for the legend."""
    bar = draw_map(figure, axes, data[data.attrs["shows"]], rate=_RATE, **_DIMS)
    # Values diverge at the edge of stability, so the halves of missing cells beside it get the colour of the top.
    axes.set_facecolor(bar.cmap(1.0))
    best = data["best_weight_ratio"]
    label = f"largest value at each {_symbol('damping_ratio')}"
    (line,) = axes.plot(best["damping_ratio"], best, "--", color="white", path_effects=rim(2.6), label=label)
    region = mark_missing(axes, data["spectral_abscissa"], label="no steady state", **_DIMS)
    panel_letter(axes, letter)
    damping = json.loads(data.attrs["parameters"])["battery_damping"]
    axes.set_title(
        f"{axis_label(QUANTITIES['battery_damping'].attributes(), rate=_RATE)}$\\,={damping:g}$", loc="right", y=1.0
    )
    axes.set_xlabel(_ratio("damping_ratio", "charger_damping", "battery_damping"))
    axes.set_ylabel(_ratio("weight_ratio", "charger_weight", "battery_weight"))
    marks: dict[str, Artist] = {"line": line}
    return marks if region is None else marks | {"region": region}


def _symbol(name: str) -> str:
    return f"${QUANTITIES[name].symbol}$"


def _ratio(name: str, above: str, below: str) -> str:
    symbol, first, second = (QUANTITIES[entry].symbol for entry in (name, above, below))
    return f"${symbol}={first}/{second}$"


def _caption(panels: Panels) -> str:
    best = {letter: span(panel["best_weight_ratio"]) for letter, panel in panels.items()}
    high, low = ours.MAP_BATTERY_DAMPINGS
    return (
        "Steady stored energy (a, c) and ergotropy (b, d) over the asymmetries η = κ_a/κ_b and ξ = p_a/p_b, at "
        f"drive ε = {ours.MAP_DRIVE:g} Γ and κ_b = {high:g} Γ (a, b) or {low:g} Γ (c, d); colours and contours are "
        "spaced by factors. Both fall as the charger's damping grows. In ξ they do not simply rise: the dashed "
        f"line follows the largest value at each η, at ξ = {best['a']} (a), {best['b']} (b), {best['c']} (c) and "
        f"{best['d']} (d). Where all local damping is weak, a light charger weight leaves the charger so little "
        "loss that the drive passes the threshold (hatched). Both diverge towards that edge; where the edge wins "
        "over the ridge, no line is drawn."
    )


def _description(panels: Panels) -> str:
    ranges = [span(panels[letter][panels[letter].attrs["shows"]]) for letter in "ab"]
    return (
        "Four colour maps over η from 1 to 5 and ξ from 0.2 to 3. Values are largest at small η and fall to the "
        f"right; a dashed ridge crosses each map. For the strongly damped battery, stored energy spans {ranges[0]} "
        f"ω_0 (a) and ergotropy {ranges[1]} ω_0 (b). For the weakly damped battery (c, d) a small hatched corner "
        "at small η and ξ has no steady state."
    )


FIGURE_6 = PaperFigure(6, "Two asymmetries", _panels, _draw, _caption, _description)
