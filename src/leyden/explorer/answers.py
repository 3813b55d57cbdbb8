"""What a device does, in JSON's words: curves, a table of steady values and peaks, and facts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from leyden.portrait import Column, Portrait, place_of
from leyden.portrait.words import Statement, statements
from leyden.quantities import attributes_of

__all__ = ["answer_of", "finite", "headline"]

# Batteries whose own curves are sent; of more, the total alone.
_MOST_BATTERIES = 12
_TONES = {"holds": "good", "part": "plain", "fails": "bad", "open": "plain"}


def finite(values: Any) -> Any:
    """Numbers in JSON's words: no NaN and no infinity."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        return float(array) if np.isfinite(array) else None
    if np.isfinite(array).all():
        return array.tolist()
    return (
        [finite(row) for row in array] if array.ndim > 1 else [x if math.isfinite(x) else None for x in array.tolist()]
    )


def _curves(portrait: Portrait) -> dict[str, Any]:
    """All curves of the run, and of no other: those that tell peaks take longer than the answer."""
    run, columns = portrait.run, portrait.columns
    shown = columns if len(columns) <= _MOST_BATTERIES + 1 else columns[-1:]
    found: dict[str, Any] = {"time": finite(portrait.times)}
    for name, values in run.items():
        if name == "is_stable" or name.startswith("total_"):
            continue
        if len(columns) == 1 or columns[0].of(run, name) is None:
            found[name] = finite(values)
            continue
        rows = [(None if column.is_total else column.name, column.of(run, name)) for column in shown]
        found[name] = [{"battery": who, "values": finite(own)} for who, own in rows if own is not None]
    return {name: values for name, values in found.items() if values}


def _facts(portrait: Portrait, *, briefly: bool) -> Iterator[dict[str, str]]:
    """What is said of the device, as tables and reports say it, and what had to be so for it."""
    said = list(statements(portrait, briefly=briefly))
    if not any(one.label == "method" for one in said):
        said.append(Statement("method", portrait.method))
    for one in said:
        yield {"key": one.label, "label": one.label, "value": one.words, "tone": _TONES[one.kind], "why": one.criterion}


def headline(portrait: Portrait) -> str:
    """The answer in one sentence."""
    ways = {way.words(portrait.network.charger, battery) for battery, way in portrait.transport.items()}
    way = next(iter(ways)) if len(ways) == 1 else ""
    condition = {
        "stable": "Stable",
        "unstable": "Above threshold: no steady state",
        "marginal": "On the edge: no steady state",
        "changing": "Parameters change in time",
        "beyond": "Beyond Gaussian",
    }[portrait.condition]
    return f"{condition}; {way}" if way else condition


def _table(portrait: Portrait) -> list[dict[str, Any]]:
    """A line for each quantity and battery."""
    rows: list[dict[str, Any]] = []
    columns = portrait.columns if len(portrait.columns) <= _MOST_BATTERIES + 1 else portrait.columns[-1:]
    pairs = [(column, name) for column in columns for name in portrait.quantities()]
    pairs += [(Column(portrait.network.charger), name) for name in portrait.whole_quantities()]
    for column, name in pairs:
        peak, steady = portrait.peak(column, name), portrait.steady_value(column, name)
        if peak is None and steady is None:
            continue
        about = attributes_of(name, portrait.network.energy_unit)
        row: dict[str, Any] = {
            "name": name,
            "label": about["long_name"],
            "symbol": about["symbol"],
            "unit": about["units"],
            "meaning": about["description"],
            "steady": steady,
            "peak": None if peak is None else finite(peak.value),
            "peak_time": None if peak is None else finite(peak.time),
            "peak_at": None if peak is None else place_of(peak),
        }
        if len(portrait.columns) > 1:
            row["battery"] = None if column.is_total else column.name
        rows.append(row)
    return rows


def _balance(portrait: Portrait) -> list[dict[str, Any]] | None:
    """First law of the steady state: what each element adds to the energy of each mode."""
    if portrait.beyond or portrait.changes or not portrait.is_stable:
        return None
    from leyden.simulate.energetics import energetics

    found = energetics(portrait.network)
    flow = found["flow"].transpose("element", "mode")
    return [
        {"element": str(element), "mode": str(mode), "flow": finite(flow.values[i, j])}
        for i, element in enumerate(flow["element"].values.tolist())
        for j, mode in enumerate(flow["mode"].values.tolist())
        if flow.values[i, j] != 0
    ]


def answer_of(portrait: Portrait, *, all_words: bool) -> Mapping[str, Any]:
    """The answer to a device; without the slow words while a slider is still moved."""
    found: dict[str, Any] = {
        "condition": portrait.condition,
        "words": headline(portrait),
        "until": portrait.end,
        "curves": _curves(portrait),
        "facts": list(_facts(portrait, briefly=not all_words)),
        "warnings": [],
    }
    if all_words:
        found |= {"steady": _table(portrait), "balance": _balance(portrait)}
    return found
