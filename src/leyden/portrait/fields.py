"""A portrait for programs: plain numbers and words by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from leyden.merit.curves import BAND, Peak
from leyden.model.files import device_tables
from leyden.portrait.device import Portrait
from leyden.portrait.parts import Column, place_of
from leyden.quantities import ERROR
from leyden.results import provenance
from leyden.text import listed

__all__ = ["left_out", "portrait_fields", "reasons", "remarks"]

# What is asked of a device that stays as it is, and of no other.
_OF_DRIFTS = ("stability", "threshold", "transport", "settling_time")
_OF_CONSTANTS = (*_OF_DRIFTS, "steady")
# What attributes of a result say of it that a reader must know, and why values are missing that others have.
_REMARKS = ("conserved", "fluctuations", "branch", "start", "validity")
_WHY_MISSING = ("whole_state", "not_gaussian")


def left_out(portrait: Portrait) -> str:
    """Why nothing is said of a device but what it does in time, or of its drift."""
    if not portrait.changes:
        return f"moments do not close under {portrait.beyond}"
    return f"{listed(portrait.changes, 4)} change{'' if len(portrait.changes) > 1 else 's'} in time"


def reasons(portrait: Portrait) -> dict[str, str]:
    """What is not told of a device, and why."""
    found: dict[str, str] = {}
    if portrait.changes or portrait.beyond:
        found |= dict.fromkeys(_OF_CONSTANTS if portrait.changes else _OF_DRIFTS, left_out(portrait))
    unknown = dict.fromkeys(one.missing for one in portrait.thresholds if one.missing)
    found |= {"threshold": "; ".join(unknown)} if unknown else {}
    found |= {"steady": portrait.no_steady} if portrait.no_steady else {}
    found |= {"peak": portrait.no_peaks} if portrait.no_peaks else {}
    return found | {name: portrait.about[name] for name in _WHY_MISSING if name in portrait.about}


def remarks(portrait: Portrait) -> dict[str, str]:
    """What is to be known of a result beside its numbers."""
    return {name: portrait.about[name] for name in _REMARKS if name in portrait.about}


def _stability(portrait: Portrait) -> dict[str, Any] | None:
    if portrait.changes or portrait.beyond:
        return None
    found = {"is_stable": portrait.is_stable, "condition": portrait.condition}
    return {**found, "spectral_abscissa": portrait.abscissa}


def _linear_part(portrait: Portrait) -> dict[str, Any] | None:
    """Stability of what is left of a device without what is not quadratic; None where that is all of it."""
    if portrait.changes or not portrait.beyond:
        return None
    about = f"the device without what is not quadratic in {portrait.beyond}, about the vacuum"
    return {"is_stable": portrait.is_linear_part_stable, "spectral_abscissa": portrait.abscissa, "about": about}


def _steady(portrait: Portrait, column: Column, names: Sequence[str]) -> dict[str, float | None]:
    found = {name: portrait.steady_value(column, name) for name in names}
    if not portrait.has_errors:
        return found
    return found | {f"{name}{ERROR}": portrait.steady_error(column, name) for name in names}


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
        "method": portrait.method,
        "about": {name: value for name, value in portrait.about.items() if name != "method"},
        "stability": _stability(portrait),
        "linear_part": _linear_part(portrait),
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
        "steady": _per_column(portrait, lambda column: _steady(portrait, column, names))
        if portrait.steady is not None
        else None,
        "peak": _per_column(portrait, lambda column: {name: _peak(portrait.peak(column, name)) for name in names}),
        "peak_until": portrait.end,
        "settling_until": None if portrait.changes or portrait.beyond else portrait.horizon,
        "units": {"settling_time": portrait.unit("time"), "spectral_abscissa": portrait.unit("spectral_abscissa")}
        | {name: portrait.unit(name) for name in variables if name != "mode"},
    }
    if missing := reasons(portrait):
        fields["left_out"] = missing
    return fields | variables
