"""Where a sweep comes from: its device and what was fixed, in memory, in stores and in files of netCDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.errors import ParameterError
from leyden.model.catalog import DEVICES, CatalogDevice
from leyden.study import sweep

RATES = {"charger_damping": 0.1, "battery_damping": 0.2}


def pair(drive: Any, damping: Any = 0.1) -> ly.Network:
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=damping)


def peak(network: ly.Network) -> xr.Dataset:
    """A measure that says nothing of its device."""
    return xr.Dataset({"peak": ly.charge(network, [0.0, 1.0]).ergotropy.max("time").drop_attrs()})


@pytest.mark.parametrize("measure", ["steady_state", "charge", ly.stability, peak])
def test_a_given_device_comes_back(measure: Any) -> None:
    """As it is without the axes, with what was fixed."""
    times = [0.0, 1.0] if measure == "charge" else None
    axes, fixed = {"TwoPhotonDrive(charger).amplitude": [0.0, 0.02]}, {"LocalBath(battery).rate": 0.3}
    found = sweep(pair(0.05), axes, measure=measure, times=times, fixed=fixed)
    assert ly.read_device(found) == pair(0.05).replace(**fixed)
    assert json.loads(found.attrs["fixed"]) == fixed


def test_a_device_of_the_catalog_comes_back() -> None:
    found = sweep("two_photon_battery", {"drive": [0.02, 0.05]}, fixed=RATES)
    reference = ly.catalog.reference_device("two_photon_battery", **RATES)
    assert ly.read_device(found) == reference
    assert json.loads(found.attrs["fixed"]) == RATES
    bare = sweep("cascade", {"drive": [0.02]}, fixed={"modes": 5})
    assert ly.read_device(bare).mode_names == ("m0", "m1", "m2", "m3", "m4")
    assert json.loads(bare.attrs["fixed"]) == {"modes": 5}
    assert sweep("cascade", {"drive": [0.02]}).attrs["fixed"] == "{}"


def test_a_function_gives_the_device_of_the_first_point_that_works() -> None:
    found = sweep(pair, {"damping": [-1.0, 0.2, 0.3], "drive": [0.02, 0.05]}, fixed={})
    assert found.attrs["failed_points"] == 2
    assert ly.read_device(found) == pair(0.02, 0.2)
    many = sweep(lambda drive: ly.catalog.cascade(12, drive=drive, damping=0.1), {"drive": [0.02, 0.05]})
    assert ly.read_device(many) == ly.catalog.cascade(12, drive=0.02, damping=0.1)


def test_a_function_may_leave_the_axes_alone() -> None:
    found = sweep(lambda drive: pair(0.03), {"drive": [0.02, 0.05]})
    assert ly.read_device(found) == pair(0.03)


def test_where_the_reference_does_not_go_with_what_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first point that works then tells."""

    def weaker(*, drive: Any, most: float) -> ly.Network:
        if np.any(np.asarray(drive) > most):
            raise ZeroDivisionError
        return pair(drive)

    monkeypatch.setitem(DEVICES, "weaker", CatalogDevice(weaker, {"drive": 0.1, "most": 1.0}, "a weaker one"))
    assert ly.read_device(sweep("weaker", {"drive": [0.02]})) == pair(0.1)
    assert ly.read_device(sweep("weaker", {"drive": [0.08, 0.02]}, fixed={"most": 0.05})) == pair(0.02)


def test_what_is_no_network_has_no_device(refuses) -> None:
    found = sweep(lambda x: {"x": x}, {"x": [1.0, 2.0]}, measure=lambda given: xr.Dataset({"double": 2 * given["x"]}))
    assert "device_file" not in found.attrs
    refuses("path", lambda: ly.read_device(found), "have the attribute `device_file`")


def test_stores_and_files_keep_it(tmp_path: Path) -> None:
    axes, fixed = {"drive": [0.02, 0.05]}, RATES | {"coupling": -0.1j}
    here = sweep("two_photon_battery", axes, fixed=fixed)
    there = sweep("two_photon_battery", axes, fixed=fixed, store=tmp_path / "s.zarr")
    here.to_netcdf(tmp_path / "s.nc")
    again = sweep("two_photon_battery", axes, fixed=fixed, store=tmp_path / "s.zarr")
    with xr.open_dataset(tmp_path / "s.nc") as file, xr.open_zarr(tmp_path / "s.zarr", chunks=None) as plain:
        for found in (here, there, again, file, plain, here.isel(drive=0)):
            assert ly.read_device(found) == ly.catalog.reference_device("two_photon_battery", **fixed)
            assert json.loads(found.attrs["fixed"]) == RATES | {"coupling": {"re": 0.0, "im": -0.1}}


def test_a_damaged_description_is_restored(tmp_path: Path) -> None:
    """It holds the device, too: to the last byte, whatever the order in which things were fixed."""
    store = tmp_path / "s.zarr"
    first = sweep("two_photon_battery", {"drive": [0.02]}, fixed=RATES, store=store)
    (store / "zarr.json").write_text("{}", encoding="utf-8")
    fixed = dict(reversed(RATES.items()))
    again = sweep("two_photon_battery", {"drive": [0.02]}, fixed=fixed, store=store, resume=True)
    xr.testing.assert_identical(again, first)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.float64(0.1), 0.1),
        (np.array([0.1, 0.2j]), [{"re": 0.1, "im": 0.0}, {"re": 0.0, "im": 0.2}]),
        (xr.DataArray([1, 2], dims="x"), [1, 2]),
        ((1, "a", None, True), [1, "a", None, True]),
        ({"a": 1j}, {"a": {"re": 0.0, "im": 1.0}}),
        ({}, {}),
    ],
)
def test_values_of_any_kind_are_kept(value: Any, kept: Any) -> None:
    found = sweep(lambda drive, given: pair(drive), {"drive": [0.02]}, fixed={"given": value})
    assert json.loads(found.attrs["fixed"]) == {"given": kept}


@pytest.mark.parametrize("value", [np.zeros(2000), [0.0] * 2000, object(), len])
def test_what_is_long_or_no_value_is_told_in_words(value: Any) -> None:
    found = sweep(lambda drive, given: pair(drive), {"drive": [0.02]}, fixed={"given": value})
    words = json.loads(found.attrs["fixed"])["given"]
    assert isinstance(words, str)
    assert len(words) < 20_000


def test_long_chains_come_back_and_other_large_devices_say_so() -> None:
    found = sweep("cascade", {"drive": [0.02]}, fixed={"modes": 100})
    assert len(ly.read_device(found).modes) == 100
    modes = [ly.Mode(f"m{place}") for place in range(100)]
    baths = ly.Family(ly.LocalBath, range(100), rate=1.0)
    found = sweep(
        ly.Network(modes, [ly.OnePhotonDrive("m0", 0.1), baths], "m0", "m1"), {"OnePhotonDrive(m0).amplitude": [0.02]}
    )
    with pytest.raises(ParameterError, match="leaves out modes, elements"):
        ly.read_device(found)
