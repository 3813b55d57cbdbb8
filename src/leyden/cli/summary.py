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
from leyden.quantities import ERROR
from leyden.text import one_line
from leyden.units.unit_words import units_told

if TYPE_CHECKING:
    import xarray as xr

    from leyden.runner import Status, Store

__all__ = ["print_status", "print_summary"]

_MOST_REASONS = 10
# Parameters with a column of their own in the table of extremes.
_MOST_APART = 3
# At rest nothing is charged: what is left of it is what rounding and solvers leave.
_ZERO_AT_REST = ("charging_power", "total_charging_power")


def _facts(facts: Iterable[tuple[str, str]]) -> Table:
    table = facts_table()
    for label, words in facts:
        table.add_row(one_line(label), one_line(words))
    return table


def _point(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in parameters.items())


def _value(value: Any) -> str:
    return str(value) if isinstance(value, (str, complex)) else number(value)


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
    names = [str(name) for name in found.coords]
    table = ruled("quantity", "least", "greatest")
    # A column for each parameter, or words where there are many.
    apart = 1 <= len(names) <= _MOST_APART
    for title in [f"at {one_line(name)}" for name in names] if apart else ["greatest at"]:
        table.add_column(Text(title), justify="right" if apart else "left", overflow="fold")
    # Where several parameters take the room, units stand below.
    has_units = len(names) == 1 or not apart
    if has_units:
        table.add_column("unit", style="dim")
    for name, values in found.data_vars.items():
        if values.dtype.kind == "f" and not _is_at_rest(str(name), values):
            label, least, greatest, where, unit = _row(str(name), values)
            point = [_value(where[one]) if one in where else "" for one in names] if apart else [_point(where)]
            table.add_row(label, least, greatest, *map(one_line, point), *([unit] if has_units else []))
    failures: list[dict[str, Any]] = json.loads(found.attrs["failures"])
    notes = [] if has_units else [_units_note(found)]
    notes += [told] if (told := _scale_told(found)) else []
    notes += [] if is_kept else ["Nothing is kept: --out FILE.nc or --out FILE.zarr keeps the numbers."]
    stdout().print(Group(_facts(facts), table, *_reasons(failures), *(Text(note, style="dim") for note in notes)))


def _is_at_rest(name: str, values: xr.DataArray) -> bool:
    """Whether a quantity is zero whatever the device is."""
    return name.removesuffix(ERROR) in _ZERO_AT_REST and "time" not in values.dims


def _units_note(found: xr.Dataset) -> str:
    kinds = {"Energies": "stored_energy", "powers": "charging_power"}
    told = {kind: name for kind, name in kinds.items() if name in found and not _is_at_rest(name, found[name])}
    units = {kind: found[name].attrs.get("units", "") for kind, name in told.items()}
    return one_line(f"{', '.join(f'{kind} in {unit}' for kind, unit in units.items())}.")


def _scale_told(found: xr.Dataset) -> str:
    return units_told(found, found["stored_energy"].attrs["units"]) if "stored_energy" in found else ""


def _extent(values: xr.DataArray) -> str:
    if values.dtype.kind not in "if":
        return ", ".join(map(str, values.values[:8].tolist())) + (", ..." if values.size > 8 else "")
    return f"{values.size} values from {number(float(values.min()))} to {number(float(values.max()))}"


def _row(name: str, values: xr.DataArray) -> tuple[str, str, str, dict[str, Any], str]:
    """Label, least and greatest value, where that is, and unit."""
    flat = values.values.ravel()
    label, unit = one_line(name.replace("_", " ")), one_line(str(values.attrs.get("units", "")))
    if not np.isfinite(flat).any():
        return label, number(None), number(None), {}, unit
    place = np.unravel_index(int(np.nanargmax(flat)), values.shape)
    at = values[dict(zip(values.dims, place, strict=True))]
    where = {str(key): value.values.item() for key, value in at.coords.items()}
    return label, number(float(np.nanmin(flat))), number(float(np.nanmax(flat))), where, unit
