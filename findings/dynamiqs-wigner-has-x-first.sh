#!/usr/bin/env bash
# dynamiqs 0.3.7: the first axis of the array that `wigner` returns is x. In QuTiP 5.3.1 (and Piquasso 8.0.2) it is p. On
# a square grid the shapes agree, so that the picture is reflected at the diagonal. The scale differs too: by default
# x = Re alpha in dynamiqs, sqrt(2) Re alpha in QuTiP.
# Seen: on 121 x and 81 p, alpha = 1 + 0.5i: dynamiqs (121, 81), highest at x 1.0, p 0.5; QuTiP (81, 121), at 1.4, 0.7
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check dynamiqs==0.3.7 qutip==5.3.1 jax==0.10.2 numpy==2.4.6
venv/bin/python - <<'PY'
import dynamiqs
import numpy as np
import qutip

x, p, alpha = np.linspace(-3, 3, 121), np.linspace(-2, 2, 81), 1 + 0.5j
here = np.asarray(dynamiqs.wigner(dynamiqs.coherent(20, alpha), xvec=x, yvec=p)[2])
there = qutip.wigner(qutip.coherent(20, alpha), x, p)
(i, j), (k, m) = (np.unravel_index(w.argmax(), w.shape) for w in (here, there))
print("dynamiqs", here.shape, "x", x[i], "p", p[j], "QuTiP", there.shape, "x", x[m], "p", p[k])
assert here.shape == (121, 81) and there.shape == (81, 121)
assert np.allclose([x[i], p[j]], [1.0, 0.5], atol=0.03) and np.allclose([x[m], p[k]], [2**0.5, 0.5**0.5], atol=0.03)
PY
