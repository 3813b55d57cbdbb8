"""Blocks in a pool of processes, which are replaced when they die."""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

from leyden.errors import LeydenError, ParameterError
from leyden.interrupts import unbroken
from leyden.runner.job import Job, Report, Task
from leyden.runner.processes import is_main_importable, processes

__all__ = ["Pool", "refuse_given_up", "unsendable"]

# Blocks in flight for each worker: enough to keep it busy while the driver looks elsewhere.
_AHEAD = 2
# Workers that died under a block: after the first it is tried again, after the second alone, and then given up.
_DEATHS_TO_BE_ALONE, _DEATHS_TO_GIVE_UP = 2, 3
# Pools that may break before any block is done, until it is believed that none will do better.
_MOST_BROKEN_POOLS = 2


@dataclass(frozen=True)
class Pool:
    """Processes of our own; where their pool breaks, others take its place."""

    workers: int
    pool: ProcessPoolExecutor
    is_alone = False

    def refuse_unsendable(self, job: Job) -> None:
        """Refuse what cannot be pickled, or was typed in, so that others cannot import it."""
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

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Report]:
        """Compute blocks; those that kill their workers again and again are named after all others are done."""
        queue = _Queue(job, tasks)
        with suppress(BrokenProcessPool):
            yield from queue.run(self.pool, self.workers * _AHEAD)
        while not queue.is_empty:
            queue.refuse_dead_workers()
            with suppress(BrokenProcessPool), processes(self.workers) as another:
                yield from queue.run(another, self.workers * _AHEAD)
        refuse_given_up(queue.given_up)


@dataclass(eq=False)
class _Queue:
    """Blocks that are to come, in flight, or to be tried again because their worker died."""

    job: Job
    untried: Iterator[Task]
    retry: deque[Task] = field(default_factory=deque[Task])
    retry_alone: deque[Task] = field(default_factory=deque[Task])
    given_up: list[Task] = field(default_factory=list[Task])
    deaths: Counter[int] = field(default_factory=Counter[int])
    in_flight: dict[Future[Report], Task] = field(default_factory=dict[Future[Report], Task])
    is_exhausted: bool = False
    reports: int = 0
    broken_pools: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether every block has been reported, or given up."""
        return self.is_exhausted and not (self.retry or self.retry_alone or self.in_flight)

    def run(self, pool: ProcessPoolExecutor, most: int) -> Iterator[Report]:
        """Keep up to `most` blocks in flight until none is left, or the pool breaks."""
        # An interrupt while this is waited for leaves no lock behind, as one within `concurrent.futures.wait` can.
        ended = SimpleQueue[Future[Report]]()
        try:
            while self._launch(pool, most, ended):
                future = ended.get()
                if isinstance(future.exception(), BrokenProcessPool):
                    ended.put(future)  # to be counted with the others
                yield self._finished(future)
        except BrokenProcessPool:
            self.broken_pools += 1
            yield from self._after_a_death(ended)
            raise

    def _launch(self, pool: ProcessPoolExecutor, most: int, ended: SimpleQueue[Future[Report]]) -> bool:
        while len(self.in_flight) < most and (task := self._next()) is not None:
            try:
                with unbroken():
                    future = pool.submit(_compute, self.job, task)
                    self.in_flight[future] = task
                    future.add_done_callback(ended.put)
            except BrokenProcessPool:
                self.retry.appendleft(task)
                raise
            except (EOFError, OSError) as error:
                # The server that forks workers died, or the system has no room for another process.
                self.retry.appendleft(task)
                raise BrokenProcessPool(str(error)) from error
        return bool(self.in_flight)

    def _next(self) -> Task | None:
        if self.retry:
            return self.retry.popleft()
        task = next(self.untried, None)
        self.is_exhausted = task is None
        if task is None and self.retry_alone and not self.in_flight:
            return self.retry_alone.popleft()
        return task

    def _finished(self, future: Future[Report]) -> Report:
        report = future.result()
        del self.in_flight[future]
        self.reports += 1
        return report

    def _after_a_death(self, ended: SimpleQueue[Future[Report]]) -> Iterator[Report]:
        """Blocks that were done all the same; the others go back, each with one death more on its record."""
        for _ in range(len(self.in_flight)):
            future = ended.get()
            if not isinstance(future.exception(), BrokenProcessPool):
                yield self._finished(future)
                continue
            task = self.in_flight.pop(future)
            self.deaths[task.number] += 1
            deaths = self.deaths[task.number]
            if deaths >= _DEATHS_TO_GIVE_UP:
                self.given_up.append(task)
            else:
                (self.retry_alone if deaths >= _DEATHS_TO_BE_ALONE else self.retry).append(task)

    def refuse_dead_workers(self) -> None:
        """Give up where workers die before they have done anything."""
        if self.broken_pools >= _MOST_BROKEN_POOLS and not self.reports:
            raise LeydenError(
                "Argument `workers` must be 1 where others cannot live, but each of them died before its "
                'first block was done. Sweep under `if __name__ == "__main__":`, with functions that can be imported, '
                "and with blocks (`block=`) that fit in memory."
            )


def refuse_given_up(tasks: list[Task]) -> None:
    """Name the blocks that killed every worker that they were given to."""
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


def unsendable(job: Job, reason: str) -> ParameterError:
    """The error of a study that other processes cannot be given."""
    return ParameterError(
        "Argument `build` must be importable by other processes, and so must a measure of your own, but one of "
        f"them is not: {reason}. Define it at the top of a module, or use one process.",
        name="build",
        value=job.recipe.build,
        allowed="be importable",
    )
