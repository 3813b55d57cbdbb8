"""Parameters with a number for each of many like parts of a device: those that have the dim `cell`."""

from __future__ import annotations

from typing import Any

from leyden.arrays import is_labelled
from leyden.model.changing import Pulse

__all__ = ["CELL", "is_of_cells", "lengths_along", "of_cells"]

CELL = "cell"
"""The dim along which a labelled parameter has a number for each mode, link or member of one device."""


def lengths_along(value: Any) -> list[int]:
    """How many values along `cell` a parameter has, or each number of a pulse; none where there is no such dim."""
    arrays = value.arrays if isinstance(value, Pulse) else (value,)
    return [part.sizes[CELL] for part in arrays if is_labelled(part) and CELL in part.dims]


def is_of_cells(value: Any) -> bool:
    """Whether a parameter is one number for each cell, and no batch."""
    return is_labelled(value) and value.dims == (CELL,)


def of_cells(value: Any, index: int | slice) -> Any:
    """The value of one cell, or of some, where a parameter has one for each; the value itself where it has not."""
    if isinstance(value, float):
        return value
    if isinstance(value, Pulse):
        return value.map(lambda number: of_cells(number, index)) if lengths_along(value) else value
    if not lengths_along(value):
        return value
    taken = value.isel({CELL: index}, drop=True)
    return taken if taken.ndim else taken.item()
