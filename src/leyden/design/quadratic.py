"""One step of sequential quadratic programming: the least of a quadratic model between linear bounds."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curvature", "Step", "balance", "least_between"]

Real = NDArray[np.float64]

# Of the model's curvature, by which it stays positive definite (Powell 1978).
_DAMPED = 0.2
_NOTHING = 1e-14


class Step(NamedTuple):
    """The least of a quadratic model, and the multipliers (m) of the bounds that hold it."""

    move: Real
    multipliers: Real


def least_between(slope: Real, root: Real, normals: Real, slacks: Real) -> Step | None:
    """The d that makes slope d + |root^T d|^2/2 least with normals d >= -slacks; None where nothing fits."""
    from scipy.optimize import nnls

    # With y = root^T d + root^-1 slope it is the shortest y within half spaces (Lawson and Hanson 1974, chapter 23).
    shift = np.linalg.solve(root, slope)
    turned = np.linalg.solve(root, normals.T).T
    ends = -slacks + turned @ shift
    matrix = np.vstack([turned.T, ends])
    # Rows of like length: a half space is the same in any units.
    sizes = np.maximum(np.linalg.norm(matrix, axis=0), np.finfo(float).tiny)
    target = np.zeros(len(matrix))
    target[-1] = 1.0
    try:
        weights = nnls(matrix / sizes, target)[0] / sizes
    except RuntimeError:  # no end of its iterations
        return None
    left = matrix @ weights - target
    if -left[-1] < _NOTHING:
        return None
    return Step(np.linalg.solve(root.T, -left[:-1] / left[-1] - shift), weights / -left[-1])


def balance(slope: Real, normals: Real) -> Real:
    """Multipliers (m), none negative, with which normals balance a slope best."""
    from scipy.optimize import nnls

    sizes = np.maximum(np.linalg.norm(normals, axis=1), np.finfo(float).tiny)
    return cast("Real", nnls((normals / sizes[:, None]).T, slope)[0] / sizes)


class Curvature:
    """Second derivatives as steps show them (Broyden, Fletcher, Goldfarb and Shanno)."""

    def __init__(self, size: int, first: float) -> None:
        self._matrix = first * np.eye(size)
        self._is_new = True

    @property
    def root(self) -> Real:
        """Lower triangular, with root root^T the matrix."""
        return cast("Real", np.linalg.cholesky(self._matrix))

    def learn(self, move: Real, change: Real) -> None:
        """Take in that a move changed the slope so."""
        along = float(move @ change)
        if self._is_new and along > 0:
            self._matrix = np.eye(len(move)) * float(change @ change) / along
        self._is_new = False
        bent = self._matrix @ move
        own = float(move @ bent)
        if own <= 0 or not np.isfinite(along):
            return
        share = 1.0 if along >= _DAMPED * own else (1 - _DAMPED) * own / (own - along)
        change = share * change + (1 - share) * bent
        new = self._matrix - np.outer(bent, bent) / own + np.outer(change, change) / float(move @ change)
        new = (new + new.T) / 2
        # Rounding must not make it indefinite.
        least = float(np.linalg.eigvalsh(new)[0])
        if np.isfinite(new).all() and least > _NOTHING * float(np.trace(new)):
            self._matrix = new
