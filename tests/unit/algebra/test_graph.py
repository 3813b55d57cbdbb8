"""Graphs of matrices: what leads where."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.algebra import graph


@pytest.mark.parametrize("size", [3, 30, 90])
def test_places_that_a_start_leads_to(size: int) -> None:
    """Powers of the pattern reach what breadth-first search does."""
    rng = np.random.default_rng(size)
    for density in (0.0, 0.5 / size, 1.0 / size, 2.0 / size):
        drift = rng.normal(size=(size, size)) * (rng.random((size, size)) < density) - np.eye(size)
        for start in (np.zeros(size, dtype=bool), rng.random(size) < 2 / size, np.ones(size, dtype=bool)):
            powers = np.linalg.matrix_power((np.abs(drift) > 0).astype(float) / size, size)
            expected = np.flatnonzero((powers @ start) > 0)
            np.testing.assert_array_equal(graph.reached(drift != 0, start), expected)


def test_patterns_are_those_of_any_member() -> None:
    batch = np.zeros((3, 2, 2, 2))
    batch[1, 0, 0, 1], batch[2, 1, 1, 1] = 1.0, np.nan
    np.testing.assert_array_equal(graph.pattern_of(batch, 2), [[False, True], [False, True]])
    np.testing.assert_array_equal(graph.pattern_of(batch[1, 0], 2), [[False, True], [False, False]])


@pytest.mark.parametrize("size", [1, 2, 12, 60])
def test_parts_in_order_make_a_matrix_block_triangular(size: int) -> None:
    rng = np.random.default_rng(size)
    for density in (0.5 / size, 1.5 / size, 4 / size, 1.0):
        pattern = (rng.random((size, size)) < density) | np.eye(size, dtype=bool)
        parts = graph.downstream_first(pattern)
        np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(size))
        for place, part in enumerate(parts):
            for other in parts[:place]:
                assert not pattern[np.ix_(part, other)].any()
