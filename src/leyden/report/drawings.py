"""The pictures of a report, each with its caption and with words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from leyden import plots
from leyden.errors import ParameterError
from leyden.portrait import number, place_of
from leyden.report.drawing import Drawing
from leyden.report.inner import balance, spectra, states
from leyden.report.material import Material
from leyden.text import listed, one_line

__all__ = ["drawings"]

_RATIOS: dict[str, dict[str, Any]] = {
    "utilization_ratio": {"color": plots.QUALITATIVE["vermilion"]},
    "conversion_ratio": {"color": plots.QUALITATIVE["blue"], "linestyle": (0, (4, 2))},
    "transfer_ratio": {"color": plots.QUALITATIVE["green"], "linestyle": (0, (1, 1.5))},
    "charging_efficiency": {"color": plots.QUALITATIVE["purple"], "linestyle": (0, (5, 1.5, 1, 1.5))},
}
_MEANINGS = {
    "utilization_ratio": "utilization is ergotropy over stored energy",
    "conversion_ratio": "conversion is ergotropy over the charger's energy",
    "transfer_ratio": "transfer is stored energy over the charger's",
    "charging_efficiency": "efficiency is ergotropy over the work of the drives",
}
# Populations below this much of the greatest are not shown.
_SEEN = 1e-3
_HERE: dict[str, Any] = {"color": "black", "linewidth": 0.9, "linestyle": (0, (2, 2)), "zorder": 3}


def drawings(material: Material) -> Iterator[Drawing]:
    """All pictures that there are of a device."""
    yield from _schematic(material)
    yield _curves(material)
    yield from _ratios(material)
    yield from balance(material)
    yield from states(material)
    yield from _populations(material)
    yield from spectra(material)
    yield from _over_drive(material)


def _schematic(material: Material) -> Iterator[Drawing]:
    network = material.network
    ways = list(material.portrait.transport.values())
    is_one_way = bool(ways) and all(way.back == 0 < way.forth for way in ways)
    try:
        figure = plots.draw_schematic(network, is_one_way=is_one_way)
    except ParameterError:
        return
    yield Drawing(
        "device",
        "The device",
        "Charger and battery with what drives, couples and damps them.",
        f"Schematic: charger {network.charger}, battery {listed(network.batteries, 4)}, and "
        f"{listed([element.label for element in network.elements], 8)}.",
        figure,
        size="small",
    )


def _curves(material: Material) -> Drawing:
    run, portrait = material.run, material.portrait
    column = portrait.columns[-1]
    peak = portrait.peak(column, "stored_energy")
    words = ""
    if peak is not None:
        when = f"at time {number(peak.time)}" if peak.is_inside else f"at the {place_of(peak)}"
        words = f" The stored energy is {number(peak.value)} at most, {when}."
    return Drawing(
        "charging",
        "Charging from the vacuum",
        f"Above, energies of charger and battery, and the ergotropy, the part of the stored energy that can be had "
        f"back as work; below, the charging power.{words}",
        f"Curves of energies and of power from time 0 to {number(portrait.end)}: the stored energy ends at "
        f"{number(float(run[_name(run, 'stored_energy')].values[-1]))}.",
        plots.charging_curves(run),
        size="medium",
    )


def _name(dataset: Any, name: str) -> str:
    return f"total_{name}" if f"total_{name}" in dataset else name


def _ratios(material: Material) -> Iterator[Drawing]:
    run = material.run
    curves = {name: run[_name(run, name)] for name in _RATIOS if _name(run, name) in run}
    curves = {name: curve for name, curve in curves.items() if bool(np.isfinite(curve.values).any())}
    if not curves:
        return
    with plots.publication():
        figure = plots.sheet(5.0, 2.9, layout="constrained")
        axes = figure.subplots()
        for name, curve in curves.items():
            symbol = str(run[name].attrs.get("symbol", ""))
            label = f"${symbol}$  {name.replace('_', ' ')}" if symbol else name.replace("_", " ")
            axes.plot(run["time"].values, np.where(np.isfinite(curve), curve, np.nan), label=label, **_RATIOS[name])
        axes.axhline(1.0, color="black", linewidth=0.5, zorder=1)
        axes.set_xlabel(plots.axis_label(plots.attributes_of(run["time"])))
        axes.set_ylabel("ratio")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    meanings = "; ".join(_MEANINGS[name] for name in curves)
    ends = ", ".join(f"{name.replace('_', ' ')} {number(float(curve.values[-1]))}" for name, curve in curves.items())
    yield Drawing(
        "ratios",
        "Ratios",
        f"{meanings[:1].upper()}{meanings[1:]}. At the end: {ends}.",
        f"Curves of ratios of energies in time; at the end {ends}.",
        figure,
        size="medium",
    )


def _populations(material: Material) -> Iterator[Drawing]:
    populations = material.populations
    if not populations:
        return
    with plots.publication():
        figure = plots.sheet(5.0, 2.6, layout="constrained")
        axes = figure.subplots()
        width = 0.8 / len(populations)
        colours = list(plots.QUALITATIVE.values())
        for place, (name, values) in enumerate(populations.items()):
            levels = np.arange(len(values)) + (place - (len(populations) - 1) / 2) * width
            axes.bar(levels, values, width, color=colours[place], label=one_line(name))
        axes.set_xlabel("quanta")
        axes.set_ylabel("population")
        last = max(int(np.flatnonzero(values > _SEEN * np.max(values))[-1]) for values in populations.values())
        axes.set_xlim(-0.6, last + 0.6)
        axes.legend()
    ground = ", ".join(f"{name} {number(float(values[0]))}" for name, values in populations.items())
    yield Drawing(
        "populations",
        "Populations",
        f"Probability of each number of quanta in the steady state. Of none: {ground}.",
        f"Bars of the number distribution of {listed(list(populations), 4)} in the steady state.",
        figure,
        size="medium",
    )


def _over_drive(material: Material) -> Iterator[Drawing]:
    found = material.over_drive
    if found is None:
        return
    threshold = material.portrait.thresholds[0]
    address, dataset = found
    figure = plots.sweep_figure(dataset)
    with plots.publication():
        (axes,) = figure.axes
        here = axes.axvline(threshold.drive, **_HERE, label="this device")
        legend = axes.get_legend()
        if legend is not None:
            handles = [*legend.legend_handles, here]
            axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    yield Drawing(
        "threshold",
        "How far from the threshold",
        f"Steady energies over the amplitude of the two-photon drive on {one_line(threshold.mode)}, all else as it is. "
        f"The device stands at the dashed line, {number(threshold.drive)}; nothing settles from "
        f"{number(threshold.critical)} on.",
        f"Curves of steady energies over {address}, which grow without bound towards {number(threshold.critical)}.",
        figure,
        size="medium",
    )
