"""What leyden asks for: the packages that it must have, its extras, what of them is here, and how to get the rest.

Nothing is imported for the answer: what is installed stands in the metadata of the packages.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

__all__ = ["PURPOSES", "Package", "command_for", "extra_packages", "needed_packages", "python_words", "remedy_for"]

PURPOSES: Mapping[str, str] = {
    "fock": "results in Fock space, with QuTiP",
    "derivations": "the derivation of the closed forms, with SymPy",
    "jax": "JAX arrays in, JAX arrays out: gradients, jit, GPU",
    "sweep": "large sweeps into a Zarr store",
    "units": "devices in hertz and kelvin, with pint",
    "cluster": "sweeps on a Dask cluster",
    "explore": "the explorer, a page in the browser",
    "bench": "what the benchmarks compare with",
    "docs": "the site, built with Sphinx",
    "dev": "tests, lint and types, for work on leyden itself",
}

# Name, extras of it, and lowest version of a requirement; whatever else one may hold is not ours.
_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:\[([^\]]*)\])?\s*\(?(?:>=\s*([\d.]+))?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w-]+)['"]""")


@dataclass(frozen=True)
class Package:
    """A package that leyden asks for, as it is installed here."""

    name: str
    lowest: str  # "" where any version will do
    version: str | None  # None where it is missing

    @property
    def is_enough(self) -> bool:
        """Whether it is here, and not too old."""
        return self.version is not None and _release(self.version) >= _release(self.lowest)

    @property
    def requirement(self) -> str:
        """What an installer is told."""
        return f"{self.name}>={self.lowest}" if self.lowest else self.name


def _release(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with, without zeros at the end: 2.0 is 2."""
    start = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in start[0].split(".")] if start else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _declared() -> tuple[list[str], dict[str, list[str]]]:
    """Requirements of leyden, and of each extra: from the checkout that this is, or as it was installed."""
    checkout = Path(__file__).parents[2] / "pyproject.toml"
    if checkout.is_file():
        import tomllib

        # What was installed from a checkout may be older than what stands in it.
        project = tomllib.loads(checkout.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "leyden":
            return list(project["dependencies"]), dict(project["optional-dependencies"])
    needed: list[str] = []
    extras: dict[str, list[str]] = {}
    try:
        requirements = metadata.requires("leyden") or []
    except metadata.PackageNotFoundError:
        requirements = []
    for requirement in requirements:
        words, _, marker = requirement.partition(";")
        extra = _EXTRA.search(marker)
        (extras.setdefault(extra[1], []) if extra else needed).append(words)
    return needed, extras


def _packages(requirements: Iterable[str], extras: Mapping[str, Iterable[str]]) -> dict[str, Package]:
    found: dict[str, Package] = {}
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement.strip())
        if match is None:
            continue
        name, inner, lowest = match[1], match[2], match[3] or ""
        if name == "leyden":
            # An extra that holds others.
            for extra in (inner or "").split(","):
                found |= _packages(extras.get(extra.strip(), ()), extras)
        else:
            found[name] = Package(name, lowest, _installed(name))
    return found


def needed_packages() -> dict[str, Package]:
    """Packages that leyden cannot do without, by name."""
    needed, extras = _declared()
    return _packages(needed, extras)


def extra_packages() -> dict[str, dict[str, Package]]:
    """Packages of each extra, by name, those of extras inside it too."""
    extras = _declared()[1]
    order = [*(name for name in PURPOSES if name in extras), *(name for name in extras if name not in PURPOSES)]
    return {name: _packages(extras[name], extras) for name in order}


def python_words() -> str:
    """How this Python is called in a shell: `python` where that is the one, else its path."""
    found = shutil.which("python")
    if not sys.executable:  # inside another program
        return "python"
    is_python = found is not None and _environment(found) == _environment(sys.executable)
    python = "python" if is_python else sys.executable
    return f'"{python}"' if " " in python else python


def _environment(executable: str) -> Path:
    """Where a Python has its packages: a virtual environment has several names for one, elsewhere they are links."""
    folder = Path(executable).absolute().parent
    for place in (folder, folder.parent):
        if (place / "pyvenv.cfg").is_file():
            return place.resolve()
    return Path(executable).resolve()


def command_for(packages: Iterable[Package]) -> str:
    """The command that gets what is missing; it names the packages, so that no index needs to know leyden."""
    return _command(package for package in packages if not package.is_enough)


def _command(packages: Iterable[Package]) -> str:
    words = " ".join(f'"{package.requirement}"' for package in packages)
    return f"{python_words()} -m pip install {words}" if words else ""


def remedy_for(extra: str) -> str:
    """A sentence with the command that gets an extra, for an error about a package of it that cannot be imported."""
    packages = extra_packages().get(extra, {}).values()
    # A package that is there, and broken, is installed again.
    command = command_for(packages) or _command(packages)
    return f"Run `{command}`." if command else f"It comes with the extra {extra!r} of leyden."
