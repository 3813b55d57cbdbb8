"""What a case is: work, stated in words, and what each contender made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measure import Timing, clocked, largest_error, sampled

Merits = tuple[Any, Any]
"""Stored energy and ergotropy of the battery, in hbar omega_0."""

# Contenders take turns, so that a busy minute of the machine meets all of them.
ROUNDS, QUICK_ROUNDS = 8, 2
TURN = 0.25


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


def compared(contenders: list[Contender], exact: Merits, *, quick: bool, share: int = 1) -> list[Result]:
    """Time and error of each contender; `share` devices divide the time among them."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    answers: dict[str, Any] = {}
    for contender in contenders:  # the first run loads what is loaded once; it counts for those that run once
        first = clocked(lambda one=contender: answers.update({one.name: one.solve()}))
        if contender.once:
            seconds[contender.name] = [first]
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for contender in contenders:
            if not contender.once:
                seconds[contender.name] += sampled(contender.solve, TURN)
    return [
        Result(
            contender.name,
            Timing.of(seconds[contender.name]).shared_by(share),
            largest_error(contender.read(answers[contender.name]), exact),
            target=contender.target,
        )
        for contender in contenders
    ]


@dataclass(frozen=True)
class Case:
    """A piece of work; `run` returns the results, those of our public function first."""

    name: str
    work: str
    run: Callable[[bool], list[Result]]
