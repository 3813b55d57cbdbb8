"""Files that appear whole or not at all: written under a temporary name beside the final one, then renamed."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from leyden.errors import ParameterError
from leyden.interrupts import unbroken

__all__ = ["atomic_path", "reason_of", "refuse_unwritable"]


def reason_of(error: OSError) -> str:
    """The system's words for an error, without number and path."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def _final(path: str | os.PathLike[str], name: str) -> Path:
    """The file meant, behind any symbolic link; refused where a regular file cannot stand or must not be replaced."""
    if not isinstance(path, (str, os.PathLike)):
        raise ParameterError.of(name, "be the path of a file, a string or a pathlib.Path", path)
    found: os.stat_result | None = None
    try:
        final = Path(path).resolve()
        is_folder_there = final.parent.is_dir()
        with suppress(FileNotFoundError):
            found = final.stat()
    except (OSError, RuntimeError, ValueError) as error:
        # A loop of links is a RuntimeError before Python 3.13, an embedded null byte a ValueError.
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise _refusal(name, path, reason) from None
    if not is_folder_there:
        raise _refusal(name, path, f"the folder {str(final.parent)!r} does not exist", "Create it first.")
    if found is not None and not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no regular file"
        raise _refusal(name, path, f"that is {kind}", "Name a file.")
    if found is not None and not os.access(final, os.W_OK):
        raise _refusal(name, path, "that file is read-only", "Name another file, or make it writable.")
    return final


def _refusal(name: str, path: object, reason: str, remedy: str = "") -> ParameterError:
    return ParameterError.of(name, f"be a file that can be written ({reason})", str(path), remedy)


def _beside(final: Path) -> Path:
    """A name of its own in the same folder."""
    # The suffix stays, because writers choose a format by it; the rest is short, because the final name may not be.
    import secrets  # and all of OpenSSL with it, which reading a device does not need

    return final.with_name(f".leyden-{secrets.token_hex(6)}.part{final.suffix}")


def _create(temporary: Path, final: Path, name: str, path: object) -> None:
    """An empty file with the permissions that the final one has or would get."""
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise _refusal(name, path, reason_of(error)) from None
    with suppress(OSError):
        temporary.chmod(stat.S_IMODE(final.stat().st_mode))


@contextmanager
def atomic_path(path: str | os.PathLike[str], *, name: str = "path") -> Generator[Path]:
    """A temporary file beside `path`, which takes its name when the block ends without an exception."""
    final = _final(path, name)
    temporary = _beside(final)
    # Created inside the try: an interrupt between creation and use must find the file cleaned up.
    try:
        # With the suffix and the permissions of the file to come; ParameterError if it cannot be written there.
        _create(temporary, final, name, path)
        yield temporary
        _flush(temporary)
        os.replace(temporary, final)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _flush(temporary: Path) -> None:
    """Bytes on disk before the new name is: else a power cut could leave the name without them."""
    handle = os.open(temporary, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_unwritable(path: str | os.PathLike[str], *, name: str = "path") -> None:
    """Refuse a file that `atomic_path` could not write, before anything is computed for it."""
    final = _final(path, name)
    temporary = _beside(final)
    with unbroken(), suppress(OSError):
        _create(temporary, final, name, path)
        temporary.unlink()
