"""The whole paper by one command."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial

from benchmarks.case import Case, Result
from benchmarks.measure import Timing, clocked, python
from benchmarks.settings import Setting


def _reproduce(setting: Setting) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = python("-m", "leyden", "reproduce", "--out", folder, environment=setting.environment())
    if run.returncode:
        raise RuntimeError(f"exit status {run.returncode}")


def _run(quick: bool, settings: Sequence[Setting]) -> list[Result]:
    seconds: dict[Setting, list[float]] = {setting: [] for setting in settings}
    for _ in range(1 if quick else 2):
        for setting, found in seconds.items():
            found.append(clocked(partial(_reproduce, setting)))
    return [
        Result(
            setting.labelled("leyden reproduce"),
            Timing.of(found),
            target=None if setting.name else 30.0,
            setting=setting.name,
        )
        for setting, found in seconds.items()
    ]


CASE = Case(
    "reproduce",
    "`leyden reproduce`: figures 2-6 as PNG and PDF, their data, the audit of all claims, the report.",
    _run,
)
