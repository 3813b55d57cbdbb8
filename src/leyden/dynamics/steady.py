"""Steady states: the fixed point of the moment equations, by a Lyapunov equation."""

from __future__ import annotations

import numpy as np

from leyden.backend import Array, namespace_of, solve_lyapunov
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
    drift, source, forcing = equations.drift, equations.source, equations.forcing
    xp = namespace_of(drift, source, forcing)
    size = drift.shape[-1]
    identity = xp.eye(size, dtype=xp.float64)
    excess = solve_lyapunov(drift, source)
    with np.errstate(invalid="ignore", over="ignore"):
        stable = is_stable(drift, equations.diffusion, excess + VACUUM_VARIANCE * identity)
    wide = stable[..., None, None]
    excess = xp.where(wide, excess, xp.asarray(float("nan")))
    # Unstable members get a harmless drift: an exactly singular one would spoil the whole stack.
    safe = xp.where(wide, drift, -identity)
    mean = xp.linalg.solve(safe, -xp.broadcast_to(forcing, (*safe.shape[:-2], size))[..., None])[..., 0]
    return GaussianState(xp.where(stable[..., None], mean, xp.asarray(float("nan"))), excess), stable
