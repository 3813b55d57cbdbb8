"""Parts: every member once, in its place, and never more than asked for."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.arrays import cut, part_by_part
from leyden.arrays.parts import Part, parts_of

SHAPES = [(), (7,), (0,), (3, 0), (1, 1), (5, 4), (2, 1, 6), (3, 5, 2)]


@pytest.mark.parametrize("members", [1, 2, 5, 7, 1000])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_parts_cover_a_batch_once(shape: tuple[int, ...], members: int) -> None:
    visits = np.zeros(shape, dtype=int)
    for part in parts_of(shape, members):
        assert visits[part].size <= members
        assert visits[part].ndim == len(shape)
        visits[part] += 1
    assert np.all(visits == 1)


def test_parts_broadcast_as_the_whole_does() -> None:
    """A number, a vector along the last axis, a column, and a full array."""
    rng = np.random.default_rng(1)
    values = [2.0, rng.random(6), rng.random((4, 1)), rng.random((4, 6)), rng.random((1, 6))]
    whole = np.broadcast_to(values[0] + values[1] * values[2] - values[3] / values[4], (4, 6))
    for part in parts_of((4, 6), 4):
        a, b, c, d, e = (cut(value, part) for value in values)
        np.testing.assert_array_equal(a + b * c - d / e, whole[part])
    assert cut(values[2], (slice(1, 2), slice(0, 3))).shape == (1, 1)
    assert np.shares_memory(cut(values[3], (slice(1, 2), slice(0, 3))), values[3])


@pytest.mark.parametrize("members", [1, 3, 6, 100])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_results_are_those_of_one_piece(shape: tuple[int, ...], members: int) -> None:
    rng = np.random.default_rng(2)
    given = rng.random((*shape, 3))

    def work(part: Part) -> dict[str, np.ndarray]:
        own = cut(given, (*part, slice(None)))
        return {"sum": np.sum(own, axis=-1), "root": np.sqrt(own), "large": own[..., 0] > 0.5}

    found = part_by_part(work, shape, members, lambda name: (3,) if name == "root" else ())
    expected = work((slice(None),) * len(shape))
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name].dtype == value.dtype
        np.testing.assert_array_equal(found[name], value)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_a_part_raises_comes_through(error: type[BaseException]) -> None:
    seen: list[int] = []

    def work(part: Part) -> dict[str, np.ndarray]:
        seen.append(part[0].start)
        if part[0].start >= 4:
            raise error("in a part")
        return {"value": np.zeros(2)}

    with pytest.raises(error, match="in a part"):
        part_by_part(work, (10,), 2, lambda _: ())
    assert seen == [0, 2, 4]
