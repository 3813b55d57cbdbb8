#!/usr/bin/env bash
# JAX 0.10.2: `jax.custom_derivatives.linear_call`, which gives a linear function its own transpose (for a solver of
# Lyapunov equations, say), works alone, under jit and under grad, and raises NotImplementedError under vmap.
# Seen: alone 6.0, jit 6.0, grad 2.0, vmap NotImplementedError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check jax==0.10.2 numpy==2.4.6
venv/bin/python - <<'PY'
import jax
from jax.custom_derivatives import linear_call


def scaled(x):
    return linear_call(lambda factor, y: factor * y, lambda factor, y: factor * y, 2.0, x)


print("alone", scaled(3.0), "jit", jax.jit(scaled)(3.0), "grad", jax.grad(scaled)(3.0))
assert scaled(3.0) == jax.jit(scaled)(3.0) == 6.0 and jax.grad(scaled)(3.0) == 2.0
try:
    jax.vmap(scaled)(jax.numpy.arange(3.0))
except NotImplementedError as error:
    print("vmap NotImplementedError", str(error)[:80])
else:
    raise SystemExit("vmap no longer raises")
PY
