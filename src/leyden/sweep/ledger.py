"""The ledger of a store: which study it holds, and which of its blocks are done.

A folder with `study.json`, what the study is, and one small file for each finished block, written after the block's
results and under its final name in one step. A block without its file is not done, whatever its chunks hold.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any

from leyden.atomic import atomic_path
from leyden.errors import ParameterError
from leyden.sweep.axes import Points
from leyden.sweep.blocks import Blocks
from leyden.sweep.evaluate import Failure, Outcome

__all__ = ["Ledger", "Status", "axes_of", "described", "differences"]

_FORMAT = 1
_STUDY = "study.json"
_AXIS = "axis "
# Failures that are told of; the rest is counted.
_MOST_FAILURES = 1000
_BLOCK = re.compile(r"block-(\d+)\.json")


def described(points: Points) -> dict[str, str]:
    """Axes of a study in words, exact to the last bit.

    Parameters
    ----------
    points : Points
        The axes.

    Returns
    -------
    dict of str to str
    """
    words: dict[str, str] = {}
    for name, axis in points.axes.items():
        values = axis.values
        digest = sha256(f"{axis.dim} {values.dtype.str}".encode() + values.tobytes()).hexdigest()[:16]
        words[f"{_AXIS}{name}"] = f"{len(values)} values from {values[0].item()} to {values[-1].item()} ({digest})"
    # Their order is that of the result's dims.
    return {**words, "order of axes": ", ".join(points.axes)}


def axes_of(study: Mapping[str, str]) -> list[str]:
    """Names of a study's axes.

    Parameters
    ----------
    study : mapping of str to str
        With the words of `described` among others.

    Returns
    -------
    list of str
    """
    return [name.removeprefix(_AXIS) for name in study if name.startswith(_AXIS)]


def differences(found: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """What sets two studies apart, each difference in words.

    Parameters
    ----------
    found : mapping of str to str
        The study of a store.
    wanted : mapping of str to str
        The study asked for.

    Returns
    -------
    list of str
    """
    names = dict.fromkeys([*wanted, *found])
    return [
        f"{name} was {found.get(name, 'absent')}, is {wanted.get(name, 'absent')}"
        for name in names
        if found.get(name) != wanted.get(name)
    ]


@dataclass(frozen=True)
class Status:
    """How far a study is.

    Parameters
    ----------
    blocks, done : int
        Number of blocks in all, and finished.
    points, measured, failed : int
        Number of points in all, of those in finished blocks, and of those that failed there.
    failures : list of Failure
        The first of each finished block, at most a thousand.
    seconds : float
        Computing time of the finished blocks, all processes together.
    """

    blocks: int
    done: int
    points: int
    measured: int
    failed: int
    failures: list[Failure]
    seconds: float

    @property
    def is_complete(self) -> bool:
        """Whether every block is done."""
        return self.done == self.blocks


@dataclass(frozen=True)
class Ledger:
    """Folder in which a store keeps count.

    Parameters
    ----------
    path : Path
        The folder.
    store : Path
        The store, as messages call it.
    """

    path: Path
    store: Path

    def begin(self, study: Mapping[str, str], blocks: Blocks, variables: Sequence[str]) -> None:
        """Write down which study this is.

        Parameters
        ----------
        study : mapping of str to str
            What makes it this study and no other.
        blocks : Blocks
            Its division.
        variables : sequence of str
            Of the result, in the measure's order, which Zarr does not keep.
        """
        record = {"format": _FORMAT, "study": study, "sizes": blocks.sizes, "chunks": blocks.chunks}
        self._write(_STUDY, {**record, "variables": list(variables)})

    def read(self) -> tuple[dict[str, str], Blocks, list[str]]:
        """Which study this is, its division and its variables, as `begin` took them.

        Raises
        ------
        ParameterError
            If there is no ledger, or none that leyden of this version can read.
        """
        try:
            record = json.loads((self.path / _STUDY).read_text(encoding="utf-8"))
            if record["format"] != _FORMAT:
                raise ValueError(f"its format is {record['format']}, known is {_FORMAT}")
            return dict(record["study"]), Blocks(record["sizes"], record["chunks"]), list(record["variables"])
        except (FileNotFoundError, NotADirectoryError):
            reason, remedy = "it has no ledger", "Name a folder that does not exist yet, or remove this one."
            if not self.store.exists():
                reason, remedy = "there is none of that name", ""
        except OSError as error:
            reason, remedy = f"its ledger cannot be read: {(error.strerror or str(error)).lower()}", ""
        except (ValueError, KeyError, TypeError) as error:
            reason, remedy = f"its ledger is damaged: {error}", "Name another folder, or remove this one."
        raise ParameterError.of("store", f"be a store of leyden's ({reason})", str(self.store), remedy)

    def record(self, number: int, points: int, outcome: Outcome, seconds: float) -> None:
        """Write down that a block is done.

        Parameters
        ----------
        number : int
            The block.
        points : int
            How many it has.
        outcome : Outcome
            What failed in it.
        seconds : float
            What it took.
        """
        failures = [asdict(failure) for failure in outcome.failures]
        record = {"points": points, "failed": outcome.failed, "seconds": seconds, "failures": failures}
        self._write(f"block-{number}.json", record)

    @contextmanager
    def held(self) -> Generator[None]:
        """The store for this process alone, until the block ends or the process does, in whatever way.

        Raises
        ------
        ParameterError
            If another process is at it.
        """
        try:
            import fcntl
        except ImportError:  # not everywhere: then it is up to the user
            yield
            return
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise ParameterError.of(
                "store", "be written to by one sweep at a time, and another is at it", str(self.store), "Wait for it."
            ) from None
        except OSError:
            # Some network file systems have no locks.
            pass
        try:
            yield
        finally:
            os.close(handle)

    def _write(self, name: str, record: Mapping[str, Any]) -> None:
        with atomic_path(self.path / name, name="store") as temporary:
            temporary.write_text(json.dumps(record), encoding="utf-8")

    def _files(self) -> Iterator[tuple[int, Path]]:
        for file in self.path.iterdir():
            if found := _BLOCK.fullmatch(file.name):
                yield int(found[1]), file

    def done(self) -> set[int]:
        """Numbers of the finished blocks."""
        return {number for number, _ in self._files()}

    def status(self) -> Status:
        """How far the study is.

        Raises
        ------
        ParameterError
            As `read`, and if the record of a block is damaged.
        """
        _, blocks, _ = self.read()
        done = measured = failed = 0
        seconds, failures = 0.0, list[Failure]()
        # One record at a time: a study of a billion points has thousands, each with failures of its own.
        for _, file in sorted(self._files()):
            try:
                record = json.loads(file.read_text(encoding="utf-8"))
                done, measured, failed = done + 1, measured + record["points"], failed + record["failed"]
                seconds += record["seconds"]
                room = _MOST_FAILURES - len(failures)
                failures += [Failure(**failure) for failure in record["failures"][:room]]
            except (ValueError, KeyError, TypeError):
                raise ParameterError.of(
                    "store",
                    f"have a ledger in order ({file.name} in it is damaged)",
                    str(self.store),
                    "Remove that file and resume: its block is computed again.",
                ) from None
        points = prod(blocks.sizes.values())
        return Status(blocks.count, done, points, measured, failed, failures, seconds)
