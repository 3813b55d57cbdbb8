"""`python -m benchmarks`: run the cases, print a table for each, keep the results, write the page."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import words
from benchmarks.case import records
from benchmarks.cases import CASES
from benchmarks.compare import against, results_of
from benchmarks.measure import ROOT, machine
from benchmarks.settings import settings_against

PUBLISHED = ROOT / "benchmarks" / "results.json"
WIDTH = 132
# Bytes by which the memory of one machine may differ.
_PAGES = 2**27
COLUMNS = ("size", "contender", "best", "median", "over leyden", "error", "extra memory", "processor", "target")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and accuracy, side by side.")
    parser.add_argument(
        "--only", action="append", choices=list(CASES), metavar="NAME", help=f"one case of {', '.join(CASES)}; repeat"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a minute or two: less repeats, smaller sizes, no slow contenders"
    )
    parser.add_argument(
        "--against", metavar="COMMIT", help="measure leyden as it was at that commit, too, in turns with what it is now"
    )
    parser.add_argument("--alone", action="store_true", help="leave other libraries out: only what became of leyden")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    parser.add_argument("--keep", action="store_true", help="keep the other cases that FILE has already")
    parser.add_argument(
        "--page", action="store_true", help="run nothing: write the page and its plots from FILE, or what is published"
    )
    asked = parser.parse_args(given)
    if asked.keep and not asked.json:
        parser.error("--keep needs --json FILE")
    return asked


def target(result: dict[str, Any]) -> str:
    if result["target"] is None or result["timing"] is None:
        return ""
    return f"{words.duration(result['target'])} {'met' if result['timing']['best'] <= result['target'] else 'MISSED'}"


def row(result: dict[str, Any]) -> list[str]:
    timing = result["timing"]
    return [
        words.count(result["size"]),
        result["contender"],
        words.duration(timing["best"]) if timing else "-",
        words.duration(timing["median"]) if timing else "-",
        words.ratio(result["ratio_to_leyden"]),
        words.error(result["error"]),
        words.size(result["memory"]),
        words.duration(result["processor"]) if result["processor"] else "",
        target(result),
    ]


def table(results: list[dict[str, Any]]) -> Table:
    found = Table(box=None, pad_edge=False)
    rows = [row(result) for result in results]
    used = [place for place in range(len(COLUMNS)) if any(line[place] for line in rows)]
    for place in used:
        width = max(len(COLUMNS[place]), *(len(line[place]) for line in rows))
        side = "left" if COLUMNS[place] == "contender" else "right"
        found.add_column(COLUMNS[place], justify=side, no_wrap=True, min_width=width)
    before = None
    for line in rows:
        if before is not None and line[0] != before:
            found.add_section()
        before = line[0]
        found.add_row(*(line[place] for place in used))
    return found


def say(console: Console, case: dict[str, Any]) -> None:
    console.print(f"[bold]{case['name']}[/bold]: {case['work']}", highlight=False)
    console.print(table(case["results"]), highlight=False)
    for result in case["results"]:
        for words_of in filter(None, (result["how"], result["note"], *result["asked"])):
            name = f"{words.count(result['size'])} " if result["size"] else ""
            console.print(f"{name}{result['contender']}: {words_of}", style="dim", highlight=False, markup=False)
    console.print()


def kept(path: Path, about: dict[str, Any], quick: bool) -> list[dict[str, Any]]:
    """Cases of an earlier run, if it was one of the same kind on a machine like this."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    if _alike(report["machine"]) != _alike(about) or report["quick"] != quick:
        raise SystemExit(
            f"{path} is of another machine, of other versions or of another kind of run: leave --keep out."
        )
    return report["cases"]


def _alike(about: dict[str, Any]) -> dict[str, Any]:
    """A machine without what differs from start to start: some pages of its memory."""
    memory = about["memory"]
    return about | {"memory": None if memory is None else round(memory / _PAGES)}


def write(path: Path, about: dict[str, Any], quick: bool, cases: dict[str, dict[str, Any]]) -> None:
    ordered = [cases[name] for name in CASES if name in cases]
    report = {"machine": about, "quick": quick, "cases": ordered}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def main() -> None:
    asked = arguments()
    if asked.page:
        from benchmarks.page import publish

        for path in publish(json.loads((asked.json or PUBLISHED).read_text(encoding="utf-8"))):
            print(path.relative_to(ROOT))
        return
    console = Console(width=max(WIDTH, shutil.get_terminal_size().columns))
    about = machine()
    versions = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    console.print(
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}, {versions}\n", highlight=False
    )
    cases = {case["name"]: case for case in kept(asked.json, about, asked.quick)} if asked.keep else {}
    with settings_against(asked.against) as settings:
        for name in asked.only or CASES:
            with console.status(f"{name} ..."):
                results = results_of(CASES[name], asked.quick, settings, is_alone=asked.alone)
            cases[name] = {"name": name, "work": CASES[name].work, "results": records(results)}
            say(console, cases[name])
            for line in against(results, settings):
                console.print(f"{name}: {line}", highlight=False, markup=False)
            if asked.json:  # after each case: an interrupted run keeps those that it finished
                write(asked.json, about, asked.quick, cases)


if __name__ == "__main__":
    main()
