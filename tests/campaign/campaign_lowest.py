"""The lowest versions that pyproject.toml declares: installed into an environment of their own, they pass the tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("fock", "derivations", "jax", "sweep", "cluster", "units", "explore")
# What the tests need beside leyden; their versions are no promise to users.
TOOLS = ("pytest", "hypothesis", "array-api-strict", "mpmath", "tomli-w")
TOOLS += ("axe-playwright-python", "httpx", "playwright", "schemathesis")
# Rooms that touch the outside packages, and what of them asks about this checkout rather than about versions.
TESTS = ("tests/unit", "tests/laws", "tests/witnesses", "tests/doors", "tests/explorer")
OTHERS = tuple(f"tests/doors/test_{name}.py" for name in ("benchmarks", "docs", "packaging", "reproduce"))
LEFT_OUT = (
    # schemathesis 4, for which this is written, asks for newer frameworks than the explorer does.
    "tests/explorer/test_safety.py::test_whatever_the_schema_allows_is_answered",
    # All warnings are errors there, and of old packages among new ones many warn of each other.
    "tests/doors/test_cli_new.py::test_the_printed_commands_run_as_they_are",
)
# Below this size of the campaign the installation would take longer than all the rest.
LEAST_SIZE = 10_000


def lowest() -> list[str]:
    """Each direct dependency at its lowest declared version."""
    declared = [
        *PROJECT["dependencies"],
        *(entry for extra in EXTRAS for entry in PROJECT["optional-dependencies"][extra]),
    ]
    found = [re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+)", entry) for entry in declared]
    return [f"{entry[1]}=={entry[2]}" for entry in found if entry]


def test_every_dependency_says_its_lowest_version() -> None:
    names = {requirement.split("==")[0] for requirement in lowest()}
    assert {"numpy", "scipy", "xarray", "typer", "zarr", "h5py", "qutip", "jax", "pint", "fastapi"} <= names


def test_the_lowest_versions_pass_the_tests(size: int, tmp_path: Path) -> None:
    if size < LEAST_SIZE:
        pytest.skip(f"an environment is made for a campaign of {LEAST_SIZE} or more")
    venv.create(tmp_path / "lowest", with_pip=True)
    python = str(tmp_path / "lowest" / "bin" / "python")
    # Together, so that nothing among them is replaced by a newer one.
    subprocess.run([python, "-m", "pip", "install", "--quiet", *lowest(), *TOOLS, "--editable", ROOT], check=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "MPLBACKEND": "Agg"}
    options = [
        "-q",
        "--tb=short",
        "--maxfail=20",
        "-W",
        "ignore::DeprecationWarning",
        "-p",
        "no:cacheprovider",
        *(f"--ignore={path}" for path in OTHERS),
        *(f"--deselect={test}" for test in LEFT_OUT),
    ]
    found = subprocess.run(
        [python, "-m", "pytest", *options, *TESTS],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert found.returncode == 0, f"Python {sys.version_info[:2]}, {lowest()}\n{found.stdout[-8000:]}"
