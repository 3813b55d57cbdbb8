"""Loops: as many turns as a Python loop takes, whether the count is known before the loop is compiled or not."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

from leyden.algebra import halved, halvings_of, repeated


def doubled(first: Any, second: Any) -> tuple[Any, Any]:
    return first + first, second + first[0]


@pytest.mark.parametrize(
    ("size", "factor"), [(0.0, 5.0), (3.0, 0.0), (0.2, 0.5), (3.0, 1.0), (1e8, 1e8), (1e200, 1e200)]
)
def test_halvings_bring_a_product_below_one(size: float, factor: float) -> None:
    count = halvings_of(size, factor)
    assert isinstance(count, int)
    # Halved alternately: the product itself may be beyond floats.
    assert (size * 0.5 ** (count // 2)) * (factor * 0.5 ** (count - count // 2)) < 1
    assert count < 2 or (size * 0.5 ** (count // 2)) * (factor * 0.5 ** (count - count // 2)) >= 0.25
    if count <= 64:
        assert int(jax.jit(lambda size: halvings_of(size, factor))(size)) == count
    assert halvings_of(float("nan"), 1.0) == 0


@pytest.mark.parametrize("count", [0, 1, 7, 64])
def test_traced_counts_are_counted(count: int) -> None:
    """What is halved and doubled as often is itself, to the last bit; the running sum is that of a geometric series."""
    with jax.enable_x64(True):
        start = np.array([0.3, -1.7])

        def work(start: Any, count: Any) -> tuple[Any, ...]:
            return repeated(doubled, (halved(start, count), halved(start, count)), count)

        whole, total = jax.jit(work)(start, count)
        np.testing.assert_array_equal(whole, start)
        np.testing.assert_allclose(total, halved(start, count) + start[0] * (1 - 0.5**count), rtol=1e-15)
        for one, other in zip(work(start, count), (whole, total), strict=True):
            np.testing.assert_array_equal(one, other)
        slope = jax.jit(jax.jacobian(lambda start: work(start, count)[0]))(start)
        np.testing.assert_array_equal(slope, np.eye(2))
        members = jax.jit(jax.vmap(work, in_axes=(None, 0)))(start, np.array([count, 3]))
        np.testing.assert_array_equal(members[0], [start, start])


def test_there_is_room_for_so_many_halvings() -> None:
    with jax.enable_x64(True):
        assert int(jax.jit(lambda size: halvings_of(size, 1.0))(1e30)) == 65
        assert np.isnan(jax.jit(lambda size: halved(size, halvings_of(size, 1.0)))(1e30))
