"""Signals that end a command: it takes its half-written files with it, and says how to go on."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import time
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Ended", "heeded", "hush", "status_of", "verb_of"]

_NAMES = {"SIGTERM": "terminated", "SIGHUP": "hung up"}
# A closing terminal says so twice, and who is told to end must be able to tidy up; but not for ever.
_SECONDS_TO_TIDY = 2.0
_INTERRUPTED = 130


class Ended(KeyboardInterrupt):
    """A signal to end, on the way that an interrupt takes."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def status_of(error: KeyboardInterrupt) -> int:
    """Exit status of a command that was told to end: 128 and the signal's number, as shells have it."""
    return 128 + error.number if isinstance(error, Ended) else _INTERRUPTED


def verb_of(error: KeyboardInterrupt) -> str:
    """What happened to a command that was told to end."""
    return _NAMES[signal.Signals(error.number).name] if isinstance(error, Ended) else "interrupted"


def hush() -> None:
    """Let what was half-begun go in silence: of that the event loop of a store complains when this process ends."""
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


@contextmanager
def heeded() -> Generator[None]:
    """In the block, signals to end raise `Ended`; those that are ignored, as `nohup` has it, stay so."""
    last = [float("-inf")]

    def is_again() -> bool:
        now = time.monotonic()
        is_soon, last[0] = now - last[0] < _SECONDS_TO_TIDY, now
        return is_soon

    def end(number: int, _: FrameType | None) -> None:
        if not is_again():
            raise Ended(number)

    def end_late(number: int, _: FrameType | None) -> None:
        # On the way out nobody catches what is raised.
        if not is_again():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    found = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    changed = [number for number in found if signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in changed:
            signal.signal(number, end)
        yield
    finally:
        is_over = last[0] > float("-inf")
        for number in changed:
            signal.signal(number, end_late if is_over else signal.SIG_DFL)
            if is_over:
                # Python hands signals back to the system before it is quite gone.
                atexit.register(signal.signal, number, signal.SIG_IGN)
