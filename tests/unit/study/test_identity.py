"""Values and functions in words: the same when they are, different when they do something else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from leyden.runner import combine
from leyden.study.identity import axes_words, differences, function_words, value_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "1.0"),
        (1.0, "1.0"),
        (np.float64(1), "1.0"),
        (np.int32(1), "1.0"),
        (2**60 + 1, str(2**60 + 1)),
        (1j, "1j"),
        (np.complex128(1j), "1j"),
        (True, "True"),
        (np.True_, "True"),
        (None, "None"),
        ("1.0", "'1.0'"),
        ([1, (2, "x")], "[1.0, [2.0, 'x']]"),
        ({"a": 1}, "{a: 1.0}"),
    ],
)
def test_values(value: Any, words: str) -> None:
    assert value_words(value) == words


def test_arrays_count_to_the_last_bit() -> None:
    first = np.array([1.0, 2.0])
    assert value_words(first) == value_words(first.copy())
    assert value_words(first) != value_words(np.nextafter(first, 3))
    assert value_words(first) != value_words(first.reshape(2, 1))
    assert value_words(xr.DataArray(first, dims="a")) != value_words(xr.DataArray(first, dims="b"))


@dataclass
class Record:
    value: int

    def __call__(self) -> int:
        return self.value

    def method(self) -> int:
        return self.value


def test_objects() -> None:
    assert value_words(Path("a")) == value_words(Path("a")) != value_words(Path("b"))
    assert value_words(Record(1)) == value_words(Record(1)) != value_words(Record(2))
    assert value_words(iter([])) != ""
    assert value_words(x for x in "a") == "generator (that cannot be compared)"


def define(source: str, name: str = "f") -> Any:
    namespace: dict[str, Any] = {"__name__": "users_module", "np": np}
    exec(source, namespace)
    return namespace[name]


SOURCE = """
K = 2.0
TABLE = {"a": [1, 2]}
def helper(x):
    return K * x
def f(x, y=1):
    inner = lambda z: helper(z) + y
    return inner(x) if x in {1, 2} else np.sin(x)
def g(x):
    return f(x) and g(TABLE["a"])
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [("# nothing", "# nothing"), ("def f(x, y=1):", "def f(x, y=1):\n    # a comment\n"), ("K = 2.0", "\n\nK = 2.0")],
)
def test_what_changes_nothing(old: str, new: str) -> None:
    assert function_words(define(SOURCE)) == function_words(define(SOURCE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.sin", "np.cos"),
        ("y=1", "y=2"),
        ("helper(z) + y", "helper(z) - y"),
        ("K * x", "K / x"),
        ("K = 2.0", "K = 2.5"),
        ("{1, 2}", "{1, 3}"),
    ],
)
def test_what_changes_the_result(old: str, new: str) -> None:
    assert function_words(define(SOURCE)) != function_words(define(SOURCE.replace(old, new)))


def test_functions_of_functions_and_tables_count() -> None:
    for old, new in [("K = 2.0", "K = 3.0"), ('"a": [1, 2]', '"a": [1, 3]')]:
        assert function_words(define(SOURCE, "g")) != function_words(define(SOURCE.replace(old, new), "g"))


def test_closures_and_partials_count() -> None:
    def made(factor: float) -> Any:
        return lambda x: factor * x

    assert function_words(made(1)) == function_words(made(1)) != function_words(made(2))
    assert function_words(partial(made, 1)) == function_words(partial(made, 1.0)) != function_words(partial(made, 2))


def test_other_callables() -> None:
    assert function_words(np.sin) != function_words(np.cos)
    assert function_words(Record) == f"{__name__}.Record"
    assert function_words(Record(1)) != function_words(Record(2))
    assert function_words(Record(1).method) != function_words(Record(2).method)
    assert function_words(len) == "builtins.len"


def test_words_are_those_of_any_process(tmp_path: Path) -> None:
    """Sets are ordered by a hash that each process salts anew."""
    (tmp_path / "users_module.py").write_text('def f(x):\n    return x in {"a", "b", "c", "d", "e"}\n')
    code = (
        "from leyden.study.identity import function_words; import users_module; print(function_words(users_module.f))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


def test_axes_in_words() -> None:
    words = axes_words(combine({"a": [1.0, 2.0], "b": [3.0]}))
    assert words["axis a"].startswith("2 values from 1.0 to 2.0 (")
    assert words["order of axes"] == "a, b"
    assert words == axes_words(combine({"a": np.array([1.0, 2.0]), "b": [3.0]}))


def test_the_last_bit_counts() -> None:
    first = axes_words(combine({"a": [1.0, 1.5, 2.0]}))
    second = axes_words(combine({"a": [1.0, np.nextafter(1.5, 2), 2.0]}))
    (change,) = differences(first, second)
    assert change.startswith("axis a was 3 values from 1.0 to 2.0 (")


def test_order_and_dims_count() -> None:
    grid = axes_words(combine({"a": [1.0], "b": [2.0]}))
    assert differences(grid, axes_words(combine({"b": [2.0], "a": [1.0]}))) == ["order of axes was a, b, is b, a"]
    assert len(differences(grid, axes_words(combine({"a": [1.0], "b": [2.0]}, "zip")))) == 2


def test_what_came_and_went_is_told() -> None:
    assert differences({"x": "1", "y": "2"}, {"x": "1", "z": "3"}) == [
        "z was absent, is 3",
        "y was 2, is absent",
    ]
    assert differences({"x": "1"}, {"x": "1"}) == []
