"""Published and derived numbers of devices (cases.json), and the judge that holds what leyden says against them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).with_name("cases.json")


@pytest.fixture(scope="session")
def numbers() -> list[dict[str, Any]]:
    """All numbers, each with its case, its device's parameters, its source and how it was verified."""
    return json.loads(CASES.read_text(encoding="utf-8"))


@pytest.fixture
def agrees(numbers: list[dict[str, Any]]) -> Callable[[str, Callable[..., Mapping[str, Any]]], None]:
    """A judge: what a function answers to a case's parameters is, name by name, what the case says.

    `only` names some of the quantities, where the others wait for what leyden cannot do yet.
    """

    def judge(case: str, answer: Callable[..., Mapping[str, Any]], only: tuple[str, ...] = ()) -> None:
        rows = [row for row in numbers if row["case"] == case and (not only or row["quantity"] in only)]
        assert {row["quantity"] for row in rows} >= set(only)
        assert rows, f"no case {case}"
        found = answer(**rows[0]["parameters"])
        for row in rows:
            value = float(found[row["quantity"]])
            assert value == pytest.approx(row["value"], rel=0, abs=row["tolerance"]), row["id"]

    return judge
