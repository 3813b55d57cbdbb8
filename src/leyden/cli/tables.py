"""Answers for people: tables that are read at a glance, at 80 columns and without a terminal as well."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from leyden.cli.batteries import MOST_BATTERIES, error_of, label_of, one_table, ruled, steady_of, when, whole_facts
from leyden.cli.methods import typed
from leyden.merit.curves import BAND
from leyden.portrait import Column, Portrait, number, statements
from leyden.text import one_line
from leyden.units.unit_words import units_told

__all__ = ["facts_table", "number", "print_portrait", "ruled", "stdout"]


def stdout() -> Console:
    """Console on standard output: 80 columns wide where that is no terminal and COLUMNS does not say otherwise."""
    # What is printed is shown as it is: square brackets and colons are no markup, for names of axes have them.
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


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
    if len(portrait.columns) > 1:
        for label, words in whole_facts(portrait):
            head.add_row(label, words)
    return head


def _rows(portrait: Portrait, column: Column, quantities: Iterable[str]) -> Table:
    """One line for each quantity: steady value, peak, time of the peak, unit."""
    errors = ("error",) if portrait.has_errors else ()
    table = ruled("quantity", "steady", *errors, "peak", "at time")
    table.add_column("unit", style="dim")
    for name in quantities:
        peak = portrait.peak(column, name)
        cells = (number(None), "") if peak is None else (number(peak.value), when(peak))
        error = [error_of(portrait, column, name) for _ in errors]
        table.add_row(label_of(name), number(steady_of(portrait, column, name)), *error, *cells, portrait.unit(name))
    return table


def _notes(portrait: Portrait) -> str:
    time = portrait.unit("time")
    end = number(portrait.end)
    peaks = "" if portrait.no_peaks else f" Peaks between 0 and {end}; start, end: the curve is highest there."
    note = f"Times in {time}.{peaks}"
    if len(portrait.columns) == 1:
        return note
    if len(portrait.network.batteries) > MOST_BATTERIES:
        note = f"The {MOST_BATTERIES} of {len(portrait.network.batteries)} batteries that store most. {note}"
    units = f"Energies in {portrait.unit('stored_energy')}, powers in {portrait.unit('charging_power')}."
    settling = f" Settling time: stored energy within {100 * BAND:g} % of its steady value."
    return f"{units} {note}{settling if portrait.steady is not None else ''}"


def print_portrait(portrait: Portrait) -> None:
    """Print a device's portrait on standard output."""
    console, columns = stdout(), portrait.columns
    if len(columns) == 1:
        body = [_rows(portrait, columns[0], portrait.quantities())]
    else:
        body = [one_table(portrait, console.width)]
    scale = units_told(portrait.network, portrait.network.energy_unit)
    notes = [_notes(portrait), scale] if scale else [_notes(portrait)]
    console.print(Group(_head(portrait), *body, *(Text(note, style="dim") for note in notes)))
