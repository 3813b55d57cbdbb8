"""Places of modes: what is a chain, a ring, a tree or a lattice is seen as one, and no two modes lie on each other."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from leyden.diagram.layout import places_of

CHAIN = list(pairwise(range(6)))
RING = [*pairwise(range(7)), (6, 0)]
LATTICE = [(i, i + 1) for i in range(12) if i % 4 != 3] + [(i, i + 4) for i in range(8)]
FULL = list(combinations(range(8), 2))


def lengths(places, edges) -> list[float]:
    return [float(np.linalg.norm(places[one] - places[two])) for one, two in edges]


@pytest.mark.parametrize(("count", "edges"), [(6, CHAIN), (7, RING), (12, LATTICE), (200, list(pairwise(range(200))))])
def test_neighbours_are_one_apart(count: int, edges) -> None:
    assert lengths(places_of(count, edges, 0, count - 1), edges) == pytest.approx([1.0] * len(edges))


def test_a_chain_runs_to_the_right_from_the_charger_at_its_end() -> None:
    places = places_of(6, CHAIN, 5, 0)
    assert places[:, 1].tolist() == [0.0] * 6
    assert places[:, 0].tolist() == [5.0, 4.0, 3.0, 2.0, 1.0, 0.0]


def test_a_lattice_has_rows_and_columns() -> None:
    places = places_of(12, LATTICE, 5, 0)
    assert sorted(map(tuple, places.tolist())) == sorted((float(x), float(y)) for x in range(4) for y in range(3))


def test_a_ring_with_a_chord_is_none() -> None:
    places = places_of(7, [*RING, (0, 3)], 0, 1)
    assert np.ptp(places[:, 1]) > 0.5


def test_a_tree_grows_away_from_the_charger() -> None:
    places = places_of(5, [(0, 1), (0, 2), (2, 3), (2, 4)], 0, 1)
    assert places[0, 0] < places[1, 0] < places[3, 0]
    assert places[3, 0] == places[4, 0] != places[2, 0]


def test_what_mediates_stands_above() -> None:
    charger, battery, between = places_of(3, [(0, 1), (0, 2), (1, 2)], 0, 1)
    assert charger[1] == battery[1] > between[1]
    assert charger[0] < between[0] < battery[0]


@pytest.mark.parametrize(
    ("count", "edges"),
    [
        (1, []),
        (4, []),
        (9, [(0, other) for other in range(1, 9)]),
        (8, FULL),
        (20, list(combinations(range(20), 2))),
        (30, [(one, (3 * one + 1) % 30) for one in range(30) if one != (3 * one + 1) % 30]),
        (14, [*CHAIN, *[(one + 7, two + 7) for one, two in RING]]),
    ],
    ids=["one", "apart", "star", "full", "full large", "random", "parts"],
)
def test_no_two_modes_lie_on_each_other(count: int, edges) -> None:
    places = places_of(count, edges, 0, count - 1)
    assert np.isfinite(places).all()
    assert min(lengths(places, combinations(range(count), 2)), default=1.0) > 0.4
    assert np.array_equal(places, places_of(count, edges, 0, count - 1))
