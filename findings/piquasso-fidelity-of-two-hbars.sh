#!/usr/bin/env bash
# Piquasso 8.0.2: `fidelity` of one coherent state, made once at hbar = 2 and once at hbar = 1, is above 1, without a
# warning. Each state carries its own hbar, and both say that they hold 1.25 quanta; the moments are compared as they are.
# Seen: quanta 1.25 1.25, fidelity 1.1557 (of each with itself 1.0)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check piquasso==8.0.2 numpy==2.4.6
venv/bin/python - <<'PY'
import warnings

import numpy as np
import piquasso as pq

warnings.simplefilter("error", RuntimeWarning)


def coherent(hbar):
    alpha = 1 + 0.5j
    with pq.Program() as program:
        pq.Q(all) | pq.Vacuum()
        pq.Q(0) | pq.Displacement(r=abs(alpha), phi=np.angle(alpha))
    return pq.GaussianSimulator(d=1, config=pq.Config(hbar=hbar)).execute(program).state


two, one = coherent(2), coherent(1)
print("quanta", two.mean_photon_number(), one.mean_photon_number(), "fidelity", two.fidelity(one))
print("with itself", two.fidelity(two), one.fidelity(one))
assert np.isclose(two.mean_photon_number(), one.mean_photon_number())
assert np.isclose(two.fidelity(one), 1.1556982149)
assert np.isclose(two.fidelity(two), 1) and np.isclose(one.fidelity(one), 1)
PY
