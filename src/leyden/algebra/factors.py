"""What is read off large matrices without making them: V s V^T of low rank, a sparse one's norm."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["norm_of", "products"]

Real = NDArray[np.float64]


def norm_of(drift: Any) -> float:
    """Largest sum of a column's sizes, |A|: no eigenvalue is larger."""
    return float(np.max(abs(drift).sum(axis=0), initial=0.0))


def products(values: Real, weights: Real, both: int) -> tuple[Real, Real]:
    """Diagonal (..., n) of V s V^T, and what lies between the two quadratures of the first `both` modes."""
    if values.shape[-1] == 1:
        only = values[..., 0]
        weighted = only * weights[..., 0]
        return weighted * only, weighted[..., 0 : 2 * both : 2] * only[..., 1 : 2 * both : 2]
    weighted = values * weights
    squares = np.einsum("...r,...r->...", weighted, values)
    x, p = weighted[..., 0 : 2 * both : 2, :], values[..., 1 : 2 * both : 2, :]
    return squares, np.einsum("...r,...r->...", x, p)
