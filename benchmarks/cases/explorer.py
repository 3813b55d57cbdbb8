"""The explorer over loopback: its first answer, a slider that moves, a map, and fifty readers at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks import words
from benchmarks.case import Case, Result
from benchmarks.contenders import device, explorer
from benchmarks.measure import Timing, largest_error, version_of
from benchmarks.settings import Setting
from leyden import closed_form

READERS, LONG, SHORT = 50, 30.0, 2.0
RUNS, QUICK_RUNS, STARTS = 60, 5, 5


def _first_answer(setting: Setting) -> float:
    """Seconds from the command to the first answer."""
    start = time.perf_counter()
    with explorer.served(setting.environment()) as server:
        explorer.curves(server.connection(), explorer.DRIVES[0])
        return time.perf_counter() - start


def _error_of_curves(found: dict[str, Any], drive: float) -> float:
    exact = device.exact_curve(device.Setting(drive, explorer.DAMPING), np.asarray(found["time"]))
    return largest_error((found["stored_energy"], found["ergotropy"]), exact)


def _error_of_plane(found: dict[str, Any]) -> float:
    drive, damping = np.meshgrid(found["x"], found["y"])
    exact = closed_form.steady_ergotropy(
        closed_form.DirectedDevice(
            drive=drive,
            total_charger_damping=damping + 0.5,
            total_battery_damping=explorer.DAMPING + 0.5,
            transport_rate=0.5,
        )
    )
    return largest_error((np.asarray(found["values"], dtype=float),), (exact,))


def _repeated(work: Callable[[], Any], runs: int) -> tuple[Timing, Any]:
    """Times of runs after a first one, and what the last one found."""
    work()
    seconds: list[float] = []
    found: Any = None
    for _ in range(runs):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    return Timing.of(seconds), found


def _crowd(load: explorer.Load, setting: Setting) -> list[Result]:
    after, _, end = load.memory
    growth = None if after is None or end is None else max(0.0, end - after)
    memory = "" if end is None or after is None else f"; the server holds {words.size(after)} after a third of the time"
    memory += "" if end is None else f" and {words.size(end)} at the end"
    failed = f"{len(load.failures)} failed ({load.failures[0]})" if load.failures else "none failed"
    note = f"{len(load.seconds):,} answers, {failed}{memory}"
    median, late = load.slowest(0.5), load.slowest(0.95)
    name = f"{READERS} readers who drag a slider"
    return [
        Result(
            setting.labelled(f"{name}, half of the answers within"),
            Timing(median, median, len(load.seconds)),
            size=READERS,
            setting=setting.name,
        ),
        Result(
            setting.labelled(f"{name}, 95 % of the answers within"),
            Timing(late, late, len(load.seconds)),
            size=READERS,
            memory=growth,
            target=None if setting.name else 0.5,
            note=note,
            setting=setting.name,
        ),
    ]


def _measured(quick: bool, setting: Setting) -> list[Result]:
    runs, drive, points = QUICK_RUNS if quick else RUNS, 0.1, 50 if quick else 200
    first = [_first_answer(setting) for _ in range(1 if quick else STARTS)]
    with explorer.served(setting.environment()) as server:
        connection = server.connection()
        curves, shown = _repeated(lambda: explorer.curves(connection, drive), runs)
        plane, seen = _repeated(lambda: explorer.plane(connection, points), runs // 5)
        load = explorer.dragged(server, READERS, SHORT if quick else LONG)

    def result(name: str, size: int | None, timing: Timing, target: float, error: float | None = None) -> Result:
        asked = None if setting.name else target
        return Result(setting.labelled(name), timing, error=error, target=asked, size=size, setting=setting.name)

    return [
        result("first answer after the command", None, Timing.of(first), 2.5),
        result("curves of the two-mode device while a slider moves", 1, curves, 0.05, _error_of_curves(shown, drive)),
        result(f"map of {points} x {points} points", points**2, plane, 1.0, _error_of_plane(seen)),
        *_crowd(load, setting),
    ]


def _run(quick: bool, settings: Sequence[Setting]) -> list[Result]:
    if version_of("fastapi") is None:
        return [Result("leyden explore", None, note="fastapi is not installed")]
    # The server answers in threads of its own; those of linear algebra make no difference.
    return [one for setting in settings if not setting.has_default_threads for one in _measured(quick, setting)]


CASE = Case(
    "explorer",
    f"`leyden explore` on loopback, answers read as JSON; {READERS} readers drag a slider for {LONG:g} s, one question "
    f"each {explorer.PAUSE:g} s, all on this machine. Error against the paper's closed form.",
    _run,
)
