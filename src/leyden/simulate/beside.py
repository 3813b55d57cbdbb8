"""The variables of two devices side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leyden import merit
from leyden.arrays import Array
from leyden.dense import steady_state
from leyden.equations.device import equations_of
from leyden.model.labels import Labels
from leyden.model.network import Network
from leyden.results import with_all_axes
from leyden.results.table import is_per_battery
from leyden.simulate.choice import answered
from leyden.simulate.equal import drive_power, own_drive
from leyden.task import Task

__all__ = ["masked", "own_values", "values_of_both"]

_RATIOS = {"stored_energy_ratio": "stored_energy", "ergotropy_ratio": "ergotropy"}

Values = dict[str, tuple[tuple[str, ...], Array]]


def values_of_both(sides: Sequence[Network], labels: Labels, addresses: Sequence[str]) -> tuple[Values, dict[str, Any]]:
    """Variables of both sides, with their dims behind those of the batch, and what computed them."""
    rows: list[dict[str, Array]] = []
    methods: list[str] = []
    about: dict[str, Any] = {}
    for network in sides:
        values, known = answered(Task(network, labels))
        methods.append(known.pop("method"))
        about |= {name: value for name, value in known.items() if name == "not_gaussian"}
        rows.append({**own_values(network, labels, values), **_of_drives(network, labels)})
    about["method"] = ", ".join(dict.fromkeys(methods))
    missing = np.full(labels.shape, np.nan)
    found: Values = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        found[name] = ("device",), np.stack([np.asarray(row.get(name, missing)) for row in rows], axis=-1)
    for name, of in _RATIOS.items():
        first, second = found[of][1][..., 0], found[of][1][..., 1]
        found[name] = (), np.asarray(merit.ratio(second, first))
    if addresses:
        numbers = [[_number(network, address, labels) for address in addresses] for network in sides]
        found["optimum"] = ("device", "parameter"), np.stack([np.stack(row, axis=-1) for row in numbers], axis=-2)
    return found, about


def own_values(network: Network, labels: Labels, values: Mapping[str, Array]) -> dict[str, Array]:
    """Variables of a device: of a sequence of batteries those that add up."""
    full = with_all_axes(network, labels, values)
    if not network.lists_batteries:
        return full
    totals = {name.removeprefix("total_"): value for name, value in full.items() if name.startswith("total_")}
    return {name: value for name, value in full.items() if _is_of_all(name)} | totals


def _is_of_all(name: str) -> bool:
    return not is_per_battery(name) and not name.startswith("total_")


def _of_drives(network: Network, labels: Labels) -> dict[str, Array]:
    """Amplitude of the only drive, and power of all."""
    equations = equations_of(network)
    state, stable = steady_state(equations)
    power = np.where(np.asarray(stable), np.asarray(drive_power(equations, state, network.frequencies)), np.nan)
    address = own_drive(network)
    amplitude = network.parameters[address] if address else np.nan
    found = {"drive": amplitude, "drive_power": power}
    return {name: np.array(np.broadcast_to(value, labels.shape)) for name, value in found.items()}


def _number(network: Network, address: str, labels: Labels) -> Array:
    """A parameter in a result, its size where it is complex."""
    value = np.asarray(network.parameters.get(address, np.nan))
    return np.broadcast_to(np.abs(value) if value.dtype.kind == "c" else value, labels.shape)


def masked(value: Array, is_equal: Array) -> Array:
    """Numbers that are missing where a pair could not be made equal; whether each of the two is stable is known."""
    there = is_equal[(..., *(None,) * (value.ndim - is_equal.ndim))]
    return value if value.dtype == np.bool_ else np.where(there, value, np.nan)
