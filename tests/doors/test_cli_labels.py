"""Labels on terminals: names from files, and from stores that one was sent, are shown as they are and steer nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.cli.progress import on_stderr
from leyden.model.files import write_device

# Printable, and to Rich: a closing tag without an opening one, a style, an emoji, an escape.
NAMES = ["[/x]", "[red]a[/red]", ":smile:", "a\\[b]"]
BASE = 'device = "two_photon_battery"\n[fixed]\nbattery_damping = 0.1\n'


def leyden(*words: str, status: int = 0, width: int = 200) -> str:
    found = CliRunner().invoke(app, list(words), env={"COLUMNS": str(width), "NO_COLOR": "1"}, catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found.stdout if status == 0 else found.stderr


def study(text: str) -> str:
    Path("study.toml").write_text(text, encoding="utf-8")
    return "study.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_axes_are_shown_as_they_are_called(name: str) -> None:
    file = study(f"{BASE}[axes.{json.dumps(name)}]\nparameters = ['drive']\nvalues = [0.01, 0.02]\n")
    assert " ".join(leyden("sweep", file).splitlines()[1].split()) == f"{name} 2 values from 0.01 to 0.02"
    Path(file).write_text(Path(file).read_text() + "[axes.detuning]\nvalues = [0.0, 0.1]\n")
    # Each is named at the head of its column.
    assert f"at {name} at detuning" in " ".join(leyden("sweep", file).split())
    if not set(name) & set("/\\"):  # which Zarr takes for folders
        assert f"axis {name}" in leyden("sweep", file, "--out", "s.zarr")
        assert f"axis {name}" in leyden("sweep", "s.zarr", "--status")


def test_an_address_keeps_its_mode() -> None:
    write_device(ly.catalog.reference_device("two_photon_battery"), "mine.toml")
    name = "SharedBath(charger, battery).weights[charger]"
    others = "\n[axes.'LocalBath(battery).rate']\nvalues = [0.1, 0.2]\n"
    summary = leyden("sweep", study(f'device = "mine.toml"\n[axes."{name}"]\nvalues = [0.7, 0.8]{others}'))
    assert f"{name}" in summary.splitlines()[1]
    assert f"at {name} at LocalBath(battery).rate" in " ".join(summary.split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["charge", "steady"])
def test_modes_and_devices_are_shown_as_they_are_called(name: str, command: str) -> None:
    modes = [ly.Mode(name), ly.Mode("b"), ly.Mode(f"{name} c")]
    elements = [ly.TwoPhotonDrive(name, 0.01), *(ly.LocalBath(mode.name, 0.1) for mode in modes)]
    network = ly.Network(modes, elements, charger=name, battery=["b", f"{name} c"], name=f"device {name}")
    write_device(network, "mine.toml")
    printed = leyden(command, "mine.toml")
    assert f"device {name}" in printed.splitlines()[0]
    assert f"two-photon drive 0.01 on {name} is" in printed
    assert f"{name} c" in printed


def test_a_store_that_one_was_sent_steers_no_terminal(folder: Path) -> None:
    """What is in its ledger need not have been written by leyden."""
    leyden("sweep", study(f"{BASE}[axes.drive]\nvalues = [0.01, 0.02]\n"), "--out", "s.zarr")
    ledger = folder / "s.zarr" / "ledger" / "study.json"
    ledger.write_text(ledger.read_text().replace("axis drive", "axis \\u001b[31m[/x]\\u0007"))
    found = CliRunner().invoke(app, ["sweep", "s.zarr", "--status"], catch_exceptions=False)
    assert found.exit_code in (0, 2)
    assert "\x1b" not in found.output
    assert "\x07" not in found.output
    assert "\\x1b[31m[/x]\\x07" in found.output or found.exit_code == 2


@pytest.mark.parametrize("name", ["a\\u001b[31m", "a\\u0007", "a\\u202e", "a\\nb"])
def test_names_that_would_steer_a_terminal_are_refused(name: str) -> None:
    file = study(f'{BASE}[axes."{name}"]\nparameters = ["drive"]\nvalues = [0.01]\n')
    assert "Argument `axes` must have names of parameters, printable" in leyden("sweep", file, status=2)
    Path("mine.toml").write_text(f'charger = "{name}"\nbattery = "{name}"\nmodes = [{{ name = "{name}" }}]\n')
    complaint = leyden("steady", "mine.toml", status=2)
    assert "mine.toml, line 3: Argument `modes[0].name` must be the name of a mode, a printable string" in complaint
    assert complaint.rstrip("\n").isprintable()


def test_a_file_of_an_unprintable_name_is_a_device_all_the_same(folder: Path) -> None:
    write_device(ly.catalog.reference_device("cascade"), "plain.toml")
    text = (folder / "plain.toml").read_text().replace('name = "cascade"\n', "")
    (folder / "a\x1b[31m\n.toml").write_text(text)
    assert ly.read_device(folder / "a\x1b[31m\n.toml").name == "a\\x1b[31m"


def test_progress_shows_names_as_they_are(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for name in NAMES:
        with on_stderr("sweeping") as tell:
            tell(f"at {name}", 1, 2)
    assert "done in" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["steady", "x" * 5000],
        ["steady", "x/" * 5000],
        ["devices", "x" * 5000],
        ["sweep", "x" * 5000],
        ["sweep", "x" * 5000, "--status"],
        ["charge", "cascade", "--points", "9" * 5000],
        ["charge", "cascade", "--until", "x" * 5000],
        ["charge", "cascade", "--set", "x" * 5000],
        ["charge", "cascade", "--set", f"{'x' * 5000}=1"],
        ["charge", "cascade", "--set", f"modes={'9' * 5000}"],
        ["charge", "cascade", "--set", f"modes={'9' * 4000}"],
        ["charge", "cascade", "--set", "modes=1000000000"],
        ["charge", "lattice", "--set", "rows=100000", "--set", "columns=100000"],
        ["charge", "cascade", "--set", "drive=\x1b[31m"],
        ["charge", "cascade", "--out", f"{'x' * 5000}.nc"],
        ["x" * 5000],
        ["charge", f"--{'x' * 5000}"],
    ],
    ids=lambda words: " ".join(words)[:40].encode("unicode_escape").decode(),
)
def test_whatever_is_typed_the_answer_is_one_short_line(words: list[str]) -> None:
    complaint = leyden(*words, status=2)
    assert complaint.startswith("Error: ")
    assert complaint.endswith("\n")
    assert complaint[:-1].isprintable()
    assert len(complaint) <= 310


def test_a_mistyped_parameter_is_answered_by_the_nearest() -> None:
    assert "Did you mean 'drive'?" in leyden("steady", "cascade", "--set", "driv=0.1", status=2)
    assert "Did you mean" not in leyden("steady", "cascade", "--set", f"{'drive' * 21}=0.1", status=2)
