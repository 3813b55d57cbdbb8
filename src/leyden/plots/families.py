"""Curves in time of a whole batch: a colour for each device, a line style for each quantity."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from leyden.errors import ParameterError
from leyden.plots.asked import label_of_all, quantity_of
from leyden.plots.labels import attributes_of, axis_label, symbol_of
from leyden.plots.lines import few_of, value_of
from leyden.plots.style import sequence

__all__ = ["draw_families"]

_STYLES = ("-", (0, (4, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))


def draw_families(axes: Axes, dataset: xr.Dataset, names: Sequence[str], over: str, rate: str | None) -> None:
    """Quantities against time, for at most nine values of the parameter that varies; the legend stands beside."""
    if len(names) > len(_STYLES):
        raise ParameterError.of("quantities", f"be at most {len(_STYLES)} of a batch", len(names))
    shown = dataset.isel({over: few_of(dataset[names[0]], over)})
    for name in names:
        others = [str(dim) for dim in shown[name].dims if dim not in ("time", over)]
        if others:
            remedy = f"Select one with `.sel({others[0]}=...)`, or draw total_{name}."
            raise ParameterError.of("quantities", "have one curve for each device", f"{name} of each mode", remedy)
    parameter = shown[over]
    handles: list[Line2D] = []
    for place, colour in enumerate(sequence(parameter.size)):
        for name, style in zip(names, _STYLES, strict=False):
            curve = shown[name].isel({over: place})
            axes.plot(shown["time"].values, curve.values, color=colour, linestyle=style)
        handles.append(Line2D([], [], color=colour, label=value_of(parameter, place)))
    if len(names) > 1:
        for name, style in zip(names, _STYLES, strict=False):
            symbol = symbol_of(attributes_of(quantity_of(shown, name)))
            handles.append(Line2D([], [], color="black", linestyle=style, label=symbol))
    axes.set_xlabel(axis_label(attributes_of(shown["time"]), rate=rate))
    axes.set_ylabel(label_of_all(shown, names, rate))
    # Beside the curves, one below the other: numbers of any length find room.
    title = axis_label(attributes_of(parameter), rate=rate)
    axes.legend(handles=handles, title=title, loc="upper left", bbox_to_anchor=(1.0, 1.0))
