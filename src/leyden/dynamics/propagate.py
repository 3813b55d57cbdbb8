"""Exact propagation of the moments for constant coefficients, stable or not, on any grid of times.

On an equidistant grid the states are doubled like the steps: the first m states of the grid, moved by m steps, are the
next m. On any other grid each time has a step of its own, taken from the start.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.backend import Array, namespace_of
from leyden.dynamics.steps import (
    Step,
    bordered,
    doublings,
    equidistant_step,
    generator_of,
    grouped,
    is_displaced,
    step,
)
from leyden.model.moments import MomentEquations
from leyden.states.gaussian import GaussianState

__all__ = ["propagate"]


def _move(by: Step, states: Array) -> Array:
    """Phi S_k Phi^T + W for a stack of states, shape (..., m, n, n), as two plain matrix products."""
    xp = namespace_of(by.propagator, states)
    shape = states.shape
    flat = (*shape[:-3], shape[-3] * shape[-2], shape[-1])
    transposed = by.propagator.mT
    half = xp.reshape(xp.reshape(states, flat) @ transposed, shape)
    # S is symmetric, so the transpose of S Phi^T is Phi S, and one more product from the right completes it.
    full = xp.reshape(half.mT, flat) @ transposed
    return xp.reshape(full, shape) + by.accumulated[..., None, :, :]


def _equidistant(by: Step, state: Array, count: int) -> Array:
    """Covariances at 0, h, 2 h, ... for a step of length h."""
    xp = namespace_of(by.propagator, by.accumulated, state)
    states = state[..., None, :, :]
    known = 1
    while known < count:
        states = xp.concat([states, _move(by, states[..., : count - known, :, :])], axis=-3)
        known *= 2
        if known < count:
            by = by.doubled()
    return states


def _equidistant_means(propagator: Array, mean: Array, count: int) -> Array:
    """Means at 0, h, 2 h, ... for a step of length h."""
    xp = namespace_of(propagator, mean)
    means = mean[..., None, :]
    known = 1
    while known < count:
        means = xp.concat([means, means[..., : count - known, :] @ propagator.mT], axis=-2)
        known *= 2
        propagator = propagator @ propagator
    return means


def _scattered(
    generator: Array, source: Array, state: Array, mean: Array, times: NDArray[np.float64]
) -> tuple[Array, Array]:
    """States at arbitrary times, each from the start, together with all that need as many doublings."""
    xp = namespace_of(generator, source, state, mean)
    states: list[Array] = []
    means: list[Array] = []
    order: list[int] = []
    for halvings, places in grouped(generator, times):
        durations = xp.asarray(times[places])[:, None, None]
        by = step(generator[..., None, :, :] * durations, source[..., None, :, :] * durations, halvings)
        states.append(by.propagator @ state[..., None, :, :] @ by.propagator.mT + by.accumulated)
        means.append((by.propagator @ mean[..., None, :, None])[..., 0])
        order += places
    back = xp.asarray(np.argsort(order))
    return xp.take(xp.concat(states, axis=-3), back, axis=-3), xp.take(xp.concat(means, axis=-2), back, axis=-2)


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
    displaced = is_displaced(equations, initial)
    generator, source = generator_of(equations, displaced=displaced)
    xp = namespace_of(generator, source, initial.mean, initial.excess)
    mean, state = xp.asarray(initial.mean), xp.asarray(initial.excess)
    shape = np.broadcast_shapes(generator.shape[:-2], source.shape[:-2], mean.shape[:-1], state.shape[:-2])
    mean = xp.broadcast_to(mean, (*shape, mean.shape[-1]))
    if displaced:
        state = bordered(state, xp.zeros_like(mean))
        mean = xp.concat([mean, xp.ones((*shape, 1), dtype=xp.float64)], axis=-1)
    state = xp.broadcast_to(state, (*shape, *state.shape[-2:]))
    width = equidistant_step(times)
    with np.errstate(over="ignore", invalid="ignore"):
        if width is None:
            states, means = _scattered(generator, source, state, mean, times)
        else:
            if times[0] > 0:
                first_state, first_mean = _scattered(generator, source, state, mean, times[:1])
                state, mean = first_state[..., 0, :, :], first_mean[..., 0, :]
            by = step(generator * width, source * width, doublings(generator, width))
            states = _equidistant(by, state, len(times))
            if displaced:
                means = _equidistant_means(by.propagator, mean, len(times))
            else:
                means = xp.broadcast_to(mean[..., None, :], (*shape, len(times), mean.shape[-1]))
    return GaussianState(means[..., :-1], states[..., :-1, :-1]) if displaced else GaussianState(means, states)
