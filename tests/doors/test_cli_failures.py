"""Everything that can go wrong on the command line: one line on stderr, the right exit status, no half-written file."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.text import one_line

MAIN = "from leyden.cli import main; main()"
COMMAND = [sys.executable, "-m", "leyden"]
# Unbuffered output would hide what happens to the buffer when it cannot be written.
# Traced for coverage, each would take half as long again.
LEFT_OUT = ("PYTHONUNBUFFERED", "COVERAGE_PROCESS_CONFIG")
BUFFERED = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
ENVIRONMENT = BUFFERED | {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}


def complaint(*words: str, status: int = 2) -> str:
    """The one line on stderr of a command that fails; nothing on stdout."""
    found = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert found.exit_code == status
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1
    assert found.stderr.startswith("Error: ")
    return found.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["charg"], "Did you mean 'charge'? Try 'leyden --help'."),
        (["--nonsense"], "--nonsense"),
        (["charge"], "Missing argument 'DEVICE'. Try 'leyden charge --help'."),
        (["charge", "cascade", "cascade"], "Got unexpected extra argument"),
        (["charge", "cascade", "--untill", "3"], "--untill"),
        (["charge", "cascade", "--until"], "'--until' requires an argument"),
        (
            ["charge", "cascade", "--until", "soon"],
            "'--until': must be a finite time above 0, in 1/rate unit, but is 'so",
        ),
        (["charge", "cascade", "--until", "0"], "must be a finite time above 0, in 1/rate unit, but is '0'"),
        (["charge", "cascade", "--until", "-1"], "but is '-1'"),
        (["charge", "cascade", "--until", "nan"], "but is 'nan'"),
        (["charge", "cascade", "--until", "inf"], "but is 'inf'"),
        (
            ["charge", "cascade", "--points", "1"],
            "'--points': must be a whole number between 2 and 1000000, but is '1'",
        ),
        (["charge", "cascade", "--points", "1e3"], "but is '1e3'"),
        (["charge", "cascade", "--points", "1000001"], "but is '1000001'"),
        (["charge", "nonsense"], "`DEVICE` must be a device file or one of two_photon_battery"),
        (["charge", "missing.toml"], "Argument `DEVICE` must be a device file, but 'missing.toml' cannot be read"),
        (["charge", "cascade", "--set", "drive=0.1GHz"], "`--set` must be a plain number, in the rate unit"),
        (["steady", "two_photon_battery", "--set", "drive=0.1 GHz"], "stand in a device file with a `rate_unit`"),
        (["charge", "."], "'.' cannot be read: is a directory"),
        (["charge", "cascade", "--set", "drive=-1"], "`drive` must be finite and not negative, but is -1"),
        (["charge", "cascade", "--out", "run.csv"], "`--out` must end in .nc, .nc4, .h5, but is 'run.csv'."),
        (["charge", "cascade", "--plot", "run.gif"], "`--plot` must end in .png, .pdf, .svg, but is 'run.gif'."),
        (["steady", "cascade", "--out", "missing/run.nc"], "missing' does not exist), but is 'missing/run.nc'."),
        (["devices", "nonsense"], "`NAME` must be one of"),
        (["devices", "--set", "drive=1"], "`--set` must go with the NAME of a device"),
        (["charge", "two_photon_battery", "--set", "drive=0.2", "--until", "1e9"], "outgrows the number range"),
    ],
)
def test_bad_usage_and_bad_input(
    words: list[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert expected in complaint(*words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", [["--json"], ["--out", "steady.nc"], []])
@pytest.mark.parametrize("drive", ["0.15", "0.2"])
def test_no_steady_state_is_status_3(
    option: list[str], drive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = complaint("steady", "two_photon_battery", "--set", f"drive={drive}", *option, status=3)
    assert "critical amplitude 0.15" in found
    assert list(tmp_path.iterdir()) == []


def test_unwritable_files_are_refused_before_anything_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(*_arguments: Any, **_options: Any) -> Any:
        raise AssertionError("computed in vain")

    monkeypatch.setattr("leyden.portrait.curves.charged", compute)
    monkeypatch.setattr("leyden.portrait.device.answered", compute)
    for command, option, path in [
        ("charge", "--out", "/proc/run.nc"),
        ("charge", "--plot", "/proc/run.png"),
        ("steady", "--out", "/proc/run.nc"),
    ]:
        assert f"`{option}` must be a file that can be written" in complaint(command, "cascade", option, path)


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        (KeyboardInterrupt(), 130, "Error: interrupted; no half-written file is left.\n"),
        (MemoryError("Unable to allocate 3 TiB"), 2, "Error: out of memory: Unable to allocate 3 TiB\n"),
        (MemoryError(), 2, "Error: out of memory: use fewer points or modes\n"),
        (OSError(errno.ENOSPC, "No space left on device", "run.nc"), 2, "No space left on device: 'run.nc'\n"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_what_happens_on_the_way(
    error: BaseException, status: int, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise error

    monkeypatch.setattr("leyden.portrait.curves.charged", fail)
    found = CliRunner().invoke(app, ["charge", "cascade", "--out", str(tmp_path / "run.nc")])
    assert found.exit_code == status
    assert found.stderr.endswith(expected)
    assert found.stderr.count("\n") == (expected != "")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: Path, _: bytes) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupt)
    (tmp_path / "run.nc").write_text("old")
    assert "interrupted" in complaint("steady", "cascade", "--out", str(tmp_path / "run.nc"), status=130)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("run.nc", "old")]


@pytest.mark.parametrize("words", [["--plot", "a.pdf"], ["--plot", "a.png"], ["--plot", "a.svg"], ["--out", "a.nc"]])
def test_a_disk_that_runs_full_is_one_line(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """Whatever the writers of those formats make of it; here the system takes no more than 4 KiB a file."""
    resource = pytest.importorskip("resource")
    monkeypatch.chdir(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        found = complaint("charge", "cascade", "--points", "101", *words)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "File too large" in found
    # Old releases of those writers are warned of what they use.
    assert not [warning for warning in recwarn if not issubclass(warning.category, DeprecationWarning)]
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_ours_is_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a user can mend is put into one line; a bug must show where it is."""

    def fail(*_arguments: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("leyden.portrait.curves.charged", fail)
    found = CliRunner().invoke(app, ["charge", "cascade"])
    assert isinstance(found.exception, ZeroDivisionError)
    assert found.exit_code == 1


def test_one_line() -> None:
    assert one_line("a\n  b\tc\x1b[31m\x07é") == "a b c\\x1b[31m\\x07é"


def test_other_programs_can_ask_for_the_status() -> None:
    assert app(["devices"], standalone_mode=False) == 0
    assert app(["charge", "nonsense"], standalone_mode=False) == 2


# Help.


@pytest.mark.parametrize("command", ["charge", "steady", "devices", "audit", "reproduce"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_each_command_has_help_with_an_example(command: str, option: str) -> None:
    found = CliRunner().invoke(app, [command, option], env={"COLUMNS": "80", "NO_COLOR": "1"})
    assert found.exit_code == 0
    assert f"Example: leyden {command}" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_help_has_units() -> None:
    printed = CliRunner().invoke(app, ["charge", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).stdout
    assert "Last time, in 1/rate unit." in printed
    assert "phases are in radians" in printed


def test_without_a_command_help_is_printed() -> None:
    for words in ([], ["--help"]):
        found = CliRunner().invoke(app, words)
        assert found.exit_code == 0
        assert "Usage: leyden" in found.stdout
        assert "charge" in found.stdout


def test_the_version() -> None:
    found = CliRunner().invoke(app, ["--version"])
    assert (found.exit_code, found.stdout) == (0, f"leyden {ly.__version__}\n")


# Real processes.


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive its test."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=ENVIRONMENT, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    options = {"capture_output": True, "timeout": 120, "env": ENVIRONMENT} | options
    return subprocess.run([*COMMAND, *words], text=True, check=False, **options)


def test_statuses_of_a_real_process() -> None:
    good = run("charge", "two_photon_battery", "--json")
    assert (good.returncode, good.stderr, len(json.loads(good.stdout)["time"])) == (0, "", 401)
    assert run("charge", "nonsense").returncode == 2
    assert run("steady", "two_photon_battery", "--set", "drive=1").returncode == 3


def test_a_table_without_a_terminal_has_80_columns_and_no_colour() -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name not in ("COLUMNS", "NO_COLOR", "TERM")}
    found = run("steady", "cascade", env=environment)
    assert "\x1b" not in found.stdout
    assert max(map(len, found.stdout.splitlines())) == 80


def test_a_closed_pipe_is_no_error() -> None:
    """As in `leyden charge ... --json | head -1`, with far more to print than a pipe holds."""
    words = ["charge", "two_photon_battery", "--json", "--points", "20001"]
    with started([*COMMAND, *words]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "{\n"
        process.stdout.close()
        assert (process.stderr.read(), process.wait(timeout=120)) == ("", 0)


@pytest.mark.parametrize(
    ("words", "unbuffered"),
    [(["devices"], ""), (["devices", "cascade"], ""), (["--version"], ""), (["--version"], "1"), (["--help"], "1")],
)
def test_a_pipe_that_nobody_reads_is_no_error(words: list[str], unbuffered: str) -> None:
    """Written by Rich, by us, by Typer; at once, or when the buffer is written at last."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        environment = ENVIRONMENT | {"PYTHONUNBUFFERED": unbuffered}
        found = run(*words, capture_output=False, stdout=writer, stderr=subprocess.PIPE, env=environment)
    finally:
        os.close(writer)
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["steady", "cascade", "--json"], ["--version"]])
def test_a_full_disk_is_one_line(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        found = run(*words, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (found.returncode, found.stderr.count("\n")) == (2, 1)
    assert "No space left on device" in found.stderr


def test_letters_that_the_terminal_lacks_are_spelt_out(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('charger = "å"\nbattery = "å"\nmodes = [{ name = "å" }]\nname = "å"\n', encoding="utf-8")
    found = run("charge", str(path), env=ENVIRONMENT | {"PYTHONIOENCODING": "ascii"})
    assert (found.returncode, found.stderr) == (0, "")
    assert "\\xe5 is charger and battery" in found.stdout


def opened(fifo: Path) -> int:
    """A pipe's writing end, as soon as the command has opened the other one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            time.sleep(0.02)
    raise AssertionError("the command did not open its device file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_ctrl_c_is_status_130_and_one_line(tmp_path: Path) -> None:
    """Interrupted while it reads a device file that never ends: a moment that the test can wait for."""
    fifo = tmp_path / "device.toml"
    os.mkfifo(fifo)
    words = ["charge", str(fifo), "--out", str(tmp_path / "run.nc")]
    # A shell that starts the tests in the background has SIGINT ignored, and children would inherit that.
    handled = [sys.executable, "-c", "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + MAIN]
    with started([*handled, *words]) as process:
        writer = opened(fifo)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        printed, complaints = process.communicate(timeout=60)
        os.close(writer)
    assert (process.returncode, printed) == (130, "")
    assert complaints == "Error: interrupted; no half-written file is left.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["device.toml"]
