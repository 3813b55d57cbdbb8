"""No number of cases.json is forgotten: each whose capability leyden has is named by a test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
# Capabilities that leyden does not have yet. Whoever brings one takes it off, and tests its cases.
WAITING: set[str] = set()


@pytest.fixture(scope="module")
def named() -> set[str]:
    """Words of all tests but this one that look like a case, T01 or M13c."""
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    return {word for text in texts for word in re.findall(r"\b[TM]\d\d\w*\b", text)}


def test_every_case_of_what_leyden_can_do_is_named(numbers: list[dict[str, Any]], named: set[str]) -> None:
    # A device that waits for an element waits with all its numbers.
    waiting = {row["case"] for row in numbers if row["capability"] in WAITING}
    wanted = {row["case"] for row in numbers} - waiting
    assert len(wanted) > 30
    assert wanted - named == set()


def test_what_waits_are_capabilities(numbers: list[dict[str, Any]]) -> None:
    assert {row["capability"] for row in numbers} >= WAITING


def test_every_name_is_a_case(numbers: list[dict[str, Any]], named: set[str]) -> None:
    """A misspelt name tests nothing."""
    assert named - {row["case"] for row in numbers} == set()
