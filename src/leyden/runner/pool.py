"""Blocks in a pool of processes, which are replaced when they die."""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field

from leyden.errors import LeydenError, ParameterError
from leyden.runner.job import Job, Report, Task
from leyden.runner.processes import is_main_importable, processes

__all__ = ["in_pool", "refuse_deadly", "refuse_unsendable", "unsendable"]

# Blocks in flight for each worker: enough to keep it busy while the driver looks elsewhere.
_AHEAD = 2
# Deaths of workers under a block: after the first it goes out again, after the second it goes out alone.
_ALONE, _DEADLY = 2, 3
# Pools that may break before any block is done, until it is believed that none will do better.
_STILLBORN = 2


def in_pool(job: Job, tasks: Iterator[Task], workers: int, pool: ProcessPoolExecutor) -> Iterator[Report]:
    """Compute blocks in processes of our own.

    Parameters
    ----------
    job : Job
        The study.
    tasks : iterator of Task
        The blocks; some are taken ahead, never all of them.
    workers : int
        Number of processes.
    pool : executor
        From `processes`; if it breaks, others take its place.

    Yields
    ------
    Report
        In the order in which they finish.

    Raises
    ------
    LeydenError
        If blocks kill their workers again and again, after all others are done; or at once if no worker lives.
    """
    queue = _Queue(job, tasks)
    with suppress(BrokenProcessPool):
        yield from queue.run(pool, workers * _AHEAD)
    while not queue.is_empty:
        queue.refuse_stillborn()
        with suppress(BrokenProcessPool), processes(workers) as another:
            yield from queue.run(another, workers * _AHEAD)
    refuse_deadly(queue.deadly)


@dataclass(eq=False)
class _Queue:
    """Blocks that are to come, in flight, or fallen with their worker."""

    job: Job
    fresh: Iterator[Task]
    fallen: deque[Task] = field(default_factory=deque[Task])
    suspects: deque[Task] = field(default_factory=deque[Task])
    deadly: list[Task] = field(default_factory=list[Task])
    deaths: Counter[int] = field(default_factory=Counter[int])
    flying: dict[Future[Report], Task] = field(default_factory=dict[Future[Report], Task])
    is_exhausted: bool = False
    reports: int = 0
    broken_pools: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether every block has been reported, or given up."""
        return self.is_exhausted and not (self.fallen or self.suspects or self.flying)

    def run(self, pool: ProcessPoolExecutor, most: int) -> Iterator[Report]:
        """Keep up to `most` blocks in flight until none is left, or the pool breaks."""
        try:
            while self._launch(pool, most):
                for future in wait(self.flying, return_when=FIRST_COMPLETED).done:
                    yield self._landed(future)
        except BrokenProcessPool:
            self.broken_pools += 1
            yield from self._after_a_death()
            raise

    def _launch(self, pool: ProcessPoolExecutor, most: int) -> bool:
        while len(self.flying) < most and (task := self._next()) is not None:
            try:
                self.flying[pool.submit(_compute, self.job, task)] = task
            except BrokenProcessPool:
                self.fallen.appendleft(task)
                raise
            except (EOFError, OSError) as error:
                # The server that forks workers died, or the system has no room for another process.
                self.fallen.appendleft(task)
                raise BrokenProcessPool(str(error)) from error
        return bool(self.flying)

    def _next(self) -> Task | None:
        if self.fallen:
            return self.fallen.popleft()
        task = next(self.fresh, None)
        self.is_exhausted = task is None
        if task is None and self.suspects and not self.flying:
            return self.suspects.popleft()
        return task

    def _landed(self, future: Future[Report]) -> Report:
        report = future.result()
        del self.flying[future]
        self.reports += 1
        return report

    def _after_a_death(self) -> Iterator[Report]:
        """Blocks that were done all the same; the others go back, each with one death more on its record."""
        wait(self.flying)
        for future, task in list(self.flying.items()):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield self._landed(future)
                continue
            del self.flying[future]
            self.deaths[task.number] += 1
            deaths = self.deaths[task.number]
            (self.deadly if deaths >= _DEADLY else self.suspects if deaths >= _ALONE else self.fallen).append(task)

    def refuse_stillborn(self) -> None:
        """Give up where workers die before they have done anything."""
        if self.broken_pools >= _STILLBORN and not self.reports:
            raise LeydenError(
                "Argument `workers` must be 1 where others cannot live, but each of them died before its "
                'first block was done. Sweep under `if __name__ == "__main__":`, with functions that can be imported, '
                "and with blocks (`block=`) that fit in memory."
            )


def refuse_deadly(tasks: list[Task]) -> None:
    """Name the blocks that killed every worker that they were given to.

    Parameters
    ----------
    tasks : list of Task
        The blocks, none if all is well.

    Raises
    ------
    LeydenError
        If there is one.
    """
    if tasks:
        raise LeydenError(
            f"Argument `workers` must leave each worker enough memory, but {len(tasks)} blocks killed theirs again and "
            f"again, the first of them block {tasks[0].number} at {tasks[0].ends}. All others are done, and kept if "
            "there is a store: resume with fewer workers, or on a larger machine."
        )


def _compute(job: Job, task: Task) -> Report:
    report = job.compute(task)
    # What a function of the user's prints is seen, however its worker ends.
    print(end="", flush=True)
    return report


def refuse_unsendable(job: Job) -> None:
    """Refuse a study that processes of our own could not be given.

    Parameters
    ----------
    job : Job
        The study.

    Raises
    ------
    ParameterError
        If it cannot be pickled, or was typed in, so that others cannot import it.
    """
    reason = ""
    try:
        pickle.dumps(job)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    for function in (job.recipe.build, job.recipe.measure):
        if getattr(function, "__module__", "") == "__main__" and not is_main_importable():
            reason = "it was typed in"
    if reason:
        raise unsendable(job, reason)


def unsendable(job: Job, reason: str) -> ParameterError:
    """The error of a study that other processes cannot be given.

    Parameters
    ----------
    job : Job
        The study.
    reason : str
        Why not.

    Returns
    -------
    ParameterError
    """
    return ParameterError(
        "Argument `build` must be importable by other processes, and so must a measure of your own, but one of "
        f"them is not: {reason}. Define it at the top of a module, or use one process.",
        name="build",
        value=job.recipe.build,
        allowed="be importable",
    )
