"""Operators X(k) followed outwards along curves, by power series from one point to the next."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.one_way.series import Space

__all__ = ["Course", "TooManyStepsError"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Terms of a series, and how large its last ones may be beside the state that it begins from.
_ORDER, _TOLERANCE = 16, 1e-11
# Size of a power of s that is left out.
_NEGLIGIBLE = 1e-16


class TooManyStepsError(Exception):
    """A course takes more steps than it may; never seen outside of this room."""


class Course:
    """X (p, n) along curves dk/ds = -A^T k: dX/ds = (L + i k S - k D k / 2) X."""

    most = math.inf  # steps

    def __init__(self, space: Space, drift: Real, diffusion: Real, points: Real, state: Complex) -> None:
        self._stacked, self._trace = np.concatenate([space.generator, *space.sources]), space.trace
        self._drift, self._leak = drift, space.leak
        self.lost = np.zeros(state.shape[1])  # what has been led out of the space so far, for each point
        self._points, self._state, self._moment = points, state, 0.0
        # e^{-A^T s} and what it makes of D, as power series (q, m, m): about any point they are the same.
        spread = [np.eye(len(drift))]
        for order in range(1, _ORDER):
            spread.append(-drift.T @ spread[-1] / order)
        self._spread = np.stack(spread)
        pairs = [zip(spread[: q + 1], spread[q::-1], strict=True) for q in range(_ORDER)]
        self._bent = np.stack([sum(one.T @ diffusion @ other for one, other in two) for two in pairs])
        self._reach, self._steps = math.inf, 0
        self._expand()

    def traced(self, moment: float) -> Complex:
        """Traces (n,) at a moment, which is no earlier than those before."""
        while moment > self._moment + self._reach:
            self._steps += 1
            if self._steps > self.most:
                raise TooManyStepsError
            self.lost += self._reach * self._leaking()
            self._state, self._points = _horner(self._terms, self._reach), self._moved(self._reach)
            self._moment += self._reach
            self._expand()
        return _horner(self._traces, moment - self._moment)

    def _leaking(self) -> Real:
        """Rate at which X leaves the space."""
        moved = np.concatenate([self._state, *(1j * k * self._state for k in self._points)])
        return np.linalg.norm(self._leak @ moved, axis=0)

    def _moved(self, step: float) -> Real:
        from scipy.linalg import expm

        return np.asarray(expm(-step * self._drift.T) @ self._points, dtype=np.float64)

    def _powers(self) -> int:
        """Powers of s in k(s) that matter as far as the last series reached."""
        size, count = 1.0, 1
        rate = 2 * float(np.abs(self._drift).sum(axis=0).max()) * self._reach
        while count < _ORDER and size > _NEGLIGIBLE:
            size *= rate / count
            count += 1
        return count

    def _expand(self) -> None:
        """Series of the state about the present point, and how far it reaches."""
        size, count = self._state.shape[0], len(self._points)
        terms = np.empty((_ORDER + 1, self._state.size), dtype=np.complex128)
        moved = np.empty((_ORDER, count, self._state.size), dtype=np.complex128)
        terms[0] = self._state.reshape(-1)
        waves, squares = 1j * self._points, -(self._points[:, None] * self._points).reshape(count**2, -1) / 2
        powers = self._powers()
        for order in range(_ORDER):
            products = self._stacked @ terms[order].reshape(size, -1)
            moved[order] = products[size:].reshape(count, -1)
            # Powers of s meet those of X one by one: first all that belong to a coordinate of k, then k.
            first = max(order + 1 - powers, 0)
            kept, taken = order + 1 - first, slice(first, order + 1)
            spread = self._spread[kept - 1 :: -1].transpose(2, 0, 1).reshape(count, -1)
            bent = self._bent[kept - 1 :: -1].reshape(kept, -1).T
            fed = _combined(spread, moved[taken].reshape(kept * count, -1)).reshape(count, size, -1)
            damped = _combined(bent, terms[taken]).reshape(count**2, size, -1)
            total = products[:size]
            for k, one in zip((*waves, *squares), (*fed, *damped), strict=True):
                total += k * one
            terms[order + 1] = total.reshape(-1) / (order + 1)
        self._terms = terms.reshape(_ORDER + 1, size, -1)
        self._traces = np.tensordot(self._terms, self._trace, (1, 0))
        scale = _TOLERANCE * max(float(np.abs(self._state).max()), math.sqrt(_TOLERANCE))
        sizes = ((order, float(np.abs(terms[order]).max())) for order in (_ORDER - 1, _ORDER))
        self._reach = min(((scale / one) ** (1 / order) for order, one in sizes if one > 0), default=math.inf)


def _combined(weights: Real, rows: Complex) -> Complex:
    """Real combinations of complex rows, as a product of real matrices."""
    return np.ascontiguousarray(weights @ rows.view(np.float64)).view(np.complex128)


def _horner(terms: Complex, step: float) -> Complex:
    total: Any = terms[-1]
    for term in terms[-2::-1]:
        total = total * step + term
    return total
