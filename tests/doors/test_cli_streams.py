"""Commands whose standard streams are closed, full or gone: the answer or one line, never in each other's place."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from leyden.cli import program, streams
from leyden.cli.progress import on_stderr
from leyden.cli.streams import Bystander, tell

STUDY = 'device = "two_photon_battery"\naxes.drive.values = [0.01, 0.02]\n'
STEADY = ["steady", "two_photon_battery", "--json"]
SWEEP = ["sweep", "study.toml", "--out", "s.zarr"]
CLOSED = "Error: the system refuses: [Errno 9] standard output is closed; send it to a file, or to /dev/null\n"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a shell")


def run(folder: Path, redirection: str, words: list[str]) -> subprocess.CompletedProcess[str]:
    """A command behind a shell's redirections."""
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    shell = ["sh", "-c", f'exec "$0" "$@" {redirection}', sys.executable, "-m", "leyden", *words]
    return subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_a_closed_stderr_changes_no_answer(tmp_path: Path) -> None:
    """As cron and daemons have it: nothing that belongs there turns up on stdout."""
    found = run(tmp_path, "2>&-", [*STEADY, "--out", "steady.nc"])
    assert found.returncode == 0
    assert json.loads(found.stdout)["device"] == "two_photon_battery"
    assert (tmp_path / "steady.nc").exists()
    found = run(tmp_path, "2>&-", SWEEP)
    assert found.returncode == 0
    assert found.stdout.startswith("store ")
    assert "sweeping" not in found.stdout


def test_a_closed_stdout_is_one_line(tmp_path: Path) -> None:
    """Files are written all the same, and hold nothing but what they shall."""
    found = run(tmp_path, ">&-", [*STEADY, "--out", "steady.nc"])
    assert (found.returncode, found.stderr) == (2, "wrote steady.nc\n" + CLOSED)
    import xarray as xr

    assert xr.load_dataset(tmp_path / "steady.nc", engine="h5netcdf").attrs["device"] == "two_photon_battery"
    found = run(tmp_path, "<&- >&-", SWEEP)
    assert (found.returncode, found.stderr.splitlines()[-1] + "\n") == (2, CLOSED)
    found = run(tmp_path, "2>&-", ["sweep", "s.zarr", "--status"])
    assert "2 of 2 done" in found.stdout


def test_nothing_is_open_at_all(tmp_path: Path) -> None:
    assert run(tmp_path, "<&- >&- 2>&-", SWEEP).returncode == 2
    assert "2 of 2 done" in run(tmp_path, "", ["sweep", "s.zarr", "--status"]).stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_progress_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    found = run(tmp_path, "2>/dev/full", SWEEP)
    assert found.returncode == 0
    assert "2 of 2 done" in found.stdout


LEFT = """
import atexit, os, sys
from leyden.cli.streams import ready, tell
sys.stderr = open(2, "w", buffering=1000, closefd=False)
atexit.register(sys.stderr.write, "what a library has to say as it ends")
ready()
tell("a line of progress")
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_what_is_left_unsaid_does_not_fail_at_the_end() -> None:
    found = subprocess.run(["sh", "-c", 'exec "$0" -c "$1" 2>/dev/full', sys.executable, LEFT], check=False)
    assert found.returncode == 0


class Broken(io.StringIO):
    """A terminal that is gone."""

    def __init__(self, error: Exception, is_terminal: bool) -> None:
        super().__init__()
        self.error, self.is_terminal = error, is_terminal

    def write(self, _: str) -> int:
        raise self.error

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(errno.EIO, "input/output error"), ValueError("closed")])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_never_raises(monkeypatch: pytest.MonkeyPatch, error: Exception, is_terminal: bool) -> None:
    monkeypatch.setattr(sys, "stderr", Broken(error, is_terminal))
    monkeypatch.setenv("TERM", "xterm")
    with on_stderr("at work") as message:
        message("one", 1, 2)
        message("two", 2, 2)
    tell("done")


def test_progress_never_goes_to_stdout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", None)
        with on_stderr("at work") as message:
            message("one", 1, 2)
        tell("done")
    assert capsys.readouterr().out == ""


def test_what_is_told_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell("a\nb\x1b[31m")
    assert capsys.readouterr().err == "a b\\x1b[31m\n"


def test_a_bystander_is_its_stream() -> None:
    stream = io.StringIO()
    assert Bystander(stream).write("text") == 4
    Bystander(stream).flush()
    assert Bystander(stream).getvalue() == "text"


def test_missing_streams_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their numbers, too: what is opened next must not be what everybody prints to."""
    opened: list[Any] = []

    def fstat(descriptor: int) -> None:
        if descriptor == 1:
            raise OSError(errno.EBADF, "bad file descriptor")

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        patch.setattr(sys, "stderr", None)
        patch.setattr(os, "fstat", fstat)
        patch.setattr(os, "open", lambda *_: opened.append(1))
        streams.ready()
        stdout, stderr = sys.stdout, sys.stderr
    assert opened == [1]
    assert stderr.write("nowhere") == 7
    stderr.close()
    assert stdout.writable()
    assert stdout.write("") == 0
    with pytest.raises(OSError, match="standard output is closed"):
        stdout.write("text")


def test_a_command_line_without_stdout_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever prints: Rich, Typer or we ourselves."""
    for words in (["devices"], ["devices", "cascade"], ["--version"], ["--help"], STEADY):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", None)
            with pytest.raises(SystemExit) as caught:
                program.app(words)
        assert (words, caught.value.code, capsys.readouterr().err) == (words, 2, CLOSED)


def test_a_warning_is_one_line_without_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def warned() -> None:
        warnings.simplefilter("always")
        warnings.warn("the run takes minutes", stacklevel=1)

    monkeypatch.setattr(program, "app", warned)
    with warnings.catch_warnings():
        program.main()
    assert capsys.readouterr().err == "Warning: the run takes minutes\n"
