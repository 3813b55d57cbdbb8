"""From a TOML file to its tables, with limits that are looked at before anything is parsed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from leyden.errors import ParameterError
from leyden.model.files.faults import Source

__all__ = ["document_of", "source_of"]


def source_of(path: str | os.PathLike[str], kind: str, largest: int, remedies: tuple[str, str] = ("", "")) -> Source:
    """A file's text, never more than the largest that is read: a pipe or a device may have no end."""
    if not isinstance(path, (str, os.PathLike)):
        raise ParameterError.of("path", f"be the path of a {kind}, a string or a pathlib.Path", path)
    source = Source(str(path), kind=kind)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(largest + 1)
            size = os.fstat(file.fileno()).st_size
    except (OSError, ValueError) as error:  # a ValueError: the path holds a null byte
        reason = str(getattr(error, "strerror", None) or error)
        raise source.as_a_whole(f"cannot be read: {reason.lower()}") from None
    if len(raw) > largest:
        # What has no end, as a pipe, tells no size of its own.
        found = f"has {size / 2**20:.1f} MiB, more than" if size > largest else "goes on for more than"
        limit = f"{largest // 2**20}" if size > largest else f"{largest // 2**20} MiB"
        raise source.as_a_whole(f"{found} {limit}", remedies[0])
    if not raw.strip():
        raise source.as_a_whole("is empty", remedies[1])
    if b"\0" in raw:
        raise source.as_a_whole("is no text: it holds null bytes")
    try:
        return Source(str(path), raw.decode("utf-8-sig"), kind)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise source.as_a_whole(f"is not UTF-8 text (line {line})", "Save it as UTF-8.") from None


def document_of(source: Source) -> dict[str, Any]:
    """Tables of a TOML text."""
    import tomllib

    from leyden.model.files.lines import MOST_PARTS, line_of_long_key

    line = line_of_long_key(source.text)
    if line is not None:
        found = f"has a key of more than {MOST_PARTS} dotted parts (line {line})"
        raise source.as_a_whole(found, "Quote a name that holds dots.")
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        raise source.as_a_whole("is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        reason = " ".join(str(error).split())
        raise source.as_a_whole(f"is not TOML: {reason[:1].lower()}{reason[1:]}") from None
    except ValueError:
        raise source.as_a_whole("holds a number of thousands of digits") from None
