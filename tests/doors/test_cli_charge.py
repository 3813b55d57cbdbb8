"""`leyden charge` and `leyden steady`: numbers for programs and for people, the same ones as in Python."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.cli.answers import print_json
from leyden.model.files import parse_device
from leyden.portrait import Portrait

REFERENCE = ly.catalog.reference_device("two_photon_battery")

NETWORK = """\
charger = "a"
battery = "b"
modes = [{ name = "a" }, { name = "b" }]
elements = [
    { kind = "two_photon_drive", mode = "a", amplitude = 0.1 },
    { kind = "local_bath", mode = "a", rate = 1.0 },
    { kind = "local_bath", mode = "b", rate = 0.5, occupation = 0.2 },
    { kind = "coherent_coupling", first = "a", second = "b", strength = { re = 0.3, im = -0.2 } },
]
"""


def leyden(*words: str, columns: int = 80, status: int = 0) -> tuple[str, str]:
    """What a command prints on stdout and on stderr."""
    environment = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb"}
    found = CliRunner().invoke(app, list(words), env=environment, catch_exceptions=False)
    assert found.exit_code == status, found.stderr
    return found.stdout, found.stderr


def answer(*words: str) -> dict[str, Any]:
    """The one JSON object on stdout, read strictly; nothing on stderr."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    printed, complaints = leyden(*words, "--json")
    assert complaints == ""
    return json.loads(printed, parse_constant=refuse)


def row(printed: str, label: str) -> list[str]:
    """Cells of the first line that starts with a label."""
    line = next(line for line in printed.splitlines() if line.strip().startswith(label))
    return line.strip().removeprefix(label).split()


# JSON.


def test_charge_gives_every_variable_over_time() -> None:
    found = answer("charge", "two_photon_battery", "--until", "30", "--points", "31")
    expected = ly.charge(REFERENCE, np.linspace(0, 30, 31))
    assert found["time"] == list(range(31))
    for name in expected.data_vars:
        if name != "is_stable":
            wanted = [None if math.isnan(value) else value for value in expected[name].values.tolist()]
            assert found[str(name)] == wanted, name
            assert found["units"][str(name)] == expected[name].attrs["units"]
    assert found["utilization_ratio"][0] is None
    assert found["units"]["time"] == expected.time.attrs["units"]


def test_times_are_the_decimals_that_one_types() -> None:
    found = answer("charge", "two_photon_battery", "--until", "1", "--points", "101")
    assert found["time"] == [float(f"{place}e-2") for place in range(101)]


def test_steady_gives_every_variable() -> None:
    found = answer("steady", "two_photon_battery", "--set", "drive=0.1")
    expected = ly.steady_state(ly.catalog.reference_device("two_photon_battery", drive=0.1))
    assert found["stored_energy"] == pytest.approx(0.9375, rel=1e-13)  # 0.06/(0.2 * 0.32)
    for name in expected.data_vars:
        if name != "is_stable":
            assert found[str(name)] == expected[name].item(), name


def test_json_tells_the_device() -> None:
    found = answer("charge", "two_photon_battery", "--set", "coupling=0.1-0.2j")
    assert (found["device"], found["version"]) == ("two_photon_battery", ly.__version__)
    assert found["parameters"]["elements"][-1]["strength"] == {"re": 0.1, "im": -0.2}
    device = ly.catalog.reference_device("two_photon_battery", coupling=0.1 - 0.2j)
    assert found["threshold"]["charger"]["critical_drive"] == ly.critical_drive(device)
    assert found["threshold"]["charger"]["margin"] == ly.critical_drive(device) - 0.05
    assert found["stability"]["spectral_abscissa"] == float(ly.stability(device).spectral_abscissa)
    assert found["steady"]["ergotropy"] == float(ly.steady_state(device).ergotropy)
    # |Gamma mu/2 - i J| / |Gamma mu/2 + i J| with mu = 1/2.
    wanted = abs(0.25 - 1j * (0.1 - 0.2j)) / abs(0.25 + 1j * (0.1 - 0.2j))
    assert found["transport"]["battery"]["back_action"] == pytest.approx(wanted, rel=1e-13)


def test_json_of_several_batteries() -> None:
    found = answer("steady", "cascade")
    expected = ly.steady_state(ly.catalog.reference_device("cascade"))
    assert found["mode"] == ["m1", "m2", "m3"]
    assert found["stored_energy"] == expected.stored_energy.values.tolist()
    assert found["total_ergotropy"] == expected.total_ergotropy.item()
    assert set(found["steady"]) == set(found["peak"]) == set(found["settling_time"]) == {"m1", "m2", "m3", "total"}
    assert found["steady"]["m2"]["ergotropy"] == expected.ergotropy.values[1]
    assert found["steady"]["total"]["ergotropy"] == expected.total_ergotropy.item()


def test_json_above_threshold() -> None:
    found = answer("charge", "two_photon_battery", "--set", "drive=0.2")
    assert found["stability"] == {
        "is_stable": False,
        "condition": "unstable",
        "spectral_abscissa": pytest.approx(0.1, rel=1e-13),  # 2 eps - Lambda/2
    }
    assert found["steady"] is found["settling_time"] is None
    assert found["threshold"]["charger"]["margin"] == pytest.approx(-0.05, rel=1e-13)
    assert found["time"][-1] == 40.0  # four growth times


def test_json_without_threshold() -> None:
    assert answer("steady", "one_photon_battery")["threshold"] == {}


def test_json_is_strict(capsys: pytest.CaptureFixture[str]) -> None:
    odd = {"a": np.float64(0.5), "b": 1 - 2j, "c": math.inf, "d": np.array([1.0, math.nan]), "e": {"f": np.bool_(True)}}
    print_json(odd)
    assert json.loads(capsys.readouterr().out) == {
        "a": 0.5,
        "b": {"re": 1.0, "im": -2.0},
        "c": None,
        "d": [1.0, None],
        "e": {"f": True},
    }


# Settling and peaks.


def test_the_settling_time_is_that_of_a_fine_run() -> None:
    found = answer("charge", "two_photon_battery", "--until", "1", "--points", "2")["settling_time"]
    times = np.linspace(0, 50, 200_001)
    energy = ly.charge(REFERENCE, times).stored_energy.values
    steady = ly.steady_state(REFERENCE).stored_energy.item()
    last = times[np.abs(energy - steady) > 0.01 * steady][-1]
    # The last sample outside; the next one is inside.
    assert last < found < last + times[1] + 1e-9


def lone(tmp_path: Path, **changes: float) -> str:
    """Path of a mode that is charger and battery, driven by two photons, with the total decay rate 1."""
    path = tmp_path / "lone.toml"
    modes = [ly.Mode("a", detuning=changes.get("detuning", 0.0))]
    elements = [ly.TwoPhotonDrive("a", changes["drive"]), ly.LocalBath("a", 1.0)]
    ly.write_device(ly.Network(modes, elements, "a", "a"), path)
    return str(path)


@pytest.mark.parametrize("share", [0.1, 0.9, 0.99, 0.999, 0.9999])
def test_peaks_are_exact_however_close_the_threshold_is(tmp_path: Path, share: float) -> None:
    """P = eps (e^{-2 r t} - e^{-2 s t}) with r, s = 1/2 -+ 2 eps is largest at ln(s/r)/(2 (s - r))."""
    drive = share / 4
    slow, fast = 0.5 - 2 * drive, 0.5 + 2 * drive
    time = np.log(fast / slow) / (2 * (fast - slow))
    found = answer("steady", lone(tmp_path, drive=drive))
    power = found["peak"]["charging_power"]
    assert power["at"] == "inside"
    assert power["value"] == pytest.approx(drive * (np.exp(-2 * slow * time) - np.exp(-2 * fast * time)), rel=1e-9)
    assert power["time"] == pytest.approx(time, rel=1e-6)
    # At first all that the drive does is work that can be had back.
    assert found["peak"]["charging_efficiency"] == {"value": pytest.approx(1.0, abs=1e-9), "time": 0.0, "at": "start"}
    # E = eps ((1 - e^{-2 r t})/(2 r) - (1 - e^{-2 s t})/(2 s)) lacks a hundredth of its steady value.
    late = found["settling_time"]
    energy = drive * (np.exp(-2 * slow * late) / (2 * slow) - np.exp(-2 * fast * late) / (2 * fast))
    assert energy == pytest.approx(0.01 * 2 * drive**2 / (slow * fast), rel=1e-5)


def test_peaks_do_not_depend_on_the_points_of_the_run() -> None:
    few, many = (
        answer("charge", "one_photon_battery", "--points", count, "--set", "coupling=0.1") for count in ("2", "900")
    )
    assert few["peak"] == many["peak"]
    power, energy = np.array(many["charging_power"]), np.array(many["stored_energy"])
    for name, curve in (("charging_power", power), ("stored_energy", energy)):
        peak = many["peak"][name]
        assert curve.max() <= peak["value"] < curve.max() * (1 + 1e-4)
        assert abs(peak["time"] - many["time"][int(curve.argmax())]) <= many["time"][1]
        assert peak["at"] == "inside"  # the energy overshoots
    # Coherent: all of it is work, from the first moment.
    assert many["peak"]["utilization_ratio"] == {"value": pytest.approx(1.0, abs=1e-9), "time": 0.0, "at": "start"}


def test_a_stiff_device_peaks_and_settles_at_its_own_time(tmp_path: Path) -> None:
    """A mode that settles in some 10 beside one that takes 10^6 and that nothing excites."""
    path = tmp_path / "stiff.toml"
    elements = [ly.OnePhotonDrive("a", 0.1), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1e-5)]
    ly.write_device(ly.Network([ly.Mode("a"), ly.Mode("b")], elements, "a", "a"), path)
    found = answer("steady", str(path))
    # E = 0.04 (1 - e^{-t/2})^2, P = 0.04 (1 - e^{-t/2}) e^{-t/2}.
    assert found["settling_time"] == pytest.approx(-2 * np.log(1 - np.sqrt(0.99)), rel=1e-6)
    assert found["peak"]["charging_power"]["value"] == pytest.approx(0.01, rel=1e-9)
    assert found["peak"]["charging_power"]["time"] == pytest.approx(2 * np.log(2), rel=1e-6)


def test_peaks_of_what_oscillates(tmp_path: Path) -> None:
    """E = (eps/D)^2 |1 - e^{-(1/2 + i D) t}|^2 of a detuned mode is highest at D t = pi and a little before."""
    path = tmp_path / "detuned.toml"
    elements = [ly.OnePhotonDrive("a", 0.1), ly.LocalBath("a", 0.01)]
    ly.write_device(ly.Network([ly.Mode("a", detuning=30.0)], elements, "a", "a"), path)
    found = answer("steady", str(path))["peak"]["stored_energy"]
    times = np.linspace(0.1, 0.11, 100_001)
    energy = 0.1**2 / (30.0**2 + 0.005**2) * np.abs(1 - np.exp(-(0.005 + 30j) * times)) ** 2
    assert found["value"] == pytest.approx(energy.max(), rel=1e-9)
    assert found["time"] == pytest.approx(times[energy.argmax()], abs=2e-7)


def test_a_ratio_without_bound_has_no_peak(tmp_path: Path) -> None:
    """The battery is driven, and the charger only follows: E_B/E_A grows as 1/t^2 towards the start."""
    path = tmp_path / "turned.toml"
    elements = [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)]
    elements.append(ly.CoherentCoupling("a", "b", 0.2))
    ly.write_device(ly.Network([ly.Mode("a"), ly.Mode("b")], elements, "b", "a"), path)
    found = answer("steady", str(path))["peak"]
    assert found["transfer_ratio"] is None
    assert found["utilization_ratio"]["at"] == "start"


def test_a_rise_to_the_steady_value_peaks_at_the_end() -> None:
    """Far into the plateau rounding decides where the largest sample is; that is no peak."""
    found = answer("charge", "two_photon_battery", "--until", "2000")
    assert int(np.argmax(found["stored_energy"])) < 400
    assert found["peak"]["stored_energy"]["at"] == "end"
    assert found["peak"]["stored_energy"]["time"] == 2000


# Tables.


def test_the_table_of_one_battery() -> None:
    printed, _ = leyden("charge", "two_photon_battery")
    steady = ly.steady_state(REFERENCE)
    assert row(printed, "device") == ["two_photon_battery"]
    assert "33.33 % of the critical 0.15" in printed
    assert "margin 0.1" in " ".join(printed.split())
    assert "one way: charger -> battery" in printed
    assert "slowest rate 0.2" in printed
    cells = row(printed, "stored energy")
    assert float(cells[0]) == pytest.approx(steady.stored_energy.item(), rel=1e-4)
    assert cells[2:] == ["end", "hbar", "omega_0"]
    assert row(printed, "charging power")[0] == "0"
    assert row(printed, "settling")[0] == "18.692"
    assert max(map(len, printed.splitlines())) <= 80


def test_units_are_those_of_the_frequencies() -> None:
    """Six times the energies of frequency 1, in another unit; ratios have none."""
    for device, energies in (([], "hbar omega_0"), (["--set", "frequency=6"], "hbar * frequency unit")):
        printed, _ = leyden("charge", "two_photon_battery", *device)
        assert row(printed, "stored energy")[3:] == energies.split()
        assert row(printed, "utilization ratio")[3:] == ["1"]
        units = answer("steady", "two_photon_battery", *device)["units"]
        assert (units["stored_energy"], units["charging_power"]) == (energies, f"{energies} * rate unit")
        assert units["utilization_ratio"] == "1"


def test_a_steady_power_of_rounding_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Portrait, "steady_value", lambda *_arguments: -1.4e-17)
    assert row(leyden("steady", "two_photon_battery")[0], "charging power")[0] == "0"


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("device", [["cascade"], ["cascade", "--set", "modes=7"], ["one_photon_battery"]])
@pytest.mark.parametrize("command", ["charge", "steady"])
def test_no_table_is_cut(command: str, device: list[str], columns: int) -> None:
    """No line is too long, and no cell had to lose letters."""
    printed, _ = leyden(command, *device, columns=columns)
    assert max(map(len, printed.splitlines())) <= columns
    assert "…" not in printed


def test_the_table_of_several_batteries() -> None:
    printed, _ = leyden("steady", "cascade")
    steady = ly.steady_state(ly.catalog.reference_device("cascade"))
    assert "quantity m1 m2 m3 total" in [" ".join(line.split()) for line in printed.splitlines()]
    # What belongs to no battery stands above.
    assert "charger energy 0.0625 when settled (hbar omega_0)" in " ".join(printed.split())
    assert [float(cell) for cell in row(printed, "peak")] == pytest.approx(
        [0.0070839, 0.0046425, 0.0084638, 0.01542], rel=1e-4
    )
    wanted = [*steady.ergotropy.values, steady.total_ergotropy.item()]
    assert [float(cell) for cell in row(printed, "ergotropy")] == pytest.approx(wanted, rel=1e-4)
    assert "one way: m0 -> m1, m2, m3" in printed
    assert len(row(printed, "settling time")) == 4


def test_several_batteries_above_threshold() -> None:
    """Peaks alone: there is no steady state to print."""
    printed, _ = leyden("charge", "cascade", "--set", "drive=0.2")
    assert "UNSTABLE" in printed
    assert not [line for line in printed.splitlines() if line.strip().startswith("steady ")]
    expected = ly.charge(ly.catalog.reference_device("cascade", drive=0.2), np.linspace(0, 40, 401))
    peaks = [*expected.ergotropy.max("time").values, expected.total_ergotropy.max().item()]
    assert [float(cell) for cell in row(printed, "ergotropy")] == pytest.approx(peaks, rel=1e-4)


def rows_of(printed: str) -> dict[str, list[str]]:
    """Rows of the table that has a row for each battery, by its name."""
    body = printed.partition("\n ───")[2].split("\n")[1:]
    return {line.split()[0]: line.split()[1:] for line in body[: body.index(" " * len(body[0]))]}


def test_more_batteries_than_columns_have_a_row_each() -> None:
    printed, _ = leyden("steady", "cascade", "--set", "modes=9")
    found = rows_of(printed)
    assert list(found) == [*(f"m{place}" for place in range(1, 9)), "total"]
    steady = ly.steady_state(ly.catalog.reference_device("cascade", modes=9))
    for column, name in enumerate(("stored_energy", "ergotropy", "utilization_ratio")):
        wanted = [*steady[name].values, steady[f"total_{name}"].item()]
        assert [float(cells[column]) for cells in found.values()] == pytest.approx(wanted, rel=1e-4)
    run = ly.charge(ly.catalog.reference_device("cascade", modes=9), np.linspace(0, 50, 2001))
    assert [float(found[f"m{place}"][3]) for place in range(1, 9)] == pytest.approx(
        run.charging_power.max("time").values, rel=1e-4
    )


def test_rows_above_threshold_hold_peaks() -> None:
    found = rows_of(leyden("charge", "cascade", "--set", "drive=0.2", "--set", "modes=9")[0])
    run = ly.charge(ly.catalog.reference_device("cascade", drive=0.2, modes=9), np.linspace(0, 40, 401))
    assert [float(found[f"m{place}"][2]) for place in range(1, 9)] == pytest.approx(
        run.ergotropy.max("time").values, rel=1e-4
    )


@pytest.mark.parametrize("columns", [30, 45, 60, 70])
def test_narrow_terminals_show_what_comes_first(columns: int) -> None:
    """Whole columns are left out, and nothing is cut."""
    printed, _ = leyden("steady", "lattice", columns=columns)
    table = printed.partition("battery")[2]
    assert max(map(len, printed.splitlines())) <= columns
    assert "…" not in printed
    assert [line.split()[0] for line in table.splitlines() if line.startswith(" m")] == [
        f"m{place}" for place in (0, 1, 2, 3, 5, 6, 7, 8)
    ]


def test_the_table_of_a_large_network_shows_who_stores_most() -> None:
    """Of 149 batteries twelve: along a damped chain those next to the charger."""
    printed, _ = leyden("steady", "cascade", "--set", "modes=150")
    steady = ly.steady_state(ly.catalog.reference_device("cascade", modes=150)).stored_energy
    most = steady.mode.values[np.sort(np.argsort(-steady.values)[:12])].tolist()
    assert list(rows_of(printed)) == [*most, "total"]
    assert "The 12 of 149 batteries that store most." in " ".join(printed.split())
    assert "m15, m16, ... (149 in all)" in " ".join(printed.split())


def test_there_is_one_table() -> None:
    for device in (["cascade"], ["lattice"], ["two_photon_battery"]):
        printed, _ = leyden("steady", *device)
        assert sum(line.strip().startswith("───") for line in printed.splitlines()) == 1


def large_lattice(folder: Path, side: int) -> tuple[ly.Network, str]:
    """A lattice of which three modes are batteries, and its file: peaks of every mode would take most of the time."""
    lattice = ly.catalog.reference_device("lattice", rows=side, columns=side, damping=1.0)
    device = replace(lattice, battery=["m0", "m7", f"m{side * side - 1}"])
    ly.write_device(device, folder / "lattice.toml")
    return device, str(folder / "lattice.toml")


def test_a_network_too_large_for_a_threshold_has_all_the_rest(tmp_path: Path) -> None:
    device, path = large_lattice(tmp_path, 15)
    printed, _ = leyden("steady", path)
    assert "the critical one is not looked for in a network of this size" in " ".join(printed.split())
    found = answer("steady", path)
    assert found["threshold"]["m112"]["critical_drive"] is None
    assert set(found["peak"]) == {"m0", "m7", "m224", "total"}
    assert found["stored_energy"] == ly.steady_state(device).stored_energy.values.tolist()


def test_the_slowest_rate_of_a_large_network_is_told(tmp_path: Path) -> None:
    """324 modes that act on each other: no threshold is looked for, and the slowest rate is told none the less."""
    device, path = large_lattice(tmp_path, 18)
    found = answer("steady", path)
    exact = np.linalg.eigvals(ly.moment_equations(device).drift).real.max()
    assert found["stability"]["is_stable"] is True
    assert found["stability"]["spectral_abscissa"] == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["two_photon_battery", "--set", "drive=0.2"], "UNSTABLE, no steady state; grows at rate 0.1 (rate unit)"),
        (["two_photon_battery", "--set", "drive=0.2"], "133.3 % of the critical 0.15"),
        (["two_photon_battery", "--set", "drive=0.15"], "MARGINAL, no steady state"),
        (["two_photon_battery", "--set", "drive=0.15"], "margin 0 "),
        (["one_photon_battery"], "none: no two-photon drive"),
        (["two_photon_battery", "--set", "coupling=0.25j"], "one way, but backwards: battery -> charger"),
        (["two_photon_battery", "--set", "coupling=0.1"], "reciprocal: charger <-> battery"),
        (["two_photon_battery", "--set", "coupling=-0.05j"], "partial: charger <-> battery, 66.7 % back-action"),
        (["two_photon_battery", "--set", "coupling=0", "--set", "shared_rate=0"], "uncoupled: charger, battery"),
        (["two_photon_battery", "--set", "drive=0"], "settling 0 (1/rate unit)"),
        (
            ["reciprocal_battery", "--set", "charger_damping=0", "--set", "battery_damping=0"],
            "no steady state at any amplitude",
        ),
    ],
)
def test_what_the_table_says(words: list[str], expected: str) -> None:
    printed, _ = leyden("charge", *words, columns=200)
    assert expected in " ".join(printed.split()) + " "


def device_file(folder: Path, text: str) -> str:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


DRIVES = """\
charger = "a"
battery = "a"
modes = [{ name = "a" }]
elements = [
    { kind = "local_bath", mode = "a", rate = 1.0 },
    { kind = "two_photon_drive", mode = "a", amplitude = 0.1 },
    { kind = "two_photon_drive", mode = "a", amplitude = 0.1, phase = 3.14159 },
]
"""


def test_several_drives_on_a_mode_have_no_threshold_of_their_own(tmp_path: Path) -> None:
    path = device_file(tmp_path, DRIVES)
    printed, _ = leyden("charge", path, columns=200)
    assert "several two-photon drives on a: none of them alone" in printed
    assert "a is charger and battery" in printed
    assert answer("steady", path)["threshold"]["a"] == {"drive": None, "critical_drive": None, "margin": None}


def test_names_are_no_markup(tmp_path: Path) -> None:
    name = '"[bold]x[/y]"'
    text = DRIVES.replace('"a"', name)
    printed, _ = leyden("charge", device_file(tmp_path, f"name = {name}\n" + text), columns=200)
    assert row(printed, "device") == ["[bold]x[/y]"]


def test_a_battery_may_be_called_total(tmp_path: Path) -> None:
    text = NETWORK.replace('battery = "b"', 'battery = ["total", "a"]').replace('"b"', '"total"')
    found = answer("steady", device_file(tmp_path, text))
    assert set(found["steady"]) == {"total", "a", "total of all"}
    assert found["steady"]["total"]["stored_energy"] == found["stored_energy"][0]


# Files.


def test_charge_writes_what_it_says(tmp_path: Path) -> None:
    out, plot = tmp_path / "run.nc", tmp_path / "run.png"
    device = device_file(tmp_path, NETWORK)
    _, complaints = leyden("charge", device, "--until", "5", "--points", "6", "--out", str(out), "--plot", str(plot))
    assert complaints.splitlines() == [f"wrote {out}", f"wrote {plot}"]
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.toml", "run.nc", "run.png"]
    with xr.open_dataset(out, engine="h5netcdf") as found:
        expected = ly.charge(parse_device(NETWORK), np.linspace(0, 5, 6))
        assert found.stored_energy.identical(expected.stored_energy)
        assert parse_device(found.attrs["device_file"]) == parse_device(NETWORK, "my.toml")
        assert found.attrs["critical_drive"] == ly.critical_drive(parse_device(NETWORK))


def test_steady_writes_what_it_says(tmp_path: Path) -> None:
    out = tmp_path / "steady.nc"
    leyden("steady", "cascade", "--out", str(out))
    with xr.open_dataset(out, engine="h5netcdf") as found:
        expected = ly.steady_state(ly.catalog.reference_device("cascade"))
        assert found.ergotropy.identical(expected.ergotropy)


@pytest.mark.parametrize(("suffix", "start"), [("pdf", b"%PDF"), ("svg", b"<?xml"), ("PNG", b"\x89PNG")])
def test_the_suffix_chooses_the_format(suffix: str, start: bytes, tmp_path: Path) -> None:
    leyden("charge", "two_photon_battery", "--points", "11", "--plot", str(tmp_path / f"curve.{suffix}"))
    assert (tmp_path / f"curve.{suffix}").read_bytes().startswith(start)


def test_json_and_files_go_together(tmp_path: Path) -> None:
    printed, complaints = leyden("steady", "cascade", "--json", "--out", str(tmp_path / "a.nc"))
    assert json.loads(printed)["device"] == "cascade"
    assert complaints == f"wrote {tmp_path / 'a.nc'}\n"


def test_a_passive_energy_that_is_lost_has_no_peak() -> None:
    """It grew as long as it was known: its last value is not its largest one."""
    words = ("charge", "two_photon_battery", "--set", "drive=0.29", "--until", "80")
    found = answer(*words)
    assert found["passive_energy"][-1] is None
    assert found["passive_energy"][50] > 0
    assert found["peak"]["passive_energy"] is None
    assert found["peak"]["utilization_ratio"]["value"] == pytest.approx(1.0, abs=1e-6)
