"""The exponential of a sparse drift on a few vectors, over a stretch of time, as a Chebyshev series."""

from __future__ import annotations

from cmath import sqrt
from functools import lru_cache
from math import ceil, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.factors import norm_of
from leyden.memory import TERM_BYTES, fitting

__all__ = ["Exponential", "legendre"]

#     e^{A t} y = e^{c t} sum_k (2 - [k = 0]) J_k(rho t) X_k
#     X_0 = y, X_1 = (B/rho) y, X_{k+1} = 2 (B/rho) X_k + X_{k-1}, B = A - c
#
# The terms X_k know nothing of time, so that one set of them gives the vectors at every time of the
# stretch. Where modes pass quanta to and fro, A is a decay that is common to all and a part that only turns; then a
# stretch may be long, and takes hardly more products with A than the turns it makes. Where A is far from that, on a
# directed network for instance, stretches are short and the series is as good as Taylor's.
#
# H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967 (1984), for the series.

Real = NDArray[np.float64]

# What truncation may leave.
_TRUNCATION = 1e-17
# Of a stretch: the most that it may turn (rho t), grow or shrink against the mean (|B + B^T| t/2), and decay (|c| t).
_TURNS, _GROWTH, _DECAY = 48.0, 4.0, 8.0
# Turns from which the longest stretch is the best way to go on.
_WAVELIKE = 12.0
# A term this much larger than the sum it belongs to would cost so many digits: then a shorter stretch is taken.
_CANCELLING, _EVERY = 30.0, 4


@lru_cache(maxsize=256)
def _degree(turns: float, bend: float) -> int:
    """Last term that matters of e^{z}, |Im z| <= turns and |Re z| <= bend * turns."""
    # On the ellipse around -i, i through the corner of such a rectangle the k-th polynomial is as large as growth^k.
    from scipy.special import jv

    orders = np.arange(80 + 3 * ceil(turns))
    growth = abs(bend + 1j + sqrt((bend + 1j) ** 2 + 1))
    left = np.abs(jv(orders, turns)) * growth**orders
    return max(1, int(np.max(np.flatnonzero(left > _TRUNCATION), initial=0)))


@lru_cache(maxsize=256)
def legendre(count: int) -> tuple[Real, Real]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


class Exponential:
    """e^{A t} for times up to a longest one."""

    def __init__(self, drift: Any) -> None:
        from scipy.sparse import eye_array

        diagonal = drift.diagonal()
        self._center = float(np.max(diagonal, initial=-np.inf) + np.min(diagonal, initial=np.inf)) / 2
        moved = drift - self._center * eye_array(drift.shape[0], format="csr")
        spread, turning = norm_of(moved + moved.T) / 2, norm_of(moved - moved.T) / 2
        self._scale = max(spread, turning)
        self._bend = spread / self._scale if self._scale else 0.0
        self._doubled = (moved * (2 / self._scale if self._scale else 0.0)).tocsr()
        self._doubled.eliminate_zeros()
        limits = ((_TURNS, self._scale), (_GROWTH, spread), (_DECAY, abs(self._center)))
        self._memory = np.empty(0)
        self._through: dict[tuple[float, int], tuple[Real, Real, Real]] = {}
        self.longest = min((most / rate for most, rate in limits if rate > 0), default=np.inf)
        # Terms of one vector must fit into memory; twenty of them are always worth it.
        most = max(20, fitting(TERM_BYTES, drift.shape[0]))
        while self._scale * self.longest > 1 and self.degree(self.longest) > most:
            self.longest *= 0.8

    @property
    def is_wavelike(self) -> bool:
        """Whether the longest stretch turns so much that it gets on better than anything else."""
        return self._scale * self.longest >= _WAVELIKE

    def degree(self, width: float) -> int:
        """Number of products with A that a stretch of some length takes."""
        return _degree(self._scale * width, self._bend)

    def nodes(self, width: float) -> int:
        """Number of Gauss-Legendre nodes that integrate products of two such vectors over an interval, to rounding."""
        # The product turns and decays twice as fast, over half the width on either side of the middle.
        return _degree((self._scale + abs(self._center)) * width, self._bend) // 2 + 2

    def coefficients(self, times: Real, degree: int) -> Real:
        """Coefficients (t, degree + 1) of the terms at some times."""
        from scipy.special import jv

        series = jv(np.arange(degree + 1), self._scale * times[:, None])
        series[:, 1:] *= 2
        series *= np.exp(self._center * times)[:, None]
        return np.asarray(series, dtype=np.float64)

    def through(self, width: float, degree: int) -> tuple[Real, Real, Real]:
        """Coefficients at a stretch's nodes and its end, and the nodes' weights; kept for the next of its length."""
        if (width, degree) not in self._through:
            nodes, weights = legendre(self.nodes(width))
            inner, end = (self.coefficients(times, degree) for times in (width * nodes, np.asarray([width])))
            self._through = {(width, degree): (inner, end, width * weights)}
        return self._through[width, degree]

    def terms(self, vectors: Real, width: float) -> tuple[Real, float]:
        """Terms X_k (degree + 1, n, r) for a stretch, in memory that is used again, and the length they serve."""
        degree = self.degree(width)
        shape = (degree + 1, *vectors.shape)
        if self._memory.size < (count := prod(shape)):
            self._memory = np.empty(count)
        terms = self._memory[:count].reshape(shape)
        terms[0] = vectors
        terms[1] = self._doubled @ vectors / 2
        for order in range(2, degree + 1):
            np.add(self._doubled @ terms[order - 1], terms[order - 2], out=terms[order])
        with np.errstate(over="ignore", invalid="ignore"):
            # Shorter than wished where larger terms would cancel.
            good = self._without_cancelling(terms, width)
        if good < width:
            self.longest = good
        return terms, good

    def advanced(self, vectors: Real) -> Real:
        """Some vectors at the end of the longest stretch, with no memory for the terms."""
        shares = self.coefficients(np.asarray([self.longest]), self.degree(self.longest))[0]
        before, now = vectors, self._doubled @ vectors / 2
        total = shares[0] * before + shares[1] * now
        for share in shares[2:]:
            before, now = now, self._doubled @ now + before
            total += share * now
        return total

    def _without_cancelling(self, terms: Real, width: float) -> float:
        sizes = np.max(np.abs(terms[::_EVERY]), axis=(1, 2), initial=0.0)
        while np.isfinite(sizes).all():
            bare = np.abs(self.coefficients(np.asarray([width]), len(terms) - 1)[0, ::_EVERY])
            if np.max(bare * np.exp(-self._center * width) * sizes) <= _CANCELLING * sizes[0]:
                break
            width /= 2
        return width
