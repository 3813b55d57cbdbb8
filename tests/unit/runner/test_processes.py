"""Worker processes: what they know, how many threads they have, and that whatever ends them is survived."""

from __future__ import annotations

import _multiprocessing
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from leyden.runner import pool as pools
from leyden.runner import processes as starting
from leyden.runner import tasks_of
from leyden.runner.processes import processes


@pytest.fixture(params=["of this system", "spawn"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How workers start: as here, or as everywhere but on Linux."""
    if request.param == "spawn":
        monkeypatch.setattr(starting, "_context", lambda: multiprocessing.get_context("spawn"))
    return request.param


def threads() -> int:
    np.linalg.solve(np.eye(100), np.eye(100))
    return max(library["num_threads"] for library in threadpool_info())


def blocks_interrupts() -> bool:
    """Whether this process can hear of none, with its handlers as they are or not."""
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN and (
        sys.platform != "linux" or signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    )


def test_workers_have_one_thread_each(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says, here and when the server was started."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with processes(1) as pool:
        assert pool.submit(threads).result() == 1
        assert pool.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"


def test_workers_have_the_environment_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was started for an earlier sweep knows an earlier one."""
    for value in ("first", "second"):
        monkeypatch.setenv("LEYDEN_TEST_OF_WORKERS", value)
        with processes(1) as pool:
            assert pool.submit(os.getenv, "LEYDEN_TEST_OF_WORKERS").result() == value


def test_interrupts_are_the_drivers_affair(method: str) -> None:
    with processes(1) as pool:
        assert pool.submit(blocks_interrupts).result()
    assert not hasattr(signal, "pthread_sigmask") or not signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker is an interpreter of its own")
def test_the_server_has_imported_what_workers_need() -> None:
    """A worker that has done nothing yet knows the modules already, and none of this process's others."""
    sys.modules["a_module_of_this_process"] = sys
    with processes(1) as pool:
        known = pool.submit(modules).result()
    del sys.modules["a_module_of_this_process"]
    assert {"leyden.simulate", "xarray", "zarr"} <= known
    assert "a_module_of_this_process" not in known


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a signal that stops a process")
def test_a_stopped_worker_is_not_waited_for(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It hears nothing any more, and is killed; one of another pool in this process goes on."""
    monkeypatch.setattr(starting, "_SECONDS_TO_LEAVE", 0.1)
    with processes(1) as other:
        there = other.submit(os.getpid).result()
        with processes(1) as pool:
            worker = pool.submit(os.getpid).result()
            os.kill(worker, signal.SIGSTOP)
            pool.submit(os.getpid)
        while is_there(worker):  # until whoever started it has taken notice
            pass
        assert other.submit(os.getpid).result() == there


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def modules() -> set[str]:
    return set(sys.modules)


@pytest.mark.parametrize("error", [EOFError("unexpected EOF"), OSError("no more processes")])
def test_a_worker_that_cannot_be_started_is_started_anew(
    study, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The first two times the system has no room for another process, or the server that forks them is gone."""
    fails = iter([True, True, False])
    start = multiprocessing.process.BaseProcess.start

    def starts(process: Any) -> None:
        if next(fails, False):
            raise error
        start(process)

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", starts)
    monkeypatch.setattr(pools, "_MOST_BROKEN_POOLS", 3)
    case = study(None, 5)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        reports = list(pools.Pool(1, pool).run(case.job, tasks_of(case.points, case.blocks, range(6))))
    assert len(reports) == 6


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers start in other places")
def test_an_interrupt_takes_nothing_from_a_worker_that_has_just_started(
    monkeypatch: pytest.MonkeyPatch, interrupt: Callable[[int], None]
) -> None:
    """One that reads only now what it is to do finds the semaphores that are named there, or complains at length."""
    names, kept = list[str](), list[bool]()
    end = starting._Started.end

    def start(process: Any) -> None:
        # As the true one, which lets go of all that it has sent.
        for queue in process._args[:2]:
            locks = [lock for lock in vars(queue).values() if hasattr(lock, "_semlock")]
            names.extend(lock._semlock.name for lock in locks)
        del process._args, process._kwargs, process._target
        process._popen = SimpleNamespace(pid=None, sentinel=None, poll=lambda: 0)
        interrupt(signal.SIGINT)

    def ended(context: Any) -> None:
        kept.extend(map(is_known, names))
        end(context)

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", start)
    monkeypatch.setattr(starting._Started, "end", ended)
    with pytest.raises(KeyboardInterrupt), processes(1) as pool:
        pool.submit(int)
    assert len(kept) >= 3
    assert all(kept)
    assert not any(map(is_known, names)), "semaphores outlive their pool"


def is_known(semaphore: str) -> bool:
    """Whether another process can open it by its name."""
    try:
        _multiprocessing.SemLock._rebuild(0, 1, 1, semaphore)
    except FileNotFoundError:
        return False
    return True


def test_an_interrupt_waits_until_a_worker_has_started(interrupt: Callable[[int], None]) -> None:
    """One that has got half of what it is to do complains of that, with a traceback."""

    class Process:
        is_whole = False

        def start(self) -> None:
            interrupt(signal.SIGINT)
            self.is_whole = "start" not in vars(self)

    process = starting._Started(SimpleNamespace(Process=Process)).Process()
    with pytest.raises(KeyboardInterrupt):
        process.start()
    assert process.is_whole


def test_a_block_is_handed_out_whole(study, interrupt: Callable[[int], None]) -> None:
    """An interrupt in the midst of it could leave a lock taken, for which the pool's own thread waits for ever."""
    case, handed_out = study(None, 5), list[Future[Any]]()

    class Calls(Future[Any]):
        calls = 0

        def add_done_callback(self, fn: Any) -> None:
            super().add_done_callback(fn)
            interrupt(signal.SIGTERM)
            self.calls += 1

    class Interrupted:
        def submit(self, *_: Any) -> Future[Any]:
            interrupt(signal.SIGINT)
            handed_out.append(Calls())
            return handed_out[-1]

    with pytest.raises(KeyboardInterrupt):
        list(pools.Pool(1, Interrupted()).run(case.job, tasks_of(case.points, case.blocks, range(6))))
    assert [future.calls for future in handed_out] == [1]
