"""Time of `import leyden` in fresh interpreters, and what it leaves unimported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from benchmarks.case import Case, Result
from benchmarks.measure import Timing, answer_of
from benchmarks.settings import PLAIN, Setting

HEAVY = ("matplotlib", "qutip", "dask", "jax", "pydantic", "typer", "scipy", "xarray", "pandas")
RUNS, QUICK_RUNS = 11, 3

PROGRAM = f"""
import json, sys, time
start = time.perf_counter()
import %s
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": seconds, "heavy": [name for name in {json.dumps(HEAVY)} if name in sys.modules]}}))
"""


def _import(package: str, runs: int, settings: Sequence[Setting], target: float | None = None) -> list[Result]:
    found: dict[Setting, list[dict[str, Any]]] = {setting: [] for setting in settings}
    for _ in range(runs + 1):
        for setting, answers in found.items():
            answers.append(answer_of("-c", PROGRAM % package, environment=setting.environment()))
    results: list[Result] = []
    for setting, (_, *answers) in found.items():  # the first run may have to write compiled files; it does not count
        timing = Timing.of([run["seconds"] for run in answers])
        heavy = answers[0]["heavy"]
        note = f"loads {', '.join(heavy)}" if heavy else f"none of {', '.join(HEAVY)}"
        name = setting.labelled(f"import {package}")
        results.append(Result(name, timing, target=None if setting.name else target, note=note, setting=setting.name))
    return results


def _run(quick: bool, settings: Sequence[Setting]) -> list[Result]:
    runs = QUICK_RUNS if quick else RUNS
    # Nothing is computed: threads make no difference.
    found = _import("leyden", runs, [setting for setting in settings if not setting.has_default_threads], target=0.3)
    for package in ("numpy", "xarray", "qutip"):
        found += _import(package, runs, [PLAIN])
    return found


CASE = Case("import_time", "An import in a fresh interpreter, start of the interpreter not included.", _run)
