"""Energy of a mode: mean photon number times the energy of one quantum."""

from __future__ import annotations

from typing import Any

from leyden.arrays import Array
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

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
    number, _, _ = state.own_of(mode)
    return frequency * (number + (state.mean[..., x] ** 2 + state.mean[..., p] ** 2) / 2)


def power(state: GaussianState, rates: MomentRates, mode: int, frequency: Any = 1.0) -> Array:
    """Power dE/dt that flows into one mode.

    Parameters
    ----------
    state : GaussianState
        At the moment in question; batch axes kept.
    rates : MomentRates
        Its rates of change, from the propagation, or `MomentRates(*equations.rates(state.mean, state.excess))`.
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
    x, p = 2 * mode, 2 * mode + 1
    number, _, _ = rates.own_of(mode)
    displacement = state.mean[..., x] * rates.mean[..., x] + state.mean[..., p] * rates.mean[..., p]
    return frequency * (number + displacement)
