"""Sweeps for people: how far a store is, and the extremes of a small sweep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Group
from rich.table import Table
from rich.text import Text

from leyden.cli.tables import facts_table, number, ruled, stdout
from leyden.text import one_line

if TYPE_CHECKING:
    import xarray as xr

    from leyden.runner import Status, Store

__all__ = ["print_status", "print_summary"]

_MOST_REASONS = 10


def _facts(facts: Iterable[tuple[str, str]]) -> Table:
    table = facts_table()
    for label, words in facts:
        table.add_row(one_line(label), one_line(words))
    return table


def _point(parameters: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {value if isinstance(value, (str, complex)) else number(value)}" for name, value in parameters.items()
    )


def _reasons(failures: list[dict[str, Any]]) -> Iterator[Table]:
    """A line for each reason, with the first point that failed for it."""
    first: dict[str, dict[str, Any]] = {}
    for failure in failures:
        first.setdefault(failure["reason"], failure["parameters"])
    if not first:
        return
    table = ruled()
    table.add_column("failed because of")
    table.add_column("first at")
    for reason, parameters in list(first.items())[:_MOST_REASONS]:
        table.add_row(one_line(reason), one_line(_point(parameters)))
    if len(first) > _MOST_REASONS:
        table.add_row(Text(f"and {len(first) - _MOST_REASONS} more", style="dim"), "")
    yield table


def _damage(found: Status) -> str:
    """What is not as it was written, in words that follow others."""
    blocks = f", {len(found.damaged)} damaged (the first: block {found.damaged[0]})" if found.damaged else ""
    others = len(found.damaged_files) - 1
    more = f" and {others} more" if others > 0 else ""
    return blocks + (f", damaged: {found.damaged_files[0]}{more}" if found.damaged_files else "")


def print_status(store: Store, name: str) -> None:
    """Print how far a store is."""
    study, found = store.ledger.read().study, store.status()
    share = 100 * found.measured / found.points
    facts = [
        ("store", name),
        *study.items(),
        ("blocks", f"{found.done} of {found.blocks} done{_damage(found)}"),
        ("points", f"{found.measured} of {found.points} measured ({share:.3g} %), {found.failed} failed"),
        ("computing", f"{found.seconds:.1f} s, all processes together"),
    ]
    failures = [vars(failure) for failure in found.failures]
    notes = [] if found.is_complete else [Text("Unfinished: the same command with --resume goes on.", style="yellow")]
    stdout().print(Group(_facts(facts), *_reasons(failures), *notes))


def print_summary(found: xr.Dataset, *, is_kept: bool = False) -> None:
    """Print the extremes of a sweep."""
    points = int(np.prod([found.sizes[dim] for dim in found["is_stable"].dims]))
    unstable = points - int(found["is_stable"].sum()) - found.attrs["failed_points"]
    facts = [
        ("device", found.attrs["device"]),
        *((str(name), _extent(values)) for name, values in found.coords.items()),
        ("points", f"{points}, of which {unstable} have no steady state and {found.attrs['failed_points']} failed"),
    ]
    table = ruled("quantity", "least", "greatest")
    table.add_column("greatest at")
    table.add_column("unit", style="dim")
    for name, values in found.data_vars.items():
        if values.dtype.kind == "f":
            table.add_row(*_row(str(name), values))
    failures: list[dict[str, Any]] = json.loads(found.attrs["failures"])
    note = Text("Nothing is kept: name a store with --out FILE.zarr to have the numbers.", style="dim")
    stdout().print(Group(_facts(facts), table, *_reasons(failures), *([] if is_kept else [note])))


def _extent(values: xr.DataArray) -> str:
    if values.dtype.kind not in "if":
        return ", ".join(map(str, values.values[:8].tolist())) + (", ..." if values.size > 8 else "")
    return f"{values.size} values from {number(float(values.min()))} to {number(float(values.max()))}"


def _row(name: str, values: xr.DataArray) -> tuple[str, str, str, str, str]:
    flat = values.values.ravel()
    label, unit = one_line(name.replace("_", " ")), one_line(str(values.attrs.get("units", "")))
    if not np.isfinite(flat).any():
        return label, number(None), number(None), "", unit
    place = np.unravel_index(int(np.nanargmax(flat)), values.shape)
    at = values[dict(zip(values.dims, place, strict=True))]
    where = {str(key): value.values.item() for key, value in at.coords.items()}
    # Which parameter a single one is stands above the table.
    point = _point(where) if len(where) > 1 else _point(where).removeprefix(f"{next(iter(where), '')} ")
    return label, number(float(np.nanmin(flat))), number(float(np.nanmax(flat))), one_line(point), unit
