"""Blocks on a Dask cluster: its scheduler hands them out, and again where a worker dies."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from leyden.errors import LeydenError, ParameterError
from leyden.runner.job import Job, Report, Task
from leyden.runner.pool import refuse_deadly, unsendable
from leyden.version import __version__

__all__ = ["connected", "on_cluster", "refuse_unsendable", "silence"]

# Seconds in which a scheduler answers, or is not there.
_ANSWER_WITHIN = 10.0
# Seconds for which a cluster may be without workers: it may be growing, but nobody should wait for nothing.
_WITHOUT_WORKERS = 600.0
# Blocks in flight for each thread of the cluster, and how often the cluster is looked at: it may grow and shrink.
_AHEAD = 3
_LEAST_IN_FLIGHT = 8
_LOOK_EVERY = 5.0
# Whose loggers tell of what a cluster is at.
_TALKATIVE = {"asyncio", "distributed", "tornado"}
# Reports fetched together; without a store they carry results.
_MOST_FETCHED = 64


@contextmanager
def connected(address: str) -> Generator[Any]:
    """A client of a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, for example "tcp://10.0.0.1:8786".

    Yields
    ------
    distributed.Client

    Raises
    ------
    ParameterError
        If the scheduler does not answer within some ten seconds.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ParameterError.of(
            "scheduler",
            "be left out where Dask is not installed",
            address,
            "Install it: pip install 'leyden[cluster]'.",
        ) from None
    try:
        # In a thread, because this one may have an event loop of its own, as notebooks do.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _knock(address)).result()
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
        if name.partition(".")[0] in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)


async def _knock(address: str) -> None:
    """Connect and leave: Dask's own client waits for ever for a scheduler that accepts and then says nothing."""
    from distributed.comm.core import connect
    from distributed.security import Security

    async with asyncio.timeout(_ANSWER_WITHIN):
        secrets: Any = Security().get_connection_args("client")
        comm = await connect(address, timeout=_ANSWER_WITHIN, **secrets)
        await comm.close()


def refuse_unsendable(job: Job) -> None:
    """Refuse a study that a cluster could not be given.

    Parameters
    ----------
    job : Job
        The study.

    Raises
    ------
    ParameterError
        If Dask cannot pickle it. It takes more than `pickle` does: functions that were typed in, too.
    """
    try:
        _packed(job)
    except Exception as error:
        raise unsendable(job, f"{type(error).__name__}: {error}") from None


def on_cluster(job: Job, tasks: Iterator[Task], address: str, client: Any) -> Iterator[Report]:
    """Compute blocks on a Dask cluster.

    Parameters
    ----------
    job : Job
        The study.
    tasks : iterator of Task
        The blocks; never more of them are with the scheduler than keep the cluster busy.
    address : str
        Of the scheduler, for messages.
    client : distributed.Client
        From `connected`.

    Yields
    ------
    Report
        In the order in which they finish.

    Raises
    ------
    LeydenError
        If the scheduler or all workers are lost, or blocks kill their workers again and again.
    """
    try:
        yield from _Flow(client, job, tasks).reports()
    except (CancelledError, TimeoutError, OSError) as error:
        reason = str(error) if isinstance(error, _NoWorkersError) else "it does not answer any more"
        raise LeydenError(
            f"Argument `scheduler` must stay reachable and have workers, but {address!r} was lost: {reason}. Finished "
            "blocks are kept if there is a store: start the cluster again, and resume."
        ) from error
    except ImportError as error:
        raise LeydenError(
            f"Argument `scheduler` must have workers that can import what they need, but one of {address!r} cannot: "
            f"{error}. Install leyden and the modules of your functions there, and resume if there is a store."
        ) from error


class _NoWorkersError(TimeoutError):
    """A cluster without workers for too long."""


class _Flow:
    """Blocks on their way through a cluster."""

    def __init__(self, client: Any, job: Job, tasks: Iterator[Task]) -> None:
        self.client, self.tasks = client, tasks
        self.call = partial(_sent(), __version__, _packed(job))
        self.flying: dict[Any, Task] = {}
        self.landed: SimpleQueue[Any] = SimpleQueue()
        self.deadly: list[Task] = []
        self.most = _LEAST_IN_FLIGHT
        self.looked = self.peopled = time.monotonic()

    def reports(self) -> Iterator[Report]:
        """Submit blocks as others finish, until none is left."""
        from distributed import KilledWorker

        self._look()
        self._submit()
        while self.flying:
            landed = self._landed()
            together = self._fetched(landed)
            for future in landed:
                try:
                    report = together.get(future) or future.result(timeout=_ANSWER_WITHIN)
                except TimeoutError:
                    # Its worker has died since: it is computed again, and lands again.
                    future.add_done_callback(self.landed.put)
                except KilledWorker:
                    self.deadly.append(self.flying.pop(future))
                else:
                    del self.flying[future]
                    future.release()
                    yield report
            if time.monotonic() - self.looked > _LOOK_EVERY:
                self._look()
            self._submit()
        refuse_deadly(self.deadly)

    def _landed(self) -> list[Any]:
        """Blocks that are done by now, some at least if there are any within a while."""
        found: list[Any] = []
        with suppress(Empty):
            found.append(self.landed.get(timeout=_LOOK_EVERY))
            while len(found) < _MOST_FETCHED:
                found.append(self.landed.get_nowait())
        return found

    def _fetched(self, landed: list[Any]) -> dict[Any, Report]:
        """Reports of blocks that are done, in one trip to the cluster: one by one they cost ten times as much."""
        finished = [future for future in landed if future.status == "finished"]
        thread = ThreadPoolExecutor(1)
        try:
            # Dask itself would wait for a worker that has died meanwhile until another one has done its work.
            found = thread.submit(self.client.gather, finished).result(_ANSWER_WITHIN)
            return dict(zip(finished, found, strict=True))
        except Exception:  # one by one it will show whose it is
            return {}
        finally:
            thread.shutdown(wait=False)

    def _submit(self) -> None:
        """Fill up, but some blocks at a time: they cost the scheduler less together than one by one."""
        missing = self.most - len(self.flying)
        if missing < self.most / 4:
            return
        tasks = list(islice(self.tasks, missing))
        if not tasks:
            return
        futures = self.client.map(self.call, list(map(_packed, tasks)), pure=False)
        for future, task in zip(futures, tasks, strict=True):
            self.flying[future] = task
            future.add_done_callback(self.landed.put)

    def _look(self) -> None:
        """Count the cluster's threads; raise if nobody is there."""
        self.looked = time.monotonic()
        threads = sum(self.client.nthreads(callback_timeout=_ANSWER_WITHIN).values())
        if threads:
            self.peopled = self.looked
        elif self.looked - self.peopled > _WITHOUT_WORKERS:
            raise _NoWorkersError(f"it has had no worker for {_WITHOUT_WORKERS:.0f} s")
        self.most = max(_LEAST_IN_FLIGHT, _AHEAD * threads)


def _packed(found: Any) -> bytes:
    """Bytes that mean nothing to Dask: a worker that cannot unpickle a message would leave, and say nothing."""
    from distributed.protocol.pickle import dumps

    return dumps(found)


def _sent() -> Callable[[str, bytes, bytes], Report]:
    """What a worker is sent: a function that travels whole, because no module of that name has it."""

    def call(version: str, job: bytes, task: bytes) -> Report:
        from leyden.runner.payload import compute

        return compute(version, job, task)

    return call
