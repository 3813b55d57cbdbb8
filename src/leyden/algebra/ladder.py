"""Moments in the ladder basis: normal and anomalous parts, each with digits of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of

__all__ = [
    "action",
    "basis",
    "before_batch",
    "behind_batch",
    "components_of",
    "dual_basis",
    "excess_of",
    "matrix_of",
    "own_moments",
    "own_places",
    "part_places",
    "parts_of",
]

# A real matrix on quadratures (x1, p1, x2, p2, ...) is a real-linear map of the amplitudes, z -> L z + M z*, and splits
# into its linear part L and its antilinear part M. Of an excess covariance S these are the moments <a_i a_j^dag>, above
# the vacuum, and <a_i a_j>; of a drift they are detunings, couplings and damping, and parametric drives. At weak drive
# M is of first order and L of second, so that next to each other in x and p, S_xx = L + M and S_pp = L - M, energies
# would be rounded like M. Apart, neither rounds the other: A S + S A^T takes products of one linear and one antilinear
# part to M, and the others to L, and every term is as small as their sum.
#
# Two real forms are used: *parts*, shape (..., 4, N, N), Re L, Im L, Re M, Im M of any matrix; and *components*, shape
# (..., d) with d = N (2N + 1), of a symmetric one: Re and Im of M_ij with i <= j, then of L_ij with i < j, then L_ii.

Real = NDArray[np.float64]

# Blocks of the quadratures of two modes: z -> z, i z, z*, i z*.
_BLOCKS = np.array([[[1, 0], [0, 1]], [[0, -1], [1, 0]], [[1, 0], [0, -1]], [[0, 1], [1, 0]]], dtype=np.float64)


def parts_of(matrix: Array) -> Array:
    """Parts Re L, Im L, Re M, Im M, shape (..., 4, N, N), of a real matrix (..., 2N, 2N) on quadratures."""
    xp = namespace_of(matrix)
    xx, xp_, px, pp = (matrix[..., i::2, j::2] for i in (0, 1) for j in (0, 1))
    return xp.stack([xx + pp, px - xp_, xx - pp, xp_ + px], axis=-3) / 2


def matrix_of(parts: Array) -> Array:
    """Real matrix (..., 2N, 2N) on quadratures from its parts (..., 4, N, N)."""
    xp = namespace_of(parts)
    size = parts.shape[-1]
    linear, turning, anti, cross = (parts[..., part, :, :] for part in range(4))
    rows = [
        xp.stack([linear + anti, cross - turning], axis=-1),
        xp.stack([turning + cross, linear - anti], axis=-1),
    ]
    return xp.reshape(xp.stack(rows, axis=-3), (*parts.shape[:-3], 2 * size, 2 * size))


@lru_cache(maxsize=16)
def basis(modes: int) -> Real:
    """Orthogonal symmetric matrices (d, 2N, 2N) of 0, 1 and -1 whose sum weighted with the components is S."""
    kinds = zip(*np.unravel_index(part_places(modes), (4, modes, modes)), strict=True)
    matrices = np.zeros((modes * (2 * modes + 1), 2 * modes, 2 * modes))
    for matrix, (part, i, j) in zip(matrices, kinds, strict=True):
        matrix[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = _BLOCKS[part]
        matrix[2 * j : 2 * j + 2, 2 * i : 2 * i + 2] = _BLOCKS[part].T
    return matrices


@lru_cache(maxsize=16)
def dual_basis(modes: int) -> Real:
    """Symmetric matrices (d, 2N, 2N) whose products with S, summed over all entries, are its components."""
    matrices = basis(modes)
    return matrices / np.sum(matrices**2, axis=(-2, -1), keepdims=True)


@lru_cache(maxsize=16)
def action(modes: int) -> Real:
    """How each part of A acts on the components of S in A S + S A^T, shape (4 N N, d, d)."""
    units = np.eye(4 * modes**2).reshape(-1, 4, modes, modes)
    half = matrix_of(units)[:, None] @ basis(modes)
    rates = (half + np.swapaxes(half, -1, -2)).reshape(len(units), -1, 4 * modes**2)
    return np.swapaxes(rates @ dual_basis(modes).reshape(-1, 4 * modes**2).T, 1, 2).copy()


def components_of(matrix: Array) -> Array:
    """Components (..., d) of a symmetric matrix (..., 2N, 2N) on quadratures."""
    xp = namespace_of(matrix)
    size = matrix.shape[-1]
    dual = xp.asarray(dual_basis(size // 2).reshape(-1, size**2))
    return xp.reshape(matrix, (*matrix.shape[:-2], size**2)) @ dual.T


def excess_of(components: Array, modes: int) -> Array:
    """Symmetric matrix (..., 2N, 2N) on quadratures from its components (d, ...), whose axis leads."""
    xp = namespace_of(components)
    size = 2 * modes
    if components.ndim == 1:
        entries = xp.concat([components, -components, xp.zeros(1, dtype=xp.float64)])
        first, second = (xp.asarray(places) for places in _places(modes))
        with np.errstate(invalid="ignore", over="ignore"):
            return xp.reshape(xp.take(entries, first) + xp.take(entries, second), (size, size))
    known: dict[tuple[int, ...], Array] = {}
    with np.errstate(invalid="ignore", over="ignore"):
        for terms in set(terms_of_entries := _terms(modes)):
            plus, minus, *rest = terms
            known[terms] = components[plus, ...]
            if rest:
                known[terms] = components[plus, ...] + components[minus, ...]
            elif minus >= 0:
                known[terms] = components[plus, ...] - components[minus, ...]
    # An entry for all of the batch is a row of numbers side by side.
    rows = [known[terms] for terms in terms_of_entries]
    whole = xp.reshape(xp.stack(rows), (size, size, *components.shape[1:]))
    return xp.moveaxis(whole, (0, 1), (-2, -1))


@lru_cache(maxsize=16)
def _terms(modes: int) -> tuple[tuple[int, ...], ...]:
    """Each entry of S among the components: (i, -1) for one of them, (i, j) for a difference, (i, j, 1) for a sum."""
    terms: list[tuple[int, ...]] = []
    for column in basis(modes).reshape(-1, 4 * modes**2).T:
        places = sorted(np.flatnonzero(column).tolist(), key=lambda place: -column[place])
        signs = [column[place] for place in places]
        if len(places) == 1:
            terms.append((places[0], -1))
        else:
            terms.append((*places, 1) if signs[1] > 0 else tuple(places))
    return tuple(terms)


@lru_cache(maxsize=16)
def _places(modes: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The two terms of each entry of S among its components, their negatives and a zero."""
    count = modes * (2 * modes + 1)
    pairs = [
        (plus, 2 * count if minus < 0 else minus if rest else minus + count) for plus, minus, *rest in _terms(modes)
    ]
    first, second = np.array(pairs, dtype=np.intp).T
    return first.copy(), second.copy()


@lru_cache(maxsize=16)
def part_places(modes: int) -> NDArray[np.intp]:
    """Where the d components of a symmetric matrix are among its flattened parts (4, N, N)."""
    pairs = [(i, j) for i in range(modes) for j in range(i, modes)]
    places = [(part, i, j) for i, j in pairs for part in (2, 3)]
    places += [(part, i, j) for i, j in pairs if i < j for part in (0, 1)]
    places += [(0, i, i) for i in range(modes)]
    return np.array([(part * modes + i) * modes + j for part, i, j in places], dtype=np.intp)


@lru_cache(maxsize=16)
def own_places(modes: int) -> NDArray[np.intp]:
    """Where the components of each mode by itself are: L_jj, Re M_jj, Im M_jj, shape (N, 3)."""
    whole = modes * (2 * modes + 1)
    pairs = [(i, j) for i in range(modes) for j in range(i, modes)]
    squares = [2 * place for place, (i, j) in enumerate(pairs) if i == j]
    return np.array([(whole - modes + j, place, place + 1) for j, place in enumerate(squares)], dtype=np.intp)


def behind_batch(components: Array) -> Array:
    """Components with their axis behind those of the batch, (d, ...) -> (..., d)."""
    return components if components.ndim == 1 else namespace_of(components).moveaxis(components, 0, -1)


def before_batch(components: Array) -> Array:
    """Components with their axis before those of the batch, (..., d) -> (d, ...)."""
    return components if components.ndim == 1 else namespace_of(components).moveaxis(components, -1, 0)


def own_moments(components: Array, modes: int) -> Array:
    """What components (d, ...) say of each mode by itself: quanta L_jj, Re M_jj, Im M_jj, shape (..., N, 3)."""
    xp: Any = namespace_of(components)
    own = xp.take(components, xp.asarray(own_places(modes).reshape(-1)), axis=0)
    return xp.moveaxis(xp.reshape(own, (modes, 3, *components.shape[1:])), (0, 1), (-2, -1))
