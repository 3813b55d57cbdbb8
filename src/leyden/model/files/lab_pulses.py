"""Quantities with units in the pulses of a device file, as plain numbers: heights by their parameter, times, angles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leyden.model.files.pulses import DEEPEST, PRODUCT, SHAPES, SUM
from leyden.model.files.values import Key, WrongError, is_pulse, within
from leyden.quantities import OF_PULSES, OWN

__all__ = ["pulse_in_numbers"]

Convert = Callable[[str, Any, tuple[Key, ...]], Any]
"""Takes a unit, a value, and the keys to it; returns the value without quantities."""


def pulse_in_numbers(table: Any, convert: Convert) -> Any:
    """The table of a pulse with numbers in place of quantities; what is no pulse is left to who reads it."""
    return _pulse(table, convert, ())[0]


def _pulse(table: dict[str, Any], convert: Convert, path: tuple[Key, ...]) -> tuple[Any, bool]:
    """The same, and whether its height has a unit."""
    found, is_measured = dict(table), False
    for name, content in table.items():
        where = (*path, name)
        if name in (SUM, PRODUCT) and isinstance(content, list) and len(path) < 2 * DEEPEST:
            parts = [_part(entry, convert, (*where, place)) for place, entry in enumerate(content)]
            measured = [place for place, (_, has_unit) in enumerate(parts) if has_unit]
            if name == PRODUCT and len(measured) > 1:
                second = content[measured[1]]
                within(name, lambda value, place=measured[1]: within(place, _refuse, value), second)
            found[name] = [part for part, _ in parts]
            is_measured |= bool(measured)
        elif name in SHAPES and isinstance(content, dict):
            found[name], has_unit = _shape(content, convert, where)
            is_measured |= has_unit
    return found, is_measured


def _refuse(value: Any) -> Any:
    # The unit of a product is that of the parameter, and no power of it.
    raise WrongError("be without a unit, which another factor of the product has", value)


def _part(value: Any, convert: Convert, path: tuple[Key, ...]) -> tuple[Any, bool]:
    """A number or a pulse, as one of several."""
    return _pulse(value, convert, path) if is_pulse(value) else _converted(OWN, value, convert, path)


def _shape(content: dict[str, Any], convert: Convert, path: tuple[Key, ...]) -> tuple[Any, bool]:
    """The numbers of one shape."""
    numbers = {
        key: _converted(OF_PULSES[key], value, convert, (*path, key)) if key in OF_PULSES else (value, False)
        for key, value in content.items()
    }
    has_unit = any(has_own and OF_PULSES[key] == OWN for key, (_, has_own) in numbers.items() if key in OF_PULSES)
    return {key: value for key, (value, _) in numbers.items()}, has_unit


def _converted(unit: str, value: Any, convert: Convert, path: tuple[Key, ...]) -> tuple[Any, bool]:
    found = convert(unit, value, path)
    return found, found is not value
