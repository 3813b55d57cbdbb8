"""Charging curves of one device: energies above, power below; for several batteries also each one by itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, number, symbol_of, typeset_unit
from leyden.plots.lines import draw_decades
from leyden.plots.staging import draw_stages
from leyden.plots.style import QUALITATIVE, publication, sequence, sheet
from leyden.quantities import QUANTITIES

__all__ = ["ENERGIES", "charging_curves"]

_WIDTH, _PANEL = 5.6, 1.9

ENERGIES: dict[str, dict[str, Any]] = {
    "stored_energy": {"color": QUALITATIVE["blue"]},
    # Dashed: of a displaced battery it covers the stored energy.
    "ergotropy": {"color": QUALITATIVE["vermilion"], "linestyle": (0, (4, 2))},
    "passive_energy": {"color": QUALITATIVE["green"], "linestyle": (0, (5, 1.5, 1, 1.5))},
    "charger_energy": {"color": QUALITATIVE["grey"], "linestyle": (0, (1, 1.5))},
}
"""Variable -> its look; the passive energy and the ergotropy add up to the stored energy."""

_NEEDED = ("stored_energy", "ergotropy", "passive_energy", "charger_energy", "charging_power")

# Of each battery by itself, variable -> line style.
_EACH: dict[str, Any] = {"stored_energy": "-", "ergotropy": (0, (4, 2))}

# One mark for each battery that is drawn: more curves than this nobody tells apart.
_MARKS = "os^DvPXp"

# Marks on each curve; those of different curves take turns, so that of equal curves each is seen.
_REPEATED = 4

# An unstable device gets logarithmic axes if it grows by this factor in the second half of the time.
_GROWTH = 20.0
# Letters of a label that fit beside a panel.
_LONG = 48
# Part of the run at which growth begins to be shown.
_EARLY = 10


def charging_curves(dataset: xr.Dataset) -> Figure:
    """Energies and power of one device against time.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.charge` gives it for a single device, or `leyden.protocol`, whose stages are shaded. Attributes
        `device` (title) and `critical_drive` (threshold, in the rate unit) are shown where present; a device that
        outgrows a linear axis gets a logarithmic one.

    Returns
    -------
    Figure
        Above, stored energy, ergotropy, passive energy and charger energy (of all batteries together, if there are
        several, and then a panel with each battery's stored energy and ergotropy); below, the charging power. Of more
        than eight batteries the eight that store most, at any time shown, are drawn one by one, and the legend says so.

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
    # Each stage of a protocol has a verdict of its own.
    has_verdict = "is_stable" in dataset and "time" not in dataset["is_stable"].dims
    is_stable = bool(dataset["is_stable"]) if has_verdict else True
    figure.suptitle(_title(dataset, is_stable=is_stable), fontsize="medium")
    _draw_energies(grid[0], dataset, "total_" if several else "")
    if several:
        shown = _most_storing(dataset)
        _draw_each(grid[1], shown, _EACH)
        _draw_each(grid[2], shown, {"charging_power": "-"})
        _name_each(grid[1], shown, dataset.sizes["mode"])
    else:
        grid[1].plot(dataset["time"], dataset["charging_power"], color=QUALITATIVE["purple"])
    power = axis_label(attributes_of(dataset["charging_power"]))
    # A unit in many words is longer than the panel is tall.
    grid[-1].set_ylabel(power if len(power) < _LONG else power.replace(" (", "\n("))
    grid[-1].set_xlabel(axis_label(attributes_of(dataset["time"])))
    for axes in grid:
        _scale(axes, is_stable=is_stable)
        if "stage_number" in dataset.coords:
            draw_stages(axes, dataset, names=axes is grid[-1])
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
    for name, look in ENERGIES.items():
        curve = dataset[name if name == "charger_energy" else prefix + name]
        if name != "stored_energy" and bool(curve.isnull().all()):
            continue  # a method that does not tell it: a legend must name what is there
        words = ("total " if str(curve.name) != name else "") + name.replace("_", " ")
        label = f"{symbol_of(attributes_of(dataset[name]))}  {words}"
        axes.plot(curve["time"], curve, label=label, **look)
    axes.set_ylabel(f"energy ({typeset_unit(str(attributes_of(dataset['stored_energy'])['units']))})")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _most_storing(dataset: xr.Dataset) -> xr.Dataset:
    """The batteries that store most at any time, in their own order."""
    largest = dataset["stored_energy"].max("time").values
    chosen = np.argsort(-largest, kind="stable")[: len(_MARKS)]
    return dataset.isel(mode=np.sort(chosen))


def _draw_each(axes: Axes, shown: xr.Dataset, styles: dict[str, Any]) -> None:
    """One colour and one mark for each battery, one line style for each quantity."""
    modes = shown.sizes["mode"]
    for place, (colour, mark) in enumerate(zip(sequence(modes), _MARKS, strict=False)):
        marked = _marked(shown["time"].values, (place + 0.5) / modes)
        for name, style in styles.items():
            curve = shown[name].isel(mode=place)
            axes.plot(curve["time"], curve, color=colour, linestyle=style)
            # Above all lines: a curve that another one covers is still seen by its marks.
            dots = curve.isel(time=marked)
            axes.plot(dots["time"], dots, color=colour, linestyle="none", marker=mark, markersize=3.2, zorder=3)
    symbols = [symbol_of(attributes_of(shown[name])) for name in styles]
    axes.set_ylabel(f"{', '.join(symbols)} ({typeset_unit(str(shown[next(iter(styles))].attrs['units']))})")


def _marked(times: NDArray[np.float64], turn: float) -> NDArray[np.intp]:
    """Indices of times, evenly spread, that begin at a turn between 0 and 1 of their distance."""
    shares = (np.arange(_REPEATED) + turn) / _REPEATED
    places = np.searchsorted(times, times[0] + shares * (times[-1] - times[0]))
    return np.unique(places)


def _name_each(axes: Axes, shown: xr.Dataset, batteries: int) -> None:
    names = [str(name) for name in shown["mode"].values]
    looks = zip(names, sequence(len(names)), _MARKS, strict=False)
    handles = [Line2D([], [], color=colour, marker=mark, markersize=3.2, label=name) for name, colour, mark in looks]
    for name, style in _EACH.items():
        handles.append(Line2D([], [], color="black", linestyle=style, label=symbol_of(attributes_of(shown[name]))))
    title = f"the {len(names)} of {batteries} batteries that store most" if batteries > len(names) else None
    axes.legend(handles=handles, title=title, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5)


def _scale(axes: Axes, *, is_stable: bool) -> None:
    curves = [np.asarray(line.get_ydata(), dtype=float) for line in axes.get_lines()]
    values = np.concatenate(curves)
    # A passive energy is missing from where rounding hides it.
    known = values[~np.isnan(values)]
    lowest, highest = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    grows = not is_stable and any(curve[-1] > _GROWTH * curve[len(curve) // 2] for curve in curves)
    if grows and lowest >= 0:
        # Most of the time shown, but for the first steps away from zero.
        early = [float(curve[len(curve) // _EARLY]) for curve in curves]
        draw_decades(axes, min((value for value in early if value > 0), default=1e-6 * highest), highest * 2)
        return
    # A common power of ten above the axis is set as one, not as 1e-4.
    axes.ticklabel_format(axis="y", useMathText=True)
    if lowest < 0:
        axes.axhline(0.0, color="black", linewidth=0.5, zorder=1)
