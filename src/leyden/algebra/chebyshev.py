"""A stretch of time as a step of the Lyapunov equation: what W(t) s W(t)^T adds up to, and what it leaves."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.exponential import Exponential
from leyden.algebra.factors import products
from leyden.memory import CACHE_BYTES, TERM_BYTES, fitting

__all__ = ["Past", "followed"]

# For a time h, and with W(t) = e^{A t} W,
#
#     A S + S A^T + W s W^T = W(h) s W(h)^T,    S = int_0^h W(t) s W(t)^T dt,
#
# so that a stretch of time takes away what has died out by its end, as a step of the ADI iteration takes away what
# decays at the rates near its shift. Where modes pass quanta to and fro, time is the better way: no system is solved,
# and hardly more products with A are taken than there are turns until all has died out.

Real = NDArray[np.float64]


class Past(NamedTuple):
    """What a stretch of time adds to the solution, and what it leaves of the equation."""

    squares: Real  # (n,), diagonal of the integral
    cross: Real  # (both,), what lies between the two quadratures of a mode
    images: Real  # (n, k), the integral on the probes
    leaked: float  # bound of what has left for the modes outside
    left: Real  # (n, r), the vectors at its end


def followed(exponential: Exponential, left: Real, weights: Real, *, both: int, probes: Real, outward: Any) -> Past:
    """Follow the vectors W for the longest stretch of time."""
    size, columns = left.shape
    while True:
        longest = exponential.longest
        past = Past(np.zeros(size), np.zeros(both), np.zeros_like(probes), 0.0, np.empty_like(left))
        most = fitting(TERM_BYTES, size * (exponential.degree(longest) + 1))
        for first in range(0, columns, most):
            some = slice(first, first + most)
            terms, width = exponential.terms(left[:, some], longest)
            if width < longest:  # from the beginning, with a shorter stretch for all
                break
            inner, end, shares = exponential.through(width, len(terms) - 1)
            past.left[:, some] = np.tensordot(end[0], terms, 1)
            lengths = _add(past, terms, weights[some], inner=inner, shares=shares, probes=probes)
            leaked = _leaked(terms, inner, outward, shares * lengths)
            past = past._replace(leaked=past.leaked + leaked)
        else:
            return past


def _add(past: Past, terms: Real, weights: Real, *, inner: Real, shares: Real, probes: Real) -> Real:
    """Add what some of the vectors do, and give the lengths of W s at the nodes."""
    (_, size, columns), count, both = terms.shape, len(shares), len(past.cross)
    # Onto the probes at each node first, then back to the terms: both at once would square what cancels between terms.
    overlaps = np.stack([terms[:, :, column] @ probes for column in range(columns)], axis=1)
    overlaps = np.tensordot(inner, overlaps, 1) * (shares[:, None] * weights)[..., None]
    onto = np.tensordot(inner, overlaps, (0, 0))
    lengths = np.zeros(count)
    tile = max(2, fitting(CACHE_BYTES, count * columns) // 2 * 2)
    for first in range(0, size, tile):
        rows = slice(first, min(first + tile, size))
        here = min(max(2 * both - first, 0), rows.stop - first) // 2
        values = (inner @ terms[:, rows].reshape(len(terms), -1)).reshape(count, -1, columns)
        squares, cross = products(values, weights, here)
        past.squares[rows] += shares @ squares
        past.cross[first // 2 : first // 2 + here] += shares @ cross
        lengths += np.sum((values * weights) ** 2, axis=(1, 2))
        for column in range(columns):
            past.images[rows] += terms[:, rows, column].T @ onto[:, column]
    return np.sqrt(lengths)


def _leaked(terms: Real, inner: Real, outward: Any, shares: Real) -> float:
    """Bound of the integral of |outward W| |W s|."""
    border = np.unique(outward.indices)
    if not len(border):
        return 0.0
    values = (inner @ terms[:, border].reshape(len(terms), -1)).reshape(len(inner), len(border), -1)
    acting = outward[:, border]
    return float(sum(share * np.linalg.norm(acting @ value) for share, value in zip(shares, values, strict=True)))
