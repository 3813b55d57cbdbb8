"""Standard streams as a command finds them: closed by a daemon, gone with a terminal, on a disk that is full.

What stands on stdout is what was asked for: where it cannot be written the command has failed. What stands on stderr is
said beside it: where it cannot be written it is not said, and nothing else changes.
"""

from __future__ import annotations

import atexit
import errno
import io
import os
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from leyden.text import one_line

__all__ = ["Bystander", "ready", "tell", "warnings_told"]

_DESCRIPTORS = (0, 1, 2)


class _Closed(io.TextIOBase):
    """In the place of a standard output that is closed: whoever prints is told so."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def writable(self) -> bool:
        """It is meant to be."""
        return True

    def write(self, text: str, /) -> int:
        """Refuse, unless there is nothing to write."""
        if text:
            raise OSError(errno.EBADF, "standard output is closed; send it to a file, or to /dev/null")
        return 0


class Bystander:
    """A stream whose failures are no failures of the command; for progress and messages."""

    has_failed = False

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write what can be written."""
        try:
            self._stream.write(text)
        except (OSError, ValueError):
            Bystander.has_failed = True
        return len(text)

    def flush(self) -> None:
        """Send on what can be sent on."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            Bystander.has_failed = True


def _let_go() -> None:
    """Turn stderr to nowhere if it could not be written: else Python tries once more as it ends, and fails with 120."""
    if Bystander.has_failed and sys.stderr is not None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def ready() -> None:
    """Give this process the standard streams that it lacks: a null device for stderr, a refusal for stdout."""
    # Their numbers are taken, too: else the next file that is opened would be the one that everybody prints to.
    for descriptor in _DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            with suppress(OSError):
                # The lowest free number, which is this one.
                os.open(os.devnull, os.O_RDWR)
    atexit.unregister(_let_go)
    atexit.register(_let_go)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = _Closed()


def tell(text: str) -> None:
    """Say something on stderr, if anybody listens."""
    if sys.stderr is not None:
        stream = Bystander(sys.stderr)
        stream.write(one_line(text) + "\n")
        stream.flush()


@contextmanager
def warnings_told() -> Generator[None]:
    """Say warnings as what they are, one line each: where in the code they arose helps nobody at a command line."""

    def told(message: Warning | str, *_: Any, **__: Any) -> None:
        tell(f"Warning: {message}")

    with warnings.catch_warnings():
        warnings.showwarning = told
        yield
