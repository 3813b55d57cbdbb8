#!/usr/bin/env bash
# SciPy 1.17.1 (LAPACK's gebal): `matrix_balance` leaves a Hatano-Nelson chain as it is, every scaling 1, since each
# inner row has the norm of its column. Balanced by hand with powers of sqrt(right/left) the chain is symmetric, and its
# eigenvalues are right to the last digits; without that the largest is off by almost half of itself.
# Seen: scalings 1.0 1.0; largest eigenvalue: exact -0.33216, balanced by SciPy -0.183, by hand -0.33216
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from scipy.linalg import matrix_balance

size, decay, right, left = 100, 0.55, 0.475, 0.025
chain = np.diag([-decay] * size) + np.diag([right] * (size - 1), -1) + np.diag([left] * (size - 1), 1)
exact = -decay + 2 * np.sqrt(right * left) * np.cos(np.pi / (size + 1))
balanced, (scaling, _) = matrix_balance(chain, separate=True)
power = np.sqrt(right / left) ** np.arange(size)
symmetric = chain * power / power[:, None]
found = [np.linalg.eigvals(m).real.max() for m in (balanced, symmetric)]
print("scalings", scaling.min(), scaling.max(), "exact", exact, "balanced by SciPy", found[0], "by hand", found[1])
assert np.all(scaling == 1) and np.array_equal(balanced, chain)
assert abs(found[0] - exact) > 0.05 and abs(found[1] - exact) < 1e-12
PY
