"""Quantities with units in a device file, as the plain numbers of its rate unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of, quantity_of
from leyden.model.files.faults import Source
from leyden.quantities import ANGLE, FREQUENCY, QUANTITIES, RATE

if TYPE_CHECKING:
    from leyden.units import Lab

__all__ = ["LabValues"]

Place = tuple[str | int, ...]

# What begins as a quantity does; all else in quotation marks is no number, and told so by who reads numbers.
_QUANTITY = re.compile(r"\s*[+-]?\.?\d.*[^\W\d]", re.S)
_NO_SCALE = "For quantities with units say the rate unit at the top, as rate_unit = '1 MHz'."


class LabValues:
    """What makes numbers of the texts of one file; pint is asked for where there are some."""

    def __init__(self, scale: Mapping[str, Any], origin: Source) -> None:
        self.rate_unit, self.frequency_unit = scale.get("rate_unit"), scale.get("frequency_unit")
        self.origin = origin
        self.frequencies: dict[str, float] = {}  # of modes, as numbers, where the file tells them
        self._known: Lab | None = None

    def in_numbers(self, kind: type[Element], table: Any, place: Place) -> Any:
        """A table with numbers in place of quantities."""
        if not isinstance(table, dict):
            return table
        entries: dict[str, Any] = table
        numeric = layout_of(kind).numbers
        texts = {key: value for key, value in entries.items() if key in numeric and _holds_quantities(value)}
        found = entries | {key: self._number(kind, key, value, entries, place) for key, value in texts.items()}
        if kind is Mode:
            self._remember(found)
        return found

    def _number(self, kind: type[Element], key: str, value: Any, table: Mapping[str, Any], place: Place) -> Any:
        if self.rate_unit is None:
            raise self.origin.wrong((*place, key), "be a number", value, _NO_SCALE)
        if isinstance(value, dict):
            parts: dict[str, Any] = value
            return {part: self._number(kind, key, text, table, place) for part, text in parts.items()}
        if not isinstance(value, str):  # the other part of a complex number
            return value
        quantity, lab = quantity_of(kind, key), self._lab()
        converters = {RATE: lab.rate, FREQUENCY: lab.frequency, ANGLE: lab.angle}
        unit = QUANTITIES[quantity].unit if quantity in QUANTITIES else ""
        try:
            if quantity == "occupation":
                return lab.occupation(value, self._frequency_of(key, table))
            if unit not in converters:
                raise ParameterError.of(key, "be a number, which has no unit", value)
            return converters[unit](value)
        except ParameterError as error:
            message = error.message.replace(f"`{error.name}`", f"`{key}`", 1)
            told = ParameterError(message, name=key, value=value, allowed=error.allowed)
            raise self.origin.in_record(place, told) from None

    def _lab(self) -> Lab:
        if self._known is None:
            from leyden.units import Lab

            try:
                self._known = Lab(self.rate_unit, self.frequency_unit)
            except ParameterError as error:
                raise self.origin.at((error.name,), error) from None
        return self._known

    def _remember(self, mode: Mapping[str, Any]) -> None:
        """The frequency of a mode; one that was left at 1 is that of the unit, if the file says one."""
        name, frequency = mode.get("name"), mode.get("frequency", 1.0)
        is_told = self.frequency_unit is not None or frequency != 1.0
        if is_told and isinstance(frequency, (int, float)) and isinstance(name, str):
            self.frequencies[name] = frequency

    def _frequency_of(self, key: str, table: Mapping[str, Any]) -> str:
        """The frequency of the modes that a bath touches, which must be one and the same."""
        weights = table.get("weights")
        touched: list[Any] = list(weights) if isinstance(weights, dict) else [table.get("mode")]
        found = {self.frequencies.get(mode) if isinstance(mode, str) else None for mode in touched}
        own = found.pop() if len(found) == 1 else None
        if own is None:
            allowed = "be a number, or a temperature of modes of one frequency that the file tells"
            raise ParameterError.of(key, allowed, table[key], "Give those modes a `frequency`.")
        return f"{float(own) * self._lab().scale.frequency!r} rad/s"


def _holds_quantities(value: Any) -> bool:
    """Whether a value is a text that begins as a quantity does, or a complex number of such."""
    if isinstance(value, dict):
        parts: dict[str, Any] = value
        return set(parts) == {"re", "im"} and any(map(_holds_quantities, parts.values()))
    return isinstance(value, str) and _QUANTITY.match(value) is not None
