"""`leyden sweep DEVICE --over ...`: the same numbers as in Python, as a table, as JSON and as a picture."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from PIL import Image
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app

PAIR = "two_photon_battery"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    ly.write_device(ly.catalog.reference_device(PAIR), "device.toml")
    return tmp_path


def run(words: str, status: int = 0) -> Any:
    environment = {"COLUMNS": "80", "NO_COLOR": "1"}
    found = CliRunner(env=environment).invoke(app, ["sweep", *shlex.split(words)], catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found


def answer(words: str) -> dict[str, Any]:
    return json.loads(run(f"{words} --json").stdout, parse_constant=pytest.fail)


def test_the_numbers_are_those_of_python() -> None:
    found = answer(f"{PAIR} --over drive=0.05:0.2:4 --over charger_damping=0.1:0.4:3:log --set battery-damping=0.2")
    axes = {"drive": [0.05, 0.1, 0.15, 0.2], "charger_damping": [0.1, 0.2, 0.4]}
    expected = ly.sweep(PAIR, axes, fixed={"battery_damping": 0.2})
    assert (found["drive"], found["charger_damping"], found["fixed"]) == (*axes.values(), {"battery_damping": 0.2})
    assert found["dims"]["stored_energy"] == ["drive", "charger_damping"]
    assert found["is_stable"] == expected["is_stable"].values.tolist()
    np.testing.assert_array_equal(np.array(found["ergotropy"], float), expected["ergotropy"])
    # 0.06/(0.2 * 0.32) by hand, at the damping 0.1 of both.
    assert answer(f"{PAIR} --over drive=0.1")["stored_energy"] == [pytest.approx(0.9375, rel=1e-12)]


def test_a_device_file_is_swept_by_addresses() -> None:
    found = answer("device.toml --over 'LocalBath(battery).rate=0.1,0.2' --set 'TwoPhotonDrive(charger).amplitude=0.1'")
    expected = answer(f"{PAIR} --over battery_damping=0.1,0.2 --set drive=0.1")
    np.testing.assert_allclose(found["stored_energy"], expected["stored_energy"], rtol=1e-12)
    assert found["LocalBath(battery).rate"] == [0.1, 0.2]


def test_names_of_modes_are_left_as_they_are() -> None:
    modes = [ly.Mode("my-mode = 1")]
    elements = [ly.OnePhotonDrive("my-mode = 1", 0.1), ly.LocalBath("my-mode = 1", 1.0)]
    ly.write_device(ly.Network(modes, elements, "my-mode = 1", "my-mode = 1"), "odd.toml")
    found = answer(
        "odd.toml --over 'LocalBath(my-mode = 1).rate=1,2' --set 'OnePhotonDrive(my-mode = 1).amplitude=0.5'"
    )
    np.testing.assert_allclose(found["stored_energy"], [1.0, 0.25], rtol=1e-12)  # (2 F/kappa)^2


def test_complex_values_and_failures_are_in_json() -> None:
    found = answer("reciprocal_battery --over coupling=0.1,0.2-0.1j")
    assert (found["coupling_real"], found["coupling_imaginary"]) == ([0.1, 0.2], [0.0, -0.1])
    (failure,) = answer(f"{PAIR} --over drive=-0.1,0.05")["failures"]
    assert failure["parameters"] == {"drive": -0.1}


def test_a_single_parameter_is_named_above_the_table() -> None:
    lines = [" ".join(line.split()) for line in run(f"{PAIR} --over drive=0.1,0.05").stdout.splitlines()]
    assert lines[1] == "drive 2 values from 0.05 to 0.1"
    assert "stored energy 0.13393 0.9375 0.1 hbar omega_0" in lines


@pytest.mark.parametrize("over", ["--over drive=0.01:0.2:9", "--over drive=0.01:0.2:9 --over phase=0,1,2"])
def test_a_picture_is_drawn(folder: Path, over: str) -> None:
    said = run(f"{PAIR} {over} --plot map.png --out data.nc")
    assert "wrote map.png" in said.stderr
    assert "stored energy" in said.stdout
    with Image.open("map.png") as picture:
        assert len(set(picture.convert("L").get_flattened_data())) > 20
    assert "ergotropy" in xr.load_dataset("data.nc")
    assert {path.name for path in folder.iterdir()} == {"device.toml", "data.nc", "map.png"}


def test_a_study_file_has_json_and_a_picture_too(folder: Path) -> None:
    (folder / "study.toml").write_text(f'device = "{PAIR}"\naxes.drive.values = [0.05, 0.1]\n')
    assert answer("study.toml --plot lines.svg")["stored_energy"][1] == pytest.approx(0.9375, rel=1e-12)
    assert (folder / "lines.svg").read_text().startswith("<?xml")


def test_a_store_goes_on_by_the_same_command(folder: Path) -> None:
    words = f"{PAIR} --over drive=0.05,0.1 --out s.zarr"
    run(words)
    assert "nothing was computed" in run(f"{words} --resume").stderr
    assert answer(words)["stored_energy"][1] == pytest.approx(0.9375, rel=1e-12)
    assert "holds another" in run(f"{PAIR} --over drive=0.05,0.2 --out s.zarr", 2).stderr


FORM = "Argument `--over` must have the form NAME=START:STOP:POINTS"
FAULTS = {
    f"{PAIR}": "`--over` must say what varies of the device 'two_photon_battery', but is left out. For example: --over",
    "device.toml": "--over 'TwoPhotonDrive(charger).amplitude=0.01:0.14:40'",
    f"{PAIR} --over drvie=1,2": "Did you mean 'drive'?",
    "device.toml --over drive=1,2": "Did you mean 'TwoPhotonDrive(charger).amplitude'?",
    "two_photon_batery --over drive=1,2": "Did you mean 'two_photon_battery'?",
    f"{PAIR} --over drive=0.1,0.2 --set drvie=1": "Argument `--set` must name parameters",
    f"{PAIR} --over drive=0.1,0.2 --set drive=0.1": "Argument `--set` must set no parameter twice (--over sets it",
    f"{PAIR} --over drive=0.1 --over drive=0.2": "Argument `--over` must name each parameter once, but is 'drive'",
    f"{PAIR} --over drive": FORM,
    f"{PAIR} --over =1": FORM,
    f"{PAIR} --over drive=": FORM,
    f"{PAIR} --over drive=a,b": FORM,
    f"{PAIR} --over drive=1:2": FORM,
    f"{PAIR} --over drive=1:2:x": FORM,
    f"{PAIR} --over drive=1:nan:3": FORM,
    f"{PAIR} --over drive=1:2:3:cubic": FORM,
    f"{PAIR} --over drive=1:2:3:log:4": FORM,
    f"{PAIR} --over drive=1:2:0": "Argument `--over` must have as POINTS a whole number, from 1",
    f"{PAIR} --over drive=0:2:3:log": "Argument `--over` must have START and STOP above 0 for :log",
    f"{PAIR} --set drive=0.1": "Argument `--set` must go with --over",
    f"{PAIR} --status --over drive=1,2": "Argument `--over` must be left out with --status",
    f"{PAIR} --over drive=1,2 --plot a.gif": "Argument `--plot` must end in .png",
    f"{PAIR} --over drive=0.1 --plot a.png": "Argument `--plot` must go with one parameter that varies, or two",
    f"{PAIR} --over drive=1,2 --over phase=1,2 --over detuning=1,2 --plot a.png": "'drive, phase, detuning'",
}


@pytest.mark.parametrize("words", FAULTS)
def test_faults_are_one_line(folder: Path, words: str) -> None:
    said = run(words, 2)
    assert said.stdout == ""
    (line,) = said.stderr.splitlines()
    assert line.startswith("Error: Argument `")
    assert FAULTS[words] in line
    assert [path.name for path in folder.iterdir()] == ["device.toml"]


def test_what_never_settles_is_told_and_not_drawn(folder: Path) -> None:
    said = run(f"{PAIR} --over drive=5,6 --plot map.png", 2)
    assert "of which 2 have no steady state" in said.stdout
    assert "Argument `--plot` must have a value at some point" in said.stderr
    assert not (folder / "map.png").exists()
