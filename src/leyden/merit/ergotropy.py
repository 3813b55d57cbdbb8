"""Ergotropy: the work that the best unitary extracts from one mode, and the passive energy that it leaves."""

from __future__ import annotations

from typing import Any

from leyden.backend import Array, held, namespace_of
from leyden.states.gaussian import GaussianState
from leyden.states.mixedness import thermal_quanta
from leyden.states.symplectic import quanta_of_mode

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
    cancel to nothing at weak squeezing; the quotient keeps every digit. Where sqrt(det V) is lost in the rounding of a
    huge squeezing the state is taken for a pure one, of which all is extracted: at most 1e-7 of it too much.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (10) and (11).
    """
    return frequency * _squeezing_quanta(state, mode)


def _squeezing_quanta(state: GaussianState, mode: int) -> Array:
    xp = namespace_of(state.excess)
    x, p = 2 * mode, 2 * mode + 1
    xx, pp, cross = state.excess[..., x, x], state.excess[..., p, p], state.excess[..., x, p]
    half, number = (xx - pp) / 2, (xx + pp) / 2
    total = number + 1 + quanta_of_mode(state.excess, mode)[0]
    # |m|^2 / total, divided first: the square would leave the number range before the ergotropy does.
    found = half * (half / total) + cross * (cross / total)
    # Rounding must not take out more than there is; the derivative is that of the quotient all the same.
    beyond = held(found) - held(number)
    return found - xp.maximum(beyond, 0 * beyond)


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
    return frequency * ((state.mean[..., 2 * mode] ** 2 + state.mean[..., 2 * mode + 1] ** 2) / 2)


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
    displacement = (state.mean[..., 2 * mode] ** 2 + state.mean[..., 2 * mode + 1] ** 2) / 2
    # Added up as in the energy, so that no rounding lifts it above that.
    return frequency * (_squeezing_quanta(state, mode) + displacement)


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
