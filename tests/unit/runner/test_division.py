"""Blocks: every point in exactly one, none too large, none much longer than wide."""

from __future__ import annotations

from math import prod

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leyden.runner import Blocks


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(1, 200))
def test_every_point_is_in_exactly_one_block(sizes: list[int], largest: int) -> None:
    blocks = Blocks.of({f"d{place}": size for place, size in enumerate(sizes)}, largest)
    seen = np.zeros(sizes, dtype=int)
    for number in range(blocks.count):
        place = blocks.place(number)
        assert 1 <= prod(part.stop - part.start for part in place.values()) <= largest
        seen[tuple(place.values())] += 1
    assert (seen == 1).all()


def test_blocks_are_compact() -> None:
    """A thousand by a thousand of them, and not one long row: a task carries its part of each axis."""
    blocks = Blocks.of({"a": 10**5, "b": 10**5}, 10**6)
    assert blocks.chunks == {"a": 1000, "b": 1000}
    assert blocks.shape == (100, 100)
    assert Blocks.of({"a": 20, "b": 20, "c": 20}, 1000).chunks == {"a": 10, "b": 10, "c": 10}


def test_short_dims_leave_their_room_to_long_ones() -> None:
    assert Blocks.of({"a": 1000, "b": 2, "c": 4}, 800).chunks == {"a": 100, "b": 2, "c": 4}
    assert Blocks.of({"a": 3, "b": 10**6}, 3 * 10**5).chunks == {"a": 3, "b": 10**5}


def test_parts_of_a_dim_are_about_equally_long() -> None:
    """Not 8 and 1: the second block would cost as much as the first one in overhead."""
    assert Blocks.of({"a": 9}, 8).chunks == {"a": 5}


def test_blocks_are_numbered_with_the_last_dim_fastest() -> None:
    blocks = Blocks({"a": 4, "b": 5}, {"a": 2, "b": 2})
    places = [blocks.place(number) for number in range(blocks.count)]
    assert [(place["a"].start, place["b"].start) for place in places] == [(a, b) for a in (0, 2) for b in (0, 2, 4)]
    assert places[-1] == {"a": slice(2, 4), "b": slice(4, 5)}
