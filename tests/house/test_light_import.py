"""`import leyden` stays light: heavy packages are imported when they are first needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import leyden

SOURCE = str(Path(leyden.__file__).parents[1])

HEAVY = {
    "dask",
    "h5netcdf",
    "h5py",
    "jax",
    "jinja2",
    "matplotlib",
    "pandas",
    "pint",
    "pydantic",
    "qutip",
    "rich",
    "scipy",
    "sympy",
    "typer",
    "xarray",
    "zarr",
}


def loaded_after(statement: str) -> set[str]:
    """Top-level packages in `sys.modules` of a fresh interpreter after a statement."""
    start = f"import sys, json\nsys.path.insert(0, {SOURCE!r})"
    code = f"{start}\n{statement}\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    # -I: neither the current folder nor the user's own start-up files may add imports.
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_is_light() -> None:
    assert loaded_after("import leyden") & HEAVY == set()


def test_small_devices_do_without_what_others_need() -> None:
    """The engine of huge networks, the lines of faulty files, sweeps, figures: none before it is asked for."""
    rooms = ("cli", "closed_form", "fock", "paper", "plots", "portrait", "runner", "study")
    engine = ("curves", "groups", "power", "propagation", "response", "steady")
    later = [*(f"leyden.{room}" for room in rooms), *(f"leyden.low_rank.{name}" for name in engine)]
    loaded_after(
        "import leyden as ly\n"
        "pair = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)\n"
        "ly.steady_state(pair), ly.charge(pair, [0.0, 1.0]), ly.stability(pair)\n"
        f"assert not set(sys.modules).intersection({[*later, 'leyden.model.files.lines']})"
    )


def test_whether_a_method_takes_a_device_is_told_without_what_computes() -> None:
    loaded_after(
        "import leyden as ly\n"
        "from leyden.low_rank.method import METHOD\n"
        "from leyden.model.labels import take_off\n"
        "from leyden.task import Task\n"
        "cascade = ly.catalog.cascade(200, drive=0.05, damping=0.1)\n"
        "task = Task(*take_off(cascade))\n"
        "assert METHOD.suits(task) and not METHOD.refuses(task)\n"
        "assert not set(sys.modules).intersection({'leyden.low_rank.steady', 'leyden.low_rank.response'})"
    )


def test_a_device_can_be_described_without_heavy_packages() -> None:
    """The model is plain records: no labelled arrays until labels are given or asked for."""
    statement = (
        "import leyden as ly; ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)"
    )
    assert loaded_after(statement) & HEAVY == set()


@pytest.mark.parametrize("package", ["matplotlib", "qutip", "dask", "jax", "pint"])
def test_every_name_of_the_front_door_is_light(package: str) -> None:
    """Touching each public name, as `dir` and help tools do, loads no drawing, Hilbert-space or cluster package."""
    assert package not in loaded_after("import leyden as ly\nfor name in ly.__all__: getattr(ly, name)")


@pytest.mark.parametrize(
    "words", ["'charge', 'two_photon_battery'", "'steady', 'cascade', '--json'", "'doctor', '--json'"]
)
def test_a_command_without_files_makes_no_labelled_arrays(words: str) -> None:
    """To import xarray, pandas and Dask takes longer than to compute what is printed."""
    run = (
        f"from leyden.cli import app\ntry:\n    app([{words}])\nexcept SystemExit as found:\n    assert not found.code"
    )
    assert loaded_after(run) & {"dask", "h5netcdf", "matplotlib", "pandas", "xarray"} == set()


@pytest.mark.parametrize("more", ["{}", "{'measure': 'charge', 'times': [0.0, 1.0, 2.0]}"])
def test_a_sweep_does_not_ask_dask(more: str) -> None:
    """Where it is installed, xarray imports all of it for the first array that it makes: a quarter of a second."""
    sweep = (
        "from leyden.study import sweep\n"
        f"sweep('two_photon_battery', {{'drive': [0.01, 0.02], 'charger_damping': [0.1, 0.2]}}, **{more})\n"
        "assert 'dask.array' not in sys.modules"
    )
    assert "xarray" in loaded_after(sweep)


def test_drawings_are_at_the_front_door() -> None:
    """Reached without an import of their own, and what they draw with comes only with the first of them."""
    start = "import leyden as ly\nassert {'plots', 'closed_form'} <= set(dir(ly))\n"
    named = start + "assert set(ly.plots.__all__) <= set(dir(ly.plots)) and ly.closed_form.steady_ergotropy\n"
    assert "matplotlib" not in loaded_after(named)
    assert "matplotlib" in loaded_after(named + "ly.plots.draw_map")


def test_the_probe_sees_an_import() -> None:
    assert "json" in loaded_after("pass")
    assert "sqlite3" in loaded_after("import sqlite3")
