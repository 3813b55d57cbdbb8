"""A sweep at a glance: energies over one parameter, the ergotropy over two, or over time and one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from leyden.errors import ParameterError
from leyden.plots.asked import label_of_all, of_all, of_one_unit, quantity_of, why_missing
from leyden.plots.charging import ENERGIES
from leyden.plots.families import draw_families
from leyden.plots.labels import attributes_of, axis_label, number, symbol_of
from leyden.plots.maps import draw_map, mark_missing
from leyden.plots.own import axes_or_own
from leyden.plots.style import COLOURS, publication, sheet

__all__ = ["sweep", "sweep_figure"]

_WIDTH, _HEIGHT = 5.0, 3.4
_SHOWN = ("stored_energy", "ergotropy", "charger_energy")
# From this ratio on energies that run off towards a threshold are drawn by factors.
_WIDE = 100.0


def sweep_figure(dataset: xr.Dataset) -> Figure:
    """Energies over one swept parameter, or the ergotropy over two.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.sweep` gives it, over one or two parameters that are real numbers; those with a single value are
        named in the title. Of charging curves one parameter may vary.

    Returns
    -------
    Figure
        Over one parameter stored energy, ergotropy and charger energy; over two a map of the ergotropy, with contours;
        of charging curves the ergotropy in time, one curve for each value, at most nine. Several batteries are taken
        together. Where nothing settles the plane is hatched. Values at equal ratios get a logarithmic axis.

    Raises
    ------
    ParameterError
        If more parameters vary, or none, or they are no real numbers, or if no point has a value.
    """
    shown = dataset.squeeze([str(dim) for dim, size in dataset.sizes.items() if size == 1 and dim != "mode"])
    dims = _dims(shown)
    with publication():
        figure = sheet(_WIDTH, _HEIGHT, layout="constrained")
        figure.suptitle(_title(dataset, shown), fontsize="medium")
        _draw(figure.subplots(), shown, dims, None, None)
        return figure


def sweep(
    dataset: xr.Dataset,
    *,
    quantities: str | Sequence[str] | None = None,
    rate: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw a sweep at a glance: energies over one parameter, the ergotropy over two, or over time and one.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.sweep` gives it, or `leyden.charge` and `leyden.steady_state` for a labelled batch, over one or two
        parameters that are real numbers; those with a single value are left out. Of charging curves one may vary.
    quantities : str, sequence of str or None
        Variables of one unit in place of these; a single one over two parameters.
    rate : str or None
        Symbol of the rate that is the unit, in LaTeX, such as ``r"\Gamma"``: the axes are then dimensionless.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        Several batteries are taken together. Where nothing settles the plane is hatched. Values at equal ratios get a
        logarithmic axis.

    Raises
    ------
    ParameterError
        If more parameters vary, or none, or they are no real numbers, if no point has a value, or if the Dataset has no
        such quantity.

    Examples
    --------
    >>> import leyden as ly
    >>> import numpy as np
    >>> fixed = {"charger_damping": [0.1], "battery_damping": [0.1]}
    >>> found = ly.sweep(ly.catalog.two_photon_battery, {"drive": np.linspace(0.01, 0.14, 14)} | fixed)
    >>> ax = ly.plots.sweep(found)
    >>> len(ax.lines)
    3
    >>> ly.plots.sweep(found, quantities=["purity"], rate=r"\Gamma").get_xlabel()
    '$\\epsilon/\\Gamma$'
    """
    shown = dataset.squeeze([str(dim) for dim, size in dataset.sizes.items() if size == 1 and dim != "mode"])
    dims = _dims(shown)
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        _draw(axes, shown, dims, quantities, rate)
        return axes


def _draw(
    axes: Axes, shown: xr.Dataset, dims: list[str], quantities: str | Sequence[str] | None, rate: str | None
) -> None:
    is_line = len(dims) == 1
    usual = _energies(shown) if is_line and "time" not in shown.dims else [_merit(shown)]
    names = of_one_unit(shown, usual if quantities is None else quantities, dims[0])
    if "time" in shown.dims:
        draw_families(axes, shown, names, dims[0], rate)
    elif is_line:
        _draw_lines(axes, shown, names, dims[0], rate)
    elif len(names) > 1:
        raise ParameterError.of("quantities", "be a single one over two parameters", names)
    else:
        _draw_plane(axes, shown, names[0], dims, rate)


def _dims(shown: xr.Dataset) -> list[str]:
    """The parameters that vary, or the reason why there is no picture."""
    dims = [str(dim) for dim in shown["is_stable"].dims if dim != "time"]
    most = 1 if "time" in shown.dims else 2
    if not 1 <= len(dims) <= most:
        allowed = "vary one parameter" + ("" if most == 1 else " or two")
        raise ParameterError.of(
            "dataset", allowed, ", ".join(dims) or "none", "Select values of the others." if dims else ""
        )
    for dim in dims:
        if dim not in shown.coords or shown[dim].dtype.kind not in "if":
            remedy = "A grid of real parameters has a picture."
            raise ParameterError.of("dataset", "vary parameters that are real numbers", dim, remedy)
    if not bool(np.isfinite(shown[_merit(shown)]).any()):
        raise ParameterError.of("dataset", "have a value at some point", "nowhere settled")
    return dims


def _merit(shown: xr.Dataset) -> str:
    """The ergotropy, or the energy where the method does not tell it."""
    name = of_all(shown, "ergotropy")
    return name if name in shown and bool(shown[name].notnull().any()) else of_all(shown, "stored_energy")


def _energies(shown: xr.Dataset) -> list[str]:
    """Those that the method tells."""
    return [name for own in _SHOWN if bool(shown[name := of_all(shown, own)].notnull().any())]


def _title(dataset: xr.Dataset, shown: xr.Dataset) -> str:
    single = [
        f"{symbol_of(attributes_of(values))} = {number(values.item())}"
        for name, values in shown.coords.items()
        if not values.dims and name in dataset.dims and values.dtype.kind in "if"
    ]
    return "    ".join([str(dataset.attrs.get("device", "")), *single]).strip()


def _scale(values: xr.DataArray) -> str:
    """Logarithmic for values at equal ratios."""
    points = np.asarray(values.values, float)
    if points.size < 3 or (points <= 0).any():
        return "linear"
    steps = np.diff(np.log(points))
    return "log" if np.allclose(steps, steps.mean(), rtol=1e-3) else "linear"


def _draw_lines(axes: Axes, shown: xr.Dataset, names: Sequence[str], along: str, rate: str | None) -> None:
    data = shown.sortby(along)
    x = data[along]
    axes.set_xscale(_scale(x))
    highest, lowest = 0.0, np.inf
    for place, name in enumerate(names):
        curve = data[name]
        if curve.ndim > 1:
            remedy = f"Select one with `.sel({curve.dims[-1]}=...)`, or draw total_{name}."
            raise ParameterError.of("quantities", "have one value for each device", f"{name} of each mode", remedy)
        look = ENERGIES.get(name.removeprefix("total_"), {"color": COLOURS[place % len(COLOURS)]})
        symbol = symbol_of(attributes_of(quantity_of(data, name)))
        axes.plot(x, curve, label=f"{symbol}  {name.replace('_', ' ')}", **look)
        highest, lowest = max(highest, float(curve.max())), min(lowest, float(curve.min()))
    if lowest > 0 and highest > _WIDE * lowest:
        axes.set_yscale("log")
    axes.set_xlim(float(x[0]), float(x[-1]))
    axes.set_xlabel(axis_label(attributes_of(x), rate=rate))
    axes.set_ylabel(label_of_all(data, names, rate))
    handles, _ = axes.get_legend_handles_labels()
    unsettled = ~data["is_stable"].values.astype(bool)
    if unsettled.any():
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": "#404040", "hatch": "//////", "linewidth": 0.0}
        places = x.values
        for place in np.flatnonzero(unsettled):
            # Half-way to the neighbours: between a settled point and one that is not the edge is not known better.
            left = places[max(place - 1, 0)] + places[place]
            right = places[place] + places[min(place + 1, len(places) - 1)]
            axes.axvspan(float(left) / 2, float(right) / 2, **look)
        handles.append(Patch(label=why_missing(shown), **look))
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _draw_plane(axes: Axes, shown: xr.Dataset, name: str, dims: list[str], rate: str | None) -> None:
    across, up = dims
    figure = axes.get_figure()
    if figure is None:
        raise ParameterError.of("ax", "belong to a figure", "by itself")
    data = shown.sortby([across, up])
    # Before anything is drawn: numbers on contours are placed where the lines are then.
    axes.set_xscale(_scale(data[across]))
    axes.set_yscale(_scale(data[up]))
    draw_map(figure, axes, data[name], across=across, up=up, rate=rate)
    # Only yes and no is known of each point: the edge is drawn half-way.
    excess = 0.5 - data["is_stable"].astype(float)
    patch = mark_missing(axes, excess, across=across, up=up, label=why_missing(shown))
    if patch is not None:
        axes.legend(handles=[patch], loc="lower right", bbox_to_anchor=(1.0, 1.0))
