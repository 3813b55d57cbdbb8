"""The form of results is found by trying points, and what could not be put together is refused before it costs."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from leyden.errors import ParameterError
from leyden.runner import Recipe, combine, template_of
from leyden.runner.recipe import Form


def same(a, **more):
    return a


def recipe(measure, build=same, **fixed) -> Recipe:
    return Recipe(build, measure, fixed)


def test_the_toy_has_this_form(study) -> None:
    template = study().template
    assert {name: (form.dims, form.dtype.kind) for name, form in template.variables.items()} == {
        "product": (("a", "b"), "f"),
        "powers": (("a", "b", "power"), "f"),
        "is_large": (("a", "b"), "b"),
        "first": (("a", "b"), "f"),
    }
    assert template.variables["product"].attributes == {"units": "s", "symbol": "ab"}
    assert template.attributes == {"device": "toy"}
    assert {name: dims for name, (dims, _, _) in template.coordinates.items()} == {"power": ("power",), "scalar": ()}
    # Three powers, two numbers, one boolean.
    assert template.point_bytes == 8 * 5 + 1


def test_the_empty_result_is_nan(study) -> None:
    empty = study().template.empty({"a": 2, "b": 3})
    assert {name: values.shape for name, values in empty.items()} == {
        "product": (2, 3),
        "powers": (2, 3, 3),
        "is_large": (2, 3),
        "first": (2, 3),
    }
    assert np.isnan(empty["powers"]).all()
    assert not empty["is_large"].any()


@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_whole_numbers_become_floating_so_that_they_can_be_nan(dtype: type) -> None:
    found, _ = template_of(recipe(lambda a: xr.Dataset({"n": a.astype(dtype)})), combine({"a": [1.0]}))
    assert found.variables["n"].dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
def test_other_numbers_stay(dtype: type) -> None:
    found, _ = template_of(recipe(lambda a: xr.Dataset({"n": a.astype(dtype)})), combine({"a": [1.0]}))
    assert found.variables["n"].dtype == dtype
    assert np.isnan(found.variables["n"].empty)


def test_the_first_point_that_works_is_taken() -> None:
    def build(a):
        if float(a.max()) < 500:
            raise RuntimeError("too small")
        return a

    template, trial = template_of(recipe(lambda a: xr.Dataset({"n": a}), build), combine({"a": np.arange(1000.0)}))
    assert list(template.variables) == ["n"]
    assert trial.axes["a"].values.item() >= 500


def test_a_build_that_always_fails_is_refused_with_its_reason() -> None:
    calls = []

    def build(a):
        calls.append(a)
        raise RuntimeError("no such device")

    points = combine({"a": np.arange(1e6)})
    with pytest.raises(ParameterError, match="failed at each of the 64 points tried: RuntimeError: no such device"):
        template_of(recipe(lambda a: a, build), points)
    assert len(calls) == 64
    with pytest.raises(ParameterError, match="failed at the only point: RuntimeError"):
        template_of(recipe(lambda a: a, build), combine({"a": [1.0]}))


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("axes", lambda a: xr.Dataset({"a": a})),
        ("axes", lambda a: xr.Dataset({"n": a}, {"a": 1.0})),
        ("measure", lambda a: xr.Dataset({"n": a.astype(str)})),
        ("measure", lambda a: xr.Dataset()),
        ("measure", lambda a: xr.Dataset({"n": a}, {"twice": 2 * a})),
    ],
)
def test_results_that_do_not_fit_are_refused(refuses, name: str, measure) -> None:
    refuses(name, lambda: template_of(recipe(measure), combine({"a": [1.0, 2.0]}, "zip")))


def test_a_measure_must_return_a_dataset() -> None:
    with pytest.raises(ParameterError, match=r"the measure returned DataArray, not an xarray\.Dataset"):
        template_of(recipe(lambda a: a), combine({"a": [1.0]}))


def test_fixed_parameters_are_passed_on() -> None:
    found = recipe(lambda device: xr.Dataset({"n": device}), lambda a, b: a * b, b=3.0)
    assert found.at(combine({"a": [1.0, 2.0]}))["n"].values.tolist() == [3.0, 6.0]


def test_dims_of_a_measure_come_behind(study) -> None:
    form = Form(("a", "time"), {"time": 7}, np.dtype(float), {})
    assert form.shape({"a": 2}) == (2, 7)


def test_a_measure_that_mixes_points_is_refused() -> None:
    """A maximum over all dims, those of the sweep among them, is not what a point is worth."""

    def peak(a):
        return xr.Dataset({"all": 2 * a, "peak": (a * xr.DataArray([1.0, 2.0], dims="time")).max()})

    with pytest.raises(ParameterError, match=r"its variable `peak` has lost `a`, .* Reduce dims by name"):
        template_of(recipe(peak), combine({"a": [1.0, 2.0]}))
    template_of(recipe(peak), combine({"a": [1.0]}))


@pytest.mark.parametrize("first", [1.0, 4.0])
def test_what_is_the_same_everywhere_may_lack_a_dim(first: float) -> None:
    """NaN is the same as NaN, and a point that fails says nothing."""

    def measure(a):
        if np.any(a == 4.0):
            raise ValueError("4 is bad")
        return xr.Dataset({"same": np.nan, "lost": float(np.max(a))})

    form, trial = template_of(recipe(measure), combine({"a": [first, 5.0 - first]}))
    assert form.variables["same"].dims == ("a",)
    assert trial.axes["a"].values.tolist() == [1.0]


@pytest.mark.parametrize("sampling", ["grid", "zip"])
def test_each_dim_is_looked_along(sampling) -> None:
    """From the first point that works, which is not the first of all."""

    def measure(both):
        if np.any(both["a"] < 2.0):
            raise ValueError("too small")
        return xr.Dataset({"lost": float(np.max(both["b"]))})

    def build(a, b):
        return {"a": a, "b": b}

    dim = "b" if sampling == "grid" else "point"
    with pytest.raises(ParameterError, match=f"has lost `{dim}`"):
        template_of(recipe(measure, build), combine({"a": [1.0, 2.0, 3.0], "b": [2.0, 4.0, 1.0]}, sampling))


def test_a_build_that_changes_its_arguments_changes_no_axis() -> None:
    def doubled(a):
        a *= 2
        return a

    points = combine({"a": [1.0, 2.0]})
    twice = recipe(lambda a: a.to_dataset(name="twice"), doubled)
    assert template_of(twice, points)[1].axes["a"].values.tolist() == [1.0]
    assert [twice.at(points).twice.values.tolist() for _ in range(2)] == [[2.0, 4.0]] * 2
    assert points.axes["a"].values.tolist() == [1.0, 2.0]
