#!/usr/bin/env bash
# python-control 0.10.2 with slycot 0.7.1: `lyap` of an undamped oscillator, A X + X A^T + Q = 0, which has no solution,
# returns numbers of 4.5e15 without a sign, and so does slycot's `sb03md57` by itself: SLICOT's INFO = N + 1, "A and
# -A^T have common eigenvalues", gets lost. With method="scipy" the same call warns. Installing slycot silences it, as
# it is the default method wherever it is there.
# Seen: default: -4.50e+15, 0 warnings; scipy: 1 warning; sb03md57 the same, scale 1.0, 0 warnings
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check slycot==0.7.1 control==0.10.2 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import warnings

import control
import numpy as np
import slycot

undamped, noise = np.array([[0.0, 1.0], [-1.0, 0.0]]), np.eye(2)


def told(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return call(), len(caught)


(default, silent), (_, loud) = told(lambda: control.lyap(undamped, noise)), told(lambda: control.lyap(undamped, noise, method="scipy"))
direct, quiet = told(lambda: slycot.sb03md57(undamped.copy(), C=-noise, dico="C", trana="T"))
print("default:", default[0, 0], silent, "warnings; scipy:", loud, "; sb03md57:", direct[2][0, 0], "scale", direct[3], quiet)
assert abs(default[0, 0]) > 1e12 and silent == 0 and loud == 1
assert abs(direct[2][0, 0]) > 1e12 and direct[3] == 1.0 and quiet == 0
PY
