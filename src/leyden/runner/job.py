"""A study cut into tasks: what a worker is given, and what it gives back."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from leyden.errors import LeydenError
from leyden.runner.axes import Points
from leyden.runner.division import Blocks, Place, points_at
from leyden.runner.evaluate import Outcome, evaluate, remedy_of
from leyden.runner.recipe import Recipe, Template
from leyden.runner.store import Store

__all__ = ["Job", "Report", "Task", "tasks_of"]


@dataclass(frozen=True, eq=False)
class Task:
    """One block to compute; it carries its own points, so that a worker needs no others."""

    number: int
    place: Place
    points: Points

    @property
    def ends(self) -> dict[str, Any]:
        """First and last value of each parameter."""
        return {name: (axis.values[0].item(), axis.values[-1].item()) for name, axis in self.points.axes.items()}


def tasks_of(points: Points, blocks: Blocks, numbers: Iterable[int]) -> Iterator[Task]:
    """Blocks as tasks, made one by one as they are asked for."""
    for number in numbers:
        place = blocks.place(number)
        yield Task(number, place, points.part(place))


@dataclass(frozen=True, eq=False)
class Report:
    """What one block came to; without values if they went to a store."""

    place: Place
    outcome: Outcome

    @property
    def points(self) -> int:
        """Number of its points."""
        return points_at(self.place)


@dataclass(frozen=True, eq=False)
class Job:
    """What is the same for all blocks of a study."""

    recipe: Recipe
    template: Template
    store: Store | None
    # Points that are measured at once at most; None for a whole block.
    batch: int | None = None

    def compute(self, task: Task) -> Report:
        """Compute one block and write it; a LeydenError if the machine has no memory or disk for it."""
        started = time.perf_counter()
        try:
            outcome = evaluate(self.recipe, task.points, self.template, self.batch)
        except (MemoryError, OSError) as error:
            raise LeydenError(
                f"Argument `block` must fit the machine, but block {task.number} at {task.ends} ended in "
                f"{type(error).__name__}: {error}. Finished blocks are kept in a store: {remedy_of(error)}, and resume."
            ) from error
        if self.store is not None:
            self.store.write(task.number, task.place, outcome, started)
            outcome.values.clear()
        return Report(task.place, outcome)
