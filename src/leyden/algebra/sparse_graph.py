"""Who acts on whom: strongly connected components, and which modes a disturbance reaches, nearest first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["components", "influences", "nearest_first", "parts", "tree", "within"]

Places = NDArray[np.intp]


def influences(drift: Any) -> Any:
    """Graph of the modes: an edge from j to i where mode j acts on mode i."""
    from scipy.sparse import coo_array

    entries = drift.tocoo()
    count = drift.shape[0] // 2
    edges = (entries.col // 2, entries.row // 2)
    graph = coo_array((np.ones(len(entries.data)), edges), shape=(count, count)).tocsr()
    graph.data[:] = 1.0
    return graph


def components(graph: Any) -> tuple[int, Places]:
    """Number and labels (N,) of the strongly connected components: modes that act on each other, if round about."""
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(graph, directed=True, connection="strong")
    return int(count), np.asarray(labels, dtype=np.intp)


def _with_origin(graph: Any, modes: Places) -> Any:
    """The graph with one more node that points at the given modes."""
    from scipy.sparse import csr_array

    count = graph.shape[0]
    indptr = np.append(graph.indptr, graph.indptr[-1] + len(modes))
    indices = np.append(graph.indices, modes)
    return csr_array((np.ones(len(indices)), indices, indptr), shape=(count + 1, count + 1))


def nearest_first(graph: Any, modes: Places) -> Places:
    """Modes that a disturbance of some modes reaches, these first, in the order of a breadth-first walk."""
    from scipy.sparse.csgraph import breadth_first_order

    if not len(modes):
        return np.zeros(0, dtype=np.intp)
    count = graph.shape[0]
    order = breadth_first_order(_with_origin(graph, modes), count, return_predecessors=False)
    return np.asarray(order[1:], dtype=np.intp)


def within(graph: Any, modes: Places, links: float) -> Places:
    """Modes at most so many links away from some modes, in ascending order."""
    from scipy.sparse.csgraph import dijkstra

    count = graph.shape[0]
    distances = dijkstra(_with_origin(graph, modes), indices=count, unweighted=True, limit=links + 1)
    return np.flatnonzero(np.isfinite(distances[:count])).astype(np.intp)


def parts(links: Any) -> Places:
    """Connected part of each node of a graph, from 0, whatever the direction of its edges."""
    from scipy.sparse.csgraph import connected_components

    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)


def tree(links: Any, roots: Places) -> Places:
    """For each node the one before it on a walk from its part's root, whatever the direction of edges; -1 for roots."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    count = links.shape[0]
    pattern = csr_array((np.ones(len(links.indices)), links.indices, links.indptr), shape=links.shape)
    both_ways = (pattern + pattern.T).tocsr()
    labels = parts(both_ways)
    root = np.full(labels.max(initial=-1) + 1, -1, dtype=np.intp)
    root[labels[::-1]] = np.arange(count)[::-1]
    root[labels[roots]] = roots
    _, before = breadth_first_order(_with_origin(both_ways, root), count)
    return np.where(before[:count] == count, -1, before[:count]).astype(np.intp)
