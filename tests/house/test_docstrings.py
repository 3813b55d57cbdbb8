"""Docstrings: all sections where a face hands a name out, one line everywhere else, and examples that come true.

A face is what users are shown: `import leyden`, the modules that it hands out or that the public contract names, single
names that the documents import, the public methods of classes among all these, and the commands of `leyden`. Their
docstrings are NumPy style, with exactly the public parameters; the fields of a dataclass are its parameters. One-liners
do for properties, classmethods and methods without parameters, and a predicate ("Whether ...") needs no section
Returns. Commands are exempt from the sections, since their docstrings are help texts.

Everything else says in one line what it is; why something is done so stands in a comment where it is done.
"""

from __future__ import annotations

import ast
import doctest
import enum
import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import leyden
from leyden.cli.program import app

# Public beside what `import leyden` hands out.
FACE_MODULES = ("leyden.design", "leyden.report", "leyden.study")
# What whole pages are made of, beside the family of plots that is shown.
INNER_PLOTS = sorted(set(vars(leyden.plots)["_LATER"]) - set(leyden.plots.__all__))
FACE_NAMES = ("leyden.dense.steady_state", *(f"leyden.plots.{name}" for name in INNER_PLOTS))

MODULE_LINES = 6  # of the docstring of a module that is no face

SECTIONS = [
    "Parameters",
    "Attributes",
    "Returns",
    "Yields",
    "Raises",
    "Warns",
    "See Also",
    "Notes",
    "References",
    "Examples",
]
SAID_BY_THE_SUMMARY = {None, "None", "NoReturn", "Never", inspect.Signature.empty, bool, "bool"}


def sections_of(docstring: str) -> dict[str, list[str]]:
    """Lines of each section of a NumPy docstring; what comes before the first one is under ""."""
    lines = inspect.cleandoc(docstring).splitlines()
    found: dict[str, list[str]] = {"": []}
    current = ""
    for position, line in enumerate(lines):
        below = lines[position + 1] if position + 1 < len(lines) else ""
        if line and not line[0].isspace() and re.fullmatch("-{3,}", below):
            if line in found:
                raise ValueError(f"section {line!r} appears twice")
            if len(below) != len(line):
                raise ValueError(f"section {line!r} is underlined with {len(below)} dashes")
            current = line
            found[current] = []
        elif not (re.fullmatch("-{3,}", line) and lines[position - 1] == current):
            found[current].append(line)
    return found


def entries_of(section: list[str]) -> dict[str, str]:
    """Name -> description of the entries of a Parameters section; `a, b : type` documents both."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section:
        if line and not line[0].isspace():
            names = [name.strip() for name in line.split(" : ")[0].split(",")]
            repeated = [name for name in names if name in found]
            if repeated:
                raise ValueError(f"{repeated[0]!r} is documented twice")
            found.update(dict.fromkeys(names, ""))
        else:
            found.update({name: found[name] + line.strip() for name in names})
    return found


def parameters_of(thing: Callable[..., Any]) -> list[str]:
    """Public parameters of a signature, stars included, without the bound object."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    parameters = inspect.signature(thing).parameters.values()
    return [
        stars.get(entry.kind, "") + entry.name
        for entry in parameters
        if entry.name not in {"self", "cls"} and not entry.name.startswith("_")
    ]


def complaints(thing: Callable[..., Any], docstring: str | None, *, must_return: bool) -> list[str]:
    """What a docstring leaves out or makes up."""
    if not docstring or not docstring.strip():
        return ["no docstring"]
    try:
        sections = sections_of(docstring)
        entries = entries_of(sections.get("Parameters", []))
    except ValueError as error:
        return [str(error)]
    wrong = []
    summary = sections[""][0] if sections[""] else ""
    if not summary.endswith((".", "?")) or (len(sections[""]) > 1 and sections[""][1]):
        wrong.append("the first line is not one sentence on one line")
    unknown = [name for name in sections if name and name not in SECTIONS]
    if unknown:
        wrong.append(f"unknown sections {unknown}")
    known = [name for name in sections if name in SECTIONS]
    if known != sorted(known, key=SECTIONS.index):
        wrong.append(f"sections in the order {known}")
    if list(entries) != parameters_of(thing):
        wrong.append(f"documents {list(entries)}, but takes {parameters_of(thing)}")
    wrong += [f"says nothing about {name!r}" for name, text in entries.items() if not text]
    if must_return and not {"Returns", "Yields"} & set(sections):
        wrong.append("no section Returns")
    return wrong


def must_say_what_returns(function: Callable[..., Any]) -> bool:
    return inspect.signature(function).return_annotation not in SAID_BY_THE_SUMMARY


def method_complaints(name: str, member: object) -> list[str]:
    """What is wrong with one entry of a class body."""
    if isinstance(member, property):
        return [] if (member.__doc__ or "").strip() else ["no docstring"]
    is_bound = isinstance(member, classmethod | staticmethod)
    function = member.__func__ if is_bound else member
    if not inspect.isfunction(function):
        return []
    must_return = not is_bound and bool(parameters_of(function)) and must_say_what_returns(function)
    return complaints(function, function.__doc__, must_return=must_return)


def class_complaints(kind: type) -> list[str]:
    """What is wrong with a class and its public methods."""
    if issubclass(kind, enum.Enum) or getattr(kind, "_is_protocol", False):
        wrong = [] if (kind.__doc__ or "").strip() else ["no docstring"]
    else:
        # A class's own text: Python would hand down the parent's, and dataclasses make one up.
        own = kind.__dict__.get("__doc__") or ""
        made_up = own.startswith(f"{kind.__name__}(")
        wrong = complaints(kind, None if made_up else own, must_return=False)
    for name, member in vars(kind).items():
        if not name.startswith("_"):
            wrong += [f".{name}: {text}" for text in method_complaints(name, member)]
    return wrong


def names_of_modules() -> list[str]:
    found = pkgutil.walk_packages(leyden.__path__, "leyden.")
    return ["leyden", *sorted(entry.name for entry in found if not entry.name.endswith("__main__"))]


def defined_in(module: ModuleType) -> dict[str, Any]:
    """Functions and classes that a module defines itself, without a leading underscore."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if (inspect.isfunction(thing) or inspect.isclass(thing))
        and thing.__module__ == module.__name__
        and not name.startswith("_")
    }


def public_things(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Functions and classes that a module makes public and that are its own."""
    public = set(getattr(module, "__all__", ()))
    yield from ((name, thing) for name, thing in defined_in(module).items() if name in public)


def name_of(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def handed_out_by(module: ModuleType) -> list[Any]:
    """What a module shows: its `__all__`; without one, all but modules."""
    if hasattr(module, "__all__"):
        return [getattr(module, name) for name in module.__all__]
    return [thing for name, thing in vars(module).items() if not (name.startswith("_") or inspect.ismodule(thing))]


FACES = [
    leyden,
    *(thing for thing in handed_out_by(leyden) if inspect.ismodule(thing)),
    *(importlib.import_module(name) for name in FACE_MODULES),
]
FACE_FILES = {module.__name__ for module in FACES}


def inherited_by(thing: Any) -> list[Any]:
    """A class with its ancestors in leyden, whose public methods it hands on; a function alone."""
    kinds = inspect.getmro(thing) if inspect.isclass(thing) else (thing,)
    return [kind for kind in kinds if kind.__module__.startswith("leyden")]


@functools.cache
def faces() -> dict[str, Any]:
    """Name -> function or class, of all that a face hands out."""
    things = [thing for module in FACES for thing in handed_out_by(module)]
    for entry in FACE_NAMES:
        module, _, name = entry.rpartition(".")
        things.append(getattr(importlib.import_module(module), name))
    defined = [thing for thing in things if inspect.isfunction(thing) or inspect.isclass(thing)]
    return {name_of(kind): kind for thing in defined for kind in inherited_by(thing)}


@functools.cache
def commands() -> set[str]:
    callbacks = [entry.callback for entry in app.registered_commands]
    return {name_of(callback) for callback in callbacks if callback is not None}


def defined_names(tree: ast.AST, inside: str) -> Iterator[tuple[str, str, ast.FunctionDef | ast.ClassDef]]:
    """Qualified name, that of the enclosing definition, and node, of all functions and classes of a source."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield f"{inside}.{node.name}", inside, node
            yield from defined_names(node, f"{inside}.{node.name}")
        else:
            yield from defined_names(node, inside)


def is_one_line(node: ast.FunctionDef | ast.ClassDef) -> bool:
    text = ast.get_docstring(node, clean=False)
    return text is None or (len(text.splitlines()) <= 1 and text.endswith((".", "?")))


def long_docstrings(name: str) -> list[str]:
    """What of a module that no face hands out says more than one line."""
    tree = ast.parse(Path(importlib.import_module(name).__file__ or "").read_text(encoding="utf-8"))
    handed_out = commands() | faces().keys()
    wrong = [
        f"{label}, line {node.lineno}: one line is enough, and what it says about why goes to comments"
        for label, inside, node in defined_names(tree, name)
        if not (label in handed_out or (inside in faces() and not node.name.startswith("_")) or is_one_line(node))
    ]
    lines = len((ast.get_docstring(tree) or "").splitlines())
    if name not in FACE_FILES and lines > MODULE_LINES:
        wrong.append(f"{name}: {lines} lines of docstring, {MODULE_LINES} are enough")
    return wrong


MODULES = names_of_modules()


@pytest.mark.parametrize("name", MODULES)
def test_module_has_a_docstring(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip()


@pytest.mark.parametrize("name", MODULES)
def test_module_says_what_is_public(name: str) -> None:
    """Without `__all__` what a module defines would escape the tests below."""
    module = importlib.import_module(name)
    public = getattr(module, "__all__", [])
    assert [entry for entry in public if not hasattr(module, entry)] == []
    assert hasattr(module, "__all__") or not defined_in(module)


@pytest.mark.parametrize("name", sorted(faces()))
def test_what_a_face_hands_out_has_all_sections(name: str) -> None:
    thing = faces()[name]
    if inspect.isclass(thing):
        wrong = class_complaints(thing)
    else:
        wrong = complaints(thing, thing.__doc__, must_return=must_say_what_returns(thing))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", MODULES)
def test_everything_else_says_one_line(name: str) -> None:
    wrong = long_docstrings(name)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", MODULES)
def test_public_names_have_docstrings(name: str) -> None:
    silent = []
    for label, thing in public_things(importlib.import_module(name)):
        own = thing.__dict__.get("__doc__") if inspect.isclass(thing) else thing.__doc__
        made_up = (own or "").startswith(f"{label}(")  # by dataclasses
        silent += [label] if made_up or not (own or "").strip() else []
        members = vars(thing).items() if inspect.isclass(thing) else ()
        for member, value in members:
            wrapped = value.__func__ if isinstance(value, classmethod | staticmethod) else value
            is_said = not (inspect.isfunction(wrapped) or isinstance(wrapped, property)) or wrapped.__doc__
            silent += [] if member.startswith("_") or is_said else [f"{label}.{member}"]
    assert silent == []


def test_documents_import_faces_only() -> None:
    """What a document shows to a user is a face, and so has all sections."""
    root = Path(__file__).parents[2]
    known = {*faces(), *FACE_FILES, *(entry.rpartition(".")[0] for entry in FACE_NAMES)}
    wrong = []
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for module, names in re.findall(r"^from (leyden[\w.]*) import (.+)$", page.read_text(encoding="utf-8"), re.M):
            things = {name: getattr(importlib.import_module(module), name) for name in names.split(", ")}
            named = {
                name: thing.__name__ if inspect.ismodule(thing) else name_of(thing) for name, thing in things.items()
            }
            wrong += [f"{page.name}: {module}.{name}" for name, true_name in named.items() if true_name not in known]
    assert wrong == []


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(importlib.import_module(name), optionflags=options).failed == 0


# The judge itself, tried on a good docstring and on one with each fault.


def example(first: float, *rest: float, **options: float) -> float:
    """Sum of the arguments.

    Parameters
    ----------
    first : float
        One number.
    *rest
        More numbers.
    **options
        Named numbers.

    Returns
    -------
    float
        The sum.
    """
    return first + sum(rest) + sum(options.values())


def test_the_judge_accepts_a_good_docstring() -> None:
    assert complaints(example, example.__doc__, must_return=True) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Sum of the arguments.", "", "first line"),
        ("Sum of the arguments.", "Sum of the\n    arguments.", "first line"),
        ("first : float\n        One number.\n", "", "but takes"),
        ("**options", "options", "but takes"),
        ("first : float", "first, second : float", "but takes"),
        ("        One number.\n", "", "says nothing about 'first'"),
        ("More numbers.\n", "More numbers.\n    *rest\n        Again.\n", "documented twice"),
        ("Returns\n    -------", "Result\n    ------", "no section Returns"),
        ("Returns\n    -------", "Result\n    ------", "unknown sections"),
        ("Returns\n    -------", "Returns\n    ---", "underlined"),
        ("Returns\n    -------", "Parameters\n    ----------", "appears twice"),
        ("Sum of the arguments.", "Sum.\n\n    Notes\n    -----\n    None.\n", "in the order"),
    ],
)
def test_the_judge_sees_each_fault(old: str, new: str, complaint: str) -> None:
    docstring = (example.__doc__ or "").replace(old, new, 1)
    assert complaint in " ".join(complaints(example, docstring, must_return=True))


def test_the_judge_sees_missing_docstrings() -> None:
    assert complaints(example, None, must_return=True) == ["no docstring"]

    class Silent(leyden.LeydenError):
        pass

    assert class_complaints(Silent) == ["no docstring"]


@pytest.mark.parametrize(
    ("docstring", "is_fine"),
    [
        ('"""Sum of two numbers."""', True),
        ("pass", True),
        ('"""Sum of two numbers"""', False),
        ('"""Sum of two numbers.\n\n    Both are real.\n    """', False),
    ],
)
def test_the_judge_knows_one_line(docstring: str, is_fine: bool) -> None:
    ((label, inside, node),) = defined_names(ast.parse(f"def add():\n    {docstring}\n"), "sums")
    assert (label, inside, is_one_line(node)) == ("sums.add", "sums", is_fine)
