"""Quantities that are asked for: they are there, of one unit, and their axis says what they are."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, typeset_unit
from leyden.quantities import ENERGY, NUMBER, POWER, QUANTITIES
from leyden.text import nearest

__all__ = ["label_of_all", "of_all", "of_one_unit", "quantity_of", "why_missing"]

_KINDS = {ENERGY: "energy", POWER: "power"}


def of_all(dataset: xr.Dataset, name: str) -> str:
    """The variable that holds a quantity of all batteries together."""
    return f"total_{name}" if f"total_{name}" in dataset else name


def quantity_of(dataset: xr.Dataset, name: str) -> xr.DataArray:
    """The variable whose symbol a quantity of all batteries has."""
    return dataset.get(name.removeprefix("total_"), dataset[name])


def why_missing(dataset: xr.Dataset) -> str:
    """What points without a value are: a method that ran out of levels knows nothing of a steady state."""
    has_failed = "unsolved" in dataset.attrs or dataset.attrs.get("failed_points")
    return "no steady state, or none found" if has_failed else "no steady state"


def of_one_unit(dataset: xr.Dataset, asked: Sequence[str], along: str) -> list[str]:
    """The names, checked: variables along a dim, all of one unit."""
    names = [asked] if isinstance(asked, str) else list(asked)
    if not names:
        raise ParameterError.of("quantities", "name a variable", "empty")
    known = sorted(str(name) for name, values in dataset.data_vars.items() if along in values.dims)
    for name in names:
        if name not in known:
            raise ParameterError.of("quantities", f"be variables over {along}", name, nearest(name, known))
    units = {str(attributes_of(dataset[name]).get("units", NUMBER)) for name in names}
    if len(units) != 1:
        raise ParameterError.of("quantities", "have one unit", sorted(units), "Draw them into axes of their own.")
    return names


def label_of_all(dataset: xr.Dataset, names: Sequence[str], rate: str | None = None) -> str:
    """What the axis of several quantities says: the kind that they share, and their unit."""
    if len(names) == 1:
        return axis_label(attributes_of(dataset[names[0]]), rate=rate)
    unit = str(attributes_of(dataset[names[0]]).get("units", NUMBER))
    units = {QUANTITIES[own].unit for name in names if (own := name.removeprefix("total_")) in QUANTITIES}
    kind = _KINDS.get(units.pop(), "") if len(units) == 1 else ""
    if unit == NUMBER:
        return ""
    if kind == "power" and unit == POWER and rate is not None:
        return rf"power ($\hbar\omega_0{rate}$)"
    return f"{kind} ({typeset_unit(unit)})" if kind else typeset_unit(unit)
