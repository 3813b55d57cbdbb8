"""What a case is: work, stated in words, and what each contender made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measure import Timing, clocked, largest_error, repeated

Merits = tuple[Any, Any]
"""Stored energy and ergotropy of the battery, in hbar omega_0."""


@dataclass(frozen=True)
class Contender:
    """One way to do a case's work.

    `solve` is timed; `read` takes the merits out of what it returned and is not.
    """

    name: str
    solve: Callable[[], Any]
    read: Callable[[Any], Merits] = lambda answer: answer
    target: float | None = None
    once: bool = False

    def measured(self, exact: Merits, *, quick: bool, share: int = 1) -> Result:
        """Time and error; `share` devices divide the time among them."""
        answers: list[Any] = []

        def solve() -> None:
            answers[:] = [self.solve()]

        timing = Timing.of([clocked(solve)]) if self.once else repeated(solve, quick=quick)
        error = largest_error(self.read(answers[0]), exact)
        return Result(self.name, timing.shared_by(share), error, target=self.target)


@dataclass(frozen=True)
class Result:
    """Time in seconds, largest relative error, peak memory in bytes, and the time that we set ourselves as target."""

    contender: str
    timing: Timing | None
    error: float | None = None
    memory: float | None = None
    target: float | None = None
    note: str = ""

    def record(self, ours: Result) -> dict[str, Any]:
        """The result as JSON, with its time over that of our public function."""
        timed = self.timing is not None and ours.timing is not None
        ratio = self.timing.best / ours.timing.best if timed else None
        return asdict(self) | {"ratio_to_leyden": ratio}


@dataclass(frozen=True)
class Case:
    """A piece of work; `run` returns the results, those of our public function first."""

    name: str
    work: str
    run: Callable[[bool], list[Result]]
