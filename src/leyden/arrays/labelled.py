"""Labelled arrays: which values are some, and what a column of pandas means; neither library is imported to ask."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.errors import ParameterError

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "exact_alignment",
    "is_labelled",
    "labelled",
    "labelled_column",
    "plain_dims",
    "relabelled",
    "with_texts",
]

# Texts of fixed length have no specification in Zarr's third format, and warn when they are written to one; of any
# length they have, and netCDF knows no others.
_TEXTS = {"dtype": object}


def is_labelled(value: object) -> bool:
    """Whether a value is a DataArray, without importing xarray to find out."""
    # While another thread imports xarray it is there, but not yet whole; no DataArray can exist before it is.
    kind = getattr(sys.modules.get("xarray"), "DataArray", None)
    return kind is not None and isinstance(value, kind)


def labelled(dims: Sequence[str], array: Any, attributes: Mapping[str, Any] | None = None) -> xr.Variable:
    """An array of numbers or names with dims, which no library is asked about that is not loaded."""
    import xarray as xr

    # On its slower path xarray imports all of Dask, a quarter of a second, to see whether the array is one of its.
    plain = np.asarray(array) if isinstance(array, np.generic) else array
    encoding = _TEXTS if getattr(getattr(plain, "dtype", None), "kind", "") == "U" else None
    return xr.Variable(dims, plain, attributes, encoding, fastpath=True)


def with_texts(found: xr.Dataset) -> xr.Dataset:
    """The same Dataset, whose texts are written as such."""
    for variable in found.variables.values():
        if getattr(variable.dtype, "kind", "") == "U":  # dtypes of other libraries may have none
            variable.encoding = {**variable.encoding, **_TEXTS}
    return found


def relabelled(like: xr.DataArray, array: Any) -> xr.DataArray:
    """Another array of the same shape under the same labels."""
    import xarray as xr

    if like.coords:
        return like.copy(data=array)
    dims: Any = like.dims
    return xr.DataArray(labelled(dims, array, like.attrs), name=like.name)


def labelled_column(name: str, value: object) -> Any:
    """A column of pandas as the DataArray that it means: its index is a labelled axis."""
    pandas: Any = sys.modules.get("pandas")
    # As above: what is not there yet has no members.
    if not isinstance(value, tuple(getattr(pandas, kind, ()) for kind in ("Series", "Index", "DataFrame"))):
        return None
    kind = type(value).__name__
    if isinstance(value, pandas.DataFrame):
        raise ParameterError.of(name, "be numbers along one axis", kind, "Give one of its columns, with a named index.")
    column: Any = value
    index: Any = column if isinstance(column, pandas.Index) else column.index
    if index.nlevels > 1:
        raise ParameterError.of(name, "have an index of one level", kind, "Make a grid of it with `.to_xarray()`.")
    if not isinstance(index.name, str) or not index.name:
        remedy = "Name it, `.rename_axis('name')`, or give the numbers alone, `.to_numpy()`."
        raise ParameterError.of(name, "have an index with a name, which becomes the axis of results", kind, remedy)
    import xarray as xr

    return xr.DataArray(column.to_numpy(), {index.name: index}, (index.name,))


def exact_alignment() -> AbstractContextManager[Any]:
    """Context in which arithmetic of labelled parameters refuses unlike coordinates instead of dropping points."""
    set_options = getattr(sys.modules.get("xarray"), "set_options", None)
    return nullcontext() if set_options is None else set_options(arithmetic_join="exact")


def plain_dims(axes: int) -> tuple[str, ...]:
    """What results call the axes of plain arrays."""
    return tuple("batch" if axis == 0 else f"batch_{axis}" for axis in range(axes))
