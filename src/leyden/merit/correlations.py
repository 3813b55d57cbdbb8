"""Correlations of two groups of modes: logarithmic negativity, mutual information, Gaussian steering."""

from __future__ import annotations

from collections.abc import Sequence

from leyden.arrays import Array, held, missing_where, namespace_of
from leyden.errors import ParameterError
from leyden.states.bipartite import quanta_of_state, quanta_transposed, quanta_when_measured
from leyden.states.gaussian import GaussianState
from leyden.states.symplectic import entropy_of

__all__ = ["log_negativity", "mutual_information", "steering"]

# Of sums of entropies, below which their difference is rounding.
_ROUNDING = 16 * 2.0**-53


def log_negativity(state: GaussianState, first: Sequence[int], second: Sequence[int]) -> Array:
    """Logarithmic negativity E_N = sum_k max(0, -ln 2 nu~_k) of two groups of modes.

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    first, second : sequence of int
        Positions of the modes of either group, none in both; all others are traced out.

    Returns
    -------
    array, shape (...)
        In nats, not negative; NaN where a symplectic eigenvalue of the partial transpose is lost in the rounding of a
        huge squeezing.

    Raises
    ------
    ParameterError
        If a group has no mode, or modes are named twice or are not there.

    Notes
    -----
    With nu~_k the symplectic eigenvalues of the partially transposed covariance. Evaluated as -ln(1 + 2 d) of their
    excess d = nu~ - 1/2: weak entanglement is right to 1e-16 of the largest moment. Zero does not mean separable where
    both groups have several modes.

    References
    ----------
    Vidal and Werner, Phys. Rev. A 65, 032314 (2002), Eq. (44).

    Examples
    --------
    A two-mode squeezed vacuum of squeezing r has 2 r:

    >>> import numpy as np
    >>> from leyden import merit, states
    >>> n, m = np.sinh(0.5) ** 2, np.sinh(1.0) / 2
    >>> excess = [[n, 0, m, 0], [0, n, 0, -m], [m, 0, n, 0], [0, -m, 0, n]]
    >>> pair = states.GaussianState(mean=np.zeros(4), excess=np.array(excess))
    >>> round(float(merit.log_negativity(pair, [0], [1])), 12)
    1.0
    """
    _check(state, first, second)
    below, is_lost = quanta_transposed(state, first, second)
    return _negativity(below, is_lost)


def _negativity(above: Array, is_lost: Array) -> Array:
    """Sum of -ln 2 nu over those nu = 1/2 + above that are less than 1/2."""
    xp = namespace_of(above)
    nothing = 0 * above
    below = xp.where(above < 0, above, nothing)
    return missing_where(is_lost, 0.0 - xp.sum(xp.log1p(2 * below), axis=-1))


def mutual_information(state: GaussianState, first: Sequence[int], second: Sequence[int]) -> Array:
    """Mutual information I = S_A + S_B - S_AB of two groups of modes, of von Neumann entropies.

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    first, second : sequence of int
        Positions of the modes of either group, none in both; all others are traced out.

    Returns
    -------
    array, shape (...)
        In nats, not negative; NaN where an entropy is lost in the rounding of a huge squeezing.

    Raises
    ------
    ParameterError
        If a group has no mode, or modes are named twice or are not there.

    Notes
    -----
    All correlations, classical ones too. Right to 1e-15 of the entropies, and 0 below that; these have all their digits
    at weak excitation.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.5 (entropies).

    Examples
    --------
    A pure state of two modes has twice the entropy of either:

    >>> import numpy as np
    >>> from leyden import merit, states
    >>> n, m = np.sinh(0.5) ** 2, np.sinh(1.0) / 2
    >>> excess = [[n, 0, m, 0], [0, n, 0, -m], [m, 0, n, 0], [0, -m, 0, n]]
    >>> pair = states.GaussianState(mean=np.zeros(4), excess=np.array(excess))
    >>> found = float(merit.mutual_information(pair, [0], [1]))
    >>> round(found - 2 * float(states.entropy(states.thermal([n]))), 12)
    0.0
    """
    _check(state, first, second)
    entropies: list[Array] = []
    for group in (first, second, [*first, *second]):
        quanta, is_lost = quanta_of_state(state, group)
        entropies.append(missing_where(is_lost, namespace_of(quanta).sum(entropy_of(quanta), axis=-1)))
    own, other, together = entropies
    found = own + other - together
    xp = namespace_of(found)
    is_rounding = xp.abs(held(found)) <= _ROUNDING * xp.abs(held(own + other + together))
    return xp.where(is_rounding, xp.zeros_like(found), found)


def steering(state: GaussianState, first: Sequence[int], second: Sequence[int]) -> Array:
    """Gaussian steering of the second group by measurements on the first, G = sum_k max(0, -ln 2 nu_k).

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    first, second : sequence of int
        Positions of the modes that steer, and of those that are steered, none in both; all others are traced out.

    Returns
    -------
    array, shape (...)
        In nats, not negative; NaN where it is lost in the rounding of a huge squeezing.

    Raises
    ------
    ParameterError
        If a group has no mode, or modes are named twice or are not there.

    Notes
    -----
    With nu_k the symplectic eigenvalues of V_B - C^T V_A^{-1} C: steering by Gaussian measurements. It is not
    symmetric. Where one mode is steered it is the difference of Renyi-2 entropies sum_k ln 2 nu_k of A and of both
    together, and evaluated so.

    References
    ----------
    Kogias, Lee, Ragy and Adesso, Phys. Rev. Lett. 114, 060403 (2015), Eqs. (5) and (7).

    Examples
    --------
    In a two-mode squeezed vacuum of squeezing r it is ln cosh 2r, either way:

    >>> import numpy as np
    >>> from leyden import merit, states
    >>> n, m = np.sinh(0.5) ** 2, np.sinh(1.0) / 2
    >>> excess = [[n, 0, m, 0], [0, n, 0, -m], [m, 0, n, 0], [0, -m, 0, n]]
    >>> pair = states.GaussianState(mean=np.zeros(4), excess=np.array(excess))
    >>> bool(np.isclose(merit.steering(pair, [0], [1]), np.log(np.cosh(1.0)), rtol=1e-12))
    True
    """
    _check(state, first, second)
    if len(second) > 1:
        return _negativity(*quanta_when_measured(state, first, second))
    own, own_lost = quanta_of_state(state, first)
    both, both_lost = quanta_of_state(state, [*first, *second])
    xp = namespace_of(own, both)
    steers, together = (xp.sum(xp.log1p(2 * quanta), axis=-1) for quanta in (own, both))
    found = steers - together
    is_some = held(found) > _ROUNDING * (held(steers) + held(together))
    is_none = ~is_some & ~xp.isnan(found)
    return missing_where(own_lost | both_lost, xp.where(is_none, xp.zeros_like(found), found))


def _check(state: GaussianState, first: Sequence[int], second: Sequence[int]) -> None:
    every = [*first, *second]
    is_there = all(0 <= mode < state.modes for mode in every)
    if not (len(first) and len(second) and len(set(every)) == len(every) and is_there):
        allowed = f"be two groups of unlike positions from 0 to {state.modes - 1}, neither empty"
        raise ParameterError.of("first, second", allowed, (list(first), list(second)))
