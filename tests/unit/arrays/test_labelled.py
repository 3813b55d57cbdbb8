"""Labelled arrays are told without importing xarray, and their arithmetic drops no points."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest
import xarray as xr

from leyden.arrays import exact_alignment, is_labelled, labelled, labelled_column, relabelled

DRIVE = xr.DataArray([0.1, 0.2, 0.3], dims="drive", coords={"drive": [1.0, 2.0, 3.0]})


def test_labels_are_told_without_importing_xarray(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_labelled(DRIVE)
    assert not is_labelled(DRIVE.values)
    assert not is_labelled(DRIVE.variable)
    monkeypatch.delitem(sys.modules, "xarray")
    assert not is_labelled(DRIVE)
    with exact_alignment():
        assert "xarray" not in sys.modules


def test_arithmetic_does_not_drop_points() -> None:
    other = DRIVE.assign_coords(drive=[2.0, 3.0, 4.0])
    with exact_alignment(), pytest.raises(ValueError, match="exact"):
        DRIVE * other
    assert (DRIVE * other).size == 2


def test_an_array_gets_its_labels() -> None:
    for array in (np.ones(3), np.array(["a", "b", "c"]), np.array([True, False, True])):
        assert labelled(("x",), array, {"units": "s"}).identical(xr.Variable("x", array, {"units": "s"}))
    assert labelled((), np.float64(2.0)).identical(xr.Variable((), 2.0))


def test_other_numbers_get_the_same_labels() -> None:
    named = DRIVE.rename("drive").assign_attrs(units="s").assign_coords(first=("drive", [1, 2, 3]), alone=4)
    for one in (named, named.drop_vars(named.coords)):
        assert relabelled(one, 2 * one.values).identical(one.copy(data=2 * one.values))


def test_a_library_that_another_thread_imports_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("xarray", "pandas"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    assert not is_labelled(1.0)
    assert labelled_column("drive", 1.0) is None
    with exact_alignment():
        pass
