"""`ly.correlations`: groups, batches, times, unstable devices, and what is refused."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import merit

jax.config.update("jax_enable_x64", True)

C = ly.catalog
RATES = {"charger_damping": 0.1, "battery_damping": 0.2}
TIMES = [0.0, 1.0, 20.0]
DRIVE = xr.DataArray([0.01, 0.1, 0.4], dims="drive", coords={"drive": [0.01, 0.1, 0.4]})
NAMES = ("log_negativity", "mutual_information", "steering", "global_ergotropy", "local_ergotropy")


def test_variables_have_their_dims_and_units() -> None:
    found = ly.correlations(C.two_photon_battery(drive=0.1, **RATES), TIMES)
    assert set(found.data_vars) == set(NAMES)
    assert found.log_negativity.dims == ("time",)
    assert found.steering.dims == ("direction", "time")
    assert found.direction.values.tolist() == ["forward", "backward"]
    assert found.global_ergotropy.units == "hbar omega_0"
    assert ly.correlations(C.two_photon_battery(drive=0.1, frequency=2.0, **RATES)).local_ergotropy.units.startswith(
        "hbar * freq"
    )
    assert all(float(found[name].isel(time=0).sum()) == 0.0 for name in NAMES)


def test_batches_are_their_devices_and_unstable_ones_are_missing() -> None:
    def of(drive: float) -> ly.Network:
        return C.two_photon_battery(drive=drive, frequency=1.5, **RATES)

    steady, curves = ly.correlations(of(DRIVE)), ly.correlations(of(DRIVE), TIMES)
    assert steady.is_stable.values.tolist() == [True, True, False]
    for place, drive in enumerate(DRIVE.values):
        single = ly.correlations(of(drive), TIMES)
        for name in NAMES:
            np.testing.assert_allclose(curves[name].isel(drive=place), single[name], rtol=1e-9, atol=1e-13)
            if place < 2:
                one = ly.correlations(of(drive))[name]
                np.testing.assert_allclose(steady[name].isel(drive=place), one, rtol=1e-10, atol=1e-14)
            else:
                assert np.isnan(steady[name].isel(drive=place)).all()
    with pytest.raises(ly.UnstableError):
        ly.correlations(of(0.4))


def test_groups_by_name() -> None:
    chain = C.cascade(4, drive=0.05, damping=0.1)
    names = list(chain.mode_names)
    default = ly.correlations(chain)
    named = ly.correlations(chain, between=(names[0], names[1:]))
    xr.testing.assert_identical(default, named)
    swapped = ly.correlations(chain, between=(names[1:], names[0]))
    np.testing.assert_allclose(swapped.steering.values, default.steering.values[::-1], rtol=1e-10, atol=1e-14)
    assert float(swapped.log_negativity) == pytest.approx(float(default.log_negativity), rel=1e-12)
    # To know less of a group is to know no more of what both have together.
    part = ly.correlations(chain, between=(names[0], names[2]))
    assert float(part.mutual_information) <= float(default.mutual_information) + 1e-12


def test_a_long_run_ends_in_the_steady_state() -> None:
    device = C.two_photon_battery(drive=0.1, **RATES)
    late, steady = ly.correlations(device, [2000.0]), ly.correlations(device)
    for name in NAMES:
        np.testing.assert_allclose(late[name].isel(time=0), steady[name], rtol=1e-11, atol=1e-13)


def test_pulses_are_followed_in_time() -> None:
    device = C.two_photon_battery(drive=ly.pulse.square(0.1, 0.0, 5.0), **RATES)
    found = ly.correlations(device, [5.0, 200.0])
    assert float(found.log_negativity[0]) > 0.05
    assert float(found.log_negativity[1]) < 1e-6


def test_what_is_refused(refuses) -> None:
    device = C.two_photon_battery(drive=0.1, **RATES)
    refuses("between", lambda: ly.correlations(device, between=("charger",)))
    refuses("between", lambda: ly.correlations(device, between=("charger", "charger")))
    refuses("between", lambda: ly.correlations(device, between="charger"))
    refuses("mode", lambda: ly.correlations(device, between=("charger", "wheel")))
    lone = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], charger="a", battery="a")
    refuses("between", lambda: ly.correlations(lone))
    turned = ly.Network(device.modes, [*device.elements, ly.Dephasing("charger", 0.1)], "charger", "battery")
    for times in (None, TIMES):
        with pytest.raises(ly.NonGaussianError, match="Dephasing"):
            ly.correlations(turned, times)


def test_jax_arrays_are_taken() -> None:
    found = ly.correlations(C.two_photon_battery(drive=jnp.asarray([0.05, 0.1]), **RATES))
    plain = ly.correlations(C.two_photon_battery(drive=np.array([0.05, 0.1]), **RATES))
    for name in NAMES:
        np.testing.assert_allclose(np.asarray(found[name]), plain[name], rtol=1e-10, atol=1e-13)


def test_they_are_the_functions_of_merit() -> None:
    device = C.two_photon_battery(drive=0.1, **RATES)
    state = ly.evolve(device, TIMES)
    found = ly.correlations(device, TIMES)
    np.testing.assert_array_equal(found.log_negativity, merit.log_negativity(state, [0], [1]))
    np.testing.assert_array_equal(found.steering[1], merit.steering(state, [1], [0]))
    assert (found.global_ergotropy >= found.local_ergotropy - 1e-15).all()
