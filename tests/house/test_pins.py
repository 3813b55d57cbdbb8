"""The pins: every direct dependency has one exact version, and the file holds names and versions only."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = [line for line in LINES if line and not line.startswith("#")]


def canonical(requirement: str) -> str:
    """The package's name alone, as the index compares names."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> list[str]:
    extras = PROJECT["optional-dependencies"].values()
    everything = [*PROJECT["dependencies"], *(entry for extra in extras for entry in extra)]
    return sorted({canonical(entry) for entry in everything} - {"leyden"})


def test_the_file_holds_names_and_versions_only() -> None:
    assert [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_no_package_is_pinned_twice() -> None:
    names = [canonical(line) for line in PINS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", requirements())
def test_each_dependency_is_pinned(name: str) -> None:
    assert name in {canonical(line) for line in PINS}
