"""Sweeps of steady states into a Zarr store, by one process and by two, each in an interpreter of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.case import Case, Result
from benchmarks.measure import Timing, answer_of
from benchmarks.settings import Setting

SIZES, QUICK_SIZES = (10**6, 10**7, 4 * 10**7), (10**5,)
RUNS, QUICK_RUNS = 2, 1
TARGET = (10**7, 60.0)


def _row(points: int, workers: int, setting: Setting, runs: list[dict[str, Any]]) -> Result:
    worst = {name: max(run[name] for run in runs) for name in ("driver", "worker", "bytes", "error")}
    memory = worst["driver"] if workers == 1 else worst["worker"]
    note = f"driver {worst['driver'] / 2**20:.0f} MiB"
    if workers > 1:
        note += f", largest worker {worst['worker'] / 2**20:.0f} MiB"
    target = TARGET[1] if (points, workers, setting.name) == (TARGET[0], 2, "") else None
    return Result(
        setting.labelled(f"leyden, sweep: {workers} process{'es' if workers > 1 else ''}"),
        Timing.of([run["seconds"] for run in runs]),
        worst["error"],
        memory,
        target,
        f"{note}; {worst['bytes']:.0f} bytes a point on the disk",
        size=points,
        setting=setting.name,
    )


def _run(quick: bool, settings: Sequence[Setting]) -> list[Result]:
    found: list[Result] = []
    for points in QUICK_SIZES if quick else SIZES:
        runs: dict[tuple[int, Setting], list[dict[str, Any]]] = {
            (workers, setting): [] for workers in (2, 1) for setting in settings
        }
        for _ in range(QUICK_RUNS if quick else RUNS):
            for (workers, setting), answers in runs.items():  # in turn, so that a busy minute meets all
                program = ("-m", "benchmarks.sweeping", str(points), str(workers))
                answers.append(answer_of(*program, environment=setting.environment()))
        found += [_row(points, workers, setting, answers) for (workers, setting), answers in runs.items()]
    return found


CASE = Case(
    "sweep",
    "All merits of steady states over (drive, damping), stable and not, block by block into a Zarr store; start of the "
    "workers included. Memory is the peak of the largest process, Python and all. Error point by point against the "
    "paper's closed form.",
    _run,
)
