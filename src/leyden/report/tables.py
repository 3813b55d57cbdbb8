"""The tables of a report: parts of the device, numbers, and the answers on cards at its head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from leyden.markup import number_words
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.portrait import Column, Portrait, Statement, number, place_of
from leyden.quantities import QUANTITIES
from leyden.report.material import Material
from leyden.text import one_line

__all__ = ["Card", "NumberTable", "cards", "number_tables", "part_rows"]

_MOST_OF_A_KIND, _MOST_COLUMNS = 8, 6
_PULSE = "<pulse "
# A steady value that is zero but for rounding is below this much of its peak.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Card:
    """An answer at the head of a page."""

    value: str
    label: str
    kind: str = "open"


@dataclass(frozen=True)
class NumberTable:
    """Rows of numbers under columns."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[str]]]  # name, meaning, cells


def part_rows(material: Material) -> Iterator[tuple[str, str, str]]:
    """Modes and elements: label, parameters, and once for each kind what it is."""
    network = material.network
    yield from _kind_rows(network.modes, 0, len(network.modes))
    place = 0
    for kind, group in groupby(network.parts, lambda part: type(part.pattern if isinstance(part, Family) else part)):
        count = sum(len(part) if isinstance(part, Family) else 1 for part in group)
        yield from _kind_rows(network.elements, place, place + count, kind.__name__)
        place += count


def _kind_rows(records: Sequence[Element], start: int, stop: int, kind: str = "Mode") -> Iterator[tuple[str, str, str]]:
    """The first records of a kind, and how many more there are."""
    for place in range(start, min(stop, start + _MOST_OF_A_KIND)):
        record = records[place]
        yield one_line(record.label), _parameters(record), _meaning(record) if place == start else ""
    if stop - start > _MOST_OF_A_KIND:
        yield "…", f"{stop - start} of {kind} in all", ""


def _parameters(record: Element) -> str:
    numbers = [(name, value) for name, value in record.parameters().items() if name not in record.left_out]
    return ", ".join(f"{name} = {number_words(value).removeprefix(_PULSE).rstrip('>')}" for name, value in numbers)


def _meaning(record: Element) -> str:
    return (type(record).__doc__ or "").partition("\n")[0].replace("`", "")


def cards(portrait: Portrait, said: Iterable[Statement]) -> Iterator[Card]:
    """Verdicts first, then numbers."""
    by_label: dict[str, Statement] = {}
    for statement in said:
        by_label.setdefault(statement.label, statement)
    for label in ("stability", "threshold", "transport"):
        statement = by_label.get(label)
        if statement is not None and statement.verdict:
            yield Card(statement.verdict, label, statement.kind)
    column = portrait.columns[-1]
    for name in ("stored_energy", "ergotropy"):
        value, words = portrait.steady_value(column, name), "steady"
        if value is None and (peak := portrait.peak(column, name)) is not None:
            value, words = peak.value, "greatest"
        if value is not None:
            of_all = "in all, " if column.is_total else ""
            yield Card(f"{value:.4g}", f"{words} {name.replace('_', ' ')} ({of_all}{portrait.unit(name)})")
    time = portrait.settling[column.name]
    if not np.isnan(time):
        yield Card(f"{time:.4g}", f"settling time ({portrait.unit('time')})")


def _shown(material: Material) -> Sequence[Column]:
    *batteries, total = material.portrait.columns
    if len(batteries) <= _MOST_COLUMNS:
        return material.portrait.columns
    return (*(column for column in batteries if column.name in material.shown), total)


def number_tables(material: Material) -> Iterator[NumberTable]:
    """Steady value and peak of each quantity; of several batteries the steady values, or else the peaks, of each."""
    portrait = material.portrait
    alone = len(portrait.columns) == 1
    column = portrait.columns[0] if alone else Column(portrait.network.charger)
    names = portrait.quantities() if alone else portrait.whole_quantities()
    heads = ("steady", "peak", "at time", "unit") if portrait.is_stable else ("peak", "at time", "unit")
    yield NumberTable(heads, _told((name, _both(portrait, column, name)) for name in names))
    if not alone:
        shown = _shown(material)
        one = _steady if portrait.is_stable else _peak
        rows = ((name, [one(portrait, each, name) for each in shown]) for name in portrait.quantities())
        heads = (*(one_line(each.name) for each in shown), "unit")
        yield NumberTable(heads, _told((name, [*cells, portrait.unit(name)]) for name, cells in rows))


def _told(rows: Iterable[tuple[str, Sequence[str]]]) -> Sequence[tuple[str, str, Sequence[str]]]:
    """Rows that hold a number."""
    return [
        (name.replace("_", " "), _meaning_of(name), cells)
        for name, cells in rows
        if any(any(sign.isdigit() for sign in cell) for cell in cells[:-1])
    ]


def _meaning_of(name: str) -> str:
    quantity: Any = QUANTITIES.get(name)
    return "" if quantity is None else quantity.meaning


def _steady(portrait: Portrait, column: Column, name: str) -> str:
    value, peak = portrait.steady_value(column, name), portrait.peak(column, name)
    is_rounding = value is not None and peak is not None and abs(value) < _ROUNDING * abs(peak.value)
    return number(0.0 if is_rounding else value)


def _peak(portrait: Portrait, column: Column, name: str) -> str:
    peak = portrait.peak(column, name)
    return number(None if peak is None else peak.value)


def _both(portrait: Portrait, column: Column, name: str) -> Sequence[str]:
    peak = portrait.peak(column, name)
    when = "" if peak is None else number(peak.time) if peak.is_inside else place_of(peak)
    cells = (_peak(portrait, column, name), when, portrait.unit(name))
    return (_steady(portrait, column, name), *cells) if portrait.is_stable else cells
