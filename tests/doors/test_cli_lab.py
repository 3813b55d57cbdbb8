"""Devices in lab units on the command line: what their numbers are, in what unit, and times and rates with units."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app

DEVICE = """\
rate_unit = "1 MHz"
frequency_unit = "7 GHz"
charger = "a"
battery = "b"
modes = [{ name = "a" }, { name = "b", detuning = "-50 kHz" }]
elements = [
    { kind = "one_photon_drive", mode = "a", amplitude = "100 kHz" },
    { kind = "local_bath", mode = "b", rate = "100 kHz", occupation = "50 mK" },
    { kind = "coherent_coupling", first = "a", second = "b", strength = { re = "0 kHz", im = "-250 kHz" } },
]
"""
# 1/(2 pi 10^6/s), h * 7 GHz by CODATA, and their ratio: see tests/unit/units/test_unit_words.py.
TOLD = (
    "In lab units: rate unit = 6.283e+06 rad/s (1 MHz); 1/rate unit = 159.2 ns; hbar omega_0 = 28.95 ueV "
    "(4.638e-24 J); hbar omega_0 * rate unit = 29.14 aW."
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lab.toml").write_text(DEVICE)
    return tmp_path


def run(words: str, status: int = 0, columns: int = 80) -> Any:
    environment = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb"}
    found = CliRunner(env=environment).invoke(app, shlex.split(words), catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found


def answer(words: str) -> dict[str, Any]:
    return json.loads(run(f"{words} --json").stdout, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "words", ["steady lab.toml", "charge lab.toml", "sweep lab.toml --over 'LocalBath(b).rate=0.1,0.2'"]
)
def test_a_line_below_the_table_says_what_the_units_are(words: str) -> None:
    assert TOLD in " ".join(run(words).stdout.split())
    plain = words.replace("lab.toml", "plain.toml")
    ly.write_device(ly.Network(*_parts(), "a", "b"), "plain.toml")
    assert "lab units" not in run(plain).stdout


def _parts() -> tuple[Any, Any]:
    device = ly.read_device("lab.toml")
    return device.modes, device.elements
