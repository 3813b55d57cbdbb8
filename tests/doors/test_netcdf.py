"""Every Dataset that leyden returns goes into a netCDF file or a Zarr store and comes back, whoever writes it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock

# The oldest format knows least: neither complex numbers nor None, nor whole numbers of 64 bits.
ENGINES = ["scipy", "h5netcdf", *(["netcdf4"] if find_spec("netCDF4") else [])]
PAIR = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1}
TIMES = [0.0, 1.0, 2.0]

pair = ly.catalog.two_photon_battery(**PAIR)
hot = ly.catalog.two_photon_battery(**PAIR | {"charger_damping": 0.5, "battery_damping": 0.5, "drive": 0.02})
batch = ly.catalog.two_photon_battery(**PAIR | {"drive": xr.DataArray([0.1, 0.2], {"drive": [0.1, 0.2]}, ("drive",))})
chain = ly.catalog.cascade(200, drive=0.05, damping=0.1)
several = ly.catalog.cascade(4, drive=0.05, damping=0.1)
bent = ly.Network(
    [ly.Mode("a", detuning=-3.0)],
    [ly.OnePhotonDrive("a", 2.0), ly.Kerr("a", 0.2), ly.LocalBath("a", 1.0)],
    charger="a",
    battery="a",
)
names = xr.DataArray([0.05, 0.1], {"made": ["weak", "strong"]}, ("made",))
stages = [ly.Stage("fill", several, 3.0), ly.Stage("hold", several, 2.0)]

RESULTS: dict[str, Callable[[], xr.Dataset]] = {
    "charge": lambda: ly.charge(pair, TIMES),
    "charge, sparse": lambda: ly.charge(chain, TIMES),
    "charge, of a batch": lambda: ly.charge(batch, TIMES, initial=ly.states.thermal([1.0, 1.0])),
    "steady_state": lambda: ly.steady_state(pair),
    "steady_state, sparse": lambda: ly.steady_state(chain),
    "steady_state, of a batch": lambda: ly.steady_state(batch),
    "stability": lambda: ly.stability(pair),
    "stability, of a batch": lambda: ly.stability(batch),
    "stability, of components": lambda: ly.stability(chain),
    "stability, without the spectrum": lambda: ly.stability(pair, eigenvalues=False),
    "critical_drive": lambda: ly.critical_drive(batch, "battery").to_dataset(),
    "fock": lambda: fock.steady_state(hot),
    "sweep": lambda: ly.sweep("two_photon_battery", {"drive": [0.1, 0.2]}, measure="charge", times=TIMES),
    "sweep, failed points": lambda: ly.sweep("two_photon_battery", {"drive": [0.1, -0.2]}),
    "steady_state, of several": lambda: ly.steady_state(several),
    "charge, with states": lambda: ly.charge(several, TIMES, keep_state=True),
    "charge, by names": lambda: ly.charge(ly.catalog.two_photon_battery(**PAIR | {"drive": names}), TIMES),
    "protocol": lambda: ly.protocol(stages, points=5),
    "energetics": lambda: ly.energetics(several, TIMES),
    "correlations": lambda: ly.correlations(several),
    "response": lambda: ly.response(several, [0.0, 0.1]),
    "spectrum": lambda: ly.spectrum(several, [0.0, 0.1]),
    "branches": lambda: ly.branches(bent),
    "sweep, of several": lambda: ly.sweep("cascade", {"drive": [0.02, 0.05]}),
    "sweep, stability": lambda: ly.sweep("two_photon_battery", {"drive": [0.1, 0.2]}, measure=ly.stability),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_hold_real_numbers_that_every_library_writes(name: str, tmp_path: Path) -> None:
    found = RESULTS[name]()
    for variable in found.variables.values():
        assert variable.dtype.kind in "fbiU"  # whole numbers of a few digits become shorter ones
    for attributes in (found.attrs, *(variable.attrs for variable in found.variables.values())):
        assert all(type(value) in (str, int, float, list) for value in attributes.values()), attributes
    for engine in ENGINES:
        path = tmp_path / f"{engine}.nc"
        found.to_netcdf(path, engine=engine)
        with xr.open_dataset(path, engine=engine) as again:
            xr.testing.assert_equal(again.load(), found)


# xarray's own default for Zarr's third format, consolidated metadata, warns whatever is written.
@pytest.mark.parametrize(("name", "zarr_format"), [*((name, 3) for name in RESULTS), ("protocol", 2)])
def test_results_go_into_a_zarr_store_without_a_warning(name: str, zarr_format: int, tmp_path: Path) -> None:
    found = RESULTS[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found.to_zarr(tmp_path / "store", zarr_format=zarr_format, consolidated=False)
        again = xr.open_zarr(tmp_path / "store", zarr_format=zarr_format, consolidated=False).load()
    # A file knows an index over each dim, and no others.
    xr.testing.assert_identical(again, found.drop_indexes([name for name in found.xindexes if name not in found.dims]))
    for variable in found.variables.values():
        assert variable.dtype.kind != "U" or variable.encoding["dtype"] is object
    again.to_netcdf(tmp_path / "again.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "again.nc", engine="h5netcdf") as last:
        xr.testing.assert_equal(last.load(), found)


def test_a_part_of_a_sweep_in_a_store_goes_into_another_one(tmp_path: Path) -> None:
    ly.sweep("cascade", {"drive": [0.02, 0.05]}, store=tmp_path / "sweep.zarr")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ly.sweep("cascade", {"drive": [0.02, 0.05]}, store=tmp_path / "sweep.zarr").isel(drive=[1]).load()
        found.to_zarr(tmp_path / "part.zarr", consolidated=False)
        again = xr.open_zarr(tmp_path / "part.zarr", consolidated=False)
    xr.testing.assert_equal(again.load(), found)


def test_names_of_a_user_stay_as_they_are() -> None:
    """How our results are written is no matter of the labels that they were given."""
    ly.steady_state(ly.catalog.two_photon_battery(**PAIR | {"drive": names}))
    assert names.made.encoding == {}


def test_the_spectrum_comes_back_as_it_is_known(tmp_path: Path) -> None:
    """-Lambda_j/2 -+ i Delta of two modes without a drive, with Lambda = 0.6 and 0.8."""
    device = ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.1, battery_damping=0.3, detuning=0.25)
    ly.stability(device).to_netcdf(tmp_path / "spectrum.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "spectrum.nc", engine="h5netcdf") as found:
        parts = found.eigenvalues
        assert parts.dtype == np.float64
        np.testing.assert_allclose(parts.sel(part="real"), [-0.3, -0.3, -0.4, -0.4], atol=1e-14)
        np.testing.assert_allclose(parts.sel(part="imaginary"), [-0.25, 0.25, -0.25, 0.25], atol=1e-14)
