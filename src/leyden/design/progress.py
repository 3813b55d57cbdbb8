"""How far a search is."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from leyden.design.landscape import Landscape
from leyden.design.sampler import Sampler
from leyden.errors import ParameterError

__all__ = ["Progress", "Teller", "listener_of"]

# Seconds between two lines about one local search.
_PAUSE = 0.1


@dataclass(frozen=True)
class Progress:
    """How far a search is.

    Parameters
    ----------
    starts, started : int
        Local searches in all, 0 while the scan goes on, and those that have begun.
    evaluations, budget : int
        Devices measured, and how many may be.
    best : float
        The best merit so far, NaN before there is one.
    """

    starts: int
    started: int
    evaluations: int
    budget: int
    best: float

    def __str__(self) -> str:
        where = f"search {self.started} of {self.starts}" if self.started else "scan"
        return f"{where}, {self.evaluations} devices measured, best {self.best:.6g}"


class Teller:
    """Tells how far a search is: at every local search, and between at most some times a second."""

    def __init__(self, listener: Callable[[Progress], object] | None, sampler: Sampler) -> None:
        self._listener, self._sampler = listener, sampler
        self._last = -_PAUSE
        self.starts = self.started = 0
        self.land: Landscape | None = None
        if listener is not None:
            sampler.listener = self.tell_now_and_then

    def tell_now_and_then(self) -> None:
        """Tell, unless that was done a moment ago."""
        if time.monotonic() - self._last >= _PAUSE:
            self.tell()

    def tell(self) -> None:
        """Tell."""
        if self._listener is None:
            return
        best = self.land.best if self.land is not None else None
        merit = float(best.sample.numbers[0, 0]) if best is not None else math.nan
        told = Progress(self.starts, self.started, self._sampler.evaluations, self._sampler.budget, merit)
        self._listener(told)
        self._last = time.monotonic()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if isinstance(self._listener, _Line):
            self._listener.close()


def listener_of(progress: Any) -> Callable[[Progress], object] | None:
    """Whom to tell: a function, a line on standard error for True, nobody for None and False."""
    if progress is None or progress is False:
        return None
    if progress is True:
        return _Line()
    if not callable(progress):
        raise ParameterError.of("progress", "be a function of a Progress, True for a line on stderr, or None", progress)
    return progress


class _Line:
    """A line on standard error that changes on a terminal, and is written once a search elsewhere."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, told: Progress) -> None:
        stream = sys.stderr
        if stream is None:
            return
        try:
            if stream.isatty():
                stream.write(f"\r\x1b[Koptimize: {told}")
                stream.flush()
            elif told.started != self._last:
                stream.write(f"optimize: {told}\n")
                self._last = told.started
        except (OSError, ValueError):
            return  # a terminal that is gone ends no search

    def close(self) -> None:
        """End the line."""
        try:
            if sys.stderr is not None and sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")
        except (OSError, ValueError):
            return
