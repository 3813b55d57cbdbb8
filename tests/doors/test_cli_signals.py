"""SIGTERM, SIGHUP and SIGINT while a file is half-written: it goes, one line stays, the status tells which it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leyden.cli import signals
from leyden.cli.signals import Ended, heeded, status_of, verb_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")

# Says when it is in the midst of writing, and then waits for the signal.
STOPS = """
import signal, sys, time
from leyden.cli import answers, main, sweep
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.{hangup})

def half_begun():
    # What a signal in the midst of a call to a store leaves behind.
    async def never():
        pass
    import asyncio, zarr.core.sync
    loop = zarr.core.sync._get_loop()
    kept = []
    asyncio.run_coroutine_threadsafe(never_done(kept), loop)
    while not kept:
        time.sleep(0.001)
    return never(), kept

async def never_done(kept):
    import asyncio
    kept.append(asyncio.current_task())
    await asyncio.get_running_loop().create_future()

class Half:
    def getvalue(self):
        self.wait()
    def getbuffer(self):
        self.wait()
    def write(self, *_):
        pass
    @staticmethod
    def wait(*_):
        print("now", flush=True)
        while True:
            signal.pause()

class Slow(sweep._Teller):
    def __call__(self, progress):
        if progress.done == 3:
            begun = half_begun()
            Half.wait()

answers.io.BytesIO = Half
sweep._Teller = Slow
import matplotlib.figure
matplotlib.figure.Figure.savefig = lambda *_, **__: None
main()
"""
STUDY = 'device = "two_photon_battery"\naxes.drive.values = [0.01, 0.02, 0.03, 0.04, 0.05]\n'
CHARGE = ["charge", "two_photon_battery", "--points", "3", "--plot", "curve.pdf"]
SWEEP = ["sweep", "study.toml", "--out", "s.zarr"]
NUMBERS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}
WORDS = {"SIGTERM": "terminated", "SIGHUP": "hung up", "SIGINT": "interrupted"}


@contextmanager
def waiting(folder: Path, words: list[str], hangup: str = "SIG_DFL") -> Iterator[subprocess.Popen[str]]:
    """A command that is in the midst of it."""
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    command = [sys.executable, "-c", STOPS.format(hangup=hangup), *words]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "now\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("name", NUMBERS)
def test_no_half_written_file_is_left(tmp_path: Path, name: str) -> None:
    with waiting(tmp_path, CHARGE) as process:
        assert any(entry.name.startswith(".leyden-") for entry in tmp_path.iterdir())
        process.send_signal(signal.Signals[name])
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (NUMBERS[name], f"Error: {WORDS[name]}; no half-written file is left.\n")
    assert [entry.name for entry in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_sweep_says_how_to_go_on(tmp_path: Path, name: str) -> None:
    with waiting(tmp_path, SWEEP) as process:
        process.send_signal(signal.Signals[name])
        # A terminal that closes says so twice, and so do people.
        process.send_signal(signal.Signals[name])
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == NUMBERS[name]
    # Nor a word of what the store was at.
    assert [line for line in complaint.splitlines() if not line.startswith("sweeping: ")] == [
        f"Error: {WORDS[name]}. Finished blocks are kept; go on with: leyden sweep study.toml --out s.zarr --resume"
    ]
    assert len(list((tmp_path / "s.zarr" / "ledger").glob("block-*.json"))) == 3
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["s.zarr", "study.toml"]


def test_what_nohup_ignores_stays_ignored(tmp_path: Path) -> None:
    with waiting(tmp_path, CHARGE, "SIG_IGN") as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == NUMBERS["SIGTERM"]


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """SIGTERM as a new process has it; what is left for the end of this process is listed, and not done."""
    left: list[object] = []
    monkeypatch.setattr(signals.atexit, "register", lambda *words: left.append(words[1:]))
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield left
    signal.signal(signal.SIGTERM, before)


def end_this() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    # Until the handler has run.
    signal.sigtimedwait([], 0.01)


def test_all_is_as_it_was_where_nothing_came(handler: list[object]) -> None:
    with heeded():
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert handler == []


def test_handlers_of_others_stay(handler: list[object]) -> None:
    heard: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    with heeded():
        end_this()
    assert (heard, handler) == ([signal.SIGTERM], [])


def test_a_second_signal_is_heard_after_a_while(handler: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    with heeded():
        with pytest.raises(Ended) as caught:
            end_this()
        end_this()
        monkeypatch.setattr(signals, "_SECONDS_TO_TIDY", -1.0)
        with pytest.raises(Ended):
            end_this()
    assert (status_of(caught.value), verb_of(caught.value)) == (143, "terminated")
    assert (status_of(KeyboardInterrupt()), verb_of(KeyboardInterrupt())) == (130, "interrupted")
    assert (signal.SIGTERM, signal.SIG_IGN) in handler
    killed: list[int] = []
    monkeypatch.setattr(signals.os, "kill", lambda _, number: killed.append(number))
    late = signal.getsignal(signal.SIGTERM)
    assert callable(late)
    late(signal.SIGTERM, None)
    assert killed == [signal.SIGTERM]
    monkeypatch.setattr(signals, "_SECONDS_TO_TIDY", 1e9)
    late(signal.SIGTERM, None)
    assert killed == [signal.SIGTERM]


def test_who_insists_is_heard(handler: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds are counted from the signal that was heard: however often more of them come."""
    now = [0.0]
    monkeypatch.setattr(signals.time, "monotonic", lambda: now[0])
    with heeded():
        with pytest.raises(Ended):
            end_this()
        for now[0] in (0.9, 1.8):
            end_this()
        now[0] = 2.7
        with pytest.raises(Ended):
            end_this()


def test_a_signal_is_not_lost_where_nothing_can_be_raised(handler: list[object]) -> None:
    """While Python clears something away it would be shown with a traceback, and the command go on."""

    class Cleared:
        def __del__(self) -> None:
            end_this()

    shown = sys.unraisablehook
    with heeded():
        Cleared()
        with pytest.raises(Ended):
            signal.sigtimedwait([], 60)
    assert sys.unraisablehook is shown


def test_other_errors_where_nothing_can_be_raised_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: shown.append(str(lost.exc_value)))

    class Cleared:
        def __del__(self) -> None:
            raise ValueError("as it was")

    with heeded():
        Cleared()
    assert shown == ["as it was"]


# Sends the signal when the interpreter waits for its last thread, when it tidies up, and when it is nearly gone.
LATE = """
import atexit, os, signal, threading
from leyden.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
def end():
    os.kill(os.getpid(), signal.{name})
def last():
    threading.main_thread().join()
    end()
class Cleared:
    def __del__(self):
        end()
cleared = Cleared()
atexit.register(end)
threading.Thread(target=last).start()
main()
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(("words", "status"), [(["devices"], 0), (["steady", "nothing.toml"], 2)])
def test_a_command_that_is_over_cannot_be_interrupted(tmp_path: Path, name: str, words: list[str], status: int) -> None:
    """It has done its work, or said why not: its status stands, and no traceback tells what Python was at."""
    command = [sys.executable, "-c", LATE.format(name=name), *words]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, len(found.stderr.splitlines())) == (status, 1 if status else 0), found.stderr


def test_an_interrupt_while_the_command_line_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a command runs; Typer makes an error of its own of it, or lets it through."""
    from typer import Abort

    from leyden.cli import app, failures

    def abort(*_: object, **__: object) -> None:
        raise Abort from Ended(signal.SIGTERM)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for raises, status, word in ((abort, 143, "terminated"), (interrupt, 130, "interrupted")):
        monkeypatch.setattr(failures.TyperGroup, "main", raises)
        with pytest.raises(SystemExit) as caught:
            app(["devices"])
        assert (caught.value.code, capsys.readouterr().err) == (
            status,
            f"Error: {word}; no half-written file is left.\n",
        )


# Sends the signal when the nth function of those that put the commands together, or read the command line, is called.
READING = """
import os, signal, sys
from leyden.cli import main, program
signal.signal(signal.SIGINT, signal.default_int_handler)
left = {calls}
def trace(frame, *_):
    global left
    if "typer" in frame.f_code.co_filename:
        left -= 1
        if not left:
            sys.setprofile(None)
            os.kill(os.getpid(), signal.{name})
sys.setprofile(trace)
main()
"""


@pytest.mark.parametrize("calls", [1, 30, 300, 1000])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_before_the_command_has_begun(tmp_path: Path, name: str, calls: int) -> None:
    """Typer makes a mere status of one at some places, and none of it at others."""
    command = [sys.executable, "-c", READING.format(calls=calls, name=name), "steady", "two_photon_battery"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, found.stdout) == (NUMBERS[name], "")
    assert found.stderr == f"Error: {WORDS[name]}; no half-written file is left.\n"
