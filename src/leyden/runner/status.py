"""How far a study is, and which of its parts are not what was written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from leyden.runner.evaluate import Failure
from leyden.runner.integrity import is_intact, mark_of
from leyden.runner.ledger import Contents, Ledger, Record

__all__ = ["Status", "damaged_files", "status_of"]

# Failures that are told of; the rest is counted.
_MOST_FAILURES = 1000
# Chunks are looked at side by side, because most of the time goes into waiting for a disk; records in portions.
_READERS, _PORTION = 8, 1024


@dataclass(frozen=True)
class Status:
    """How far a study is."""

    blocks: int
    # Finished, and as they were written; then those that are not, and are to be computed again.
    sound: frozenset[int]
    damaged: tuple[int, ...]
    # What else is not as it was written: descriptions of arrays, and coordinates.
    damaged_files: tuple[str, ...]
    points: int
    measured: int
    failed: int
    failures: list[Failure]
    seconds: float

    @property
    def done(self) -> int:
        """Number of sound blocks."""
        return len(self.sound)

    @property
    def is_complete(self) -> bool:
        """Whether every block is done, and all is as it was written."""
        return self.done == self.blocks and not self.damaged_files

    @property
    def is_untouched(self) -> bool:
        """Whether it is as it was begun."""
        return not (self.sound or self.damaged or self.damaged_files)

    @property
    def words(self) -> str:
        """How far it is, for messages."""
        damage = f", {len(self.damaged)} are damaged" if self.damaged else ""
        files = f"; damaged: {self.damaged_files[0]}" if self.damaged_files else ""
        return f"{self.done} of {self.blocks} blocks are done{damage}{files}"


def status_of(path: Path, ledger: Ledger, *, thorough: bool) -> Status:
    """How far the study in a store is."""
    contents = ledger.read()
    look = partial(_looked_at, path, thorough)
    sound, damaged, failures = set[int](), list[int](), list[Failure]()
    measured, failed, seconds = 0, 0, 0.0
    records = ledger.records(contents)
    with ThreadPoolExecutor(_READERS) as threads:
        while portion := list(islice(records, _PORTION)):
            for number, record in threads.map(look, portion):
                if record is None:
                    damaged.append(number)
                    continue
                sound.add(number)
                measured, failed, seconds = measured + record.points, failed + record.failed, seconds + record.seconds
                failures += record.failures[: _MOST_FAILURES - len(failures)]
    totals = contents.blocks.count, frozenset(sound), tuple(damaged), damaged_files(path, contents)
    return Status(*totals, contents.blocks.points, measured, failed, failures, seconds)


def _looked_at(path: Path, thorough: bool, entry: tuple[int, Record | None]) -> tuple[int, Record | None]:
    """The same, without its record where a chunk of it is not as it was written."""
    number, record = entry
    if record is None or not all(
        is_intact(path / chunk, mark, thorough=thorough) for chunk, mark in record.chunks.items()
    ):
        return number, None
    return number, record


def damaged_files(path: Path, contents: Contents) -> tuple[str, ...]:
    """What is not as it was written when the store was begun."""
    return tuple(name for name, mark in contents.files.items() if mark_of(path / name) != mark)
