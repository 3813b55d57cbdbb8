"""Charging curves of one device: energies above, power below; for several batteries also each one by itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, number, symbol_of, typeset_unit
from leyden.plots.lines import draw_decades
from leyden.plots.style import QUALITATIVE, publication, sequence, sheet
from leyden.quantities import QUANTITIES

__all__ = ["charging_curves"]

_WIDTH, _PANEL = 5.6, 1.9

# Variable -> its look; the passive energy and the ergotropy add up to the stored energy.
_ENERGIES: dict[str, dict[str, Any]] = {
    "stored_energy": {"color": QUALITATIVE["blue"]},
    "ergotropy": {"color": QUALITATIVE["vermilion"]},
    "passive_energy": {"color": QUALITATIVE["green"], "linestyle": (0, (4, 2))},
    "charger_energy": {"color": QUALITATIVE["grey"], "linestyle": (0, (1, 1.5))},
}
_NEEDED = ("stored_energy", "ergotropy", "passive_energy", "charger_energy", "charging_power")

# A legend of more entries than this would be longer than the drawing.
_NAMED = 8


# An unstable device gets logarithmic axes if it grows by this factor in the second half of the time.
_GROWTH = 20.0


def charging_curves(dataset: xr.Dataset) -> Figure:
    """Energies and power of one device against time.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.charge` gives it for a single device. Attributes `device` (title) and `critical_drive` (threshold, in
        the rate unit) are shown where present; a device that outgrows a
        linear axis gets a logarithmic one.

    Returns
    -------
    Figure
        Above, stored energy, ergotropy, passive energy and charger energy (of all batteries together, if there are
        several, and then a panel with each battery's stored energy and ergotropy); below, the charging power.

    Raises
    ------
    ParameterError
        If variables are missing, or the Dataset holds a whole batch of devices.
    """
    _check(dataset)
    with publication():
        return _drawn(dataset)


def _drawn(dataset: xr.Dataset) -> Figure:
    several = "mode" in dataset.dims
    panels = 3 if several else 2
    figure = sheet(_WIDTH, _PANEL * panels + 0.7, layout="constrained")
    grid = figure.subplots(panels, 1, sharex=True, squeeze=False)[:, 0]
    is_stable = bool(dataset["is_stable"]) if "is_stable" in dataset else True
    figure.suptitle(_title(dataset, is_stable=is_stable), fontsize="medium")
    _draw_energies(grid[0], dataset, "total_" if several else "")
    if several:
        _draw_each(grid[1], dataset, {"stored_energy": "-", "ergotropy": (0, (4, 2))})
        _draw_each(grid[2], dataset, {"charging_power": "-"})
    else:
        grid[1].plot(dataset["time"], dataset["charging_power"], color=QUALITATIVE["purple"])
    grid[-1].set_ylabel(axis_label(attributes_of(dataset["charging_power"])))
    grid[-1].set_xlabel(axis_label(attributes_of(dataset["time"])))
    for axes in grid:
        _scale(axes, is_stable=is_stable)
    return figure


def _check(dataset: xr.Dataset) -> None:
    missing = [name for name in _NEEDED if name not in dataset]
    if missing or "time" not in dataset.dims:
        raise ParameterError.of("dataset", "be a result of `charge`", f"without {(missing or ['time'])[0]}")
    batch = [str(dim) for dim in dataset["stored_energy"].dims if dim not in ("time", "mode")]
    if batch:
        raise ParameterError.of(
            "dataset", "hold one device", f"a batch over {', '.join(batch)}", "Select one with `.isel`."
        )


def _title(dataset: xr.Dataset, *, is_stable: bool) -> str:
    parts = [str(dataset.attrs["device"])] if "device" in dataset.attrs else []
    threshold = float(dataset.attrs.get("critical_drive", math.inf))
    if math.isfinite(threshold):
        quantity = QUANTITIES["critical_drive"]
        parts.append(f"${quantity.symbol}$ = {number(threshold)} {typeset_unit(quantity.unit)}")
    if not is_stable:
        parts.append("no steady state")
    return "    ".join(parts)


def _draw_energies(axes: Axes, dataset: xr.Dataset, prefix: str) -> None:
    for name, look in _ENERGIES.items():
        curve = dataset[name if name == "charger_energy" else prefix + name]
        words = ("total " if str(curve.name) != name else "") + name.replace("_", " ")
        label = f"{symbol_of(attributes_of(dataset[name]))}  {words}"
        axes.plot(curve["time"], curve, label=label, **look)
    axes.set_ylabel(f"energy ({typeset_unit(str(attributes_of(dataset['stored_energy'])['units']))})")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _draw_each(axes: Axes, dataset: xr.Dataset, styles: dict[str, Any]) -> None:
    """One colour for each battery; every so many are named, the last one always."""
    names = [str(name) for name in dataset["mode"].values]
    step = math.ceil(len(names) / _NAMED)
    named = {*range(0, len(names), step), len(names) - 1}
    for place, colour in enumerate(sequence(len(names))):
        for position, (name, style) in enumerate(styles.items()):
            label = names[place] if position == 0 and place in named else None
            curve = dataset[name].isel(mode=place)
            axes.plot(curve["time"], curve, color=colour, linestyle=style, label=label)
    symbols = [symbol_of(attributes_of(dataset[name])) for name in styles]
    axes.set_ylabel(f"{', '.join(symbols)} ({typeset_unit(str(dataset[next(iter(styles))].attrs['units']))})")
    if len(styles) > 1:
        handles, _ = axes.get_legend_handles_labels()
        looks = zip(symbols, styles.values(), strict=True)
        handles += [Line2D([], [], color="black", linestyle=style, label=symbol) for symbol, style in looks]
        axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=6)


def _scale(axes: Axes, *, is_stable: bool) -> None:
    curves = [np.asarray(line.get_ydata(), dtype=float) for line in axes.get_lines()]
    lowest, highest = min(float(curve.min()) for curve in curves), max(float(curve.max()) for curve in curves)
    grows = not is_stable and any(curve[-1] > _GROWTH * curve[len(curve) // 2] for curve in curves)
    if grows and lowest >= 0:
        # From a millionth of the end on: earlier the growth is no straight line yet.
        draw_decades(axes, highest * 1e-6, highest * 2)
    elif lowest < 0:
        axes.axhline(0.0, color="black", linewidth=0.5, zorder=1)
