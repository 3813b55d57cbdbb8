"""What a density matrix is worth: energy, and ergotropy by its spectrum, for any state, Gaussian or not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError

__all__ = ["energy", "energy_variance", "entropy", "ergotropy", "passive_energy", "purity"]

# Rounding and a solver's tolerance leave a density matrix this far from Hermitian.
_HERMITIAN = 1e-8


def _matrix(rho: Any) -> NDArray[np.complex128]:
    """A density matrix as an array; kets become projectors."""
    if getattr(rho, "isket", False):
        rho = rho.proj()
    found = np.asarray(rho.full() if hasattr(rho, "full") else rho, dtype=np.complex128)
    if found.ndim != 2 or found.shape[0] != found.shape[1]:
        raise ParameterError.of("rho", "be a square density matrix", found.shape)
    if not np.allclose(found, found.conj().T, rtol=0.0, atol=_HERMITIAN):
        raise ParameterError.of("rho", "be finite and Hermitian", float(np.max(np.abs(found - found.conj().T))))
    return found


def _one_mode(rho: Any) -> NDArray[np.complex128]:
    if len(getattr(rho, "dims", [[0]])[0]) > 1:
        raise ParameterError.of("rho", "be the state of one mode", rho.dims[0], "Reduce it with `.ptrace(mode)`.")
    return _matrix(rho)


def energy(rho: Any, frequency: float = 1.0) -> float:
    """Energy omega sum_n n <n|rho|n> of one mode, above its vacuum.

    Parameters
    ----------
    rho : qutip.Qobj or array, shape (n, n)
        Density matrix in the Fock basis.
    frequency : float
        omega, energy of one quantum.

    Returns
    -------
    float
        In the unit of `frequency`, not negative.

    Raises
    ------
    ParameterError
        If `rho` is no Hermitian matrix of one mode.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (9).
    """
    populations = np.diagonal(_one_mode(rho)).real
    return float(frequency * (populations @ np.arange(len(populations))))


def energy_variance(rho: Any, frequency: float = 1.0) -> float:
    """Energy variance omega^2 (<n^2> - <n>^2) of one mode."""
    populations = np.diagonal(_one_mode(rho)).real
    levels = np.arange(len(populations))
    mean = populations @ levels
    return float(frequency**2 * (populations @ (levels - mean) ** 2))


def passive_energy(rho: Any, frequency: float = 1.0) -> float:
    """Passive energy omega sum_k k r_k, r_0 >= r_1 >= ... the eigenvalues of rho: no unitary goes lower.

    Parameters
    ----------
    rho : qutip.Qobj or array, shape (n, n)
        Density matrix in the Fock basis.
    frequency : float
        omega, energy of one quantum.

    Returns
    -------
    float
        In the unit of `frequency`; zero for pure states.

    Raises
    ------
    ParameterError
        If `rho` is no Hermitian matrix of one mode.

    References
    ----------
    Allahverdyan, Balian and Nieuwenhuizen, Europhys. Lett. 67, 565 (2004), Eq. (6).
    """
    descending = np.linalg.eigvalsh(_one_mode(rho))[::-1]
    return float(frequency * (descending @ np.arange(len(descending))))


def ergotropy(rho: Any, frequency: float = 1.0) -> float:
    """Ergotropy W = Tr[H rho] - omega sum_k k r_k, H = omega a^dag a, by sorting the spectrum against the levels.

    Parameters
    ----------
    rho : qutip.Qobj or array, shape (n, n)
        Density matrix in the Fock basis.
    frequency : float
        omega, energy of one quantum.

    Returns
    -------
    float
        In the unit of `frequency`, not negative up to rounding.

    Raises
    ------
    ParameterError
        If `rho` is no Hermitian matrix of one mode.

    Notes
    -----
    A difference of two energies, right to about 1e-15 of them; `leyden.merit.ergotropy` keeps the digits of weakly
    squeezed Gaussian states.

    References
    ----------
    Allahverdyan, Balian and Nieuwenhuizen, Europhys. Lett. 67, 565 (2004), Eq. (8).

    Examples
    --------
    An inverted pair of levels, p_0 = 1/4 and p_1 = 3/4, holds 3/4 of a quantum; turned over, 1/4:

    >>> from leyden import fock
    >>> fock.ergotropy([[0.25, 0.0], [0.0, 0.75]])
    0.5
    """
    return energy(rho, frequency) - passive_energy(rho, frequency)


def purity(rho: Any) -> float:
    """Purity Tr rho^2.

    Parameters
    ----------
    rho : qutip.Qobj or array, shape (n, n)
        Density matrix of any number of modes.

    Returns
    -------
    float
        Between 0 and 1; 1 for pure states.

    Raises
    ------
    ParameterError
        If `rho` is no Hermitian matrix.
    """
    return float(np.sum(np.abs(_matrix(rho)) ** 2))


def entropy(rho: Any) -> float:
    """Von Neumann entropy -Tr rho ln rho.

    Parameters
    ----------
    rho : qutip.Qobj or array, shape (n, n)
        Density matrix of any number of modes.

    Returns
    -------
    float
        In nats; 0 for pure states.

    Raises
    ------
    ParameterError
        If `rho` is no Hermitian matrix.
    """
    spectrum = np.linalg.eigvalsh(_matrix(rho))
    # Rounding makes empty levels slightly negative; they carry no entropy.
    spectrum = spectrum[spectrum > 0]
    return float(-(spectrum @ np.log(spectrum)))
