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
    """Blocks that cover a batch, each once, with at most so many members.

    Parameters
    ----------
    shape : tuple of int
        Shape of the batch.
    members : int
        Most members of a block, at least 1.

    Returns
    -------
    list of tuple of slice
        One block of everything for a small batch; at least one for any batch.
    """
    if prod(shape) <= members:
        return [(slice(None),) * len(shape)]
    # Cut one axis into slices, take the axes before it point by point and those behind it whole.
    axis = next(axis for axis in range(len(shape)) if prod(shape[axis + 1 :]) <= members)
    width = max(1, members // prod(shape[axis + 1 :]))
    ranges = [[slice(place, place + 1) for place in range(size)] for size in shape[:axis]]
    ranges.append([slice(start, min(start + width, shape[axis])) for start in range(0, shape[axis], width)])
    return [(*block, *(slice(None),) * (len(shape) - axis - 1)) for block in product(*ranges)]


def is_whole(block: Block) -> bool:
    """Whether a block is the whole batch.

    Parameters
    ----------
    block : tuple of slice
        As from `cuts_of`.
    """
    return all(part == slice(None) for part in block)


def cut(value: Any, block: Block) -> Any:
    """Part of an array that belongs to a block.

    Parameters
    ----------
    value : float or array
        Broadcasts against the batch: it may lack leading axes, or have length one along some.
    block : tuple of slice
        As from `cuts_of`.

    Returns
    -------
    float or array
        A view; axes of length one, and numbers, as they are.
    """
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
    """Results of a batch, block by block.

    Parameters
    ----------
    work : callable
        Takes a block and returns arrays by name, which broadcast against the block's shape and their tail.
    shape : tuple of int
        Shape of the batch.
    members : int
        Most members of a block.
    tails : callable
        Takes a result's name and returns its shape behind the batch axes.

    Returns
    -------
    dict of str to array, shape (*shape, ...)
        In memory in the order in which the blocks are.

    Notes
    -----
    Memory: the results, and what one block needs for itself.
    """
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
