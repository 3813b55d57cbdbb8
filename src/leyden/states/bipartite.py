"""Thermal quanta of several modes together, of their partial transpose, and of what is left when some are measured.

A weak drive makes squeezing of first order and quanta of second, and the quanta nu - 1/2 of modes together are of
second order, too: taken from S they are rounded like the squeezing. In x and p the product (Omega V Omega^T) V - 1/4,
whose eigenvalues are n (n + 1), is the normal part of S, which is known apart, plus (Omega S Omega^T) S: so they keep
all their digits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leyden.algebra import ladder
from leyden.arrays import Array, held, is_concrete, namespace_of, to_numpy
from leyden.conventions import VACUUM_VARIANCE, quadratures_of, symplectic_form
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import leading_components_of
from leyden.states.mixedness import own_quanta
from leyden.states.symplectic import quanta_of_mode, quanta_of_modes

__all__ = ["quanta_of_state", "quanta_transposed", "quanta_when_measured"]

# Largest excess of several modes whose quanta are told with digits of their own.
_WEAK = 0.25


def quanta_of_state(state: GaussianState, modes: Sequence[int]) -> tuple[Array, Array]:
    """Thermal quanta nu_k - 1/2 of some modes together, shape (..., M), ascending, and where one of them is lost."""
    if len(modes) == 1:
        quanta, is_lost = own_quanta(state, modes[0])
        return quanta[..., None], is_lost
    excess = _cut(state.excess, modes)
    found, is_lost = quanta_of_modes(excess)
    xp = namespace_of(excess)
    largest = xp.max(xp.abs(held(excess)), axis=(-2, -1))
    is_weak = largest <= _WEAK
    if is_concrete(is_weak) and not to_numpy(is_weak).any():
        return found, is_lost
    components = leading_components_of(state)
    count = state.modes
    # Components of the normal part alone: those of the anomalous one come first.
    is_normal = xp.asarray(np.arange(count * (2 * count + 1)) >= count * (count + 1))
    normal = xp.where(is_normal[(..., *(None,) * (components.ndim - 1))], components, 0 * components)
    normal = _cut(ladder.excess_of(normal, count), modes)
    return xp.where(is_weak[..., None], _weak_quanta(excess, normal, is_weak), found), is_lost


def _weak_quanta(excess: Array, normal: Array, is_weak: Array) -> Array:
    """Quanta of weakly excited modes, from the excess and from its normal part."""
    xp = namespace_of(excess, normal)
    size = excess.shape[-1]
    here = is_weak[..., None, None]
    excess, normal = xp.where(here, excess, 0 * excess), xp.where(here, normal, 0 * normal)
    omega, identity = xp.asarray(symplectic_form(size // 2)), xp.eye(size, dtype=xp.float64)
    lower = xp.linalg.cholesky(excess + VACUUM_VARIANCE * identity)
    # (Omega V Omega^T) V - 1/4 between L^T and its inverse is symmetric.
    product = normal + (omega @ excess @ omega.mT) @ excess
    inner = xp.linalg.solve(lower, (lower.mT @ product).mT).mT
    pairs = xp.linalg.eigvalsh((inner + inner.mT) / 2)
    above = (pairs[..., ::2] + pairs[..., 1::2]) / 2
    above = above - xp.minimum(held(above), 0 * held(above))
    return above / (xp.sqrt(VACUUM_VARIANCE**2 + above) + VACUUM_VARIANCE)


def quanta_transposed(state: GaussianState, first: Sequence[int], second: Sequence[int]) -> tuple[Array, Array]:
    """What is above 1/2, or below, in the symplectic eigenvalues of the partial transpose of two groups of modes."""
    both = [*first, *second]
    excess = _cut(state.excess, both)
    xp = namespace_of(excess)
    signs = np.ones(2 * len(both))
    signs[2 * len(first) + 1 :: 2] = -1.0
    return quanta_of_modes(excess * xp.asarray(np.outer(signs, signs)), is_signed=True)


def quanta_when_measured(state: GaussianState, measured: Sequence[int], left: Sequence[int]) -> tuple[Array, Array]:
    """The same of the Schur complement V_B - C^T V_A^{-1} C: modes A are measured, modes B are left."""
    both = [*measured, *left]
    excess, split = _cut(state.excess, both), 2 * len(measured)
    xp = namespace_of(excess)
    cross = excess[..., :split, split:]
    of_measured = excess[..., :split, :split] + VACUUM_VARIANCE * xp.eye(split, dtype=xp.float64)
    rest = excess[..., split:, split:] - cross.mT @ xp.linalg.solve(of_measured, cross)
    rest = (rest + rest.mT) / 2
    if len(left) == 1:
        quanta, is_lost = quanta_of_mode(rest, 0, is_signed=True)
        return quanta[..., None], is_lost
    return quanta_of_modes(rest, is_signed=True)


def _cut(matrix: Array, modes: Sequence[int]) -> Array:
    """Rows and columns of some modes."""
    xp = namespace_of(matrix)
    place = xp.asarray(quadratures_of(list(modes)))
    return xp.take(xp.take(matrix, place, axis=-2), place, axis=-1)
