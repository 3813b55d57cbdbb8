"""Linear equations A x = b, for one device or for a batch."""

from __future__ import annotations

import math

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
from leyden.arrays import Array, namespace_of

__all__ = ["solve_linear"]

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
