"""Times that the figures mark on their curves: when a curve settles, where it turns."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from leyden.plots import mark_points
from leyden.quantities import TIME, Quantity

__all__ = ["draw_marks", "peak_time", "settling_time", "trough_time"]

_SHARE = 0.99

# A curve turns where its extremum stands out from both ends by more than this share, not by rounding.
_PROMINENCE = 1e-6

_SETTLING = Quantity("settling_time", r"t_{99}", TIME, "first time with 99 % of the steady value")
_PEAK = Quantity("peak_time", r"t_{\max}", TIME, "time of the maximum, where there is one before the end")
_TROUGH = Quantity("trough_time", r"t_{\min}", TIME, "time of the minimum, where there is one after the start")


def _named(times: xr.DataArray, quantity: Quantity) -> xr.DataArray:
    return times.rename(quantity.name).assign_attrs(quantity.attributes())


def settling_time(curves: xr.DataArray, final: xr.DataArray) -> xr.DataArray:
    """First time at which a rising curve has 99 % of its steady value, on a straight line between times of the grid."""
    target = _SHARE * final
    after = (curves >= target).argmax("time")
    low, high = (curves.isel(time=after + step).reset_coords("time") for step in (-1, 0))
    name = str(curves.name)
    share = (target - low[name]) / (high[name] - low[name])
    return _named(low["time"] + share * (high["time"] - low["time"]), _SETTLING)


def peak_time(curves: xr.DataArray) -> xr.DataArray:
    """Time of the grid at which a curve is largest; NaN where it only rises."""
    turns = curves.max("time") > curves.isel(time=-1) + _PROMINENCE * abs(curves).max("time")
    return _named(curves.idxmax("time").where(turns), _PEAK)


def trough_time(curves: xr.DataArray) -> xr.DataArray:
    """Time of the grid at which a curve is smallest; NaN where it only falls."""
    turns = curves.min("time") < curves.isel(time=-1) - _PROMINENCE * abs(curves).max("time")
    return _named(curves.idxmin("time").where(turns), _TROUGH)


def draw_marks(axes: Axes, panel: xr.Dataset) -> None:
    """Mark a panel's times on its curves; NaN marks nothing."""
    curves, times = (panel[name] for name in panel.data_vars)
    heights = [float(np.interp(time, curves["time"], curve)) for time, curve in zip(times.values, curves, strict=True)]
    mark_points(axes, times.values, heights)
