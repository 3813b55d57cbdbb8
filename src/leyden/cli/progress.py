"""Progress of long commands, on stderr: a line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from leyden.text import one_line

__all__ = ["on_stderr"]


def _message(parts: tuple[object, ...]) -> str:
    *words, done, total = parts if len(parts) > 2 else (*parts, None, None)
    if isinstance(done, int) and isinstance(total, int):
        return one_line(f"{' '.join(map(str, words))} ({done} of {total} done)")
    return one_line(" ".join(map(str, parts)))


@contextmanager
def on_stderr(title: str) -> Generator[Callable[..., None]]:
    """Show what a long command is doing.

    Parameters
    ----------
    title : str
        What it does, for the time before its first step.

    Yields
    ------
    callable
        Takes the words of a message; two numbers at its end are steps done and steps in all.
    """
    console = Console(file=sys.stderr, highlight=False)
    start = time.monotonic()

    if console.is_terminal:
        with console.status(title) as status:
            yield lambda *parts: status.update(Text(f"{title}: {_message(parts)}"))
    else:
        yield lambda *parts: print(f"{title}: {_message(parts)}", file=sys.stderr)
    print(f"{title}: done in {time.monotonic() - start:.1f} s", file=sys.stderr)
