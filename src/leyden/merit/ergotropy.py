"""Ergotropy: the work that the best unitary extracts from one mode, and the passive energy that it leaves."""

from __future__ import annotations

from typing import Any

from leyden.backend import Array, namespace_of
from leyden.conventions import VACUUM_VARIANCE
from leyden.states.gaussian import GaussianState

__all__ = ["displacement_ergotropy", "ergotropy", "passive_energy", "squeezing_ergotropy"]


def _shape(state: GaussianState, mode: int) -> tuple[Array, Array, Array]:
    """Mean number n and squared anisotropy |m|^2 of a mode's fluctuations, and nu = sqrt(det V).

    With n = <b^dag b> - |<b>|^2 and m = <b^2> - <b>^2: det V = (n + 1/2)^2 - |m|^2.
    """
    xp = namespace_of(state.excess)
    x, p = 2 * mode, 2 * mode + 1
    xx, pp, xp_ = state.excess[..., x, x], state.excess[..., p, p], state.excess[..., x, p]
    number = (xx + pp) / 2
    anisotropy = ((xx - pp) / 2) ** 2 + xp_**2
    # (1/2 + S_xx)(1/2 + S_pp) - S_xp^2, from the excess: n^2 - |m|^2 = S_xx S_pp - S_xp^2.
    determinant = (VACUUM_VARIANCE + xx) * (VACUUM_VARIANCE + pp) - xp_**2
    return number, anisotropy, xp.sqrt(xp.maximum(determinant, xp.zeros_like(determinant)))


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
    number, anisotropy, root = _shape(state, mode)
    return frequency * anisotropy / (number + VACUUM_VARIANCE + root)


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
        In the unit of `frequency`; zero for pure states.

    Notes
    -----
    Evaluated as omega (n (n + 1) - |m|^2) / (sqrt(det V) + 1/2).

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (10).
    """
    number, anisotropy, root = _shape(state, mode)
    return frequency * (number * (number + 1) - anisotropy) / (root + VACUUM_VARIANCE)
