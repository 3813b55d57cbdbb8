"""A sweep at a glance: energies over one parameter, the ergotropy over two, or over time and one."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.patches import Patch

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, number, symbol_of, typeset_unit
from leyden.plots.lines import draw_family
from leyden.plots.maps import draw_map, mark_missing
from leyden.plots.own import axes_or_own
from leyden.plots.style import QUALITATIVE, publication, sheet

__all__ = ["sweep", "sweep_figure"]

_WIDTH, _HEIGHT = 5.0, 3.4
_LOOKS: dict[str, dict[str, Any]] = {
    "stored_energy": {"color": QUALITATIVE["blue"]},
    "ergotropy": {"color": QUALITATIVE["vermilion"]},
    "charger_energy": {"color": QUALITATIVE["grey"], "linestyle": (0, (1, 1.5))},
}
# Of the horizontal axis of curves in time, as many as one tells apart.
_MOST_CURVES = 9
# From this ratio on energies that run off towards a threshold are drawn by factors.
_WIDE = 100.0
_NOTHING = "no steady state"


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
        _draw(figure.subplots(), shown, dims)
        return figure


def sweep(dataset: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw a sweep at a glance: energies over one parameter, the ergotropy over two, or over time and one.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.sweep` gives it, or `leyden.charge` and `leyden.steady_state` for a labelled batch, over one or two
        parameters that are real numbers; those with a single value are left out. Of charging curves one may vary.
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
        If more parameters vary, or none, or they are no real numbers, or if no point has a value.

    Examples
    --------
    >>> import leyden as ly
    >>> import numpy as np
    >>> fixed = {"charger_damping": [0.1], "battery_damping": [0.1]}
    >>> found = ly.sweep(ly.catalog.two_photon_battery, {"drive": np.linspace(0.01, 0.14, 14)} | fixed)
    >>> ax = ly.plots.sweep(found)
    >>> len(ax.lines)
    3
    """
    shown = dataset.squeeze([str(dim) for dim, size in dataset.sizes.items() if size == 1 and dim != "mode"])
    dims = _dims(shown)
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        _draw(axes, shown, dims)
        return axes


def _draw(axes: Axes, shown: xr.Dataset, dims: list[str]) -> None:
    figure = axes.get_figure()
    if "time" in shown.dims:
        _draw_times(axes, shown, dims[0])
    elif len(dims) == 1 or figure is None:
        _draw_lines(axes, shown, dims[0])
    else:
        _draw_plane(figure, axes, shown, *dims)


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


def _of_all(shown: xr.Dataset, name: str) -> str:
    return f"total_{name}" if f"total_{name}" in shown else name


def _merit(shown: xr.Dataset) -> str:
    """The ergotropy, or the energy where the method does not tell it."""
    name = _of_all(shown, "ergotropy")
    return name if name in shown and bool(shown[name].notnull().any()) else _of_all(shown, "stored_energy")


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


def _draw_lines(axes: Axes, shown: xr.Dataset, along: str) -> None:
    data = shown.sortby(along)
    x = data[along]
    axes.set_xscale(_scale(x))
    highest, lowest = 0.0, np.inf
    for name, look in _LOOKS.items():
        curve = data[_of_all(data, name)]
        if not bool(curve.notnull().any()):
            continue
        symbol = symbol_of(attributes_of(data[name]))
        axes.plot(x, curve, label=f"{symbol}  {str(curve.name).replace('_', ' ')}", **look)
        highest, lowest = max(highest, float(curve.max())), min(lowest, float(curve.min()))
    if lowest > 0 and highest > _WIDE * lowest:
        axes.set_yscale("log")
    axes.set_xlim(float(x[0]), float(x[-1]))
    axes.set_xlabel(axis_label(attributes_of(x)))
    axes.set_ylabel(f"energy ({typeset_unit(str(attributes_of(data['stored_energy'])['units']))})")
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
        handles.append(Patch(label=_NOTHING, **look))
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _draw_plane(figure: FigureBase, axes: Axes, shown: xr.Dataset, across: str, up: str) -> None:
    data = shown.sortby([across, up])
    # Before anything is drawn: numbers on contours are placed where the lines are then.
    axes.set_xscale(_scale(data[across]))
    axes.set_yscale(_scale(data[up]))
    draw_map(figure, axes, data[_merit(data)], across=across, up=up)
    # Only yes and no is known of each point: the edge is drawn half-way.
    excess = 0.5 - data["is_stable"].astype(float)
    patch = mark_missing(axes, excess, across=across, up=up, label=_NOTHING)
    if patch is not None:
        axes.legend(handles=[patch], loc="lower right", bbox_to_anchor=(1.0, 1.0))


def _draw_times(axes: Axes, shown: xr.Dataset, over: str) -> None:
    values = shown[_merit(shown)].transpose("time", over)
    size = values.sizes[over]
    chosen = np.unique(np.linspace(0, size - 1, min(size, _MOST_CURVES)).round().astype(int))
    curves = values.isel({over: chosen})
    lines = draw_family(axes, curves, along="time", over=over)
    # Beside the curves, one below the other: numbers of any length find room.
    axes.legend(
        handles=lines, title=axis_label(attributes_of(curves[over])), loc="upper left", bbox_to_anchor=(1.0, 1.0)
    )
