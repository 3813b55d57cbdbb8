"""Sweeps whose processes are killed, by `leyden sweep` as a user runs it: nothing is lost, and not a bit is changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xarray as xr

from leyden.runner import Store

STUDY = """\
device = "two_photon_battery"
[axes.drive]
start = 0.001
stop = 0.2
points = 1000
[axes.charger_damping]
start = 0.01
stop = 1.0
points = 800
"""
TASKS = Path("/proc/self/task")

pytestmark = pytest.mark.skipif(not TASKS.exists(), reason="needs /proc to find the workers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, and what it comes to undisturbed in one process."""
    folder = tmp_path_factory.mktemp("studies")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    finish(folder, "whole.zarr")
    return folder


def start(folder: Path, store: str, *words: str, program: tuple[str, ...] = ("-m", "leyden")) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *program, "sweep", "study.toml", "--out", store, *words],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(folder: Path, store: str) -> None:
    """Go on in one process until all is done."""
    process = start(folder, store, "--resume")
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 0, complaint


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.002)


def done(folder: Path, store: str) -> dict[Path, int]:
    """The files of the finished blocks, and when they were written."""
    return {path: path.stat().st_mtime_ns for path in (folder / store / "ledger").glob("block-*.json")}


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def family(process: int) -> list[int]:
    """All that it started, and they in turn."""
    return [each for child in children(process) for each in (child, *family(child))]


def server(process: subprocess.Popen[str]) -> int:
    """Its child that forks workers."""
    words = b"multiprocessing.forkserver"
    return next(child for child in children(process.pid) if words in Path(f"/proc/{child}/cmdline").read_bytes())


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Those that compute."""
    return children(server(process))


def is_alive(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def assert_same_bits(folder: Path, store: str) -> None:
    whole, found = (Store.at(folder / name).open() for name in ("whole.zarr", store))
    assert list(whole.variables) == list(found.variables)
    for name in whole.variables:
        assert whole[name].values.tobytes() == found[name].values.tobytes(), name
    xr.testing.assert_identical(whole.drop_attrs(), found.drop_attrs())
    assert not list((folder / store).rglob("*.partial"))


@pytest.mark.parametrize("words", [[], ["--workers", "2"]], ids=["alone", "pool"])
def test_a_killed_driver(folder: Path, words: list[str]) -> None:
    """SIGKILL in mid-run: its workers end as well, finished blocks stay as they are, the end is the same."""
    store = f"killed{len(words)}.zarr"
    process = start(folder, store, "--resume", *words)
    wait_until(lambda: len(done(folder, store)) >= 4, process)
    others = family(process.pid)
    assert not words or len(workers(process)) == 2
    assert words or not others
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not any(map(is_alive, others)))
    before = done(folder, store)
    assert not Store.at(folder / store).status().is_complete
    finish(folder, store)
    assert before.items() <= done(folder, store).items()
    assert_same_bits(folder, store)


def test_a_killed_worker_and_an_interrupt(folder: Path) -> None:
    """The driver replaces the worker; Ctrl-C then reaches the whole group: one line, no worker left, nothing lost."""
    store = "interrupted.zarr"
    process = start(folder, store, "--workers", "2")
    wait_until(lambda: len(done(folder, store)) >= 2, process)
    os.kill(workers(process)[0], signal.SIGKILL)
    wanted = len(done(folder, store)) + 6  # more than were in flight
    wait_until(lambda: len(done(folder, store)) >= wanted, process)
    assert_ends_when_interrupted(process, store)
    assert not Store.at(folder / store).status().is_complete
    finish(folder, store)
    assert_same_bits(folder, store)


def assert_ends_when_interrupted(process: subprocess.Popen[str], store: str) -> None:
    """Ctrl-C reaches the whole group, as in a terminal: one line, and nothing lives on."""
    others = family(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert [line for line in complaint.splitlines() if not line.startswith("sweeping: ")] == [
        f"Error: interrupted. Finished blocks are kept; go on with: leyden sweep study.toml --out {store} --resume"
    ]
    wait_until(lambda: not any(map(is_alive, others)))


def test_a_terminal_that_closes(folder: Path) -> None:
    """It tells the whole group, Python's own helper processes too: one line, no worker left, nothing lost."""
    store = "hung-up.zarr"
    # Where the tests run in the background, hang-ups are ignored, and children would inherit that.
    heeding = "import signal, leyden.cli; signal.signal(signal.SIGHUP, signal.SIG_DFL); leyden.cli.main()"
    process = start(folder, store, "--workers", "2", program=("-c", heeding))
    wait_until(lambda: len(done(folder, store)) >= 2, process)
    others = family(process.pid)
    os.killpg(process.pid, signal.SIGHUP)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 129, complaint
    assert [line for line in complaint.splitlines() if not line.startswith("sweeping: ")] == [
        f"Error: hung up. Finished blocks are kept; go on with: leyden sweep study.toml --out {store} --resume"
    ]
    wait_until(lambda: not any(map(is_alive, others)))


def test_a_killed_server(folder: Path) -> None:
    """The process that forks the workers dies, and they are replaced with it."""
    store = "server.zarr"
    process = start(folder, store, "--workers", "2")
    wait_until(lambda: len(done(folder, store)) >= 2, process)
    os.kill(server(process), signal.SIGKILL)
    _, complaint = process.communicate(timeout=120)
    assert process.returncode == 0, complaint
    assert [line for line in complaint.splitlines() if not line.startswith("sweeping: ")] == []
    assert_same_bits(folder, store)


def test_an_interrupt_while_the_workers_start(folder: Path) -> None:
    """Neither server nor workers complain, whatever they are at."""
    process = start(folder, "start.zarr", "--workers", "2")
    wait_until(lambda: bool(children(process.pid)), process)
    wait_until(lambda: len(family(process.pid)) >= 2, process)
    assert_ends_when_interrupted(process, "start.zarr")


# Interrupted when it has told a worker what to do, before that one can have read it: first it reads this.
JUST_STARTED = """
import os, signal, time
from multiprocessing.process import BaseProcess
from leyden.cli import main
start = BaseProcess.start
def interrupted(process):
    start(process)
    os.kill(os.getpid(), signal.SIGINT)
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    BaseProcess.start = interrupted
    main()
else:
    time.sleep(0.3)
"""


def test_an_interrupt_just_after_a_worker_has_started(folder: Path) -> None:
    """It finds all that it was given, semaphores above all, and ends without a word."""
    (folder / "script.py").write_text(JUST_STARTED, encoding="utf-8")
    process = start(folder, "just.zarr", "--workers", "2", program=("script.py",))
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaint.splitlines() == [
        "Error: interrupted. Finished blocks are kept; go on with: leyden sweep study.toml --out just.zarr --resume"
    ]


def is_quiet(folder: Path, store: str) -> bool:
    """Whether no block has been finished for a while."""
    before = done(folder, store)
    time.sleep(1.0)
    return done(folder, store) == before


def test_a_killed_driver_and_worker_of_a_cluster(folder: Path) -> None:
    """SIGKILL of a Dask worker, and then of the driver: the cluster lives on, and finishes what it is given again."""
    distributed = pytest.importorskip("distributed")
    store = "cluster.zarr"
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        process = start(folder, store, "--scheduler", cluster.scheduler_address)
        wait_until(lambda: len(done(folder, store)) >= 2, process)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        wanted = len(done(folder, store)) + 2
        wait_until(lambda: len(done(folder, store)) >= wanted, process)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        # The scheduler first notices that nobody waits any more: what its workers are at they still finish, among it
        # perhaps a block whose report died with the worker.
        wait_until(lambda: not cluster.scheduler.tasks)
        wait_until(lambda: is_quiet(folder, store))
        before = done(folder, store)
        assert not Store.at(folder / store).status().is_complete
        process = start(folder, store, "--resume", "--scheduler", cluster.scheduler_address)
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
    assert before.items() <= done(folder, store).items()
    assert_same_bits(folder, store)


def test_killed_while_the_store_is_made(folder: Path) -> None:
    """A store is found whole or not at all: then --resume begins it."""
    process = start(folder, "early.zarr")
    wait_until(lambda: any(folder.glob(".leyden-*.part")) or (folder / "early.zarr").exists(), process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    if (folder / "early.zarr").exists():
        Store.at(folder / "early.zarr").ledger.read()
    finish(folder, "early.zarr")
    assert not list(folder.glob(".leyden-*"))
    assert_same_bits(folder, "early.zarr")
