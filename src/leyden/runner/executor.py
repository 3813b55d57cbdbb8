"""Where blocks are computed: here, in a pool of processes, or on a Dask cluster; and how fast that goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from leyden.errors import ParameterError
from leyden.numeric import whole_number
from leyden.runner.job import Job, Report, Task

__all__ = ["Crew", "Progress", "crew", "paced"]


@dataclass(frozen=True)
class Crew:
    """Who computes the blocks.

    Parameters
    ----------
    workers : int
        Processes; 1 computes here.
    scheduler : str or None
        Address of a Dask scheduler, which is used instead.
    hands : executor, Client or None
        The processes, or Dask's client, if there are any.
    """

    workers: int
    scheduler: str | None
    hands: Any

    @property
    def is_alone(self) -> bool:
        """Whether this process computes by itself."""
        return self.workers == 1 and self.scheduler is None

    def refuse_unsendable(self, job: Job) -> None:
        """Refuse what other processes could not be given, before a store is made for it.

        Parameters
        ----------
        job : Job
            The study.

        Raises
        ------
        ParameterError
            If the device or the measure cannot be sent to those who compute.
        """
        if self.scheduler is not None:
            from leyden.runner.cluster import refuse_unsendable

            refuse_unsendable(job)
        elif self.workers > 1:
            from leyden.runner.pool import refuse_unsendable

            refuse_unsendable(job)

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Report]:
        """Compute blocks, and report each as it is done.

        Parameters
        ----------
        job : Job
            The study.
        tasks : iterator of Task
            Its blocks, as far as they are to be computed.

        Returns
        -------
        iterator of Report
            In the order in which they finish.

        Raises
        ------
        LeydenError
            If blocks kill their workers again and again, the scheduler is lost, or the machine has no room.
        """
        if self.scheduler is not None:
            from leyden.runner.cluster import on_cluster

            return on_cluster(job, tasks, self.scheduler, self.hands)
        if self.workers == 1:
            return _here(job, tasks)
        from leyden.runner.pool import in_pool

        return in_pool(job, tasks, self.workers, self.hands)


@contextmanager
def crew(workers: int = 1, scheduler: str | None = None) -> Generator[Crew]:
    """Whoever computes, called together at once, and dismissed at the end of the block whatever happens in it.

    Parameters
    ----------
    workers : int
        Processes; 1 computes here.
    scheduler : str or None
        Address of a Dask scheduler, which is used instead.

    Yields
    ------
    Crew

    Raises
    ------
    ParameterError
        If the number of workers makes no sense, or the scheduler does not answer.
    """
    workers = whole_number("workers", workers, 1)
    if scheduler is not None and workers != 1:
        raise ParameterError.of("workers", "be left out where a scheduler has its own", workers)
    if scheduler is not None:
        from leyden.runner.cluster import connected

        with connected(scheduler) as client:
            yield Crew(1, scheduler, client)
    elif workers > 1:
        from leyden.runner.processes import processes

        with processes(workers) as pool:
            yield Crew(workers, None, pool)
    else:
        yield Crew(1, None, None)


def _here(job: Job, tasks: Iterator[Task]) -> Iterator[Report]:
    with _one_thread(job):
        yield from map(job.compute, tasks)


@contextmanager
def _one_thread(job: Job) -> Generator[None]:
    """One BLAS thread where results are stored, as workers have it: a study must not depend on who computed it."""
    if job.store is None:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    Parameters
    ----------
    blocks, done : int
        Number of blocks in all, and finished, earlier sittings included.
    points, measured : int
        Number of points in all, and of those in finished blocks.
    failed : int
        Points that failed in this sitting.
    rate : float
        Points a second, in this sitting.
    remaining : float
        Seconds left at this rate.
    """

    blocks: int
    done: int
    points: int
    measured: int
    failed: int
    rate: float
    remaining: float


def paced(
    reports: Iterator[Report],
    progress: Callable[[Progress], object] | None,
    *,
    blocks: int,
    done: int,
    points: int,
    measured: int,
) -> Iterator[Report]:
    """Pass reports on, and tell how far the sweep is after each.

    Parameters
    ----------
    reports : iterator of Report
        As `Crew.run` gives them.
    progress : callable or None
        Takes a Progress.
    blocks, done : int
        Number of blocks in all, and finished before.
    points, measured : int
        Number of points in all, and in blocks finished before.

    Yields
    ------
    Report
    """
    started, already, failed = time.monotonic(), measured, 0
    for report in reports:
        done, measured, failed = done + 1, measured + report.points, failed + report.outcome.failed
        yield report
        if progress is not None:
            rate = (measured - already) / max(time.monotonic() - started, 1e-9)
            progress(Progress(blocks, done, points, measured, failed, rate, (points - measured) / rate))
