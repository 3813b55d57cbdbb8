"""Stores are read as xarray reads them, and what cannot be read is one line of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import zarr

from leyden.errors import LeydenError
from leyden.runner import Store, tasks_of


@pytest.fixture
def filled(study: Any, tmp_path: Path) -> Store:
    case = study(tmp_path / "s.zarr").create()
    for task in tasks_of(case.points, case.blocks, range(case.blocks.count)):
        case.job.compute(task)
    return case.store


KEYS: list[dict[str, Any]] = [
    {},
    {"a": 2},
    {"a": -1, "b": 0, "power": 1},
    {"a": slice(1, 5, 2)},
    {"a": slice(None, None, -1), "b": slice(4, 1, -2)},
    {"a": [3, 0, 0], "b": [4, 1]},
    {"a": np.array([True, False, True, False, False, True])},
    {"a": xr.DataArray([0, 5, 3], dims="point"), "b": xr.DataArray([4, 0, 2], dims="point")},
    {"a": xr.DataArray([1, 2], dims="point"), "b": slice(1, 3)},
    {"a": slice(3, 3)},
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_any_part_of_it_is_read(filled: Store, study: Any, key: dict[str, Any]) -> None:
    """Before anything else of it was: numbers along each dim, steps back, masks, points."""
    xr.testing.assert_equal(filled.open().isel(key), study().expected().isel(key))


def test_what_is_read_is_kept(filled: Store, study: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = filled.open()
    found["product"].load()
    monkeypatch.setattr(zarr.Array, "__getitem__", lambda *_: pytest.fail("read again"))
    xr.testing.assert_equal(found["product"], study().expected()["product"])


def test_it_may_be_written_elsewhere(filled: Store, study: Any, tmp_path: Path) -> None:
    found = filled.open()
    found.to_netcdf(tmp_path / "s.nc", engine="h5netcdf")
    xr.testing.assert_equal(xr.load_dataset(tmp_path / "s.nc", engine="h5netcdf"), study().expected())
    found.drop_vars("power").to_zarr(tmp_path / "t.zarr", consolidated=False)
    assert zarr.open_group(tmp_path / "t.zarr", mode="r")["powers"].chunks == (1, 4, 3)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "key", [{}, {"a": 0}, {"a": [0, 1]}, {"a": xr.DataArray([0], dims="p"), "b": xr.DataArray([0], dims="p")}]
)
def test_a_flipped_bit_is_one_line(filled: Store, key: dict[str, Any]) -> None:
    """Whichever way it is read; what else is there can be read still."""
    chunk = filled.path / "product" / "c" / "0" / "0"
    data = bytearray(chunk.read_bytes())
    data[20] ^= 1
    chunk.write_bytes(data)
    found = filled.open()
    with pytest.raises(
        LeydenError, match=r"must be whole, but `product` in 's\.zarr' cannot be read \(ValueError: .*"
    ) as caught:
        found["product"].isel(key).load()
    assert len(str(caught.value)) <= 300
    assert "\n" not in str(caught.value)
    assert found["product"].isel(a=5, b=4) == 7.5
    # Plain xarray does not take it for a number either.
    with pytest.raises(ValueError, match="checksum"):
        xr.open_zarr(filled.path, chunks=None, decode_times=False)["product"].load()


def test_a_description_that_cannot_be_read_is_one_line(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object, **__: object) -> Any:
        raise KeyError("shape")

    contents = filled.ledger.read()
    monkeypatch.setattr(zarr, "open_group", damaged)
    from leyden.runner.reading import opened

    with pytest.raises(LeydenError, match=r"its description in 's\.zarr' cannot be read \(KeyError: 'shape'\)"):
        opened(filled.path, contents)


def test_a_machine_without_memory_is_no_damage(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Any:
        raise MemoryError

    found = filled.open()
    monkeypatch.setattr(zarr.Array, "__getitem__", full)
    with pytest.raises(MemoryError):
        found["product"].load()
