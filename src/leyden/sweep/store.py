"""Where results go: a Zarr store, one chunk of each variable for a block, and the ledger of the blocks that are done.

The store is made under another name and renamed when it is whole, so that a half-made one is never found. Chunks are
written as whole files, too, by Zarr itself. The arrays are plain Zarr, opened with xarray like any other.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
import warnings
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from importlib.util import find_spec
from pathlib import Path
from string import whitespace
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.errors import LeydenError, ParameterError
from leyden.sweep.axes import Points
from leyden.sweep.blocks import Blocks
from leyden.sweep.evaluate import Outcome, failure_attributes, is_of_the_machine
from leyden.sweep.ledger import Ledger, axes_of
from leyden.sweep.recipe import Template

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Store"]

_LEDGER = "ledger"
# Names that mean something to Zarr or to us beside the variables of a result.
_TAKEN = {_LEDGER, "zarr.json", "c", ".", ".."}
# Results are compressed as they are written; NaN and constants to almost nothing.
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Store:
    """A study's folder.

    Parameters
    ----------
    path : Path
        The Zarr store, an absolute path that all workers can reach.
    """

    path: Path

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Store:
        """The store of that name, whether it exists or not.

        Parameters
        ----------
        path : str or path
            A folder; relative to the current one.

        Returns
        -------
        Store
        """
        text = os.fspath(path)
        if not isinstance(text, str) or not text or "\0" in text or "://" in text:
            raise ParameterError.of("store", "be the path of a folder", path)
        if find_spec("zarr") is None or find_spec("threadpoolctl") is None:
            raise ParameterError.of(
                "store", "be left out where Zarr is not installed", text, "Install it: pip install 'leyden[sweep]'."
            )
        # Workers may stand in other folders.
        return cls(Path(text).absolute())

    @property
    def ledger(self) -> Ledger:
        """Which study it holds, and which blocks are done."""
        return Ledger(self.path / _LEDGER, self.path)

    @property
    def is_new(self) -> bool:
        """Whether there is nothing of that name yet, or an empty folder."""
        try:
            return not any(self.path.iterdir())
        except FileNotFoundError:
            return True
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ParameterError.of("store", f"be a folder that can be read ({reason})", str(self.path)) from None

    def refuse_full_disk(self, template: Template, points: int) -> None:
        """Refuse a disk that clearly cannot take the results, before anything is computed for it.

        Parameters
        ----------
        template : Template
            Form of the results.
        points : int
            How many are still to come.
        """
        folder = next(folder for folder in (self.path, *self.path.parents) if folder.is_dir())
        needed, free = points * template.point_bytes, shutil.disk_usage(folder).free
        if needed * _LEAST_SHARE > free:
            raise ParameterError.of(
                "store",
                f"have room for results of {needed / 2**20:,.0f} MiB before compression "
                f"(free on its disk: {free / 2**20:,.0f} MiB)",
                str(self.path),
                "Name a folder on another disk, or make room.",
            )

    def create(self, study: Mapping[str, str], points: Points, blocks: Blocks, template: Template) -> None:
        """Make a store without results: arrays, coordinates and the ledger, all at once.

        Parameters
        ----------
        study : mapping of str to str
            What makes it this study and no other.
        points : Points
            The axes, which become coordinates.
        blocks : Blocks
            One chunk of each variable for each of them.
        template : Template
            Form of the results.
        """
        for name in (*template.variables, *template.coordinates, *points.axes):
            if name in _TAKEN or "/" in name:
                raise ParameterError.of("axes", "have names that can name an array in a Zarr store", name)
        with self._whole() as temporary:
            _create_arrays(temporary, points, blocks, template)
            Ledger(temporary / _LEDGER, self.path).begin(study, blocks, list(template.variables))

    @contextmanager
    def _whole(self) -> Generator[Path]:
        """A folder beside the store's place, which takes it when the block ends without an exception."""
        # A link leads to where the store shall be, and stays.
        final = Path(os.path.realpath(self.path))
        temporary = final.with_name(f".{final.name}-{secrets.token_hex(6)}.part")
        try:
            # What was killed while it made this store.
            for stale in final.parent.glob(f".{escape(final.name)}-*.part"):
                shutil.rmtree(stale, ignore_errors=True)
            temporary.mkdir()
            yield temporary
            os.replace(temporary, final)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ParameterError.of("store", f"be a folder that can be made ({reason})", str(self.path)) from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def write(self, number: int, place: Mapping[str, slice], outcome: Outcome, started: float) -> None:
        """Write one block whole, and then its line in the ledger.

        Parameters
        ----------
        number : int
            The block.
        place : mapping of str to slice
            Its part of each dim.
        outcome : Outcome
            Its results.
        started : float
            `time.perf_counter()` when its computation began.

        Raises
        ------
        LeydenError
            If the disk is full or gone.
        """
        import zarr

        points = int(np.prod([part.stop - part.start for part in place.values()]))
        try:
            root, chunks = zarr.open_group(str(self.path), mode="r+"), list[Path]()
            for name, values in outcome.values.items():
                array: Any = root[name]
                array[tuple(place.get(dim, slice(None)) for dim in array.metadata.dimension_names)] = values
                chunks.append(self._chunk(name, array, place))
            with ThreadPoolExecutor(len(chunks)) as threads:
                list(threads.map(_flush, chunks))
            self.ledger.record(number, points, outcome, time.perf_counter() - started)
        except (OSError, ParameterError) as error:
            raise self._refused(number, error) from error

    def _chunk(self, name: str, array: Any, place: Mapping[str, slice]) -> Path:
        """File of one chunk."""
        sizes = zip(array.metadata.dimension_names, array.chunks, strict=True)
        position = tuple(place[dim].start // size if dim in place else 0 for dim, size in sizes)
        return self.path / name / array.metadata.encode_chunk_key(position)

    def _refused(self, number: int, error: OSError | ParameterError) -> LeydenError:
        """What is lost when a block cannot be written (nothing but its own time), and how to go on."""
        if not self.path.is_dir():
            return ParameterError.of("store", "stand on a file system that every worker sees", str(self.path))
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else error.message
        remedy = "Make room" if isinstance(error, OSError) and is_of_the_machine(error) else "Mend that"
        return LeydenError(
            f"Argument `store` must be writable to the end, but block {number} could not be written to "
            f"{str(self.path)!r}: {reason}. {len(self.ledger.done())} finished blocks are kept. {remedy}, and resume."
        )

    def tidy(self) -> None:
        """Remove what killed workers left half-written; for a store that nobody writes to any more."""
        for pattern in ("*/c/**/*.partial", f"{_LEDGER}/.leyden-*.part*"):
            for file in self.path.glob(pattern):
                file.unlink(missing_ok=True)

    def open(self) -> xr.Dataset:
        """The results, read from disk only where they are looked at; attributes tell of points that failed."""
        import xarray as xr

        # What was written is read: attributes such as units "s" are no request to decode times.
        study, _, variables = self.ledger.read()
        found = xr.open_zarr(str(self.path), chunks=None, decode_times=False).set_coords(axes_of(study))[variables]
        # Texts of Zarr's own type become NumPy's, as the measure gave them.
        texts = {
            name: (values.dims, np.array(values.values.tolist(), dtype=str), values.attrs)
            for name, values in found.coords.items()
            if values.dtype.kind == "T"
        }
        status = self.ledger.status()
        return found.assign_coords(texts).assign_attrs(failure_attributes(status.failed, status.failures))


def _flush(chunk: Path) -> None:
    """See a chunk to the disk before the ledger says that it is there; one that is all NaN has no file."""
    with suppress(FileNotFoundError):
        handle = os.open(chunk, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _create_arrays(path: Path, points: Points, blocks: Blocks, template: Template) -> None:
    import zarr
    from zarr.codecs import BloscCodec

    axes = {name: ((axis.dim,), axis.values, axis.attributes) for name, axis in points.axes.items()}
    coordinates = {**axes, **template.coordinates}
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
            compressors=BloscCodec(cname="lz4", clevel=5, shuffle="shuffle"),
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
    root.create_group(_LEDGER)
    with warnings.catch_warnings():
        # Not yet in Zarr's specification, but what xarray looks for first.
        warnings.simplefilter("ignore")
        zarr.consolidate_metadata(str(path))


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON takes them; what it does not know as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        return value if isinstance(value, (str, int, float, bool, list, type(None))) else str(value)

    return {str(name): plain(value) for name, value in attributes.items()}
