"""Namespace: NumPy in, NumPy out; another library's arrays in, its arrays out."""

from __future__ import annotations

import sys
import types

import array_api_compat
import array_api_strict
import numpy as np
import pytest
import xarray as xr

from leyden.arrays import (
    complex_of,
    imaginary_part,
    in_double,
    is_concrete,
    namespace_of,
    not_negative,
    real_part,
    to_numpy,
)

STRICT = array_api_strict.asarray([1.0, 2.0])


def test_numbers_and_numpy_side_with_what_is_there() -> None:
    assert namespace_of() is np
    assert namespace_of(1.0, 2j, np.float64(3.0), np.ones(2)) is np
    assert namespace_of(1.0, np.ones(2), STRICT) is array_api_compat.array_namespace(STRICT)
    with pytest.raises(TypeError, match="not a supported array type"):
        namespace_of("x")


def test_arrays_are_concrete_unless_jax_traces_them(monkeypatch: pytest.MonkeyPatch) -> None:
    jax = types.ModuleType("jax")
    jax.core = types.SimpleNamespace(Tracer=type(STRICT))
    monkeypatch.setitem(sys.modules, "jax", jax)
    assert not is_concrete(STRICT)
    assert is_concrete(np.ones(2))
    assert is_concrete(1.0)
    jax.core.Tracer = dict
    assert is_concrete(STRICT)
    monkeypatch.delitem(sys.modules, "jax")
    assert is_concrete(STRICT)


def test_to_numpy() -> None:
    for value in (1.0, [1.0, 2.0], np.ones(2), STRICT, np.float32(1.0)):
        found = to_numpy(value)
        assert isinstance(found, np.ndarray)
        np.testing.assert_array_equal(found, np.asarray(value))


@pytest.mark.parametrize(
    "value",
    [1 + 2j, np.array([1 + 2j]), xr.DataArray([1 + 2j], dims="x"), array_api_strict.asarray([1 + 2j])],
    ids=lambda value: type(value).__module__,
)
def test_parts_of_complex_values(value) -> None:
    assert np.asarray(real_part(value)).item() == 1.0
    assert np.asarray(imaginary_part(value)).item() == 2.0
    whole = complex_of(real_part(value), imaginary_part(value))
    assert type(whole) is type(value)
    assert np.asarray(whole).item() == 1 + 2j


@pytest.mark.parametrize(
    "value",
    [3.0, np.array([3.0]), xr.DataArray([3.0], dims="x"), array_api_strict.asarray([3.0])],
    ids=lambda value: type(value).__module__,
)
def test_parts_of_real_values(value) -> None:
    """The array standard has no real part of a real array."""
    assert np.asarray(real_part(value)).item() == 3.0
    assert np.asarray(imaginary_part(value)).item() == 0.0


def test_complex_values_of_a_number_and_an_array() -> None:
    found = complex_of(0.5, STRICT)
    assert found.dtype == array_api_strict.complex128
    np.testing.assert_array_equal(np.asarray(found), [0.5 + 1j, 0.5 + 2j])


@pytest.mark.parametrize("dtype", ["int8", "uint64", "float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("kind", ["numpy", "labelled", "strict", "list"])
def test_numbers_come_out_in_double(kind: str, dtype: str) -> None:
    array = np.array([[1, 2]], dtype=dtype)
    make = {
        "numpy": lambda: array,
        "labelled": lambda: xr.DataArray(array, dims=("x", "y"), coords={"y": [3, 4]}),
        "strict": lambda: array_api_strict.asarray(array),
        "list": array.tolist,
    }
    found = in_double(make[kind]())
    # dtypes of the strict library are objects of its own
    assert str(found.dtype).rpartition(".")[2] == ("complex128" if "complex" in dtype else "float64")
    np.testing.assert_array_equal(np.asarray(found), array)
    if kind == "labelled":
        assert found.dims == ("x", "y")
        assert found.coords["y"].values.tolist() == [3, 4]
    if kind == "strict":
        assert type(found) is type(STRICT)


@pytest.mark.parametrize("value", ["x", None, True, [True], {}, [[1], [1, 2]], ["1"], np.array([None])], ids=repr)
def test_what_is_no_number_is_refused(value) -> None:
    with pytest.raises(TypeError):
        in_double(value)


def test_traced_values_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    jax = types.ModuleType("jax")
    jax.core = types.SimpleNamespace(Tracer=type(STRICT))
    monkeypatch.setitem(sys.modules, "jax", jax)
    assert in_double(STRICT) is STRICT


def test_only_rounding_is_taken_for_nothing() -> None:
    found = not_negative(np.array([-1e-20, 0.0, 2.0, -3.0, np.nan]))
    np.testing.assert_array_equal(found, [0.0, 0.0, 2.0, -3.0, np.nan])
    whole = np.array([0.0, 1.0])
    assert not_negative(whole) is whole
