"""Blocks on a Dask cluster: its scheduler hands them out, and again where a worker dies."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from leyden.errors import LeydenError, ParameterError
from leyden.extras import remedy_for
from leyden.runner.job import Job, Report, Task
from leyden.runner.pool import refuse_given_up, unsendable
from leyden.version import __version__

__all__ = ["Cluster", "connected", "silence"]

# Seconds in which a scheduler answers, or is not there.
_ANSWER_WITHIN = 10.0
# Seconds for which a cluster may be without workers: it may be growing, but nobody should wait for nothing.
_WITHOUT_WORKERS = 600.0
# Blocks in flight for each thread of the cluster, and how often the cluster is looked at: it may grow and shrink.
_AHEAD = 3
_LEAST_IN_FLIGHT = 8
_LOOK_EVERY = 5.0
# Whose loggers tell of what a cluster does.
_LOGGERS = {"asyncio", "distributed", "tornado"}
# Reports fetched together; without a store they carry results.
_MOST_FETCHED = 64


@contextmanager
def connected(address: str) -> Generator[Any]:
    """A client of a Dask cluster."""
    try:
        from distributed import Client
    except ImportError:
        raise ParameterError.of(
            "scheduler",
            "be left out where Dask is not installed",
            address,
            remedy_for("cluster"),
        ) from None
    try:
        # In a thread, because this one may have an event loop of its own, as notebooks do.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _refuse_silent(address)).result()
        client = Client(address, timeout=_ANSWER_WITHIN, set_as_default=False)
    except Exception as error:  # whatever answers at that address may answer anything
        reason = str(error).splitlines()[0] if str(error) else f"no answer within {_ANSWER_WITHIN:.0f} s"
        raise ParameterError.of(
            "scheduler", f"be the address of a Dask scheduler that answers ({reason})", address
        ) from None
    try:
        yield client
    finally:
        client.close()


def silence() -> None:
    """Keep Dask from telling of its own failures at length; for programs that tell of them in words of their own."""
    with suppress(ImportError):
        # It sets the levels of its loggers when it is imported, whatever they were.
        import_module("distributed")
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)


async def _refuse_silent(address: str) -> None:
    """Connect and close: Dask's own client waits for ever for a scheduler that accepts and then says nothing."""
    from distributed.comm.core import connect
    from distributed.security import Security

    async with asyncio.timeout(_ANSWER_WITHIN):
        secrets: Any = Security().get_connection_args("client")
        comm = await connect(address, timeout=_ANSWER_WITHIN, **secrets)
        await comm.close()


@dataclass(frozen=True)
class Cluster:
    """The workers of a Dask scheduler."""

    address: str
    client: Any
    is_alone = False

    def refuse_unsendable(self, job: Job) -> None:
        """Refuse what Dask cannot pickle. It takes more than `pickle` does: functions that were typed in, too."""
        try:
            _pickled(job)
        except Exception as error:
            raise unsendable(job, f"{type(error).__name__}: {error}") from None

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Report]:
        """Compute blocks; never more of them are with the scheduler than keep the cluster busy."""
        try:
            yield from _Queue(self.client, job, tasks).reports()
        except (CancelledError, TimeoutError, OSError) as error:
            reason = str(error) if isinstance(error, _NoWorkersError) else "it does not answer any more"
            raise LeydenError(
                f"Argument `scheduler` must stay reachable and have workers, but {self.address!r} was lost: {reason}. "
                "Finished blocks are kept if there is a store: start the cluster again, and resume."
            ) from error
        except ImportError as error:
            raise LeydenError(
                "Argument `scheduler` must have workers that can import what they need, but one of "
                f"{self.address!r} cannot: {error}. Install leyden and the modules of your functions there, and resume "
                "if there is a store."
            ) from error


class _NoWorkersError(TimeoutError):
    """A cluster without workers for too long."""


class _Queue:
    """Blocks that are to come, or in flight on a cluster."""

    def __init__(self, client: Any, job: Job, tasks: Iterator[Task]) -> None:
        self.client, self.tasks = client, tasks
        self.call = partial(_sent(), __version__, _pickled(job))
        self.in_flight: dict[Any, Task] = {}
        self.finished: SimpleQueue[Any] = SimpleQueue()
        self.given_up: list[Task] = []
        self.most = _LEAST_IN_FLIGHT
        self.looked = self.had_workers = time.monotonic()

    def reports(self) -> Iterator[Report]:
        """Submit blocks as others finish, until none is left."""
        from distributed import KilledWorker

        self._count_threads()
        self._submit()
        while self.in_flight:
            finished = self._next_finished()
            together = self._fetched(finished)
            for future in finished:
                try:
                    report = together.get(future) or future.result(timeout=_ANSWER_WITHIN)
                except TimeoutError:
                    # Its worker has died since: it is computed again, and ends again.
                    future.add_done_callback(self.finished.put)
                except KilledWorker:
                    self.given_up.append(self.in_flight.pop(future))
                else:
                    del self.in_flight[future]
                    future.release()
                    yield report
            if time.monotonic() - self.looked > _LOOK_EVERY:
                self._count_threads()
            self._submit()
        refuse_given_up(self.given_up)

    def _next_finished(self) -> list[Any]:
        """Blocks that are done by now, some at least if there are any within a while."""
        futures: list[Any] = []
        with suppress(Empty):
            futures.append(self.finished.get(timeout=_LOOK_EVERY))
            while len(futures) < _MOST_FETCHED:
                futures.append(self.finished.get_nowait())
        return futures

    def _fetched(self, futures: list[Any]) -> dict[Any, Report]:
        """Reports of blocks that are done, in one trip to the cluster: one by one they cost ten times as much."""
        finished = [future for future in futures if future.status == "finished"]
        thread = ThreadPoolExecutor(1)
        try:
            # Dask itself would wait for a worker that has died meanwhile until another one has done its work.
            reports = thread.submit(self.client.gather, finished).result(_ANSWER_WITHIN)
            return dict(zip(finished, reports, strict=True))
        except Exception:  # one by one it will show whose it is
            return {}
        finally:
            thread.shutdown(wait=False)

    def _submit(self) -> None:
        """Fill up, but some blocks at a time: they cost the scheduler less together than one by one."""
        missing = self.most - len(self.in_flight)
        if missing < self.most / 4:
            return
        tasks = list(islice(self.tasks, missing))
        if not tasks:
            return
        futures = self.client.map(self.call, list(map(_pickled, tasks)), pure=False)
        for future, task in zip(futures, tasks, strict=True):
            self.in_flight[future] = task
            future.add_done_callback(self.finished.put)

    def _count_threads(self) -> None:
        """Count the cluster's threads; raise if nobody is there."""
        self.looked = time.monotonic()
        threads = sum(self.client.nthreads(callback_timeout=_ANSWER_WITHIN).values())
        if threads:
            self.had_workers = self.looked
        elif self.looked - self.had_workers > _WITHOUT_WORKERS:
            raise _NoWorkersError(f"it has had no worker for {_WITHOUT_WORKERS:.0f} s")
        self.most = max(_LEAST_IN_FLIGHT, _AHEAD * threads)


def _pickled(message: Any) -> bytes:
    """Bytes that mean nothing to Dask: a worker that cannot unpickle a message would leave, and say nothing."""
    from distributed.protocol.pickle import dumps

    return dumps(message)


def _sent() -> Callable[[str, bytes, bytes], Report]:
    """What a worker is sent: a function that travels whole, because no module of that name has it."""

    def call(version: str, job: bytes, task: bytes) -> Report:
        from leyden.runner.payload import compute

        return compute(version, job, task)

    return call
