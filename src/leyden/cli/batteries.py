"""Several batteries in one table: a column for each where they fit on a line, or else a row for each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from leyden.merit.curves import Peak
from leyden.portrait import Column, Portrait, number, place_of
from leyden.text import one_line

__all__ = ["MOST_BATTERIES", "error_of", "label_of", "one_table", "ruled", "steady_of", "when", "whole_facts"]

# Batteries in a table, of a network that has more than people read.
MOST_BATTERIES = 12
_LABEL_WIDTH, _NUMBER_WIDTH = 20, 13
# Letters of a name on one line of a row.
_LONGEST = 12
# A steady charging power is zero; what rounding leaves of it is below this much of its peak.
_ROUNDING = 1e-12
# A peak that is the steady value is not told twice.
_SAME = 1e-4
# Quantities that a row has room for, each with its head.
_STEADY = {
    "stored_energy": "stored\nenergy",
    "ergotropy": "ergotropy",
    "utilization_ratio": "utilization\nratio",
}
_PEAKS = {"stored_energy": "peak\nenergy", "ergotropy": "peak\nergotropy", "charging_power": "peak\npower"}


def ruled(first: str = "", *numbers: str) -> Table:
    """A table with a line under its head: a column of names, if there is to be one, and columns of numbers."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    if first:
        table.add_column(first, no_wrap=True)
    for title in numbers:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def label_of(quantity: str) -> str:
    """A quantity's name in words."""
    return quantity.replace("_", " ")


def when(peak: Peak) -> str:
    """Time of a peak, or at which end of its curve it is."""
    return number(peak.time) if peak.is_inside else place_of(peak)


def steady_of(portrait: Portrait, column: Column, name: str) -> float | None:
    """Steady value, with rounding's remains of zero taken off."""
    value, peak = portrait.steady_value(column, name), portrait.peak(column, name)
    if name == "charging_power" and value is not None and portrait.is_sampled:
        return 0.0  # at rest it is: what is left of it is what a density matrix is off by
    is_rounding = value is not None and peak is not None and abs(value) < _ROUNDING * abs(peak.value)
    return 0.0 if is_rounding else value


def error_of(portrait: Portrait, column: Column, name: str) -> str:
    """Statistical error of a steady value; at rest the power is zero without any."""
    error = portrait.steady_error(column, name)
    return "" if error is None or name == "charging_power" else f"{error:.2g}"


def whole_facts(portrait: Portrait) -> Iterator[tuple[str, str]]:
    """What belongs to no battery alone, in words."""
    column = Column(portrait.network.charger)
    for name in portrait.whole_quantities():
        value, peak = steady_of(portrait, column, name), portrait.peak(column, name)
        words = [] if value is None else [f"{number(value)} when settled"]
        if peak is not None and not (value is not None and math.isclose(peak.value, value, rel_tol=_SAME)):
            place = f"at {number(peak.time)}" if peak.is_inside else f"at the {place_of(peak)}"
            words.append(f"{number(peak.value)} at most, {place}")
        if words:
            yield label_of(name), f"{'; '.join(words)} ({portrait.unit(name)})"


def one_table(portrait: Portrait, width: int) -> Table:
    """Every quantity of every battery, or of many batteries what is asked first."""
    if len(portrait.columns) <= (width - _LABEL_WIDTH) // _NUMBER_WIDTH:
        return _by_quantity(portrait)
    return _by_battery(portrait, width)


def _by_quantity(portrait: Portrait) -> Table:
    columns, is_settled = portrait.columns, portrait.steady is not None
    table = ruled("quantity")
    for column in columns:
        table.add_column(Text(one_line(column.name)), justify="right", style="bold" if column.is_total else "")
    for name in portrait.quantities():
        values = [steady_of(portrait, column, name) for column in columns]
        if is_settled:
            table.add_row(label_of(name), *map(number, values))
        errors = [error_of(portrait, column, name) for column in columns]
        if any(errors):
            table.add_row("  error", *errors, style="dim")
        if not portrait.no_peaks:
            peaks = [portrait.peak(column, name) for column in columns]
            _add_peaks(table, label_of(name), values if is_settled else None, peaks)
    if is_settled:
        table.add_row("settling time", *(number(portrait.settling[column.name]) for column in columns))
    return table


def _add_peaks(table: Table, label: str, values: Sequence[float | None] | None, peaks: Sequence[Peak | None]) -> None:
    """Peaks, where they are not the steady values, and their times."""
    cells = ["-" if peak is None else number(peak.value) for peak in peaks]
    times = ["" if peak is None else when(peak) for peak in peaks]
    if not any(times):
        return
    if values is None:
        table.add_row(label, *cells)
        table.add_row("  at time", *times, style="dim")
    elif all(map(_is_same, peaks, values)):
        table.add_row("  highest at", *times, style="dim")
    else:
        table.add_row("  peak", *cells, style="dim")
        table.add_row("  at time", *times, style="dim")


def _is_same(peak: Peak | None, value: float | None) -> bool:
    return peak is None or (value is not None and math.isclose(peak.value, value, rel_tol=_SAME))


def _shown(portrait: Portrait) -> tuple[Column, ...]:
    """All columns, or of a large network those of the batteries that came to store most, and the total."""
    *batteries, total = portrait.columns
    if len(batteries) <= MOST_BATTERIES:
        return portrait.columns
    has_run = not (portrait.at_rest and portrait.no_peaks)
    energies = portrait.run["stored_energy"].max(axis=-1) if has_run else portrait.settled_values["stored_energy"]
    most = sorted(np.argsort(-energies, kind="stable")[:MOST_BATTERIES].tolist())
    return (*(batteries[place] for place in most), total)


def _by_battery(portrait: Portrait, width: int) -> Table:
    shown = _shown(portrait)
    found = list(_columns(portrait, shown))
    names = [one_line(column.name) for column in shown]
    widest = min(_LONGEST, max(len("battery"), *map(len, names)))
    # What has no room is what stands last in rank; two blanks lie between columns.
    while len(found) > 1 and 2 + widest + sum(2 + width_of for _, _, _, width_of in found) > width:
        found.remove(max(found, key=lambda one: one[0]))
    # Closer together than others: it is as wide as a line.
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1))
    table.add_column("battery", min_width=widest, max_width=_LONGEST, overflow="fold")
    for _, head, _, _ in found:
        table.add_column(head, justify="right", no_wrap=True)
    for row, column in enumerate(shown):
        cells = [cells[row] for _, _, cells, _ in found]
        table.add_row(Text(names[row]), *cells, style="bold" if column.is_total else "")
    return table


def _columns(portrait: Portrait, shown: Sequence[Column]) -> Iterator[tuple[int, str, list[str], int]]:
    """Rank, head, cells and width of each column that there could be."""
    is_settled = portrait.steady is not None
    steady = {name: head for name, head in _STEADY.items() if is_settled and name in portrait.quantities()}
    peaks = {} if portrait.no_peaks else {"charging_power": _PEAKS["charging_power"]} if is_settled else _PEAKS
    made: list[tuple[str, list[str]]] = [
        (head, [_with_error(portrait, column, name) for column in shown]) for name, head in steady.items()
    ]
    for name, head in peaks.items():
        found = [portrait.peak(column, name) for column in shown]
        made.append((head, ["-" if peak is None else number(peak.value) for peak in found]))
        made.append(("at\ntime", ["" if peak is None else when(peak) for peak in found]))
    if is_settled:
        made.append(("settling\ntime", [number(portrait.settling[column.name]) for column in shown]))
    for rank, (head, cells) in enumerate(made):
        lines = [line for text in (head, *cells) for line in text.split("\n")]
        yield len(made) if head == _STEADY["utilization_ratio"] else rank, head, cells, max(map(len, lines))


def _with_error(portrait: Portrait, column: Column, name: str) -> str:
    error = error_of(portrait, column, name)
    return number(steady_of(portrait, column, name)) + (f"\n±{error}" if error else "")
