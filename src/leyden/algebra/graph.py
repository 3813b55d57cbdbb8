"""Which entries of a vector act on which others: the graph of a matrix, and what it says before anything is solved."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["connected_parts", "downstream_first", "of_pattern", "pattern_of", "reached"]

Real = NDArray[np.float64]
Pattern = NDArray[np.bool_]
Places = NDArray[np.intp]
Question = Callable[..., tuple[Places, ...]]

# Rows up to which a graph is followed by hand, before SciPy has looked at it.
_FEW = 40
# Rows up to which the parts of a pattern of 128 kB are kept: the next device is most often one of the same structure.
_KEPT = 1024


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
        is_reached, before = start, 0
        while before < (now := np.count_nonzero(is_reached)) < size:
            before, is_reached = now, is_reached | pattern[:, is_reached].any(axis=1)
        return np.flatnonzero(is_reached)
    if start.all():
        return np.arange(size)
    return of_pattern(_followed, pattern, start.tobytes())[0]


def _followed(pattern: Pattern, starts: bytes) -> tuple[Places]:
    """`reached` of a large pattern."""
    size, start = len(pattern), np.frombuffer(starts, np.bool_)
    from scipy.sparse.csgraph import breadth_first_order

    # One place more, behind the others, from which all of the start is reached.
    arrows = np.zeros((size + 1, size + 1), dtype=np.bool_)
    arrows[:size, :size] = pattern.T
    arrows[size, :size] = start
    order = breadth_first_order(_graph(arrows), size, return_predecessors=False)
    return (np.sort(order[1:]).astype(np.intp),)


def connected_parts(pattern: Pattern, connection: Literal["weak", "strong"]) -> tuple[Places, ...]:
    """Places of the parts of a matrix that are connected in some direction, `weak`, or in both, `strong`."""
    return of_pattern(_connected, pattern, connection)


def downstream_first(pattern: Pattern) -> tuple[Places, ...]:
    """Parts connected in both directions, in an order in which the matrix is block upper triangular."""
    if len(pattern) == 1 or pattern.all():
        return (np.arange(len(pattern)),)
    return of_pattern(_ordered, pattern)


def of_pattern(question: Question, pattern: Pattern, *words: str | bytes) -> tuple[Places, ...]:
    """What a function finds in a pattern of bool, shape (n, n); nobody may write into it, since it is kept."""
    if len(pattern) > _KEPT:
        return question(pattern, *words)
    return _kept(question, len(pattern), np.packbits(pattern).tobytes(), words)


@lru_cache(maxsize=64)
def _kept(question: Question, size: int, packed: bytes, words: tuple[str | bytes, ...]) -> tuple[Places, ...]:
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=size * size)
    return question(bits.reshape(size, size).astype(np.bool_), *words)


def _connected(pattern: Pattern, connection: Literal["weak", "strong"]) -> tuple[Places, ...]:
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(_graph(pattern), connection=connection)
    if count == 1:
        return (np.arange(len(pattern)),)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels, minlength=count)).tolist()
    return tuple(order[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True))


def _ordered(pattern: Pattern) -> tuple[Places, ...]:
    parts = _connected(pattern, "strong")
    rows, columns = np.nonzero(pattern)
    rank = np.empty(len(pattern), dtype=np.intp)
    rank[np.concatenate(parts)] = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    # Tarjan's and Pearce's algorithms find the parts in the order of the arrows, or against it; which, is looked up.
    if np.all(rank[rows] <= rank[columns]):
        return parts
    if np.all(rank[rows] >= rank[columns]):
        return parts[::-1]
    return (np.arange(len(pattern)),)  # pragma: no cover - an order that neither of the two is
