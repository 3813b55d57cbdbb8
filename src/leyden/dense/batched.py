"""A batch of devices, part by part: from the moments to the merits in one go, so that only merits are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any, TypeVar

import numpy as np

from leyden.arrays import Array, Part, parts_of, parts_within, put_together
from leyden.equations.batches import in_parts
from leyden.memory import members_at_once
from leyden.results import is_over_time, is_per_battery
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import moment_shapes
from leyden.task import Task

__all__ = ["batched", "batched_twice"]

Run = TypeVar("Run")


def batched(
    work: Callable[[Part], dict[str, Array]], task: Task, start: GaussianState | None = None
) -> dict[str, Array]:
    """Values of a batch by the name; the work takes a part of it."""
    shape, tail, others = _about(task, start)
    return in_parts(work, task.equations, shape, tail, times=task.count or None, others=others)


def batched_twice(
    run: Callable[[Part], Run],
    values: Callable[[Run, Part, slice, tuple[int, ...]], dict[str, Array]],
    task: Task,
    start: GaussianState,
    together: int,
) -> dict[str, Array]:
    """Values by the name of a batch of NumPy arrays, of which many members run together and few are looked at."""
    shape, tail, _ = _about(task, start)
    few = members_at_once(task.modes, task.count)

    def pieces() -> Iterator[tuple[Part, dict[str, Array]]]:
        for part in parts_of(shape, max(together, few)):
            found = run(part)
            for inner, members, own in parts_within(part, shape, few):
                yield inner, values(found, inner, members, own)

    if prod(shape) <= few:
        return next(pieces())[1]
    return put_together(pieces(), shape, tail)


def _about(task: Task, start: GaussianState | None) -> tuple[tuple[int, ...], Callable[[str], Any], Sequence[Any]]:
    """Shape of a batch, the axes of each variable behind those, and arrays beside its equations'."""
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

    return shape, tail, (*frequencies, *given)
