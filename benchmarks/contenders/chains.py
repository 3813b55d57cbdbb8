"""Devices of many modes in a row: a directed cascade and a reciprocal chain, by hand, and their exact answers.

In both, the drive's two quadratures do not mix (in the chain after a change of phases), so that everything is known
from two real N x N problems. leyden and the solvers beside it are given the 2N x 2N one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import eig

import leyden as ly
from benchmarks.case import Merits
from benchmarks.measure import largest_error

DRIVE, CASCADE_DAMPING, CHAIN_DAMPING, COUPLING = 0.05, 0.1, 0.2, 0.5
# Modes of a cascade that are held against the exact answer. None of them feels those behind it, and behind them there
# is nothing: each mode of the row passes on less than it gets.
CHECKED = 1000


def cascade(modes: int) -> ly.Network:
    return ly.catalog.cascade(modes, drive=DRIVE, damping=CASCADE_DAMPING)


def reciprocal_chain(modes: int) -> ly.Network:
    return ly.catalog.reciprocal_chain(modes, drive=DRIVE, damping=CHAIN_DAMPING, coupling=COUPLING)


# The equations on paper, in the order x_1, p_1, x_2, p_2, ...


def cascade_losses(modes: int, last: int) -> np.ndarray:
    """Half the total decay rate of the first `modes` modes of `last`: one more shared bath inside than at the ends."""
    baths = np.full(modes, 2.0)
    baths[0] = 1
    if modes == last:
        baths[-1] = 1
    return (CASCADE_DAMPING + baths / 2) / 2


def cascade_by_hand(modes: int) -> tuple[np.ndarray, np.ndarray]:
    """A and D."""
    losses = cascade_losses(modes, modes)
    chain = np.diag(losses) + np.diag(np.full(modes - 1, 0.25), 1) + np.diag(np.full(modes - 1, 0.25), -1)
    passive = np.kron(np.diag(-losses) - np.diag(np.full(modes - 1, 0.5), -1), np.eye(2))
    return _driven(passive), np.kron(chain, np.eye(2))


def chain_by_hand(modes: int) -> tuple[np.ndarray, np.ndarray]:
    """A and D."""
    hop = np.diag(np.full(modes - 1, COUPLING), 1) + np.diag(np.full(modes - 1, COUPLING), -1)
    passive = np.kron(hop, np.array([[0.0, 1.0], [-1.0, 0.0]])) - CHAIN_DAMPING / 2 * np.eye(2 * modes)
    return _driven(passive), CHAIN_DAMPING / 2 * np.eye(2 * modes)


def _driven(passive: np.ndarray) -> np.ndarray:
    drift = passive.copy()
    drift[0, 1] -= 2 * DRIVE
    drift[1, 0] -= 2 * DRIVE
    return drift


def batteries_of(covariance: np.ndarray) -> Merits:
    """Energy and ergotropy of every mode but the first."""
    x = np.arange(2, len(covariance), 2)
    xx, xp, pp = covariance[x, x], covariance[x, x + 1], covariance[x + 1, x + 1]
    energy = (xx + pp - 1) / 2
    return energy, energy - (np.sqrt(xx * pp - xp**2) - 0.5)


# The exact answers.


def merits_of_halves(first: np.ndarray, second: np.ndarray) -> Merits:
    """Energy and ergotropy of modes from the excess variances of two quadratures that do not mix."""
    return (first + second) / 2, ((first - second) / (np.sqrt(0.5 + first) + np.sqrt(0.5 + second))) ** 2 / 2


def exact_cascade(modes: int) -> Merits:
    """By recursion from the first mode on: one way, each covariance follows from those before it; no cancellation."""
    kept = min(modes, CHECKED)
    return merits_of_halves(*(_cascade_variances(kept, modes, sign)[1:] for sign in (-1, 1)))


def _cascade_variances(kept: int, modes: int, sign: int) -> np.ndarray:
    """Excess variance of one quadrature: (l_i + l_j) S_ij = c (S_{i-1, j} + S_{i, j-1}) + Q_ij, by anti-diagonals."""
    losses = cascade_losses(kept, modes)
    losses[0] += sign * 2 * DRIVE
    variances = np.zeros(kept)
    variances[0] = -sign * 2 * DRIVE / (2 * losses[0])
    before = np.zeros(kept)  # S_{i, k - i} at i, for the anti-diagonal k
    before[0] = variances[0]
    for k in range(1, 2 * kept - 1):
        i = np.arange(max(0, k - kept + 1), min(k, kept - 1) + 1)
        # The place i of the anti-diagonal before is S_{i, j-1}; the one at i - 1 is S_{i-1, j}. Outside is nothing.
        beside = np.where(i < k, before[i], 0.0) + np.where(i > 0, before[i - 1], 0.0)
        now = np.zeros(kept)
        now[i] = 0.5 * beside / (losses[i] + losses[k - i])
        if k % 2 == 0:
            variances[k // 2] = now[k // 2]
        before = now
    return variances


def exact_chain(modes: int) -> Merits:
    """By the spectrum of the N x N drift of each quadrature, S = q int e^{At} e_0 e_0^T e^{A^T t} dt.

    With the phases a_j = e^{-i pi/4} (-i)^j c_j the couplings are real and antisymmetric, and the drive adds +-2 eps
    to the first mode's x or p. These eigenvectors are close to orthogonal.
    """
    hop = np.diag(np.full(modes - 1, COUPLING), -1) - np.diag(np.full(modes - 1, COUPLING), 1)
    variances = []
    for sign in (1, -1):
        drift = hop - CHAIN_DAMPING / 2 * np.eye(modes)
        drift[0, 0] += sign * 2 * DRIVE
        rates, vectors = eig(drift)
        start = np.linalg.solve(vectors, np.eye(modes)[:, 0])
        weights = np.outer(start, start.conj()) / -np.add.outer(rates, rates.conj())
        found = np.einsum("ij,ij->i", vectors @ weights, vectors.conj()).real
        variances.append(sign * 2 * DRIVE * found[1:])
    return merits_of_halves(*variances)


def error_of(found: Merits, exact: Merits) -> float:
    """Largest error over the modes that the exact answer covers; a million have theirs at the front."""
    kept = len(exact[0])
    return largest_error([np.asarray(one)[:kept] for one in found], exact)


def from_dataset(run: Any) -> Merits:
    return run.stored_energy.values, run.ergotropy.values


def method_of(run: Any) -> str:
    """Which solver leyden chose, where its Dataset says so."""
    return f"method: {run.attrs['method']}" if "method" in run.attrs else ""
