"""A large batch, cut into blocks that fit a cache, so that its memory is bounded and its numbers stay near.

Blocks are cut across the leading axes and keep every axis: what is the same along an axis stays so inside a block.
They are worked off one after the other. Threads were tried and left out: the vector operations of a block take
microseconds, and two threads spend more on handing the interpreter's lock to each other than they win.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Block", "cut", "cuts_of", "in_blocks", "is_whole"]

Block = tuple[slice, ...]
"""Part of a batch: one slice for each batch axis."""

# C libraries give the memory of a large array back at once and fetch it anew for the next, a page fault for every 4 KB,
# until they have seen an even larger one come and go: this many numbers, 24 MB, which are never touched.
_LARGEST_REUSED = 3 * 2**20


def cuts_of(shape: tuple[int, ...], members: int) -> list[Block]:
    """Blocks, one slice for each axis, that cover a batch, each member once, with at most so many members in each."""
    if prod(shape) <= members:
        return [(slice(None),) * len(shape)]
    # Cut one axis into slices, take the axes before it point by point and those behind it whole.
    axis = next(axis for axis in range(len(shape)) if prod(shape[axis + 1 :]) <= members)
    width = max(1, members // prod(shape[axis + 1 :]))
    ranges = [[slice(place, place + 1) for place in range(size)] for size in shape[:axis]]
    ranges.append([slice(start, min(start + width, shape[axis])) for start in range(0, shape[axis], width)])
    return [(*block, *(slice(None),) * (len(shape) - axis - 1)) for block in product(*ranges)]


def is_whole(block: Block) -> bool:
    """Whether a block is the whole batch."""
    return all(part == slice(None) for part in block)


def cut(value: Any, block: Block) -> Any:
    """The view of an array that belongs to a block; axes of length one, and numbers, as they are."""
    shape = np.shape(value)
    if not shape:
        return value
    behind = block[len(block) - len(shape) :]
    return value[tuple(part if size > 1 else slice(None) for size, part in zip(shape, behind, strict=True))]


def in_blocks(
    work: Callable[[Block], Mapping[str, NDArray[Any]]],
    shape: tuple[int, ...],
    members: int,
    tails: Callable[[str], tuple[int, ...]],
) -> dict[str, NDArray[Any]]:
    """Results by name of a batch, block by block, in memory in the order in which the blocks are."""
    np.empty(_LARGEST_REUSED)
    results: dict[str, NDArray[Any]] = {}
    for block in cuts_of(shape, members):
        for name, value in work(block).items():
            if name not in results:
                results[name] = _ordered_like(value, (*shape, *tails(name)))
            results[name][block] = value
    return results


def _ordered_like(value: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """An empty array whose axes lie in memory as those of another one do, if that has them all."""
    order = list(range(len(shape)))
    if value.ndim == len(shape) and all(value.strides):
        order.sort(key=lambda axis: -abs(value.strides[axis]))
    empty = np.empty([shape[axis] for axis in order], dtype=value.dtype)
    return empty.transpose(np.argsort(order))
