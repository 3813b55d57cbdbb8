#!/usr/bin/env bash
# QuTiP 5.3.1: `spectrum` of a plain damped oscillator with solver="solve" or "pi" raises "Matrix is singular" where the
# list of frequencies contains exactly 0, although the spectrum is finite there and solver="es" gives it. Where the
# correlation vanishes (normally ordered, in the vacuum) it is "es" that raises, and the other two that return zeros.
# Seen: at 0: es 0.1231, solve and pi ValueError; vanishing at 0.5: es ValueError, solve and pi 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check qutip==5.3.1 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import qutip

levels, frequency, rate = 5, 2.0, 0.5
lower, raise_ = qutip.destroy(levels), qutip.create(levels)


def spectrum(solver, at, first, second):
    try:
        return float(qutip.spectrum(frequency * qutip.num(levels), np.array([at]), [rate**0.5 * lower], first, second, solver=solver)[0])
    except ValueError as error:
        return str(error)


at_zero = {solver: spectrum(solver, 0.0, lower, raise_) for solver in ("es", "solve", "pi")}
vanishing = {solver: spectrum(solver, 0.5, raise_, lower) for solver in ("es", "solve", "pi")}
print("at zero", at_zero, "vanishing", vanishing, sep="\n")
assert np.isclose(at_zero["es"], rate / (frequency**2 + rate**2 / 4))
assert at_zero["solve"] == at_zero["pi"] == "Matrix is singular"
assert isinstance(vanishing["es"], str) and abs(vanishing["solve"]) + abs(vanishing["pi"]) < 1e-12
PY
