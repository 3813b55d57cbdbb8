"""`ly.spectrum`: what leaves through each port, and the noise inside."""

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


def oscillator(drive: Any, *, detuning: Any = 0.0, occupation: float = 0.0) -> ly.Network:
    elements = [ly.TwoPhotonDrive("m", drive), ly.LocalBath("m", 1.0, occupation)]
    return ly.Network([ly.Mode("m", detuning=detuning)], elements, "m", "m")


def test_variables_have_their_dims_and_ports_their_modes() -> None:
    found = ly.spectrum(C.two_photon_battery(drive=0.05, **RATES), GRID)
    assert found.squeezed_variance.dims == ("frequency", "port")
    assert found.port.values.tolist() == ["LocalBath(charger)", "LocalBath(battery)", "SharedBath(charger, battery)"]
    own = found.squeezed_variance.sel(mode="battery")
    np.testing.assert_array_equal(own, found.squeezed_variance.sel(port="LocalBath(battery)"))
    assert found.noise_spectrum.dims == ("frequency", "quadrature", "with_quadrature")
    assert found.squeezing_db.attrs["units"] == "dB"
    np.testing.assert_allclose(found.squeezing_db, -10 * np.log10(found.squeezed_variance))


def test_a_lossless_port_leaves_pure_states() -> None:
    found = ly.spectrum(oscillator(0.2), GRID)
    np.testing.assert_allclose(found.squeezed_variance * found.amplified_variance, 1.0, rtol=1e-13)
    # A detuned one too: what leaves at omega and at -omega is one two-mode squeezed vacuum.
    detuned = ly.spectrum(oscillator(0.2, detuning=0.3), GRID)
    np.testing.assert_allclose(detuned.squeezed_variance * detuned.amplified_variance, 1.0, rtol=1e-13)
    warm = ly.spectrum(oscillator(0.2, occupation=0.5), GRID)
    np.testing.assert_allclose(warm.squeezed_variance, 2 * found.squeezed_variance, rtol=1e-13)


def test_flux_and_variances_are_of_one_state() -> None:
    """S_+ + S_- = 2 + 2 N(omega) + 2 N(-omega)."""
    grid = np.linspace(-1, 1, 5)
    found = ly.spectrum(C.two_photon_battery(drive=0.05, coupling=0.3, detuning=0.2, occupation=0.4, **RATES), grid)
    flux = found.output_flux.values
    both = found.squeezed_variance.values + found.amplified_variance.values
    np.testing.assert_allclose(both, 2 + 2 * (flux + flux[::-1]), rtol=1e-12)


def test_quanta_leave_at_the_rate_of_the_bath() -> None:
    """The flux over omega/2pi is kappa <a^dag a> for a port of a vacuum."""
    device = C.two_photon_battery(drive=0.05, **RATES)
    count = 2000
    theta = -np.pi + 2 * np.pi * (np.arange(count) + 0.5) / count
    found = ly.spectrum(device, np.tan(theta / 2))
    weight = 1 / (2 * np.cos(theta / 2) ** 2) / count
    total = weight @ found.output_flux.sel(port="LocalBath(battery)").values
    assert total == pytest.approx(0.2 * float(ly.steady_state(device).stored_energy), rel=1e-9)


def test_a_batch_is_its_members_and_unstable_ones_are_missing() -> None:
    drive = xr.DataArray([0.05, 0.1, 0.3], dims="drive")
    found = ly.spectrum(oscillator(drive, detuning=np.array([0.0, 0.1])), GRID)
    assert found.squeezed_variance.dims == ("batch", "drive", "frequency", "port")
    assert found.is_stable.values.tolist() == [[True, True, False]] * 2
    one = ly.spectrum(oscillator(0.1, detuning=0.1), GRID)
    for name in set(one.data_vars) - {"is_stable"}:
        assert np.isnan(found[name][1, 2]).all()
        np.testing.assert_allclose(found[name][1, 1], one[name], rtol=1e-12, atol=1e-13, err_msg=name)


def test_a_large_batch_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leyden.equations.batches.members_at_once", lambda *_: 2)
    damping = np.linspace(0.5, 1, 5)
    found = ly.spectrum(C.two_photon_battery(drive=0.1, charger_damping=damping, battery_damping=0.1), GRID)
    for place, value in enumerate(damping):
        one = ly.spectrum(C.two_photon_battery(drive=0.1, charger_damping=value, battery_damping=0.1), GRID)
        np.testing.assert_allclose(found.squeezed_variance[place], one.squeezed_variance, rtol=1e-13)


def test_families_have_a_port_for_each_member() -> None:
    found = ly.spectrum(C.cascade(9, drive=0.05, damping=0.1), [0.0])
    assert found.sizes["port"] == 17
    assert float(found.squeezed_variance.sel(port="LocalBath(m8)").squeeze()) < 1


def test_a_device_without_baths_lets_nothing_out(refuses: Any) -> None:
    refuses("network", lambda: ly.spectrum(ly.Network([ly.Mode("a")], [], "a", "a"), [0.0]), "have a bath")


def test_it_can_be_written_to_a_file(tmp_path: Any) -> None:
    found = ly.spectrum(oscillator(0.1), GRID)
    found.to_netcdf(tmp_path / "spectrum.nc")
    with xr.open_dataset(tmp_path / "spectrum.nc") as again:
        np.testing.assert_array_equal(again.squeezed_variance, found.squeezed_variance)


def test_jax_compiles_and_differentiates_it() -> None:
    def quiet(drive: Any) -> Any:
        return ly.spectrum(oscillator(drive), [0.0]).squeezed_variance.data[0, 0]

    found, slope = jax.jit(jax.value_and_grad(quiet))(jnp.asarray(0.1))
    assert float(found) == pytest.approx(9 / 49, rel=1e-12)
    # ((1 - 4 eps)/(1 + 4 eps))^2 has the slope -16 (1 - 4 eps)/(1 + 4 eps)^3.
    assert float(slope) == pytest.approx(-16 * 0.6 / 1.4**3, rel=1e-10)
