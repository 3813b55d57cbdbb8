"""Exact propagation of the moments for constant coefficients, stable or not, on any grid of times.

On an equidistant grid the states are doubled like the steps: the first m states of the grid, moved by m steps, are the
next m. On any other grid each time has a step of its own, taken from the start.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder, on_one_thread
from leyden.arrays import Array, Part, imaginary_part, namespace_of, real_part
from leyden.dense.amplitudes import (
    amplitudes_of,
    generator_in_amplitudes,
    is_needed,
    moments_in_amplitudes,
    parts_in_amplitudes,
)
from leyden.dense.flow import LARGEST, columns_of, flow, side_by_side, system_of, trajectory
from leyden.dense.steps import (
    Step,
    bordered,
    doublings,
    equidistant_step,
    generator_of,
    grouped,
    is_displaced,
    lifted,
    step,
)
from leyden.equations.batches import in_parts, is_quick
from leyden.equations.moments import MomentEquations
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import LadderRates, LadderState, components_of, moment_shapes, moments_of, state_of
from leyden.states.rates import MomentRates

__all__ = ["propagate", "propagate_with_rates"]


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


def _doubled(by: Step, count: int) -> list[Step]:
    """Steps of length h, 2 h, 4 h, ... that reach the last of so many times."""
    found: list[Step] = []
    while 2 ** len(found) < count:
        found.append(found[-1].doubled() if found else by)
    return found


def _equidistant(steps: list[Step], state: Array, count: int) -> Array:
    """Covariances at 0, h, 2 h, ..., from the steps of length h, 2 h, 4 h, ..."""
    states = state[..., None, :, :]
    for by in steps:
        known = states.shape[-3]
        moved = _move(by, states[..., : min(known, count - known), :, :])
        states = namespace_of(states).concat([states, moved], axis=-3)
    return states


def _equidistant_means(steps: list[Step], mean: Array, count: int) -> Array:
    """Means at 0, h, 2 h, ..., from the steps of length h, 2 h, 4 h, ..."""
    means = mean[..., None, :]
    for by in steps:
        known = means.shape[-2]
        moved = means[..., : min(known, count - known), :] @ by.propagator.mT
        means = namespace_of(means).concat([means, moved], axis=-2)
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


def _on_grid(
    generator: Array, source: Array, mean: Array, excess: Array, times: NDArray[np.float64], *, displaced: bool
) -> tuple[Array, Array]:
    """Means and covariances on a grid of times; `mean` has one more entry, 1 or 0, if the state is displaced."""
    xp = namespace_of(generator, source, mean, excess)
    generator, mean = xp.asarray(generator), xp.asarray(mean)
    source, state = (lifted(xp.asarray(part), displaced=displaced) for part in (source, excess))
    shape = np.broadcast_shapes(generator.shape[:-2], source.shape[:-2], mean.shape[:-1], state.shape[:-2])
    mean = xp.broadcast_to(mean, (*shape, mean.shape[-1]))
    state = xp.broadcast_to(state, (*shape, *state.shape[-2:]))
    width = equidistant_step(times)
    with np.errstate(over="ignore", invalid="ignore"):
        if width is None:
            states, means = _scattered(generator, source, state, mean, times)
        else:
            if times[0] > 0:
                first_state, first_mean = _scattered(generator, source, state, mean, times[:1])
                state, mean = first_state[..., 0, :, :], first_mean[..., 0, :]
            steps = _doubled(step(generator * width, source * width, doublings(generator, width)), len(times))
            states = _equidistant(steps, state, len(times))
            if displaced:
                means = _equidistant_means(steps, mean, len(times))
            else:
                means = xp.broadcast_to(mean[..., None, :], (*shape, len(times), mean.shape[-1]))
    return (means[..., :-1], states[..., :-1, :-1]) if displaced else (means, states)


def _small_on_grid(
    equations: MomentEquations, initial: GaussianState, times: NDArray[np.float64], width: float, *, with_rates: bool
) -> list[tuple[Array, Array]]:
    """Means and components of a small device on an equidistant grid; their rates of change behind them."""
    displaced = is_displaced(equations, initial)
    modes = equations.drift_parts.shape[-1]
    moments = modes * (2 * modes + 1)
    system = system_of(equations.drift_parts, equations.source_parts, equations.forcing if displaced else None)
    vector = columns_of(initial.mean, components_of(initial), 1.0, displaced=displaced)
    xp = namespace_of(system, vector)
    system, vector = xp.asarray(system), xp.asarray(vector)
    columns = [vector[..., None]]
    with np.errstate(over="ignore", invalid="ignore"):
        if with_rates:
            columns.append(system @ columns[0])
        start = side_by_side(xp, columns, tail=2, shape=system.shape[:-2])
        if times[0] > 0:
            first = float(times[0])
            start = flow(system * first, doublings(equations.drift, first)).propagator @ start
        by = flow(system * width, doublings(equations.drift, width))
        found = trajectory(by, start, len(times))
    pairs: list[tuple[Array, Array]] = []
    for kind in range(len(columns)):
        components = xp.moveaxis(found[..., :moments, :, kind], -2, 0)
        if displaced:
            mean = xp.moveaxis(found[..., moments:-1, :, kind], -2, -1)
        else:
            mean = xp.zeros((*components.shape[1:], 2 * modes), dtype=xp.float64)
        pairs.append((mean, components))
    return pairs


def _in_amplitudes(
    equations: MomentEquations, initial: GaussianState, times: NDArray[np.float64]
) -> tuple[GaussianState, MomentRates]:
    """States and their rates of change, normal moments apart from anomalous ones, on any grid."""
    displaced = is_displaced(equations, initial)
    drift = generator_in_amplitudes(equations.drift_parts)
    source = moments_in_amplitudes(equations.source_parts)
    forcing, mean = amplitudes_of(equations.forcing), amplitudes_of(initial.mean)
    excess = moments_in_amplitudes(ladder.parts_of(initial.excess))
    half = drift @ excess
    excess_rate = half + half.mT + source
    mean_rate = (drift @ mean[..., None])[..., 0] + forcing
    if displaced:
        mean, mean_rate = _with_last(mean, 1.0), _with_last(mean_rate, 0.0)
    shape = np.broadcast_shapes(equations.shape, initial.shape)
    source = _pair(source, 0 * source, (*shape, *source.shape[-2:]))
    mean = _pair(mean, mean_rate, (*shape, mean.shape[-1]))
    excess = _pair(excess, excess_rate, (*shape, *excess.shape[-2:]))
    generator = bordered(drift, forcing) if displaced else drift
    means, states = _on_grid(generator, source, mean, excess, times, displaced=displaced)
    xp = namespace_of(means)
    modes = means.shape[-1] // 2
    quadratures = xp.stack([real_part(means[..., :modes]), imaginary_part(means[..., :modes])], axis=-1)
    quadratures = xp.reshape(quadratures, means.shape)
    parts = parts_in_amplitudes(states)
    own = xp.stack([xp.linalg.diagonal(parts[..., part, :, :]) for part in (0, 2, 3)], axis=-1)
    whole = ladder.matrix_of(parts)
    state = GaussianState.holding(mean=quadratures[0, ...], excess=whole[0, ...], own=own[0, ...])
    return state, MomentRates(quadratures[1, ...], whole[1, ...], own[1, ...])


def propagate(equations: MomentEquations, initial: GaussianState, times: NDArray[np.float64]) -> GaussianState:
    """State (..., t) at given times: the exact solution of d<r>/dt = A <r> + f, dS/dt = A S + S A^T + Q."""
    # Cost: on an equidistant grid two (2N+1)^3 products for each time. Accuracy: backward stable; an eigenvalue -r of
    # the drift is moved by about 1e-16 |A|, so values are off by about 1e-16 |A|/r, normal and anomalous moments by
    # themselves. Of more than 64 modes, and while JAX compiles of more than two or off an equidistant grid, that holds
    # of the larger ones where phases, detunings or complex couplings mix x and p.
    shape = np.broadcast_shapes(equations.shape, initial.shape)
    if not shape:
        few = is_quick(len(equations.mode_names), shape, len(times))
        return (_propagated if few else on_one_thread(_propagated))(equations, initial, times)

    def work(part: Part) -> dict[str, Array]:
        return moments_of(_propagated(equations.at(part), initial.at(part), times))

    tails = {name: (len(times), *own) for name, own in moment_shapes(initial.modes).items()}
    given = initial.mean, initial.excess
    return state_of(in_parts(work, equations, shape, tails.__getitem__, times=len(times), others=given))


def _propagated(equations: MomentEquations, initial: GaussianState, times: NDArray[np.float64]) -> GaussianState:
    """States of a part of the batch."""
    width = equidistant_step(times)
    if width is not None and len(equations.mode_names) <= LARGEST:
        return LadderState(*_small_on_grid(equations, initial, times, width, with_rates=False)[0])
    if is_needed(equations, times):
        return _in_amplitudes(equations, initial, times)[0]
    displaced = is_displaced(equations, initial)
    mean = _with_last(initial.mean, 1.0) if displaced else initial.mean
    generator = generator_of(equations, displaced=displaced)
    mean, excess = _on_grid(generator, equations.source, mean, initial.excess, times, displaced=displaced)
    return GaussianState.holding(mean=mean, excess=excess)


def propagate_with_rates(
    equations: MomentEquations, initial: GaussianState, times: NDArray[np.float64]
) -> tuple[GaussianState, MomentRates]:
    """State (..., t) at given times, and its rates of change, both exactly."""
    # The rates obey the same equations without forcing and source. Propagated from their value at time 0 they decay
    # with all their digits, and keep their sign, where A S + S A^T + Q would be a difference of nearly equal flows.
    width = equidistant_step(times)
    if width is not None and len(equations.mode_names) <= LARGEST:
        state, rates = _small_on_grid(equations, initial, times, width, with_rates=True)
        return LadderState(*state), LadderRates(*rates)
    if is_needed(equations, times):
        return _in_amplitudes(equations, initial, times)
    mean_rate, excess_rate = equations.rates(initial.mean, initial.excess)
    displaced = is_displaced(equations, initial)
    mean = initial.mean
    if displaced:
        mean, mean_rate = _with_last(mean, 1.0), _with_last(mean_rate, 0.0)
    shape = np.broadcast_shapes(equations.shape, initial.shape)
    source = _pair(equations.source, 0 * equations.source, (*shape, *equations.source.shape[-2:]))
    mean = _pair(mean, mean_rate, (*shape, mean.shape[-1]))
    excess = _pair(initial.excess, excess_rate, (*shape, *excess_rate.shape[-2:]))
    generator = generator_of(equations, displaced=displaced)
    means, states = _on_grid(generator, source, mean, excess, times, displaced=displaced)
    return GaussianState.holding(mean=means[0, ...], excess=states[0, ...]), MomentRates(means[1, ...], states[1, ...])


def _pair(first: Array, second: Array, shape: tuple[int, ...]) -> Array:
    """Two parts side by side on a new first axis, each spread over the whole batch, so that no other axis meets it."""
    xp = namespace_of(first, second)
    return xp.stack([xp.broadcast_to(xp.asarray(part), shape) for part in (first, second)])


def _with_last(mean: Array, last: float) -> Array:
    """A mean with the entry that the forcing multiplies: 1 for a state, 0 for a rate of change."""
    xp = namespace_of(mean)
    return xp.concat([mean, xp.full((*mean.shape[:-1], 1), last, dtype=xp.float64)], axis=-1)
