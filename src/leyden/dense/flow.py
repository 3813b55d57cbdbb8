"""Small devices as one linear system: the components of S, the mean, and a 1 that source and forcing multiply."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import halved, ladder, repeated
from leyden.arrays import Array, is_concrete, namespace_of, to_numpy

__all__ = [
    "LARGEST",
    "Flow",
    "columns_of",
    "flow",
    "form_row",
    "observed_row",
    "side_by_side",
    "system_of",
    "trajectory",
]

#     u = (components of S in the ladder basis, <r>, 1),    du/dt = G u
#
# The basis is that of `leyden.algebra.ladder`: anomalous moments apart from the normal ones, so that energies, which
# are of second order in a weak drive, are not rounded like the first order.
#
# A step over some time is then one matrix e^{G t}, kept as Phi and as Phi - 1, as in `steps`: next to the 1 the Phi of
# a short time rounds slow rates away. Many times are a few matrix products of one step with many columns, which is what
# processors do best; the size of G grows as the square of the device's, so that this is the way of small ones only.

Real = NDArray[np.float64]

LARGEST = 2
"""Modes up to which this is the faster way."""
# Largest entry of a propagator that is squared; above, its difference from 1 is the better known.
_SMALL = 0.5
# Strides that are taken with one step before the step is doubled instead: each adds a rounding, each doubling work.
_STRIDES = 4


def _horner() -> Real:
    """Coefficients of e^x - 1 up to the 12th power, by powers of x^4: three polynomials in 1, x, x^2, x^3, x^4."""
    # With |A h| <= 1/8 the system has a norm of 1/4 and the next term is 0.25^13/13! = 2e-18.
    rows = np.zeros((3, 5))
    for power in range(1, 13):
        row, column = (2, 4) if power == 12 else divmod(power, 4)
        rows[row, column] = 1 / math.factorial(power)
    return rows


_COEFFICIENTS = _horner()


@lru_cache(maxsize=16)
def _identity(size: int) -> Real:
    return np.eye(size)


@lru_cache(maxsize=32)
def _table(modes: int, *, displaced: bool, whole_moments: bool) -> Real:
    """Constant matrix that takes e, the parts of A and Q, and f, to the entries of G, flat."""
    size, count = 2 * modes, 4 * modes**2
    moments = modes * (size + 1)
    whole = moments + (size if displaced else 0) + 1
    table = np.zeros((2 * count + size, whole, whole))
    table[:count, :moments, :moments] = ladder.action(modes)
    units = ladder.matrix_of(np.eye(count).reshape(-1, 4, modes, modes))
    # Q is symmetric: its upper triangle is enough.
    upper = np.triu(2 - np.eye(modes)) * np.ones((4, 1, 1))
    table[count : 2 * count, :moments, -1] = ladder.components_of(units) * upper.reshape(-1, 1)
    if displaced:
        table[:count, moments:-1, moments:-1] = units
        table[2 * count :, moments:-1, -1] = np.eye(size)
    if displaced and whole_moments:
        outer = np.einsum("ia,kb->ikab", np.eye(size), np.eye(size))
        outer = outer + np.swapaxes(outer, -1, -2)
        table[2 * count :, :moments, moments:-1] = np.swapaxes(ladder.components_of(outer), 1, 2)
    return table.reshape(len(table), -1)


@lru_cache(maxsize=32)
def _places(modes: int, *, displaced: bool, whole_moments: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the entries of G are in (0, e, -e, 2 e, -2 e, e/2, -e/2): each is the sum of two of them at most."""
    table = _table(modes, displaced=displaced, whole_moments=whole_moments)
    count, whole = len(table), math.isqrt(table.shape[1])
    table = table.reshape(count, whole, whole)
    found = np.zeros((2, whole, whole), dtype=np.intp)
    used = np.zeros((whole, whole), dtype=np.intp)
    for term, row, column in np.argwhere(table):
        multiple = {1.0: 0, -1.0: 1, 2.0: 2, -2.0: 3, 0.5: 4, -0.5: 5}[float(table[term, row, column])]
        found[used[row, column], row, column] = 1 + multiple * count + term
        used[row, column] += 1
    return found[0].reshape(-1), found[1].reshape(-1)


def side_by_side(xp: Any, parts: list[Array], tail: int = 1, shape: tuple[int, ...] = ()) -> Array:
    """Arrays one behind the other along their last axis, spread over the batch of all of them."""
    shapes = {part.shape[: part.ndim - tail] for part in parts} | {shape}
    if len(shapes) > 1:
        shape = np.broadcast_shapes(*shapes)
        parts = [xp.broadcast_to(part, (*shape, *part.shape[part.ndim - tail :])) for part in parts]
    return xp.concat(parts, axis=-1) if len(parts) > 1 else parts[0]


def system_of(drift: Array, source: Array, forcing: Array | None, *, whole_moments: bool = False) -> Array:
    """Generator G, (..., d, d), of the linear system, with `whole_moments` for u of S + <r><r>^T in place of S."""
    xp = namespace_of(drift, source, forcing if forcing is not None else 0.0)
    modes = drift.shape[-1]
    parts = [xp.reshape(part, (*part.shape[:-3], 4 * modes**2)) for part in (xp.asarray(drift), xp.asarray(source))]
    parts.append(xp.zeros(2 * modes, dtype=xp.float64) if forcing is None else xp.asarray(forcing))
    entries = side_by_side(xp, parts)
    displaced = forcing is not None
    if xp is np and entries.ndim == 1:
        flat = entries @ _table(modes, displaced=displaced, whole_moments=whole_moments)
        whole = math.isqrt(len(flat))
        return flat.reshape(whole, whole)
    # Of a batch few entries are multiplied and many are read.
    first, second = _places(modes, displaced=displaced, whole_moments=whole_moments)
    zero = xp.zeros((*entries.shape[:-1], 1), dtype=xp.float64)
    multiples = [factor * entries for factor in (1, -1, 2, -2, 0.5, -0.5)]
    entries = xp.concat([zero, *multiples], axis=-1)
    flat = xp.take(entries, xp.asarray(first), axis=-1) + xp.take(entries, xp.asarray(second), axis=-1)
    whole = math.isqrt(len(first))
    return xp.reshape(flat, (*flat.shape[:-1], whole, whole))


def columns_of(mean: Array, components: Array, last: float, *, displaced: bool) -> Array:
    """Vector u of some moments, whose last entry is 1, or of their rates of change, where it is 0."""
    xp = namespace_of(mean, components)
    parts = [xp.asarray(components)]
    if displaced:
        parts.append(xp.asarray(mean))
    return side_by_side(xp, [*parts, xp.full(1, last, dtype=xp.float64)])


@lru_cache(maxsize=16)
def _rows(modes: int) -> Real:
    """Constant matrix that takes the components of S to its entries."""
    return ladder.basis(modes).reshape(-1, 4 * modes**2).T.copy()


def form_row(form: Array, *, displaced: bool) -> Array:
    """Row (..., 1, d) that takes a vector u to tr(C M)."""
    xp = namespace_of(form)
    size = form.shape[-1] - 1 if displaced else form.shape[-1]
    flat = xp.reshape(form[..., :size, :size], (*form.shape[:-2], size * size))
    parts = [flat @ xp.asarray(_rows(size // 2))]
    parts.append(2 * form[..., size, :size] if displaced else flat[..., :0])
    parts.append(xp.zeros((*form.shape[:-2], 1), dtype=xp.float64))
    return xp.concat(parts, axis=-1)[..., None, :]


def observed_row(
    system: Array, form: Array, width: float, halvings: int | Array, *, displaced: bool
) -> tuple[Array, Array]:
    """k and z of the integral k u + z of tr(C M) over a step, by the vector u at its beginning."""
    xp = namespace_of(system, form)
    size = form.shape[-1] - 1 if displaced else form.shape[-1]
    moments = size * (size + 1) // 2
    row = form_row(form, displaced=displaced)
    row = xp.concat([row, xp.zeros((*row.shape[:-1], 1), dtype=xp.float64)], axis=-1)
    shape = np.broadcast_shapes(system.shape[:-2], row.shape[:-2])
    whole = xp.concat([system, xp.zeros((*system.shape[:-1], 1), dtype=xp.float64)], axis=-1)
    parts = [xp.broadcast_to(part, (*shape, *part.shape[-2:])) for part in (whole, row)]
    found = flow(xp.concat(parts, axis=-2) * width, halvings).increment[..., -1, :]
    return found[..., : moments + (size if displaced else 0)], found[..., -2]


@dataclass(frozen=True)
class Flow:
    """Exact propagation of the linear system over some time."""

    propagator: Array  # (..., d, d), Phi = e^{G t}, with a last row of 0, ..., 0, 1
    increment: Array  # (..., d, d), Phi - 1, with digits of its own

    def doubled(self) -> Flow:
        """The flow over twice the time."""
        change = self.increment @ self.propagator
        return Flow(self._squared(change), self.increment + change)

    def _squared(self, change: Array) -> Array:
        """Phi^2, from Phi + (Phi - 1) Phi unless Phi is so small that the sum would cancel."""
        propagator = self.propagator
        xp = namespace_of(propagator)
        # The first entry nearly always tells that Phi is not small yet.
        first = propagator[..., 0, 0]
        if is_concrete(first) and (first >= _SMALL if propagator.ndim == 2 else (to_numpy(first) >= _SMALL).all()):
            return propagator + change
        # Source and forcing are in the last column, and no measure of decay.
        is_small = xp.max(xp.abs(propagator[..., :-1, :-1]), axis=(-2, -1), keepdims=True) < _SMALL
        if is_concrete(is_small):
            known = to_numpy(is_small)
            if known.all():
                return propagator @ propagator
            if not known.any():
                return propagator + change
        return xp.where(is_small, propagator @ propagator, propagator + change)


def flow(system: Array, halvings: int | Array) -> Flow:
    """Exact flow over one unit of time."""
    xp = namespace_of(system)
    first = halved(system, halvings)
    second = first @ first
    fourth = second @ second
    one = xp.asarray(_identity(system.shape[-1]))
    powers = [xp.broadcast_to(one, first.shape) if first.ndim > 2 else one, first, second, first @ second, fourth]
    parts = xp.reshape(xp.asarray(_COEFFICIENTS) @ xp.reshape(xp.concat(powers, axis=0), (5, -1)), (3, *first.shape))
    increment = parts[0, ...] + fourth @ (parts[1, ...] + fourth @ parts[2, ...])

    def doubled(propagator: Array, increment: Array) -> tuple[Array, Array]:
        found = Flow(propagator, increment).doubled()
        return found.propagator, found.increment

    return Flow(*repeated(doubled, (one + increment, increment), halvings))


def trajectory(by: Flow, start: Array, count: int) -> Array:
    """Vectors (..., d, t, c) at 0, h, 2 h, ..., from the flow over h and c vectors at time 0."""
    xp = namespace_of(by.propagator, start)
    kinds = start.shape[-1]
    # Times side by side, and the vectors of each: one matrix, of which every product takes all columns.
    known = start
    while known.shape[-1] * _STRIDES < count * kinds:
        known = xp.concat([known, by.propagator @ known], axis=-1)
        by = by.doubled()
    strides = [known]
    while len(strides) * known.shape[-1] < count * kinds:
        strides.append(by.propagator @ strides[-1])
    found = xp.concat(strides, axis=-1) if len(strides) > 1 else known
    return xp.reshape(found[..., : count * kinds], (*found.shape[:-1], count, kinds))
