"""The import contract: a room imports only from rooms below it, and outside packages only where the house allows them.

Everything is read from the source with `ast`, so that imports inside functions, under TYPE_CHECKING and by
`importlib.import_module("...")` count as well.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"

# Room -> floor. A module may import its own room and the rooms on lower floors.
FLOORS: dict[str, float] = {
    "ground": 1,
    "arrays": 1.5,
    "diagram": 1.8,
    "algebra": 2,
    "closed_form": 2,
    "runner": 2,
    "page": 2,
    "plots": 2,
    "units": 2,
    "model": 3,
    "states": 3,
    "equations": 3.2,
    "drift": 3.5,
    "dense": 4,
    "low_rank": 4,
    "one_way": 4.1,
    "mean_field": 4.1,
    "truncated_wigner": 4.2,
    "truncation": 2,
    "merit": 3.6,
    "results": 3.8,
    "task": 3.9,
    "fock": 4.2,
    "simulate": 5,
    "study": 5.25,
    "portrait": 5.25,
    "design": 5.3,
    "front door": 5.5,
    "paper": 6,
    "report": 6,
    "explorer": 6.5,
    "cli": 7,
    "__main__": 8,
}

# Modules that share a room although they are files side by side.
GROUND = {
    "atomic",
    "conventions",
    "errors",
    "extras",
    "interrupts",
    "markup",
    "mathml",
    "memory",
    "numeric",
    "quantities",
    "records",
    "text",
    "version",
}

# Stricter than the floors: these rooms may import nothing else of leyden.
ONLY: dict[str, set[str]] = {
    "closed_form": {"ground"},  # a witness must not borrow the code it judges
    "paper": {"front door", "plots", "page", "closed_form", "ground"},  # a user, with the drawings
}

# Outside packages, by the longest matching module prefix; the standard library is free.
OUTSIDE: dict[str, set[str]] = {
    "atomic": set(),
    "errors": set(),
    "extras": set(),
    "interrupts": set(),
    "conventions": {"numpy"},
    "mathml": {"latex2mathml"},
    "memory": set(),
    "numeric": {"numpy"},
    "quantities": set(),
    "records": {"numpy"},
    "text": set(),
    "version": set(),
    "arrays": {"array_api_compat", "jax", "numpy", "pandas", "xarray"},
    "algebra": {"jax", "numpy", "scipy", "threadpoolctl"},
    "closed_form": {"numpy"},
    "diagram": {"numpy"},
    "runner": {"crc32c", "dask", "distributed", "google_crc32c", "numpy", "scipy", "threadpoolctl", "xarray", "zarr"},
    "study": {"numpy", "xarray"},
    "page": {"jinja2", "matplotlib"},
    "plots": {"matplotlib", "numpy", "xarray"},
    "units": {"numpy", "pint", "xarray"},
    "model": {"numpy"},
    "model.files": {"numpy"},
    "model.labels": {"numpy", "xarray"},
    "states": {"numpy", "xarray"},
    "equations": {"numpy", "scipy"},
    "drift": {"numpy", "scipy"},
    "dense": {"numpy"},
    "low_rank": {"numpy", "scipy"},
    "merit": {"numpy"},
    "results": {"h5netcdf", "matplotlib", "numpy", "xarray"},
    "task": {"numpy"},
    "fock": {"numpy", "qutip", "scipy", "xarray"},
    "one_way": {"numpy", "scipy"},
    "mean_field": {"numpy", "scipy"},
    "truncated_wigner": {"numpy", "xarray"},
    "truncation": {"numpy"},
    "simulate": {"numpy", "xarray"},
    "portrait": {"numpy", "xarray"},
    "design": {"jax", "numpy", "scipy", "xarray"},
    "explorer": {
        "contourpy",
        "fastapi",
        "jinja2",
        "latex2mathml",
        "matplotlib",
        "numpy",
        "orjson",
        "plotly",
        "pydantic",
        "starlette",
        "uvicorn",
        "xarray",
    },
    "report": {"matplotlib", "numpy", "xarray"},
    "paper": {"matplotlib", "numpy", "scipy", "xarray"},
    "cli": {"click", "h5netcdf", "matplotlib", "numpy", "rich", "threadpoolctl", "typer", "xarray"},
}

# Never at module level, where `import leyden` would pay for them; under TYPE_CHECKING is fine.
LAZY = {
    "mathml": {"latex2mathml"},
    "arrays": {"jax", "pandas", "xarray"},
    "algebra": {"jax"},
    "fock": {"qutip"},
    "model": {"xarray"},
    "results": {"h5netcdf", "matplotlib", "xarray"},
    "simulate": {"xarray"},
    "truncated_wigner": {"xarray"},
    "portrait": {"xarray"},
    "units": {"pint", "xarray"},
}


@dataclass(frozen=True)
class Import:
    """One imported module, as written in one line of one module."""

    importer: str
    target: str
    line: int
    at_import_time: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


def modules(root: Path = SRC) -> dict[str, Path]:
    """Dotted name -> file, for every module of leyden."""
    names = {}
    for path in sorted((root / "leyden").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = modules()


def room(module: str) -> str:
    """Room of a module of leyden."""
    parts = module.split(".")
    if len(parts) == 1:
        return "front door"
    return "ground" if parts[1] in GROUND else parts[1]


def resolve(module: str, names: list[str], known: dict[str, Path]) -> Iterator[str]:
    """`from module import names`: each name that is a module stands for itself, the others for `module`."""
    for name in names:
        yield f"{module}.{name}" if f"{module}.{name}" in known else module


def is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


class Collector(ast.NodeVisitor):
    """All imports of one module."""

    def __init__(self, importer: str, path: Path, known: dict[str, Path]) -> None:
        self.importer, self.known = importer, known
        self.package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
        self.functions = self.types = 0  # how many of each surround the line being read
        self.found: list[Import] = []

    def add(self, target: str, node: ast.AST) -> None:
        at_import_time = self.functions == self.types == 0
        self.found.append(Import(self.importer, target, node.lineno, at_import_time))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.add(alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            base = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
            module = ".".join([*base, *([module] if module else [])])
        for target in resolve(module, [alias.name for alias in node.names], self.known):
            self.add(target, node)

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func)
        if called in {"import_module", "importlib.import_module", "__import__"} and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                self.add(first.value, node)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        later = is_type_checking(node.test)
        self.types += later
        for statement in node.body:
            self.visit(statement)
        self.types -= later
        for statement in node.orelse:
            self.visit(statement)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.functions += 1
        self.generic_visit(node)
        self.functions -= 1

    visit_AsyncFunctionDef = visit_FunctionDef


def imports_of(name: str, path: Path, known: dict[str, Path]) -> list[Import]:
    collector = Collector(name, path, known)
    collector.visit(ast.parse(path.read_text(encoding="utf-8")))
    return collector.found


def is_own(target: str) -> bool:
    return target.split(".", maxsplit=1)[0] == "leyden"


def room_violations(found: list[Import]) -> list[str]:
    """Imports that run up, or sideways into another room."""
    wrong = []
    for item in (item for item in found if is_own(item.target)):
        here, there = room(item.importer), room(item.target)
        if here == there:
            continue
        allowed = ONLY.get(here)
        if FLOORS[there] >= FLOORS[here] or (allowed is not None and there not in allowed):
            wrong.append(f"{item} ({here} may not import {there})")
    return wrong


def outside_allowed(module: str) -> set[str]:
    """Outside packages that a module may import: the row of its longest prefix, none without a row."""
    parts = module.split(".")[1:]
    for length in range(len(parts), 0, -1):
        row = OUTSIDE.get(".".join(parts[:length]))
        if row is not None:
            return row
    return set()


def outside_violations(found: list[Import]) -> list[str]:
    """Outside packages in a room that has no business with them, or at module level where they must be lazy."""
    wrong = []
    for item in (item for item in found if not is_own(item.target)):
        package = item.target.split(".")[0]
        if package in sys.stdlib_module_names:
            continue
        if package not in outside_allowed(item.importer):
            wrong.append(f"{item} ({package} has no place there)")
        elif item.at_import_time and package in LAZY.get(room(item.importer), set()):
            wrong.append(f"{item} at module level ({package} must be imported inside a function)")
    return wrong


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Cycles of imports between modules, one per strongly connected component (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def connect(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for successor in sorted(graph.get(node, ())):
            if successor not in index:
                connect(successor)
                low[node] = min(low[node], low[successor])
            elif successor in stack:
                low[node] = min(low[node], index[successor])
        if low[node] == index[node]:
            component = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(component) > 1 or node in graph.get(node, ()):
                found.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            connect(node)
    return found


IMPORTS = {name: imports_of(name, path, MODULES) for name, path in MODULES.items()}
ALL_IMPORTS = [item for found in IMPORTS.values() for item in found]


def test_every_room_has_a_floor() -> None:
    """A new room must be entered in the table, or nothing would judge it."""
    assert {room(name) for name in MODULES} <= set(FLOORS)


def test_rooms_import_only_from_below() -> None:
    wrong = room_violations(ALL_IMPORTS)
    assert not wrong, "\n".join(wrong)


def test_outside_packages_stay_in_their_rooms() -> None:
    wrong = outside_violations(ALL_IMPORTS)
    assert not wrong, "\n".join(wrong)


def graph_of(found: list[Import]) -> dict[str, set[str]]:
    """Who imports whom: at once, inside a function or for annotations alone. Each of them ties two files together."""
    own = [item for item in found if is_own(item.target)]
    return {name: {item.target for item in own if item.importer == name} for name in {item.importer for item in own}}


def test_modules_do_not_import_in_circles() -> None:
    assert cycles(graph_of(ALL_IMPORTS)) == []


def front_door_names() -> set[str]:
    """`leyden.__all__`, read from the source."""
    tree = ast.parse((SRC / "leyden" / "__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return set(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return set()


def front_door_uses(tree: ast.Module, known: dict[str, Path]) -> set[str]:
    """Names that a module takes from the front door: `from leyden import x`, and `ly.x` after `import leyden as ly`."""
    aliases: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            aliases |= {alias.asname or "leyden" for alias in node.names if alias.name == "leyden"}
        elif isinstance(node, ast.ImportFrom) and node.module == "leyden" and node.level == 0:
            used |= {alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            used.add(node.attr)
    return {name for name in used if room(f"leyden.{name}") not in ONLY["paper"] or f"leyden.{name}" not in known}


def test_paper_uses_the_public_names_only() -> None:
    """The paper is written by a user: what it needs of leyden must be a public name."""
    public = front_door_names() | {"__version__"}
    used = {
        (name, use)
        for name, path in MODULES.items()
        if room(name) == "paper"
        for use in front_door_uses(ast.parse(path.read_text(encoding="utf-8")), MODULES)
    }
    assert {(name, use) for name, use in used if use not in public} == set()


# The judge itself, tried on small houses that break each rule once.


@pytest.fixture
def house(tmp_path: Path):
    """Write modules into a scratch house and return all their imports."""

    def build(**sources: str) -> list[Import]:
        for name, source in sources.items():
            path = tmp_path / "leyden" / Path(*name.split("__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        known = modules(tmp_path)
        return [item for name, path in known.items() for item in imports_of(name, path, known)]

    return build


@pytest.mark.parametrize(
    "sources",
    [
        {"merit__energy": "from leyden.simulate import charge"},
        {"merit__energy": "from leyden import charge"},
        {"merit__energy": "from leyden.dense.steady import steady_state"},
        {"merit__energy": "def f():\n    from ..dense import steady\n"},
        {"merit__energy": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import leyden.simulate\n"},
        {"merit__energy": "import importlib\nimportlib.import_module('leyden.simulate')\n"},
        {"closed_form": "from leyden.algebra import expm"},
        {"paper__figures": "from leyden.drift import stability"},
        {"simulate": "from leyden.paper import claims"},
    ],
)
def test_the_judge_sees_wrong_rooms(house, sources: dict[str, str]) -> None:
    assert len(room_violations(house(**sources))) == 1


def test_the_judge_accepts_right_rooms(house) -> None:
    found = house(
        errors="",
        merit__energy="from leyden.equations.moments import Moments\nfrom .ratios import ratio\nimport leyden.errors",
        model__moments="from leyden import errors",
        paper__figures="import leyden as ly\nfrom leyden.plots import lines\nfrom leyden import closed_form",
        closed_form="",
    )
    assert len([item for item in found if is_own(item.target)]) == 7
    assert room_violations(found) == []


def test_the_judge_sees_private_names_in_the_paper() -> None:
    source = (
        "import leyden as ly\nfrom leyden import charge, plots\nly.simulate.charge\nly.steady_state\nly.closed_form"
    )
    known = {"leyden.plots": SRC, "leyden.closed_form": SRC}
    assert front_door_uses(ast.parse(source), known) == {"charge", "simulate", "steady_state"}


@pytest.mark.parametrize(
    "sources",
    [
        {"merit__energy": "import scipy.linalg"},
        {"model__moments": "def f():\n    import tomli_w\n"},
        {"model__labels": "import xarray"},
        {"algebra": "import jax.numpy"},
        {"new_room": "import numpy"},
    ],
)
def test_the_judge_sees_wrong_packages(house, sources: dict[str, str]) -> None:
    assert len(outside_violations(house(**sources))) == 1


def test_the_judge_accepts_right_packages(house) -> None:
    found = house(
        model__files="import tomllib\nimport numpy as np\n",
        fock__build="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import qutip\n",
    )
    assert outside_violations(found) == []


TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "


@pytest.mark.parametrize("guard", ["", "def f():\n    ", "class A:\n    def f(self):\n        ", TYPES])
def test_the_judge_sees_circles(house, guard: str) -> None:
    found = house(merit__a="import leyden.merit.b", merit__b=f"{guard}from leyden.merit import a")
    assert cycles(graph_of(found)) == [["leyden.merit.a", "leyden.merit.b"]]


def test_circles_are_components() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]
    assert cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
