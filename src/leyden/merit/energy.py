"""Energy of a mode: mean photon number times the energy of one quantum."""

from __future__ import annotations

from typing import Any

from leyden.backend import Array
from leyden.model.moments import MomentEquations
from leyden.states.gaussian import GaussianState

__all__ = ["energy", "power"]


def energy(state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Energy omega <a^dag a> of one mode, above its vacuum.

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    mode : int
        Position of the mode.
    frequency : float or array, shape (...)
        omega, energy of one quantum.

    Returns
    -------
    array, shape (...)
        In the unit of `frequency`, not negative.

    Notes
    -----
    Taken from the excess covariance, so that an energy of 1e-12 still has its digits.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (9).
    """
    x, p = 2 * mode, 2 * mode + 1
    number = (state.excess[..., x, x] + state.excess[..., p, p]) / 2
    return frequency * (number + (state.mean[..., x] ** 2 + state.mean[..., p] ** 2) / 2)


def power(equations: MomentEquations, state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Power dE/dt that flows into one mode, exactly, from the moment equations.

    Parameters
    ----------
    equations : MomentEquations
        Of the device.
    state : GaussianState
        At the moment in question; its batch axes are those of the device, or those with a time axis behind them
        if the equations' arrays carry an axis of length one there.
    mode : int
        Position of the mode.
    frequency : float or array, shape (...)
        omega, energy of one quantum.

    Returns
    -------
    array, shape (...)
        In the unit of `frequency` times the rate unit; positive while the mode charges.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Sec. II: P = dE_B/dt.
    """
    total: Array = 0.0
    for row in (2 * mode, 2 * mode + 1):
        drift = equations.drift[..., row, :]
        covariance_rate = (drift * state.excess[..., :, row]).sum(axis=-1) + equations.source[..., row, row] / 2
        mean_rate = (drift * state.mean).sum(axis=-1) + equations.forcing[..., row]
        total = total + covariance_rate + state.mean[..., row] * mean_rate
    return frequency * total
