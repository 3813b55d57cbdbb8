"""Gaussian states: a mean and a covariance are the whole state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leyden.backend import Array, is_concrete, namespace_of, to_numpy
from leyden.conventions import VACUUM_VARIANCE, quadratures_of, symplectic_form
from leyden.errors import ParameterError, UnphysicalStateError

__all__ = ["GaussianState", "entropy", "purity", "symplectic_eigenvalues"]

# Rounding of a covariance of size |V| moves a symplectic eigenvalue by about this times |V|.
_UNCERTAINTY_TOLERANCE = 1e-10


@dataclass(frozen=True)
class GaussianState:
    """A Gaussian state of N modes, or a batch of them.

    The covariance is kept as its excess over the vacuum, S = V - 1/2: weakly excited states live in digits that V
    itself would lose against 1/2.

    Parameters
    ----------
    mean : array, shape (..., 2N)
        <r> in the order (x1, p1, x2, p2, ...).
    excess : array, shape (..., 2N, 2N)
        V - 1/2, symmetric; zero for the vacuum and for coherent states.
    """

    mean: Array
    excess: Array

    @classmethod
    def from_moments(cls, mean: Any, covariance: Any) -> GaussianState:
        """State with a given mean and covariance, checked for physics.

        Parameters
        ----------
        mean : array, shape (..., 2N)
            <r>.
        covariance : array, shape (..., 2N, 2N)
            V, with vacuum variance 1/2.

        Raises
        ------
        ParameterError
            If shapes do not fit, numbers are not finite or the covariance is not symmetric.
        UnphysicalStateError
            If V violates the uncertainty relation V + i Omega/2 >= 0.
        """
        if isinstance(mean, (list, tuple)) or isinstance(covariance, (list, tuple)):
            mean, covariance = np.asarray(mean, dtype=float), np.asarray(covariance, dtype=float)
        xp = namespace_of(mean, covariance)
        size = mean.shape[-1] if mean.ndim else 0
        if size == 0 or size % 2 or tuple(covariance.shape[-2:]) != (size, size):
            raise ParameterError.of(
                "covariance",
                "have shape (..., 2N, 2N) beside a mean of shape (..., 2N)",
                (mean.shape, covariance.shape),
            )
        state = cls(mean, covariance - VACUUM_VARIANCE * xp.eye(size, dtype=xp.float64))
        if is_concrete(covariance):
            _check_physical(state, to_numpy(mean), to_numpy(covariance))
        return state

    @property
    def covariance(self) -> Array:
        """V, shape (..., 2N, 2N), with vacuum variance 1/2."""
        xp = namespace_of(self.excess)
        return self.excess + VACUUM_VARIANCE * xp.eye(self.excess.shape[-1], dtype=xp.float64)

    @property
    def modes(self) -> int:
        """Number N of modes."""
        return self.mean.shape[-1] // 2

    def reduced(self, modes: Sequence[int]) -> GaussianState:
        """State of some of the modes, the others traced out.

        Parameters
        ----------
        modes : sequence of int
            Positions of the modes to keep, in the order wanted.
        """
        xp = namespace_of(self.mean, self.excess)
        place = xp.asarray(quadratures_of(modes))
        rows = xp.take(self.excess, place, axis=-2)
        return GaussianState(xp.take(self.mean, place, axis=-1), xp.take(rows, place, axis=-1))


def _check_physical(state: GaussianState, mean: np.ndarray[Any, Any], covariance: np.ndarray[Any, Any]) -> None:
    if not (np.all(np.isfinite(mean)) and np.all(np.isfinite(covariance))):
        raise ParameterError.of("covariance", "be finite, and the mean too", "NaN or infinity")
    size = float(np.max(np.abs(covariance), initial=1.0))
    if np.max(np.abs(covariance - np.swapaxes(covariance, -1, -2)), initial=0.0) > 1e-9 * size:
        raise ParameterError.of("covariance", "be symmetric", "not symmetric", "Take (V + V^T)/2.")
    lowest = float(np.min(np.linalg.eigvalsh(covariance + VACUUM_VARIANCE * 1j * symplectic_form(state.modes))))
    if lowest < -_UNCERTAINTY_TOLERANCE * size:
        found = float(np.min(to_numpy(symplectic_eigenvalues(state))))
        raise UnphysicalStateError(
            f"Argument `covariance` must obey V + i Omega/2 >= 0, but its smallest symplectic eigenvalue is "
            f"{found:.6g} < 1/2. Check the convention: the vacuum's variance is 1/2 here.",
            smallest_symplectic_eigenvalue=found,
        )


def symplectic_eigenvalues(state: GaussianState) -> Array:
    """Symplectic eigenvalues nu_k of the covariance, the moduli of the eigenvalues of i Omega V.

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.

    Returns
    -------
    array, shape (..., N)
        In ascending order, at least 1/2.

    Notes
    -----
    Computed as the spectrum of the antisymmetric L^T Omega L with V = L L^T, which is accurate to rounding and has a
    derivative. One mode: sqrt(det V) without cancellation at weak excitation.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.2.
    """
    xp = namespace_of(state.excess)
    if state.modes == 1:
        half_trace, anisotropy = _one_mode(state.excess)
        rise = half_trace + VACUUM_VARIANCE
        return xp.sqrt(xp.maximum((rise - anisotropy) * (rise + anisotropy), xp.zeros_like(rise)))[..., None]
    covariance = state.covariance
    omega = xp.asarray(symplectic_form(state.modes))
    if is_concrete(covariance) and not np.all(np.linalg.eigvalsh(to_numpy(covariance)) > 0):
        spectrum = xp.abs(xp.asarray(np.linalg.eigvals(symplectic_form(state.modes) @ to_numpy(covariance))))
        return xp.sort(spectrum, axis=-1)[..., ::2]
    lower = xp.linalg.cholesky(covariance)
    form = lower.mT @ (omega @ lower)
    return xp.linalg.eigvalsh(1j * form)[..., state.modes :]


def _one_mode(excess: Array) -> tuple[Array, Array]:
    """Half the trace of a 2 x 2 excess covariance, and its anisotropy |<b^2> - <b>^2|."""
    xp = namespace_of(excess)
    half_trace = (excess[..., 0, 0] + excess[..., 1, 1]) / 2
    difference = (excess[..., 0, 0] - excess[..., 1, 1]) / 2
    return half_trace, xp.hypot(difference, (excess[..., 0, 1] + excess[..., 1, 0]) / 2)


def purity(state: GaussianState) -> Array:
    """Purity Tr rho^2 = prod_k 1/(2 nu_k).

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.

    Returns
    -------
    array, shape (...)
        Between 0 and 1; 1 for pure states.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.5.
    """
    xp = namespace_of(state.excess)
    return xp.prod(VACUUM_VARIANCE / symplectic_eigenvalues(state), axis=-1)


def entropy(state: GaussianState) -> Array:
    """Von Neumann entropy sum_k (n_k + 1) ln(n_k + 1) - n_k ln n_k with n_k = nu_k - 1/2.

    Parameters
    ----------
    state : GaussianState
        N modes, batch axes kept.

    Returns
    -------
    array, shape (...)
        In nats, not negative; 0 for pure states.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 3.5.
    """
    xp = namespace_of(state.excess)
    if state.modes == 1:
        half_trace, anisotropy = _one_mode(state.excess)
        square = half_trace * (half_trace + 1) - anisotropy**2
        number = square / (symplectic_eigenvalues(state)[..., 0] + VACUUM_VARIANCE)
        number = number[..., None]
    else:
        number = symplectic_eigenvalues(state) - VACUUM_VARIANCE
    number = xp.maximum(number, xp.zeros_like(number))
    safe = xp.where(number > 0, number, xp.ones_like(number))
    return xp.sum((number + 1) * xp.log1p(number) - number * xp.log(safe), axis=-1)
