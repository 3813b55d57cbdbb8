"""What `python -m build` makes: a wheel and a source archive that hold what they must, and a wheel that works alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path, PurePosixPath

import pytest

from leyden.version import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both; the wheel is made from the source archive, as an installer would."""
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT), folder=folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        f"leyden-{__version__}-py3-none-any.whl",
        f"leyden-{__version__}.tar.gz",
    ]
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as file:
        return message_from_string(file.read(f"leyden-{__version__}.dist-info/METADATA").decode())


def run(*words: str, folder: Path, target: Path | None = None) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
    if target is not None:
        environment["PYTHONPATH"] = str(target)
    ran = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def sources(folder: str) -> set[str]:
    """Files of a folder of the checkout, without what git ignores."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = [name for name in file.namelist() if not name.endswith("/")]
    about = {PurePosixPath(name).name for name in names if ".dist-info/" in name}
    assert about >= {"METADATA", "LICENSE", "entry_points.txt"}
    held = {name for name in names if ".dist-info/" not in name}
    assert {f"src/{name}" for name in held} == sources("src/leyden")
    # Read with the package, and no modules.
    assert held >= {"leyden/py.typed", "leyden/paper/templates/report.html.jinja", "leyden/cli/starter/device.toml"}


def test_the_source_archive_holds_what_tests_and_pages_are_made_of(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    for folder in ("src", "tests", "docs", "benchmarks"):
        assert sources(folder) <= names
    assert names >= {"README.md", "LICENSE", "CITATION.cff", "Makefile", "constraints.txt", "pyproject.toml"}
    assert not [name for name in names if name.startswith((".venv", "reproduction", ".git/", "build/", "dist/"))]


def test_the_metadata_are_those_of_the_project(metadata: Message) -> None:
    assert (metadata["Name"], metadata["Version"]) == ("leyden", __version__)
    assert metadata["Requires-Python"] == PROJECT["requires-python"]
    needed = {line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line}
    assert needed == set(PROJECT["dependencies"])
    assert set(metadata.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    assert metadata.get_all("Project-URL") == [f"{name}, {url}" for name, url in PROJECT["urls"].items()]


def test_the_page_of_an_index_links_to_nothing_that_is_not_there(metadata: Message) -> None:
    page = metadata.get_payload()
    assert isinstance(page, str)
    assert metadata["Description-Content-Type"] == "text/markdown"
    targets = re.findall(r"\]\(([^)]*)\)", page)
    assert targets
    assert [target for target in targets if not target.startswith("https://")] == []
    # Pictures and formulas as only some hosts draw them.
    assert not re.search(r"!\[|\$`|```math|<img", page)
    # All the rest is there, word by word.
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^## .*$", page) == re.findall(r"(?m)^## .*$", readme)
    assert re.findall(r"(?ms)^```.*?^```$", page) == re.findall(r"(?ms)^```.*?^```$", readme)
    assert len(page) > 0.85 * len(readme)


def test_the_wheel_works_where_nothing_else_of_the_project_is(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "with a space"
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    run(*install, "--target", str(target), str(wheel), folder=tmp_path)
    program = (
        "import leyden as ly\n"
        "device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)\n"
        "print(ly.__file__)\n"
        "print(float(ly.steady_state(device).stored_energy))\n"
    )
    place, energy = run("-c", program, folder=tmp_path, target=target).splitlines()
    assert Path(place).is_relative_to(target)
    # 0.06/(0.2 * 0.32) by hand.
    assert float(energy) == pytest.approx(0.9375, rel=1e-12)

    def leyden(*words: str) -> str:
        return run("-m", "leyden", *words, folder=tmp_path, target=target)

    assert "two_photon_battery" in leyden("devices")
    leyden("new", "mine")
    assert json.loads(leyden("steady", "mine/device.toml", "--json"))["stored_energy"] == pytest.approx(0.9375)
    found = json.loads(leyden("doctor", "--json"))
    # Without a checkout what is asked for stands in the metadata.
    assert found["is_well"]
    assert set(found["extras"]) == set(PROJECT["optional-dependencies"])
