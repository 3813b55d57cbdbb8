"""Study files: what they say, and every way in which they can be wrong, with the line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.errors import ParameterError
from leyden.model.files import write_device
from leyden.runner import Range
from leyden.study import read_study, sweep

WHOLE = """\
device = "two_photon_battery"
measure = "charge"

[times]
stop = 10
points = 3

[fixed]
battery_damping = 0.1
coupling = { re = 0.0, im = -0.25 }

[axes.drive]
start = 0.01
stop = 0.1
points = 4
spacing = "log"

[axes.detuning]
values = [0.0, 0.5, 1]
"""


def study(folder: Path, text: str) -> Any:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return read_study(path)


def test_a_method_for_all(tmp_path: Path) -> None:
    assert study(tmp_path, WHOLE).method is None
    found = study(tmp_path, WHOLE.replace('measure = "charge"', 'measure = "charge"\nmethod = "sparse"'))
    assert sweep(**found.arguments()).attrs["method"] == "low_rank"


def test_a_whole_file(tmp_path: Path) -> None:
    found = study(tmp_path, WHOLE)
    assert found.axes == {"drive": Range(0.01, 0.1, 4, "log"), "detuning": [0.0, 0.5, 1]}
    assert found.fixed == {"battery_damping": 0.1, "coupling": -0.25j}
    assert found.times.tolist() == [0.0, 5.0, 10.0]
    result = sweep(**found.arguments())
    assert dict(result.sizes) == {"drive": 4, "detuning": 3, "time": 3}
    one = ly.catalog.two_photon_battery(
        drive=0.1, charger_damping=0.1, battery_damping=0.1, coupling=-0.25j, detuning=0.5
    )
    np.testing.assert_allclose(
        result.stored_energy.sel(drive=0.1, detuning=0.5), ly.charge(one, [0, 5, 10]).stored_energy, rtol=1e-12
    )


def test_the_least_file(tmp_path: Path) -> None:
    found = study(tmp_path, 'device = "cascade"\n[axes.drive]\nvalues = [0.01]\n')
    assert (found.measure, found.sampling, found.points, found.seed, found.fixed, found.times) == (
        "steady_state",
        "grid",
        None,
        0,
        {},
        None,
    )
    assert sweep(**found.arguments()).sizes["mode"] == 3


def test_times_may_be_listed(tmp_path: Path) -> None:
    text = 'device = "cascade"\nmeasure = "charge"\ntimes.values = [0, 1, 5]\n[axes.drive]\nvalues = [0.01]\n'
    assert study(tmp_path, text).times == [0, 1, 5]


def test_samples(tmp_path: Path) -> None:
    text = (
        'device = "two_photon_battery"\nsampling = "sobol"\npoints = 8\nseed = 3\n[axes.drive]\nstart = 0\nstop = 0.1\n'
    )
    found = study(tmp_path, text)
    assert (found.sampling, found.points, found.seed) == ("sobol", 8, 3)
    assert sweep(**found.arguments()).sizes == {"point": 8}


def test_a_device_file_beside_the_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    (tmp_path / "folder").mkdir()
    write_device(device, tmp_path / "folder" / "mine.toml")
    text = (
        'device = "mine.toml"\n[axes."TwoPhotonDrive(charger).amplitude"]\nvalues = [0.05, 0.1]\n'
        '[axes.kappa]\nparameters = ["LocalBath(charger).rate", "LocalBath(battery).rate"]\nvalues = [0.1, 0.2]\n'
    )
    monkeypatch.chdir(tmp_path)
    result = sweep(**study(tmp_path / "folder", text).arguments())
    assert result.sizes == {"TwoPhotonDrive(charger).amplitude": 2, "kappa": 2}
    assert float(result.stored_energy[1, 0]) == pytest.approx(0.9375, rel=1e-12)


def test_complex_values(tmp_path: Path) -> None:
    found = study(tmp_path, 'device = "reciprocal_battery"\naxes.coupling.values = [1, { re = 0, im = -0.5 }]\n')
    assert found.axes == {"coupling": [1, -0.5j]}


FAULTS = {
    "unknown key": ("measure = ", "meassure = ", "line 2: Argument `", "has 'meassure'. Did you mean 'measure'?"),
    "unknown table": ("[times]", "[time]", "have the key 'times'"),
    "key of an axis": ("spacing", "spaceing", "line 16: Argument `axes.drive` must have no keys but ", "'spaceing'"),
    "values and range": ("values =", "stop = 1\nvalues =", "line 19: Argument `axes.detuning` must have no keys but "),
    "spacing": ('"log"', '"cubic"', "Argument `axes.drive.spacing` must be one of linear, log, but is 'cubic'"),
    "method": (
        'measure = "charge"',
        'method = "quick"',
        "Argument `method` must be one of low_rank, dense, one_way, fock, truncated_wigner, mean_field, sparse",
    ),
    "measure": ('"charge"', '"power"', "Argument `measure` must be one of steady_state, charge, but is 'power'"),
    "start": ("start = 0.01", "start = '0.01'", "line 13: Argument `axes.drive.start` must be a number, but is '0.01'"),
    "range": ("start = 0.01", "start = -0.01", 'line 13: Argument `start` must be positive where spacing is "log"'),
    "points": ("points = 4", "points = 4.5", "line 15: Argument `axes.drive.points` must be a whole number"),
    "no start": (
        "start = 0.01\n",
        "",
        "line 12: Argument `axes.drive` must have the key 'start', but has only stop, points",
    ),
    "no points": ("stop = 10\npoints = 3", "stop = 10", "line 4: Argument `times` must have the key 'points'"),
    "no stop": ("stop = 10\n", "", "Argument `times` must have the key 'stop'"),
    "values": ("[0.0, 0.5, 1]", "[0.0, 'x']", "line 19: Argument `axes.detuning.values[1]` must be a number, complex"),
    "no values": ("[0.0, 0.5, 1]", "[]", "Argument `axes.detuning.values` must be an array of numbers"),
    "boolean": ("[0.0, 0.5, 1]", "[true]", "Argument `axes.detuning.values[0]` must be a number"),
    "fixed": (
        "= 0.1\ncoupling",
        "= [0.1]\ncoupling",
        "line 9: Argument `fixed.battery_damping` must be a number, a ta",
    ),
    "no axis": (
        "detuning",
        "detunning",
        "Argument `axes` must name parameters of the device",
        "Did you mean 'detuning'",
    ),
    "twice": ("battery_damping", "drive", "Argument `fixed` must set no parameter twice"),
    "device": ('"two_photon_battery"', '"three"', "line 1: Argument `device` must be a device file beside the study"),
    "no device": ('device = "two_photon_battery"\n', "", "must have the key 'device'"),
    "device's type": ('"two_photon_battery"', "3", "Argument `device` must be a string, but is 3"),
    "axis's type": ("[axes.detuning]\nvalues =", "[axes]\ndetuning =", "Argument `axes.detuning` must be a table"),
    "parameters": ("values", 'parameters = "drive"\nvalues', "`axes.detuning.parameters` must be an array of strings"),
    "TOML": ("[times]", "[times", "is not TOML"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_faults_are_told_with_their_line(tmp_path: Path, case: str) -> None:
    old, new, *words = FAULTS[case]
    assert old in WHOLE
    with pytest.raises(ParameterError) as caught:
        study(tmp_path, WHOLE.replace(old, new, 1))
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert str(tmp_path / "study.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_axes(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="must have the key 'axes', but has only device"):
        study(tmp_path, 'device = "cascade"\n')
    with pytest.raises(ParameterError, match=r"must be a study file, but .*study\.toml' is empty"):
        study(tmp_path, "")


def test_times_without_charging(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"must have no keys but .*, but has 'times'"):
        study(tmp_path, WHOLE.replace('measure = "charge"\n', ""))


def test_a_fault_of_the_device_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("charger = 3\n")
    with pytest.raises(ParameterError, match=r"mine\.toml"):
        study(tmp_path, WHOLE.replace("two_photon_battery", "mine.toml"))


def missing(folder: Path) -> Path:
    return folder / "missing.toml"


def not_text(folder: Path) -> Path:
    (folder / "bytes.toml").write_bytes(b"\xff\xfe")
    return folder / "bytes.toml"


def large(folder: Path) -> Path:
    with (folder / "large.toml").open("wb") as file:
        os.truncate(file.fileno(), 20 * 2**20)
    return folder / "large.toml"


def null(folder: Path) -> str:
    return f"{folder}/a\0b"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (missing, "no such file"),
        (not_text, "not UTF-8"),
        (large, "has 20.0 MiB, more than 16"),
        (null, "null"),
        (Path, "a directory"),
    ],
)
def test_what_is_no_file(tmp_path: Path, make: Any, reason: str) -> None:
    with pytest.raises(ParameterError, match=f"^Argument `path` must be a study file, but '.*{reason}"):
        read_study(make(tmp_path))


AXIS = 'device = "cascade"\n[axes.drive]\n'
HUGE = "0x1" + "0" * 9000
CHARGE = 'device = "cascade"\nmeasure = "charge"\n'
LARGE = {
    "start": (AXIS + f"start = {HUGE}\nstop = 1", "line 3: Argument `axes.drive.start` must be a number below 1.8e308"),
    "points": (
        AXIS + "start = 0\nstop = 1\npoints = 100000000000000000000",
        "below 9.2e18, but is 10000",
    ),
    "many points": (
        AXIS + "start = 0\nstop = 1\npoints = 1000000000000",
        "line 5: Argument `points` must be a",
    ),
    "values": (
        AXIS + f"values = [\n1,\n{HUGE}\n]",
        "line 5: Argument `axes.drive.values[1]` must be a number",
    ),
    "fixed": (f"fixed.modes = {HUGE}\n{AXIS}", "line 1: Argument `fixed.modes` must be a number, a table"),
    "seed": (f"seed = {HUGE}\n{AXIS}values = [1]", "but is a whole number of about 10838 digits."),
    "device": (AXIS.replace("cascade", "x" * 9999), "line 1: Argument `device` must be a device"),
    "folder": (
        AXIS.replace("cascade", "x/" * 9999),
        "line 1: Argument `device` must be a device",
    ),
    "null": (AXIS.replace("cascade", "x\\u0000"), "line 1: Argument `device` must be a device file beside the study"),
    "times": (
        CHARGE + "times.stop = 1\ntimes.points = 1000001\n",
        "line 4: Argument `times.points` must be at most",
    ),
    "key": ("a." * 40 + "a = 1\n" + AXIS, "has a key of more than 32 dotted parts (line 1)"),
    "many values": (AXIS + f"values = [{'true, ' * 20000}]", "Argument `axes.drive.values[0]` must be a number"),
    "many names": (AXIS + f"parameters = [{'1, ' * 20000}]", "Argument `axes.drive.parameters[0]` must be a string"),
    "many keys": (
        AXIS + "".join(f"k{place} = 1\n" for place in range(20000)) + "stop = 1",
        "have the key 'start'",
    ),
    "a long key": (AXIS + "k" * 20000 + " = 1\nvalues = [1]", "must have no keys but"),
    "a long axis": (AXIS.replace("drive", "drive" * 9999) + "values = [1]", "but names 'drivedrivedrive"),
    "nesting": (AXIS + f"values = {'[' * 60}1{']' * 60}", "must be a number, complex ones as"),
}


@pytest.mark.parametrize("case", LARGE)
def test_large_things_in_small_files(tmp_path: Path, case: str) -> None:
    text, words = LARGE[case]
    with pytest.raises(ParameterError) as caught:
        study(tmp_path, text)
    assert words in str(caught.value)
    assert str(tmp_path / "study.toml") in str(caught.value)
    assert len(str(caught.value)) <= 300
    assert str(caught.value).isprintable()


def test_whole_numbers_beyond_those_of_arrays_are_doubles(tmp_path: Path) -> None:
    found = study(tmp_path, AXIS + f"values = [{2**63}, {2**64}, 1]")
    assert found.axes == {"drive": [2.0**63, 2.0**64, 1]}
