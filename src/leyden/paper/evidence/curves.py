"""Reading curves: how often they turn, when they settle, where they peak. All on batches, the last dim first to go."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from leyden.paper.evidence.bench import LEVEL

__all__ = [
    "FALLS",
    "FALLS_THEN_RISES",
    "RISES",
    "RISES_THEN_FALLS",
    "changes",
    "course",
    "named",
    "peak_time",
    "settling_time",
]

# Courses: the sign says how the curve sets out, the size how many stretches it has. 0 is level.
RISES, FALLS, RISES_THEN_FALLS, FALLS_THEN_RISES = 1, -1, 2, -2


def named(dim: str, arrays: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """Arrays side by side along a new dim of names."""
    names = xr.DataArray(list(arrays), dims=[dim], name=dim)
    return xr.concat(xr.broadcast(*arrays.values()), names, coords="minimal", compat="override")


def changes(values: xr.DataArray, dim: str) -> xr.DataArray:
    """Relative change from each point to the next along a dim, labelled by the first of the two."""
    first = values.isel({dim: slice(None, -1)})
    second = values.isel({dim: slice(1, None)}).assign_coords({dim: first[dim]})
    size = abs(first).where(abs(first) > abs(second), abs(second))
    return (second - first) / size.where(size > 0)


def course(values: xr.DataArray, dim: str = "instant", level: float = LEVEL) -> xr.DataArray:
    """Course of each curve: `RISES`, `FALLS`, `RISES_THEN_FALLS`, `FALLS_THEN_RISES`, or a longer one (+-3, ...)."""
    relative = changes(values, dim).fillna(0.0)
    signs = np.where(abs(relative) > level, np.sign(relative), 0.0)
    found = np.apply_along_axis(_stretches, relative.get_axis_num(dim), signs)
    return xr.DataArray(found, coords=relative.isel({dim: 0}, drop=True).coords, dims=_without(relative, dim))


def _stretches(signs: NDArray[np.float64]) -> int:
    moving = signs[signs != 0]
    if not len(moving):
        return 0
    return int(moving[0]) * (1 + int(np.count_nonzero(np.diff(moving))))


def _without(array: xr.DataArray, dim: str) -> list[Hashable]:
    return [other for other in array.dims if other != dim]


def settling_time(values: xr.DataArray, final: xr.DataArray, time: xr.DataArray, within: float = 0.01) -> xr.DataArray:
    """Time after which a curve stays within a share of its final value."""
    distance, time = xr.broadcast(abs(values / final - 1), time)
    place = distance.dims.index("instant")
    gap, clock = np.moveaxis(distance.values, place, -1), np.moveaxis(time.transpose(*distance.dims).values, place, -1)
    count = gap.shape[-1]
    outside = count - 1 - np.argmax((gap > within)[..., ::-1], axis=-1)
    last = np.clip(outside, 0, count - 2)[..., None]
    gaps = np.log(np.maximum(np.concatenate([_at(gap, last), _at(gap, last + 1)], axis=-1), 1e-300))
    clocks = np.concatenate([_at(clock, last), _at(clock, last + 1)], axis=-1)
    step = (np.log(within) - gaps[..., 0]) / (gaps[..., 1] - gaps[..., 0])
    settled = clocks[..., 0] + step * (clocks[..., 1] - clocks[..., 0])
    return xr.DataArray(settled, coords=distance.isel(instant=0, drop=True).coords, dims=_without(distance, "instant"))


def peak_time(values: xr.DataArray, time: xr.DataArray) -> xr.DataArray:
    """Time of a curve's highest value: the vertex of the parabola through the logarithms of the three highest."""
    values, time = xr.broadcast(values, time)
    place = values.dims.index("instant")
    heights, clock = np.moveaxis(values.values, place, -1), np.log(np.moveaxis(time.values, place, -1))
    top = np.argmax(heights, axis=-1)[..., None]
    middle = np.clip(top, 1, heights.shape[-1] - 2)
    x = [_at(clock, middle + shift)[..., 0] for shift in (-1, 0, 1)]
    y = [np.log(np.maximum(_at(heights, middle + shift)[..., 0], 1e-300)) for shift in (-1, 0, 1)]
    before, after = (y[1] - y[0]) / (x[1] - x[0]), (y[2] - y[1]) / (x[2] - x[1])
    curvature = (after - before) / (x[2] - x[0])
    inside = (top == middle)[..., 0] & (curvature < 0)
    vertex = (x[0] + x[1]) / 2 - before / (2 * np.where(inside, curvature, -1.0))
    found = np.exp(np.where(inside, vertex, _at(clock, top)[..., 0]))
    return xr.DataArray(found, coords=values.isel(instant=0, drop=True).coords, dims=_without(values, "instant"))


def _at(array: NDArray[np.float64], index: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.take_along_axis(array, index, axis=-1)
