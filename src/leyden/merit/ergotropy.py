"""Ergotropy: the work that the best unitary extracts from one mode, and the passive energy that it leaves."""

from __future__ import annotations

from typing import Any

from leyden.backend import Array
from leyden.conventions import VACUUM_VARIANCE
from leyden.states.gaussian import GaussianState, root_determinant, thermal_quanta

__all__ = ["displacement_ergotropy", "ergotropy", "passive_energy", "squeezing_ergotropy"]


def squeezing_ergotropy(state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Ergotropy of one mode's fluctuations, omega |m|^2 / (n + 1/2 + sqrt(det V)), by unsqueezing.

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
    With n = <b^dag b> - |<b>|^2 and m = <b^2> - <b>^2 this equals omega (n + 1/2 - sqrt(det V)), whose two terms
    cancel to nothing at weak squeezing; the quotient keeps every digit.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (10) and (11).
    """
    x, p = 2 * mode, 2 * mode + 1
    xx, pp, cross = state.excess[..., x, x], state.excess[..., p, p], state.excess[..., x, p]
    half = (xx - pp) / 2
    total = (xx + pp) / 2 + VACUUM_VARIANCE + root_determinant(state, mode)
    # |m|^2 / total, divided first: the square would leave the number range before the ergotropy does.
    return frequency * (half * (half / total) + cross * (cross / total))


def displacement_ergotropy(state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Ergotropy of one mode's mean field, omega |<b>|^2, by displacing it back.

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

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (10) and (11).
    """
    return frequency * (state.mean[..., 2 * mode] ** 2 + state.mean[..., 2 * mode + 1] ** 2) / 2


def ergotropy(state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Ergotropy W = E - omega (sqrt(det V) - 1/2) of one mode: displacement and squeezing parts together.

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
        In the unit of `frequency`; between 0 and the mode's energy.

    Notes
    -----
    For a single-mode Gaussian state the best unitary is Gaussian: the passive state is thermal.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (10) and (11).
    """
    return squeezing_ergotropy(state, mode, frequency) + displacement_ergotropy(state, mode, frequency)


def passive_energy(state: GaussianState, mode: int, frequency: Any = 1.0) -> Array:
    """Passive energy omega (sqrt(det V) - 1/2) of one mode, which no unitary can extract.

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
        In the unit of `frequency`; zero for pure states; NaN where it is lost in the rounding of a huge squeezing.

    Notes
    -----
    See `leyden.states.thermal_quanta` for how it is evaluated, and how well.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (10).
    """
    return frequency * thermal_quanta(state, mode)
