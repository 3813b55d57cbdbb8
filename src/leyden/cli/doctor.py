"""`leyden doctor`: is what leyden needs installed, does it work, and what more is there to have?"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

import leyden
from leyden.cli.charge import Json
from leyden.errors import LeydenError
from leyden.extras import PURPOSES, Package, command_for, extra_packages, needed_packages
from leyden.text import listed, one_line, shortened
from leyden.version import __version__

__all__ = ["doctor"]

UNWELL = 1
# Of the device of the first page, Eq. (14) by hand: 0.06/(0.2 * 0.32).
_ENERGY = 0.9375
# Of an extra, in the table.
_MOST_PACKAGES = 4
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def doctor(json: Json = False) -> None:
    """Tell what is installed, whether it works, and how to get what is missing.

    Exit status 0 if leyden works; extras may be missing. Else 1.
    """
    needed, extras = needed_packages(), extra_packages()
    trial = _trial()
    threads = _threads()
    is_well = trial["works"] and all(package.is_enough for package in needed.values())
    if json:
        from leyden.cli.answers import print_json

        print_json(
            {
                "is_well": is_well,
                "leyden": {"version": __version__, "folder": _folder()},
                "python": {"version": platform.python_version(), "executable": sys.executable},
                "trial": trial,
                "threads": threads,
                "packages": {name: _fields(package) for name, package in needed.items()},
                "install": command_for(needed.values()) or None,
                "extras": {name: _extra(name, packages) for name, packages in extras.items()},
            }
        )
    else:
        _print(needed, extras, trial, threads)
    if not is_well:
        raise typer.Exit(UNWELL)


def _folder() -> str:
    return str(Path(leyden.__file__).parent)


def _fields(package: Package) -> dict[str, Any]:
    return {"version": package.version, "lowest": package.lowest or None, "is_enough": package.is_enough}


def _extra(name: str, packages: Mapping[str, Package]) -> dict[str, Any]:
    return {
        "purpose": PURPOSES.get(name, ""),
        "is_installed": all(package.is_enough for package in packages.values()),
        "packages": {package: _fields(found) for package, found in packages.items()},
        "install": command_for(packages.values()) or None,
    }


def _trial() -> dict[str, Any]:
    """One steady state whose energy is known, computed here and now."""
    found: dict[str, Any] = {"works": False, "stored_energy": None, "expected": _ENERGY, "problem": None}
    try:
        # Not at the head: a package that is broken is what the doctor is there to tell.
        from leyden.model.catalog import reference_device
        from leyden.portrait import Portrait

        device = reference_device("two_photon_battery", drive=0.1)
        found["stored_energy"] = float(Portrait(device).settled_values["stored_energy"])
        found["works"] = abs(found["stored_energy"] - _ENERGY) < 1e-12
    except (ImportError, LeydenError, ArithmeticError, ValueError) as error:
        found["problem"] = shortened(error)
    return found


def _threads() -> dict[str, Any]:
    """Libraries of linear algebra, as far as they can be told how many threads to use."""
    libraries: list[dict[str, Any]] = []
    try:
        from threadpoolctl import threadpool_info

        libraries = [
            {key: entry.get(key) for key in ("internal_api", "version", "num_threads")}
            for entry in threadpool_info()
            if entry.get("user_api") == "blas"
        ]
    except ImportError:
        pass
    return {
        "processors": _processors(),
        "libraries": libraries,
        "is_controlled": bool(libraries),
        "environment": {name: os.environ[name] for name in _THREADS if name in os.environ},
    }


def _processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _thread_words(threads: Mapping[str, Any]) -> str:
    processors = threads["processors"]
    words = f"{processors} processor{'s' if processors > 1 else ''}; "
    if not threads["is_controlled"]:
        return words + "the linear algebra takes no number of threads from leyden: set OMP_NUM_THREADS=1 for sweeps"
    seen = {f"{one['internal_api']} {one['version']} on {one['num_threads']}" for one in threads["libraries"]}
    given = "".join(f", {name}={value}" for name, value in threads["environment"].items())
    return one_line(f"{words}linear algebra: {', '.join(sorted(seen))} thread(s){given}")


def _trial_words(trial: Mapping[str, Any]) -> str:
    if trial["works"]:
        return f"stored energy {trial['stored_energy']:.4f} of a two-photon battery, as by hand"
    if trial["problem"] is not None:
        return f"FAILS: {trial['problem']}"
    return f"FAILS: stored energy {trial['stored_energy']!r} of a two-photon battery, by hand {_ENERGY}"


def _version_words(package: Package) -> str:
    if package.version is None:
        return f"{package.name} MISSING"
    return f"{package.name} {package.version}" + ("" if package.is_enough else f" (TOO OLD, below {package.lowest})")


def _print(
    needed: Mapping[str, Package],
    extras: Mapping[str, Mapping[str, Package]],
    trial: Mapping[str, Any],
    threads: Mapping[str, Any],
) -> None:
    from rich.console import Group
    from rich.text import Text

    from leyden.cli.tables import facts_table, ruled, stdout

    facts = facts_table()
    facts.add_row("leyden", f"{__version__}, in {one_line(_folder())}")
    facts.add_row("Python", f"{platform.python_version()}, {one_line(sys.executable)}")
    facts.add_row("trial", Text(_trial_words(trial), style="green" if trial["works"] else "bold red"))
    facts.add_row("threads", _thread_words(threads))
    facts.add_row("packages", ", ".join(map(_version_words, needed.values())))
    table = ruled()
    for title in ("extra", "state"):
        table.add_column(title, no_wrap=True)
    table.add_column("for", ratio=1)
    for name, packages in extras.items():
        lacking = [package for package in packages.values() if not package.is_enough]
        state = Text("missing", style="yellow") if lacking else Text("here", style="green")
        words = listed(map(_version_words, lacking or packages.values()), _MOST_PACKAGES)
        table.add_row(Text(name, style="bold"), state, Text.assemble(PURPOSES.get(name, ""), "\n", (words, "dim")))
    stdout().print(Group(facts, table))
    _print_commands(needed, extras)


def _print_commands(needed: Mapping[str, Package], extras: Mapping[str, Mapping[str, Package]]) -> None:
    """What to type, one command to a line, whole: they are there to be copied."""
    wanted: Sequence[tuple[str, str]] = [
        ("leyden itself", command_for(needed.values())),
        *((name, command_for(packages.values())) for name, packages in extras.items()),
    ]
    lines = [f"  {command}  # {name}" for name, command in wanted if command]
    print("\n".join(["To get what is missing:", *lines]) if lines else "Nothing is missing.")
