#!/usr/bin/env bash
# QuGIT 0.2 (qugit-v2): Gaussian_state("squeezed", 1, r) with r > 0 is squeezed along p and stretched along x. In The
# Walrus, Piquasso, QuTiP, dynamiqs and others a positive r squeezes x. Purity, energy and entropy agree, so that only a
# comparison of quadratures, or a second squeezed mode, tells.
# Seen: QuGIT [2.718 0.368], The Walrus [0.368 2.718] (variances of x and p, vacuum 1)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check qugit-v2==0.2 thewalrus==0.22.0 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from QuGIT_v2.qgt import Gaussian_state
from thewalrus.symplectic import squeezing

r = 0.5
here = np.diag(Gaussian_state("squeezed", 1, r).V)
there = np.diag(squeezing(r) @ squeezing(r).T)
print("QuGIT", here, "The Walrus", there)
assert np.allclose(here, [np.exp(2 * r), np.exp(-2 * r)]) and np.allclose(there, here[::-1])
PY
