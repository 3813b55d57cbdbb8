"""Sizes: no source file above 330 lines, half of them within 130, and a function fits a screen."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "leyden"
FILES = sorted(SRC.rglob("*.py"))
FILE_LINES = 330
MEDIAN_LINES = 130
# Files that are longer still. One that fits leaves this list.
LONG: set[str] = set()
FUNCTION_LINES = 60


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring: the equations and shapes above the code do not count against it."""
    first = function.body[0]
    is_documented = ast.get_docstring(function, clean=False) is not None
    documented = (first.end_lineno or first.lineno) - first.lineno + 1 if is_documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - documented


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_file_is_short(path: Path) -> None:
    is_listed = path.relative_to(SRC).as_posix() in LONG
    assert (lines_of(path) > FILE_LINES) == is_listed, f"{lines_of(path)} lines: look for two ideas, or off the list"


def test_long_files_exist() -> None:
    assert {path.relative_to(SRC).as_posix() for path in FILES} >= LONG


def test_half_of_the_files_are_shorter_still() -> None:
    assert statistics.median(map(lines_of, FILES)) <= MEDIAN_LINES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_functions_fit_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: code_lines(f) for f in functions if code_lines(f) > FUNCTION_LINES}
    assert long == {}


def test_docstrings_do_not_count() -> None:
    tree = ast.parse('def f():\n    """One\n\n    two.\n    """\n    return 1\n')
    assert code_lines(tree.body[0]) == 2  # type: ignore[arg-type]
