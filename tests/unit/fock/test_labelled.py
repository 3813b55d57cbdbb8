"""Datasets of the Fock-space solver: the form of `leyden.simulate`, totals, units, and a file that keeps them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock
from leyden.quantities import QUANTITIES

qutip = pytest.importorskip("qutip")

COUPLINGS = [ly.CoherentCoupling("a", "b", 0.4), ly.CoherentCoupling("a", "c", 0.3j)]
BATHS = [ly.LocalBath("b", 0.2), ly.LocalBath("c", 0.1)]


def fan(frequencies: tuple[float, float, float] = (1.0, 1.0, 1.0), battery: Any = ("c", "b")) -> ly.Network:
    """One charger, two batteries."""
    modes = [ly.Mode(name, frequency) for name, frequency in zip("abc", frequencies, strict=True)]
    return ly.Network(modes, [*COUPLINGS, *BATHS], charger="a", battery=battery)


def run(network: ly.Network) -> xr.Dataset:
    return fock.charge(network, [0.0, 0.5, 1.0], initial=qutip.basis([2, 2, 2], [1, 0, 0]))


def test_the_form_is_that_of_the_moments() -> None:
    """Same names, dims and attributes for every variable that both have."""
    device = ly.catalog.two_photon_battery(drive=0.01, charger_damping=0.5, battery_damping=0.5)
    pairs = [(fock.steady_state(device), ly.steady_state(device))]
    pairs.append((fock.charge(device, [0.0, 1.0]), ly.charge(device, [0.0, 1.0])))
    pairs.append((run(fan()), ly.charge(fan(), [0.0, 0.5, 1.0])))
    for found, moments in pairs:
        assert len(found.data_vars) >= 8
        for name, variable in found.variables.items():
            assert variable.dims == moments[name].dims
            assert variable.dtype == moments[name].dtype
            assert variable.attrs == moments[name].attrs
        assert {name: found.attrs[name] for name in moments.attrs} == moments.attrs | {"method": "fock"}


def test_several_batteries_and_their_totals() -> None:
    both = run(fan())
    assert both.mode.values.tolist() == ["c", "b"]
    for name in ("stored_energy", "passive_energy", "ergotropy", "charging_power"):
        for battery in ("b", "c"):
            alone = run(fan(battery=battery))[name].values
            assert np.max(np.abs(both[name].sel(mode=battery).values - alone)) < 1e-12
        assert np.max(np.abs(both[f"total_{name}"] - both[name].sum("mode"))) < 1e-15
    last = both.isel(time=-1)
    assert float(last.total_stored_energy) > 0.1
    # One quantum shared by two batteries is never inverted in either of them.
    assert float(last.total_utilization_ratio) == pytest.approx(0.0, abs=1e-7)
    assert float(last.total_transfer_ratio) == pytest.approx(float(last.total_stored_energy / last.charger_energy))
    ratio = last.stored_energy.sel(mode="b") / last.charger_energy
    assert float(last.transfer_ratio.sel(mode="b")) == pytest.approx(float(ratio))


def test_energies_are_in_the_unit_of_the_frequencies() -> None:
    plain, scaled = run(fan()), run(fan((2.0, 3.0, 5.0)))
    assert np.max(np.abs(scaled.charger_energy - 2 * plain.charger_energy)) < 1e-14
    for battery, frequency in (("b", 3.0), ("c", 5.0)):
        for name in ("stored_energy", "ergotropy", "passive_energy", "charging_power"):
            difference = scaled[name].sel(mode=battery) - frequency * plain[name].sel(mode=battery)
            assert np.max(np.abs(difference)) < 1e-14
    assert np.max(np.abs(scaled.total_stored_energy - scaled.stored_energy.sum("mode"))) < 1e-14


def test_ratios_are_quotients_or_nan() -> None:
    found = run(fan(battery="b"))
    assert np.isnan(found.utilization_ratio.values[0])
    assert found.transfer_ratio.values[0] == 0.0
    assert np.allclose(found.transfer_ratio, found.stored_energy / found.charger_energy, rtol=1e-14)
    assert np.allclose(found.conversion_ratio, found.ergotropy / found.charger_energy, rtol=1e-14)
    assert np.allclose(found.utilization_ratio[1:], (found.ergotropy / found.stored_energy)[1:], rtol=1e-14)


def test_every_variable_is_explained() -> None:
    for name, variable in run(fan()).variables.items():
        quantity = QUANTITIES.get(str(name).removeprefix("total_"))
        if quantity is not None:
            assert variable.attrs["units"] == quantity.unit
            assert quantity.meaning in variable.attrs["description"]


@pytest.mark.parametrize("cutoff", [None, 4])
def test_a_file_keeps_it_all(tmp_path: Path, cutoff: int | None) -> None:
    device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, 1e-4)], charger="a", battery="a")
    found = fock.steady_state(device, cutoff=cutoff)
    found.to_netcdf(tmp_path / "steady.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "steady.nc", engine="h5netcdf") as again:
        assert again.equals(found)
        assert set(again.attrs) == set(found.attrs)
        assert np.ravel(again.attrs["cutoff"]).tolist() == found.attrs["cutoff"]
        assert math.isnan(again.attrs["largest_change"]) == (cutoff is not None)
    assert found.attrs["solver"].startswith("Fock space, QuTiP 5")


def test_quanta_of_huge_energies() -> None:
    """Squares of energies may leave the number range, and none times infinity is none; energies may not."""
    bath, light = ly.LocalBath("a", 1.0), ly.Kerr("a", -0.1)
    empty = ly.Network([ly.Mode("a", 1e200)], [bath, light], "a", "a")
    assert ly.steady_state(empty, method="fock").energy_variance == 0
    warm = ly.Network([ly.Mode("a", 1e200)], [ly.LocalBath("a", 1.0, 0.1), light], "a", "a")
    found = ly.steady_state(warm, method="fock")
    assert float(found.stored_energy) == pytest.approx(1e199)
    assert np.isinf(found.energy_variance)
    with pytest.raises(ly.LeydenError, match="within the number range"):
        fock.steady_state(ly.Network([ly.Mode("a", 1.7e308)], [ly.LocalBath("a", 1.0, 2.0), light], "a", "a"))
