"""The device that is asked about: made of names and numbers, never of code or of a path."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from inspect import signature
from typing import Any

from leyden.errors import ParameterError
from leyden.explorer.asked import MOST_MODES, Complex, DeviceAsked, PulseAsked
from leyden.model import pulse
from leyden.model.catalog import DEVICES, reference_device
from leyden.model.elements import Kerr, TwoPhotonLoss
from leyden.model.files import parse_device
from leyden.model.network import Network
from leyden.text import nearest

__all__ = ["ADDED", "elements_added", "network_of", "number_of", "numbers_of", "varied"]

ADDED: Mapping[str, tuple[Any, str]] = {"charger_kerr": (Kerr, "strength"), "charger_loss": (TwoPhotonLoss, "rate")}
"""Parameters that the explorer offers for every device of the catalog: elements on its charger, where not zero."""

# Parameters of the catalog whose product is about the number of modes.
_COUNTS = ("modes", "cells", "rows", "columns")


def number_of(value: Any) -> Any:
    """A value as Python has it."""
    return complex(value.re, value.im) if isinstance(value, Complex) else value


def numbers_of(asked: PulseAsked) -> dict[str, Any]:
    """The numbers of a pulse by their names, as Python has them."""
    return {
        key: [number_of(one) for one in value] if isinstance(value, list) else number_of(value)
        for key, value in asked.numbers.items()
    }


def _pulse(asked: PulseAsked, name: str) -> Any:
    make, numbers = getattr(pulse, asked.kind), numbers_of(asked)
    known = signature(make).parameters
    allowed = f"be a pulse with the numbers {', '.join(known)}"
    for key in numbers:
        if key not in known:
            raise ParameterError.of(name, allowed, key, nearest(key, known))
    for key, entry in known.items():
        if entry.default is entry.empty and key not in numbers:
            raise ParameterError.of(name, allowed, f"without {key}")
    try:
        return make(**numbers)
    except ParameterError as error:
        raise error.about(name) from None


def _refuse_large(count: int) -> None:
    if count > MOST_MODES:
        remedy = "Larger networks are for Python: leyden.steady_state takes a million modes."
        raise ParameterError.of("device", f"have at most {MOST_MODES} modes in the explorer", count, remedy)


@lru_cache(maxsize=32)
def _parsed(text: str) -> Network:
    network = parse_device(text, "device file")
    _refuse_large(len(network.mode_names))
    return network


def elements_added(network: Network, values: Mapping[str, Any]) -> list[Any]:
    """Elements on the charger that the explorer's own parameters stand for."""
    return [
        kind(network.charger, **{argument: values[name]})
        for name, (kind, argument) in ADDED.items()
        if name in values and not (isinstance(values[name], (int, float)) and values[name] == 0)
    ]


def varied(asked: DeviceAsked, values: Mapping[str, Any]) -> Network:
    """The device that is asked about with these parameters, numbers or arrays, in place of its own."""
    given = {name: number_of(value) for name, value in asked.parameters.items()}
    given |= {name: _pulse(one, name) for name, one in asked.pulses.items()}
    given |= values
    if asked.text is not None:
        network = _parsed(asked.text)
        return network.replace(**given) if given else network
    name = asked.catalog or ""
    added = {key: given.pop(key) for key in tuple(given) if key in ADDED}
    if name in DEVICES:
        sizes = {**DEVICES[name].reference, **given}
        _refuse_large(math.prod(max(sizes[key], 1) for key in _COUNTS if isinstance(sizes.get(key), int)))
    network = reference_device(name, **given)
    _refuse_large(len(network.mode_names))
    more = elements_added(network, added)
    return replace(network, elements=(*network.elements, *more)) if more else network


def network_of(asked: DeviceAsked) -> Network:
    """The device that is asked about."""
    return varied(asked, {})
