"""When labelled curves settle and where they peak, as `leyden.merit` reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import xarray as xr

import leyden as ly

__all__ = ["peak_time", "settling_time"]


def settling_time(values: xr.DataArray, final: xr.DataArray, time: xr.DataArray, band: float = 0.01) -> xr.DataArray:
    """Settling time of each curve; the last dim of the times is that along which curves go."""
    return _read(partial(ly.merit.settling_time, band=band), time, values, final)


def peak_time(values: xr.DataArray, time: xr.DataArray, *, ends: bool = True) -> xr.DataArray:
    """Time of each curve's peak; NaN for those at an end of the curve, unless they are wanted, too."""

    def read(times: Any, curves: Any) -> Any:
        found = ly.merit.peak(times, curves)
        return found.time if ends else xr.where(found.is_inside, found.time, float("nan"))

    return _read(read, time, values)


def _read(read: Callable[..., Any], time: xr.DataArray, values: xr.DataArray, *others: xr.DataArray) -> xr.DataArray:
    along = "time" if "time" in time.dims else "instant"
    dims = [[along], [along], *([] for _ in others)]
    found = xr.apply_ufunc(read, time, values, *others, input_core_dims=dims, join="override")
    return found.transpose(*(dim for dim in values.dims if dim in found.dims), ...)
