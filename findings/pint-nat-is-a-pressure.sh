#!/usr/bin/env bash
# Pint 0.25.3: "nat", the unit of entropies taken with the natural logarithm, is read as n-at, a billionth of a technical
# atmosphere. So pint-xarray 0.6.1 turns an entropy whose attribute `units` says "nat" into a pressure, without a sign.
# Astropy 8.0.2 refuses "nat".
# Seen: nanotechnical_atmosphere, 1 nat = 9.80665e-05 Pa; Astropy ValueError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pint==0.25.3 pint-xarray==0.6.1 xarray==2026.9.0 astropy==8.0.2 numpy==2.4.6
venv/bin/python - <<'PY'
import astropy.units
import numpy as np
import pint
import pint_xarray  # noqa: F401  (the accessor)
import xarray as xr

entropies = xr.Dataset({"entropy": ("time", [0.0, 1.0], {"units": "nat"})}).pint.quantify()
pascals = entropies.entropy.pint.to("Pa").pint.dequantify().values
print(pint.UnitRegistry().parse_units("nat"), "in Pa:", pascals)
assert str(pint.UnitRegistry().parse_units("nat")) == "nanotechnical_atmosphere"
assert np.allclose(pascals, [0, 9.80665e-5])
try:
    astropy.units.Unit("nat")
except ValueError as error:
    print("Astropy:", str(error).split(":")[0])
else:
    raise SystemExit("Astropy reads nat")
PY
