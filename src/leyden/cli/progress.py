"""Progress of long commands, on stderr: a line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from leyden.cli.streams import Bystander, tell
from leyden.text import one_line

__all__ = ["Pauses", "on_stderr"]

# Where stderr is no terminal a line of progress stays, so that there should not be many.
_SECONDS_BETWEEN_LINES = 5.0
_SECONDS_BETWEEN_CHANGES = 0.1


class Pauses:
    """When to tell again how far a command is: at once, then not too often, and at its end."""

    def __init__(self) -> None:
        self.pause = (
            _SECONDS_BETWEEN_CHANGES if sys.stderr is not None and sys.stderr.isatty() else _SECONDS_BETWEEN_LINES
        )
        self.last = -self.pause

    def is_over(self, done: int, total: int) -> bool:
        """Whether it is time to tell that so much of all is done."""
        now = time.monotonic()
        if now - self.last < self.pause and done < total:
            return False
        self.last = now
        return True


def _message(parts: tuple[object, ...]) -> str:
    *words, done, total = parts if len(parts) > 2 else (*parts, None, None)
    if isinstance(done, int) and isinstance(total, int):
        return one_line(f"{' '.join(map(str, words))} ({done} of {total} done)")
    return one_line(" ".join(map(str, parts)))


@contextmanager
def on_stderr(title: str) -> Generator[Callable[..., None]]:
    """Show what a long command is doing."""
    start = time.monotonic()
    # A terminal that is gone ends no sweep. Rich takes a missing file for standard output.
    listener: Any = Bystander(sys.stderr if sys.stderr is not None else io.StringIO())
    console = Console(file=listener, highlight=False)
    if console.is_terminal:
        with console.status(title) as status:
            yield lambda *parts: status.update(Text(f"{title}: {_message(parts)}"))
    else:
        yield lambda *parts: tell(f"{title}: {_message(parts)}")
    tell(f"{title}: done in {time.monotonic() - start:.1f} s")
