"""Messages: one printable line of at most 300 characters, whatever they quote; shortened in one place."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import leyden
from leyden import errors
from leyden.errors import LeydenError, ParameterError
from leyden.text import LONGEST_MESSAGE

SRC = Path(__file__).parents[2] / "src" / "leyden"
FILES = sorted(SRC.rglob("*.py"))
# What a message says by itself must leave room for what it quotes.
LONGEST_TEXT = 250


def family() -> list[type[LeydenError]]:
    for module in pkgutil.walk_packages(leyden.__path__, "leyden."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = [LeydenError]
    for kind in found:
        found += [heir for heir in kind.__subclasses__() if heir not in found]
    return found


KINDS = family()


def any_of(kind: type[LeydenError], message: str) -> LeydenError:
    named = [entry for entry in inspect.signature(kind).parameters.values() if entry.kind is entry.KEYWORD_ONLY]
    return kind(message, **{entry.name: None for entry in named if entry.default is entry.empty})


def test_the_whole_family_is_here() -> None:
    assert {getattr(errors, name) for name in errors.__all__} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_message_is_one_printable_line_of_300_characters(kind: type[LeydenError]) -> None:
    error = any_of(kind, "Argument `x` must be short, but is " + "\x1b[31m\nlong " * 10**5 + ". End.")
    assert len(str(error)) <= LONGEST_MESSAGE
    assert str(error).isprintable()
    assert str(error) == error.message
    assert str(error).startswith("Argument `x` must be short, but is ")
    assert str(error).endswith(" End.")
    assert str(any_of(kind, "short")) == "short"


@pytest.mark.parametrize(
    "value", ["x" * 10**6, [["x"] * 10**6] * 10, 10**9000, {"a": {"b": {"c": {"d": {}}}}}], ids=type
)
def test_the_standard_sentence_keeps_its_parts(value: object) -> None:
    allowed = "be one of " + ", ".join(f"allowed_{place}" for place in range(99))
    error = ParameterError.of("x" * 200, allowed, value, "A remedy. " * 99 + "The end.")
    assert len(str(error)) <= LONGEST_MESSAGE
    assert str(error).startswith("Argument `xxx")
    assert ", but is " in str(error)
    assert str(error).endswith("The end.")
    assert error.value is value


def texts(path: Path) -> list[tuple[int, int]]:
    """Line, and length of the constant text, of each message that is put together in a file."""
    found: list[tuple[int, int]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Error", "Error.of")):
            constants = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            found.append((node.lineno, sum(len(text) for text in constants if isinstance(text, str))))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_message_leaves_room_for_what_it_quotes(path: Path) -> None:
    assert [entry for entry in texts(path) if entry[1] > LONGEST_TEXT] == []


def test_the_search_for_messages_sees_some() -> None:
    assert len([entry for path in FILES for entry in texts(path)]) > 100


@pytest.mark.parametrize("module", ["difflib", "reprlib"])
def test_names_are_compared_and_values_shortened_in_one_place(module: str) -> None:
    """Elsewhere the limits on their lengths would be forgotten."""
    found = [path.relative_to(SRC) for path in FILES if f"import {module}" in path.read_text(encoding="utf-8")]
    assert found == [Path("text.py")]
