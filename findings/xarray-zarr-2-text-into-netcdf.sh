#!/usr/bin/env bash
# xarray 2026.2.0 with zarr 3.1.4 and h5netcdf 1.8.2: names along a dim, read back from a Zarr store of format 3, go into a
# netCDF file; the same names out of a store of format 2 do not. From xarray 2026.4.0 on both do.
# Seen: 2026.2.0: format 3 written, format 2 "unsupported dtype for netCDF4 variable: StringDType()"; 2026.4.0: both written
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
cat > try.py <<'PY'
import sys
import warnings

import numpy as np
import xarray as xr

warnings.simplefilter("ignore")
told = []
for zarr_format in (3, 2):
    names = xr.Variable("mode", np.array(["a", "bb"]), encoding={"dtype": object})
    store = f"{xr.__version__}-{zarr_format}.zarr"
    made = xr.Dataset({"energy": ("mode", [1.0, 2.0])}, {"mode": names})
    made.to_zarr(store, zarr_format=zarr_format, consolidated=False)
    back = xr.open_zarr(store, zarr_format=zarr_format, consolidated=False).load()
    assert back["mode"].values.tolist() == ["a", "bb"]
    try:
        back.to_netcdf(f"{zarr_format}.nc", engine="h5netcdf")
        told.append("written")
    except ValueError as error:
        told.append(str(error))
print(xr.__version__, told)
refused = "unsupported dtype for netCDF4 variable: StringDType()"
assert told == ["written", refused if sys.argv[1] == "refuses" else "written"], told
PY
install() { venv/bin/python -m pip install --quiet --disable-pip-version-check numpy==2.4.6 h5netcdf==1.8.2 h5py==3.16.0 zarr==3.1.4 "$1"; }
install xarray==2026.2.0
venv/bin/python try.py refuses
install xarray==2026.4.0
venv/bin/python try.py writes
