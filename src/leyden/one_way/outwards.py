"""Operators X(k) followed outwards along curves, by power series from one point to the next."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.one_way.series import Space

__all__ = ["Course"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Terms of a series, and how large its last ones may be beside the state that it begins from.
_ORDER, _TOLERANCE = 28, 1e-12
# Size of a term of k that is left out.
_NEGLIGIBLE = 1e-15


class Course:
    """X (p, n) along curves dk/ds = -A^T k: dX/ds = (L + i k S - k D k / 2) X."""

    def __init__(self, space: Space, drift: Real, diffusion: Real, points: Real, state: Complex) -> None:
        self._stacked, self._trace = np.concatenate([space.generator, *space.sources]), space.trace
        self._drift, self._diffusion = drift, diffusion
        self._points, self._state, self._moment = points, state, 0.0
        self._reach = math.inf
        self._expand()

    def traced(self, moment: float) -> Complex:
        """Traces (n,) at a moment, which is no earlier than those before."""
        while moment > self._moment + self._reach:
            self._state, self._points = _horner(self._terms, self._reach), self._moved(self._reach)
            self._moment += self._reach
            self._expand()
        return _horner(self._traces, moment - self._moment)

    def _moved(self, step: float) -> Real:
        from scipy.linalg import expm

        return np.asarray(expm(-step * self._drift.T) @ self._points, dtype=np.float64)

    def _expand(self) -> None:
        """Series of the state about the present point, and how far it reaches."""
        waves, decays = self._coefficients()
        size, count = self._state.shape[0], len(self._points)
        terms = np.empty((_ORDER + 1, *self._state.shape), dtype=np.complex128)
        moved = np.empty((_ORDER, count, *self._state.shape), dtype=np.complex128)
        terms[0] = self._state
        for order in range(_ORDER):
            products = self._stacked @ terms[order]
            moved[order] = products[size:].reshape(count, size, -1)
            back = slice(max(order - len(waves) + 1, 0), order + 1)
            kept = min(order + 1, len(waves))
            total = products[:size] + np.einsum("qcn,qcpn->pn", waves[:kept][::-1], moved[back])
            total += np.einsum("qn,qpn->pn", decays[:kept][::-1], terms[back])
            terms[order + 1] = total / (order + 1)
        self._terms, self._traces = terms, np.tensordot(terms, self._trace, (1, 0))
        scale = _TOLERANCE * max(float(np.abs(self._state).max()), math.sqrt(_TOLERANCE))
        sizes = ((order, float(np.abs(terms[order]).max())) for order in (_ORDER - 1, _ORDER))
        self._reach = min(((scale / one) ** (1 / order) for order, one in sizes if one > 0), default=math.inf)

    def _coefficients(self) -> tuple[Complex, Complex]:
        """Powers of s in i k(s) and in -k D k / 2, as many as matter as far as the last series reached."""
        waves, size = [self._points], 1.0
        rate = 2 * float(np.abs(self._drift).sum(axis=0).max()) * self._reach
        while len(waves) <= _ORDER and size > _NEGLIGIBLE:
            size *= rate / len(waves)
            waves.append(-self._drift.T @ waves[-1] / len(waves))
        k: Any = np.stack(waves)
        bent = self._diffusion @ k
        decays = [-(k[: order + 1] * bent[order::-1]).sum(axis=(0, 1)) / 2 for order in range(len(k))]
        return 1j * k, np.stack(decays).astype(np.complex128)


def _horner(terms: Complex, step: float) -> Complex:
    total: Any = terms[-1]
    for term in terms[-2::-1]:
        total = total * step + term
    return total
