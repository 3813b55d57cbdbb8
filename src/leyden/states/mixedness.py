"""How mixed a state is: symplectic eigenvalues, thermal quanta, purity, entropy."""

from __future__ import annotations

from leyden.algebra import on_one_thread
from leyden.arrays import Array, missing_where, namespace_of
from leyden.conventions import VACUUM_VARIANCE
from leyden.states.gaussian import GaussianState
from leyden.states.symplectic import entropy_of, quanta_of_mode, quanta_of_modes, quanta_of_own

__all__ = ["entropy", "own_quanta", "purity", "root_determinant", "symplectic_eigenvalues", "thermal_quanta"]


@on_one_thread
def symplectic_eigenvalues(state: GaussianState) -> Array:
    """Symplectic eigenvalues nu_k of the covariance, the moduli of the eigenvalues of i Omega V.

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.

    Returns
    -------
    array, shape (..., N)
        In ascending order; at least 1/2 for every state.

    Notes
    -----
    Computed as 1/2 plus `thermal_quanta`, for several modes from the spectrum of the antisymmetric L^T Omega L with
    V = L L^T, or of (L^T Omega L)^2 + 1/4 where all modes are cold. Values are off by about 1e-16 |V| times the
    squeezing V_+/nu of their normal mode, and 1/2 where they are nearer to it than that. Where that is more than a
    hundredth of them, from V_+/V_- of about 1e13 on, no more than a bound is known: up to about 1e-7 V_+.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.2.
    """
    return VACUUM_VARIANCE + quanta_of_modes(state.excess, is_signed=True)[0]


def thermal_quanta(state: GaussianState, mode: int = 0) -> Array:
    """Mean number of quanta that unsqueezing leaves in one mode, sqrt(det V) - 1/2.

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    mode : int
        Position of the mode.

    Returns
    -------
    array, shape (...)
        Not negative; 0 for a mode in a pure state; NaN where more than about a hundredth of sqrt(det V) would be
        rounding.

    Notes
    -----
    (n (n + 1) - |m|^2) / (sqrt(det V) + 1/2), with n and m as in the ergotropy. The rounding of a squeezed covariance,
    1e-16 of its larger variance V_+, shows here: values are off by about 1e-16 V_+^2/sqrt(det V), and 0 below that. A
    mode far above threshold is squeezed without end, and its V_- is lost when V_+/V_- nears 1e13.
    """
    quanta, is_lost = own_quanta(state, mode)
    return missing_where(is_lost, quanta)


def own_quanta(state: GaussianState, mode: int) -> tuple[Array, Array]:
    """Thermal quanta of one mode, from all digits that are known of it, and where they are lost."""
    return quanta_of_own(*state.own_of(mode)) if state.has_own_digits else quanta_of_mode(state.excess, mode)


def root_determinant(state: GaussianState, mode: int = 0) -> Array:
    """Symplectic eigenvalue sqrt(det V) of one mode.

    Parameters
    ----------
    state : GaussianState
        Batch axes kept.
    mode : int
        Position of the mode.

    Returns
    -------
    array, shape (...)
        At least 1/2, and 1/2 for a pure state; off by about 1e-16 V_+^2/sqrt(det V), and by 1e-7 V_+ at most, where
        `thermal_quanta` is NaN.
    """
    return VACUUM_VARIANCE + own_quanta(state, mode)[0]


@on_one_thread
def purity(state: GaussianState) -> Array:
    """Purity Tr rho^2 = prod_k 1/(2 nu_k).

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.

    Returns
    -------
    array, shape (...)
        Between 0 and 1; 1 for pure states; NaN where it is lost in the rounding of a huge squeezing.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.5.
    """
    quanta, is_lost = quanta_of_modes(state.excess)
    return missing_where(is_lost, namespace_of(quanta).prod(1 / (1 + 2 * quanta), axis=-1))


@on_one_thread
def entropy(state: GaussianState) -> Array:
    """Von Neumann entropy sum_k (n_k + 1) ln(n_k + 1) - n_k ln n_k with n_k = nu_k - 1/2.

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.

    Returns
    -------
    array, shape (...)
        In nats, not negative; 0 for pure states; NaN where it is lost in the rounding of a huge squeezing.

    Notes
    -----
    Evaluated as ln(1 + n) + n ln(1 + 1/n), which holds for cold and for hot modes alike. The slope at n = 0 is
    infinite: derivatives at pure states are infinite or NaN.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.5.
    """
    quanta, is_lost = quanta_of_modes(state.excess)
    return missing_where(is_lost, namespace_of(quanta).sum(entropy_of(quanta), axis=-1))
