"""`python -m benchmarks`: run the cases, print a table for each, and write the results to a file if asked."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.case import Result
from benchmarks.cases import CASES
from benchmarks.measure import machine

WIDTH = 110
COLUMNS = ("contender", "best", "median", "over leyden", "error", "memory", "target")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and accuracy, side by side.")
    parser.add_argument(
        "--only", action="append", choices=list(CASES), metavar="NAME", help="one case; may be repeated"
    )
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes: less repeats, no QuTiP runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    return parser.parse_args(given)


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.2g} us"


def ratio(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} x" if value >= 100 else f"{value:.2g} x"


def target(result: Result) -> str:
    if result.target is None or result.timing is None:
        return ""
    return f"{duration(result.target)} {'met' if result.timing.best <= result.target else 'MISSED'}"


def row(result: Result, record: dict[str, Any]) -> list[str]:
    return [
        result.contender,
        duration(result.timing.best) if result.timing else "-",
        duration(result.timing.median) if result.timing else "-",
        ratio(record["ratio_to_leyden"]),
        "" if result.error is None else f"{result.error:.0e}",
        "" if result.memory is None else f"{result.memory / 2**30:.2f} GiB",
        target(result),
    ]


def table(results: list[Result]) -> Table:
    found = Table(box=None, pad_edge=False)
    rows = [row(result, result.record(results[0])) for result in results]
    used = [place for place in range(len(COLUMNS)) if any(line[place] for line in rows)]
    for place in used:
        found.add_column(COLUMNS[place], justify="left" if place == 0 else "right", no_wrap=True)
    for line in rows:
        found.add_row(*(line[place] for place in used))
    return found


def main() -> None:
    asked = arguments()
    console = Console(width=max(WIDTH, shutil.get_terminal_size().columns))
    about = machine()
    versions = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    console.print(f"{about['system']}, {about['cores']} cores, Python {about['python']}, {versions}\n", highlight=False)
    records: list[dict[str, Any]] = []
    for name in asked.only or CASES:
        case = CASES[name]
        with console.status(f"{name} ..."):
            results = case.run(asked.quick)
        console.print(f"[bold]{name}[/bold]: {case.work}", highlight=False)
        console.print(table(results), highlight=False)
        for result in results:
            if result.note:
                console.print(f"{result.contender}: {result.note}", style="dim", highlight=False)
        console.print()
        lines = [result.record(results[0]) for result in results]
        records.append({"name": case.name, "work": case.work, "results": lines})
    if asked.json:
        report = {"machine": about, "quick": asked.quick, "cases": records}
        asked.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
