"""`leyden new`: what it makes runs as it is, in a folder of its own, by the commands that it prints."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.cli import new as command

FILES = {"device.toml", "study.toml", "run.py", "README.md"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, status: int = 0) -> Any:
    found = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(app, list(words), catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_printed_commands_run_as_they_are(folder: Path) -> None:
    lines = run("new", "my study").stdout.splitlines()
    assert names(folder) == {"my study"}
    assert names(folder / "my study") == FILES
    into, *commands = [shlex.split(line) for line in lines if line.startswith("  ")]
    assert into == ["cd", "my study"]
    assert len(commands) == 3
    search = os.pathsep.join([str(Path(ly.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": search, "PYTHONWARNINGS": "error", "MPLBACKEND": "Agg", "NO_COLOR": "1"}
    # By this Python, whatever an installed `leyden` belongs to.
    drawn: dict[str, bytes] = {}
    for words in commands:
        tail = words[1:] if words[0] != "leyden" and words[1] == "-m" else ["-m", "leyden", *words[1:]]
        tail = words[1:] if words[-1] == "run.py" else tail
        ran = subprocess.run(
            [sys.executable, *tail],
            cwd="my study",
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        # No command draws over what one before it drew.
        assert {name: (folder / "my study" / name).read_bytes() for name in drawn} == drawn
        drawn = {path.name: path.read_bytes() for path in (folder / "my study").glob("*.png")}
    # 0.06/(0.2 * 0.32) by hand.
    assert ran.stdout.splitlines()[0] == "stored energy  0.9375"
    assert set(drawn) == {"curves.png", "map.png", "energies.png", "study.png"}
    assert names(folder / "my study") == FILES | {"study.nc", *drawn}
    found = xr.load_dataset("my study/study.nc")
    assert int(found["is_stable"].sum()) == int((found["drive"] < 0.125 + found["damping"] / 4).sum())


def test_the_device_is_one_way_and_has_the_name_of_its_folder() -> None:
    run("new", 'a "b" é')
    found = json.loads(run("steady", 'a "b" é/device.toml', "--json").stdout)
    assert found["device"] == 'a "b" é'
    assert found["transport"]["battery"]["back_action"] == pytest.approx(0.0, abs=1e-12)
    assert found["threshold"]["charger"]["critical_drive"] == pytest.approx(0.15, rel=1e-12)


def test_the_readme_names_the_printed_commands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.shutil, "which", lambda name: str(Path(sys.executable).with_name(name)))
    monkeypatch.setattr(sys, "executable", str(Path(sys.executable).with_name("python")))
    printed = [line.strip() for line in run("new", "s").stdout.splitlines() if line.startswith("  ")]
    assert printed[1:] == [
        "leyden charge device.toml --plot curves.png",
        "leyden sweep study.toml --plot map.png",
        "python run.py",
    ]
    text = (folder / "s" / "README.md").read_text(encoding="utf-8")
    assert all(f"    {line}\n" in text for line in printed[1:])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("there", "be the name of a folder that is not there yet, but is 'there'. Name another one."),
        ("file", "be the name of a folder that is not there yet"),
        ("dangling", "be the name of a folder that is not there yet"),
        (".", "be the name of a folder that is not there yet"),
        ("", "be the name of a folder, a printable string"),
        ("a\nb", "be the name of a folder, a printable string"),
        ("a" * 256, "be the name of a folder, a printable string"),
        ("none/new", "be a folder in one that is there ("),
        ("file/new", "be a folder in one that is there ("),
    ],
)
def test_what_cannot_be_made_is_one_line(folder: Path, name: str, words: str) -> None:
    (folder / "there").mkdir()
    (folder / "file").write_text("mine")
    (folder / "dangling").symlink_to("nowhere")
    said = run("new", name, status=2)
    assert said.stdout == ""
    (line,) = said.stderr.splitlines()
    assert line.startswith("Error: Argument `NAME` must ")
    assert words in line
    assert names(folder) == {"there", "file", "dangling"}
    assert not any((folder / "there").iterdir())
    assert (folder / "file").read_text() == "mine"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_half_written_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    write = Path.write_text

    def fail(path: Path, *words: Any, **more: Any) -> int:
        if path.name == "study.toml":
            raise error
        return write(path, *words, **more)

    monkeypatch.setattr(Path, "write_text", fail)
    said = run("new", "s", status=130 if isinstance(error, KeyboardInterrupt) else 2)
    assert len(said.stderr.splitlines()) == 1
    assert "no space left on device" in said.stderr or "no half-written file" in said.stderr
    assert names(folder) == set()


def test_a_second_one_takes_the_place_of_nothing(folder: Path) -> None:
    run("new", "s")
    (folder / "s" / "device.toml").write_text("mine")
    run("new", "s", status=2)
    assert (folder / "s" / "device.toml").read_text() == "mine"
    shutil.rmtree(folder / "s")
    run("new", "s/")
    assert names(folder / "s") == FILES
