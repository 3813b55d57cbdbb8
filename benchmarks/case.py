"""What a case is: work, stated in words, the contenders that do it, and what each made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measure import Timing
from benchmarks.settings import Setting

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
    rivals : tuple of (str, float)
        Contenders of the same size, and how many times as fast as each we ask ourselves to be.
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
    rivals: tuple[tuple[str, float], ...] = ()
    compiles: bool = False
    remark: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Result:
    """What a contender needed: seconds, bytes beyond those held before, and how far off it was.

    `processor` is the least processor time of a run, all threads together: where that is far below the best time, other
    programs had the machine; where it is above, the contender used several cores. `timing` is None where there is
    none: `note` says why. `setting` names the threads and the commit, where they are not one thread and this checkout.
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
    rivals: tuple[tuple[str, float], ...] = ()
    setting: str = ""

    def record(self, ours: Result) -> dict[str, Any]:
        """The result as JSON, with its time over that of our public function."""
        return {name: value for name, value in asdict(self).items() if name != "rivals"} | {
            "ratio_to_leyden": _ratio(self, ours)
        }

    def asked(self, others: list[Result]) -> list[str]:
        """What became of the ratios that we ask for, in words; nothing of those that were not measured."""
        found: list[str] = []
        for name, factor in self.rivals if not self.setting else ():
            for other in others:
                if other.contender == name and (ratio := _ratio(other, self)) is not None:
                    wish = f"{factor:g} times as fast as" if factor >= 1 else f"at most {1 / factor:g} times as long as"
                    told = ratio if factor >= 1 else 1 / ratio
                    found.append(f"asked: {wish} {name}; {told:.3g}, {'met' if ratio >= factor else 'missed'}")
        return found


def _ratio(one: Result, other: Result) -> float | None:
    """Best time of one over that of another."""
    return one.timing.best / other.timing.best if one.timing is not None and other.timing is not None else None


def records(results: list[Result]) -> list[dict[str, Any]]:
    """Results as JSON, each over the first of its size, which is ours."""
    groups: dict[int | None, list[Result]] = {}
    for result in results:
        groups.setdefault(result.size, []).append(result)
    return [result.record(groups[result.size][0]) | {"asked": result.asked(groups[result.size])} for result in results]


@dataclass(frozen=True)
class Case:
    """A piece of work: contenders that a common procedure compares, or `run` for a procedure of its own.

    Both take whether the run is a quick one, and a procedure the settings, each of which our own lines are measured
    under. Our public function comes first.
    """

    name: str
    work: str
    run: Callable[[bool, Sequence[Setting]], list[Result]] | None = None
    contenders: Callable[[bool], list[Contender]] | None = None
