"""A portrait for programs: plain numbers and words by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from leyden.merit.curves import BAND, Peak
from leyden.model.files import device_tables
from leyden.portrait.device import Portrait
from leyden.portrait.parts import Column, place_of
from leyden.results import provenance
from leyden.text import listed

__all__ = ["left_out", "portrait_fields"]

# What is asked of a device that stays as it is, and of no other.
_OF_DRIFTS = ("stability", "threshold", "transport", "settling_time")
_OF_CONSTANTS = (*_OF_DRIFTS, "steady")


def left_out(portrait: Portrait) -> str:
    """Why nothing is said of a device but what it does in time, or of its drift."""
    if not portrait.changes:
        return f"moments do not close under {portrait.beyond}"
    return f"{listed(portrait.changes, 4)} change{'' if len(portrait.changes) > 1 else 's'} in time"


def _peak(peak: Peak | None) -> dict[str, Any] | None:
    return None if peak is None else {"value": peak.value, "time": peak.time, "at": place_of(peak)}


def _per_column(portrait: Portrait, one: Callable[[Column], Any]) -> Any:
    """The only battery's answer, or one for each battery and the total by name."""
    columns = portrait.columns
    return one(columns[0]) if len(columns) == 1 else {column.name: one(column) for column in columns}


def portrait_fields(portrait: Portrait, values: Mapping[str, Any], *, over_time: bool) -> dict[str, Any]:
    """Members of the JSON object of `charge` and `steady`, with the run's or the steady state's values among them."""
    network = portrait.network
    variables: dict[str, Any] = {"mode": np.asarray(network.batteries)} if network.lists_batteries else {}
    variables |= {"time": portrait.times} if over_time else {}
    variables |= {name: value for name, value in values.items() if name != "is_stable"}
    names = portrait.quantities()
    fields: dict[str, Any] = {
        **provenance(network),
        "parameters": device_tables(network),
        "stability": {
            "is_stable": portrait.is_stable,
            "condition": portrait.condition,
            "spectral_abscissa": portrait.abscissa,
        }
        if not (portrait.changes or portrait.beyond)
        else None,
        "threshold": {
            threshold.mode: {
                "drive": threshold.drive,
                "critical_drive": threshold.critical,
                "margin": threshold.critical - threshold.drive,
            }
            for threshold in portrait.thresholds
        },
        "transport": {
            battery: {"words": way.words(network.charger, battery), "back_action": way.back_action}
            for battery, way in portrait.transport.items()
        },
        "settling_time": _per_column(portrait, lambda column: portrait.settling[column.name]),
        "settling_band": BAND,
        "steady": _per_column(portrait, lambda column: {name: portrait.steady_value(column, name) for name in names})
        if portrait.is_stable
        else None,
        "peak": _per_column(portrait, lambda column: {name: _peak(portrait.peak(column, name)) for name in names}),
        "units": {"settling_time": portrait.unit("time"), "spectral_abscissa": portrait.unit("spectral_abscissa")}
        | {name: portrait.unit(name) for name in variables if name != "mode"},
    }
    if portrait.changes or portrait.beyond:
        missing = _OF_CONSTANTS if portrait.changes else _OF_DRIFTS
        fields["left_out"] = {name: left_out(portrait) for name in missing}
    return fields | variables
