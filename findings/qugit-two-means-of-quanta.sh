#!/usr/bin/env bash
# QuGIT 0.2 (qugit-v2): `occupation_number` and the mean of `number_operator_moments` are the same for thermal states,
# and differ for displaced ones: a coherent state of amplitude 1, mean (2, 0), has 1 quantum or 2. The second takes the
# mean in units in which the vacuum's variance is 1/2, while the package keeps states in units in which it is 1.
# Seen: thermal 1.0 1.0, coherent 1.0 2.0, variance of the coherent one 2.0 (Poisson: 1)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check qugit-v2==0.2 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
from QuGIT_v2.qgt import Gaussian_state

found = {}
for kind in ("thermal", "coherent"):
    state = Gaussian_state(kind, 1, 1.0)
    mean, variance = state.number_operator_moments()
    found[kind] = round(state.occupation_number().item(), 9), round(mean.item(), 9), round(variance.item(), 9)
    print(kind, "occupation_number %g, number_operator_moments: mean %g, variance %g" % found[kind])
assert found == {"thermal": (1, 1, 2), "coherent": (1, 2, 2)}
PY
