"""Balancing: the diagonal similarity that makes a matrix as small, and so as close to a normal one, as it can be.

A chain that passes nine quanta on for each one that it gives back has eigenvectors that grow threefold from mode to
mode, and eigenvalues that rounding of the whole matrix moves by more than themselves. Measured in units that grow along
with them, mode by mode, it is a reciprocal chain. The units are powers of two, so that nothing is rounded; they are
kept as exponents, since over a hundred modes they leave the number range.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["exponents", "rescaled"]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]

# Steps of Newton's method, and of a large matrix; the largest change of an exponent in one step, and one that is small.
_STEPS, _LONG, _FEW_STEPS = 40, 400, 8
_LARGEST_STEP, _SETTLED = 8.0, 0.5
# Exponents by which a pair may differ that acts alike there and back.
_ALIKE = 2.0
_EMPTY = -np.inf


def _laplacian_solution(weights: Real, right: Real, refinements: int = 2) -> Real:
    """Solution x of sum_j w_ij (x_i - x_j) = b_i with sum b = 0, refined; the first entry is zero."""
    size = weights.shape[-1]
    matrix = -weights
    places = np.arange(size)
    matrix[..., places, places] += weights.sum(axis=-1)
    matrix[..., 0, 0] += np.maximum(matrix[..., 0, 0], 1e-300)
    solution = np.linalg.solve(matrix, right[..., None])[..., 0]
    for _ in range(refinements):
        apart = solution[..., :, None] - solution[..., None, :]
        apart *= weights
        left = right - np.sum(apart, axis=-1)
        solution = solution + np.linalg.solve(matrix, left[..., None])[..., 0]
    return np.asarray(solution, dtype=np.float64)


def _weights(sizes: Real, balancing: Real) -> Real:
    """Squares of the balanced entries, the largest scaled to one."""
    powers = sizes + balancing[..., None, :]
    powers -= balancing[..., :, None]
    powers -= powers.max(axis=(-2, -1), keepdims=True)
    powers *= 2
    return np.exp2(powers, out=powers)


def exponents(matrices: Real) -> tuple[Real, Real]:
    """Exponents x (m, n) for which A_ij 2^(x_j - x_i) off the diagonal are smallest, and log2 |A_ij| (m, n, n)."""
    count = matrices.shape[-1]
    places = np.arange(count)
    with np.errstate(divide="ignore"):
        sizes = np.log2(np.abs(matrices))
    sizes[..., places, places] = _EMPTY
    felt = np.isfinite(sizes)
    levels = np.where(felt, sizes, 0.0)
    balancing = np.zeros(matrices.shape[:-1])
    # What acts alike there and back, pair by pair, is balanced. Rows that weigh as much as their columns need not be:
    # inside of a chain they always do.
    open_ = np.any((felt != felt.mT) | (np.abs(levels - levels.mT) > _ALIKE), axis=(-2, -1))
    if not open_.any():
        return balancing, sizes
    # First by least squares of the logarithms, which is exact on trees and rings; then Newton's method on the sum of
    # the squares, which is convex in x (Osborne, J. ACM 7, 338, 1960; Kalantari, Khachiyan and Shokoufandeh, SIAM J.
    # Matrix Anal. Appl. 18, 450, 1997). What comes out need not be the best: no answer depends on it, only how well it
    # is known.
    excess = levels[open_].sum(axis=-1) - levels[open_].sum(axis=-2)
    del levels
    balancing[open_] = _laplacian_solution(felt[open_].astype(np.float64) + felt[open_].mT, excess)
    for _ in range(_STEPS if count < _LONG else _FEW_STEPS):
        if not open_.any():
            break
        step = _step(_weights(sizes[open_], balancing[open_]))
        balancing[open_] += step
        open_[open_] = np.max(np.abs(step), axis=-1) > _SETTLED
    return balancing, sizes


def _step(squares: Real) -> Real:
    """One step of Newton's method, not too long a one."""
    floor = np.finfo(float).tiny ** 0.5
    weights = np.where(squares > 0, np.maximum(squares, floor), 0.0)
    excess = squares.sum(axis=-1) - squares.sum(axis=-2)
    try:
        step = _laplacian_solution(weights + weights.mT, excess, 0) / (2 * np.log(2.0))
    except np.linalg.LinAlgError:
        return np.zeros_like(excess)
    longest = np.max(np.abs(step), axis=-1, keepdims=True)
    return np.where(np.isfinite(longest), step * np.minimum(1.0, _LARGEST_STEP / np.maximum(longest, 1e-300)), 0.0)


def rescaled(matrices: Real, powers: Any) -> Real:
    """A_ij 2^(x_j - x_i) for whole x, exactly, shape (m, n, n)."""
    whole: Whole = np.asarray(powers, dtype=np.int64)
    shift = np.clip(whole[..., None, :] - whole[..., :, None], -4000, 4000).astype(np.int32)
    # Towards zero in two halves: a large entry of a small column may pass outside the number range in one.
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(matrices, shift)
