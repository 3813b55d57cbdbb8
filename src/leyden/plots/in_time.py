"""Curves of one device in time: energies, or whatever quantities are asked for, and ratios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from leyden.errors import ParameterError
from leyden.plots.asked import label_of_all, of_all, of_one_unit, quantity_of
from leyden.plots.charging import ENERGIES
from leyden.plots.families import draw_families
from leyden.plots.labels import attributes_of, axis_label, symbol_of
from leyden.plots.own import axes_or_own
from leyden.plots.staging import draw_stages
from leyden.plots.style import COLOURS, QUALITATIVE, sequence
from leyden.quantities import ERROR

__all__ = ["curves", "ratios"]

_WIDTH, _HEIGHT = 4.6, 2.9
_RATIOS: dict[str, dict[str, Any]] = {
    "utilization_ratio": {"color": QUALITATIVE["vermilion"]},
    "conversion_ratio": {"color": QUALITATIVE["blue"], "linestyle": (0, (4, 2))},
    "transfer_ratio": {"color": QUALITATIVE["green"], "linestyle": (0, (1, 1.5))},
    "charging_efficiency": {"color": QUALITATIVE["purple"], "linestyle": (0, (5, 1.5, 1, 1.5))},
}


def curves(
    dataset: xr.Dataset,
    *,
    quantities: str | Sequence[str] | None = None,
    rate: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw quantities of a device, or of some that differ in one parameter, against time.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.charge` or `leyden.protocol` gives it for a single device; stages are shaded and named. Of a labelled
        batch over one parameter at most nine devices are drawn: a colour for each, a line style for each quantity.
    quantities : str, sequence of str or None
        Variables over time, all of one unit. None draws stored energy, ergotropy, passive energy and charger energy, of
        several batteries together, and of a batch the first two. A quantity of each battery gets one curve for each.
    rate : str or None
        Symbol of the rate that is the unit, in LaTeX, such as ``r"\Gamma"``: the axes are then dimensionless.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        Labelled with symbols and units; with a legend. Estimates have a band of one statistical error on either side.

    Raises
    ------
    ParameterError
        If the Dataset is a batch over several parameters or without time, if it has no such variable, or if units are
        unlike.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.curves(ly.charge(device, range(31)))
    >>> ax.get_xlabel()
    '$t$ (1/rate unit)'
    >>> ax = ly.plots.curves(ly.charge(device, range(31)), quantities=["charging_power"], rate=r"\Gamma")
    >>> len(ax.lines), ax.get_xlabel()
    (1, '$\\Gamma t$')
    """
    dataset = _squeezed(dataset)
    over = _varied(dataset, most=1)
    usual = _energies(dataset)[: 2 if over else None] if quantities is None else quantities
    names = of_one_unit(dataset, usual, "time")
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        if over:
            draw_families(axes, dataset, names, over[0], rate)
            return axes
        for place, name in enumerate(names):
            own = ENERGIES.get(name.removeprefix("total_"), {"color": COLOURS[place % len(COLOURS)]})
            for label, curve, look in _each(dataset, name, own):
                (line,) = axes.plot(dataset["time"].values, curve.values, label=label, **look)
                error = dataset.get(f"{name}{ERROR}")
                if error is not None and error.dims == curve.dims:
                    band = curve.values - error.values, curve.values + error.values
                    axes.fill_between(dataset["time"].values, *band, color=line.get_color(), alpha=0.2, linewidth=0)
        _finish(axes, dataset, label_of_all(dataset, names, rate), rate)
        return axes


def ratios(dataset: xr.Dataset, *, rate: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw ratios of energies of one device against time: utilization, conversion, transfer and charging efficiency.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.charge` or `leyden.protocol` gives it for a single device; of several batteries
        those of all together.
    rate : str or None
        As `curves` takes it.
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
    dataset = _squeezed(dataset)
    _varied(dataset, most=0)
    totals = {name: of_all(dataset, name) for name in _RATIOS}
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
        _finish(axes, dataset, "ratio", rate)
        return axes


def _finish(axes: Axes, dataset: xr.Dataset, label: str, rate: str | None) -> None:
    axes.set_xlabel(axis_label(attributes_of(dataset["time"]), rate=rate))
    axes.set_ylabel(label)
    # Times at which nothing has a value belong to the run, too: panels below each other line up.
    axes.dataLim.update_from_data_x(dataset["time"].values[[0, -1]], ignore=False)
    axes.autoscale_view(scaley=False)
    has_stages = "stage_number" in dataset.coords
    # Names of stages stand above the axes, and the legend above these.
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1.1 if has_stages else 1.0), ncols=2)
    if has_stages:
        draw_stages(axes, dataset)


def _squeezed(dataset: xr.Dataset) -> xr.Dataset:
    """Without parameters that have a single value."""
    swept = dataset["is_stable"].dims if "is_stable" in dataset else ()
    return dataset.squeeze([str(dim) for dim in swept if dim != "time" and dataset.sizes[dim] == 1])


def _varied(dataset: xr.Dataset, most: int) -> list[str]:
    """The parameters that a batch varies; refused where they are too many, or where there is no time."""
    if "time" not in dataset.dims:
        remedy = "A sweep of steady states is drawn by `plots.sweep`."
        found = f"over {', '.join(map(str, dataset.dims))}" if dataset.dims else "one of a single moment"
        raise ParameterError.of("dataset", "be a result over time", found, remedy)
    swept = dataset["is_stable"].dims if "is_stable" in dataset else ()
    batch = [str(dim) for dim in swept if dim != "time"]
    if len(batch) > most:
        allowed = "vary one parameter at most" if most else "hold one device"
        raise ParameterError.of("dataset", allowed, f"a batch over {', '.join(batch)}", "Select with `.isel`.")
    return batch


def _energies(dataset: xr.Dataset) -> list[str]:
    own = (of_all(dataset, name) for name in ENERGIES)
    known = [name for name in own if name in dataset and bool(dataset[name].notnull().any())]
    if not known:
        raise ParameterError.of("dataset", "hold energies", sorted(map(str, dataset.data_vars))[:3])
    return known


def _each(dataset: xr.Dataset, name: str, look: dict[str, Any]) -> Iterator[tuple[str, xr.DataArray, dict[str, Any]]]:
    """Label, values and look of each curve of a quantity."""
    values = dataset[name]
    symbol = symbol_of(attributes_of(quantity_of(dataset, name)))
    others = [dim for dim in values.dims if dim != "time"]
    if not others:
        yield f"{symbol}  {name.replace('_', ' ')}", values, look
        return
    (dim,) = others
    names = values[dim].values.tolist() if dim in values.coords else range(values.sizes[dim])
    for place, (label, colour) in enumerate(zip(names, sequence(values.sizes[dim]), strict=True)):
        yield f"{symbol}  {str(label).replace('$', chr(92) + '$')}", values.isel({dim: place}), look | {"color": colour}
