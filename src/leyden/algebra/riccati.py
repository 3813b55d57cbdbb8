"""Riccati equations dS/dt = A S + S A^T + Q - S G S, in time and at rest, by doubling."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, log2
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError

__all__ = ["riccati_flow", "riccati_residual", "riccati_steady"]

# The flow over a time t is a linear fraction, S(t) = H + E S (1 + G_t S)^{-1} E^T, and two such flows in a row are one.
# From a short time, where the exponential of the Hamiltonian matrix is a series, repeated doubling leads to any other
# one, exactly; nothing grows on the way, and at rest H itself is the answer.
#
# B. D. O. Anderson, Int. J. Control 28, 295 (1978); E. K.-W. Chu, H.-Y. Fan and W.-W. Lin, Linear Algebra Appl. 396, 55
# (2005).

Real = NDArray[np.float64]

# Size of the Hamiltonian matrix times the shortest time, and terms of its series there: 0.25^16/16! is 1e-23.
_SHORT, _TERMS = 0.25, 16
# Doublings until a device that settles within 2^60 of its fastest times has settled.
_DOUBLINGS = 80
_SETTLED = 1e-17


class _Flow(NamedTuple):
    """S -> H + E S (1 + G S)^{-1} E^T, of shape (..., n, n) each."""

    e: Real
    g: Real
    h: Real

    def after(self) -> _Flow:
        """The same for twice the time."""
        one = np.eye(self.e.shape[-1])
        turned = np.linalg.inv(one + self.h @ self.g)
        e = self.e @ turned
        g = self.g + _t(self.e) @ self.g @ turned @ self.e
        h = self.h + e @ self.h @ _t(self.e)
        return _Flow(e @ self.e, (g + _t(g)) / 2, (h + _t(h)) / 2)

    def of(self, state: Real) -> Real:
        """Where it takes a matrix."""
        one = np.eye(self.e.shape[-1])
        found = self.h + self.e @ state @ np.linalg.inv(one + self.g @ state) @ _t(self.e)
        return (found + _t(found)) / 2


def _t(matrix: Real) -> Real:
    return np.swapaxes(matrix, -1, -2)


def _short(drift: Real, source: Real, gain: Real, time: Any) -> _Flow:
    """The flow over a short time, by the series of the exponential."""
    upper = np.concatenate([-_t(drift), gain], axis=-1)
    lower = np.concatenate([source, drift], axis=-1)
    step = np.concatenate([upper, lower], axis=-2) * time
    size = drift.shape[-1]
    whole = np.broadcast_to(np.eye(2 * size), step.shape)
    for order in range(_TERMS, 0, -1):
        whole = np.eye(2 * size) + step @ whole / order
    inverse: Any = np.linalg.inv(whole[..., :size, :size])
    return _Flow(_t(inverse), inverse @ whole[..., :size, size:], whole[..., size:, :size] @ inverse)


def _norms(drift: Real, source: Real, gain: Real) -> Real:
    """Sizes (..., 1, 1) of the Hamiltonian matrices, source and gain being balanced."""
    sizes = [np.max(np.sum(np.abs(part), axis=-1), axis=-1) for part in (drift, _t(drift), source, gain)]
    # No scaling is done: a block of the series is a sum of products that all hold the source, or the gain, once more
    # than the other, so that weak ones keep their digits.
    return (np.maximum(sizes[0], sizes[1]) + np.sqrt(sizes[2] * sizes[3]))[..., None, None]


def riccati_flow(drift: Real, source: Real, gain: Real, times: Real, start: Real) -> Real:
    """S(t), shape (..., t, n, n), from S(0) of shape (n, n) or (..., n, n); times increase from 0 on."""
    size = float(np.max(_norms(drift, source, gain), initial=0.0))
    state = np.broadcast_to(start, np.broadcast_shapes(np.shape(start), drift.shape))
    known: dict[float, _Flow] = {}
    found: list[Any] = []
    for before, now in pairwise([0.0, *times.tolist()]):
        if (width := now - before) > 0:
            if width not in known:
                known = {width: _over(drift, source, gain, width, size)}
            state = known[width].of(state)
        found.append(state)
    return np.stack(found, axis=-3)


def _over(drift: Real, source: Real, gain: Real, width: float, size: float) -> _Flow:
    halvings = max(0, ceil(log2(max(size * width / _SHORT, 1.0))))
    flow = _short(drift, source, gain, width / 2**halvings)
    for _ in range(halvings):
        flow = flow.after()
    return flow


def riccati_steady(drift: Real, source: Real, gain: Real) -> Real:
    """S at rest, where the flow from S = 0 leads, shape (..., n, n)."""
    flow = _short(drift, source, gain, _SHORT / np.maximum(_norms(drift, source, gain), 1e-300))
    for _ in range(_DOUBLINGS):
        flow = flow.after()
        if np.max(np.abs(flow.e), initial=0.0) ** 2 <= _SETTLED:
            return flow.h
    raise ConvergenceError(
        f"The conditional covariance did not settle in 2^{_DOUBLINGS} of its fastest times. Ask for it at given times.",
        residual=float(np.max(np.abs(flow.e))),
        tolerance=_SETTLED**0.5,
    )


def riccati_residual(drift: Real, source: Real, gain: Real, state: Real) -> float:
    """Largest entry of A S + S A^T + Q - S G S over that of its terms."""
    moved = drift @ state
    lost = state @ gain @ state
    terms = max(float(np.max(np.abs(part), initial=0.0)) for part in (moved, source, lost))
    rest = moved + _t(moved) + source - lost
    return float(np.max(np.abs(rest), initial=0.0)) / terms if terms else 0.0
