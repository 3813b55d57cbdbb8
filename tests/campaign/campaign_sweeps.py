"""Sweeps killed at random moments, begun two at a time, and damaged afterwards: the same bits in the end, or one line.

One trial takes some seconds, so that there are far fewer of them than of files.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from leyden.errors import LeydenError
from leyden.runner import Store
from leyden.study import read_study, sweep

STUDY = """\
device = "two_photon_battery"
[axes.drive]
start = 0.001
stop = 0.2
points = 300
[axes.charger_damping]
start = 0.01
stop = 1.0
points = 200
"""
TRIALS_A_FILE = 1 / 2500
SIGNALS = [name for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
STATUS = {"SIGKILL": -9, "SIGTERM": 143, "SIGINT": 130, "SIGHUP": 129}
# What is a program's own affair on the way up, before it can hear of a signal.
EARLY = {"SIGTERM": {-15}, "SIGINT": {-2, 1}, "SIGHUP": {-1}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, and what it comes to undisturbed in one process."""
    folder = tmp_path_factory.mktemp("studies")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    sweep(**read_study(folder / "study.toml").arguments(), store=folder / "whole.zarr")
    return folder


@pytest.fixture
def trials(size: int) -> range:
    """How many sweeps are tried."""
    return range(max(4, round(size * TRIALS_A_FILE)))


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that do not outlive their test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def start(folder: Path, store: str, *words: str) -> subprocess.Popen[str]:
    program = HANDLED.format(semaphores=SEMAPHORES)
    command = [sys.executable, "-c", program, "sweep", "study.toml", "--out", store, *words]
    how = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, start_new_session=True, **how)


# Where the campaign runs in the background, interrupts are ignored, and children would inherit that.
HANDLED = """
import signal
from multiprocessing.process import current_process
current_process()._config["semprefix"] = "{semaphores}"
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from leyden.cli import main
if __name__ == "__main__":
    main()
"""
# What the semaphores of a sweep are called, and where Linux keeps them.
SEMAPHORES = f"/leyden-{os.getpid()}"
KEPT = Path("/dev/shm")


def assert_same_bits(folder: Path, store: Path) -> None:
    whole, found = Store.at(folder / "whole.zarr").open(), Store.at(store).open()
    assert list(whole.variables) == list(found.variables)
    for name in whole.variables:
        assert whole[name].values.tobytes() == found[name].values.tobytes(), name
    xr.testing.assert_identical(whole.drop_attrs(), found.drop_attrs())
    assert not list(store.rglob("*.partial"))


def finish(folder: Path, store: str) -> None:
    process = start(folder, store, "--resume")
    _, complaint = process.communicate(timeout=300)
    assert process.returncode == 0, complaint
    assert Store.at(folder / store).status().is_complete
    assert_same_bits(folder, folder / store)
    shutil.rmtree(folder / store)


def complaints(process: subprocess.Popen[str]) -> list[str]:
    _, said = process.communicate(timeout=300)
    return [line for line in said.splitlines() if not line.startswith("sweeping: ")]


def send(process: subprocess.Popen[str], number: signal.Signals, random: np.random.Generator) -> None:
    """A signal to the driver or to all of them, and in a third of the cases again, as people and terminals do."""
    kill = os.killpg if random.random() < 0.5 else os.kill
    again = float(random.choice([0.0, 0.001, 0.1])) if random.random() < 0.3 else None
    kill(process.pid, number)
    if again is not None:
        time.sleep(again)
        with suppress(ProcessLookupError):
            kill(process.pid, number)


def test_killed_at_random_moments(
    folder: Path, trials: range, random: np.random.Generator, started: list[subprocess.Popen[str]]
) -> None:
    """The driver or all of them, by any signal, once or twice; in the end the bits are those of an undisturbed one."""
    longest = 0.0
    for trial in trials:
        store, case = "killed.zarr", f"trial {trial}"
        words = ["--workers", "2"] if random.random() < 0.5 else []
        for kill in range(int(random.integers(1, 3))):
            name = SIGNALS[int(random.integers(len(SIGNALS)))]
            before, process = time.monotonic(), start(folder, store, "--resume", *words)
            started.append(process)
            # How long a sweep takes here today is learnt on the way.
            time.sleep(random.uniform(0.0, longest or 3.0))
            send(process, signal.Signals[name], random)
            # Nobody is left who could still say something: else this would wait.
            said, case = complaints(process), f"{case}, {name} {words} {kill}"
            longest = max(longest, time.monotonic() - before)
            if process.returncode == STATUS[name] and name != "SIGKILL":
                assert len(said) == 1, (case, said)
                assert "no half-written file is left" in said[0] or "go on with: leyden sweep" in said[0], (case, said)
                assert not list(folder.glob(".leyden-*")), case
                assert not list(KEPT.glob(f"sem.{SEMAPHORES[1:]}*")), case
            else:
                assert process.returncode or not said or "done before" in said[0], (case, said)
                assert process.returncode in {0, STATUS[name], *EARLY.get(name, ())}, (case, said)
            for lost in KEPT.glob(f"sem.{SEMAPHORES[1:]}*"):
                lost.unlink()  # of what was killed with all that could have cleared it away
        finish(folder, store)
        assert not list(folder.glob(".leyden-*")), case


def test_two_that_begin_at_once(
    folder: Path, trials: range, random: np.random.Generator, started: list[subprocess.Popen[str]]
) -> None:
    """One of them has it, and the other one is told; or one is killed, and the other one has it; never neither."""
    for trial in trials[::2]:
        first = start(folder, "two.zarr")
        time.sleep(float(random.choice([0.0, 0.0, random.uniform(0.0, 0.5)])))
        second = start(folder, "two.zarr")
        started += [first, second]
        said = [complaints(process) for process in (first, second)]
        statuses = [first.returncode, second.returncode]
        assert 0 in statuses, (trial, said)
        for status, lines in zip(statuses, said, strict=True):
            if status:
                assert (status, len(lines)) == (2, 1), (trial, said)
                told = ("another has begun there", "another is at it", "be set where a store is unfinished")
                assert any(words in lines[0] for words in told), lines
        finish(folder, "two.zarr")


def test_damaged_at_random_places(folder: Path, tmp_path: Path, trials: range, random: np.random.Generator) -> None:
    """A flipped bit, a cut, lost or emptied file anywhere: computed again or told in one line; never another number."""
    study, mended = read_study(folder / "study.toml").arguments(), 0
    for trial in trials:
        store = Path(shutil.copytree(folder / "whole.zarr", tmp_path / "s.zarr"))
        files = sorted(file for file in store.rglob("*") if file.is_file() and file.name != "lock")
        for file in random.choice(np.array(files, dtype=object), size=int(random.integers(1, 4)), replace=False):
            data = bytearray(file.read_bytes())
            kind, place = int(random.integers(4)), int(random.integers(len(data)))
            if kind == 0:
                file.unlink()
            elif kind == 1:
                file.write_bytes(data[:place])
            else:
                data[place] ^= 1 << int(random.integers(8))
                file.write_bytes(data)
        refused = ""
        try:
            sweep(**study, store=store, resume=True)
        except LeydenError as error:
            refused = str(error)
        if refused:
            assert "\n" not in refused
            assert "ledger" in refused, (trial, refused)
        else:
            assert_same_bits(folder, store)
            mended += 1
        shutil.rmtree(store)
    assert mended
