"""Who acts on whom: strongly connected components, and which modes a disturbance reaches, nearest first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["components", "influences", "nearest_first", "within"]

Places = NDArray[np.intp]


def influences(drift: Any) -> Any:
    """Graph of the modes: an edge from j to i where mode j acts on mode i.

    Parameters
    ----------
    drift : csr_array, shape (2N, 2N)
        A.

    Returns
    -------
    csr_array, shape (N, N)
        With ones.
    """
    from scipy.sparse import coo_array

    entries = drift.tocoo()
    count = drift.shape[0] // 2
    edges = (entries.col // 2, entries.row // 2)
    graph = coo_array((np.ones(len(entries.data)), edges), shape=(count, count)).tocsr()
    graph.data[:] = 1.0
    return graph


def components(graph: Any) -> tuple[int, Places]:
    """Strongly connected components: modes that act on each other, directly or round about.

    Parameters
    ----------
    graph : csr_array, shape (N, N)
        From `influences`.

    Returns
    -------
    count : int
        Of components; N for a network that is directed throughout.
    labels : array of int, shape (N,)
        Component of each mode.
    """
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
    """Modes that a disturbance of some modes reaches, in the order of a breadth-first walk.

    Parameters
    ----------
    graph : csr_array, shape (N, N)
        From `influences`.
    modes : array of int
        Those that are disturbed.

    Returns
    -------
    array of int
        The disturbed ones first; modes out of reach are not there.
    """
    from scipy.sparse.csgraph import breadth_first_order

    if not len(modes):
        return np.zeros(0, dtype=np.intp)
    count = graph.shape[0]
    order = breadth_first_order(_with_origin(graph, modes), count, return_predecessors=False)
    return np.asarray(order[1:], dtype=np.intp)


def within(graph: Any, modes: Places, links: float) -> Places:
    """Modes at most so many links away from some modes, in ascending order.

    Parameters
    ----------
    graph : csr_array, shape (N, N)
        From `influences`.
    modes : array of int
        Where to begin.
    links : float
        The largest distance.

    Returns
    -------
    array of int
    """
    from scipy.sparse.csgraph import dijkstra

    count = graph.shape[0]
    distances = dijkstra(_with_origin(graph, modes), indices=count, unweighted=True, limit=links + 1)
    return np.flatnonzero(np.isfinite(distances[:count])).astype(np.intp)
