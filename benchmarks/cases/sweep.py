"""Sweeps of steady states into a Zarr store, by one process and by two, each in an interpreter of its own."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import leyden as ly
from benchmarks.case import Case, Result
from benchmarks.contenders import device
from benchmarks.measure import Timing, answer_of

SIZES, QUICK_SIZES = (10**6, 10**7, 4 * 10**7), (10**5,)
RUNS, QUICK_RUNS = 2, 1
TARGET = (10**7, 60.0)
# Points of the result that are compared with the closed form.
JUDGED = 10_000


def build(drive: Any, damping: Any) -> ly.Network:
    """The devices; workers import it."""
    return device.Setting(drive, damping).device()


def _axes(points: int) -> dict[str, Any]:
    """Stable and unstable devices; as many points as asked for, or some less."""
    side = int(points**0.5)
    return {"drive": ly.Range(0.001, 0.2, side), "damping": ly.Range(0.01, 0.4, points // side)}


def _error(found: xr.Dataset) -> float:
    """Point by point, each relative to its own exact value."""
    points = np.random.default_rng(1).integers(0, list(found.is_stable.shape), (JUDGED, 2))
    some = {dim: xr.DataArray(place, dims="point") for dim, place in zip(found.is_stable.dims, points.T, strict=True)}
    chosen = found[["stored_energy", "ergotropy", "is_stable"]].isel(some).load()
    drive, damping = chosen.drive.values, chosen.damping.values
    is_stable = 4 * drive < (damping + 0.5) * (1 - 1e-9)
    if not np.array_equal(chosen.is_stable.values, 4 * drive < damping + 0.5):
        return float("nan")
    exact = device.exact_steady(device.Setting(drive[is_stable], damping[is_stable]))
    pairs = zip(device.from_dataset(chosen.isel(point=is_stable)), exact, strict=True)
    return max(float(np.max(np.abs(one - other) / other)) for one, other in pairs)


def measure(points: int, workers: int) -> dict[str, Any]:
    """One sweep, in this process: what `_run` starts as a program."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "study.zarr"
        start = time.perf_counter()
        found = ly.sweep(build, _axes(points), store=store, workers=workers)
        seconds = time.perf_counter() - start
        # Its own peak, and that of its largest child.
        memory = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        unit = 1 if sys.platform == "darwin" else 1024
        size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
        return {
            "seconds": seconds,
            "driver": memory[0] * unit,
            "worker": memory[1] * unit,
            "bytes": size / found.is_stable.size,
            "error": _error(found),
        }


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
                answers.append(answer_of("-m", "benchmarks.cases.sweep", str(points), str(workers)))
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

if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
