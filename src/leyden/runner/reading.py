"""A store read where it is looked at; what cannot be read is an error of ours, and never a number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import BackendArray, BackendEntrypoint
from xarray.core import indexing

from leyden.arrays import labelled
from leyden.errors import LeydenError
from leyden.runner.ledger import Contents

__all__ = ["opened"]


def opened(path: Path, contents: Contents) -> xr.Dataset:
    """The results of a store."""
    # xarray takes a class, too. It decodes nothing: units "s" are no request to make times of numbers.
    stored = xr.open_dataset(path, engine=_Engine)
    variables = set(contents.variables)
    return stored.set_coords([name for name in stored.variables if name not in variables])[contents.variables]


class _Engine(BackendEntrypoint):
    """How xarray opens a store of ours."""

    open_dataset_parameters = ("filename_or_obj", "drop_variables")

    def open_dataset(self, filename_or_obj: Any, *, drop_variables: Any = None) -> xr.Dataset:
        """All arrays as they are; `drop_variables` as xarray wants it."""
        import zarr

        try:
            root = zarr.open_group(str(filename_or_obj), mode="r")
            arrays: dict[str, Any] = {str(name): array for name, array in root.arrays()}
            attributes = {name: value for name, value in root.attrs.asdict().items() if name != "coordinates"}
            variables = {name: _variable(Path(filename_or_obj), name, array) for name, array in arrays.items()}
        except Exception as error:
            raise _unreadable(Path(filename_or_obj), "its description", error) from error
        return xr.Dataset(variables, attrs=attributes)


def _variable(path: Path, name: str, array: Any) -> xr.Variable:
    stored = _Stored(path, name, array)
    dims, attributes = array.metadata.dimension_names or (), array.attrs.asdict()
    if array.dtype.kind not in "biufc":
        # Texts of Zarr's own type become NumPy's, as the measure gave them.
        texts: Any = stored.read((slice(None),) * len(array.shape))
        return labelled(dims, np.array(texts.tolist(), dtype=str), attributes)
    encoding = {"chunks": array.chunks, "preferred_chunks": dict(zip(dims, array.chunks, strict=True))}
    return xr.Variable(dims, indexing.LazilyIndexedArray(stored), attributes, encoding)


class _Stored(BackendArray):
    """One array of a store."""

    def __init__(self, path: Path, name: str, array: Any) -> None:
        self.path, self.name, self.array = path, name, array
        self.shape, self.dtype = array.shape, np.dtype(array.dtype)

    def __getitem__(self, key: Any) -> Any:
        # Points along a line are read as such, and not as the box around them.
        how = self._points if isinstance(key, indexing.VectorizedIndexer) else self.read
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.VECTORIZED, how)

    def read(self, key: tuple[Any, ...]) -> Any:
        """Values at whole numbers, slices and arrays of whole numbers."""
        is_basic = all(isinstance(part, (int, np.integer, slice)) for part in key)
        return self._tried(lambda: self.array[key] if is_basic else self.array.oindex[key])

    def _points(self, key: tuple[Any, ...]) -> Any:
        return self._tried(lambda: self.array.vindex[key])

    def _tried(self, read: Callable[[], Any]) -> Any:
        try:
            return np.asarray(read())
        except MemoryError:
            raise
        except Exception as error:
            raise _unreadable(self.path, f"`{self.name}`", error) from error


def _unreadable(path: Path, what: str, error: Exception) -> LeydenError:
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:100]
    name = repr(path.name if len(path.name) <= 60 else path.name[:57] + "...")
    return LeydenError(
        f"Argument `store` must be whole, but {what[:60]} in {name} cannot be read ({reason}). "
        "Sweep with resume=True: what is damaged is computed again."
    )
