"""One block: in one batch where all is well, and otherwise with every failing point found and no other lost."""

from __future__ import annotations

import errno
import json
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from leyden.runner import Failure, Recipe, combine, failure_attributes, template_of
from leyden.runner.evaluate import evaluate, is_of_the_machine


def square(a: Any, bad: Any = (), error: Any = RuntimeError, calls: Any = None) -> Any:
    if calls is not None:
        calls.append(a.size)
    if np.isin(a.values, bad).any():
        raise error("bad")
    return a


def measure(a: Any) -> xr.Dataset:
    return xr.Dataset({"square": a**2, "is_odd": a % 2 == 1})


def outcome(values: Any, batch: int | None = None, **fixed: Any) -> Any:
    points = combine({"a": values})
    template, _ = template_of(Recipe(square, measure, {}), points)
    return evaluate(Recipe(square, measure, fixed), points, template, batch)


def test_a_good_block_is_one_batch() -> None:
    calls: list[int] = []
    found = outcome(np.arange(1000.0), calls=calls)
    assert calls == [1000]
    np.testing.assert_array_equal(found.values["square"], np.arange(1000.0) ** 2)
    assert (found.failed, found.failures) == (0, [])


def test_a_block_is_measured_in_batches() -> None:
    """In order, none larger than asked for, and the same as at once."""
    calls: list[int] = []
    found = outcome(np.arange(1000.0), batch=300, calls=calls, bad=[999.0])
    assert calls[:4] == [250, 250, 250, 250]
    np.testing.assert_array_equal(found.values["square"][:-1], np.arange(999.0) ** 2)
    assert found.failures == [Failure({"a": 999.0}, "RuntimeError: bad")]
    assert len(calls) <= 4 + 2 * 8


@given(st.sets(st.integers(0, 39)))
def test_exactly_the_bad_points_fail(bad: set[int]) -> None:
    values = np.arange(40.0)
    found = outcome(values, bad=sorted(map(float, bad)))
    expected = np.where(np.isin(values, list(bad)), np.nan, values**2)
    np.testing.assert_array_equal(found.values["square"], expected)
    np.testing.assert_array_equal(found.values["is_odd"], (values % 2 == 1) & ~np.isnan(expected))
    assert found.failed == len(bad)
    # In order, and only so many kept.
    assert [failure.parameters["a"] for failure in found.failures] == sorted(bad)[:20]


def test_one_bad_point_costs_a_logarithm() -> None:
    calls: list[int] = []
    found = outcome(np.arange(1024.0), bad=[700.0], calls=calls)
    assert found.failures == [Failure({"a": 700.0}, "RuntimeError: bad")]
    assert len(calls) == 1 + 2 * 10


def test_a_grid_is_halved_along_its_longest_dim(study) -> None:
    case = study(bad=4.0)
    found = evaluate(case.recipe, case.points, case.template)
    assert found.failed == 5
    assert {failure.parameters["a"] for failure in found.failures} == {4.0}
    assert np.isnan(found.values["powers"]).all(axis=(1, 2)).tolist() == [False] * 4 + [True, False]


@pytest.mark.parametrize("error", [MemoryError, OSError(errno.ENOSPC, "full"), OSError(errno.EMFILE, "many")])
def test_what_the_machine_lacks_is_no_failure_of_a_point(error: Any) -> None:
    kind = error if isinstance(error, type) else lambda _: error
    with pytest.raises((MemoryError, OSError)):
        outcome([1.0, 2.0], bad=[2.0], error=kind)


def test_a_large_block_may_lack_memory_where_small_ones_do_not() -> None:
    def hungry(a: Any) -> Any:
        if a.size > 4:
            raise MemoryError
        return a

    points = combine({"a": np.arange(16.0)})
    recipe = Recipe(hungry, measure, {})
    found = evaluate(recipe, points, template_of(recipe, points)[0])
    assert found.failed == 0
    np.testing.assert_array_equal(found.values["square"], np.arange(16.0) ** 2)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOSPC, ""), True),
        (FileNotFoundError(errno.ENOENT, ""), False),
        (ValueError(), False),
    ],
)
def test_what_is_of_the_machine(error: Exception, expected: bool) -> None:
    assert is_of_the_machine(error) is expected


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda found: found.drop_vars("square"), "KeyError: 'square'"),
        (lambda found: found.isel(a=slice(0)), "ValueError: `square` is float64 of shape (0,), elsewhere"),
        (lambda found: found * 1j, "ValueError: `square` is complex128 of shape (1,), elsewhere float64 of (1,)"),
        (lambda found: found.expand_dims("more"), "ValueError: "),
        (lambda found: 0, "TypeError: the measure returned int, not an xarray.Dataset"),
    ],
)
def test_a_result_of_another_form_is_a_failure(change: Any, reason: str) -> None:
    def fickle(a: Any) -> Any:
        found = measure(a)
        return change(found) if 2.0 in a.values else found

    points = combine({"a": [1.0, 2.0, 3.0]})
    recipe = Recipe(square, fickle, {})
    found = evaluate(recipe, points, template_of(recipe, points)[0])
    np.testing.assert_array_equal(found.values["square"], [1.0, np.nan, 9.0])
    assert found.failures[0].reason.startswith(reason)


def test_failures_are_json() -> None:
    points = combine({"a": [1.0 + 2.0j, 0.5]})
    fixed = {"bad": [1 + 2j], "error": lambda _: ValueError("x" * 999)}
    recipe = Recipe(square, lambda a: xr.Dataset({"n": a.real}), fixed)
    found = evaluate(recipe, points, template_of(recipe, points)[0])
    attributes = failure_attributes(found.failed, found.failures)
    assert attributes["failed_points"] == 1
    (failure,) = json.loads(attributes["failures"])
    assert failure["parameters"] == {"a": "(1+2j)"}
    assert len(failure["reason"]) == 300


def test_what_a_measure_could_not_solve_is_a_failure_point_by_point() -> None:
    """And neither what it solved beside that, nor what has no value for another reason."""

    def halves(a: Any) -> xr.Dataset:
        unsolved, empty = np.isin(a.values, [3.0, 7.0]), a.values == 5.0
        curve = xr.DataArray(np.where(unsolved | empty, np.nan, a.values), dims=a.dims).expand_dims(t=2, axis=1)
        told = {"unsolved": "of some devices: too large"} if unsolved.any() else {}
        return xr.Dataset({"curve": curve, "is_odd": a % 2 == 1}, attrs=told)

    points = combine({"a": np.arange(3.0, 10.0)})
    recipe = Recipe(square, halves, {})
    template, _ = template_of(recipe, points)
    found = evaluate(recipe, points, template)
    assert found.failures == [Failure({"a": 3.0}, "too large"), Failure({"a": 7.0}, "too large")]
    assert found.failed == 2
    assert np.isnan(found.values["curve"][:, 0]).tolist() == [True, False, True, False, True, False, False]
    assert "unsolved" not in template.attributes
