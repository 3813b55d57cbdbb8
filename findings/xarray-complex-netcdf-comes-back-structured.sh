#!/usr/bin/env bash
# xarray 2026.9.0, h5netcdf 1.8.2, netCDF4 1.7.5.1: complex numbers that xarray writes with engine="h5netcdf" come back,
# through a plain `open_dataset`, as pairs of named fields (r, i), since netCDF4 goes before h5netcdf wherever both are
# installed. No error and no warning; `.real` then raises. engine="h5netcdf" or auto_complex=True reads them.
# Seen: default a record of r and i, h5netcdf complex128, auto_complex complex128
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check xarray==2026.9.0 h5netcdf==1.8.2 h5py==3.16.0 netCDF4==1.7.5.1.post1 numpy==2.4.6
venv/bin/python - <<'PY'
import warnings

import numpy as np
import xarray as xr

written = xr.Dataset({"amplitude": ("mode", np.array([1 + 2j, 3 - 1j]))})
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    written.to_netcdf("complex.nc", engine="h5netcdf", invalid_netcdf=True)
warnings.simplefilter("error")
default = xr.open_dataset("complex.nc").amplitude.dtype
h5netcdf = xr.open_dataset("complex.nc", engine="h5netcdf").amplitude.dtype
automatic = xr.open_dataset("complex.nc", engine="netcdf4", auto_complex=True).amplitude.dtype
print("default", default, "h5netcdf", h5netcdf, "auto_complex", automatic)
assert default.names == ("r", "i") and default != np.complex128
assert h5netcdf == automatic == np.complex128
PY
