"""Loops while JAX traces a function: kept as loops, where a Python loop would be written out turn by turn.

A count that depends on numbers is unknown then. JAX has derivatives of both orders, forwards and backwards, of loops
of a known length only: so they have the largest length, and turns that are not needed do nothing.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from leyden.arrays import Array, held, is_concrete, namespace_of

__all__ = ["halved", "halvings_of", "repeated"]

MOST_HALVINGS = 64
"""Halvings that a traced loop has room for."""


def halvings_of(size: Array, factor: float) -> int | Array:
    """How often a size times a factor must be halved to come below 1; 0 for NaN."""
    size = held(size)
    if is_concrete(size):
        number = float(size)
        if number == 0 or factor == 0 or not math.isfinite(number):
            return 0
        # Binary exponents: the product of a stiff rate and a long time may be beyond floats, its logarithm is not.
        return max(0, math.frexp(number)[1] + math.frexp(factor)[1])
    numpy = sys.modules["jax"].numpy
    exponent = numpy.where(size > 0, numpy.frexp(size)[1] + math.frexp(factor)[1], 0)
    # A traced count is at most one more than there is room for: beyond that `halved` says NaN.
    return numpy.clip(exponent if factor > 0 else 0 * exponent, 0, MOST_HALVINGS + 1)


def halved(array: Array, halvings: int | Array) -> Array:
    """An array halved some number of times, exactly; NaN where a traced count is beyond the room for it."""
    if isinstance(halvings, int):
        return array * 0.5**halvings if halvings else array
    numpy = sys.modules["jax"].numpy
    factor = numpy.ldexp(numpy.float64(1.0), -halvings)
    return array * numpy.where(halvings > MOST_HALVINGS, numpy.nan, factor)


def _is_abstract(array: Array) -> bool:
    return not isinstance(array, np.ndarray) and not is_concrete(held(array))


def repeated(turn: Callable[..., tuple[Array, ...]], state: tuple[Array, ...], count: int | Array) -> tuple[Array, ...]:
    """Apply a function of some arrays to its own result some number of times."""
    if isinstance(count, int) and not any(map(_is_abstract, state)):
        for _ in range(count):
            state = turn(*state)
        return state
    jax: Any = sys.modules["jax"]
    xp = namespace_of(*state)
    shapes = jax.eval_shape(turn, *state)
    state = tuple(xp.broadcast_to(array, result.shape) for array, result in zip(state, shapes, strict=True))

    def always(known: tuple[Array, ...], _: Array) -> tuple[tuple[Array, ...], None]:
        return turn(*known), None

    def same(*known: Array) -> tuple[Array, ...]:
        return known

    def perhaps(known: tuple[Array, ...], place: Array) -> tuple[tuple[Array, ...], None]:
        # The turns left out are the first ones: of a member of a batch that JAX made they are computed all the same,
        # and would leave the number range if they came last.
        return jax.lax.cond(place >= MOST_HALVINGS - count, turn, same, *known), None

    if isinstance(count, int):
        return jax.lax.scan(always, state, length=count)[0]
    return jax.lax.scan(perhaps, state, jax.numpy.arange(MOST_HALVINGS))[0]
