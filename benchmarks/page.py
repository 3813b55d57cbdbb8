"""The published results as text: the page in docs and the table in README.md, both written from the JSON file alone."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks import plots, words
from benchmarks.measure import ROOT

Report = dict[str, Any]
WIDTH = 120
BEGIN, END = "<!-- from benchmarks/results.json: begin -->", "<!-- end -->"

TITLES = {
    "charging_curve": "One charging curve",
    "steady_state": "One steady state",
    "steady_batch": "Many steady states",
    "charge_batch": "Many charging curves",
    "pulsed_curve": "A pulsed charging curve",
    "pulsed_batch": "Many pulsed curves",
    "beyond_steady": "A steady state beyond the Gaussian",
    "beyond_ergotropy": "Ergotropy beyond the threshold",
    "beyond_curve": "A charging curve beyond the Gaussian",
    "beyond_trajectories": "Trajectories",
    "beyond_pair_steady": "A reciprocal pair with Kerr, steady",
    "beyond_pair_curve": "A reciprocal pair with Kerr, in time",
    "dense_cascade": "A directed cascade of N modes",
    "dense_chain": "A reciprocal chain of N modes",
    "stability": "The spectrum of one device",
    "critical_drive": "The threshold of one device",
    "non_normal": "The spectrum of a non-normal chain",
    "cascade": "A directed cascade of up to a million modes",
    "lattice": "A square lattice",
    "cascade_charging": "A long cascade in time",
    "steady_map": "A map of a million devices",
    "sweep": "Sweeps",
    "explorer": "The explorer",
    "import_time": "Import",
    "reproduce": "The whole paper",
}

PREFACE = """# Benchmarks

Time, memory and error of leyden beside what one would otherwise use, on one kind of machine; the contenders of a case
took turns, cases ran on different days. This page is written from [results.json](../benchmarks/results.json) by
`python -m benchmarks --page`; `make bench` measures your machine, and [benchmarks/README.md](../benchmarks/README.md)
says how the contenders were chosen.

{machine}

- *Best* is the shortest of several runs. *Over leyden* is the best time over that of the first line of its size, our
  public function: below 1, the other is faster.
- *Error* is the largest deviation from the exact answer in stored energy and ergotropy, relative to the largest exact
  value; each case says what its exact answer is.
- *Extra memory* is the most that the process held during the work, beyond what it held before.
- *Processor* is the least processor time of a run, all threads together: above *best* where several cores worked, far
  below it where other programs had the machine.

![Left: error against time for one charging curve. Right: time per device against the number of devices at
once.](images/benchmarks-devices.png)

*(a) One charging curve of 401 times: error against time; the lower left is where one wants to be. (b) Steady states
of many devices: time for each of them against how many are solved at once.*

![Time of one steady state against the number of modes, for a directed cascade and for reciprocal
networks.](images/benchmarks-modes.png)

*Time of the steady state of one device against its number of modes: (a) a directed cascade, (b) reciprocal chains and
square lattices.*
"""


def _machine(about: dict[str, Any]) -> str:
    memory = f", {words.size(about['memory'])} of memory" if about["memory"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    threads = "one linear algebra thread" if about["threads"] == "1" else f"{about['threads']} linear algebra threads"
    return (
        f"Machine: {about['system']}, {about['processor']}, {about['cores']} cores{memory}; Python {about['python']}; "
        f"{versions}; {threads} for each contender."
    )


def _target(result: dict[str, Any]) -> str:
    if result["target"] is None or result["timing"] is None:
        return ""
    verb = "met" if result["timing"]["best"] <= result["target"] else "missed"
    return f"{words.duration(result['target'])}, {verb}"


COLUMNS = {
    "size": lambda result: words.count(result["size"]),
    "contender": lambda result: result["contender"],
    "best": lambda result: words.duration(result["timing"]["best"]) if result["timing"] else "-",
    "over leyden": lambda result: words.ratio(result["ratio_to_leyden"]),
    "error": lambda result: words.error(result["error"]),
    "extra memory": lambda result: words.size(result["memory"]),
    "processor": lambda result: words.duration(result["processor"]) if result["processor"] else "",
    "we ask": _target,
}


def table(results: list[dict[str, Any]]) -> list[str]:
    """The lines of a table; columns in which nothing stands are left out."""
    cells = {name: [read(result) for result in results] for name, read in COLUMNS.items()}
    used = {name: column for name, column in cells.items() if any(column)}
    rule = ["---" if name == "contender" else "---:" for name in used]
    return [f"| {' | '.join(line)} |" for line in (list(used), rule, *zip(*used.values(), strict=True))]


def _settings(results: list[dict[str, Any]]) -> list[str]:
    """How each contender was set, once; and what it had to say, for each size."""
    lines: dict[str, None] = {}
    for result in results:
        if result["how"]:
            lines[f"- {result['contender']}: {result['how']}."] = None
    for result in results:
        for said in (*filter(None, [result["note"]]), *result["asked"]):
            size = f" ({words.count(result['size'])})" if result["size"] else ""
            lines[f"- {result['contender']}{size}: {said}."] = None
    return [*lines, ""] if lines else []


def page(report: Report) -> str:
    """docs/benchmarks.md."""
    lines = [PREFACE.format(machine=fill(_machine(report["machine"]), WIDTH))]
    for case in report["cases"]:
        name = case["name"]
        lines += [f"## {TITLES.get(name, name)}", "", fill(f"{case['work']} (`--only {name}`)", WIDTH), ""]
        lines += [*table(case["results"]), "", *_settings(case["results"])]
    return "\n".join(lines).rstrip("\n") + "\n"


# README.md.


def _found(report: Report, case: str, contender: str, size: int | None = None) -> dict[str, Any] | None:
    """The first result of a case whose contender's name begins so, if it was measured."""
    for one in report["cases"]:
        for result in one["results"] if one["name"] == case else ():
            named = result["contender"].startswith(contender) and not result.get("setting")
            if named and size in (None, result["size"]) and result["timing"]:
                return result
    return None


ROWS = (
    (
        "one charging curve, 401 times, all merits and labels",
        ("charging_curve", "leyden, charge"),
        {
            "`solve_ivp`": "SciPy solve_ivp, as usual",
            "tuned": "SciPy solve_ivp, tuned",
            "`expm` and a loop": "SciPy expm",
        },
    ),
    (
        "the same, states alone",
        ("charging_curve", "leyden, array engine"),
        {
            "gaussian-open-systems": "gaussian-open-systems",
            "dynamiqs, cutoff 16": "dynamiqs",
            "QuTiP, cutoff 24": "QuTiP mesolve, cutoff 24",
        },
    ),
    (
        "one steady state of a batch of a million, all merits",
        ("steady_batch", "leyden, steady_state", 1_000_000),
        {"a loop over SciPy's Lyapunov solver": "SciPy", "batched LAPACK": "NumPy"},
    ),
    (
        "steady state of a directed chain of 500 modes",
        ("dense_cascade", "leyden, steady_state", 500),
        {"SciPy's Lyapunov solver": "SciPy", "slycot": "slycot"},
    ),
    ("the same with 1,000,000 modes", ("cascade", "leyden", 1_000_000), {}),
    ("a labelled map of 1000 x 1000 steady states", ("steady_map", "leyden"), {}),
    ("`import leyden`", ("import_time", "import leyden"), {"`import xarray`": "import xarray"}),
)


def _cell(result: dict[str, Any]) -> str:
    error = f" ({words.error(result['error'])})" if result["error"] is not None else ""
    return words.duration(result["timing"]["best"]) + error


def readme_table(report: Report) -> list[str]:
    """Best times, errors in brackets; what was not measured is left out."""
    lines = ["| work | leyden (error) | others (error) |", "|---|---|---|"]
    for work, (case, name, *size), others in ROWS:
        ours = _found(report, case, name, *size)
        if ours is None:
            continue
        theirs = {label: _found(report, case, start, *size) for label, start in others.items()}
        told = "; ".join(f"{label} {_cell(result)}" for label, result in theirs.items() if result)
        lines.append(f"| {work} | {_cell(ours)} | {told} |")
    return lines


def with_table(readme: str, report: Report) -> str:
    """README.md with the table renewed between its two marks; unchanged where it has none."""
    if BEGIN not in readme:
        return readme
    before, rest = readme.split(BEGIN, maxsplit=1)
    after = rest.split(END, maxsplit=1)[1]
    return "\n".join([before + BEGIN, "", *readme_table(report), "", END + after])


def publish(report: Report, root: Path = ROOT) -> list[Path]:
    """Write the page, its plots and the README's table; what a quick run measured is not for publishing."""
    if report["quick"]:
        raise SystemExit("These are the results of a quick run: publish those of a full one.")
    images = root / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    written = plots.draw(report, images)
    document, readme = root / "docs" / "benchmarks.md", root / "README.md"
    document.write_text(page(report), encoding="utf-8")
    written.append(document)
    if readme.exists():
        readme.write_text(with_table(readme.read_text(encoding="utf-8"), report), encoding="utf-8")
        written.append(readme)
    return written
