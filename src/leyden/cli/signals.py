"""Signals that end a command: it takes its half-written files with it, and says how to go on."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import time
import warnings
from _thread import start_new_thread
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Ended", "heeded", "hush", "leave", "status_of", "verb_of"]

_NAMES = {"SIGTERM": "terminated", "SIGHUP": "hung up", "SIGINT": "interrupted"}
# What a process has where nobody has asked for anything else.
_USUAL = (signal.SIG_DFL, signal.default_int_handler)
# A closing terminal says so twice, and who is told to end must be able to tidy up; but not for ever.
_SECONDS_TO_TIDY = 2.0
_SECONDS_TO_CLEAR = 0.01
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
    leave()


def leave() -> None:
    """From now on this process ends by itself: a signal would interrupt nothing, but show what Python is at."""
    for number, listener in _listeners().items():
        listener.leave()
        signal.signal(number, listener.end_late)


def untold() -> Ended | None:
    """What was raised while the command ran, if nobody has told of it."""
    raised = [listener.raised for listener in _listeners().values()]
    return raised[0] if raised else None


class _Listener:
    """What is done on signals to end: the first one is raised, and more of them within a moment are no news."""

    def __init__(self) -> None:
        self._last = float("-inf")
        self.raised: Ended | None = None

    @property
    def is_over(self) -> bool:
        """Whether this process is about to end."""
        return self._last > float("-inf")

    def leave(self) -> None:
        """All is told, and soon over."""
        self._last, self.raised = time.monotonic(), None

    def _is_again(self) -> bool:
        now = time.monotonic()
        if now - self._last < _SECONDS_TO_TIDY:
            return True
        self._last = now
        return False

    def end(self, number: int, _: FrameType | None) -> None:
        """While the command runs."""
        if not self._is_again():
            self.raised = Ended(number)
            raise self.raised

    def hear_again(self, number: int) -> None:
        """What was raised where nothing can be raised, while Python cleared something away, is raised soon after."""
        self._last = float("-inf")

        def soon() -> None:
            time.sleep(_SECONDS_TO_CLEAR)
            os.kill(os.getpid(), number)

        # A thread of `threading` takes locks, which may be taken at that very moment.
        start_new_thread(soon, ())

    def end_late(self, number: int, _: FrameType | None) -> None:
        """On the way out, where nobody catches what is raised."""
        if not self._is_again():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)


def _numbers() -> list[int]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _listeners() -> dict[int, _Listener]:
    """Who listens to each signal to end, as long as they interrupt the command."""
    owners = {number: getattr(signal.getsignal(number), "__self__", None) for number in _numbers()}
    return {number: owner for number, owner in owners.items() if isinstance(owner, _Listener)}


@contextmanager
def heeded() -> Generator[None]:
    """In the block, signals to end raise `Ended`; those that are ignored, as `nohup` has it, stay so."""
    listener, shown = _Listener(), sys.unraisablehook

    def show(lost: Any) -> None:
        if isinstance(lost.exc_value, Ended):
            listener.hear_again(lost.exc_value.number)
        else:
            shown(lost)

    found = {number: signal.getsignal(number) for number in _numbers()}
    changed = {number: found[number] for number in found if found[number] in _USUAL}
    try:
        sys.unraisablehook = show
        for number in changed:
            signal.signal(number, listener.end)
        yield
    finally:
        sys.unraisablehook = shown
        for number, before in changed.items():
            signal.signal(number, listener.end_late if listener.is_over else before)
            if listener.is_over:
                # Python hands signals back to the system before it is quite gone.
                atexit.register(signal.signal, number, signal.SIG_IGN)
