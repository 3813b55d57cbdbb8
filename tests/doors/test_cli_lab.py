"""Devices in lab units on the command line: what their numbers are, in what unit, and times and rates with units."""

from __future__ import annotations

import json
import shlex
from math import pi
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.constants import e, h
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.page import pictures

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


QUANTUM, RADIANS = h * 7e9, 2 * pi * 1e6
# What the number 1 of each unit in words is, in lab units.
FACTORS = {
    "1/rate unit": ("us", 1e6 / RADIANS),
    "hbar omega_0": ("ueV", QUANTUM / e * 1e6),
    "(hbar omega_0)^2": ("ueV^2", (QUANTUM / e * 1e6) ** 2),
    "hbar omega_0 * rate unit": ("aW", QUANTUM * RADIANS * 1e18),
    "rate unit": ("rate unit", 1.0),
    "1": ("1", 1.0),
}
SHOWN = {"stored_energy": "hbar omega_0", "settling_time": "1/rate unit"}


def scaled(numbers: Any, unit: str) -> Any:
    """What stands in JSON in a unit in words, in lab units; null is NaN."""
    return pytest.approx(np.asarray(numbers, float) * FACTORS[unit][1], rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("words", ["steady lab.toml", "charge lab.toml --points 5"])
def test_json_in_lab_units_is_that_in_numbers_times_a_factor(words: str) -> None:
    plain, found = answer(words), answer(f"{words} --lab")
    units = {"drive_work": "hbar omega_0", "charging_efficiency": "1"} | plain["units"]
    assert found["units"] == {name: FACTORS[unit][0] for name, unit in plain["units"].items()}
    for name in units.keys() & plain.keys():
        assert np.asarray(found[name], float) == scaled(plain[name], units[name])
    for name, value in plain["steady"].items():
        assert np.asarray(found["steady"][name], float) == scaled(value, units[name])
    for name, peak in plain["peak"].items():
        if peak is not None:
            assert found["peak"][name]["value"] == scaled(peak["value"], units[name])
            assert found["peak"][name]["time"] == scaled(peak["time"], "1/rate unit")
    for end in ("peak_until", "settling_until"):
        assert found[end] == scaled(plain[end], "1/rate unit")
    assert found["stability"] == plain["stability"]


def test_tables_are_in_lab_units() -> None:
    lines = [" ".join(line.split()) for line in run("steady lab.toml --lab", columns=100).stdout.splitlines()]
    steady = answer("steady lab.toml")
    energy, time = (f"{steady[name] * FACTORS[unit][1]:.5g}" for name, unit in SHOWN.items())
    assert any(line.startswith(f"stored energy {energy} ") and line.endswith(" ueV") for line in lines)
    assert f"settling {time} (us), to 1 % of the steady stored energy" in lines
    assert f"Times in us. Peaks between 0 and {500 / RADIANS * 1e6:.5g}; start, end" in " ".join(lines)
    assert TOLD in " ".join(lines)


def test_several_batteries_are_in_lab_units_too(folder: Path) -> None:
    (folder / "lab.toml").write_text(DEVICE.replace('battery = "b"', 'battery = ["a", "b"]'))
    printed = " ".join(run("charge lab.toml --lab").stdout.split())
    energies = answer("charge lab.toml")["steady"]
    shown = [f"{energies[name]['stored_energy'] * FACTORS['hbar omega_0'][1]:.5g}" for name in ("a", "b", "total")]
    assert f"stored energy {' '.join(shown)} " in printed
    assert "Energies in ueV, powers in aW. Times in us." in printed


def test_files_are_in_lab_units_and_hold_the_device(folder: Path) -> None:
    run("charge lab.toml --points 5 --lab --out run.nc --plot run.png")
    run("steady lab.toml --lab --out steady.nc")
    for name, expected in (
        ("run.nc", ly.charge(ly.read_device("lab.toml"), np.linspace(0, 500, 5))),
        ("steady.nc", None),
    ):
        with xr.open_dataset(folder / name) as found:
            assert (found.stored_energy.units, found.charging_power.units) == ("ueV", "aW")
            assert ly.read_device(found) == ly.read_device("lab.toml")
            if expected is not None:
                assert found.time.units == "us"
                assert found.time.values == scaled(expected.time, "1/rate unit")
                assert found.stored_energy.values == scaled(expected.stored_energy, "hbar omega_0")
    assert (folder / "run.png").stat().st_size > 0


def test_errors_of_estimates_are_in_lab_units() -> None:
    words = "steady lab.toml --method truncated_wigner --option trajectories=80 --option seed=1"
    plain, found = answer(words)["steady"], answer(f"{words} --lab")["steady"]
    assert found["stored_energy_error"] == scaled(plain["stored_energy_error"], "hbar omega_0")
    assert "ueV" in run(f"{words} --lab").stdout


def test_an_unstable_device_has_peaks_in_lab_units(folder: Path) -> None:
    (folder / "lab.toml").write_text(
        DEVICE.replace("one_photon_drive", "two_photon_drive").replace("100 kHz", "2 MHz", 1)
    )
    found = answer("charge lab.toml --until 3 --lab")
    assert (found["steady"], found["units"]["stored_energy"], found["units"]["time"]) == (None, "ueV", "ns")
    assert found["peak_until"] == pytest.approx(3 / RADIANS * 1e9, rel=1e-12)
    run("steady lab.toml --lab", status=3)


def test_energies_have_the_unit_of_a_quantum(folder: Path) -> None:
    """Frequencies are counted in the rate unit here, whose quantum of some neV is 7000 times smaller."""
    changed = DEVICE.replace('frequency_unit = "7 GHz"\n', "").replace('"a" }', '"a", frequency = "7 GHz" }')
    (folder / "lab.toml").write_text(changed.replace('"b", det', '"b", frequency = "7 GHz", det'))
    found = answer("steady lab.toml --lab")
    assert (found["units"]["stored_energy"], found["units"]["charging_power"]) == ("ueV", "aW")
    (folder / "lab.toml").write_text(DEVICE)
    assert found["stored_energy"] == pytest.approx(answer("steady lab.toml --lab")["stored_energy"], rel=1e-11)


@pytest.mark.parametrize("command", ["steady", "charge"])
def test_lab_units_need_a_scale(folder: Path, command: str) -> None:
    assert "must have a `rate_unit` for --lab, but is 'cascade'" in run(f"{command} cascade --lab", status=2).stderr
    (folder / "half.toml").write_text(DEVICE.replace('frequency_unit = "7 GHz"\n', "").replace('"50 mK"', "0.001"))
    assert "must have a `frequency_unit` for --lab" in run(f"{command} half.toml --lab", status=2).stderr


def test_the_last_time_may_have_a_unit() -> None:
    found = answer("charge lab.toml --until '3 us' --points 4 --lab")
    assert found["time"] == [0.0, *(pytest.approx(time, rel=1e-14) for time in (1.0, 2.0, 3.0))]
    assert answer("charge lab.toml --until '3 us'")["peak_until"] == pytest.approx(3e-6 * RADIANS, rel=1e-14)


def test_a_report_until_a_time_with_a_unit_says_its_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "drawn", lambda figure, form: b"a picture")
    run("report lab.toml --until '3 us'")
    page = (folder / "report" / "report.html").read_text(encoding="utf-8")
    assert "leyden report device.toml --until &#39;3 us&#39;" in page
    with xr.open_dataset(folder / "report" / "charge.nc") as found:
        assert float(found.time[-1]) == pytest.approx(3e-6 * RADIANS, rel=1e-14)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "cascade --until '3 us'",
            "above 0, in 1/rate unit, but is '3 us'. Quantities with units are for device files",
        ),
        ("lab.toml --until '3 MHz'", "Argument `--until` must be a time with a unit, as '10 us', but is '3 MHz'."),
        ("lab.toml --until '-3 us'", "Argument `--until` must be a finite time above 0"),
        ("lab.toml --until '3 parsec'", "Its dimension is [length]."),
    ],
)
def test_other_last_times_are_refused(words: str, expected: str) -> None:
    assert expected in run(f"charge {words}", status=2).stderr


DRIVE, BATH = "OnePhotonDrive(a).amplitude", "LocalBath(b)"


@pytest.mark.parametrize(
    ("over", "values"),
    [
        (f"{DRIVE}=1 MHz:5 MHz:5", [1.0, 2.0, 3.0, 4.0, 5.0]),
        (f"{DRIVE}=0:5 MHz:2", [0.0, 5.0]),
        (f"{DRIVE}=10 kHz:1 MHz:3:log", [0.01, 0.1, 1.0]),
        (f"{DRIVE}=1 MHz, 2e6 rad/s", [1.0, 2e6 / RADIANS]),
        ("Mode(b).frequency=7 GHz,14 GHz", [1.0, 2.0]),
        ("OnePhotonDrive(a).phase=0 deg:180 deg:3", [0.0, pi / 2, pi]),
    ],
)
def test_what_varies_may_have_units(over: str, values: list[float]) -> None:
    assert answer(f"sweep lab.toml --over '{over}'")[over.partition("=")[0]] == pytest.approx(values, rel=1e-14)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f"lab.toml --over '{DRIVE}=1:5 MHz:5'", f"have a unit at every value of {DRIVE}, or at none, but is '1'"),
        (f"lab.toml --over '{DRIVE}=1 us,2 us'", "Argument `--over` must be a rate with a unit"),
        (f"lab.toml --over '{DRIVE}=1 MHz,two'", "Argument `--over` must be a rate with a unit"),
        ("lab.toml --over 'OnePhotonDrive(a).amplitud=1 MHz,2 MHz'", f"Did you mean '{DRIVE}'?"),
        (f"lab.toml --over '{BATH}.occupation=1 mK,2 mK'", f"have plain numbers for {BATH}.occupation, but is '1 mK'"),
        ("cascade --over 'drive=0.1 MHz:1 MHz:3'", "have plain numbers for drive, but is '0.1 MHz'. Quantities with"),
        (f"lab.toml --over '{DRIVE}=1 MHz:5 MHz:5 kHz'", "have the form NAME=START:STOP:POINTS"),
    ],
)
def test_other_values_are_refused(words: str, expected: str) -> None:
    assert expected in run(f"sweep {words}", status=2).stderr


def test_sliders_of_an_exported_page_may_have_units(folder: Path) -> None:
    run(f"explore lab.toml --export page.html --over '{DRIVE}=100 kHz:200 kHz:2'")
    assert '"values":[0.1,0.2]' in (folder / "page.html").read_text(encoding="utf-8")
