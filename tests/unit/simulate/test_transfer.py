"""`ly.response`: labelled transfers in both directions, batches and other array libraries."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

import leyden as ly

jax.config.update("jax_enable_x64", True)

C = ly.catalog
GRID = [-0.2, 0.0, 0.3]
RATES = {"charger_damping": 0.1, "battery_damping": 0.2}


def test_variables_have_their_dims_and_attributes() -> None:
    found = ly.response(C.two_photon_battery(drive=0.05, **RATES), GRID)
    assert found.transfer.dims == ("frequency", "to", "from")
    assert found.isolation.dims == found.forward_transfer.dims == ("frequency",)
    assert found.frequency.values.tolist() == GRID
    assert found.transfer.attrs["units"] == "1/rate unit"
    assert {"device", "version", "conventions", "device_file"} <= set(found.attrs)
    assert all(found[name].dtype == float for name in set(found.data_vars) - {"is_stable"})
    np.testing.assert_allclose(found.transfer**2, found.transfer_real**2 + found.transfer_imaginary**2, rtol=1e-14)
    there = found.transfer.sel({"to": "battery", "from": "charger"})
    np.testing.assert_array_equal(there, found.forward_transfer)


def test_a_one_way_device_lets_nothing_back() -> None:
    found = ly.response(C.two_photon_battery(drive=0.05, **RATES), GRID)
    assert not found.backward_transfer.any()
    assert np.isnan(found.isolation).all()
    assert np.isnan(found.isolation_db).all()
    np.testing.assert_array_equal(found.directionality, 1.0)


def test_a_reciprocal_device_lets_as_much_back() -> None:
    found = ly.response(C.reciprocal_battery(drive=0.0, coupling=0.3, **RATES), GRID)
    np.testing.assert_allclose(found.isolation, 1.0, rtol=1e-13)
    np.testing.assert_allclose(found.isolation_db, 0.0, atol=1e-12)
    np.testing.assert_allclose(found.directionality, 0.0, atol=1e-13)
    # The other sign of the coupling that makes it one-way turns the direction.
    turned = ly.response(C.two_photon_battery(drive=0.0, coupling=0.25j, **RATES), GRID)
    assert not turned.forward_transfer.any()
    np.testing.assert_array_equal(turned.directionality, -1.0)
    np.testing.assert_array_equal(turned.isolation, 0.0)
    assert np.isnan(turned.isolation_db).all()


def test_several_batteries_have_a_dim() -> None:
    device = C.cascade(3, drive=0.05, damping=0.2)
    found = ly.response(device, GRID)
    assert found.isolation.dims == ("frequency", "mode")
    assert found["mode"].values.tolist() == ["m1", "m2"]
    np.testing.assert_array_equal(found.forward_transfer.sel(mode="m2"), found.transfer.sel({"to": "m2", "from": "m0"}))


def test_a_batch_is_its_members_and_unstable_ones_are_missing() -> None:
    drive = xr.DataArray([0.05, 0.1, 0.3], dims="drive", coords={"drive": [0.05, 0.1, 0.3]})
    phase = xr.DataArray([0.0, 1.0], dims="phase")

    def build(drive: Any, phase: Any) -> ly.Network:
        return C.two_photon_battery(drive=drive, phase=phase, coupling=0.1, **RATES)

    found = ly.response(build(drive, phase), GRID)
    assert found.conjugate_transfer.dims == ("drive", "phase", "frequency", "to", "from")
    assert found.is_stable.values.tolist() == [[True] * 2, [True] * 2, [False] * 2]
    assert np.isnan(found.transfer[2]).all()
    xr.testing.assert_equal(found.coords["drive"], drive.coords["drive"])
    one = ly.response(build(0.1, 1.0), GRID)
    for name in set(one.data_vars) - {"is_stable"}:
        np.testing.assert_allclose(found[name][1, 1], one[name], rtol=1e-12, atol=1e-13, err_msg=name)


def test_a_large_batch_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leyden.equations.batches.members_at_once", lambda *_: 2)
    drive = np.linspace(0, 0.1, 5)
    found = ly.response(C.two_photon_battery(drive=drive, **RATES), GRID)
    for place, value in enumerate(drive):
        one = ly.response(C.two_photon_battery(drive=value, **RATES), GRID)
        np.testing.assert_allclose(found.transfer[place], one.transfer, rtol=1e-13)
        np.testing.assert_allclose(found.isolation[place], one.isolation)


def test_it_can_be_written_to_a_file(tmp_path: Any) -> None:
    found = ly.response(C.two_photon_battery(drive=0.05, **RATES), GRID)
    found.to_netcdf(tmp_path / "response.nc")
    with xr.open_dataset(tmp_path / "response.nc") as again:
        xr.testing.assert_identical(again.load().drop_attrs(), found.drop_attrs())


def test_jax_compiles_and_differentiates_it() -> None:
    def forward(drive: Any) -> Any:
        return ly.response(C.two_photon_battery(drive=drive, coupling=0.1, **RATES), [0.1]).forward_transfer.data[0]

    plain, step = float(forward(0.05)), 1e-5  # by NumPy
    # All at once: to compile an operation takes longer than anything else here.
    found, slope = jax.jit(jax.value_and_grad(forward))(jnp.asarray(0.05))
    assert float(found) == pytest.approx(plain, rel=1e-12)
    assert float(slope) == pytest.approx((forward(0.05 + step) - forward(0.05 - step)) / (2 * step), rel=1e-7)
    many = jax.jit(jax.vmap(forward))(jnp.asarray([0.05, 0.3]))
    assert float(many[0]) == pytest.approx(plain, rel=1e-12)
    assert np.isnan(many[1])


def test_what_is_not_quadratic_is_refused(random_network: Any) -> None:
    with pytest.raises(ly.ParameterError, match="be a Network"):
        ly.response("device", [0.0])  # type: ignore[arg-type]
