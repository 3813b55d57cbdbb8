"""A store's arrays as such: made of the form of a result, and found again where one was damaged."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from string import whitespace
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.runner.axes import Points
from leyden.runner.division import Blocks
from leyden.runner.integrity import Mark, mark_of
from leyden.runner.recipe import Template

__all__ = ["LEDGER", "create_arrays", "marks_of", "refuse_names"]

LEDGER = "ledger"
# Names that mean something to Zarr or to us beside the variables of a result.
_TAKEN = {LEDGER, "zarr.json", "c", ".", ".."}
# Bytes of a folder's name on common file systems.
_LONGEST = 255


def refuse_names(points: Points, template: Template) -> None:
    """Refuse names that no array in a store can have."""
    for argument, names in (("measure", (*template.variables, *template.coordinates)), ("axes", points.coordinates)):
        for name in names:
            # Zarr takes both slashes for the same.
            is_folder = 0 < len(name.encode(errors="replace")) <= _LONGEST and not set(name) & set("/\\\0")
            if name in _TAKEN or not is_folder:
                remedy = f"It becomes a folder: without slashes, at most {_LONGEST} bytes, and none of Zarr's own."
                raise ParameterError.of(argument, "have names that can name an array in a Zarr store", name, remedy)


def create_arrays(path: Path, points: Points, blocks: Blocks, template: Template) -> None:
    """Make the arrays of a store, coordinates with their values and results without."""
    import zarr
    from zarr.codecs import BloscCodec, Crc32cCodec

    coordinates = {**points.coordinates, **template.coordinates}
    # The CF convention's list of coordinates knows no names with blanks; `Store.open` needs it for none of the axes.
    listed = " ".join(name for name in coordinates if not set(name) & set(whitespace))
    attributes = {**_plain(template.attributes), "coordinates": listed}
    root = zarr.create_group(str(path), attributes=attributes, zarr_format=3)
    for name, form in template.variables.items():
        root.create_array(
            name,
            shape=form.shape(blocks.sizes),
            chunks=form.shape(blocks.chunks),
            dtype=form.dtype,
            fill_value=form.empty,
            # A sum follows each chunk: a bit that flips on the disk is an error when it is read, and no number.
            compressors=(BloscCodec(cname="lz4", clevel=5, shuffle="shuffle"), Crc32cCodec()),
            dimension_names=form.dims,
            attributes=_plain(form.attributes),
        )
    for name, (dims, values, attributes) in coordinates.items():
        is_text = values.dtype.kind in "OUT"
        array = root.create_array(
            name,
            shape=values.shape,
            dtype=str if is_text else values.dtype,
            dimension_names=dims,
            attributes=_plain(attributes),
        )
        array[...] = values.astype(object) if is_text else values
    # A group of its own, so that Zarr knows the folder.
    root.create_group(LEDGER)
    with warnings.catch_warnings():
        # Not yet in Zarr's specification, but what xarray looks for first.
        warnings.simplefilter("ignore")
        zarr.consolidate_metadata(str(path))


def marks_of(path: Path) -> dict[str, Mark]:
    """What all files of a store without results are known by."""
    marks: dict[str, Mark] = {}
    for folder, _, files in os.walk(path):
        for name in files:
            file = Path(folder, name)
            mark = mark_of(file)
            if mark is not None and (file.parent.name != LEDGER or name == "zarr.json"):
                # With "/" on every system.
                marks[file.relative_to(path).as_posix()] = mark
    return dict(sorted(marks.items()))


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON takes them; what it does not know as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        return value if isinstance(value, (str, int, float, bool, list, type(None))) else str(value)

    return {str(name): plain(value) for name, value in attributes.items()}
