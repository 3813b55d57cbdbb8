"""Quantities with units in a device file, as the plain numbers of its rate unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of, quantity_of
from leyden.model.files.faults import Key, Source, dotted
from leyden.model.files.values import WrongError, is_pulse
from leyden.quantities import ANGLE, FREQUENCY, OWN, QUANTITIES, RATE, TIME

if TYPE_CHECKING:
    from leyden.units import Lab

__all__ = ["LabValues"]

Place = tuple[Key, ...]

# What begins as a quantity does; all else in quotation marks is no number, and told so by who reads numbers.
_QUANTITY = re.compile(r"\s*[+-]?\.?\d.*[^\W\d]", re.S)
_NO_SCALE = "For quantities with units say the rate unit at the top, as rate_unit = '1 MHz'."


class LabValues:
    """What makes numbers of the texts of one file; pint is asked for where there are some."""

    def __init__(self, scale: Mapping[str, Any], origin: Source) -> None:
        self.rate_unit, self.frequency_unit = scale.get("rate_unit"), scale.get("frequency_unit")
        self.origin = origin
        self.frequencies: dict[str, float] = {}  # of modes, as numbers, where the file tells them
        self.frequency_of_all: float | None = None  # of many modes in one table
        self._known: Lab | None = None

    def in_numbers(self, kind: type[Element], table: Any, place: Place) -> Any:
        """A table with numbers in place of quantities."""
        if not isinstance(table, dict):
            return table
        entries: dict[str, Any] = table
        numeric = layout_of(kind).numbers
        texts = {key: value for key, value in entries.items() if key in numeric and _holds_quantities(value)}
        found = entries | {key: self._numbers(kind, key, value, entries, place) for key, value in texts.items()}
        if kind is Mode:
            self._remember(found)
        return found

    def _numbers(self, kind: type[Element], key: str, value: Any, table: Mapping[str, Any], place: Place) -> Any:
        """A number, a complex one, an array of them, or a pulse."""

        def convert(unit: str, value: Any, path: Place) -> Any:
            if isinstance(value, list):
                several: list[Any] = value
                found = [convert(unit, one, (*path, at)) for at, one in enumerate(several)]
                return value if all(one is other for one, other in zip(several, found, strict=True)) else found
            if isinstance(value, dict):  # both parts of a complex number
                parts: dict[str, Any] = value
                numbers = {part: convert(unit, one, path) for part, one in parts.items()}
                return value if all(one is numbers[part] for part, one in parts.items()) else numbers
            if not isinstance(value, str) or _QUANTITY.match(value) is None:
                return value
            return self._number(kind, (*place, key, *path), unit, value, table)

        if not is_pulse(value):
            return convert(OWN, value, ())
        from leyden.model.files.lab_pulses import pulse_in_numbers  # and the shapes of pulses, which few devices have

        try:
            return pulse_in_numbers(value, convert)
        except WrongError as error:
            raise error.at(self.origin, (*place, key)) from None

    def _number(self, kind: type[Element], keys: Place, unit: str, text: str, table: Mapping[str, Any]) -> float:
        """The number of one text in a unit."""
        if self.rate_unit is None:
            raise self.origin.wrong(keys, "be a number", text, _NO_SCALE)
        key, lab = str(keys[2 if len(keys) > 2 and isinstance(keys[1], int) else 1]), self._lab()
        quantity = quantity_of(kind, key)
        converters = {RATE: lab.rate, FREQUENCY: lab.frequency, ANGLE: lab.angle, TIME: lab.time}
        own = QUANTITIES[quantity].unit if quantity in QUANTITIES else ""
        wanted = own if unit == OWN else unit
        try:
            if unit == OWN and quantity == "occupation":
                return lab.occupation(text, self._frequency_of(key, table))
            if wanted not in converters:
                raise ParameterError.of(key, "be a number, which has no unit", text)
            return converters[wanted](text)
        except ParameterError as error:
            raise self.origin.at(keys, error.about(dotted(keys))) from None

    def _lab(self) -> Lab:
        if self._known is None:
            from leyden.units import Lab

            try:
                self._known = Lab(self.rate_unit, self.frequency_unit)
            except ParameterError as error:
                raise self.origin.at((error.name,), error) from None
        return self._known

    def _remember(self, mode: Mapping[str, Any]) -> None:
        """The frequency of a mode, or of all; one that was left at 1 is that of the unit, if the file says one."""
        name, frequency = mode.get("name"), mode.get("frequency", 1.0)
        is_told = self.frequency_unit is not None or frequency != 1.0
        if not is_told or not isinstance(frequency, (int, float)):
            return
        if isinstance(name, str):
            self.frequencies[name] = frequency
        elif "names" in mode:
            self.frequency_of_all = frequency

    def _frequency_of(self, key: str, table: Mapping[str, Any]) -> str:
        """The frequency of the modes that a bath touches, which must be one and the same; of a family, of all modes."""
        weights = table.get("weights")
        touched: list[Any] = list(weights) if isinstance(weights, dict) else [table.get("mode")]
        if "places" in table:
            touched = list(self.frequencies) or [""]
        rest = self.frequency_of_all
        found = {self.frequencies.get(mode, rest) if isinstance(mode, str) else None for mode in touched}
        own = found.pop() if len(found) == 1 else None
        if own is None:
            allowed = "be a number, or a temperature of modes of one frequency that the file tells"
            raise ParameterError.of(key, allowed, table[key], "Give those modes a `frequency`.")
        return f"{float(own) * self._lab().scale.frequency!r} rad/s"


def _holds_quantities(value: Any) -> bool:
    """Whether a value is a text that begins as a quantity does, or holds one."""
    if isinstance(value, dict):
        parts: dict[str, Any] = value
        return any(map(_holds_quantities, parts.values()))
    if isinstance(value, list):
        several: list[Any] = value
        # Of a long list of numbers this is seen at once.
        return not set(map(type, several)) <= {float, int} and any(map(_holds_quantities, several))
    return isinstance(value, str) and _QUANTITY.match(value) is not None
