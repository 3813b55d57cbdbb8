"""One sweep of steady states into a Zarr store, as a program: `python -m benchmarks.sweeping POINTS WORKERS`.

Its workers import this file, as those of any script import the script; so it imports no more than it needs.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import leyden as ly
from benchmarks.contenders import device

# Points of the result that are compared with the closed form.
JUDGED = 10_000


def build(drive: Any, damping: Any) -> ly.Network:
    """The devices."""
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
    """Time, memory and error of a sweep in this process."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "study.zarr"
        start = time.perf_counter()
        found = ly.sweep(build, _axes(points), store=store, workers=workers)
        seconds = time.perf_counter() - start
        # Peaks are told of processes that have ended, and the server that forked the workers would live on.
        forkserver._forkserver._stop()
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


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
