"""Arnoldi's method: what a large operator looks like from a vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Krylov", "Ritz"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# A new direction shorter than this, relative to the operator, is rounding: the space is closed.
_CLOSED = 1e-13


class Ritz(NamedTuple):
    """Eigenvalues as they are seen so far."""

    values: Complex  # (m,), complex
    residuals: Real  # (m,), |A y - value y| of each: the operator that has this eigenvalue exactly is no farther away


class Krylov:
    """The space of v, A v, A^2 v, ..., as far as it has been built."""

    def __init__(self, apply: Callable[[Real], Real], start: Real, most: int) -> None:
        self._apply = apply
        self._most = min(most, len(start))
        self._basis = np.empty((min(32, self._most + 1), len(start)))
        self._basis[0] = start / np.linalg.norm(start)
        self._hessenberg = np.zeros((self._most + 1, self._most))
        self.steps = 0
        self.is_closed = False

    @property
    def is_exhausted(self) -> bool:
        """Whether no more steps can be made."""
        return self.is_closed or self.steps == self._most

    def extend(self, steps: int) -> None:
        """Make so many steps more, or as many as there are."""
        for _ in range(steps):
            if self.is_exhausted:
                return
            self._step()

    def _step(self) -> None:
        known = self.steps + 1
        if known == len(self._basis):
            wider = np.empty((min(2 * known, self._most + 1), self._basis.shape[1]))
            wider[:known] = self._basis
            self._basis = wider
        vector = np.asarray(self._apply(self._basis[self.steps]), dtype=np.float64)
        scale = float(np.linalg.norm(vector))
        for _ in range(2):  # the second pass makes up for rounding in the first
            overlaps = self._basis[:known] @ vector
            vector = vector - overlaps @ self._basis[:known]
            self._hessenberg[:known, self.steps] += overlaps
        length = float(np.linalg.norm(vector))
        self._hessenberg[known, self.steps] = length
        self.steps = known
        self.is_closed = not length > _CLOSED * scale
        if not self.is_closed and known < len(self._basis):
            self._basis[known] = vector / length

    def ritz(self) -> Ritz:
        """Eigenvalues of the operator as the space sees them."""
        size = self.steps
        values, vectors = np.linalg.eig(self._hessenberg[:size, :size])
        last = 0.0 if self.is_closed else self._hessenberg[size, size - 1]
        return Ritz(values.astype(np.complex128), np.abs(last * vectors[-1]))
