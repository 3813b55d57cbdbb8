"""The whole paper by one command."""

from __future__ import annotations

import tempfile

from benchmarks.case import Case, Result
from benchmarks.measure import Timing, clocked, python


def _run(quick: bool) -> list[Result]:
    outcomes: list[int] = []

    def reproduce() -> None:
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(python("-m", "leyden", "reproduce", "--out", folder).returncode)

    seconds = [clocked(reproduce) for _ in range(1 if quick else 2)]
    if any(outcomes):
        return [Result("leyden reproduce", None, note=f"exit status {max(outcomes)}")]
    return [Result("leyden reproduce", Timing.of(seconds), target=30.0)]


CASE = Case(
    "reproduce",
    "`leyden reproduce`: figures 2-6 as PNG and PDF, their data, the audit of all claims, the report.",
    _run,
)
