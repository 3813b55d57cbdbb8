"""Which quanta of a curve are rounding: those that come out otherwise in other steps, of devices of unlike rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import namespace_of
from leyden.dense.propagate import propagate
from leyden.dense.steps import equidistant_step
from leyden.equations.moments import MomentEquations
from leyden.states.gaussian import GaussianState
from leyden.states.uncertainty import within_uncertainty

__all__ = ["lost_quanta"]

# A bound of all roundings, entry by entry and carried along through all doublings, is true and no use: where their
# signs are what counts, it calls energies lost that have eight digits. So such a curve is computed again, in steps of
# a third, which round otherwise and whose series end elsewhere; and where that differs, in steps of a fifth as well,
# since it may be the other one that is lost. What agrees with either is kept.

Real = NDArray[np.float64]

# The largest rate over the smallest from which on it is looked at; drives as weak as can be do not count.
_SPREAD = 1e10
_STEPS, _DIFFERENCE = (3, 5), 0.1
# Of what is known of a mode's own curve: less is near a zero of it, and no harm. Nor is what is few quanta, and less
# than amplitudes of 1e-12 of the largest one.
_SHARE, _OF_LARGEST, _FEW = 1e-6, 1e-24, 1e-3
# Roundings by which the phase of a mode may differ: a curve that swings to zero is known to that of its height there.
_TURNING, _MOST_TURNED = 32 * float(np.finfo(np.float64).eps), 0.3
# Larger devices would take their time again.
_MOST_MODES = 16
# Times at once, so that several times as many take no memory to speak of.
_TIMES = 1024


def lost_quanta(
    equations: MomentEquations, initial: GaussianState, state: GaussianState, times: Real
) -> NDArray[np.bool_] | None:
    """Whether the quanta of each mode are rounding at each time, (..., N, t), from their state; None: of no device."""
    if len(equations.mode_names) > _MOST_MODES or namespace_of(*equations.arrays, state.mean) is not np:
        return None
    if not equations.shape and equations.spread <= _SPREAD:
        return None
    unlike = np.broadcast_to(_are_unlike(equations), state.shape[:-1])
    if not unlike.any():
        return None
    quanta = _quanta_of(state)
    if not unlike.ndim:
        return _differ(equations, initial, quanta, times)
    size = 2 * state.modes
    mean = np.broadcast_to(initial.mean, (*unlike.shape, size))[unlike]
    excess = np.broadcast_to(initial.excess, (*unlike.shape, size, size))[unlike]
    some = GaussianState.holding(mean=mean, excess=excess)
    found = np.zeros((*unlike.shape, state.modes, len(times)), dtype=np.bool_)
    found[unlike] = _differ(equations.of_numbers(np.asarray(unlike)), some, quanta[unlike], times)
    return found


def _are_unlike(equations: MomentEquations) -> NDArray[np.bool_]:
    """Which devices (...) have rates so unlike that one may be lost next to another."""
    rates, heat = np.abs(equations.drift_parts), np.abs(equations.source_parts[..., :2, :, :])
    linear, axes = rates[..., :2, :, :], (-3, -2, -1)
    largest = np.maximum(np.max(rates, axis=axes), np.max(heat, axis=axes))
    return largest > _SPREAD * np.min(linear, axis=axes, initial=np.inf, where=linear > 0)


def _quanta_of(state: GaussianState) -> Real:
    """Quanta <a^dag a> of each mode, (..., N, t)."""
    state = within_uncertainty(state)
    own = [state.own_of(mode)[0] for mode in range(state.modes)]
    mean = state.mean**2
    return np.stack(own, axis=-2) + np.moveaxis(mean[..., ::2] + mean[..., 1::2], -1, -2) / 2


def _differ(equations: MomentEquations, initial: GaussianState, quanta: Real, times: Real) -> NDArray[np.bool_]:
    """Which quanta of a curve (..., N, t) come out otherwise in other steps."""
    is_known = ~np.isfinite(quanta)  # beyond the number range is something else
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = np.where(is_known, 0.0, np.abs(quanta))
        few = np.minimum(_OF_LARGEST * np.max(sizes, axis=-2, keepdims=True), _FEW)
        share = _SHARE + np.minimum(_TURNING * _turned(equations)[..., None] * times, _MOST_TURNED)
        for steps in _STEPS:
            parts = [_again(equations, initial, times[at : at + _TIMES], steps) for at in range(0, len(times), _TIMES)]
            off = np.abs(np.concatenate(parts, axis=-1) - quanta)
            is_same = off <= _DIFFERENCE * sizes
            least = share * np.max(sizes, axis=-1, keepdims=True, initial=0.0, where=is_same)
            is_known = is_known | is_same | (off <= np.maximum(np.maximum(least, few), np.finfo(np.float64).tiny))
            if is_known.all():
                break
    return ~is_known


def _turned(equations: MomentEquations) -> Real:
    """Rate (..., N) at which each mode turns by itself, and by the modes that it is coupled to."""
    return np.sum(np.abs(equations.drift_parts[..., 1, :, :]), axis=-1)


def _again(equations: MomentEquations, initial: GaussianState, times: Real, steps: int) -> Real:
    """Quanta (..., N, t) from so many steps for each usual one."""
    if len(times) > 1 and equidistant_step(times) is not None:
        grid = np.linspace(times[0], times[-1], steps * (len(times) - 1) + 1)
        found = _quanta_of(propagate(equations, initial, grid))[..., ::steps]
        if times[0] == 0:
            return found
        # Also in the usual way the first time is reached in one step.
        return np.concatenate([_again(equations, initial, times[:1], steps), found[..., 1:]], axis=-1)
    grids = [np.linspace(time / steps, time, steps) if time else times[:1] for time in times]
    return np.concatenate([_quanta_of(propagate(equations, initial, grid))[..., -1:] for grid in grids], axis=-1)
