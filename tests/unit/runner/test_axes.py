"""Points of a sweep: their count, their order, and parts of them."""

from __future__ import annotations

from leyden.runner import Range, combine


def test_a_part_has_the_values_of_its_place() -> None:
    found = combine({"a": [1, 2], "b": Range(0, 1, 3), "c": [1j, 2.0]}).part({"a": slice(1, 2), "b": slice(0, 2)})
    assert [found.axes[name].values.tolist() for name in "abc"] == [[2], [0.0, 0.5], [1j, 2.0]]
    assert found.sizes == {"a": 1, "b": 2, "c": 2}


def test_points_are_counted_with_the_last_dim_fastest() -> None:
    found = combine({"a": [1.0, 2.0], "b": [10.0, 20.0, 30.0]})
    points = [tuple(axis.values.item() for axis in found.point(number).axes.values()) for number in range(6)]
    assert points == [(a, b) for a in (1.0, 2.0) for b in (10.0, 20.0, 30.0)]
