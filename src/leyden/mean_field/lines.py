"""Lines of classical states along a parameter: which state of one device is which of the next."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["lines_of"]


def lines_of(amplitudes: NDArray[np.complex128]) -> NDArray[np.int64]:
    """Numbers (steps, most) of the lines of states (steps, most, modes), as they begin; -1 for NaN."""
    from scipy.optimize import linear_sum_assignment

    steps, most, modes = amplitudes.shape
    found = np.full((steps, most), -1, dtype=np.int64)
    labels, ends, known = np.zeros(0, dtype=np.int64), np.zeros((0, modes), dtype=np.complex128), 0
    for step, states in enumerate(amplitudes):
        here = states[~np.isnan(states).any(axis=-1)]
        own = np.full(len(here), -1, dtype=np.int64)
        # Where a pair of states has vanished or come into being, the others keep their lines.
        distance = np.linalg.norm(here[:, None] - ends[None], axis=-1)
        pairs: Any = linear_sum_assignment(distance)
        own[pairs[0]] = labels[pairs[1]]
        fresh = own < 0
        own[fresh] = known + np.arange(fresh.sum())
        known += int(fresh.sum())
        found[step, : len(here)] = own
        labels, ends = own, here
    return found
