"""What makes a study the same: its axes to the last bit; and what is said when it is not."""

from __future__ import annotations

import numpy as np

from leyden.runner import combine, described, differences


def test_axes_in_words() -> None:
    words = described(combine({"a": [1.0, 2.0], "b": [3.0]}))
    assert words["axis a"].startswith("2 values from 1.0 to 2.0 (")
    assert words["order of axes"] == "a, b"
    assert words == described(combine({"a": np.array([1.0, 2.0]), "b": [3.0]}))


def test_the_last_bit_counts() -> None:
    first = described(combine({"a": [1.0, 1.5, 2.0]}))
    second = described(combine({"a": [1.0, np.nextafter(1.5, 2), 2.0]}))
    (change,) = differences(first, second)
    assert change.startswith("axis a was 3 values from 1.0 to 2.0 (")


def test_order_and_dims_count() -> None:
    grid = described(combine({"a": [1.0], "b": [2.0]}))
    assert differences(grid, described(combine({"b": [2.0], "a": [1.0]}))) == ["order of axes was a, b, is b, a"]
    assert len(differences(grid, described(combine({"a": [1.0], "b": [2.0]}, "zip")))) == 2


def test_what_came_and_went_is_told() -> None:
    assert differences({"x": "1", "y": "2"}, {"x": "1", "z": "3"}) == [
        "z was absent, is 3",
        "y was 2, is absent",
    ]
    assert differences({"x": "1"}, {"x": "1"}) == []
