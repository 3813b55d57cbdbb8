"""Answers for people: tables that are read at a glance, at 80 columns and without a terminal as well."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from leyden.cli.methods import typed
from leyden.merit.curves import BAND, Peak
from leyden.portrait import Column, Portrait, number, place_of, statements
from leyden.text import one_line

__all__ = ["facts_table", "number", "print_portrait", "ruled", "stdout"]

_LABEL_WIDTH = 20
_NUMBER_WIDTH = 14
# Batteries in a table, of a network that has more than people read.
_MOST_BATTERIES = 12
# A steady charging power is zero; what rounding leaves of it is below this much of its peak.
_ROUNDING = 1e-12


def stdout() -> Console:
    """Console on standard output: 80 columns wide where that is no terminal and COLUMNS does not say otherwise."""
    # What is printed is shown as it is: square brackets and colons are no markup, for names of axes have them.
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def _label(quantity: str) -> str:
    return quantity.replace("_", " ")


def ruled(first: str = "", *numbers: str) -> Table:
    """A table with a line under its head: a column of names, if there is to be one, and columns of numbers."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    if first:
        table.add_column(first, no_wrap=True)
    for title in numbers:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def facts_table() -> Table:
    """A grid of labels and what is said under them."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    return grid


def _head(portrait: Portrait) -> Table:
    head = facts_table()
    head.add_row("device", Text(one_line(portrait.network.name), style="bold"))
    styles = {"stable": "green", "unstable": "bold red", "marginal": "bold yellow"}
    for said in statements(portrait):
        style = styles.get(portrait.condition, "") if said.label == "stability" else ""
        head.add_row(said.label, Text(typed(said.words), style=style))
    return head


def _when(peak: Peak) -> str:
    return number(peak.time) if peak.is_inside else place_of(peak)


def _rows(portrait: Portrait, column: Column, quantities: Iterable[str]) -> Table:
    """One line for each quantity: steady value, peak, time of the peak, unit."""
    errors = ("error",) if portrait.has_errors else ()
    table = ruled("quantity", "steady", *errors, "peak", "at time")
    table.add_column("unit", style="dim")
    for name in quantities:
        peak = portrait.peak(column, name)
        cells = (number(None), "") if peak is None else (number(peak.value), _when(peak))
        error = [_error(portrait, column, name) for _ in errors]
        table.add_row(_label(name), number(_steady(portrait, column, name)), *error, *cells, portrait.unit(name))
    return table


def _steady(portrait: Portrait, column: Column, name: str) -> float | None:
    """Steady value, with rounding's remains of zero taken off."""
    value, peak = portrait.steady_value(column, name), portrait.peak(column, name)
    if name == "charging_power" and value is not None and portrait.is_sampled:
        return 0.0  # at rest it is: what is left of it is what a density matrix is off by
    is_rounding = value is not None and peak is not None and abs(value) < _ROUNDING * abs(peak.value)
    return 0.0 if is_rounding else value


def _error(portrait: Portrait, column: Column, name: str) -> str:
    """Statistical error of a steady value; at rest the power is zero without any."""
    error = portrait.steady_error(column, name)
    return "" if error is None or name == "charging_power" else f"{error:.2g}"


def _grid(columns: Sequence[Column], title: str) -> Table:
    """Head of a table with one column for each battery."""
    table = ruled(title)
    for column in columns:
        table.add_column(Text(one_line(column.name)), justify="right", style="bold" if column.is_total else "")
    return table


def _steady_grid(portrait: Portrait, columns: Sequence[Column]) -> Table:
    table = _grid(columns, "steady")
    for name in portrait.quantities():
        values = [_steady(portrait, column, name) for column in columns]
        if any(value is not None for value in values):
            table.add_row(_label(name), *map(number, values))
        errors = [_error(portrait, column, name) for column in columns]
        if any(errors):
            table.add_row("  error", *errors, style="dim")
    table.add_row("settling time", *(number(portrait.settling[column.name]) for column in columns))
    return table


def _peak_grid(portrait: Portrait, columns: Sequence[Column]) -> Table:
    table = _grid(columns, "peak")
    for name in portrait.quantities():
        peaks = [portrait.peak(column, name) for column in columns]
        table.add_row(_label(name), *("-" if peak is None else number(peak.value) for peak in peaks))
        table.add_row("  at time", *("" if peak is None else _when(peak) for peak in peaks), style="dim")
    return table


def _shown(portrait: Portrait) -> tuple[Column, ...]:
    """All columns, or of a large network those of the batteries that came to store most, and the total."""
    *batteries, total = portrait.columns
    if len(batteries) <= _MOST_BATTERIES:
        return portrait.columns
    has_run = not (portrait.at_rest and portrait.no_peaks)
    energies = portrait.run["stored_energy"].max(axis=-1) if has_run else portrait.settled_values["stored_energy"]
    most = sorted(np.argsort(-energies, kind="stable")[:_MOST_BATTERIES].tolist())
    return (*(batteries[place] for place in most), total)


def _several(portrait: Portrait, width: int) -> Iterator[Table]:
    yield _rows(portrait, Column(portrait.network.charger), portrait.whole_quantities())
    fitting = max(1, (width - _LABEL_WIDTH) // _NUMBER_WIDTH)
    shown = _shown(portrait)
    for start in range(0, len(shown), fitting):
        columns = shown[start : start + fitting]
        if portrait.steady is not None:
            yield _steady_grid(portrait, columns)
        if not portrait.no_peaks:
            yield _peak_grid(portrait, columns)


def _notes(portrait: Portrait) -> str:
    time = portrait.unit("time")
    end = number(portrait.end)
    peaks = "" if portrait.no_peaks else f" Peaks between 0 and {end}; start, end: the curve is highest there."
    note = f"Times in {time}.{peaks}"
    if len(portrait.columns) == 1:
        return note
    if len(portrait.network.batteries) > _MOST_BATTERIES:
        note = f"The {_MOST_BATTERIES} of {len(portrait.network.batteries)} batteries that store most. {note}"
    units = f"Energies in {portrait.unit('stored_energy')}, powers in {portrait.unit('charging_power')}."
    return f"{units} {note} Settling time: stored energy within {100 * BAND:g} % of its steady value."


def print_portrait(portrait: Portrait) -> None:
    """Print a device's portrait on standard output."""
    console, columns = stdout(), portrait.columns
    if len(columns) == 1:
        body = [_rows(portrait, columns[0], portrait.quantities())]
    else:
        body = list(_several(portrait, console.width))
    console.print(Group(_head(portrait), *body, Text(_notes(portrait), style="dim")))
