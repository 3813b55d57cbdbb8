"""A batch of devices, part by part: from the moments to the merits in one go, so that only merits are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from leyden.arrays import Array, Part, cut
from leyden.equations.batches import in_parts
from leyden.equations.moments import MomentEquations
from leyden.model.network import Network
from leyden.results import is_over_time, is_per_battery
from leyden.states.gaussian import GaussianState

__all__ = ["batched"]


def batched(
    work: Callable[[Part, tuple[Any, ...]], dict[str, Array]],
    network: Network,
    equations: MomentEquations,
    *,
    start: GaussianState | None = None,
    times: int | None = None,
) -> dict[str, Array]:
    """Results of a batch of devices, part by part where it is one of NumPy arrays.

    Parameters
    ----------
    work : callable
        Takes a part of the batch and its frequencies, and returns variables by name.
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
    frequencies = tuple(network.frequencies)
    given = () if start is None else (start.mean, start.excess)
    shapes = (equations.shape, *map(np.shape, frequencies), () if start is None else start.shape)
    batteries, several = len(network.batteries), network.lists_batteries

    def tail(name: str) -> tuple[int, ...]:
        time = (times,) if times is not None and is_over_time(name) else ()
        return (batteries, *time) if several and is_per_battery(name) else time

    def on_part(part: Part) -> dict[str, Array]:
        return work(part, tuple(cut(value, part) for value in frequencies))

    shape = np.broadcast_shapes(*shapes)
    return in_parts(on_part, equations, shape, tail, times=times, others=(*frequencies, *given))
