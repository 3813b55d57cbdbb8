#!/usr/bin/env bash
# QuGIT 0.2 (qugit-v2): two methods for the logarithmic negativity of the same two-mode squeezed vacuum, r = 0.5, differ
# by a factor: `logarithmic_negativity` counts in bits (2 r / ln 2), `logarithmic_negativity_two_modes` in nats (2 r).
# The entropy is in bits too, where The Walrus and QuTiP count in nats.
# Seen: 1.4427 and 1.0000; entropy of one thermal quantum 2.0 (in nats 1.3863)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check qugit-v2==0.2 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from QuGIT_v2.qgt import Gaussian_state

r = 0.5
pair = Gaussian_state("vacuum", 2)
pair.two_mode_squeezing(r, 0, [0, 1])
general, special = pair.logarithmic_negativity([0]), pair.logarithmic_negativity_two_modes([0, 1])
entropy = Gaussian_state("thermal", 1, 1.0).von_Neumann_Entropy()
print("logarithmic_negativity", general, "of two modes", special, "entropy", entropy, "in nats", 2 * np.log(2))
assert np.isclose(general, 2 * r / np.log(2)) and np.isclose(special, 2 * r) and np.isclose(entropy, 2)
PY
