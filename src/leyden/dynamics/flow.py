"""Small devices as one linear system: the upper triangle of S, the mean, and a 1 that source and forcing multiply.

    u = (S_ij with i <= j, <r>, 1),    du/dt = G u

A step over some time is then one matrix e^{G t}, kept as Phi and as Phi - 1, as in `steps`: next to the 1 the Phi of a
short time rounds slow rates away. Many times are a few matrix products of one step with many columns, which is what
processors do best; the size of G grows as the square of the device's, so that this is the way of small ones only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import Array, is_concrete, namespace_of, to_numpy, triangle

__all__ = ["LARGEST", "Flow", "columns_of", "flow", "moments_of", "observed_row", "system_of", "trajectory"]

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
        rows[row, column] = 1 / factorial(power)
    return rows


_COEFFICIENTS = _horner()


@lru_cache(maxsize=32)
def _layout(size: int, *, displaced: bool, whole_moments: bool) -> tuple[Real, Real, Real]:
    """Constant matrices that take the entries of A, Q and f to those of G."""
    rows, columns, position = triangle(size)
    moments = len(rows)
    whole = moments + (size if displaced else 0) + 1
    drift = np.zeros((size, size, whole, whole))
    source = np.zeros((size, size, whole, whole))
    forcing = np.zeros((size, whole, whole))
    for place, (i, j) in enumerate(zip(rows, columns, strict=True)):
        source[i, j, place, -1] = 1.0
        for k in range(size):
            drift[i, k, place, position[k, j]] += 1.0
            drift[j, k, place, position[k, i]] += 1.0
    if displaced:
        for i in range(size):
            drift[i, :, moments + i, moments:-1] = np.eye(size)
            forcing[i, moments + i, -1] = 1.0
    if displaced and whole_moments:
        for place, (i, j) in enumerate(zip(rows, columns, strict=True)):
            forcing[i, place, moments + j] += 1.0
            forcing[j, place, moments + i] += 1.0
    flat = whole * whole
    return drift.reshape(-1, flat), source.reshape(-1, flat), forcing.reshape(-1, flat)


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
    layout = _layout(size, displaced=forcing is not None, whole_moments=whole_moments)
    parts = [xp.reshape(part, (*part.shape[:-2], size * size)) for part in (xp.asarray(drift), xp.asarray(source))]
    if forcing is not None:
        parts.append(xp.asarray(forcing))
    total: Any = 0.0
    for part, constant in zip(parts, layout, strict=False):
        total = total + part @ xp.asarray(constant)
    whole = round(layout[0].shape[1] ** 0.5)
    return xp.reshape(total, (*total.shape[:-1], whole, whole))


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
    rows, columns, _ = triangle(size)
    flat = xp.reshape(xp.asarray(excess), (*excess.shape[:-2], size * size))
    parts = [xp.take(flat, xp.asarray(rows * size + columns), axis=-1)]
    if displaced:
        parts.append(xp.asarray(mean))
    shape = np.broadcast_shapes(*(part.shape[:-1] for part in parts))
    parts = [xp.broadcast_to(part, (*shape, part.shape[-1])) for part in parts]
    return xp.concat([*parts, xp.full((*shape, 1), last, dtype=xp.float64)], axis=-1)


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
    rows = [found[..., place, :] for place in range(found.shape[-2] - 1)]
    if found.ndim == 2:
        full = xp.take(found, xp.asarray(position.reshape(-1)), axis=0)
    else:
        full = xp.stack([rows[place] for place in position.reshape(-1).tolist()])
    excess = xp.moveaxis(xp.reshape(full, (size, size, *full.shape[1:])), (0, 1), (-2, -1))
    if not displaced:
        return xp.zeros((*excess.shape[:-2], size), dtype=xp.float64), excess
    return xp.moveaxis(xp.stack(rows[moments:]), 0, -1), excess


def observed_row(system: Array, form: Array, width: float, halvings: int, *, displaced: bool) -> tuple[Array, Array]:
    """Integral of tr(C M) over a step as tr(K M) + z of the second moments M at its beginning.

    Parameters
    ----------
    system : array, shape (..., d, d)
        G of the second moments, see `system_of`.
    form : array, shape (..., m, m)
        C, symmetric: m = n, or n + 1 with a last row for the mean and a last entry for the 1.
    width : float
        Length of the step.
    halvings : int
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
        # Source and forcing are in the last column, and no measure of decay.
        sizes = xp.abs(propagator[..., :-1, :-1])
        if propagator.ndim == 2 and is_concrete(propagator):
            return propagator @ propagator if xp.max(sizes) < _SMALL else propagator + change
        sizes = xp.max(sizes, axis=(-2, -1), keepdims=True)
        is_small = sizes < _SMALL
        if is_concrete(is_small):
            if not np.any(to_numpy(is_small)):
                return propagator + change
            if np.all(to_numpy(is_small)):
                return propagator @ propagator
        return xp.where(is_small, propagator @ propagator, propagator + change)


def flow(system: Array, halvings: int) -> Flow:
    """Exact flow over one unit of time.

    Parameters
    ----------
    system : array, shape (..., d, d)
        G, times the duration.
    halvings : int
        See `leyden.dynamics.steps.doublings`, asked of the drift.

    Returns
    -------
    Flow
    """
    xp = namespace_of(system)
    first = system * 0.5**halvings if halvings else system
    second = first @ first
    fourth = second @ second
    one = xp.eye(system.shape[-1], dtype=xp.float64)
    powers = xp.stack([xp.broadcast_to(one, first.shape), first, second, first @ second, fourth])
    flat = xp.asarray(_COEFFICIENTS) @ xp.reshape(powers, (5, -1))
    parts = xp.reshape(flat, (3, *first.shape))
    increment = parts[0, ...] + fourth @ (parts[1, ...] + fourth @ parts[2, ...])
    found = Flow(one + increment, increment)
    for _ in range(halvings):
        found = found.doubled()
    return found


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
    array, shape (..., d, c, t)
    """
    xp = namespace_of(by.propagator, start)
    *shape, size, kinds = start.shape
    known = start[..., None]

    def moved(states: Array) -> Array:
        flat = by.propagator @ xp.reshape(states, (*shape, size, -1))
        return xp.reshape(flat, (*flat.shape[:-1], kinds, -1))

    while known.shape[-1] * _STRIDES < count:
        known = xp.concat([known, moved(known)], axis=-1)
        by = by.doubled()
    strides = [known]
    while len(strides) * known.shape[-1] < count:
        strides.append(moved(strides[-1]))
    return xp.concat(strides, axis=-1)[..., :count]
