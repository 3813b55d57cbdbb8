"""By hand, for many modes: the response to the drive, with SciPy's sparse matrices and `solve_ivp`.

The expert's way, without any N x N matrix. At zero temperature only the drive disturbs the vacuum, and its two
quadratures do not mix (see `chains`): with g' = A g from the driven mode, the excess variances are
+-2 eps int g(t)^2 dt. Its tolerances are a setting; at tight ones it is the exact answer of the lattice and of
transients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse import csr_array, diags_array, eye_array, kron

from benchmarks.case import Merits
from benchmarks.contenders import chains

# Tolerances as one uses them, and those of the exact answer.
USUAL, TIGHT = 1e-9, 1e-12
HOW = f"DOP853, rtol {USUAL:.0e}, real quadratures that do not mix, sparse matrices"


@dataclass(frozen=True)
class Half:
    """The drift of one quadrature without the drive, the driven mode, and the sign of the drive in it."""

    drift: csr_array
    driven: int
    sign: int


def cascade_halves(modes: int, last: int) -> list[Half]:
    """The first `modes` modes of a cascade of `last`."""
    losses = chains.cascade_losses(modes, last)
    drift = diags_array([-losses, np.full(modes - 1, -0.5)], offsets=[0, -1]).tocsr()
    return [Half(drift, 0, sign) for sign in (1, -1)]


def lattice_halves(side: int) -> list[Half]:
    """A square lattice driven in the middle, by phases (-i)^(row + column) with real antisymmetric couplings."""
    row = diags_array([np.full(side - 1, 1.0), np.full(side - 1, -1.0)], offsets=[-1, 1])
    hop = kron(row, eye_array(side)) + kron(eye_array(side), row)
    drift = (chains.COUPLING * hop - chains.CHAIN_DAMPING / 2 * eye_array(side**2)).tocsr()
    middle = (side // 2) * side + side // 2
    return [Half(drift, middle, sign) for sign in (1, -1)]


def variances(half: Half, times: Any, tolerance: float) -> np.ndarray:
    """Excess variance of one quadrature of every mode, shape (modes, times)."""
    size, gain = half.drift.shape[0], half.sign * 2 * chains.DRIVE
    start = np.zeros(2 * size)
    start[half.driven] = 1.0

    def rate(_: float, both: np.ndarray) -> np.ndarray:
        response = both[:size]
        change = half.drift @ response
        change[half.driven] += gain * response[half.driven]
        return np.concatenate([change, response**2])

    run = solve_ivp(rate, (0, times[-1]), start, t_eval=times, method="DOP853", rtol=tolerance, atol=tolerance * 1e-3)
    return gain * run.y[size:]


def merits(halves: list[Half], times: Any, tolerance: float) -> Merits:
    """Energy and ergotropy of every mode, shape (modes, times)."""
    first, second = (variances(half, times, tolerance) for half in halves)
    return chains.merits_of_halves(first, second)


def steady(halves: list[Half], tolerance: float, late: float) -> Merits:
    """By a time `late` at which what is left of the response is below the tolerance."""
    energy, work = merits(halves, np.array([late]), tolerance)
    return energy[:, 0], work[:, 0]
