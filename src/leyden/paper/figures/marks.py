"""Times that the figures mark on their curves: when a curve settles, where it turns."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from leyden.paper.times import peak_time, settling_time
from leyden.plots import mark_points
from leyden.quantities import TIME, Quantity

__all__ = ["draw_marks", "finish_ratio", "lowest_at", "peaked_at", "settled_at"]

_SETTLING = Quantity("settling_time", r"t_{99}", TIME, "time from which the curve is within 1 % of its steady value")
_PEAK = Quantity("peak_time", r"t_{\max}", TIME, "time of the maximum, where there is one before the end")
_TROUGH = Quantity("trough_time", r"t_{\min}", TIME, "time of the minimum, where there is one after the start")


def _named(times: xr.DataArray, quantity: Quantity) -> xr.DataArray:
    return times.rename(quantity.name).assign_attrs(quantity.attributes())


def settled_at(curves: xr.DataArray, final: xr.DataArray) -> xr.DataArray:
    """Settling time of each curve over `time`."""
    return _named(settling_time(curves, final, curves["time"]), _SETTLING)


def peaked_at(curves: xr.DataArray) -> xr.DataArray:
    """Time at which each curve over `time` peaks; NaN where it only rises or falls."""
    return _named(peak_time(curves, curves["time"], ends=False), _PEAK)


def lowest_at(curves: xr.DataArray) -> xr.DataArray:
    """Time at which each curve over `time` is lowest; NaN where it only rises or falls."""
    return _named(peak_time(-curves, curves["time"], ends=False), _TROUGH)


def draw_marks(axes: Axes, panel: xr.Dataset) -> None:
    """Mark a panel's times on its curves; NaN marks nothing."""
    curves, times = (panel[name] for name in panel.data_vars)
    heights = [float(np.interp(time, curves["time"], curve)) for time, curve in zip(times.values, curves, strict=True)]
    mark_points(axes, times.values, heights)


def finish_ratio(letter: str, axes: Axes, data: xr.Dataset, *, shares: str = "") -> None:
    """Marks on the curves of a ratio, and a line at one, which no curve passes in the panels of these letters."""
    draw_marks(axes, data)
    axes.axhline(1.0, color="#6b6b6b", linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    axes.set_ylim(0.0, 1.06 if letter in shares else None)
