"""Small devices as one linear system: the upper triangle of S, the mean, and a 1 that source and forcing multiply.

    u = (S_ij with i <= j, <r>, 1),    du/dt = G u

A step over some time is then one matrix e^{G t}, kept as Phi and as Phi - 1, as in `steps`: next to the 1 the Phi of a
short time rounds slow rates away. Many times are a few matrix products of one step with many columns, which is what
processors do best; the size of G grows as the square of the device's, so that this is the way of small ones only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import Array, halved, is_concrete, namespace_of, repeated, to_numpy, triangle

__all__ = [
    "LARGEST",
    "Flow",
    "columns_of",
    "flow",
    "moments_of",
    "observed_row",
    "side_by_side",
    "system_of",
    "trajectory",
]

Real = NDArray[np.float64]

LARGEST = 4
"""Quadratures up to which this is the faster way."""
# Largest entry of a propagator that is squared; above, its difference from 1 is the better known.
_SMALL = 0.5
# Strides that are taken with one step before the step is doubled instead: each adds a rounding, each doubling work.
_STRIDES = 4


def _horner() -> Real:
    """Coefficients of e^x - 1 up to the 12th power, by powers of x^4: three polynomials in 1, x, x^2, x^3, x^4.

    With |A h| <= 1/8 the system has a norm of 1/4 and the next term is 0.25^13/13! = 2e-18.
    """
    rows = np.zeros((3, 5))
    for power in range(1, 13):
        row, column = (2, 4) if power == 12 else divmod(power, 4)
        rows[row, column] = 1 / math.factorial(power)
    return rows


_COEFFICIENTS = _horner()


@lru_cache(maxsize=16)
def _identity(size: int) -> Real:
    return np.eye(size)


@lru_cache(maxsize=16)
def _upper(size: int) -> NDArray[np.intp]:
    """Places of the upper triangle in a flattened matrix."""
    rows, columns, _ = triangle(size)
    return rows * size + columns


@lru_cache(maxsize=32)
def _layout(size: int, *, displaced: bool, whole_moments: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the entries of G are in (0, A, Q, f), flattened: each is the sum of two of them at most."""
    rows, columns, position = triangle(size)
    moments = len(rows)
    whole = moments + (size if displaced else 0) + 1
    terms: dict[tuple[int, int], list[int]] = {}

    def add(row: int, column: int, place: int) -> None:
        terms.setdefault((row, column), []).append(1 + place)

    for place, (i, j) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        add(place, whole - 1, size**2 + i * size + j)
        for k in range(size):
            add(place, int(position[k, j]), i * size + k)
            add(place, int(position[k, i]), j * size + k)
        if displaced and whole_moments:
            add(place, moments + j, 2 * size**2 + i)
            add(place, moments + i, 2 * size**2 + j)
    if displaced:
        for i in range(size):
            add(moments + i, whole - 1, 2 * size**2 + i)
            for k in range(size):
                add(moments + i, moments + k, i * size + k)
    first, second = np.zeros((2, whole, whole), dtype=np.intp)
    for entry, places in terms.items():
        first[entry], second[entry] = (*places, 0)[:2]
    return first.reshape(-1), second.reshape(-1)


def side_by_side(xp: Any, parts: list[Array], tail: int = 1, shape: tuple[int, ...] = ()) -> Array:
    """Arrays one behind the other along their last axis, spread over the batch of all of them.

    Parameters
    ----------
    xp : module
        Their library.
    parts : list of array, shape (..., n) or (..., m, n)
        What is put together.
    tail : int
        How many axes stand behind those of the batch, 1 or 2.
    shape : tuple of int
        What the batch is to broadcast with beside.

    Returns
    -------
    array, shape (..., sum of n) or (..., m, sum of n)
    """
    shapes = {part.shape[: part.ndim - tail] for part in parts} | {shape}
    if len(shapes) > 1:
        shape = np.broadcast_shapes(*shapes)
        parts = [xp.broadcast_to(part, (*shape, *part.shape[part.ndim - tail :])) for part in parts]
    return xp.concat(parts, axis=-1) if len(parts) > 1 else parts[0]


def system_of(drift: Array, source: Array, forcing: Array | None, *, whole_moments: bool = False) -> Array:
    """Generator G of the linear system.

    Parameters
    ----------
    drift, source : array, shape (..., n, n)
        A and Q.
    forcing : array or None, shape (..., n)
        f; None where the mean stays zero and is left out.
    whole_moments : bool
        Whether u holds S + <r><r>^T in place of S, which forcing and mean feed together.

    Returns
    -------
    array, shape (..., d, d)
        In the rate unit, with d = n (n + 1)/2 + 1, or n more with the mean.
    """
    xp = namespace_of(drift, source, forcing if forcing is not None else 0.0)
    size = drift.shape[-1]
    first, second = _layout(size, displaced=forcing is not None, whole_moments=whole_moments)
    parts = [xp.reshape(part, (*part.shape[:-2], size * size)) for part in (xp.asarray(drift), xp.asarray(source))]
    if forcing is not None:
        parts.append(xp.asarray(forcing))
    entries = side_by_side(xp, [xp.zeros(1, dtype=xp.float64), *parts])
    flat = xp.take(entries, xp.asarray(first), axis=-1) + xp.take(entries, xp.asarray(second), axis=-1)
    whole = math.isqrt(len(first))
    return xp.reshape(flat, (*flat.shape[:-1], whole, whole))


def columns_of(mean: Array, excess: Array, last: float, *, displaced: bool) -> Array:
    """Vector u of some moments, or of their rates of change.

    Parameters
    ----------
    mean : array, shape (..., n)
        <r>, or its rate.
    excess : array, shape (..., n, n)
        S, or its rate.
    last : float
        1 for moments, 0 for rates.
    displaced : bool
        Whether the mean is kept.

    Returns
    -------
    array, shape (..., d)
    """
    xp = namespace_of(mean, excess)
    size = excess.shape[-1]
    flat = xp.reshape(xp.asarray(excess), (*excess.shape[:-2], size * size))
    parts = [xp.take(flat, xp.asarray(_upper(size)), axis=-1)]
    if displaced:
        parts.append(xp.asarray(mean))
    return side_by_side(xp, [*parts, xp.full(1, last, dtype=xp.float64)])


def moments_of(found: Array, size: int, *, displaced: bool) -> tuple[Array, Array]:
    """Mean and S of a vector over time, each entry a row of numbers side by side.

    Parameters
    ----------
    found : array, shape (..., d, t)
        u at each time.
    size : int
        n.
    displaced : bool
        Whether the mean is in it.

    Returns
    -------
    mean, excess : array, shapes (..., t, n) and (..., t, n, n)
    """
    xp = namespace_of(found)
    _, _, position = triangle(size)
    moments = size * (size + 1) // 2
    if found.ndim == 2:
        full = xp.take(found, xp.asarray(position.reshape(-1)), axis=0)
    else:
        rows = [found[..., place, :] for place in range(moments)]
        full = xp.stack([rows[place] for place in position.reshape(-1).tolist()])
    excess = xp.permute_dims(xp.reshape(full, (size, size, *full.shape[1:])), (*range(2, full.ndim + 1), 0, 1))
    if not displaced:
        return xp.zeros((*excess.shape[:-2], size), dtype=xp.float64), excess
    means = [found[..., place, :] for place in range(moments, moments + size)]
    return xp.moveaxis(xp.stack(means), 0, -1), excess


def observed_row(
    system: Array, form: Array, width: float, halvings: int | Array, *, displaced: bool
) -> tuple[Array, Array]:
    """Integral of tr(C M) over a step as tr(K M) + z of the second moments M at its beginning.

    Parameters
    ----------
    system : array, shape (..., d, d)
        G of the second moments, see `system_of`.
    form : array, shape (..., m, m)
        C, symmetric: m = n, or n + 1 with a last row for the mean and a last entry for the 1.
    width : float
        Length of the step.
    halvings : int or array
        See `flow`.
    displaced : bool
        Whether there is a mean.

    Returns
    -------
    observed : array, shape (..., m, m)
        K.
    offset : array, shape (...)
        z.
    """
    xp = namespace_of(system, form)
    size = form.shape[-1] - 1 if displaced else form.shape[-1]
    rows, columns, position = triangle(size)
    twice = np.where(rows == columns, 1.0, 2.0)
    flat = xp.reshape(form[..., :size, :size], (*form.shape[:-2], size * size))
    parts = [xp.take(flat, xp.asarray(rows * size + columns), axis=-1) * xp.asarray(twice)]
    parts.append(2 * form[..., size, :size] if displaced else flat[..., :0])
    parts.append(xp.zeros((*form.shape[:-2], 2), dtype=xp.float64))
    row = xp.concat(parts, axis=-1)[..., None, :]
    shape = np.broadcast_shapes(system.shape[:-2], row.shape[:-2])
    whole = xp.concat([system, xp.zeros((*system.shape[:-1], 1), dtype=xp.float64)], axis=-1)
    parts = [xp.broadcast_to(part, (*shape, *part.shape[-2:])) for part in (whole, row)]
    found = flow(xp.concat(parts, axis=-2) * width, halvings).increment[..., -1, :]
    moments = len(rows)
    flat = xp.take(found[..., :moments] / xp.asarray(twice), xp.asarray(position.reshape(-1)), axis=-1)
    observed = xp.reshape(flat, (*shape, size, size))
    if not displaced:
        return observed, found[..., -2]
    linear = found[..., None, moments:-2] / 2
    upper = xp.concat([observed, linear.mT], axis=-1)
    lower = xp.concat([linear, xp.zeros((*shape, 1, 1), dtype=xp.float64)], axis=-1)
    return xp.concat([upper, lower], axis=-2), found[..., -2]


@dataclass(frozen=True)
class Flow:
    """Exact propagation of the linear system over some time.

    Parameters
    ----------
    propagator : array, shape (..., d, d)
        Phi = e^{G t}, with a last row of 0, ..., 0, 1.
    increment : array, shape (..., d, d)
        Phi - 1, with digits of its own.
    """

    propagator: Array
    increment: Array

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
    """Exact flow over one unit of time.

    Parameters
    ----------
    system : array, shape (..., d, d)
        G, times the duration.
    halvings : int or array
        See `leyden.dynamics.steps.doublings`, asked of the drift.

    Returns
    -------
    Flow
    """
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
    """Vectors at 0, h, 2 h, ..., from the flow over h.

    Parameters
    ----------
    by : Flow
        Over the time h.
    start : array, shape (..., d, c)
        One or several vectors at time 0.
    count : int
        Number t of times.

    Returns
    -------
    array, shape (..., d, t, c)
    """
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
