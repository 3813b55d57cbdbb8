"""Time of `import leyden` in fresh interpreters, and what it leaves unimported."""

from __future__ import annotations

import json

from benchmarks.case import Case, Result
from benchmarks.measure import Timing, answer_of

HEAVY = ("matplotlib", "qutip", "dask", "jax", "pydantic", "typer", "scipy", "xarray", "pandas")
RUNS, QUICK_RUNS = 11, 3

PROGRAM = f"""
import json, sys, time
start = time.perf_counter()
import %s
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": seconds, "heavy": [name for name in {json.dumps(HEAVY)} if name in sys.modules]}}))
"""


def _import(package: str, runs: int, target: float | None = None) -> Result:
    # The first run may have to write compiled files; it does not count.
    found = [answer_of("-c", PROGRAM % package) for _ in range(runs + 1)][1:]
    timing = Timing.of([run["seconds"] for run in found])
    heavy = found[0]["heavy"]
    note = f"loads {', '.join(heavy)}" if heavy else f"none of {', '.join(HEAVY)}"
    return Result(f"import {package}", timing, target=target, note=note)


def _run(quick: bool) -> list[Result]:
    runs = QUICK_RUNS if quick else RUNS
    return [_import("leyden", runs, target=0.3), *(_import(package, runs) for package in ("numpy", "xarray", "qutip"))]


CASE = Case("import_time", "An import in a fresh interpreter, start of the interpreter not included.", _run)
