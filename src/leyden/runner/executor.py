"""Where blocks are computed: here, in a pool of processes, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Protocol

from leyden.errors import ParameterError
from leyden.numeric import whole_number
from leyden.runner.job import Job, Report, Task

__all__ = ["Executor", "Here", "executor_of"]


class Executor(Protocol):
    """Who computes the blocks."""

    @property
    def is_alone(self) -> bool:
        """Whether this process computes by itself."""
        ...

    def refuse_unsendable(self, job: Job) -> None:
        """Refuse what other processes could not be given, before a store is made for it."""
        ...

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Report]:
        """Compute blocks, taking few of them ahead, and report each as it is done."""
        ...


class Here:
    """This process."""

    is_alone = True

    def refuse_unsendable(self, job: Job) -> None:
        """Refuse nothing: nothing is sent."""

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Report]:
        """Compute blocks one after another."""
        with _one_thread(job):
            yield from map(job.compute, tasks)


@contextmanager
def executor_of(workers: int = 1, scheduler: str | None = None) -> Generator[Executor]:
    """Whoever computes: started at once, and ended with the block whatever happens in it."""
    workers = whole_number("workers", workers, 1)
    if scheduler is not None and workers != 1:
        raise ParameterError.of("workers", "be left out where a scheduler has its own", workers)
    if scheduler is not None:
        from leyden.runner.cluster import Cluster, connected

        with connected(scheduler) as client:
            yield Cluster(scheduler, client)
    elif workers > 1:
        from leyden.runner.pool import Pool
        from leyden.runner.processes import processes

        with processes(workers) as pool:
            yield Pool(workers, pool)
    else:
        yield Here()


@contextmanager
def _one_thread(job: Job) -> Generator[None]:
    """One BLAS thread where results are stored, as workers have it: a study must not depend on who computed it."""
    if job.store is None:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
