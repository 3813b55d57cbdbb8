"""Axes combined: grids, samples that fill their box, and every refusal."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
import xarray as xr

from leyden.errors import ParameterError
from leyden.runner import Range, combine


def test_a_grid_has_a_dim_for_each_axis() -> None:
    found = combine({"a": [1, 2], "b": Range(0, 1, 3), "c": xr.DataArray([1j, 2.0])}, attributes={"b": {"units": "s"}})
    assert found.sizes == {"a": 2, "b": 3, "c": 2}
    assert found.count == 12
    assert found.axes["b"].attributes == {"units": "s"}


def test_zipped_axes_stand_side_by_side() -> None:
    found = combine({"a": [1, 2, 3], "b": Range(0, 1, 3)}, "zip")
    assert found.sizes == {"point": 3}
    assert [axis.values.item() for axis in found.point(1).axes.values()] == [2, 0.5]


@pytest.mark.parametrize("sampling", ["latin_hypercube", "sobol"])
def test_samples_fill_their_box(sampling: str) -> None:
    """One point in each of n equal slices of each axis for a Latin hypercube, and for n = 2^k Sobol points."""
    found = combine({"a": (0.0, 1.0), "b": Range(1, 100, spacing="log")}, sampling, points=64, seed=3)
    assert found.sizes == {"point": 64}
    fractions = [found.axes["a"].values, np.log10(found.axes["b"].values) / 2]
    for fraction in fractions:
        assert sorted(np.floor(64 * fraction).astype(int).tolist()) == list(range(64))


@pytest.mark.parametrize("sampling", ["latin_hypercube", "sobol"])
def test_samples_follow_their_seed(sampling: str) -> None:
    def values(points: int, seed: int) -> np.ndarray:
        return combine({"a": (0, 1), "b": (0, 1)}, sampling, points=points, seed=seed).axes["b"].values

    np.testing.assert_array_equal(values(10, 1), values(10, 1))
    assert not np.array_equal(values(10, 1), values(10, 2))
    assert len(values(1, 0)) == 1
    if sampling == "sobol":  # fewer points are the first of more
        np.testing.assert_array_equal(values(10, 1), values(16, 1)[:10])


@pytest.mark.parametrize(
    ("name", "axes", "more"),
    [
        ("axes", {}, {}),
        ("axes", [1, 2], {}),
        ("axes", {1: [1.0]}, {}),
        ("axes", {"": [1.0]}, {}),
        ("axes[a]", {"a": []}, {}),
        ("axes[a]", {"a": 1.0}, {}),
        ("axes[a]", {"a": [[1.0]]}, {}),
        ("axes[a]", {"a": ["x"]}, {}),
        ("axes[a]", {"a": [True]}, {}),
        ("axes[a]", {"a": [1.0, np.nan]}, {}),
        ("axes[a]", {"a": Range(0, 1)}, {}),
        ("axes", {"a": [1, 2], "b": [1]}, {"sampling": "zip"}),
        ("sampling", {"a": [1]}, {"sampling": "random"}),
        ("points", {"a": [1]}, {"points": 3}),
        ("points", {"a": (0, 1)}, {"sampling": "sobol"}),
        ("points", {"a": (0, 1)}, {"sampling": "sobol", "points": 0}),
        ("seed", {"a": (0, 1)}, {"sampling": "sobol", "points": 2, "seed": -1}),
        ("axes[a]", {"a": [0, 1, 2]}, {"sampling": "sobol", "points": 2}),
        ("axes[a]", {"a": "01"}, {"sampling": "sobol", "points": 2}),
        ("axes[a]", {"a": Range(0, 1, 3)}, {"sampling": "latin_hypercube", "points": 2}),
        ("start", {"a": ("0", 1)}, {"sampling": "latin_hypercube", "points": 2}),
    ],
)
def test_axes_are_checked(refuses, name: str, axes: object, more: dict) -> None:
    refuses(name, lambda: combine(axes, **more))


def test_the_error_names_the_axis() -> None:
    with pytest.raises(ParameterError, match=r"axes\[drive\].* is 'x'\. It is a text"):
        combine({"drive": ["x"]})


@pytest.mark.parametrize("name", ["a\nb", "\x1b", "a\0", "\ud800", "", " ", 3, "x" * 1001], ids=ascii)
def test_names_of_axes_are_printable(refuses, name: Any) -> None:
    refuses("axes", lambda: combine({"drive": [0.1], name: [0.1]}), "printable strings of 1 to 1000 characters")


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("points", lambda: Range(0, 1, 10**20)),
        ("points", lambda: Range(0, 1, 2**28 + 1)),
        ("start", lambda: Range(10**400, 1, 2)),
        ("stop", lambda: Range(0, -(10**5000), 2)),
        ("axes", lambda: combine({"a": Range(0, 1, 2**28), "b": [0.0, 1.0]})),
        ("axes", lambda: combine({"a": Range(0, 1, 10**7), "b": Range(0, 1, 10**7), "c": Range(0, 1, 10**7)})),
        ("axes", lambda: combine({f"a{place}": [0.0] for place in range(61)})),
        ("axes", lambda: combine({f"a{place}": (0.0, 1.0) for place in range(1001)}, "sobol", points=2)),
        ("axes", lambda: combine({"a": Range(0, 1, 10**8), "b": Range(0, 1, 2)}, "zip")),
        ("points", lambda: combine({"a": (0.0, 1.0), "b": (0.0, 1.0)}, "sobol", points=2**28)),
        ("points", lambda: combine({"a": (0.0, 1.0)}, "latin_hypercube", points=10**20)),
    ],
)
def test_sizes_are_looked_at_before_an_axis_is_built(refuses, monkeypatch, name: str, call: Any) -> None:
    importlib.import_module("scipy.stats.qmc")  # which builds arrays of its own when it is first imported

    def never(*_arguments: Any, **_options: Any) -> Any:
        raise AssertionError("builds it")

    for function in ("numpy.linspace", "numpy.asarray", "numpy.random.default_rng"):
        monkeypatch.setattr(function, never)
    refuses(name, call)


def test_a_whole_number_of_many_digits_is_no_number(refuses) -> None:
    refuses("axes[a]", lambda: combine({"a": [1, 10**5000]}), "be within the number range")
