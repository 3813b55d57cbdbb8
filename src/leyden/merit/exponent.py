"""Exponent of a power law: how fast a quantity grows as a threshold comes near."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Exponent", "power_law"]

Real = NDArray[np.float64]

# Powers of the distance by which the law is corrected, at most, and the rounding of a value, over the distance.
_CORRECTIONS = 3
_ROUNDING = 1e-15


class Exponent(NamedTuple):
    """nu of v = c d^(-nu) (1 + a_1 d + a_2 d^2 + ...), and how well it is known."""

    value: Real  # (...)
    error: Real


def power_law(distances: Real, values: Real) -> Exponent:
    """Exponent of values (m, ...) at small distances (m,), all positive; NaN where one is not."""
    # Rounding of the threshold moves a distance d by 1e-16 of the threshold, that is by 1e-16/d of itself.
    weight = 1 / (_ROUNDING / distances + _ROUNDING)
    shape = values.shape[1:]
    flat = values.reshape(len(values), -1)
    is_known = np.all(np.isfinite(flat) & (flat > 0), axis=0)
    logarithm = np.log(np.where(is_known, flat, 1.0))

    def fitted(corrections: int) -> Real:
        powers = [np.ones_like(distances), -np.log(distances), *(distances**k for k in range(1, corrections + 1))]
        columns = np.stack(powers, axis=-1) * weight[:, None]
        sizes = np.linalg.norm(columns, axis=0)
        found = np.linalg.lstsq(columns / sizes, logarithm * weight[:, None], rcond=None)[0]
        return np.asarray(found[1] / sizes[1], dtype=np.float64)

    best, rougher = fitted(_CORRECTIONS), fitted(_CORRECTIONS - 1)
    # A law that is none, as beside a point where two of them meet, shows in slopes that differ from end to end.
    error = np.abs(best - rougher) + _ROUNDING
    best, error = (np.where(is_known, part, np.nan).reshape(shape) for part in (best, error))
    return Exponent(best, error)
