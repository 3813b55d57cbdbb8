"""`leyden devices`, the choice of a device, `--set`, and completion."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.cli.device import Device, catalog_device, device_of
from leyden.errors import ParameterError
from leyden.model.files import parse_device, read_device, write_device

offers = get_args(Device)[1].autocompletion


def leyden(*words: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, list(words), env={"COLUMNS": "80", "NO_COLOR": "1"}, catch_exceptions=False)
    assert found.exit_code == status, found.stderr
    return found.stdout


def test_the_list_names_every_device() -> None:
    printed = leyden("devices")
    for name, entry in ly.catalog.DEVICES.items():
        assert f"\n{name}\n" in f"\n{printed}"
        assert " ".join(entry.meaning.split()) in " ".join(printed.split())
        assert all(f"{parameter}={value}" in printed for parameter, value in entry.reference.items())
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize("name", ly.catalog.DEVICES)
def test_a_name_prints_its_device_file(name: str) -> None:
    assert parse_device(leyden("devices", name)) == ly.catalog.reference_device(name)


def test_the_printed_file_takes_settings() -> None:
    printed = leyden("devices", "cascade", "--set", "modes=3", "--set", "drive=0.125")
    assert parse_device(printed) == ly.catalog.reference_device("cascade", modes=3, drive=0.125)


@pytest.mark.parametrize(
    ("settings", "parameters"),
    [
        ([], {}),
        (["drive=0.1"], {"drive": 0.1}),
        (["drive = 1e-3 "], {"drive": 1e-3}),
        (["charger-damping=2"], {"charger_damping": 2}),
        (["coupling=0.1-0.2j", "drive=0.01"], {"coupling": 0.1 - 0.2j, "drive": 0.01}),
        (["coupling=0.1 - 0.2j"], {"coupling": 0.1 - 0.2j}),
        (["coupling=nonreciprocal"], {"coupling": "nonreciprocal"}),
    ],
)
def test_settings(settings: list[str], parameters: dict[str, object]) -> None:
    expected = ly.catalog.reference_device("two_photon_battery", **parameters)
    assert device_of("two_photon_battery", settings) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["drive"], "`--set` must have the form NAME=VALUE, but is 'drive'."),
        (["=3"], "`--set` must have the form NAME=VALUE"),
        (["drive="], "`--set` must have the form NAME=VALUE"),
        (["drive=1", "drive=2"], "`--set` must name each parameter once, but is 'drive'."),
        (["driv=1"], "must be one of drive, charger_damping"),
        (["drive=-1"], "`drive` must be finite and not negative, but is -1"),
        (["drive=nan"], "`drive` must be finite and not negative, but is nan"),
        (["drive=much"], "`drive` must be a number, an array of numbers, or a DataArray, but is 'much'"),
        (["coupling=much"], "`coupling` must be \"nonreciprocal\" or a complex number, but is 'much'"),
        ([f"drive={'9' * 5000}"], "`drive` must be finite and not negative"),
    ],
)
def test_bad_settings(settings: list[str], expected: str) -> None:
    with pytest.raises(ParameterError) as caught:
        device_of("two_photon_battery", settings)
    assert expected in str(caught.value)


def test_a_file_is_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    network = ly.catalog.reference_device("cascade", drive=0.01)
    for path in ("my.toml", "plain"):
        write_device(network, path)
        assert device_of(path) == network
    with pytest.raises(ParameterError, match=r"`--set` must go with a device of the catalog, but is 'drive=1'\."):
        device_of("my.toml", ["drive=1"])


def test_the_catalog_comes_before_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_device(ly.catalog.reference_device("two_photon_battery"), "cascade")
    assert device_of("cascade") == ly.catalog.reference_device("cascade")
    assert device_of("./cascade") == read_device("cascade")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("two_photon_batery", "Did you mean 'two_photon_battery'?"),
        ("nonsense", "`leyden devices` lists the catalog."),
        ("missing.toml", "'missing.toml' cannot be read: no such file or directory."),
        ("folder/missing", "cannot be read: no such file or directory."),
    ],
)
def test_unknown_devices(name: str, expected: str) -> None:
    with pytest.raises(ParameterError) as caught:
        device_of(name)
    assert expected in str(caught.value)


def test_unknown_catalog_names(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"`NAME` must be one of .*Did you mean 'cascade'\?"):
        catalog_device("cascad")
    with pytest.raises(ParameterError, match="`NAME` must be one of"):
        catalog_device(str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("two.toml", "two.txt", ".hidden.toml", "t/", "things/", "things/three.toml"):
        path = tmp_path / name
        path.mkdir() if name.endswith("/") else path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tw", ["two_photon_battery", "two.toml"]),
        ("./t", ["./t/", "./things/", "./two.toml"]),
        ("things/", ["things/three.toml"]),
        ("missing/", []),
        (".h", [".hidden.toml"]),
    ],
)
def test_names_and_files_are_offered(typed: str, offered: list[str], folder: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(folder)
    assert [name for name, _ in offers(typed)] == offered


def completions(line: str, folder: Path) -> list[str]:
    """What a shell is told to offer for a line whose last word is incomplete."""
    place = str(line.count(" "))
    environment = os.environ | {"_LEYDEN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": place}
    run = subprocess.run(
        [sys.executable, "-c", "from leyden.cli import app; app(prog_name='leyden')"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return run.stdout.split()


def test_shells_complete_devices(folder: Path) -> None:
    names = ["two_photon_battery", "tavis_cummings_battery", "t/", "things/", "two.toml"]
    assert completions("leyden charge t", folder) == names
    assert completions("leyden devices re", folder) == ["reciprocal_battery", "reciprocal_chain"]
