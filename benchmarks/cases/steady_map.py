"""A map of a million steady states over labelled parameters, in a process of its own."""

from __future__ import annotations

import json
import sys

import numpy as np
import xarray as xr

import leyden as ly
from benchmarks import contenders
from benchmarks.case import Case, Result
from benchmarks.measure import Timing, answer_of, clocked, peak_memory

POINTS, QUICK_POINTS = 1000, 200


def _axis(name: str, first: float, last: float, points: int) -> xr.DataArray:
    values = np.linspace(first, last, points)
    return xr.DataArray(values, {name: values}, name)


def measure_here(points: int) -> dict[str, float | None]:
    """Time, peak memory and largest relative error of one map, in this process."""
    setting = contenders.Setting(_axis("drive", 0.0, 0.2, points), _axis("damping", 0.01, 0.4, points))
    found: list[xr.Dataset] = []
    seconds = clocked(lambda: found.append(ly.steady_state(setting.device())))
    memory = peak_memory()
    result, drive, damping = found[0], setting.drive.values[:, None], setting.damping.values
    exact = contenders.exact_steady(contenders.Setting(drive, damping))
    is_stable = 4 * drive < (damping + 0.5) * (1 - 1e-9)
    pairs = zip(contenders.from_dataset(result.transpose("drive", "damping")), exact, strict=True)
    with np.errstate(invalid="ignore"):
        errors = [np.abs(one - other) / other for one, other in pairs]
    worst = max(float(np.max(error[is_stable & (drive > 0)])) for error in errors)
    return {"seconds": seconds, "memory": memory, "error": worst}


def _run(quick: bool) -> list[Result]:
    points = QUICK_POINTS if quick else POINTS
    runs = [answer_of("-m", "benchmarks.cases.steady_map", str(points)) for _ in range(1 if quick else 3)]
    timing = Timing.of([run["seconds"] for run in runs])
    worst = {name: max(run[name] for run in runs) for name in ("error", "memory")}
    return [Result(f"leyden, {points} x {points} map", timing, **worst, target=None if quick else 6.0)]


CASE = Case(
    "steady_map",
    f"All merits of steady states on {POINTS} x {POINTS} labelled (drive, damping), stable and not, in a "
    "fresh process, Dataset included; at most 3 GiB. Error point by point against the paper's closed form.",
    _run,
)

if __name__ == "__main__":
    print(json.dumps(measure_here(int(sys.argv[1]))))
