"""`ly.exceptional_points`: labels, files and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly

DRIVE = "TwoPhotonDrive(charger).amplitude"


def build(**changes: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(**({"drive": 0.0, "charger_damping": 0.5, "battery_damping": 0.1} | changes))


def test_variables_have_their_dims() -> None:
    found = ly.exceptional_points(build(), DRIVE, (0.0, 0.2))
    assert found.exceptional_value.dims == ("point",)
    assert found.exceptional_eigenvalue.dims == ("point", "part")
    np.testing.assert_allclose(found.exceptional_eigenvalue, [[-0.3, 0.0]], atol=1e-12)
    assert not bool(found.is_exceptional)
    assert found.attrs["parameter"] == DRIVE
    assert "throughout" not in found.attrs


def test_devices_of_a_batch_may_have_fewer_points() -> None:
    damping = xr.DataArray([0.1, 0.3, 0.5, 0.9], dims="damping", coords={"damping": [0.1, 0.3, 0.5, 0.9]})
    found = ly.exceptional_points(build(charger_damping=damping), DRIVE, (0.001, 0.15))
    assert found.exceptional_value.dims == ("damping", "point")
    np.testing.assert_allclose(found.exceptional_value[:, 0], [np.nan, 0.05, 0.1, np.nan], rtol=1e-12)
    assert found.exceptional_order[:, 0].values.tolist() == [0, 2, 2, 0]
    xr.testing.assert_equal(found.coords["damping"], damping.coords["damping"])


def test_what_is_exceptional_throughout_is_said() -> None:
    device = ly.catalog.one_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    found = ly.exceptional_points(device, "OnePhotonDrive(charger).amplitude", (0.0, 1.0))
    assert bool(found.is_exceptional)
    assert found.sizes["point"] == 0
    assert "for every value: order 2, at -0.3" in found.attrs["throughout"]


def test_it_can_be_written_to_a_file(tmp_path: Any) -> None:
    found = ly.exceptional_points(build(), DRIVE, (0.0, 0.2))
    found.to_netcdf(tmp_path / "points.nc")
    with xr.open_dataset(tmp_path / "points.nc") as again:
        np.testing.assert_array_equal(again.exceptional_value, found.exceptional_value)


@pytest.mark.parametrize(
    ("interval", "words"),
    [((0.2, 0.1), "increase"), ((0.0, np.inf), "finite"), ((0.0,), "two real numbers"), ((0, 1j), "two real numbers")],
)
def test_bad_intervals(interval: Any, words: str, refuses: Any) -> None:
    refuses("interval", lambda: ly.exceptional_points(build(), DRIVE, interval), words)


def test_other_refusals(refuses: Any) -> None:
    refuses("parameter", lambda: ly.exceptional_points(build(), "drive", (0.0, 0.1)), "be among")
    refuses("amplitude", lambda: ly.exceptional_points(build(), DRIVE, (-0.1, 0.1)), "not negative")
