#!/usr/bin/env bash
# Piquasso 8.0.2: mean and covariance do not scale together. The mean of a coherent state is sqrt(2 hbar) alpha, while
# the covariance of the vacuum is hbar rather than hbar/2: the anticommutator without its factor 1/2. The Walrus 0.22.0,
# also at hbar = 2, takes both without complaint, and finds half a quantum in the vacuum.
# Seen: mean [2. 0.], covariance diagonal [2. 2.], quanta 1.0 in Piquasso and 1.5 in The Walrus
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check piquasso==8.0.2 thewalrus==0.22.0 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import piquasso as pq
from thewalrus.quantum import photon_number_mean

with pq.Program() as program:
    pq.Q(all) | pq.Vacuum()
    pq.Q(0) | pq.Displacement(r=1.0)
state = pq.GaussianSimulator(d=1, config=pq.Config(hbar=2)).execute(program).state
mean, covariance = state.xxpp_mean_vector, state.xxpp_covariance_matrix
own, other = state.mean_photon_number(), photon_number_mean(mean, covariance, 0, hbar=2)
print("mean", mean, "covariance diagonal", np.diag(covariance), "quanta", own, "in Piquasso and", other, "in The Walrus")
assert np.allclose(mean, [2, 0]) and np.allclose(covariance, 2 * np.eye(2))
assert np.isclose(own, 1) and np.isclose(other, 1.5)
PY
