"""Steady states: the fixed point of the moment equations, by a Lyapunov equation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from leyden.algebra import MOST_MODES, ladder, pattern_of, reached, solve_components, solve_linear, solve_lyapunov
from leyden.arrays import Array, held, is_concrete, missing_where, namespace_of, to_numpy
from leyden.conventions import VACUUM_VARIANCE
from leyden.drift.stability import is_decaying, is_stable
from leyden.equations.batches import in_parts
from leyden.equations.moments import MomentEquations
from leyden.equations.rounding import without_rounding
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import LadderState

__all__ = ["steady_state", "without_unstable"]


def steady_state(equations: MomentEquations) -> tuple[GaussianState, Array]:
    """Steady state A <r> + f = 0, A S + S A^T + Q = 0, and where it exists.

    Parameters
    ----------
    equations : MomentEquations
        Batch shape (...).

    Returns
    -------
    state : GaussianState
        Batch shape (...); NaN where a device is unstable.
    stable : array of bool, shape (...)
        Whether the steady state exists.

    Notes
    -----
    Solved for the excess covariance S = V - 1/2, so that weak excitation keeps its digits; of up to six modes with
    normal and anomalous moments apart, so that neither rounds the other. Backward stable: values are off by about
    1e-16 |A|/r of themselves, where -r is the spectral abscissa, in large batches by up to 1e-14 |A|/r; of more than
    six modes by that share of the largest moment. A large batch is worked on in parts: memory is that of the result.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (8), (14) and (19) are special cases.
    """
    size = 2 * len(equations.mode_names)
    tails = {"mean": (size,), "excess": (size, size), "components": (size * (size + 1) // 2,), "stable": ()}
    found = in_parts(lambda part: _fixed(equations.at(part)), equations, equations.shape, tails.__getitem__)
    if "excess" in found:
        return GaussianState.holding(mean=found["mean"], excess=found["excess"]), found["stable"]
    return LadderState(found["mean"], ladder.before_batch(found["components"])), found["stable"]


def _fixed(equations: MomentEquations) -> dict[str, Array]:
    """Steady states of a part of the batch."""
    if equations.is_turned:
        return _of_turned(equations)
    found = _of_few_modes(equations) if len(equations.mode_names) <= MOST_MODES else _of_many_modes(equations)
    stable = found["stable"]
    mean = _mean_of(equations, stable)
    if not (is_concrete(stable) and np.all(to_numpy(stable))):
        mean = without_unstable(mean, stable, equations, axes=1)
        for name, axes in (("components", 1), ("excess", 2)):
            if name in found:
                found[name] = without_unstable(found[name], stable, equations, axes=axes)
    return {"mean": mean, **found}


def _of_turned(equations: MomentEquations) -> dict[str, Array]:
    """Components of the excess covariance, and the mean, where second moments settle under random turns."""
    from leyden.dense.systems import turned_system

    system = turned_system(equations)
    size = equations.drift_parts.shape[-1]
    moments = size * (2 * size + 1)
    stable = np.asarray(is_decaying(equations))
    # Unstable members get a harmless generator: an exactly singular one would spoil the whole stack.
    safe = np.where(stable[..., None, None], system[..., :-1, :-1], -np.eye(system.shape[-1] - 1))
    found = solve_linear(safe, -system[..., :-1, -1])
    found = np.where(stable[..., None], found, np.nan)
    mean = found[..., moments:]
    components = found[..., :moments] - ladder.components_of(mean[..., :, None] * mean[..., None, :])
    return {"mean": mean, "components": components, "stable": stable}


def _of_few_modes(equations: MomentEquations) -> dict[str, Array]:
    """Components of the excess covariance in the ladder basis, and where it exists."""
    # A stable device may amplify beyond the number range: then its moments are no numbers, and the caller says so.
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        components = solve_components(equations.drift_parts, equations.source_parts)
        covariance = _above_vacuum(ladder.excess_of(components, len(equations.mode_names)))
        stable = is_stable(equations.held(), held(covariance))
    return {"components": ladder.behind_batch(components), "stable": stable}


def _of_many_modes(equations: MomentEquations) -> dict[str, Array]:
    """Excess covariance, and where it exists."""
    drift, source = equations.drift, equations.source
    if namespace_of(drift, source) is np and drift.ndim > 2:
        drift = without_rounding(drift, equations.drift_rounding)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        excess = solve_lyapunov(drift, source)
        covariance = excess + VACUUM_VARIANCE * namespace_of(excess).eye(excess.shape[-1], dtype=excess.dtype)
        # The verdict has no derivative; without one JAX may know it before it compiles.
        stable = is_stable(equations.held(), held(covariance))
    return {"excess": excess, "stable": stable}


def _above_vacuum(excess: Array) -> Array:
    """The covariance, in place of an excess that nobody needs any more where that is NumPy's."""
    xp = namespace_of(excess)
    if xp is not np:
        return excess + VACUUM_VARIANCE * xp.eye(excess.shape[-1], dtype=xp.float64)
    for quadrature in range(excess.shape[-1]):
        excess[..., quadrature, quadrature] += VACUUM_VARIANCE
    return excess


def without_unstable(values: Array, stable: Array, equations: MomentEquations, *, axes: int) -> Array:
    """What is said of devices, NaN where they are unstable, and so its derivatives by anything in their equations."""
    xp = namespace_of(values, stable)
    tail = (..., *(None,) * axes)
    is_missing = ~stable[tail]
    if xp is np:
        return missing_where(is_missing, values)
    # In place of what is missing a number that depends on all the equations: so derivatives meet no NaN on their way.
    trace: Any = 0.0
    for part, own in ((equations.drift, 2), (equations.source, 2), (equations.forcing, 1)):
        weights = np.cos(np.arange(1.0, 1.0 + math.prod(part.shape[-own:])))
        flat = xp.reshape(xp.asarray(part), (*part.shape[:-own], len(weights)))
        trace = trace + xp.sum(flat * xp.asarray(weights), axis=-1)
    return missing_where(is_missing, xp.where(is_missing, xp.asarray(trace)[tail], values))


def _mean_of(equations: MomentEquations, stable: Array) -> Array:
    """Mean of each device; without forcing its drift is not even put together."""
    forcing = equations.forcing
    if is_concrete(forcing) and not np.any(to_numpy(forcing)):
        xp = namespace_of(forcing, stable)
        return xp.zeros((*stable.shape, forcing.shape[-1]), dtype=xp.float64)
    return _fixed_mean(equations.drift, forcing, stable)


def _fixed_mean(drift: Array, forcing: Array, stable: Array) -> Array:
    """Mean with A <r> + f = 0 where it exists; zero without forcing."""
    xp = namespace_of(drift, forcing)
    size = drift.shape[-1]
    if xp is np and len(places := reached(pattern_of(drift, 2), pattern_of(forcing, 1))) < size:
        # Exactly zero where the forcing does not lead, which a solver with pivots would not leave so.
        part = _fixed_mean(drift[..., places[:, None], places], forcing[..., places], stable)
        mean = np.zeros((*part.shape[:-1], size))
        mean[..., places] = part
        return mean
    # Unstable members get a harmless drift: an exactly singular one would spoil the whole stack.
    safe = xp.where(stable[..., None, None], drift, -xp.eye(size, dtype=xp.float64))
    # The drive is in the forcing alone: it may have axes that the drift does not have, and the other way round.
    return solve_linear(safe, -forcing)
