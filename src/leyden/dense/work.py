"""Work of the drives: what they have put into the device so far, exactly.

The power of a drive is a quadratic form of the moments, tr(C M) with M the second moments of (<r>, 1), so that its
integral over a step is one more pair (K, z) of `steps`: no quadrature, no differences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder
from leyden.arrays import Array, is_concrete, namespace_of, to_numpy
from leyden.dense.flow import LARGEST, observed_row, system_of
from leyden.dense.steps import (
    bordered,
    doublings,
    equidistant_step,
    generator_of,
    grouped,
    is_displaced,
    lifted,
    observed_step,
)
from leyden.equations.assembly import total
from leyden.equations.moments import MomentEquations
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import leading_components_of

__all__ = ["drive_work", "power_form", "vacuum_power"]


def power_form(xp: Any, equations: MomentEquations, frequencies: Any, *, displaced: bool) -> Array | None:
    """C with tr(C M) the power of what is followed, all drives by default; None without any."""
    if not equations.followed:
        return None
    modes = len(equations.mode_names)
    weight = _weight(xp, frequencies)
    drift = weight[..., None] * total(xp, "drift", modes, equations.followed)
    block = (drift + drift.mT) / 2
    if not displaced:
        return block
    linear = weight * total(xp, "forcing", modes, equations.followed) / 2
    return bordered(block, linear, row=linear)


def vacuum_power(xp: Any, equations: MomentEquations, frequencies: Any) -> Array:
    """Power (...) of what is followed where all modes are empty: of warm baths and gain, not of drives."""
    # The trace of a Hamiltonian's source is zero: it stretches what it squeezes.
    if not any(share.basis.source.any() for share in equations.followed):
        return xp.zeros((), dtype=xp.float64)
    source = total(xp, "source", len(equations.mode_names), equations.followed)
    return xp.sum(_weight(xp, frequencies) * xp.linalg.diagonal(source), axis=-1) / 2


def _weight(xp: Any, frequencies: Any) -> Array:
    """Energy of a quantum for each quadrature, (..., 2N)."""
    energies = xp.broadcast_arrays(*(xp.asarray(frequency, dtype=xp.float64) for frequency in frequencies))
    return xp.repeat(xp.stack(energies, axis=-1), 2, axis=-1)


def _second_moments(state: GaussianState, *, displaced: bool) -> Array:
    """Normally ordered second moments of (<r>, 1), [[S + <r><r>^T, <r>], [<r>^T, 1]]; S alone where <r> is zero."""
    if not displaced:
        return state.excess
    outer = state.mean[..., :, None] * state.mean[..., None, :]
    return bordered(state.excess + outer, state.mean, row=state.mean, corner=1.0)


def _contracted(observed: Array, states: GaussianState) -> Array:
    """tr(K M) of states over time, shape (..., t), term by term: M itself is never put together."""
    xp = namespace_of(observed, states.excess)
    size = states.excess.shape[-1]
    shape = observed.shape[-2:]
    is_used: NDArray[np.bool_] = np.ones(shape, dtype=np.bool_)
    if is_concrete(observed):
        is_used = np.any(to_numpy(observed).reshape(-1, *shape) != 0, axis=0)
    total: Any = xp.zeros((1,), dtype=xp.float64)

    def add(i: int, j: int, moment: Array) -> None:
        nonlocal total
        if is_used[i, j]:
            weight = observed[..., i, j] if i == j else 2 * observed[..., i, j]
            total = total + weight[..., None] * moment

    displaced = observed.shape[-1] > size
    means = [states.mean[..., i] for i in range(size)]
    for i in range(size):
        for j in range(i, size):
            moment = states.excess[..., i, j]
            add(i, j, moment + means[i] * means[j] if displaced else moment)
        if displaced:
            add(i, size, means[i])
    return total + observed[..., size, size, None] if displaced else total


def _along(row: Array, states: GaussianState, *, displaced: bool) -> Array:
    """k u of states over time, shape (..., t), by the components of their second moments."""
    xp = namespace_of(row, states.mean)
    components = leading_components_of(states)
    is_used: NDArray[np.bool_] = np.ones(row.shape[-1], dtype=np.bool_)
    if is_concrete(row):
        is_used = np.any(to_numpy(row).reshape(-1, row.shape[-1]) != 0, axis=0)
    total: Any = xp.zeros((1,), dtype=xp.float64)
    if displaced:
        outer = ladder.components_of(states.mean[..., :, None] * states.mean[..., None, :])
        components = components + xp.moveaxis(outer, -1, 0)
        for place in range(states.mean.shape[-1]):
            total = total + row[..., components.shape[0] + place, None] * states.mean[..., place]
    for place in np.flatnonzero(is_used[: components.shape[0]]).tolist():
        total = total + row[..., place, None] * components[place, ...]
    return total


def _from_start(generator: Array, source: Array, form: Array, start: Array, times: NDArray[np.float64]) -> Array:
    """Work at arbitrary times, each integrated from the start."""
    xp = namespace_of(generator, source, form, start)
    works, order = [], []
    for halvings, places in grouped(generator, times):
        durations = xp.asarray(times[places])[:, None, None]
        timed = [part[..., None, :, :] * durations for part in (generator, source, form)]
        by = observed_step(timed[0], timed[1], timed[2], halvings)
        works.append(xp.sum(by.observed * start[..., None, :, :], axis=(-2, -1)) + by.offset)
        order += places
    shape = np.broadcast_shapes(*(work.shape[:-1] for work in works))
    works = [xp.broadcast_to(work, (*shape, work.shape[-1])) for work in works]
    return xp.take(xp.concat(works, axis=-1), xp.asarray(np.argsort(order)), axis=-1)


def drive_work(
    equations: MomentEquations,
    frequencies: Any,
    initial: GaussianState,
    states: GaussianState,
    times: NDArray[np.float64],
) -> Array:
    """Work (..., t) that all drives have put in since time 0, in the unit of `frequencies`."""
    # P_in is the drives' share of d/dt sum_j omega_j <a_j^dag a_j>.
    displaced = is_displaced(equations, initial)
    xp = namespace_of(states.mean)
    form = power_form(xp, equations, frequencies, displaced=displaced)
    if form is None:
        return xp.zeros(states.mean.shape[:-1], dtype=xp.float64)
    generator = xp.asarray(generator_of(equations, displaced=displaced))
    source = xp.asarray(lifted(equations.source, displaced=displaced))
    start = xp.asarray(_second_moments(initial, displaced=displaced))
    width = equidistant_step(times)
    with np.errstate(over="ignore", invalid="ignore"):
        if width is None or len(times) == 1:
            return _from_start(generator, source, form, start, times)
        # Most grids start at time 0, where nothing has been done yet: a whole step less.
        before = (
            _from_start(generator, source, form, start, times[:1]) if times[0] > 0 else xp.zeros(1, dtype=xp.float64)
        )
        if len(equations.mode_names) <= LARGEST:
            forcing = equations.forcing if displaced else None
            system = system_of(equations.drift_parts, equations.source_parts, forcing, whole_moments=True)
            system = xp.asarray(system)
            row, offset = observed_row(system, form, width, doublings(equations.drift, width), displaced=displaced)
            growth = _along(row, states, displaced=displaced)[..., :-1] + offset[..., None]
        else:
            by = observed_step(generator * width, source * width, form * width, doublings(generator, width))
            growth = _contracted(by.observed, states)[..., :-1] + by.offset[..., None]
        before = xp.broadcast_to(before, (*growth.shape[:-1], 1))
        return xp.cumulative_sum(xp.concat([before, growth], axis=-1), axis=-1)
