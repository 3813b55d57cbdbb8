"""A batch of devices, part by part: from the moments to the merits in one go, so that only merits are kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from leyden.arrays import Array, Part
from leyden.equations.batches import in_parts
from leyden.results import is_over_time, is_per_battery
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import moment_shapes
from leyden.task import Task

__all__ = ["batched"]


def batched(
    work: Callable[[Part], dict[str, Array]], task: Task, start: GaussianState | None = None
) -> dict[str, Array]:
    """Values of a batch by the name; the work takes a part of it."""
    network, equations, frequencies = task.network, task.equations, task.network.frequencies
    given = () if start is None else (start.mean, start.excess)
    shape = np.broadcast_shapes(equations.shape, *map(np.shape, frequencies), () if start is None else start.shape)
    batteries, times = (len(network.batteries),) if network.lists_batteries else (), task.count or None

    moments = moment_shapes(task.modes)

    def tail(name: str) -> tuple[int, ...]:
        if name in moments:
            return task.count, *moments[name]
        time = (times,) if times is not None and is_over_time(name) else ()
        return (*batteries, *time) if is_per_battery(name) else time

    return in_parts(work, equations, shape, tail, times=times, others=(*frequencies, *given))
