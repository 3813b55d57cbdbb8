"""The benchmarks run and their answers are right: shape of the results, errors, what is missing; never times."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "benchmarks" / "results.json"
FIELDS = {
    "contender",
    "timing",
    "error",
    "memory",
    "target",
    "note",
    "how",
    "size",
    "processor",
    "ratio_to_leyden",
    "asked",
    "setting",
}


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("benchmarks") / "results.json"
    # Times are none of our business: turns may be short.
    words = ["--quick", "--only", "steady_state", "--json", str(path)]
    code = f"import sys; from benchmarks import __main__, compare; compare.TURN = 0.01; sys.argv[1:] = {words!r}"
    run = run_in_folder(f"{code}; __main__.main()")
    assert run.returncode == 0, run.stderr
    return json.loads(path.read_text(encoding="utf-8"))


def measured(report: dict[str, Any], start: str) -> dict[str, Any]:
    (case,) = report["cases"]
    return next(result for result in case["results"] if result["contender"].startswith(start))


def test_the_report_says_what_ran_and_where(report: dict[str, Any]) -> None:
    assert set(report) == {"machine", "quick", "cases"}
    assert report["quick"] is True
    assert {"leyden", "numpy", "scipy"} <= set(report["machine"]["packages"])
    assert [case["name"] for case in report["cases"]] == ["steady_state"]


def test_each_result_has_every_field(report: dict[str, Any]) -> None:
    for result in report["cases"][0]["results"]:
        assert set(result) == FIELDS
        if result["timing"] is None:
            assert "not installed" in result["note"]
        else:
            assert 0 < result["timing"]["best"] <= result["timing"]["median"]
            assert math.isfinite(result["error"])


@pytest.mark.parametrize("start", ["leyden, steady_state", "leyden, array engine", "SciPy"])
def test_what_solves_the_moments_is_exact(report: dict[str, Any], start: str) -> None:
    assert measured(report, start)["error"] < 1e-12


def test_ratios_are_over_our_public_function(report: dict[str, Any]) -> None:
    ours, theirs = measured(report, "leyden, steady_state"), measured(report, "SciPy")
    assert ours["ratio_to_leyden"] == 1
    assert theirs["ratio_to_leyden"] == pytest.approx(theirs["timing"]["best"] / ours["timing"]["best"])


SPECTRA = """
from benchmarks.cases import CASES

for name in ("stability", "critical_drive"):
    for contender in CASES[name].contenders(True):
        print(contender.judge(contender.prepare()()))
"""


def test_what_the_drift_says_is_judged_by_the_paper() -> None:
    run = run_in_folder(SPECTRA)
    assert run.returncode == 0, run.stderr
    errors = [float(line) for line in run.stdout.split()]
    assert len(errors) == 4
    assert max(errors) < 1e-13


def run_in_folder(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


CONTENDERS_THAT_FAIL = """
from benchmarks.case import Case, Contender
from benchmarks.compare import compared

made = [
    Contender("missing", None, None, needs="no-such-package"),
    Contender("failing", None, None),
]
program = ("-c", "raise OSError('the disk is full')")
for result in compared(Case("case", "work", contenders=lambda quick: made), True, program):
    print(result.contender, result.timing, result.note, sep="; ")
"""


CONTENDER_THAT_SLEEPS = """
from benchmarks import compare
from benchmarks.case import Case, Contender

compare.PATIENCE = 1.0
program = ("-c", "import time; time.sleep(5); print('{}')")
case = Case("case", "work", contenders=lambda quick: [Contender("slow", None, None)])
(result,) = compare.compared(case, True, program)
print(result.timing, result.note, sep="; ")
"""


def test_a_contender_that_does_not_answer_is_stopped() -> None:
    run = run_in_folder(CONTENDER_THAT_SLEEPS)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "None; failed: stopped after 1 s\n"


def test_a_contender_that_is_missing_or_fails_is_a_line_and_not_a_crash() -> None:
    run = run_in_folder(CONTENDERS_THAT_FAIL)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "missing; None; no-such-package is not installed",
        "failing; None; failed: OSError: the disk is full",
    ]


CONTENDERS_OF_WHICH_ONE_IS_OURS = """
from benchmarks.case import Case, Contender
from benchmarks.compare import compared

made = [Contender("leyden, charge", None, None), Contender("SciPy", None, None)]
program = ("-c", "raise OSError")
case = Case("case", "work", contenders=lambda quick: made)
for is_alone in (False, True):
    print(*(result.contender for result in compared(case, True, program, is_alone=is_alone)))
"""


def test_other_libraries_can_be_left_out() -> None:
    run = run_in_folder(CONTENDERS_OF_WHICH_ONE_IS_OURS)
    assert run.stdout.splitlines() == ["leyden, charge SciPy", "leyden, charge"], run.stderr


EXPLORER = """
from benchmarks.cases import explorer
from benchmarks.settings import PLAIN

explorer.READERS, explorer.SHORT = 8, 0.5
for result in explorer.CASE.run(True, [PLAIN]):
    print(result.size, result.error, result.note.partition(",")[2].partition(";")[0])
"""


def test_the_explorer_is_asked_by_many_and_is_right() -> None:
    run = run_in_folder(EXPLORER)
    assert run.returncode == 0, run.stderr
    lines = [line.split(maxsplit=2) for line in run.stdout.splitlines()]
    assert [size for size, *_ in lines] == ["None", "1", "2500", "8", "8"]
    assert max(float(lines[k][1]) for k in (1, 2)) < 1e-12
    assert lines[-1][2:] == ["none failed"]


EXACT_ANSWERS = """
import numpy as np
from scipy.linalg import solve_continuous_lyapunov
from benchmarks.contenders import chains, response

for exact, by_hand in ((chains.exact_cascade, chains.cascade_by_hand), (chains.exact_chain, chains.chain_by_hand)):
    drift, diffusion = by_hand(12)
    print(chains.error_of(chains.batteries_of(solve_continuous_lyapunov(drift, -diffusion)), exact(12)))
found = response.steady(response.cascade_halves(12, 12), response.TIGHT, 400.0)
print(chains.error_of([merit[1:] for merit in found], chains.exact_cascade(12)))
"""


def test_the_exact_answers_agree_with_each_other() -> None:
    """The recursion, the diagonalisation and the response share nothing; each is held against another road."""
    run = run_in_folder(EXACT_ANSWERS)
    assert run.returncode == 0, run.stderr
    errors = [float(line) for line in run.stdout.split()]
    assert len(errors) == 3
    assert max(errors) < 1e-12


# Threads, and what an earlier commit took.

SETTINGS = """
from benchmarks.case import Result
from benchmarks.compare import against
from benchmarks.measure import Timing, answer_of
from benchmarks.settings import DEFAULT, PLAIN, settings_against

import os
os.environ["OPENBLAS_NUM_THREADS"] = "1"
ask = "import benchmarks, json, os; print(json.dumps({'threads': os.environ.get('OPENBLAS_NUM_THREADS')}))"
for setting in (PLAIN, DEFAULT):
    print(answer_of("-c", ask, environment=setting.environment()))
with settings_against("HEAD") as settings:
    print([setting.name for setting in settings])
    ask = "import json, leyden; print(json.dumps(leyden.__file__))"
    where = answer_of("-c", ask, environment=settings[1].environment())
    print(where.startswith(settings[1].source))

def result(name, setting, seconds, memory):
    return Result(name, Timing(seconds, seconds), memory=memory, size=2, setting=setting)

measured = [
    result("leyden", "", 1.0, 1e8),
    result("leyden; at HEAD", "at HEAD", 1.0, 1e8),
    result("leyden; default threads", "default threads", 2.2, 1e8),
    result("leyden; at HEAD, default threads", "at HEAD, default threads", 2.0, 1e8),
]
print(*against(measured, settings), sep="\\n")
"""


def test_each_setting_has_its_threads_and_its_source() -> None:
    run = run_in_folder(SETTINGS)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "{'threads': '1'}",
        "{'threads': None}",
        "['', 'at HEAD', 'default threads', 'at HEAD, default threads']",
        "True",
        "2 leyden: 1.00 of the time, 1.00 of the memory HEAD took; met",
        "2 leyden; default threads: 1.10 of the time, 1.00 of the memory HEAD took; ABOVE 1.05",
    ]


# What is published.


def test_the_page_and_the_readme_say_what_was_measured(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    code = (
        "import json, pathlib, sys; from benchmarks.page import publish; "
        f"publish(json.loads(pathlib.Path({str(PUBLISHED)!r}).read_text('utf-8')), pathlib.Path({str(tmp_path)!r}))"
    )
    run = run_in_folder(code)
    assert run.returncode == 0, run.stderr
    for name in ("README.md", "docs/benchmarks.md"):
        found, expected = (folder / name for folder in (ROOT, tmp_path))
        assert found.read_text("utf-8") == expected.read_text("utf-8"), f"{name}: run `python -m benchmarks --page`"
    assert "from benchmarks/results.json" in (ROOT / "README.md").read_text("utf-8")
    for image in sorted((tmp_path / "docs" / "images").iterdir()):
        assert (ROOT / "docs" / "images" / image.name).exists()


LAYOUT_OF_THE_NAMES = """
import json, pathlib
from itertools import combinations
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
import leyden.plots
from benchmarks import plots

report = json.loads(pathlib.Path("benchmarks/results.json").read_text("utf-8"))
with leyden.plots.publication():
    figure = Figure(figsize=(7.0, 3.1), layout="constrained")
    FigureCanvasAgg(figure)
    plots._devices(report, figure)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    frame = axes.get_window_extent()
    names = {text.get_text(): text.get_window_extent() for text in axes.texts}
    marks = [axes.transData.transform(line.get_xydata()[0]) for line in axes.get_lines()]
    print(len(names), len(marks))
    for name, box in names.items():
        if not (frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1):
            print(name, "leaves the frame")
        if any(box.contains(*mark) for mark in marks):
            print(name, "lies on a mark")
    for (one, first), (two, second) in combinations(names.items(), 2):
        if Bbox.intersection(first, second) is not None:
            print(one, "on", two)
    # Two and a half decades without a point at most, beyond the outermost points.
    for low, high, edge in zip(axes.dataLim.min, axes.dataLim.max, (axes.get_xlim(), axes.get_ylim())):
        print(low / edge[0] < 301, edge[1] / high < 301)
"""


def test_the_names_of_the_published_plot_keep_apart() -> None:
    run = run_in_folder(LAYOUT_OF_THE_NAMES)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["9 9", "True True", "True True"]


def test_a_quick_run_is_not_published(report: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "quick.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    run = benchmarks("--page", "--json", str(path))
    assert run.returncode == 1
    assert "quick run" in run.stderr


def test_results_of_another_machine_are_not_kept(report: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(json.dumps(report | {"quick": False}), encoding="utf-8")
    run = benchmarks("--quick", "--only", "steady_state", "--json", str(path), "--keep")
    assert run.returncode == 1
    assert "leave --keep out" in run.stderr
