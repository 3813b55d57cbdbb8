"""Steady states: the fixed point of the moment equations, by a Lyapunov equation."""

from __future__ import annotations

import numpy as np

from leyden.backend import Array, is_concrete, namespace_of, solve_lyapunov, to_numpy
from leyden.conventions import VACUUM_VARIANCE
from leyden.dynamics.stability import is_stable
from leyden.model.moments import MomentEquations
from leyden.states.gaussian import GaussianState

__all__ = ["steady_state"]


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
    Solved for the excess covariance S = V - 1/2, so that weak excitation keeps its digits. Backward stable: values are
    off by about 1e-16 |A|/r, where -r is the spectral abscissa.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (8), (14) and (19) are special cases.
    """
    drift, source = equations.drift, equations.source
    xp = namespace_of(drift, source)
    identity = xp.eye(drift.shape[-1], dtype=xp.float64)
    excess = solve_lyapunov(drift, source)
    with np.errstate(invalid="ignore", over="ignore"):
        stable = is_stable(drift, equations.diffusion, excess + VACUUM_VARIANCE * identity)
    missing = xp.asarray(float("nan"))
    mean = xp.where(stable[..., None], _fixed_mean(drift, equations.forcing, stable), missing)
    return GaussianState(mean, xp.where(stable[..., None, None], excess, missing)), stable


def _fixed_mean(drift: Array, forcing: Array, stable: Array) -> Array:
    """Mean with A <r> + f = 0 where it exists; zero without forcing."""
    xp = namespace_of(drift, forcing)
    size = drift.shape[-1]
    if is_concrete(forcing) and not np.any(to_numpy(forcing)):
        return xp.zeros((*stable.shape, size), dtype=xp.float64)
    # Unstable members get a harmless drift: an exactly singular one would spoil the whole stack.
    safe = xp.where(stable[..., None, None], drift, -xp.eye(size, dtype=xp.float64))
    # The drive is in the forcing alone: it may have axes that the drift does not have, and the other way round.
    shape = np.broadcast_shapes(stable.shape, forcing.shape[:-1])
    safe, forcing = xp.broadcast_to(safe, (*shape, size, size)), xp.broadcast_to(forcing, (*shape, size))
    return xp.linalg.solve(safe, -forcing[..., None])[..., 0]
