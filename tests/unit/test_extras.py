"""What leyden asks for: as it is declared, wherever that stands, and the command that gets it."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

import leyden as ly
from leyden import extras
from leyden.errors import LeydenError
from leyden.extras import PURPOSES, Package, command_for, extra_packages, needed_packages, python_words, remedy_for
from leyden.fock.operators import load_qutip

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


def python_at(monkeypatch: pytest.MonkeyPatch, *, ours: Path, on_path: Path) -> str:
    monkeypatch.setattr(sys, "executable", str(ours))
    monkeypatch.setattr(extras.shutil, "which", lambda _: str(on_path))
    return python_words()


def test_python_has_several_names_in_one_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    system, other, one, two = (tmp_path / name / "bin" for name in ("usr", "opt", "one", "two"))
    for folder in (system, other, one, two):
        folder.mkdir(parents=True)
    for real in (system / "python3.11", other / "python3.11"):
        real.touch()
    links = [system / "python", one / "python", one / "python3", two / "python", tmp_path / "python"]
    for link in links:
        link.symlink_to(system / "python3.11")
    for environment in (one, two):
        (environment.parent / "pyvenv.cfg").touch()
    # Outside of environments links are names of one Python, inside of one all names have the same packages.
    assert python_at(monkeypatch, ours=system / "python3.11", on_path=system / "python") == "python"
    assert python_at(monkeypatch, ours=system / "python3.11", on_path=tmp_path / "python") == "python"
    assert python_at(monkeypatch, ours=one / "python3", on_path=one / "python") == "python"
    (tmp_path / "link").symlink_to(one.parent)
    assert python_at(monkeypatch, ours=one / "python3", on_path=tmp_path / "link" / "bin" / "python") == "python"
    # Two environments share a Python, but no packages.
    for elsewhere in (two / "python", system / "python", other / "python3.11"):
        assert python_at(monkeypatch, ours=one / "python3", on_path=elsewhere) == str(one / "python3")
    monkeypatch.setattr(sys, "executable", "")
    assert python_words() == "python"


def test_a_remedy_names_what_is_missing_or_else_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras.shutil, "which", lambda _: sys.executable)
    whole = 'Run `python -m pip install "zarr>=3.1.4" "dask>=2024.8" "distributed>=2024.8"`.'
    monkeypatch.setattr(metadata, "version", lambda _: "9999.0")
    assert remedy_for("cluster") == whole
    here = metadata.version

    def version(name: str) -> str:
        if name == "zarr":
            return here(name)
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", version)
    assert remedy_for("cluster") == whole.replace(' "zarr>=3.1.4"', "")
    monkeypatch.setattr(extras, "_declared", lambda: ([], {}))
    assert remedy_for("fock") == "It comes with the extra 'fock' of leyden."


@pytest.mark.parametrize(
    ("package", "asked", "wanted"),
    [
        ("qutip", load_qutip, '-m pip install "qutip>='),
        ("pint", lambda: ly.units.energy(1.0, "1 GHz"), '-m pip install "pint>='),
    ],
)
def test_errors_name_commands_that_work_from_a_checkout(
    monkeypatch: pytest.MonkeyPatch, package: str, asked: Callable[[], object], wanted: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(LeydenError, match=re.escape(wanted)):
        asked()


def test_no_hint_asks_an_index_for_leyden() -> None:
    for file in (ROOT / "src").rglob("*.*"):
        if file.suffix in {".py", ".html", ".js", ".md", ".txt", ".toml"}:
            assert "leyden[" not in file.read_text(encoding="utf-8"), file
