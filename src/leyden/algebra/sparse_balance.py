"""Balancing of a large component: units for its quadratures in which all that acts there and back acts alike.

See `leyden.algebra.balance`; here the graph is sparse, and so are the systems that are solved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["balanced"]

Real = NDArray[np.float64]

# A pair that differs by less than this factor acts alike there and back.
_ALIKE = 4.0
_STEPS, _LARGEST_STEP, _SETTLED = 8, 8.0, 0.5


def _acts_alike(block: Any) -> bool:
    """Whether every pair acts alike there and back: then nothing is to be won."""
    sizes = abs(block).tocsr()
    back = sizes.T.tocsr()
    return (sizes > _ALIKE * back).nnz == 0 and (back > _ALIKE * sizes).nnz == 0


def _outer_sizes(matrix: Any, powers: Real) -> tuple[Real, Real, Real]:
    """Logarithms of the balanced sizes off the diagonal, to the base 2, with where they stand."""
    entries = matrix.tocoo()
    off = (entries.row != entries.col) & (entries.data != 0)
    rows, columns = entries.row[off], entries.col[off]
    return rows, columns, np.log2(np.abs(entries.data[off])) + powers[columns] - powers[rows]


def _added(places: Any, values: Real, count: int) -> Real:
    return np.asarray(np.bincount(places, values, count), dtype=np.float64)


def _solution(rows: Real, columns: Real, weights: Real, right: Real) -> Real:
    """Solution x of sum_j (w_ij + w_ji)(x_i - x_j) = b_i, refined once; the first entry of each part is zero."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import splu

    count = len(right)
    links = coo_array((weights, (rows, columns)), shape=(count, count)).tocsr()
    links = (links + links.T).tocsr()
    degrees = np.asarray(links.sum(axis=1)).reshape(-1)
    grounded = degrees.copy()
    _, first = np.unique(connected_components(links, directed=False)[1], return_index=True)
    grounded[first] += np.maximum(degrees[first], np.finfo(np.float64).tiny)
    place = np.arange(count)
    factors = splu((coo_array((grounded, (place, place)), shape=(count, count)) - links).tocsc())
    rough = factors.solve(right)
    return rough + factors.solve(right - degrees * rough + links @ rough)


def balanced(block: Any, rounding: Any) -> tuple[Any, Any]:
    """A component's drift and rounding in balanced units, powers of two; those given if they are balanced already."""
    count = block.shape[0]
    powers = np.zeros(count)
    if _acts_alike(block):
        return block, rounding
    rows, columns, sizes = _outer_sizes(block, powers)
    right = _added(rows, sizes, count) - _added(columns, sizes, count)
    powers = powers + _solution(rows, columns, np.ones(len(rows)), right)
    for _ in range(_STEPS):
        rows, columns, sizes = _outer_sizes(block, powers)
        squares = np.maximum(np.exp2(2 * (sizes - np.max(sizes))), np.finfo(np.float64).tiny ** 0.5)
        excess = _added(rows, squares, count) - _added(columns, squares, count)
        change = _solution(rows, columns, squares, excess) / (2 * np.log(2.0))
        longest = float(np.max(np.abs(change)))
        if not np.isfinite(longest):
            break
        powers = powers + change * min(1.0, _LARGEST_STEP / max(longest, 1e-300))
        if longest < _SETTLED:
            break
    if not powers.any():
        return block, rounding
    return _rescaled(block, powers), _rescaled(rounding, powers)


def _rescaled(matrix: Any, powers: Real) -> Any:
    from scipy.sparse import csr_array

    whole = np.rint(powers)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    shift = np.clip(whole[matrix.indices] - whole[rows], -4000, 4000).astype(np.int32)
    return csr_array((np.ldexp(matrix.data, shift), matrix.indices, matrix.indptr), shape=matrix.shape)
