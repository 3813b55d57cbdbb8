"""Ergotropy: the work that the best unitary extracts from one mode, and the passive energy that it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from leyden.arrays import Array, held, missing_where, namespace_of
from leyden.errors import ParameterError
from leyden.merit.energy import energy
from leyden.states.bipartite import quanta_of_state
from leyden.states.gaussian import GaussianState, real_array
from leyden.states.mixedness import own_quanta, thermal_quanta
from leyden.states.symplectic import entropy_of

__all__ = [
    "displacement_ergotropy",
    "ergotropy",
    "ergotropy_and_passive_energy",
    "global_gaussian_ergotropy",
    "order_of",
    "passive_energy",
    "squeezing_ergotropy",
]


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
    return frequency * _squeezing_quanta(state, mode, own_quanta(state, mode)[0])


def _squeezing_quanta(state: GaussianState, mode: int, thermal: Array) -> Array:
    number, half, cross = state.own_of(mode)
    xp = namespace_of(number)
    total = number + 1 + thermal
    # |m|^2 / total, divided first: the square would leave the number range before the ergotropy does.
    found = half * (half / total) + cross * (cross / total)
    # Rounding must not take out more than there is; the derivative is that of the quotient all the same.
    if xp is np:
        return np.minimum(found, number)
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

    Examples
    --------
    >>> import leyden as ly
    >>> round(float(ly.merit.ergotropy(ly.states.coherent(0.5), 0)), 12)
    0.25
    """
    return ergotropy_and_passive_energy(state, mode, frequency)[0]


def ergotropy_and_passive_energy(state: GaussianState, mode: int, frequency: Any = 1.0) -> tuple[Array, Array]:
    """Both parts of the energy of one mode, for the price of one.

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
    ergotropy, passive_energy : array, shape (...)
        As from the functions of these names.
    """
    return order_of(state, mode, frequency)[:2]


def order_of(state: GaussianState, mode: int, frequency: Any = 1.0) -> tuple[Array, Array, Array, Array, Array]:
    """Ergotropy, passive energy, purity, entropy and Gaussian ergotropy of one mode, all from its thermal quanta."""
    quanta, is_lost = own_quanta(state, mode)
    displacement = (state.mean[..., 2 * mode] ** 2 + state.mean[..., 2 * mode + 1] ** 2) / 2
    # Added up as in the energy, so that no rounding lifts it above that.
    work = frequency * (_squeezing_quanta(state, mode, quanta) + displacement)
    known = missing_where(is_lost, quanta)
    # Of a Gaussian state the last is the first, in memory of its own.
    return work, frequency * known, 1 / (1 + 2 * known), entropy_of(known), 1 * work


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

    Examples
    --------
    >>> import leyden as ly
    >>> round(float(ly.merit.passive_energy(ly.states.thermal(2.0), 0)), 12)
    2.0
    """
    return frequency * thermal_quanta(state, mode)


def global_gaussian_ergotropy(
    state: GaussianState, modes: Sequence[int] | None = None, frequencies: Any = 1.0
) -> Array:
    """Global Gaussian ergotropy: the work that the best Gaussian unitary of several modes together extracts.

    W = sum_j omega_j <a_j^dag a_j> - sum_k omega_k (nu_k - 1/2), with the symplectic eigenvalues nu_k of the modes in
    descending order paired with their frequencies omega_k in ascending order.

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.
    modes : sequence of int or None
        Positions of the modes that the unitary may act on, the others traced out; all of them by default.
    frequencies : float or array, shape (..., M)
        Energy of one quantum of each of the M modes, in their order.

    Returns
    -------
    array, shape (...)
        In the unit of `frequencies`, not negative; NaN where a symplectic eigenvalue is lost in a huge squeezing.

    Raises
    ------
    ParameterError
        If no mode is named, or one is named twice or is not there.

    Notes
    -----
    Of one mode it is `ergotropy`. Of several it is at least the sum of their ergotropies, `total_ergotropy` of a
    Dataset, which unitaries of each mode by itself extract: correlations between the modes are work, too. A unitary
    that is not Gaussian may extract still more from M > 1 modes. Of several modes it is a difference of energies, right
    to some 1e-16 of the larger one.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.2 (normal modes); Brown, Friis and Huber, New J. Phys. 18,
    113028 (2016), Sec. 4 (passivity under Gaussian unitaries).

    Examples
    --------
    Two modes in a two-mode squeezed vacuum of squeezing r hold sinh^2 r each. Each by itself looks thermal, and gives
    nothing; together they are pure, and give it all:

    >>> import numpy as np
    >>> from leyden import merit, states
    >>> n, m = np.sinh(0.5) ** 2, np.sinh(1.0) / 2
    >>> excess = [[n, 0, m, 0], [0, n, 0, -m], [m, 0, n, 0], [0, -m, 0, n]]
    >>> pair = states.GaussianState(mean=np.zeros(4), excess=np.array(excess))
    >>> bool(np.isclose(merit.global_gaussian_ergotropy(pair), 2 * n))
    True
    >>> float(merit.ergotropy(pair, 0) + merit.ergotropy(pair, 1))
    0.0
    """
    chosen = list(range(state.modes)) if modes is None else [int(mode) for mode in modes]
    if not chosen or len(set(chosen)) < len(chosen) or not all(0 <= mode < state.modes for mode in chosen):
        raise ParameterError.of("modes", f"be unlike positions from 0 to {state.modes - 1}, at least one", modes)
    given = real_array("frequencies", frequencies)
    xp = namespace_of(state.excess, given)
    quanta = xp.asarray(given)
    if quanta.ndim == 0:
        quanta = xp.broadcast_to(quanta, (len(chosen),))
    if quanta.shape[-1] != len(chosen):
        raise ParameterError.of("frequencies", f"have one number for each of {len(chosen)} modes", quanta.shape)
    if len(chosen) == 1:
        return ergotropy(state, chosen[0], quanta[..., 0])
    stored = sum(energy(state, mode, quanta[..., place]) for place, mode in enumerate(chosen))
    left, is_lost = quanta_of_state(state, chosen)
    passive = xp.sum(xp.sort(quanta, axis=-1) * xp.flip(left, axis=-1), axis=-1)
    return xp.where(is_lost, passive + float("nan"), stored - passive)
