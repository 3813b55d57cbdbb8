"""Sweeps of steady states into a Zarr store, by one process and by two, each in an interpreter of its own."""

from __future__ import annotations

from typing import Any

from benchmarks.case import Case, Result
from benchmarks.measure import Timing, answer_of

SIZES, QUICK_SIZES = (10**6, 10**7, 4 * 10**7), (10**5,)
RUNS, QUICK_RUNS = 2, 1
TARGET = (10**7, 60.0)


def _row(points: int, workers: int, runs: list[dict[str, Any]], target: float | None) -> Result:
    worst = {name: max(run[name] for run in runs) for name in ("driver", "worker", "bytes", "error")}
    memory = worst["driver"] if workers == 1 else worst["worker"]
    note = f"driver {worst['driver'] / 2**20:.0f} MiB"
    if workers > 1:
        note += f", largest worker {worst['worker'] / 2**20:.0f} MiB"
    return Result(
        f"leyden, sweep: {workers} process{'es' if workers > 1 else ''}",
        Timing.of([run["seconds"] for run in runs]),
        worst["error"],
        memory,
        target,
        f"{note}; {worst['bytes']:.0f} bytes a point on the disk",
        size=points,
    )


def _run(quick: bool) -> list[Result]:
    found: list[Result] = []
    for points in QUICK_SIZES if quick else SIZES:
        runs: dict[int, list[dict[str, Any]]] = {2: [], 1: []}
        for _ in range(QUICK_RUNS if quick else RUNS):
            for workers, answers in runs.items():  # in turn, so that a busy minute meets both
                answers.append(answer_of("-m", "benchmarks.sweeping", str(points), str(workers)))
        for workers, answers in runs.items():
            target = TARGET[1] if (points, workers) == (TARGET[0], 2) else None
            found.append(_row(points, workers, answers, target))
    return found


CASE = Case(
    "sweep",
    "All merits of steady states over (drive, damping), stable and not, block by block into a Zarr store; start of the "
    "workers included. Memory is the peak of the largest process, Python and all. Error point by point against the "
    "paper's closed form.",
    _run,
)
