"""Worker processes: how they start soon, compute with one thread each, and end with the process that started them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context, get_start_method, set_start_method
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

from leyden.interrupts import unbroken

__all__ = ["is_main_importable", "processes"]

# What all workers need, imported once by the server that they are forked from.
_PRELOADED = "leyden.runner.preload"
# A worker that hears that it is over ends within milliseconds.
_SECONDS_TO_LEAVE = 2.0
_BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@contextmanager
def processes(workers: int) -> Generator[ProcessPoolExecutor]:
    """A pool whose workers end at once with the block, an error, an interrupt, or the death of this process."""
    with ExitStack() as stack:
        with unbroken():
            pool = _begin(workers, stack)
        yield pool


def _begin(workers: int, stack: ExitStack) -> ProcessPoolExecutor:
    """Make a pool, and leave its end to the stack."""
    if hasattr(signal, "pthread_sigmask"):
        _start_tracker()  # before the queues of the pool do
    context: Any = _Started(_context())
    # Nothing is ever sent through this pipe: workers hear that it is closed, however this process ends.
    listener, held_here = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_enter, initargs=(listener, dict(os.environ)))

    def end() -> None:
        with unbroken():
            # All that was asked for has come: they need not take leave of every module.
            held_here.close()
            pool.shutdown(wait=False, cancel_futures=True)
            context.end()
            listener.close()

    stack.callback(end)
    stack.enter_context(_without_lost_main())
    if context.get_start_method() == "spawn":
        with _undisturbed():
            for _ in range(workers):
                # It starts a worker, which gets ready before it looks at this.
                pool.submit(int)
    return pool


class _Started:
    """A way to start processes that knows which ones it has started: another thread may have a pool of its own."""

    def __init__(self, context: Any) -> None:
        self._context, self._processes = context, list[Any]()
        # The system forgets a semaphore's name with the last of its records here: a worker that is only now reading
        # what it is to do would not find it, and complain at length. A pool lets go of them earlier.
        self._given = list[Any]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def Process(self, *args: Any, **how: Any) -> Any:
        """What a pool asks for by that name."""
        process = self._context.Process(*args, **how)
        self._processes.append(process)
        self._given.append((args, how))

        def start() -> None:
            del process.start  # it is not to be sent along
            with unbroken():
                process.start()

        process.start = start
        return process

    def end(self) -> None:
        """Wait for all, then kill: one that was stopped, or is lost in a system call, does not hear that it is over."""
        alive = {process.sentinel: process for process in self._processes if process.pid is not None}
        deadline = time.monotonic() + _SECONDS_TO_LEAVE
        while alive and (left := deadline - time.monotonic()) > 0:
            for sentinel in wait(list(alive), left):
                del alive[sentinel]
        for process in alive.values():
            with suppress(OSError):
                process.kill()
        self._given.clear()


def _context() -> Any:
    if sys.platform != "linux":
        return get_context("spawn")
    from multiprocessing import forkserver

    # A server that imports what workers need and does nothing else: this process is never forked, whatever threads it
    # has. The server serves the next sweep, too, and ends with this process.
    context = get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    with _undisturbed():
        forkserver.ensure_running()
    return context


def is_main_importable() -> bool:
    """Whether other processes can import the main module again, by its name or from its file."""
    main = sys.modules["__main__"]
    return getattr(main, "__spec__", None) is not None or os.path.isfile(getattr(main, "__file__", None) or "")


@contextmanager
def _without_lost_main() -> Generator[None]:
    """What comes through a pipe, `python - < script`, has a file by name alone: workers must not look for it."""
    own = vars(sys.modules["__main__"])
    if "__file__" not in own or is_main_importable():
        yield
        return
    file = own.pop("__file__")
    try:
        yield
    finally:
        own["__file__"] = file


@contextmanager
def _undisturbed() -> Generator[None]:
    """Processes that start inside hear of no interrupt: a terminal sends it to all, but it is the driver's affair."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Python's own helper process: when it starts, it lets interrupts through again.
    _start_tracker()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_tracker() -> None:
    """Start Python's helper process, deaf to a terminal that closes: all are told, and pools would complain."""
    from multiprocessing import resource_tracker

    # It ignores the other signals by itself, and keeps this one blocked, as it was when it started.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _enter(listener: Any, environment: Mapping[str, str]) -> None:
    """What a worker does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(listener,), daemon=True).start()
    # The server may be older than the driver's environment is.
    os.environ.update(environment)
    _use_one_thread()
    # Where there is nothing to store, neither may be installed; Windows cannot fork, and has no locks that outlive us.
    with suppress(ImportError, ValueError):
        _make_lock()


def _use_one_thread() -> None:
    """One BLAS thread: more would fight for the cores that the workers share."""
    # This is heard by libraries that are loaded from now on.
    os.environ.update(dict.fromkeys(_BLAS_THREADS, "1"))
    with suppress(ImportError):
        import_module("threadpoolctl").threadpool_limits(1)


def _make_lock() -> None:
    """Have the compressor make its lock."""
    import zarr
    from zarr.codecs import BloscCodec

    usual = get_start_method()
    set_start_method("fork", force=True)
    try:
        zarr.create_array({}, shape=(1,), dtype=bool, compressors=BloscCodec())[...] = True
    finally:
        set_start_method(usual, force=True)


def _end_with(listener: Any) -> None:
    with suppress(EOFError, OSError):
        listener.recv_bytes()
    os._exit(1)
