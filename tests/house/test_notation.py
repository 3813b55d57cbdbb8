"""docs/notation.md, devices.md and architecture.md: names, symbols, units, keys and rooms are those of the code."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

import leyden as ly
from leyden import closed_form
from leyden.model.catalog import DEVICES
from leyden.model.elements import KINDS, Mode
from leyden.model.files.schema import DEVICE, entries_of
from leyden.quantities import QUANTITIES

ROOT = Path(__file__).parents[2]
NOTATION = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8")
DEVICE_FILES = (ROOT / "docs" / "devices.md").read_text(encoding="utf-8")
CATALOG = (ROOT / "docs" / "catalog.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def table(heading: str, document: str = NOTATION) -> list[list[str]]:
    """Cells of all tables under a heading, one after the other, without their head lines."""
    section = document.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    rules = [place for place, row in enumerate(rows) if set(row[0]) == {"-"} and len(row[0]) > 2]
    return [row for place, row in enumerate(rows) if place not in rules and place + 1 not in rules]


def test_every_quantity_stands_in_the_table_with_its_symbol_and_unit() -> None:
    wanted = [[q.meaning, f"`{q.name}`", f"$`{q.symbol}`$", q.unit] for q in QUANTITIES.values()]
    assert [row[:4] for row in table("Quantities")] == wanted


def member(found: Any, name: str) -> Any:
    """An attribute, or a field of a record."""
    records = getattr(found, "__dataclass_fields__", {})
    return records[name] if name in records else getattr(found, name)


@pytest.mark.parametrize("heading", ["Moments and states", "The paper's algebra"])
def test_identifiers_exist(heading: str) -> None:
    rows = table(heading)
    assert {len(row) for row in rows} == {5}
    for row in rows:
        first, *rest = row[1].strip("`").split(".")
        reduce(member, rest, closed_form if first == "closed_form" else getattr(ly, first))


def test_every_element_stands_in_the_table_with_its_kind_and_parameters() -> None:
    kinds = {record: kind for kind, record in KINDS.items()}
    records = [Mode, *KINDS.values()]
    wanted = {
        f"`{record.__name__}`": (
            f"`{kinds[record]}`" if record in kinds else "-",
            ", ".join(f"`{entry.name}`" for entry in fields(record)),
        )
        for record in records
    }
    assert {row[0]: (row[1], row[3]) for row in table("Elements")} == wanted


def test_every_device_of_the_catalog_stands_in_the_table() -> None:
    assert table("Devices") == [[f"`{name}`", entry.meaning] for name, entry in DEVICES.items()]


def test_the_page_of_the_catalog_tells_every_function_of_it() -> None:
    told = set(re.findall(r"[`.](\w+)[(`]", CATALOG))
    assert {name for name in ly.catalog.__all__ if inspect.isfunction(getattr(ly.catalog, name))} - told == set()


def test_every_key_of_a_device_file_stands_in_the_tables() -> None:
    rows = {row[0].strip("`[]"): set(re.findall(r"`(\w+)`", row[1])) for row in table("Keys", DEVICE_FILES)}
    assert {kind: {"kind", *rows[kind]} for kind in KINDS} == {
        kind: {"kind", *entries_of(record)} for kind, record in KINDS.items()
    }
    assert set(rows) - set(KINDS) == {*DEVICE, *entries_of(Mode)}


def test_every_room_stands_in_the_architecture() -> None:
    """A folder or file directly under src/leyden is a room, or ground, and has its question told."""
    here = {path.stem for path in (ROOT / "src" / "leyden").iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    rooms = {name for name in here if not name.startswith("__") and name != "py"} | {"__init__"}
    told = {name.removesuffix(".py") for name in re.findall(r"`([\w.]+?)/?`", ARCHITECTURE)}
    assert rooms - told == set()


def test_the_judge_sees_a_missing_row() -> None:
    """Tables are really read: a heading that is not there is an error, one that is has rows of equal length."""
    with pytest.raises(IndexError):
        table("No such heading")
    assert {len(row) for row in table("Quantities")} == {5}
