"""Labelled arrays are told without importing xarray, and their arithmetic drops no points."""

from __future__ import annotations

import sys

import pytest
import xarray as xr

from leyden.arrays import exact_alignment, is_labelled

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
