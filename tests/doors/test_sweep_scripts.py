"""Sweeps with workers from wherever Python runs: scripts with and without a guard, modules, pipes and `-c`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BUILD = """\
import leyden as ly

def build(drive):
    print(__name__)
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
"""
SWEEP = 'found = ly.sweep({build}, {{"drive": [0.0, 0.05, 0.1]}}, block=1, workers=2{store})\n'
TELL = "print(float(found.stored_energy[2].round(12)))\n"
OWN = BUILD + "\nif __name__ == '__main__':\n    " + SWEEP.format(build="build", store=", store='s.zarr'")
GUARDED = OWN + "    " + TELL
CATALOG = "import leyden as ly\n" + SWEEP.format(build='"two_photon_battery"', store="") + TELL
# At drive 0.1 both decay at 0.3, and the stored energy of the paper's closed form is 15/16.
ANSWER = "0.9375"


def run(folder: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    # Where all output goes out at once, none could be lost.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    how = {"input": text, "env": environment, "cwd": folder, "timeout": 120}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, **how)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a blank and letters beyond ASCII in its name."""
    folder = tmp_path / "größe µ 電池"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("words", [["my script.py"], ["-m", "my_module"]], ids=["script", "module"])
def test_functions_of_the_main_module(folder: Path, words: list[str]) -> None:
    """And what workers print is seen, though they end without taking leave."""
    (folder / "my script.py").write_text(GUARDED, encoding="utf-8")
    (folder / "my_module.py").write_text(GUARDED, encoding="utf-8")
    found = run(folder, *words)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.split()[-1] == ANSWER
    assert found.stdout.split().count("__mp_main__") == 3


@pytest.mark.parametrize("words", [["-c", CATALOG], ["-"]], ids=["-c", "pipe"])
def test_without_a_main_file(folder: Path, words: list[str]) -> None:
    found = run(folder, *words, text=CATALOG)
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{ANSWER}\n", "")


@pytest.mark.parametrize("words", [["-c", GUARDED], ["-"]], ids=["-c", "pipe"])
def test_functions_that_were_typed_in(folder: Path, words: list[str]) -> None:
    """Others could not import them; said before a store is made."""
    found = run(folder, *words, text=GUARDED)
    assert "must be importable by other processes" in found.stderr.splitlines()[-1]
    assert not (folder / "s.zarr").exists()


def test_a_script_without_a_guard(folder: Path) -> None:
    """Its workers would sweep in their turn: the error says what is missing."""
    (folder / "script.py").write_text(CATALOG, encoding="utf-8")
    found = run(folder, "script.py")
    assert found.returncode == 1
    assert 'under `if __name__ == "__main__":`' in found.stderr.splitlines()[-1]
