"""The ledger of a store: which study it holds, and which of its blocks are done.

A folder with `study.json`, what the study is and what stands in the store from the beginning; one small file for each
finished block, with what it wrote, itself written after the block's results and under its final name in one step; and
`lock`, which whoever writes has. A block without its file is not done, whatever its chunks hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leyden.atomic import atomic_path, reason_of
from leyden.errors import ParameterError
from leyden.runner.division import Blocks
from leyden.runner.evaluate import Failure, Outcome
from leyden.runner.integrity import Mark, sealed, unsealed
from leyden.runner.locks import LOCK, locked
from leyden.text import bounded

__all__ = ["Contents", "Ledger", "Record"]

_FORMAT = 2
_STUDY = "study.json"
_OTHER_FORMAT = re.compile(r'{"format": (\d{1,9})[,}]', re.ASCII)
_BLOCK = re.compile(r"block-(0|[1-9]\d{0,17})\.json", re.ASCII)


@dataclass(frozen=True)
class Contents:
    """What a store holds from the beginning."""

    study: Mapping[str, str]
    blocks: Blocks
    # In the measure's order, which Zarr does not keep.
    variables: list[str]
    # All files beside the results, by their path in the store: descriptions of arrays, and coordinates.
    files: Mapping[str, Mark]


@dataclass(frozen=True)
class Record:
    """What the ledger knows of a finished block."""

    points: int
    failed: int
    seconds: float
    failures: list[Failure]
    # One of each variable, by its path in the store; None where all was empty, of which Zarr makes no file.
    chunks: Mapping[str, Mark | None]


@dataclass(frozen=True)
class Ledger:
    """Folder in which a store keeps count, and the store, as messages call it."""

    path: Path
    store: Path

    def begin(self, contents: Contents) -> None:
        """Write down which study this is."""
        blocks = contents.blocks
        record = {"format": _FORMAT, "study": dict(contents.study), "sizes": blocks.sizes, "chunks": blocks.chunks}
        self._write(_STUDY, {**record, "variables": contents.variables, "files": dict(contents.files)})

    def read(self) -> Contents:
        """Which study this is, as `begin` took it."""
        remedy = "Name another folder, or remove this one."
        try:
            return _contents(_record_in(self.path / _STUDY))
        except (FileNotFoundError, NotADirectoryError):
            reason, remedy = "it has no ledger", "Name a folder that does not exist yet, or remove this one."
            if not self.store.exists():
                reason, remedy = "there is none of that name", ""
        except OSError as error:
            reason, remedy = f"its ledger cannot be read: {reason_of(error)}", ""
        except _FormatError as error:
            reason = str(error)
            remedy = "xarray's open_zarr reads its numbers; name another folder to measure them anew."
        except ValueError as error:
            reason = f"its ledger is damaged: {bounded(str(error), 60)}"
            remedy = "Restore ledger/study.json from a copy, or remove the folder and begin anew."
        raise ParameterError.of("store", f"be a store of leyden's ({reason})", str(self.store), remedy)

    def record(
        self, number: int, points: int, outcome: Outcome, seconds: float, chunks: Mapping[str, Mark | None]
    ) -> None:
        """Write down that a block is done."""
        failures = [asdict(failure) for failure in outcome.failures]
        record = {"points": points, "failed": outcome.failed, "seconds": seconds, "failures": failures}
        self._write(f"block-{number}.json", {**record, "chunks": dict(chunks)})

    @contextmanager
    def held(self) -> Generator[None]:
        """The store for this process alone, until the block ends or the process does, in whatever way."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.path / LOCK.name))
            except BlockingIOError:
                allowed = "be written to by one sweep at a time, and another is at it"
                raise ParameterError.of("store", allowed, str(self.store), "Wait for it.") from None
            except OSError as error:
                allowed = f"be a folder that can be written to ({reason_of(error)})"
                raise ParameterError.of("store", allowed, str(self.store)) from None
            yield

    def _write(self, name: str, record: Mapping[str, Any]) -> None:
        with atomic_path(self.path / name, name="store") as temporary:
            temporary.write_text(sealed(record), encoding="utf-8")

    def _files(self) -> Iterator[tuple[int, Path]]:
        for file in self.path.iterdir():
            if name := _BLOCK.fullmatch(file.name):
                yield int(name[1]), file

    def done(self) -> set[int]:
        """Numbers of the blocks that have a file, whatever is in it."""
        return {number for number, _ in self._files()}

    def records(self, contents: Contents) -> Iterator[tuple[int, Record | None]]:
        """What the ledger says of each block of the study that it has a file of."""
        # One at a time: a study of a billion points has thousands, each with failures of its own.
        for number, file in sorted(self._files()):
            if number >= contents.blocks.count:
                continue
            try:
                yield number, _record(_record_in(file), contents, number)
            except (OSError, ValueError):
                yield number, None


class _FormatError(ValueError):
    """A ledger of another version of leyden."""


def _record_in(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    try:
        return unsealed(text)
    except ValueError:
        # The first format had no seal, and a later one may have another.
        other = _OTHER_FORMAT.match(text) if file.name == _STUDY else None
        if other and int(other[1]) != _FORMAT:
            raise _FormatError(f"its format is {other[1]}, known is {_FORMAT}") from None
        raise


def _contents(record: Mapping[str, Any]) -> Contents:
    """A study's record in its form; ValueError where it has another one."""
    try:
        if record["format"] != _FORMAT:
            raise _FormatError(f"its format is {record['format']}, known is {_FORMAT}")
        sizes, chunks = dict(record["sizes"]), dict(record["chunks"])
        lengths = [*sizes.values(), *chunks.values()]
        _expect(list(sizes) == list(chunks) and all(type(length) is int and length > 0 for length in lengths))
        study, variables = dict(record["study"]), list(record["variables"])
        _expect(all(type(word) is str for word in (*study, *study.values(), *variables)))
        files = {str(name): _mark(mark) for name, mark in record["files"].items()}
        _expect(None not in files.values())
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is no record of a study") from error
    return Contents(study, Blocks(sizes, chunks), variables, {name: mark for name, mark in files.items() if mark})


def _record(record: Mapping[str, Any], contents: Contents, number: int) -> Record:
    """A block's record in its form; ValueError where it has another one."""
    try:
        points, failed, seconds = record["points"], record["failed"], record["seconds"]
        _expect(points == contents.blocks.points_in(number))
        _expect(type(failed) is int and 0 <= failed <= points and math.isfinite(seconds))
        failures = [Failure(dict(failure["parameters"]), str(failure["reason"])) for failure in record["failures"]]
        chunks = {str(name): _mark(mark) for name, mark in record["chunks"].items()}
        _expect({chunk.partition("/")[0] for chunk in chunks} == set(contents.variables))
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError("it is no record of a block") from error
    return Record(points, failed, float(seconds), failures, chunks)


def _mark(mark: Any) -> Mark | None:
    if mark is None:
        return None
    length, total = mark
    _expect(type(length) is int and type(total) is int and length >= 0)
    return length, total


def _expect(is_so: bool) -> None:
    if not is_so:
        raise ValueError("its entries have another form")
