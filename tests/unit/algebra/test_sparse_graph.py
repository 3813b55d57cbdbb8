"""Who acts on whom, on a drift of which every link is known."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from leyden.algebra.sparse_graph import components, influences, nearest_first, within


def drift_of(links: list[tuple[int, int]], modes: int) -> csr_array:
    """A drift with a damped mode for each, and a link from the first mode of each pair to the second."""
    drift = -np.eye(2 * modes)
    for first, second in links:
        drift[2 * second, 2 * first + 1] = 0.5
    return csr_array(drift)


# 0 -> 1 -> 2 -> 0 go round; 2 -> 3 -> 4 leads out of it; 5 feeds the ring and 6 is alone.
LINKS = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (5, 0)]
GRAPH = influences(drift_of(LINKS, 7))


def test_edges_point_where_modes_act() -> None:
    found = {(int(a), int(b)) for a, b in zip(*GRAPH.nonzero(), strict=True) if a != b}
    assert found == set(LINKS)
    assert set(GRAPH.data.tolist()) == {1.0}


def test_only_modes_that_act_back_are_one_component() -> None:
    count, labels = components(GRAPH)
    assert count == 5
    assert len({int(label) for label in labels[:3]}) == 1
    assert len({int(label) for label in labels}) == 5


def test_modes_in_reach_come_nearest_first() -> None:
    assert nearest_first(GRAPH, np.array([0])).tolist() == [0, 1, 2, 3, 4]
    assert nearest_first(GRAPH, np.array([3, 6])).tolist() in ([3, 6, 4], [6, 3, 4])
    assert nearest_first(GRAPH, np.array([4])).tolist() == [4]
    assert nearest_first(GRAPH, np.zeros(0, dtype=int)).tolist() == []


def test_distances_count_links() -> None:
    expected = {0: [5], 1: [0, 5], 2: [0, 1, 5], 4: [0, 1, 2, 3, 5], 9: [0, 1, 2, 3, 4, 5]}
    for links, modes in expected.items():
        assert within(GRAPH, np.array([5]), links).tolist() == modes
    assert within(GRAPH, np.array([2, 6]), 1).tolist() == [0, 2, 3, 6]
