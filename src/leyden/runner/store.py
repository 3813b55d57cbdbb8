"""Where results go: a Zarr store, one chunk of each variable for a block, and the ledger of the blocks that are done.

The store is made under another name and renamed when it is whole, so that a half-made one is never met. Chunks are
written as whole files, too, by Zarr itself. The arrays are plain Zarr, opened with xarray like any other. Whatever
stands in it is known by a sum over its bytes, and what is not as it was written is computed again.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EEXIST, ENOTEMPTY
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from leyden.atomic import atomic_path, reason_of
from leyden.errors import LeydenError, ParameterError
from leyden.extras import remedy_for
from leyden.interrupts import unbroken
from leyden.runner.axes import Points
from leyden.runner.division import Blocks, Place, along, points_at
from leyden.runner.evaluate import Outcome, failure_attributes, remedy_of
from leyden.runner.integrity import Mark, flush, mark_of_chunk
from leyden.runner.layout import LEDGER, create_arrays, marks_of, refuse_names
from leyden.runner.ledger import Contents, Ledger
from leyden.runner.locks import begun
from leyden.runner.recipe import Template, words_of
from leyden.runner.status import Status, damaged_files, status_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Store", "require_zarr"]

# Names of files of one piece, in which people expect no folder.
_FILES = (".nc", ".nc4", ".cdf", ".h5", ".hdf5")
# Results are compressed as they are written; NaN and constants to almost nothing.
_LEAST_SHARE = 0.5
# Parts of messages, so that these stay readable.
_LONGEST_REASON = 90


@dataclass(frozen=True)
class Store:
    """A study's folder, by an absolute path that all workers can reach."""

    path: Path

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Store:
        """The store of that name, whether it exists or not."""
        text = os.fspath(path)
        if not isinstance(text, str) or not text or "\0" in text or "://" in text:
            raise ParameterError.of("store", "be the path of a folder", path)
        require_zarr()
        # Workers may stand in other folders.
        return cls(Path(text).absolute())

    @property
    def ledger(self) -> Ledger:
        """Which study it holds, and which blocks are done."""
        return Ledger(self.path / LEDGER, self.path)

    @property
    def is_new(self) -> bool:
        """Whether there is nothing of that name yet, or an empty folder."""
        try:
            return not any(self.path.iterdir())
        except FileNotFoundError:
            return True
        except OSError as error:
            allowed = f"be a folder that can be read ({reason_of(error)})"
            raise ParameterError.of("store", allowed, str(self.path)) from None

    def status(self, *, thorough: bool = True) -> Status:
        """How far the study is, and which parts of the store are not as they were written."""
        return status_of(self.path, self.ledger, thorough=thorough)

    def refuse_full_disk(self, template: Template, points: int) -> None:
        """Refuse a disk that clearly cannot take the results, before anything is computed for it."""
        folder = next(folder for folder in (self.path, *self.path.parents) if folder.is_dir())
        needed, free = points * template.point_bytes, shutil.disk_usage(folder).free
        if needed * _LEAST_SHARE > free:
            sizes = f"{needed / 2**20:,.0f} MiB before compression (free on its disk: {free / 2**20:,.0f} MiB)"
            remedy = "Name a folder on another disk, or make room."
            raise ParameterError.of("store", f"have room for results of {sizes}", str(self.path), remedy)

    def refuse_unmakeable(self) -> None:
        """Refuse a place where no store can be begun, before anything is computed for it."""
        if self.path.suffix.lower() in _FILES:
            remedy = "Name it FILE.zarr, or leave it out and write the result with `to_netcdf`."
            raise ParameterError.of("store", "have a name for a Zarr store, which is a folder", str(self.path), remedy)
        with suppress(OSError):  # it is not there, or has no name that could be
            if os.path.samefile(self.path, Path.cwd()):
                remedy = "Name a new one in it, such as study.zarr."
                raise ParameterError.of("store", "be another folder than the current one", str(self.path), remedy)
        with self._as_errors(), suppress(_TriedError), begun(self._final, _give_up):
            pass

    @property
    def _final(self) -> Path:
        # A link leads to where the store shall be, and stays.
        return Path(os.path.realpath(self.path))

    @contextmanager
    def begun(self, study: Mapping[str, str], points: Points, blocks: Blocks, template: Template) -> Generator[None]:
        """Make a store without results, arrays, coordinates and the ledger all at once, and hold it in the block."""
        refuse_names(points, template)

        def fill(folder: Path) -> None:
            create_arrays(folder, points, blocks, template)
            ledger = Ledger(folder / LEDGER, self.path)
            ledger.begin(Contents(study, blocks, list(template.variables), marks_of(folder)))

        with ExitStack() as stack:
            with self._as_errors():
                stack.enter_context(begun(self._final, fill))
            yield

    @contextmanager
    def _as_errors(self) -> Generator[None]:
        """The system's refusals to make a folder as errors about the store."""
        try:
            yield
        except OSError as error:
            if error.errno in (EEXIST, ENOTEMPTY):
                remedy = "Wait for that one, or name another folder."
                allowed = "be begun by one sweep, and another has begun there"
                raise ParameterError.of("store", allowed, str(self.path), remedy) from None
            allowed = f"be a folder that can be made ({reason_of(error)})"
            raise ParameterError.of("store", allowed, str(self.path)) from None

    def mend(self, points: Points, template: Template) -> None:
        """Restore descriptions of arrays and coordinates that were damaged; for a store that is held."""
        contents = self.ledger.read()
        damaged = damaged_files(self.path, contents)
        if not damaged:
            return
        # Else the folder might be removed while it is written to.
        with unbroken(), TemporaryDirectory(prefix="leyden-") as folder, self._as_errors():
            create_arrays(Path(folder), points, contents.blocks, template)
            fresh = marks_of(Path(folder))
            for name in damaged:
                if fresh.get(name) != contents.files[name]:
                    remedy = "Restore it from a copy, or remove the store and begin anew."
                    raise ParameterError.of("store", f"be whole, but its {name} is damaged", str(self.path), remedy)
                (self.path / name).parent.mkdir(parents=True, exist_ok=True)
                with atomic_path(self.path / name, name="store") as temporary:
                    temporary.write_bytes(Path(folder, name).read_bytes())

    def write(self, number: int, place: Place, outcome: Outcome, started: float) -> None:
        """Write one block whole, and then its line in the ledger."""
        import zarr

        try:
            root, chunks = zarr.open_group(str(self.path), mode="r+"), list[str]()
            for name, values in outcome.values.items():
                array: Any = root[name]
                array[along(place, array.metadata.dimension_names)] = values
                chunks.append(_chunk(name, array, place))
            with ThreadPoolExecutor(len(chunks)) as threads:
                marks = dict(zip(chunks, threads.map(self._flushed, chunks), strict=True))
            self.ledger.record(number, points_at(place), outcome, time.perf_counter() - started, marks)
        except Exception as error:  # Zarr has many for what is damaged
            raise self._refused(number, error) from error

    def _flushed(self, chunk: str) -> Mark | None:
        """See a chunk to the disk, and the names that lead to it, before the ledger says that it is there."""
        file = self.path / chunk
        mark = mark_of_chunk(file)
        for folder in file.parents:
            if folder == self.path:
                break
            flush(folder)
        return mark

    def _refused(self, number: int, error: Exception) -> LeydenError:
        """What is lost when a block cannot be written (nothing but its own time), and how to go on."""
        if not self.path.is_dir():
            return ParameterError.of("store", "stand on a file system that every worker sees", str(self.path))
        reason = reason_of(error) if isinstance(error, OSError) else _words(error)
        with suppress(OSError):
            reason += f". {len(self.ledger.done())} finished blocks are kept"
        return LeydenError(
            f"Argument `store` must be writable to the end, but block {number} could not be written to "
            f"{_short(self.path)}: {reason}. {remedy_of(error).capitalize()}, and resume."
        )

    def tidy(self) -> None:
        """Remove what killed workers left half-written; for a store that nobody writes to any more."""
        for pattern in ("*/c/**/*.partial", f"{LEDGER}/.leyden-*.part*"):
            for file in self.path.glob(pattern):
                file.unlink(missing_ok=True)

    def open(self) -> xr.Dataset:
        """The results, read from disk only where they are looked at; attributes tell of points that failed."""
        from leyden.runner.reading import opened

        contents, status = self.ledger.read(), self.status(thorough=False)
        if status.damaged or status.damaged_files:
            remedy = "Sweep with resume=True: what is damaged is computed again."
            raise ParameterError.of("store", f"be whole ({status.words})", str(self.path), remedy)
        return opened(self.path, contents).assign_attrs(failure_attributes(status.failed, status.failures))


def require_zarr(name: str = "store") -> None:
    """Refuse what needs Zarr where it is not installed."""
    if find_spec("zarr") is None:
        allowed = "have Zarr installed, which reads and writes stores"
        raise ParameterError(
            f"Argument `{name}` must {allowed}, but is without it. {remedy_for('sweep')}", name=name, allowed=allowed
        )


class _TriedError(Exception):
    """A folder could be made."""


def _give_up(_: Path) -> None:
    raise _TriedError


def _chunk(name: str, array: Any, place: Place) -> str:
    """A block's chunk of one variable, by its path in the store."""
    sizes = zip(array.metadata.dimension_names, array.chunks, strict=True)
    position = tuple(place[dim].start // size if dim in place else 0 for dim, size in sizes)
    return f"{name}/{array.metadata.encode_chunk_key(position)}"


def _words(error: Exception) -> str:
    """An error of another package on one short line."""
    words = " ".join((error.message if isinstance(error, LeydenError) else words_of(error)).split()).rstrip(": ")
    return words if len(words) <= _LONGEST_REASON else words[: _LONGEST_REASON - 3] + "..."


def _short(path: Path) -> str:
    words = repr(str(path))
    return words if len(words) <= _LONGEST_REASON else "'..." + words[4 - _LONGEST_REASON :]
