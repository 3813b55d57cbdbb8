"""`leyden sweep`: what it prints, what it writes, and one line for each thing that can go wrong."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.cli import sweep as command
from leyden.errors import LeydenError
from leyden.extras import python_words
from leyden.runner import Store
from leyden.study import Progress

STUDY = """\
device = "two_photon_battery"
[fixed]
battery_damping = 0.1
[axes.drive]
start = 0.01
stop = 0.2
points = 6
[axes.charger_damping]
values = [0.1, 0.2, 0.4]
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study file in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path / "study.toml"


def run(*words: str, status: int = 0) -> Any:
    found = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, ["sweep", *words], catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found


def tidy(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_small_study_is_summed_up(study: Path) -> None:
    lines = tidy(run("study.toml").stdout)
    assert lines[:4] == [
        "device two_photon_battery",
        "drive 6 values from 0.01 to 0.2",
        "charger_damping 3 values from 0.1 to 0.4",
        "points 18, of which 3 have no steady state and 0 failed",
    ]
    found = ly.steady_state(
        ly.catalog.two_photon_battery(
            drive=xr.DataArray(np.linspace(0.01, 0.2, 6), dims="drive"),
            charger_damping=xr.DataArray([0.1, 0.2, 0.4], dims="damping"),
            battery_damping=0.1,
        )
    )
    least, greatest = float(found.ergotropy.min()), float(found.ergotropy.max())
    row = next(line for line in lines if line.startswith("ergotropy"))
    assert row.startswith(f"ergotropy {least:.5g} {greatest:.5g} ")
    # At rest nothing is charged.
    assert "Energies in hbar omega_0." in lines
    assert not any(line.startswith("charging power") for line in lines)
    assert lines[-1] == "Nothing is kept: --out FILE.nc or --out FILE.zarr keeps the numbers."
    assert sorted(path.name for path in study.parent.iterdir()) == ["study.toml"]


def test_failures_and_complex_axes_are_summed_up(study: Path) -> None:
    study.write_text('device = "reciprocal_battery"\naxes.coupling.values = [1, {re = 0, im = -0.5}]\n')
    lines = tidy(run("study.toml").stdout)
    assert lines[1:3] == ["coupling_real 2 values from 0 to 1", "coupling_imaginary 2 values from -0.5 to 0"]
    study.write_text('device = "two_photon_battery"\naxes.drive.values = [-0.1, 0.05]\n')
    lines = tidy(run("study.toml").stdout)
    assert "points 2, of which 0 have no steady state and 1 failed" in lines
    assert any("ParameterError: Argument `drive` must be finite" in line for line in lines)
    assert any(line.endswith("drive -0.1") for line in lines)


def test_a_device_that_is_never_stable_has_no_extremes(study: Path) -> None:
    study.write_text('device = "two_photon_battery"\naxes.drive.values = [5.0, 6.0]\n')
    assert any(line.startswith("ergotropy - -") for line in tidy(run("study.toml").stdout))


def test_a_store_is_written_and_told_of(study: Path) -> None:
    found = run("study.toml", "--out", "s.zarr")
    lines = tidy(found.stdout)
    assert lines[0] == "store s.zarr"
    assert "blocks 18 of 18 done" in lines
    assert "points 18 of 18 measured (100 %), 0 failed" in lines
    assert "axis charger_damping 3 values from 0.1 to 0.4 (" in "\n".join(lines)
    assert "sweeping: 100 % of 18 points, " in found.stderr
    assert "points/s, 0 s left (18 of 18 done)" in found.stderr
    data = xr.open_zarr("s.zarr", chunks=None)
    assert data.ergotropy.sizes == {"drive": 6, "charger_damping": 3}
    assert tidy(run("--status", "s.zarr").stdout)[1:] == lines[1:]
    assert tidy(run("study.toml", "--out", "s.zarr", "--status").stdout) == lines
    again = run("study.toml", "--out", "s.zarr")
    assert "Every block was done before: nothing was computed." in again.stderr
    assert tidy(again.stdout) == lines


def test_a_netcdf_file_is_written_where_its_name_says_so(study: Path) -> None:
    """As with the other commands; the numbers are those of a store."""
    found = run("study.toml", "--out", "s.nc")
    assert found.stderr.splitlines()[-1] == "wrote s.nc"
    assert "points 18, of which 3 have no steady state and 0 failed" in tidy(found.stdout)
    assert "Nothing is kept" not in found.stdout
    run("study.toml", "--out", "s.zarr")
    with xr.open_dataset("s.nc", engine="h5netcdf") as data:
        xr.testing.assert_identical(data.load(), Store.at("s.zarr").open().load())
    run("study.toml", "--out", "s.nc")
    assert sorted(path.name for path in study.parent.iterdir()) == ["s.nc", "s.zarr", "study.toml"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--out", "s.nc", "--resume"], "Argument `--resume` must be left out for a netCDF file"),
        (["--out", "no/s.nc"], "Argument `--out` must be a file that can be written (the folder"),
        (["--out", "s.nc", "--status"], "Argument `--out` must be a store of leyden's (there is none of that name)"),
    ],
)
def test_what_a_netcdf_file_cannot_do_is_refused(study: Path, words: list[str], expected: str) -> None:
    assert expected in run("study.toml", *words, status=2).stderr


@pytest.mark.parametrize("name", ["s.csv", "s.JSON", "s.png", "no/s.txt"])
def test_a_name_of_another_format_is_no_store(study: Path, name: str) -> None:
    said = run("study.toml", "--out", name, status=2)
    assert said.stderr == (
        "Error: Argument `--out` must end in .zarr for a store, or in .nc, .nc4, .h5 for a netCDF file, "
        f"but is '{name}'.\n"
    )
    assert [path.name for path in study.parent.iterdir()] == ["study.toml"]


@pytest.mark.parametrize("name", ["store", "damping-0.5", "store.zarr"])
def test_other_names_are_stores(study: Path, name: str) -> None:
    run("study.toml", "--out", name)
    assert (study.parent / name / "zarr.json").is_file()


def test_complex_axes_are_written_by_their_parts(study: Path) -> None:
    study.write_text('device = "reciprocal_battery"\naxes.coupling.values = [1, {re = 0, im = -0.5}]\n')
    assert run("study.toml", "--out", "s.nc").stderr.splitlines()[-1] == "wrote s.nc"
    run("study.toml", "--out", "s.zarr")
    with xr.open_dataset("s.nc", engine="h5netcdf") as data:
        assert data.coupling_imaginary.values.tolist() == [0, -0.5]
        xr.testing.assert_identical(data.load(), Store.at("s.zarr").open().load())


def test_addresses_as_coordinates_are_written_without_a_warning(study: Path) -> None:
    """They have blanks, which the lists of coordinates in such files do not know."""
    (study.parent / "d.toml").write_text(CliRunner().invoke(app, ["devices", "reciprocal_battery"]).stdout)
    address = "CoherentCoupling(charger, battery).strength"
    study.write_text(f'device = "d.toml"\naxes."{address}".values = [1, {{re = 0, im = -0.5}}]\n')
    assert run("study.toml", "--out", "s.nc").stderr.splitlines()[-1] == "wrote s.nc"
    with xr.open_dataset("s.nc", engine="h5netcdf") as data:
        assert data[f"{address}_imaginary"].values.tolist() == [0, -0.5]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["s.zarr", "--status"], "--status"),
        (["study.toml", "--out", "s.zarr", "--status"], "--status"),
        (["study.toml", "--out", "s.zarr"], "--out"),
        (["study.toml", "--out", "s.zarr", "--resume"], "--out"),
    ],
)
def test_who_lacks_zarr_is_told_how_to_get_it(
    study: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], asked: str
) -> None:
    monkeypatch.setattr(import_module("leyden.runner.store"), "find_spec", lambda _: None)
    assert run(*words, status=2).stderr == (
        f"Error: Argument `{asked}` must have Zarr installed, which reads and writes stores, but is without it. "
        f'Run `{python_words()} -m pip install "zarr>=3.1.4"`.\n'
    )
    assert run("study.toml", "--out", "s.nc").stderr.endswith("wrote s.nc\n")


def test_the_current_folder_is_refused_at_once(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is empty, and could not be replaced under our feet."""
    (study.parent / "empty").mkdir()
    monkeypatch.chdir(study.parent / "empty")
    monkeypatch.setattr("leyden.simulate.steady_state", lambda *_: pytest.fail("computed in vain"))
    line = run("../study.toml", "--out", ".", status=2).stderr
    assert "Argument `--out` must be another folder than the current one" in line
    assert "no/s.zarr" not in run("../study.toml", "--out", "../no/s.zarr", status=2).stdout


def test_an_interrupt_says_how_to_go_on(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(teller: Any, progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command._Teller, "__call__", interrupted)
        found = run("study.toml", "--out", "s.zarr", status=130)
        assert found.stderr.splitlines()[-1] == (
            "Error: interrupted. Finished blocks are kept; go on with: leyden sweep study.toml --out s.zarr --resume"
        )
        patch.setattr(command._Teller, "__call__", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert "Nothing is kept: there is no store" in run("study.toml", status=130).stderr
    lines = tidy(run("--status", "s.zarr").stdout)
    assert "blocks 3 of 18 done" in lines
    assert lines[-1] == "Unfinished: the same command with --resume goes on."
    refusal = run("study.toml", "--out", "s.zarr", status=2).stderr
    assert "Argument `--resume` must be set where a store is unfinished (3 of 18 blocks" in refusal
    assert "blocks 18 of 18 done" in tidy(run("study.toml", "--out", "s.zarr", "--resume").stdout)


def test_failures_are_listed(study: Path) -> None:
    study.write_text('device = "two_photon_battery"\naxes.drive.values = [-0.1, 0.05, 0.06, -0.2]\n')
    lines = tidy(run("study.toml", "--out", "s.zarr").stdout)
    assert "points 4 of 4 measured (100 %), 2 failed" in lines
    assert len([line for line in lines if "but is" in line or line.endswith("drive -0.1")]) >= 1


def test_many_reasons_are_cut_short(study: Path) -> None:
    values = [0.05, *(-0.01 * (place + 1) for place in range(15))]
    study.write_text(f'device = "two_photon_battery"\naxes.drive.values = {values}\n')
    assert "and 5 more" in tidy(run("study.toml", "--out", "s.zarr").stdout)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nothing.toml"], "Argument `STUDY` must be a study file, but 'nothing.toml' cannot be read: no such file"),
        (["study.toml", "--resume"], "Argument `--out` must be given to resume from"),
        (["study.toml", "--workers", "0"], "'--workers': must be a whole number, at least 1, but is '0'"),
        (["study.toml", "--workers", "two"], "but is 'two'"),
        (["study.toml", "--out", "study.toml"], "Argument `--out` must be a folder that can be read (not a directory)"),
        (["study.toml", "--out", "no/s.zarr"], "Argument `--out` must be a folder that can be made (no such file"),
        (["study.toml", "--scheduler", "nonsense"], "Argument `--scheduler` must be the address of a Dask scheduler"),
        (["study.toml", "--workers", "2", "--scheduler", "x"], "Argument `--workers` must be left out where a sched"),
        (["study.toml", "--status"], "Argument `STUDY` must be a store for --status, unless --out names one"),
        (["nothing.zarr", "--status"], "Argument `STUDY` must be a store of leyden's (there is none of that name)"),
        ([], "Missing argument 'STUDY'"),
    ],
)
def test_faults_are_one_line(study: Path, words: list[str], expected: str) -> None:
    found = run(*words, status=2)
    line = found.stderr.splitlines()[-1]
    assert line.startswith("Error: ")
    assert expected in line
    assert found.stdout == ""
    assert len(found.stderr.splitlines()) == 1


def test_a_changed_study_is_refused(study: Path) -> None:
    run("study.toml", "--out", "s.zarr")
    study.write_text(STUDY.replace("0.1\n", "0.2\n", 1))
    line = run("study.toml", "--out", "s.zarr", "--resume", status=2).stderr
    assert "Argument `--out` must hold this study, but " in line
    assert "holds another: fixed battery_damping was 0.1, is 0.2. Name another folder" in line


def test_comments_do_not_change_a_study(study: Path) -> None:
    run("study.toml", "--out", "s.zarr")
    study.write_text("# a comment\n" + STUDY.replace("0.2\n", "0.20\n"))
    assert "nothing was computed" in run("study.toml", "--out", "s.zarr").stderr


def test_lost_stores_are_told_in_words_of_options(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise LeydenError("Argument `store` must be writable to the end, but no space left on device.")

    monkeypatch.setattr(Store, "write", full)
    assert "Error: Argument `--out` must be writable" in run("study.toml", "--out", "s.zarr", status=2).stderr


def test_progress_is_not_told_too_often() -> None:
    told: list[Any] = []
    teller = command._Teller(lambda *words: told.append(words))
    for done in range(1, 101):
        teller(Progress(100, done, 1000, 10 * done, 1, 500.0, 90.0))
    assert len(told) == 2
    assert told[0] == ("1 % of 1000 points, 1 failed, 500 points/s, 90 s left", 1, 100)


@pytest.mark.parametrize(
    ("rate", "words"), [(0.01234, "0.0123"), (500.0, "500"), (999.9, "1,000"), (1584.3, "1,580"), (2.5e6, "2,500,000")]
)
def test_points_a_second(rate: float, words: str) -> None:
    assert command._rate(rate) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (86400 * 3, "3 days")]
)
def test_durations(seconds: float, words: str) -> None:
    assert command._duration(seconds) == words
