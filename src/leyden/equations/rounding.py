"""What rounding leaves of a drift where terms cancel, and the drift without it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["EPSILON", "INPUTS", "without_rounding"]

Real = NDArray[np.float64]

EPSILON = float(np.finfo(float).eps)
"""Unit of rounding."""
INPUTS = 8
"""Units of rounding of their sizes to which a sum of terms is known, and one more for each term: inputs are rounded."""


def without_rounding(drift: Real, left: Real) -> Real:
    """A drift (..., 2N, 2N) without what rounding left where terms cancel: entries, and mode-to-mode blocks."""
    # A phase turns the numbers of a block of two modes into each other, a cosine of pi/2 is 6e-17: such a block is
    # rounding as a whole. The entries of a mode's own block are of different elements.
    sizes = np.abs(drift)
    suspect = ((sizes > 0) & (sizes <= 2 * np.max(left, axis=(-2, -1), keepdims=True))).any(axis=(-2, -1))
    if not suspect.any():
        return drift
    if drift.ndim > 2 and not suspect.all():
        found = drift.copy()
        found[suspect] = without_rounding(drift[suspect], np.broadcast_to(left, drift.shape)[suspect])
        return found
    modes = drift.shape[-1] // 2
    blocks = (*drift.shape[:-2], modes, 2, modes, 2)
    total_size, rest = (np.hypot.reduce(part.reshape(blocks), axis=(-3, -1)) for part in (drift, left))
    coupled = (total_size > rest) | np.eye(modes, dtype=np.bool_)
    felt = (sizes > left) & np.repeat(np.repeat(coupled, 2, axis=-2), 2, axis=-1)
    return np.where(felt, drift, 0.0)
