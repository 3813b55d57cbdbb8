"""How what was written is known again: a sum over the bytes of each file and of each record of the ledger."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["Mark", "flush", "is_intact", "mark_of", "mark_of_chunk", "sealed", "unsealed"]

# Length of a file in bytes, and its CRC32C.
Mark = tuple[int, int]

_SEAL = "crc32c"
# Zarr's codec of that name puts the sum of a chunk after it.
_SUM_BYTES = 4


def _sum_of(data: bytes) -> int:
    """CRC32C by whichever package this release of Zarr brings along."""
    with suppress(ImportError):
        return import_module("google_crc32c").value(data)
    return import_module("crc32c").crc32c(data)


def sealed(record: Mapping[str, Any]) -> str:
    """A record as JSON that can be told from a damaged one."""
    return json.dumps({**record, _SEAL: _sum_of(json.dumps(record).encode())})


def unsealed(text: str) -> dict[str, Any]:
    """The record that was sealed; ValueError if it is no such record, or not as it was written."""
    try:
        record: Any = json.loads(text)
        seal = record.pop(_SEAL)
        is_whole = seal == _sum_of(json.dumps(record).encode())
    except (AttributeError, KeyError, TypeError, RecursionError):
        is_whole, record = False, {}
    if not is_whole:
        raise ValueError("it is not what was written")
    return record


def mark_of(file: Path) -> Mark | None:
    """What a file is known by; None if there is none."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return len(data), _sum_of(data)


def mark_of_chunk(file: Path) -> Mark | None:
    """What a chunk is known by that Zarr has written: its length, and the sum that ends it."""
    try:
        handle = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return None  # Zarr writes no chunk of which all is empty
    try:
        # On the disk before the ledger speaks of it.
        os.fsync(handle)
        length = os.fstat(handle).st_size
        os.lseek(handle, max(0, length - _SUM_BYTES), os.SEEK_SET)
        return length, int.from_bytes(os.read(handle, _SUM_BYTES), "little")
    finally:
        os.close(handle)


def is_intact(file: Path, mark: Mark | None, *, thorough: bool) -> bool:
    """Whether a chunk is what was written: every byte of it where that is thorough, else length and sum alone."""
    try:
        if mark is None:
            return not file.exists()
        if file.stat().st_size != mark[0]:
            return False
        with file.open("rb") as stream:
            stream.seek(0 if thorough else max(0, mark[0] - _SUM_BYTES))
            data = stream.read()
    except OSError:
        return False
    if int.from_bytes(data[-_SUM_BYTES:], "little") != mark[1]:
        return False
    return not thorough or _sum_of(data[:-_SUM_BYTES]) == mark[1]


def flush(folder: Path) -> None:
    """See the names in a folder to the disk, where the system can."""
    # Windows opens no folders, and some network file systems do not flush them.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
