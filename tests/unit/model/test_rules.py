"""Rules: what numbers and grids of times must obey, and in what form they come out."""

from __future__ import annotations

from typing import Any

import array_api_strict
import numpy as np
import pytest
import xarray as xr

from leyden.errors import ParameterError
from leyden.model import rules
from leyden.model.rules import checked_number, checked_times

NO_NUMBERS = [
    "x",
    None,
    True,
    {},
    Ellipsis,
    10**400,
    ["a"],
    [[1.0], [1.0, 2.0]],
    np.array([None]),
    np.array([True, False]),
    np.array(["2020-01-01"], dtype="datetime64[D]"),
    xr.DataArray(["a"], dims="x"),
]
NOT_FINITE = [np.nan, np.inf, -np.inf, [0.0, np.nan], np.array([np.inf]), xr.DataArray([np.nan], dims="x")]
RULES = ["real", "nonnegative", "positive", "complex"]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("value", [*NO_NUMBERS, *NOT_FINITE], ids=repr)
def test_what_is_no_finite_number_is_refused(refuses, rule: str, value: object) -> None:
    error = refuses("rate", lambda: checked_number("rate", value, rule, "Try 1."))
    assert error.allowed.startswith("be ")
    assert "Try 1." not in str(error)  # that remedy is for numbers of the wrong sign


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("real", [-1.0, 0.0, 3], [1j, np.array([1j]), 1.0 + 0j]),
        ("nonnegative", [0.0, 3], [-1e-300, [1.0, -2.0], 1j]),
        ("positive", [1e-300, 3], [0.0, -0.0, [1.0, 0.0], 1j]),
        ("complex", [-1.0, 1j, [1j, 2.0]], [complex(np.nan, 0), complex(0, np.inf)]),
    ],
)
def test_each_rule(refuses, rule: str, good: list, bad: list) -> None:
    for value in good:
        np.testing.assert_array_equal(checked_number("rate", value, rule), value)
    for value in bad:
        refuses("rate", lambda value=value: checked_number("rate", value, rule))


def test_the_first_offender_of_an_array_is_named(refuses) -> None:
    grid = np.ones((100, 100))
    grid[7, 3], grid[50, 50] = -2.5, -7.0
    refuses("rate", lambda: checked_number("rate", grid, "nonnegative"), "but is -2.5.")


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.int8(2), np.float32(2), np.array(2), xr.DataArray(2.0), xr.DataArray(2, coords={"x": 1})],
    ids=repr,
)
def test_numbers_come_out_as_python_floats(value: object) -> None:
    """Labelled ones too, as they fall out of a loop over a DataArray."""
    found = checked_number("rate", value, "real")
    assert type(found) is float
    assert found == 2.0


@pytest.mark.parametrize("value", [2j, np.complex64(2j), np.array(2j), xr.DataArray(2j)], ids=repr)
def test_complex_numbers_come_out_as_python_complex(value: object) -> None:
    found = checked_number("coupling", value, "complex")
    assert type(found) is complex
    assert found == 2j


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64", "float16", "float32", "longdouble", "float64"])
def test_arrays_come_out_in_double_precision(dtype: str) -> None:
    """20 * 20 overflows a byte, and a float32 knows 0.1 to seven digits only."""
    for value in (np.array([20, 3], dtype=dtype), xr.DataArray(np.array([20, 3], dtype=dtype), dims="x")):
        found = checked_number("rate", value, "real")
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, [20, 3])
        assert isinstance(found, xr.DataArray) == isinstance(value, xr.DataArray)


def test_complex_arrays_come_out_in_double_precision() -> None:
    assert checked_number("coupling", np.array([1j], dtype=np.complex64), "complex").dtype == np.complex128


def test_labels_survive() -> None:
    value = xr.DataArray([1, 2], dims="x", coords={"x": [0.1, 0.2]}, name="kappa")
    found = checked_number("rate", value, "real")
    xr.testing.assert_identical(found, value.astype(float))


@pytest.mark.parametrize("value", [[1, 2], (1, 2), range(1, 3), np.array([[1, 2]]).view(np.matrix)], ids=repr)
def test_sequences_come_out_as_plain_arrays(value: object) -> None:
    """A matrix multiplies unlike an array; it must not get into the engine."""
    found = checked_number("rate", value, "real")
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(np.ravel(found), [1, 2])


def test_arrays_of_another_library_stay_there(refuses) -> None:
    found = checked_number("rate", array_api_strict.asarray([1, 2]), "nonnegative")
    assert type(found) is type(array_api_strict.asarray(1.0))
    assert found.dtype == array_api_strict.float64
    refuses("rate", lambda: checked_number("rate", array_api_strict.asarray([1.0, -2.0]), "nonnegative"), "-2.0")


def test_traced_numbers_pass_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """While JAX traces there are no numbers to look at; the check stands aside."""
    monkeypatch.setattr(rules, "is_concrete", lambda _: False)
    assert checked_number("rate", np.array([-1.0]), "nonnegative").tolist() == [-1.0]


@pytest.mark.parametrize(
    "times",
    [[0, 1, 2], (0.0, 1.0, 2.0), range(3), np.arange(3), xr.DataArray([0, 1, 2], dims="t"), np.float32([0, 1, 2])],
    ids=lambda times: type(times).__name__,
)
def test_times_come_out_as_one_array(times: object) -> None:
    found = checked_times(times)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [0.0, 1.0, 2.0])


def test_one_time_is_a_grid_of_one() -> None:
    assert checked_times(3).tolist() == [3.0]
    assert checked_times(array_api_strict.asarray([0.0, 3.0])).tolist() == [0.0, 3.0]


@pytest.mark.parametrize(
    ("times", "word"),
    [
        *((value, "be ") for value in NO_NUMBERS),
        (10**400, "be within the number range"),
        (["1", "2"], "be a sequence of numbers"),
        (np.datetime64("2020"), "be a sequence of numbers"),
        pytest.param(iter([0, 1]), "be a sequence of numbers", id="iterator"),
        (np.nan, "be finite real numbers, but is nan"),
        ([0.0, np.inf], "be finite real numbers, but is inf"),
        (np.array([0, 1j]), "be finite real numbers, but is 1j"),
        ([], "at least one time, but is (0,)"),
        ([[0.0, 1.0]], "be one-dimensional, with at least one time, but is (1, 2)"),
        (xr.DataArray([[0.0]], dims=("a", "b")), "be one-dimensional"),
        ([-1e-9, 1.0], "not be negative, but is -1e-09. The drive is switched on at time 0."),
        ([0.0, 2.0, 1.0], "increase, but is [2.0, 1.0]. Sort them and drop repeated ones."),
        ([0.0, 1.0, 1.0, 0.5], "increase, but is [1.0, 1.0]."),
    ],
    ids=repr,
)
def test_bad_times_are_refused(refuses, times: object, word: str) -> None:
    refuses("times", lambda: checked_times(times), word)


class Stubborn:
    def __float__(self) -> float:
        raise RuntimeError("not now")


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        (np.broadcast_to(0.1, (10**6, 10**6)), "at most 2147483648 numbers"),
        (np.full((1,) * 33, 0.1), "at most 32 axes"),
        (Stubborn(), "be a number"),
    ],
)
def test_what_is_too_large_or_fails_is_refused_before_it_is_copied(value: Any, allowed: str) -> None:
    with pytest.raises(ParameterError, match=allowed):
        checked_number("rate", value, "nonnegative")


def test_too_many_times_are_refused_before_they_are_copied() -> None:
    with pytest.raises(ParameterError, match="at most 2147483648 numbers"):
        checked_times(np.broadcast_to(0.1, (10**12,)))
