"""Arguments of elements and devices that were given with units, as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import Any

from leyden.errors import ParameterError
from leyden.quantities import OF_PULSES, OWN, QUANTITIES, RATE
from leyden.units.si import is_quantity

__all__ = ["converted_arguments"]

OCCUPATION = "occupation"
# The functions that make pulses; the frequency of one is a rate as any other, and none of a mode.
_PULSES = "leyden.model.pulse"


def converted_arguments(
    kind: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
    converters: Mapping[str, Callable[[Any], Any]],
    occupation: Callable[[Any, Any], Any],
) -> tuple[list[Any], dict[str, Any]]:
    """Arguments by place and by name, those with a unit through the converter of the unit that they have in leyden."""
    names = _placed_names(kind, len(given))
    # A family takes the parameters of the element that is its first argument.
    records = [kind, *(entry for entry in given[:1] if isinstance(entry, type))]
    every = {**dict(zip(names, given, strict=False)), **named}

    def number(name: str, value: Any) -> Any:
        if not is_quantity(value):
            return value
        if getattr(kind, "__module__", "").startswith(_PULSES) and name in OF_PULSES:
            return by_unit(RATE if OF_PULSES[name] == OWN else OF_PULSES[name], name, value)
        quantity = _quantity_of(records, name)
        if quantity == OCCUPATION:
            return occupation(value, every.get("frequency"))
        unit = QUANTITIES[quantity].unit if quantity in QUANTITIES else ""
        if unit in converters:
            return by_unit(unit, name, value)
        if isinstance(value, str):  # a name that begins with a digit
            return value
        raise ParameterError.of(name, "be in plain numbers: leyden knows no unit of it", value)

    def by_unit(unit: str, name: str, value: Any) -> Any:
        try:
            return converters[unit](value)
        except ParameterError as error:
            raise error.about(name) from None

    placed = [number(name, value) for name, value in zip(names, given, strict=False)]
    return [*placed, *given[len(placed) :]], {name: number(name, value) for name, value in named.items()}


def _placed_names(kind: Callable[..., Any], count: int) -> list[str]:
    """Names of arguments that are given by place."""
    places = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [entry.name for entry in signature(kind).parameters.values() if entry.kind in places][:count]


def _quantity_of(records: Sequence[Any], name: str) -> str:
    """Which row of `leyden.quantities` an argument is: as its record says, or else by its name."""
    for record in records:
        for entry in fields(record) if is_dataclass(record) else ():
            if entry.name == name and entry.metadata.get("quantity"):
                return entry.metadata["quantity"]
    return name
