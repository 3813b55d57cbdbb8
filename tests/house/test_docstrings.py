"""Docstrings: NumPy style, with exactly the public parameters, and examples that print what they say.

Every public name (in a module's `__all__`) is held to its signature; the fields of a dataclass are its parameters.
One-liners do for properties, classmethods and methods without parameters, and a predicate ("Whether ...") needs no
section Returns. Commands of `leyden.cli` are exempt from the sections, since their docstrings are help texts.
"""

from __future__ import annotations

import doctest
import enum
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import leyden

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


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith("leyden.cli")])
def test_docstrings_match_signatures(name: str) -> None:
    wrong = []
    for label, thing in public_things(importlib.import_module(name)):
        if inspect.isclass(thing):
            found = class_complaints(thing)
        else:
            found = complaints(thing, thing.__doc__, must_return=must_say_what_returns(thing))
        wrong += [f"{name}.{label}: {text}" for text in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("leyden.cli")])
def test_commands_have_help(name: str) -> None:
    things = public_things(importlib.import_module(name))
    assert [label for label, thing in things if not (thing.__doc__ or "").strip()] == []


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
