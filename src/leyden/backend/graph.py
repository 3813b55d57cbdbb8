"""Which entries of a vector act on which others: the graph of a matrix, and what it says before anything is solved."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["connected_parts", "downstream_first", "pattern_of", "reached"]

Real = NDArray[np.float64]
Pattern = NDArray[np.bool_]
Places = NDArray[np.intp]

# Rows up to which a graph is followed by hand, before SciPy has looked at it.
_FEW = 40


def pattern_of(array: Real, axes: int) -> Pattern:
    """Where an array with batch axes first is not zero, for any member of the batch."""
    return np.any(array != 0, axis=tuple(range(array.ndim - axes)))


def _graph(pattern: Pattern) -> Any:
    """Sparse matrix with ones where a pattern is true."""
    from scipy.sparse import csr_array

    rows, columns = np.nonzero(pattern)
    starts = np.searchsorted(rows, np.arange(len(pattern) + 1))
    return csr_array((np.ones(len(rows)), columns.astype(np.int32), starts.astype(np.int32)), shape=pattern.shape)


def reached(pattern: Pattern, start: Pattern) -> Places:
    """Places, in ascending order, where x' = A x may become other than zero, those where it starts so among them."""
    size = len(start)
    if size <= _FEW:
        found, before = start, 0
        while before < (now := np.count_nonzero(found)) < size:
            before, found = now, found | pattern[:, found].any(axis=1)
        return np.flatnonzero(found)
    if start.all():
        return np.arange(size)
    from scipy.sparse.csgraph import breadth_first_order

    # One place more, behind the others, from which all of the start is reached.
    arrows = np.zeros((size + 1, size + 1), dtype=np.bool_)
    arrows[:size, :size] = pattern.T
    arrows[size, :size] = start
    order = breadth_first_order(_graph(arrows), size, return_predecessors=False)
    return np.sort(order[1:]).astype(np.intp)


def connected_parts(pattern: Pattern, connection: Literal["weak", "strong"]) -> list[Places]:
    """Places of the parts of a matrix that are connected in some direction, `weak`, or in both, `strong`."""
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(_graph(pattern), connection=connection)
    if count == 1:
        return [np.arange(len(pattern))]
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels, minlength=count)).tolist()
    return [order[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def downstream_first(pattern: Pattern) -> list[Places]:
    """Parts connected in both directions, in an order in which the matrix is block upper triangular."""
    if len(pattern) == 1 or pattern.all():
        return [np.arange(len(pattern))]
    parts = connected_parts(pattern, "strong")
    rows, columns = np.nonzero(pattern)
    rank = np.empty(len(pattern), dtype=np.intp)
    rank[np.concatenate(parts)] = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    # Tarjan's and Pearce's algorithms find the parts in the order of the arrows, or against it; which, is looked up.
    if np.all(rank[rows] <= rank[columns]):
        return parts
    if np.all(rank[rows] >= rank[columns]):
        return parts[::-1]
    return [np.arange(len(pattern))]  # pragma: no cover - an order that neither of the two is
