"""`leyden doctor`: what is here, what is not, what to type, and the exit status."""

from __future__ import annotations

import json
import shlex
from importlib import metadata
from typing import Any

import pytest
from typer.testing import CliRunner

from leyden.cli import app
from leyden.portrait import Portrait


def doctor(*words: str, status: int = 0) -> str:
    environment = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    ran = CliRunner().invoke(app, ["doctor", *words], env=environment, catch_exceptions=False)
    assert (ran.exit_code, ran.stderr) == (status, "")
    return ran.stdout


def here(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Every package is installed in a version from far ahead, but for these."""

    def version(name: str) -> str:
        found = versions.get(name.replace("-", "_"), "9999.0")
        if found is None:
            raise metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(metadata, "version", version)


def test_what_is_missing_and_what_is_too_old_is_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    here(monkeypatch, qutip=None, zarr="2.18.7")
    printed = doctor()
    assert max(map(len, printed.splitlines()[:-6])) <= 80
    words = " ".join(printed.split())
    assert "fock missing results in Fock space, with QuTiP qutip MISSING" in words
    assert "sweep missing large sweeps into a Zarr store zarr 2.18.7 (TOO OLD, below 3.1.4)" in words
    assert "units here" in words
    found = json.loads(doctor("--json"), parse_constant=pytest.fail)
    assert found["is_well"] is True
    missing = {name for name, extra in found["extras"].items() if not extra["is_installed"]}
    assert missing == {"fock", "sweep", "cluster", "bench", "docs", "dev"}
    assert found["extras"]["units"]["install"] is None
    for name in missing:
        # Whole on one line, as one copies it.
        assert f"  {found['extras'][name]['install']}  # {name}\n" in printed
    assert shlex.split(found["extras"]["cluster"]["install"])[1:] == ["-m", "pip", "install", "zarr>=3.1.4"]


def test_all_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here(monkeypatch)
    assert doctor().splitlines()[-1] == "Nothing is missing."


def test_what_leyden_cannot_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    here(monkeypatch, h5netcdf=None)
    assert 'install "h5netcdf>=1.3"  # leyden itself' in doctor(status=1)
    found = json.loads(doctor("--json", status=1))
    assert (found["is_well"], found["packages"]["h5netcdf"]["version"]) == (False, None)


@pytest.mark.parametrize("energy", [0.9376, float("nan")])
def test_a_wrong_number_is_told(monkeypatch: pytest.MonkeyPatch, energy: float) -> None:
    monkeypatch.setattr(Portrait, "settled_values", {"stored_energy": energy})
    assert f"FAILS: stored energy {energy} of a two-photon battery, by hand 0.9375" in " ".join(
        doctor(status=1).split()
    )


def test_a_broken_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Any:
        raise ImportError("libsomething.so: cannot open\nshared object file")

    monkeypatch.setattr(Portrait, "settled_values", property(broken))
    assert "FAILS: ImportError('libsomething.so: cannot open" in " ".join(doctor(status=1).split())


def test_threads_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    threads = json.loads(doctor("--json"))["threads"]
    assert threads["is_controlled"]
    assert threads["environment"]["OMP_NUM_THREADS"] == "1"
    assert "OMP_NUM_THREADS=1" in " ".join(doctor().split())
    monkeypatch.setattr("threadpoolctl.threadpool_info", list)
    assert "takes no number of threads from leyden" in " ".join(doctor().split())
