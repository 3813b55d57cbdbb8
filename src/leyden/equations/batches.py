"""A large batch of devices, part by part: memory is bounded, and the numbers of a part stay near the processor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from leyden.algebra import on_one_thread
from leyden.arrays import Array, Part, is_concrete, let_memory_be_reused, namespace_of, part_by_part
from leyden.equations.moments import MomentEquations
from leyden.memory import members_at_once

__all__ = ["in_parts", "is_quick"]

# N^4 t of a device below which its products stay far below the 2^18 multiplications that OpenBLAS shares: two modes at
# 1,000 times, or one steady state of a dozen modes.
_QUICK = 20_000
# N^6 b of a batch's steady states, whose operators are one product of some 25 multiplications for each.
_QUICK_STACK = 10_000
# Members from which their arrays are so large that the C library gives each back at once.
_MANY = 256


def in_parts(
    work: Callable[[Part], dict[str, Array]],
    equations: MomentEquations,
    shape: tuple[int, ...],
    tails: Callable[[str], tuple[int, ...]],
    *,
    times: int | None = None,
    others: Sequence[Any] = (),
) -> dict[str, Array]:
    """Results by name of a batch of devices, part by part where it is a large one of NumPy arrays."""
    modes = len(equations.mode_names)
    if not is_quick(modes, shape, times):
        work = on_one_thread(work)
    members = members_at_once(modes, times or 0)
    arrays = (*others, *equations.arrays)
    if prod(shape) > members and all(map(is_concrete, arrays)) and namespace_of(*arrays) is np:
        return part_by_part(work, shape, members, tails)
    if prod(shape) > _MANY:
        let_memory_be_reused()
    return work((slice(None),) * len(shape))


def is_quick(modes: int, shape: tuple[int, ...], times: int | None) -> bool:
    """Whether no product is so large that a linear algebra library would share it between its threads."""
    members = prod(shape)
    if members > 1:
        return times is None and modes**6 * members <= _QUICK_STACK
    return modes**4 * (times or 1) <= _QUICK
