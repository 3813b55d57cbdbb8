"""What a case is: work, stated in words, the contenders that do it, and what each made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measure import Timing

Merits = tuple[Any, Any]
"""Stored energy and ergotropy, in hbar omega_0: numbers, or arrays over times, devices or modes."""


@dataclass(frozen=True)
class Contender:
    """One way to do a case's work, in a process of its own.

    Parameters
    ----------
    name : str
        Who: the library and what is called of it.
    prepare : function
        Imports, builds what is not the work, and returns the work: a function that is timed.
    judge : function
        Largest relative error of what the work returned; not timed.
    needs : str
        The package that must be there, by its name in the index; "" for none beyond leyden's own.
    how : str
        The setting that was chosen for it, where there was a choice.
    size : int or None
        Modes or devices, where the case grows; contenders of one size are compared with each other.
    share : int
        Parts of the work (devices, times) that the time is divided by.
    target : float or None
        Seconds, for each part, that we ask of ourselves.
    compiles : bool
        The first run compiles: it never counts.
    remark : function or None
        A sentence about what the work returned: which method was chosen, say.
    """

    name: str
    prepare: Callable[[], Callable[[], Any]]
    judge: Callable[[Any], float]
    needs: str = ""
    how: str = ""
    size: int | None = None
    share: int = 1
    target: float | None = None
    compiles: bool = False
    remark: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Result:
    """What a contender needed: seconds, bytes beyond those held before, and how far off it was.

    `processor` is the least processor time of a run, all threads together: where that is far below the best time, other
    programs had the machine; where it is above, the contender used several cores. `timing` is None where there is
    none: `note` says why.
    """

    contender: str
    timing: Timing | None
    error: float | None = None
    memory: float | None = None
    target: float | None = None
    note: str = ""
    how: str = ""
    size: int | None = None
    processor: float | None = None

    def record(self, ours: Result) -> dict[str, Any]:
        """The result as JSON, with its time over that of our public function."""
        timed = self.timing is not None and ours.timing is not None
        ratio = self.timing.best / ours.timing.best if timed else None
        return asdict(self) | {"ratio_to_leyden": ratio}


def records(results: list[Result]) -> list[dict[str, Any]]:
    """Results as JSON, each over the first of its size, which is ours."""
    ours: dict[int | None, Result] = {}
    for result in results:
        ours.setdefault(result.size, result)
    return [result.record(ours[result.size]) for result in results]


@dataclass(frozen=True)
class Case:
    """A piece of work: contenders that a common procedure compares, or `run` for a procedure of its own.

    Both take whether the run is a quick one. Our public function comes first.
    """

    name: str
    work: str
    run: Callable[[bool], list[Result]] | None = None
    contenders: Callable[[bool], list[Contender]] | None = None
