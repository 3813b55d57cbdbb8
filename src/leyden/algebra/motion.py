"""Linear motion seen through a few of its outputs, in a small space that inverses of the generator span."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.threads import load_scipy_linalg

__all__ = ["Motion", "motion"]

Real = NDArray[np.float64]

# Dimensions to begin with, by which the space grows, and at most; relative size of a direction that adds nothing.
_FIRST, _STEP, _MOST, _NOTHING = 36, 16, 400, 1e-14
# Share of the time in which motion begins that the inverses are taken for: later is slower.
_PACE = 0.4
# Times at which outputs of two spaces are compared.
_COMPARED = 20
# Exponentials of unequal steps that are computed at once.
_AT_ONCE = 64

# Krylov's space of (1 - gamma G)^-1 holds what is slow before what is fast, whatever the size of the fastest rates: a
# stiff generator, of which little moves fast, needs tens of dimensions where steps of G would be thousands.


@dataclass(frozen=True, eq=False)
class Motion:
    """y(t) = c(t) V, where dy/dt = G y."""

    basis: Real  # V, (m, n)
    coordinates: Real  # c, (t, m)
    change: float  # largest change of an output since the space before

    def of(self, rows: Any) -> Any:
        """Outputs (t, k) of rows (k, n)."""
        return self.coordinates @ (self.basis @ rows.T)


def motion(generator: Any, start: Real, rows: Any, times: Real, tolerance: float) -> Motion:
    """Motion of a real sparse generator (n, n) from a start (n,), as exact as its outputs (k, n) at some times."""
    load_scipy_linalg()
    from scipy import sparse
    from scipy.sparse.linalg import splu

    size, scale = len(start), float(np.linalg.norm(start))
    one: Any = sparse.eye_array(size)
    factors = splu((one - _pace(generator, start) * generator).tocsc())
    most = min(_MOST, size)
    basis, moved = np.zeros((most + 1, size)), np.zeros((most, size))
    basis[0] = start / scale
    looked = times[:: max(1, len(times) // _COMPARED)]
    before: Real | None = None
    dimension, aimed, change = 0, _FIRST, math.inf
    while True:
        is_whole = False
        while dimension < min(aimed, most) and not is_whole:
            new, known = factors.solve(basis[dimension]), basis[: dimension + 1]
            for _ in range(2):  # twice is enough
                new = new - (known @ new) @ known
            length = float(np.linalg.norm(new))
            moved[dimension] = generator @ basis[dimension]
            dimension += 1
            is_whole = length < _NOTHING
            basis[dimension] = 0 if is_whole else new / length
        small = basis[:dimension]
        matrix = small @ moved[:dimension].T
        outputs = _flown(matrix, scale, looked) @ (small @ rows.T)
        change = math.inf if before is None else float(np.abs(outputs - before).max())
        if is_whole or change <= tolerance or dimension == most:
            return Motion(small, _flown(matrix, scale, times), change)
        before, aimed = outputs, dimension + _STEP


def _pace(generator: Any, start: Real) -> float:
    """A time in which what begins to move moves on."""
    first = generator @ start
    second = generator @ first
    sizes = float(np.linalg.norm(first)), float(np.linalg.norm(second))
    return _PACE * sizes[0] / sizes[1] if min(sizes) > 0 else 1.0


def _flown(matrix: Real, scale: float, times: Real) -> Real:
    """e^{matrix t} times the first unit vector (t, m)."""
    from scipy.linalg import expm

    steps = np.diff(times, prepend=0.0)
    width = float(steps[-1])
    found = np.zeros((len(times), len(matrix)))
    now = np.zeros(len(matrix))
    now[0] = scale
    is_even = np.abs(steps[1:] - width).max(initial=0.0) <= 8 * np.finfo(float).eps * float(times[-1])
    if is_even:
        now = np.asarray(expm(matrix * times[0]) @ now) if times[0] else now
        found[0], flow = now, np.asarray(expm(matrix * width))
        for place in range(1, len(times)):
            now = flow @ now
            found[place] = now
        return found
    edges = [*range(0, len(times), _AT_ONCE), len(times)]
    for first, last in pairwise(edges):
        for place, flow in enumerate(np.asarray(expm(matrix * steps[first:last, None, None])), start=first):
            now = flow @ now
            found[place] = now
    return found
