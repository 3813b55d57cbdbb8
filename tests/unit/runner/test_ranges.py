"""Ranges: their points, fractions of the way, and every refusal."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.runner import Range


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Range(0, 1, 5), np.linspace(0, 1, 5)),
        (Range(0.1, 1000, 5, "log"), np.geomspace(0.1, 1000, 5)),
        (Range(3, -1, 3), [3.0, 1.0, -1.0]),
        (Range(2, 5, 1), [2.0]),
        (Range(np.float64(1), np.int64(2), np.int64(2)), [1.0, 2.0]),
    ],
)
def test_ranges(found: Range, expected: list[float]) -> None:
    np.testing.assert_array_equal(found.values(), expected)


@pytest.mark.parametrize("spacing", ["linear", "log"])
def test_fractions_of_a_range(spacing: str) -> None:
    """The ends belong to it exactly; the middle is the arithmetic or the geometric mean."""
    found = Range(0.5, 8, spacing=spacing).at(np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(found, [0.5, {"linear": 4.25, "log": 2.0}[spacing], 8.0], rtol=1e-15)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("start", ("0", 1, 2)),
        ("start", (True, 1, 2)),
        ("stop", (0, np.inf, 2)),
        ("stop", (0, None, 2)),
        ("start", (0, 1, 2, "log")),
        ("stop", (1, -1, 2, "log")),
        ("points", (0, 1, 0)),
        ("points", (0, 1, 2.5)),
        ("points", (0, 1, True)),
        ("points", (0, 1, "3")),
        ("spacing", (0, 1, 2, "quadratic")),
    ],
)
def test_ranges_are_checked(refuses, name: str, arguments: tuple) -> None:
    refuses(name, lambda: Range(*arguments))


def test_a_range_without_points_has_no_values(refuses) -> None:
    refuses("points", lambda: Range(0, 1).values())
