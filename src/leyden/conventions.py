"""The conventions, in one place: hbar = 1, the quadratures, their order, the vacuum.

Quadratures x = (a + a^dag)/sqrt2 and p = (a - a^dag)/(i sqrt2) in the order (x1, p1, x2, p2, ...), so that
[r_i, r_j] = i Omega_ij; covariance V_ij = <{r_i - <r_i>, r_j - <r_j>}>/2, which is 1/2 on the vacuum's diagonal.
The dissipator is L[o] rho = o rho o^dag - {o^dag o, rho}/2 and a rate multiplies it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["DESCRIPTION", "VACUUM_VARIANCE", "quadratures_of", "symplectic_form"]

VACUUM_VARIANCE = 0.5

DESCRIPTION = (
    "hbar = 1; x = (a + a^dag)/sqrt2, p = (a - a^dag)/(i sqrt2); order x1, p1, x2, p2, ...; "
    "vacuum variance 1/2; L[o] rho = o rho o^dag - {o^dag o, rho}/2; two-photon drive without a factor 1/2"
)


def symplectic_form(modes: int) -> NDArray[np.float64]:
    """Symplectic form Omega, shape (2N, 2N), with [r_i, r_j] = i Omega_ij."""
    return np.asarray(np.kron(np.eye(modes), [[0.0, 1.0], [-1.0, 0.0]]), dtype=np.float64)


def quadratures_of(modes: Sequence[int] | NDArray[np.intp]) -> NDArray[np.intp]:
    """Positions (..., 2 k) of the quadratures x, p of some modes (..., k), mode by mode."""
    first = 2 * np.asarray(modes, dtype=np.intp)
    return np.stack([first, first + 1], axis=-1).reshape(*first.shape[:-1], -1)
