"""Whether all of a large network decays: shown by an iteration, without a spectrum."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from leyden.algebra.adi import Iteration
from leyden.algebra.exponential import Exponential

__all__ = ["decays"]

# Length below which what is left of a random vector of unit entries shows that nothing of it grows.
_LEFT = 1e-6
_MOST_STEPS, _ATTEMPTS = 10_000, 4
# Stretches of time that may be left to go, where modes pass quanta to and fro.
_MOST_STRETCHES = 400.0


def decays(drift: Any) -> bool:
    """Whether every eigenvalue of a drift has a negative real part, as far as it can be shown."""
    # A step of the ADI iteration takes w to (A - p*)/(A + p) w with Re p < 0, which multiplies its part along an
    # eigenvalue by a number below 1 in size exactly if that decays. A random vector has some of every eigenvalue, and
    # of a growing one, or one that neither grows nor decays, it keeps at least as much as it had: it cannot become
    # short. The same holds for a stretch of time.
    from scipy.sparse import csr_array

    size = drift.shape[0]
    start = np.random.default_rng(25111).standard_normal((size, 1))
    exponential, length, expected = Exponential(drift), float(np.linalg.norm(start)), 0.0
    while exponential.is_wavelike and length > _LEFT and expected < _MOST_STRETCHES:
        start = exponential.advanced(start)
        before, length = length, float(np.linalg.norm(start))
        expected = log(max(length / _LEFT, 1.0)) / log(before / length) if 0 < length < before else np.inf
    if length <= _LEFT:
        return True
    if not np.isfinite(length):
        return False
    iteration = Iteration(drift, csr_array((0, size)), start, np.ones(1), np.zeros((size, 0)))
    iteration.run(_LEFT**2, _MOST_STEPS, _ATTEMPTS)
    return iteration.residual <= _LEFT**2
