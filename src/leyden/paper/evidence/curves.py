"""Reading curves: how often they turn, when they settle, where they peak. All on batches, the last dim first to go."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from leyden.paper.evidence.bench import LEVEL

__all__ = ["FALLS", "FALLS_THEN_RISES", "RISES", "RISES_THEN_FALLS", "changes", "course", "named"]

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
    return relative.isel({dim: 0}, drop=True).copy(data=found)


def _stretches(signs: NDArray[np.float64]) -> int:
    moving = signs[signs != 0]
    return int(moving[0]) * (1 + int(np.count_nonzero(np.diff(moving)))) if len(moving) else 0
