"""The only cutter of batches: a large one falls into parts, and its results are put together again.

Parts keep every axis: what is the same along an axis stays so inside a part. They are worked off one after the other.
Threads were tried and left out: the vector operations of a part take microseconds, and two threads spend more on
handing the interpreter's lock to each other than they win.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import ceil, floor, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Part",
    "bricks",
    "counts_of",
    "cut",
    "is_whole",
    "let_memory_be_reused",
    "part_at",
    "part_by_part",
    "parts_of",
    "parts_within",
    "put_together",
    "runs",
]

Part = tuple[slice, ...]
"""Part of a batch: one slice for each batch axis."""

# C libraries give the memory of a large array back at once and fetch it anew for the next, a page fault for every 4 KB,
# until they have seen an even larger one come and go: this many numbers, 24 MB, which are never touched.
_LARGEST_REUSED = 3 * 2**20
# The cube root of 1000 is 10, though not in floating point.
_ROUNDING = 1e-12


def counts_of(shape: Sequence[int], lengths: Sequence[int]) -> tuple[int, ...]:
    """How many parts of given lengths stand along each axis."""
    return tuple(ceil(size / length) for size, length in zip(shape, lengths, strict=True))


def part_at(number: int, shape: Sequence[int], lengths: Sequence[int]) -> Part:
    """One of the parts of given lengths, shorter at the far edges, in the order in which the last axis runs fastest."""
    slices: list[slice] = []
    for size, length, count in zip(shape[::-1], lengths[::-1], counts_of(shape, lengths)[::-1], strict=True):
        number, position = divmod(number, count)
        slices.append(slice(position * length, min(size, (position + 1) * length)))
    return tuple(slices[::-1])


def runs(shape: Sequence[int], most: int) -> list[int]:
    """Lengths of parts of at most so many members that lie side by side in memory."""
    lengths: list[int] = []
    for size in reversed(shape):
        # The last axes whole as long as there is room, then one in slices, and those before it point by point.
        lengths.append(max(1, min(size, most // prod(lengths))))
    return lengths[::-1]


def bricks(shape: Sequence[int], most: int) -> list[int]:
    """Lengths of parts of at most so many members that are about equally long along all axes."""
    lengths = [1] * len(shape)
    room = max(1, most)
    # Short axes first: what they do not need is room for the long ones.
    for done, axis in enumerate(sorted(range(len(shape)), key=shape.__getitem__)):
        share = max(1, floor(room ** (1 / (len(shape) - done)) * (1 + _ROUNDING)))
        # As many parts as it takes, all about equally long.
        lengths[axis] = ceil(shape[axis] / ceil(shape[axis] / share))
        room //= lengths[axis]
    return lengths


def parts_of(shape: Sequence[int], most: int) -> list[Part]:
    """Parts that cover a batch, each member once, with at most so many members in each."""
    if prod(shape) <= most:
        return [(slice(None),) * len(shape)]
    lengths = runs(shape, most)
    return [part_at(number, shape, lengths) for number in range(prod(counts_of(shape, lengths)))]


def is_whole(part: Part) -> bool:
    """Whether a part is the whole batch."""
    return all(along == slice(None) for along in part)


def cut(value: Any, part: Part) -> Any:
    """The view of an array that belongs to a part; axes of length one, and numbers, as they are."""
    shape = np.shape(value)
    if not shape:
        return value
    behind = part[len(part) - len(shape) :]
    return value[tuple(along if size > 1 else slice(None) for size, along in zip(shape, behind, strict=True))]


def part_by_part(
    work: Callable[[Part], Mapping[str, NDArray[Any]]],
    shape: tuple[int, ...],
    most: int,
    tails: Callable[[str], tuple[int, ...]],
) -> dict[str, NDArray[Any]]:
    """Results by name of a batch, in memory in the order in which those of a part are."""
    return put_together(((part, work(part)) for part in parts_of(shape, most)), shape, tails)


def put_together(
    pieces: Iterable[tuple[Part, Mapping[str, NDArray[Any]]]],
    shape: tuple[int, ...],
    tails: Callable[[str], tuple[int, ...]],
) -> dict[str, NDArray[Any]]:
    """Results by name of a batch from those of its parts, as they come."""
    let_memory_be_reused()
    results: dict[str, NDArray[Any]] = {}
    for part, values in pieces:
        for name, value in values.items():
            if name not in results:
                results[name] = _ordered_like(value, (*shape, *tails(name)))
            results[name][part] = value
    return results


def parts_within(part: Part, shape: Sequence[int], most: int) -> Iterator[tuple[Part, slice, tuple[int, ...]]]:
    """Smaller parts of a part of a batch; each also as places along all axes of the large one as one, and its shape."""
    first = 0
    for small in parts_of([len(range(*one.indices(size))) for one, size in zip(part, shape, strict=True)], most):
        bounds = [one.indices(size)[0] for one, size in zip(part, shape, strict=True)]
        lengths = [len(range(*one.indices(size))) for one, size in zip(part, shape, strict=True)]
        places = [one.indices(length)[:2] for one, length in zip(small, lengths, strict=True)]
        own = tuple(last - begin for begin, last in places)
        count = prod(own)
        whole = tuple(slice(at + begin, at + last) for at, (begin, last) in zip(bounds, places, strict=True))
        yield whole, slice(first, first + count), own
        first += count


@cache
def let_memory_be_reused() -> None:
    """Make the C library keep what arrays of a large batch give back, from now on."""
    np.empty(_LARGEST_REUSED)


def _ordered_like(value: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """An empty array whose axes lie in memory as those of another one do, if that has them all."""
    order = list(range(len(shape)))
    if value.ndim == len(shape) and all(value.strides):
        order.sort(key=lambda axis: -abs(value.strides[axis]))
    empty = np.empty([shape[axis] for axis in order], dtype=value.dtype)
    return empty.transpose(np.argsort(order))
