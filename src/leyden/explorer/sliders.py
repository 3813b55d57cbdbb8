"""Parameters of a device as sliders: name, symbol, unit, value, and ends between which it is moved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from inspect import signature
from itertools import islice
from typing import Any

from leyden.explorer.asked import DeviceAsked
from leyden.explorer.devices import ADDED, number_of
from leyden.model.catalog import DEVICES
from leyden.model.changing import Pulse
from leyden.model.elements.record import quantity_of
from leyden.model.network import Network
from leyden.quantities import QUANTITIES

__all__ = ["json_number", "sliders_of"]

# Sliders of a device file at most.
_MOST = 80
_STEPS = 400
_CHOICES: Mapping[str, tuple[Any, ...]] = {"end": ("open", "matched"), "acyclic": (False, True), "photons": (1, 2)}
_WHOLE: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("charger_levels", "battery_levels"), (2, 8)),
    **dict.fromkeys(("rows", "columns"), (1, 6)),
    "modes": (2, 30),
    "cells": (1, 6),
    "seed": (0, 50),
}
_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("drive", "phase", "amplitude"), "drive"),
    **dict.fromkeys(("flux", "charger_weight", "battery_weight", "propagation_phase"), "couplings"),
    **dict.fromkeys(("frequency", "detuning"), "frequencies"),
    **dict.fromkeys(("occupation", "squeezing", "squeezing_phase"), "baths"),
}
_ENDS: Mapping[str, tuple[float, float]] = {
    "occupation": (0.0, 2.0),
    "squeezing": (0.0, 2.0),
    "frequency": (0.1, 10.0),
    "detuning": (-1.0, 1.0),
}
# Catalog parameters that may be pulses.
_MAY_CHANGE = ("drive", "charger_damping", "battery_damping", "damping", "detuning")


def json_number(value: Any) -> Any:
    """A value in JSON's words."""
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    return value if isinstance(value, (bool, int, float, str)) or value is None else float(value)


def _ends(quantity: str, unit: str, value: Any) -> tuple[float, float]:
    """Ends of a slider around a reference value; they stay while it is moved."""
    if quantity in _ENDS:
        low, high = _ENDS[quantity]
        return min(low, value), max(high, value)
    if unit == "rad":
        return min(-math.pi, value), max(math.pi, value)
    top = 4 * abs(value) if value else 1.0
    return (-top if value < 0 else 0.0), top


def _group(quantity: str, unit: str) -> str:
    if quantity in _GROUPS:
        return _GROUPS[quantity]
    if "coupling" in quantity:
        return "couplings"
    return "rates" if unit == "rate unit" else "other"


def _row(name: str, words: str, value: Any, **more: Any) -> dict[str, Any]:
    """What every parameter has."""
    common = {"name": name, "label": words, "symbol": "", "unit": "", "meaning": words, "group": "structure"}
    return common | {"value": value, "pulse": False, "is_pulsed": False, "scale": "linear", "choices": []} | more


def _number(name: str, quantity: str, reference: Any, value: Any, *, may_change: bool, words: str) -> dict[str, Any]:
    """A parameter that is a number; the reference makes the ends, so that they do not run from under the pointer."""
    known = QUANTITIES.get(quantity)
    unit = known.unit if known else ""
    is_pulsed = isinstance(value, Pulse)
    shown = reference if is_pulsed else value
    is_complex = isinstance(shown, complex) or isinstance(reference, complex)
    low, high = _ends(quantity, unit, abs(reference) if is_complex else reference)
    if is_complex:
        low, shown = -high, complex(shown)
    return _row(
        name,
        words,
        json_number(shown),
        symbol=known.symbol if known else "",
        unit="" if unit == "1" else unit,
        meaning=known.meaning if known else words,
        group=_group(quantity, unit),
        pulse=may_change,
        is_pulsed=is_pulsed,
        kind="complex" if is_complex else "real",
        low=low,
        high=high,
        step=(high - low) / _STEPS,
    )


def _structural(name: str, value: Any) -> dict[str, Any]:
    """A parameter that is no quantity: a count, a kind, a seed."""
    words = name.replace("_", " ")
    if name in _CHOICES:
        return _row(name, words, json_number(value), kind="choice", choices=list(_CHOICES[name]))
    low, high = _WHOLE[name]
    return _row(name, words, json_number(value), kind="whole", low=low, high=high, step=1)


def _of_catalog(asked: DeviceAsked, network: Network) -> Iterator[dict[str, Any]]:
    entry = DEVICES[asked.catalog or ""]
    given = {name: number_of(value) for name, value in asked.parameters.items()}
    for name, parameter in signature(entry.build).parameters.items():
        default = entry.reference.get(name, parameter.default)
        value = given.get(name, default)
        words = name.replace("_", " ")
        if name in entry.structure:
            if name in _CHOICES or name in _WHOLE:
                yield _structural(name, value)
        elif isinstance(default, str):
            # The coupling that makes transport one-way: which one it is, the device knows.
            own = next((one.strength for one in network.elements if hasattr(one, "strength")), 0.25j)
            number = complex(own if isinstance(value, str) else value)
            row = _number(name, name, 0.25j, number, may_change=False, words=words)
            yield row | {"choices": [default], "chosen": value if isinstance(value, str) else None}
        else:
            row = _number(name, name, default, value, may_change=name in _MAY_CHANGE, words=words)
            yield row | {"is_pulsed": name in asked.pulses}
    for name, (kind, argument) in ADDED.items():
        quantity = quantity_of(kind, argument)
        row = _number(name, quantity, 0.0, given.get(name, 0.0), may_change=False, words=name.replace("_", " "))
        yield row | {"group": "beyond Gaussian", "high": 0.5, "step": 0.5 / _STEPS}


def _of_file(network: Network, original: Network) -> Iterator[dict[str, Any]]:
    """The numbers of a device file by their addresses; the file's own values make the ends."""
    values: Any = network.parameters
    for address in islice(original.parameters, _MOST):
        record, name = values.owner(address)
        value, reference = values[address], original.parameters[address]
        if getattr(value, "shape", ()) or not isinstance(value, (int, float, complex, Pulse)):
            continue
        if isinstance(reference, Pulse):
            reference = 0.0
        may_change = address in network.pulses or address in original.pulses
        yield _number(address, quantity_of(type(record), name), reference, value, may_change=may_change, words=address)


def sliders_of(asked: DeviceAsked, network: Network, original: Network) -> list[dict[str, Any]]:
    """All parameters of a device, in its own order; `original` is the device before any of them was moved."""
    return list(_of_catalog(asked, network)) if asked.catalog is not None else list(_of_file(network, original))
