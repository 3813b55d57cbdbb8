#!/usr/bin/env bash
# h5py 3.14.0 under h5netcdf 1.8.2: one Dataset of xarray 2026.9.0, written twice a second apart, makes netCDF files of
# different bytes, because they hold when they were made; no checksum tells whether two results are the same.
# With h5py 3.15.1 the bytes are the same.
# Seen: 3.14.0 False, 3.15.1 True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
cat > try.py <<'PY'
import hashlib
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

curve = xr.Dataset({"energy": ("time", np.linspace(0.0, 1.0, 50))})
sums = []
for name in ("one.nc", "two.nc"):
    curve.to_netcdf(name, engine="h5netcdf")
    sums.append(hashlib.sha256(Path(name).read_bytes()).hexdigest())
    time.sleep(1.2)
print(h5py.__version__, sums[0] == sums[1])
assert (sums[0] == sums[1]) is (sys.argv[1] == "same")
PY
install() { venv/bin/python -m pip install --quiet --disable-pip-version-check numpy==2.4.6 xarray==2026.9.0 h5netcdf==1.8.2 "$1"; }
install h5py==3.14.0
venv/bin/python try.py different
install h5py==3.15.1
venv/bin/python try.py same
