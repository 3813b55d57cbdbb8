"""`leyden charge` and `leyden steady` of a device with pulses: the run, and nothing that it does not have."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app

PULSE = "{ gaussian = { height = 0.3, centre = 5, width = 1 } }"
DEVICE = f"""\
charger = "a"
battery = "b"
modes = [{{ name = "a" }}, {{ name = "b" }}]
elements = [
    {{ kind = "two_photon_drive", mode = "a", amplitude = {PULSE} }},
    {{ kind = "local_bath", mode = "a", rate = 1.0 }},
    {{ kind = "local_bath", mode = "b", rate = 0.5 }},
    {{ kind = "coherent_coupling", first = "a", second = "b", strength = 0.3 }},
]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pulsed.toml").write_text(DEVICE, encoding="utf-8")


def leyden(*words: str, status: int = 0) -> tuple[str, str]:
    ran = CliRunner().invoke(app, list(words), env={"COLUMNS": "100", "NO_COLOR": "1"}, catch_exceptions=False)
    assert ran.exit_code == status, ran.stderr
    return ran.stdout, ran.stderr


def test_charge_gives_the_run_and_says_what_it_leaves_out() -> None:
    found = json.loads(leyden("charge", "pulsed.toml", "--until", "20", "--points", "201", "--json")[0])
    run = ly.charge(ly.read_device("pulsed.toml"), np.linspace(0.0, 20.0, 201))
    np.testing.assert_allclose(found["stored_energy"], run.stored_energy, rtol=1e-9, atol=1e-15)
    assert (found["stability"], found["steady"], found["threshold"], found["transport"]) == (None, None, {}, {})
    assert set(found["left_out"]) == {"stability", "steady", "settling_time", "threshold", "transport"}
    assert set(found["left_out"].values()) == {"TwoPhotonDrive(a).amplitude changes in time"}
    peak = found["peak"]["stored_energy"]
    around = ly.charge(ly.read_device("pulsed.toml"), np.linspace(peak["time"] - 0.1, peak["time"] + 0.1, 2001))
    assert peak["value"] == pytest.approx(float(around.stored_energy.max()), rel=1e-8)
    gaussian = found["parameters"]["elements"][0]["amplitude"]["gaussian"]
    assert gaussian == {"height": 0.3, "centre": 5.0, "width": 1.0}


def test_charge_prints_a_table() -> None:
    printed, _ = leyden("charge", "pulsed.toml")
    assert "left out  steady state, stability, threshold, transport: TwoPhotonDrive(a).amplitude changes" in printed
    assert "stored energy" in printed


def test_charge_writes_data_and_a_picture() -> None:
    leyden("charge", "pulsed.toml", "--until", "20", "--out", "run.nc", "--plot", "run.png")
    with xr.open_dataset("run.nc") as found:
        assert ly.read_device(found) == ly.read_device("pulsed.toml")
    assert Path("run.png").stat().st_size > 0


def test_charge_of_several_batteries() -> None:
    Path("pulsed.toml").write_text(DEVICE.replace('battery = "b"', 'battery = ["b", "a"]'), encoding="utf-8")
    assert "total" in leyden("charge", "pulsed.toml")[0]
    assert set(json.loads(leyden("charge", "pulsed.toml", "--json")[0])["peak"]) == {"b", "a", "total"}


def test_charge_beyond_what_a_pulse_is_known_for() -> None:
    samples = "{ sampled = { times = [0, 1, 2, 3], values = [0, 0.1, 0.2, 0] } }"
    Path("pulsed.toml").write_text(DEVICE.replace(PULSE, samples), encoding="utf-8")
    assert json.loads(leyden("charge", "pulsed.toml", "--json")[0])["time"][-1] == 3.0
    _, complaint = leyden("charge", "pulsed.toml", "--until", "4", status=2)
    assert "`times` must lie where all pulses are known, from 0 to 3, but is 4.0" in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("frequency", ["1e300", "1e9"])
def test_charge_refuses_a_carrier_of_too_many_periods(frequency: str) -> None:
    carrier = f"{{ cosine = {{ height = 0.3, frequency = {frequency} }} }}"
    Path("pulsed.toml").write_text(DEVICE.replace(PULSE, carrier), encoding="utf-8")
    _, complaint = leyden("charge", "pulsed.toml", status=2)
    assert "`times` must take at most 1000000 steps of" in complaint
    assert complaint.count("\n") == 1


def test_charge_waits_for_a_pulse_that_never_comes() -> None:
    late = "{ gaussian = { height = 0.3, centre = 1e300, width = 1e-300 } }"
    Path("pulsed.toml").write_text(DEVICE.replace(PULSE, late), encoding="utf-8")
    found = json.loads(leyden("charge", "pulsed.toml", "--points", "3", "--json")[0])
    assert found["stored_energy"][:2] == [0.0, 0.0]
    assert found["peak"]["stored_energy"] is None


def test_steady_refuses_in_one_line() -> None:
    printed, complaint = leyden("steady", "pulsed.toml", status=2)
    assert printed == ""
    assert complaint.startswith("Error: The device must be constant in time here, but is 'TwoPhotonDrive(a)")
    assert complaint.count("\n") == 1
