#!/usr/bin/env bash
# QuTiP 5.3.1: an oscillator that loses quanta in pairs only keeps its parity, so that it has many steady states. With
# method="eigen" or "svd" `steadystate` returns one of them, of trace 1, without a sign; method="direct" raises "Matrix
# is singular". So a method that was chosen for speed also chooses the answer. From the vacuum the state is the vacuum.
# Seen: direct ValueError; eigen and svd a state of trace 1 at rest, no warning
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check qutip==5.3.1 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import warnings

import numpy as np
import qutip

warnings.simplefilter("error")
pairs_lost, idle = [qutip.destroy(10) ** 2], 0 * qutip.num(10)
generator = qutip.liouvillian(idle, pairs_lost)
for method in ("eigen", "svd"):
    state = qutip.steadystate(idle, pairs_lost, method=method)
    drift = np.abs((generator @ qutip.operator_to_vector(state)).full()).max()
    parity = qutip.expect((1j * np.pi * qutip.num(10)).expm(), state).real
    print(method, "trace", state.tr(), "drift", drift, "parity", parity)
    assert abs(state.tr() - 1) < 1e-9 and drift < 1e-9
try:
    qutip.steadystate(idle, pairs_lost, method="direct")
except ValueError as error:
    print("direct", error)
else:
    raise SystemExit("direct: no longer raises")
PY
