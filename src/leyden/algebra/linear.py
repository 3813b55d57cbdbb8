"""Linear equations A x = b, for one device or for a batch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

__all__ = ["in_batch", "solve_linear", "solved"]

Real = NDArray[np.float64]

# Unknowns up to which a batch is eliminated.
_ELIMINATED_UNKNOWNS = 16


def solve_linear(matrix: Array, right: Array) -> Array:
    """Solution x, (..., n), of A x = b."""
    xp = namespace_of(matrix, right)
    size = right.shape[-1]
    batch = np.broadcast_shapes(matrix.shape[:-2], right.shape[:-1])
    if xp is not np or size > _ELIMINATED_UNKNOWNS or math.prod(batch) < LEAST_BATCH:
        return _solve_stack(xp, xp.broadcast_to(matrix, (*batch, size, size)), xp.broadcast_to(right, (*batch, size)))
    parts = innermost(matrix, (*batch, size, size), 2), innermost(right, (*batch, size), 1)
    return outermost(in_batch(_eliminate, _solve_stack, *parts), batch, 1)


def _solve_stack(xp: Any, matrix: Array, right: Array) -> Array:
    return xp.linalg.solve(matrix, right[..., None])[..., 0]


def _eliminate(matrix: Real, right: Real) -> tuple[Real, Real]:
    solution = eliminate(matrix, right)
    return solution, linear_error(matrix, right, solution)


def in_batch(first: Callable[..., tuple[Real, Real]], solve: Callable[..., Any], *arrays: Real) -> Real:
    """A large batch, innermost, block by block: a `first` solution with its backward error, pivots where in doubt."""
    solution = np.empty(arrays[-1].shape)
    for block, parts in blocks_of(*arrays):
        with np.errstate(all="ignore"):
            values, error = first(*parts)
        doubtful = ~(error < TRUSTED_RESIDUAL)
        if doubtful.any():
            members = (np.moveaxis(part[..., doubtful], -1, 0) for part in parts)
            values[..., doubtful] = np.moveaxis(pivoted(solve, *members), 0, -1)
        solution[..., block] = values
    return solution


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
