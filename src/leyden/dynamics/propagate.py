"""Exact propagation of the moments for constant coefficients, stable or not, on any grid of times.

The propagator of a step is the triple (Phi, W, w) in S -> Phi S Phi^T + W, <r> -> Phi <r> + w. It is summed as a Taylor
series for a short time and then doubled: (Phi, W, w) -> (Phi^2, W + Phi W Phi^T, w + Phi w). Nothing is diagonalised,
so exceptional points are like any other point, and nothing is subtracted, so neither early times nor times far above
threshold lose digits. On an equidistant grid the states are doubled as well: the first m states of the grid, moved by
m steps, are the next m.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import Array, is_concrete, namespace_of, to_numpy
from leyden.model.moments import MomentEquations
from leyden.states.gaussian import GaussianState

__all__ = ["propagate"]

# With |A h| <= 1/8 the 12th term of the series of W is below 0.25^12/13! = 1e-17 of the first.
_SERIES_NORM = 0.125
_SERIES_TERMS = 12
# Doublings where the drift is traced and its norm unknown: enough for |A h| up to 8192.
_TRACED_DOUBLINGS = 16


def _affine(equations: MomentEquations) -> tuple[Array, Array]:
    """Drift and source with one more row and column, so that mean and forcing ride along in the same products."""
    drift, source, forcing = equations.drift, equations.source, equations.forcing
    xp = namespace_of(drift, source, forcing)
    shape = np.broadcast_shapes(drift.shape[:-2], source.shape[:-2], forcing.shape[:-1])
    size = drift.shape[-1]
    drift = xp.broadcast_to(drift, (*shape, size, size))
    forcing = xp.broadcast_to(forcing, (*shape, size))
    column = xp.zeros((*shape, size, 1), dtype=xp.float64)
    row = xp.zeros((*shape, 1, size + 1), dtype=xp.float64)
    generator = xp.concat([xp.concat([drift, forcing[..., None]], axis=-1), row], axis=-2)
    padded = xp.concat([xp.concat([xp.broadcast_to(source, (*shape, size, size)), column], axis=-1), row], axis=-2)
    return generator, padded


def _doublings(generator: Array, duration: float) -> int:
    """How often the duration must be halved for the series to converge."""
    if not is_concrete(generator):
        return _TRACED_DOUBLINGS
    norm = float(np.max(np.sum(np.abs(to_numpy(generator)), axis=-2), initial=0.0)) * duration
    return max(0, math.ceil(math.log2(norm / _SERIES_NORM))) if norm > 0 else 0


def _step(generator: Array, source: Array, doublings: int) -> tuple[Array, Array]:
    """Propagator (Phi, W) of one unit of time; shapes (..., n, n)."""
    xp = namespace_of(generator, source)
    short = generator * 0.5**doublings
    transposed = xp.matrix_transpose(short)
    term = source * 0.5**doublings
    accumulated = term
    power = xp.eye(generator.shape[-1], dtype=xp.float64)
    propagator = power
    for order in range(1, _SERIES_TERMS + 1):
        power = (short @ power) / order
        propagator = propagator + power
        half = term @ transposed
        term = (half + xp.matrix_transpose(half)) / (order + 1)
        accumulated = accumulated + term
    for _ in range(doublings):
        accumulated = accumulated + propagator @ accumulated @ xp.matrix_transpose(propagator)
        propagator = propagator @ propagator
    return propagator, accumulated


def _move(propagator: Array, accumulated: Array, states: Array) -> Array:
    """Phi S_k Phi^T + W for a stack of states, shape (..., m, n, n), as two plain matrix products."""
    xp = namespace_of(propagator, states)
    shape = states.shape
    flat = (*shape[:-3], shape[-3] * shape[-2], shape[-1])
    transposed = xp.matrix_transpose(propagator)
    half = xp.reshape(xp.reshape(states, flat) @ transposed, shape)
    # S is symmetric, so the transpose of S Phi^T is Phi S, and one more product from the right completes it.
    full = xp.reshape(xp.matrix_transpose(half), flat) @ transposed
    return xp.reshape(full, shape) + accumulated[..., None, :, :]


def _equidistant(generator: Array, source: Array, state: Array, mean: Array, step: float, count: int) -> Any:
    """States at 0, step, 2 step, ...: the first m states, moved by m steps, are the next m."""
    xp = namespace_of(generator, source, state, mean)
    states, means = state[..., None, :, :], mean[..., None, :]
    if count == 1:
        return states, means
    propagator, accumulated = _step(generator * step, source * step, _doublings(generator, step))
    known = 1
    while known < count:
        wanted = min(known, count - known)
        moved = _move(propagator, accumulated, states[..., :wanted, :, :])
        states = xp.concat([states, moved], axis=-3)
        means = xp.concat([means, means[..., :wanted, :] @ xp.matrix_transpose(propagator)], axis=-2)
        known += wanted
        if known < count:
            accumulated = accumulated + propagator @ accumulated @ xp.matrix_transpose(propagator)
            propagator = propagator @ propagator
    return states, means


def _scattered(generator: Array, source: Array, state: Array, mean: Array, times: NDArray[np.float64]) -> Any:
    """States at arbitrary times, each from the start, together with all that need as many doublings."""
    xp = namespace_of(generator, source, state, mean)
    needed = [_doublings(generator, float(time)) for time in times]
    states: list[Array] = [None] * len(times)
    means: list[Array] = [None] * len(times)
    for doublings in sorted(set(needed)):
        chosen = [place for place, count in enumerate(needed) if count == doublings]
        durations = xp.asarray(times[chosen])[:, None, None]
        propagator, accumulated = _step(
            generator[..., None, :, :] * durations, source[..., None, :, :] * durations, doublings
        )
        moved = propagator @ state[..., None, :, :] @ xp.matrix_transpose(propagator) + accumulated
        moved_means = (propagator @ mean[..., None, :, None])[..., 0]
        for slot, place in enumerate(chosen):
            states[place], means[place] = moved[..., slot, :, :], moved_means[..., slot, :]
    return xp.stack(states, axis=-3), xp.stack(means, axis=-2)


def _uniform_step(times: NDArray[np.float64]) -> float | None:
    """Step of an equidistant grid, up to the rounding of its points; None for any other grid."""
    if len(times) == 1:
        return 0.0
    step = (times[-1] - times[0]) / (len(times) - 1)
    ideal = times[0] + step * np.arange(len(times))
    return float(step) if np.max(np.abs(times - ideal)) <= 4 * np.finfo(float).eps * times[-1] else None


def propagate(equations: MomentEquations, initial: GaussianState, times: NDArray[np.float64]) -> GaussianState:
    """Gaussian state at given times: the exact solution of d<r>/dt = A <r> + f, dS/dt = A S + S A^T + Q.

    Parameters
    ----------
    equations : MomentEquations
        Constant coefficients, batch shape (...).
    initial : GaussianState
        State at time 0; its batch shape broadcasts against the equations'.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate; concrete numbers.

    Returns
    -------
    GaussianState
        Batch shape (..., t). Infinite or NaN where an unstable device has outgrown the number range.

    Notes
    -----
    Cost: on an equidistant grid two (2N+1)^3 products for each time. Accuracy: backward stable; an eigenvalue -r of
    the drift is moved by about 1e-16 |A|, so values are off by about 1e-16 |A|/r.
    """
    generator, source = _affine(equations)
    xp = namespace_of(generator, source, initial.mean, initial.excess)
    size = generator.shape[-1]
    shape = np.broadcast_shapes(generator.shape[:-2], initial.mean.shape[:-1], initial.excess.shape[:-2])
    mean = xp.broadcast_to(xp.asarray(initial.mean), (*shape, size - 1))
    mean = xp.concat([mean, xp.ones((*shape, 1), dtype=xp.float64)], axis=-1)
    excess = xp.broadcast_to(xp.asarray(initial.excess), (*shape, size - 1, size - 1))
    column = xp.zeros((*shape, size - 1, 1), dtype=xp.float64)
    row = xp.zeros((*shape, 1, size), dtype=xp.float64)
    state = xp.concat([xp.concat([excess, column], axis=-1), row], axis=-2)
    step = _uniform_step(times)
    with np.errstate(over="ignore", invalid="ignore"):
        if step is None:
            states, means = _scattered(generator, source, state, mean, times)
        else:
            if times[0] > 0:
                first_state, first_mean = _scattered(generator, source, state, mean, times[:1])
                state, mean = first_state[..., 0, :, :], first_mean[..., 0, :]
            states, means = _equidistant(generator, source, state, mean, step, len(times))
    return GaussianState(means[..., :-1], states[..., :-1, :-1])
