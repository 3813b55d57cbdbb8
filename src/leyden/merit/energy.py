"""Energy of a mode: mean photon number times the energy of one quantum."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.arrays import Array, namespace_of
from leyden.merit.ratios import ratio
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["energy", "energy_variance", "power", "signal_to_noise"]


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

    Examples
    --------
    >>> import leyden as ly
    >>> float(ly.merit.energy(ly.states.thermal(2.0), 0))
    2.0
    """
    x, p = 2 * mode, 2 * mode + 1
    number, _, _ = state.own_of(mode)
    return frequency * (number + (state.mean[..., x] ** 2 + state.mean[..., p] ** 2) / 2)


def energy_variance(state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Energy variance <H^2> - <H>^2 of one mode, H = omega a^dag a: omega^2 (tr V^2/2 - 1/4 + <r>^T V <r>).

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
        In the square of the unit of `frequency`, not negative; 0 for the vacuum alone.

    Notes
    -----
    Evaluated as n (n + 1) + |m|^2 + (2n + 1) |alpha|^2 + 2 Re(m* alpha^2), with n and m as in the ergotropy and alpha =
    <a>, so that it has all its digits at weak excitation. Only a field that is squeezed along itself takes something
    away, and never more than there is.

    References
    ----------
    Friis and Huber, Quantum 2, 61 (2018), Sec. 2 (precision of charging).

    Examples
    --------
    Of a coherent state it is the mean number of quanta, of a thermal one n (n + 1):

    >>> from leyden import merit, states
    >>> round(float(merit.energy_variance(states.coherent([1.5]), 0)), 12)
    2.25
    >>> round(float(merit.energy_variance(states.thermal([0.5]), 0)), 12)
    0.75
    """
    number, half, cross = state.own_of(mode)
    x, p = state.mean[..., 2 * mode], state.mean[..., 2 * mode + 1]
    spread = number * (number + 1) + half * half + cross * cross
    if isinstance(x, np.ndarray) and not x.any() and not p.any():
        return frequency * frequency * spread
    field = (number + 0.5 + half) * (x * x) + 2 * cross * (x * p) + (number + 0.5 - half) * (p * p)
    return frequency * frequency * (spread + field)


def signal_to_noise(state: GaussianState, mode: int) -> Array:
    """Signal-to-noise ratio of a mode's energy, its mean over its standard deviation.

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    mode : int
        Position of the mode.

    Returns
    -------
    array, shape (...)
        Dimensionless, the same for every frequency; NaN for the vacuum.

    References
    ----------
    Friis and Huber, Quantum 2, 61 (2018), Sec. 2.

    Examples
    --------
    Of a coherent state it is |alpha|, of a thermal one (n/(n + 1))^(1/2):

    >>> from leyden import merit, states
    >>> round(float(merit.signal_to_noise(states.coherent([1.5]), 0)), 12)
    1.5
    """
    variance = energy_variance(state, mode)
    return ratio(energy(state, mode), namespace_of(variance).sqrt(variance))


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
