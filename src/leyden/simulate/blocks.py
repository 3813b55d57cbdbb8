"""A batch of devices, block by block: memory is bounded, and a block's numbers stay near the processor."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from leyden.backend import Array, Block, cut, in_blocks, is_concrete, namespace_of
from leyden.model.moments import MomentEquations
from leyden.model.network import Network
from leyden.simulate.merits import WHOLE
from leyden.states.gaussian import GaussianState

__all__ = ["batched", "members_at_once"]

# Two-mode devices, and points in time of such devices, that are worked on at once: 2 and 10 MB for each matrix.
_MEMBERS, _POINTS = 16384, 65536

# Takes the equations, the frequencies and the initial state of a part of the batch.
Work = Callable[[MomentEquations, tuple[Any, ...], GaussianState | None], dict[str, Array]]


def members_at_once(modes: int, times: int | None) -> int:
    """Devices of a batch that are worked on at once.

    Parameters
    ----------
    modes : int
        Number N of modes of each.
    times : int or None
        Number of times, if the results have a time axis.

    Returns
    -------
    int
    """
    most = _MEMBERS if times is None else _POINTS // times
    return max(1, 4 * most // modes**2)


def batched(
    work: Work,
    network: Network,
    equations: MomentEquations,
    *,
    start: GaussianState | None = None,
    times: int | None = None,
) -> dict[str, Array]:
    """Results of a batch of devices, in blocks where it is one of NumPy arrays.

    Parameters
    ----------
    work : callable
        Takes the equations, the frequencies and the initial state of a part of the batch, and returns variables by
        name.
    network : Network
        The devices.
    equations : MomentEquations
        Of the whole batch.
    start : GaussianState or None
        State at time 0, which may be a batch, too.
    times : int or None
        Number of times, if the results have a time axis.

    Returns
    -------
    dict of str to array
        With all batch axes where it was cut.
    """
    given = () if start is None else (start.mean, start.excess)
    arrays = (*given, *network.frequencies, *(value for share in equations.shares for value in share.arrays))
    members = members_at_once(len(network.modes), times)
    shapes = map(np.shape, network.frequencies)
    shape = np.broadcast_shapes(equations.shape, *shapes, () if start is None else start.shape)
    is_cut = all(map(is_concrete, arrays)) and namespace_of(*arrays) is np and prod(shape) > members
    if not is_cut:
        return work(equations, tuple(network.frequencies), start)
    several = len(network.batteries) > 1

    def spread(block: Block) -> dict[str, Array]:
        """What a block gives, with all of its axes: a result may not depend on some parameters."""
        inner = tuple(len(range(size)[part]) for size, part in zip(shape, block, strict=True))
        first = start
        if start is not None:
            whole = slice(None)
            first = GaussianState(cut(start.mean, (*block, whole)), cut(start.excess, (*block, whole, whole)))
        found = work(equations.at(block), tuple(cut(value, block) for value in network.frequencies), first)
        full: dict[str, Array] = {}
        for name, value in found.items():
            modes = (len(network.batteries),) if several and not name.startswith("total_") and name not in WHOLE else ()
            tail = () if times is None or name == "is_stable" else (times,)
            full[name] = np.broadcast_to(value, (*inner, *modes, *tail))
        return full

    return in_blocks(spread, shape, members)
