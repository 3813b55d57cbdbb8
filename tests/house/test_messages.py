"""Messages: one printable line of at most 300 characters, whatever they quote; shortened in one place."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import leyden
from leyden import errors
from leyden.errors import LeydenError, ParameterError
from leyden.study import read_study
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


PAIR = leyden.catalog.reference_device("two_photon_battery")
CHAIN = leyden.catalog.reference_device("cascade", modes=24)
CELLS = leyden.catalog.reference_device("tavis_cummings_battery", cells=12)
BENT = leyden.Network(CHAIN.modes, [*CHAIN.elements, leyden.Kerr("m23", 0.1)], charger="m0", battery="m1")
ABOVE = leyden.catalog.reference_device("two_photon_battery", drive=0.5)


def read_text(text: str) -> object:
    """A study of this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "study.toml")
        path.write_text(text, encoding="utf-8")
        return read_study(path)


# What people do wrong in ordinary use: the call, what was found, and the remedy, of which nothing may be lost.
MISTAKES: dict[str, tuple[Callable[[], object], str, str]] = {
    "device": (lambda: leyden.catalog.reference_device("cascde"), "'cascde'", "Did you mean 'cascade'?"),
    "parameter": (
        lambda: leyden.catalog.reference_device("ring", driv=1),
        "'driv'",
        "Did you mean 'drive'?",
    ),
    "build": (lambda: leyden.sweep("two_photon_batery", {"drive": [0.1]}), "'two_photon_batery'", "Did you mean 'two_"),
    "address": (lambda: PAIR.replace(drive=0.1), "'drive'", "Did you mean 'TwoPhotonDrive(charger).amplitude'?"),
    "address of many": (lambda: CHAIN.replace(rate=0.1), "'rate'", "Did you mean"),
    "critical": (
        lambda: leyden.critical(PAIR, "drive"),
        "'drive'",
        "Did you mean 'TwoPhotonDrive(charger).amplitude'?",
    ),
    "method": (lambda: leyden.steady_state(PAIR, method="fok"), "'fok'", "Did you mean 'fock'?"),
    "no method": (lambda: leyden.steady_state(BENT), "Kerr(m23)", 'Use method="truncated_wigner".'),
    "cells": (lambda: leyden.steady_state(CELLS), "Mode(m1)", "Drop what is not quadratic, or take fewer modes."),
    "states": (lambda: leyden.charge(BENT, [1.0], keep_state=True), "Kerr(m23)", "without `keep_state`."),
    "above": (lambda: leyden.steady_state(ABOVE), "0.7", "Its transient can still be had with `charge`."),
    "levels": (
        lambda: leyden.steady_state(ABOVE, method="one_way"),
        "energies still change by",
        'drive it less, or use method="truncated_wigner" or, far above threshold, "mean_field".',
    ),
    "initial": (lambda: leyden.steady_state(PAIR, initial=3), "but is 3", "Leave it out."),
    "merit": (
        lambda: leyden.critical_exponent(PAIR, "TwoPhotonDrive(charger).amplitude", quantity="ergotropi"),
        "'ergotropi'",
        "Did you mean 'ergotropy'?",
    ),
    "study": (
        lambda: read_text('device = "cascde"\nmeasure = "steady_state"\n'),
        "'cascde'",
        "Did you mean 'cascade'?",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_no_part_of_what_is_said_in_ordinary_use_is_lost(name: str) -> None:
    call, value, remedy = MISTAKES[name]
    with pytest.raises(LeydenError) as caught:
        call()
    message = str(caught.value)
    assert value in message
    assert remedy in message[-90:]
    # Lists end in ", ... 24 in all"; what is cut out of a sentence leaves " ... ".
    assert " ... " not in message.replace(", ... ", ", ")
    assert len(message) <= LONGEST_MESSAGE


def test_the_value_and_the_remedy_stay_where_the_rule_is_long() -> None:
    remedy = "Do this, " + "which takes a while to say, " * 4 + "and it will be well."
    error = ParameterError.of("x", "be one of " + ", ".join(map(str, range(999))), "found", remedy)
    assert str(error).endswith(f", but is 'found'. {remedy}")
    assert str(error).startswith("Argument `x` must be one of 0, 1, 2")
