"""Linear equations A x = b, for one device or for a batch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from leyden.algebra.elimination import (
    LEAST_BATCH,
    TRUSTED_RESIDUAL,
    blocks_of,
    eliminate,
    innermost,
    linear_error,
    outermost,
)
from leyden.arrays import Array, namespace_of, to_numpy

__all__ = ["pivoted", "solve_linear", "solved"]

# Unknowns up to which a batch is eliminated.
_ELIMINATED_UNKNOWNS = 16


def solve_linear(matrix: Array, right: Array) -> Array:
    """Solution x, (..., n), of A x = b."""
    # A large batch of small systems is eliminated with the batch innermost and without pivots; members whose backward
    # error is above 1e-14 are solved again by LAPACK, which solves all others.
    xp = namespace_of(matrix, right)
    size = right.shape[-1]
    batch = np.broadcast_shapes(matrix.shape[:-2], right.shape[:-1])
    if xp is not np or size > _ELIMINATED_UNKNOWNS or math.prod(batch) < LEAST_BATCH:
        matrix, right = xp.broadcast_to(matrix, (*batch, size, size)), xp.broadcast_to(right, (*batch, size))
        return xp.linalg.solve(matrix, right[..., None])[..., 0]
    inner_matrix, inner_right = innermost(matrix, (*batch, size, size), 2), innermost(right, (*batch, size), 1)
    solution = np.empty(inner_right.shape)
    for block, (one, other) in blocks_of(inner_matrix, inner_right):
        with np.errstate(all="ignore"):
            found = eliminate(one, other)
            doubtful = ~(linear_error(one, other, found) < TRUSTED_RESIDUAL)
        if doubtful.any():
            stack = np.moveaxis(one[..., doubtful], -1, 0), other[:, doubtful].T[..., None]
            found[:, doubtful] = np.linalg.solve(*stack)[..., 0].T
        solution[:, block] = found
    return outermost(solution, batch, 1)


def solved(xp: Any, solve: Callable[..., Array], *stacks: Array, otherwise: Callable[..., Any] | None = None) -> Array:
    """A stacked solve of any array library, and NumPy's, or another way, where that stops at a singular member."""
    if xp is np:
        return pivoted(solve, *stacks)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            return solve(xp, *stacks)
    except np.linalg.LinAlgError:
        numbers = map(to_numpy, stacks)
        return xp.asarray(pivoted(solve, *numbers) if otherwise is None else otherwise(*numbers))


def pivoted(solve: Callable[..., Any], *stacks: Any) -> Any:
    """NumPy's stacked solve; exactly singular members come back as NaN and do not spoil the others."""
    try:
        return solve(np, *stacks)
    except np.linalg.LinAlgError:
        if len(stacks[0]) == 1:
            return np.full_like(stacks[-1], np.nan)
        half = len(stacks[0]) // 2
        parts = (slice(half), slice(half, None))
        return np.concatenate([pivoted(solve, *(stack[part] for stack in stacks)) for part in parts])
