"""Curves of one device in time: energies, or whatever quantities are asked for, and ratios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from leyden.errors import ParameterError
from leyden.plots.charging import ENERGIES
from leyden.plots.labels import attributes_of, axis_label, symbol_of, typeset_unit
from leyden.plots.own import axes_or_own
from leyden.plots.staging import draw_stages
from leyden.plots.style import QUALITATIVE, sequence
from leyden.quantities import ENERGY, ERROR, FREQUENCY_ENERGY, NUMBER
from leyden.text import nearest

__all__ = ["curves", "ratios"]

_WIDTH, _HEIGHT = 4.6, 2.9
_COLOURS = [QUALITATIVE[name] for name in ("blue", "vermilion", "green", "purple", "orange", "sky", "grey")]
_RATIOS: dict[str, dict[str, Any]] = {
    "utilization_ratio": {"color": QUALITATIVE["vermilion"]},
    "conversion_ratio": {"color": QUALITATIVE["blue"], "linestyle": (0, (4, 2))},
    "transfer_ratio": {"color": QUALITATIVE["green"], "linestyle": (0, (1, 1.5))},
    "charging_efficiency": {"color": QUALITATIVE["purple"], "linestyle": (0, (5, 1.5, 1, 1.5))},
}


def curves(dataset: xr.Dataset, *, quantities: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw quantities of one device against time.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.charge` or `leyden.protocol` gives it for a single device; stages are shaded and named.
    quantities : sequence of str or None
        Variables over time, all of one unit. None draws stored energy, ergotropy, passive energy and charger energy, of
        several batteries together. A quantity of each battery gets one curve for each.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        Labelled with symbols and units; with a legend. Estimates have a band of one statistical error on either side.

    Raises
    ------
    ParameterError
        If the Dataset is a batch or without time, if it has no such variable, or if units are unlike.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.curves(ly.charge(device, range(31)))
    >>> ax.get_xlabel()
    '$t$ (1/rate unit)'
    >>> ax = ly.plots.curves(ly.charge(device, range(31)), quantities=["charging_power"])
    >>> len(ax.lines)
    1
    """
    _refuse_batch(dataset)
    names = _energies(dataset) if quantities is None else list(quantities)
    unit = _unit(dataset, names)
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        for place, name in enumerate(names):
            own = ENERGIES.get(name.removeprefix("total_"), {"color": _COLOURS[place % len(_COLOURS)]})
            for label, curve, look in _each(dataset, name, own):
                (line,) = axes.plot(dataset["time"].values, curve.values, label=label, **look)
                error = dataset.get(f"{name}{ERROR}")
                if error is not None and error.dims == curve.dims:
                    band = curve.values - error.values, curve.values + error.values
                    axes.fill_between(dataset["time"].values, *band, color=line.get_color(), alpha=0.2, linewidth=0)
        _finish(axes, dataset, _label_of(dataset, names, unit))
        return axes


def ratios(dataset: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw ratios of energies of one device against time: utilization, conversion, transfer and charging efficiency.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.charge` or `leyden.protocol` gives it for a single device; of several batteries
        those of all together.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        With a legend, and a thin line at one. A ratio whose denominator vanishes has a gap.

    Raises
    ------
    ParameterError
        If the Dataset is a batch or without time, or holds no ratio.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.ratios(ly.charge(device, range(31)))
    >>> [text.get_text().split("  ")[1] for text in ax.get_legend().get_texts()]
    ['utilization ratio', 'conversion ratio', 'transfer ratio', 'charging efficiency']
    """
    _refuse_batch(dataset)
    totals = {name: f"total_{name}" if f"total_{name}" in dataset else name for name in _RATIOS}
    known = {
        name: dataset[own]
        for name, own in totals.items()
        if own in dataset and "mode" not in dataset[own].dims and bool(np.isfinite(dataset[own].values).any())
    }
    if not known:
        raise ParameterError.of("dataset", "hold ratios of energies", sorted(map(str, dataset.data_vars))[:3])
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        axes.axhline(1.0, color="black", linewidth=0.5, zorder=1)
        for name, curve in known.items():
            label = f"{symbol_of(attributes_of(dataset[name]))}  {name.replace('_', ' ')}"
            values = np.where(np.isfinite(curve.values), curve.values, np.nan)
            axes.plot(dataset["time"].values, values, label=label, **_RATIOS[name])
        _finish(axes, dataset, "ratio")
        return axes


def _finish(axes: Axes, dataset: xr.Dataset, label: str) -> None:
    axes.set_xlabel(axis_label(attributes_of(dataset["time"])))
    axes.set_ylabel(label)
    has_stages = "stage_number" in dataset.coords
    # Names of stages stand above the axes, and the legend above these.
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1.1 if has_stages else 1.0), ncols=2)
    if has_stages:
        draw_stages(axes, dataset)


def _refuse_batch(dataset: xr.Dataset) -> None:
    if "time" not in dataset.dims:
        remedy = "A sweep of steady states is drawn by `plots.sweep`."
        raise ParameterError.of("dataset", "be a result over time", sorted(map(str, dataset.dims)), remedy)
    swept = dataset["is_stable"].dims if "is_stable" in dataset else ()
    batch = [str(dim) for dim in swept if dim != "time"]
    if batch:
        remedy = "Select one with `.isel`, or draw all with `plots.sweep`."
        raise ParameterError.of("dataset", "hold one device", f"a batch over {', '.join(batch)}", remedy)


def _energies(dataset: xr.Dataset) -> list[str]:
    own = (f"total_{name}" if f"total_{name}" in dataset else name for name in ENERGIES)
    known = [name for name in own if name in dataset and bool(dataset[name].notnull().any())]
    if not known:
        raise ParameterError.of("dataset", "hold energies", sorted(map(str, dataset.data_vars))[:3])
    return known


def _unit(dataset: xr.Dataset, names: Sequence[str]) -> str:
    over_time = sorted(str(name) for name, values in dataset.data_vars.items() if "time" in values.dims)
    for name in names:
        if name not in over_time:
            raise ParameterError.of("quantities", "be variables over time", name, nearest(name, over_time))
    units = {str(attributes_of(dataset[name]).get("units", NUMBER)) for name in names}
    if len(units) != 1:
        raise ParameterError.of("quantities", "have one unit", sorted(units), "Draw them into axes of their own.")
    return units.pop()


def _each(dataset: xr.Dataset, name: str, look: dict[str, Any]) -> Iterator[tuple[str, xr.DataArray, dict[str, Any]]]:
    """Label, values and look of each curve of a quantity."""
    values = dataset[name]
    own = name.removeprefix("total_")
    symbol = symbol_of(attributes_of(dataset.get(own, values)))
    others = [dim for dim in values.dims if dim != "time"]
    if not others:
        yield f"{symbol}  {name.replace('_', ' ')}", values, look
        return
    (dim,) = others
    names = values[dim].values.tolist() if dim in values.coords else range(values.sizes[dim])
    for place, (label, colour) in enumerate(zip(names, sequence(values.sizes[dim]), strict=True)):
        yield f"{symbol}  {str(label).replace('$', chr(92) + '$')}", values.isel({dim: place}), look | {"color": colour}


def _label_of(dataset: xr.Dataset, names: Sequence[str], unit: str) -> str:
    if len(names) == 1:
        return axis_label(attributes_of(dataset[names[0]]))
    if unit in (ENERGY, FREQUENCY_ENERGY):
        return f"energy ({typeset_unit(unit)})"
    return typeset_unit(unit) if unit != NUMBER else ""
