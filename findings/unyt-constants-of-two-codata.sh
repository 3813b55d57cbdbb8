#!/usr/bin/env bash
# unyt 3.2.0: its physical constants are of different adjustments. Planck's and Boltzmann's are CODATA 2010, the charge
# of the electron is CODATA 2014, and none is the exact value of the SI of 2019. A quantum h f comes out 8.8e-8 of itself
# too small, and Avogadro's number is 1.00000002 rather than 1 (per mole).
# Seen: h 6.62606957e-34, kb 1.3806488e-23, qp 1.6021766208e-19, Na 1.00000002; h off by -8.75e-08
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check unyt==3.2.0 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import scipy.constants as exact
from unyt import physical_constants as unyt_constants

h, kb, charge, na = (float(getattr(unyt_constants, name).value) for name in ("h", "kb", "qp", "Na"))
off = h / exact.h - 1
print("h", h, "kb", kb, "qp", charge, "Na", unyt_constants.Na, "h off by", off)
assert h == 6.62606957e-34 and kb == 1.3806488e-23  # CODATA 2010
assert abs(charge / 1.6021766208e-19 - 1) < 1e-8 < abs(charge / 1.602176565e-19 - 1)  # CODATA 2014, not 2010
assert -1e-7 < off < -8e-8 and abs(na - 1) > 1e-8
PY
