"""What leyden asks for: as it is declared, wherever that stands, and the command that gets it."""

from __future__ import annotations

import shlex
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from leyden import extras
from leyden.extras import PURPOSES, Package, command_for, extra_packages, needed_packages

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_extra_has_its_purpose() -> None:
    assert set(PURPOSES) == set(PROJECT["optional-dependencies"]) == set(extra_packages())
    assert set(needed_packages()) == {words.split(">=")[0] for words in PROJECT["dependencies"]}
    # An extra of extras holds their packages.
    assert extra_packages()["cluster"].keys() == {"zarr", "dask", "distributed"}


def test_an_install_without_a_checkout_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = needed_packages(), extra_packages()
    elsewhere = Path(extras.__file__).parent / "nowhere" / "leyden" / "extras.py"
    monkeypatch.setattr(extras, "__file__", str(elsewhere))
    lines = list(PROJECT["dependencies"])
    for extra, requirements in PROJECT["optional-dependencies"].items():
        lines += [f"{words}; extra == '{extra}'" for words in requirements]
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    assert (needed_packages(), extra_packages()) == checkout


@pytest.mark.parametrize(
    ("lowest", "version", "is_enough"),
    [
        ("2.1", "2.1", True),
        ("2.1", "2.1.0", True),
        ("2.1", "2.0.9", False),
        ("2.9", "2.10", True),
        ("13", "13.0.0rc1", True),
        ("2025.6.1", "2025.6", False),
        ("", "0.0.1", True),
        ("1", None, False),
    ],
)
def test_versions_are_compared_as_numbers(lowest: str, version: str | None, is_enough: bool) -> None:
    assert Package("one", lowest, version).is_enough is is_enough


def test_the_command_is_for_this_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lacking = [Package("one", "1.5", None), Package("two", "", "1.0")]
    monkeypatch.setattr(sys, "executable", str(tmp_path / "a b" / "python"))
    assert shlex.split(command_for(lacking)) == [str(tmp_path / "a b" / "python"), "-m", "pip", "install", "one>=1.5"]
    monkeypatch.setattr(extras.shutil, "which", lambda _: sys.executable)
    assert command_for(lacking) == 'python -m pip install "one>=1.5"'
    assert command_for(lacking[1:]) == ""
