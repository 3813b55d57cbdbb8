"""Normal modes of a covariance: annihilation operators of independent thermal modes, with their quanta."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import VACUUM_VARIANCE, symplectic_form
from leyden.states.symplectic import quanta_of_modes

__all__ = ["NormalModes", "normal_modes"]

# Largest excess of a state whose cold modes are told apart by what they have above the vacuum.
_WEAK = 0.25
# Roundings by which entries of a covariance are off.
_ROUNDINGS = 16 * 2.0**-53
# Share of n + 1/2 from which on rounding leaves no number.
_LOST = 0.02


class NormalModes(NamedTuple):
    """Operators b_k = sum_i rows_ki r_i with [b_k, b_l^dag] = delta_kl, <b_k b_l> = 0, <b_k^dag b_l> = n_k delta_kl."""

    quanta: NDArray[np.float64]  # n_k about the mean, (..., N), ascending
    rows: NDArray[np.complex128]  # (..., N, 2N)
    rounding: NDArray[np.float64]  # of the quanta, (..., N)
    is_lost: NDArray[np.bool_]  # (...), where rounding of a huge squeezing leaves no more than a bound of them


def normal_modes(excess: NDArray[np.float64], sizes: NDArray[np.float64] | None = None) -> NormalModes:
    """Normal modes of covariances V = S + 1/2, from their excess S; vacuum stands in for what is no state."""
    # `sizes` (..., 2N, 2N) are those of the terms whose sums, rounded, the entries of S are; of the entries by default.
    size = excess.shape[-1]
    is_known: Any = np.isfinite(excess).all(axis=(-2, -1))
    safe = np.where(is_known[..., None, None], excess, 0.0)
    identity, omega = np.eye(size), symplectic_form(size // 2)
    is_state = is_known & (np.linalg.eigvalsh(safe + VACUUM_VARIANCE * identity)[..., 0] > 0)
    safe = np.where(is_state[..., None, None], safe, 0.0)
    quanta, is_lost = quanta_of_modes(safe)
    # With V = L L^T the Hermitian i L^T Omega L has the eigenvalues +-(n_k + 1/2), a gap of at least 1 apart.
    lower = np.linalg.cholesky(safe + VACUUM_VARIANCE * identity)
    upper = np.swapaxes(lower, -1, -2)
    vectors = np.linalg.eigh(1j * (upper @ omega @ lower))[1][..., size // 2 :]
    is_weak: Any = np.max(np.abs(safe), axis=(-2, -1)) <= _WEAK
    if is_weak.any():
        # Cold modes are one eigenvalue there, to rounding; n (n + 1) tells them apart.
        vectors = np.where(is_weak[..., None, None], vectors @ _told_apart(safe, lower, vectors), vectors)
    rows = np.swapaxes(np.linalg.solve(upper.astype(np.complex128), np.conj(vectors)), -1, -2)
    rows = rows * np.sqrt(VACUUM_VARIANCE + quanta)[..., None]
    terms = np.where(is_state[..., None, None], np.abs(excess) if sizes is None else sizes, 0.0)
    rounding = _ROUNDINGS * np.sum((np.abs(rows) @ terms) * np.abs(rows), axis=-1)
    is_lost = is_lost | np.any(rounding > _LOST * (quanta + VACUUM_VARIANCE), axis=-1)
    return NormalModes(quanta, rows, rounding, is_lost | ~is_state)


def _told_apart(excess: Any, lower: Any, vectors: Any) -> Any:
    """Eigenvectors (..., N, N), within given ones, of n (n + 1), from which the vacuum has dropped out."""
    size = excess.shape[-1]
    identity, omega = np.eye(size), symplectic_form(size // 2)
    weak = np.where((np.max(np.abs(excess), axis=(-2, -1)) <= _WEAK)[..., None, None], excess, 0.0)
    inner = np.linalg.solve(identity + 2 * weak, weak) - omega @ weak @ omega
    inner = np.swapaxes(lower, -1, -2) @ ((inner + np.swapaxes(inner, -1, -2)) / 2) @ lower
    within = np.conj(np.swapaxes(vectors, -1, -2)) @ inner @ vectors
    return np.linalg.eigh((within + np.conj(np.swapaxes(within, -1, -2))) / 2)[1]
