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

__all__ = ["Block", "cut", "cuts_of", "in_blocks"]

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
    work: Callable[[Block], Mapping[str, NDArray[Any]]], shape: tuple[int, ...], members: int
) -> dict[str, NDArray[Any]]:
    """Results of a batch, block by block.

    Parameters
    ----------
    work : callable
        Takes a block and returns arrays by name, all of whose first axes are the block's.
    shape : tuple of int
        Shape of the batch.
    members : int
        Most members of a block.

    Returns
    -------
    dict of str to array, shape (*shape, ...)

    Notes
    -----
    Memory: the results, and what one block needs for itself.
    """
    blocks = cuts_of(shape, members)
    if len(blocks) == 1:
        return dict(work(blocks[0]))
    np.empty(_LARGEST_REUSED)
    first = work(blocks[0])
    results = {name: np.empty((*shape, *value.shape[len(shape) :]), dtype=value.dtype) for name, value in first.items()}
    for block in blocks:
        for name, value in (first if block is blocks[0] else work(block)).items():
            results[name][block] = value
    return results
