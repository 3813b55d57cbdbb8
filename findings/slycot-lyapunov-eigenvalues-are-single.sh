#!/usr/bin/env bash
# slycot 0.7.1: `sb03md57` solves in double precision, but returns the eigenvalues of A, its last result, as complex64.
# The solution beside them is right to the last digits; of the eigenvalues eight digits are lost on the way out.
# Seen: dtype complex64, error of the eigenvalues 9.9e-09, residual of the solution below 1e-15
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check slycot==0.7.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import slycot

drift = np.diag([-1 / 3, -2.0])
_, _, solution, scale, *_, eigenvalues = slycot.sb03md57(drift.copy(), C=np.eye(2), dico="C", trana="T")
residual = np.abs(drift @ solution + solution @ drift.T - scale * np.eye(2)).max()
error = np.abs(np.sort(eigenvalues.real.astype(float)) - np.array([-2.0, -1 / 3])).max()
print("dtype", eigenvalues.dtype, "error", error, "residual", residual)
assert eigenvalues.dtype == np.complex64 and 1e-9 < error < 1e-7 and residual < 1e-14
PY
