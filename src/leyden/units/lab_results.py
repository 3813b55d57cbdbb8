"""Results in lab units: values, coordinates and attributes of Datasets, by the units that they say they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Any

from leyden.arrays import is_labelled
from leyden.errors import ParameterError
from leyden.quantities import (
    ENERGY,
    FREQUENCY,
    FREQUENCY_ENERGY,
    FREQUENCY_POWER,
    POWER,
    RATE,
    TIME,
    squared,
)
from leyden.units.si import CYCLES, HBAR, counted_by, registry, unit_of, written_unit

__all__ = ["Scale", "carried_scale", "converted"]

# Units in words, and what they are units of.
_KINDS = {
    RATE: "rate",
    TIME: "time",
    FREQUENCY: "frequency",
    ENERGY: "energy",
    FREQUENCY_ENERGY: "energy",
    POWER: "power",
    FREQUENCY_POWER: "power",
}
_SI = {"rate": "radian/second", "frequency": "radian/second", "time": "second", "energy": "joule", "power": "watt"}
QUANTA = "quanta"


@dataclass(frozen=True)
class Scale:
    """The rate and the frequency whose number is 1: as texts, and in radians per second."""

    rate_text: str
    frequency_text: str | None
    rate: float
    frequency: float

    def unit(self, of: str) -> Any:
        """What the number 1 is, as a quantity of pint in SI."""
        quantum = HBAR * self.frequency
        numbers = {
            "rate": self.rate,
            "frequency": self.frequency,
            "time": 1 / self.rate,
            "energy": quantum,
            "power": quantum * self.rate,
        }
        if of not in numbers:
            raise ParameterError.of("of", f"be one of {', '.join(numbers)}", of)
        return registry().Quantity(numbers[of], _SI[of])


@dataclass(frozen=True)
class _Target:
    """The unit of one kind of quantity in a converted result."""

    factor: float
    unit: str
    is_cycles: bool = False


def carried_scale(thing: Any) -> tuple[str, str | None]:
    """Rate unit and frequency unit of a device, or of a result: its own attributes, or those of its device file."""
    attributes = getattr(thing, "attrs", None)
    found: Mapping[Any, Any] = attributes if isinstance(attributes, Mapping) else getattr(thing, "__dict__", {})
    if not found.get("rate_unit") and isinstance(text := found.get("device_file"), str):
        import tomllib

        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            found = {}
    rate = found.get("rate_unit")
    if not isinstance(rate, str) or not rate:
        remedy = "Make devices with `Lab.build`, or say `rate_unit` in the device file, and keep attributes of results."
        raise ParameterError.of("thing", "carry its rate unit", type(thing).__name__, remedy)
    return rate, found.get("frequency_unit") or None


def converted(scale: Scale, result: Any, wanted: Mapping[str, str | None]) -> Any:
    """A Dataset or DataArray in the wanted units."""
    import xarray as xr

    if not isinstance(result, (xr.Dataset, xr.DataArray)):
        raise ParameterError.of("result", "be a Dataset or DataArray of leyden", result)
    targets = {kind: _target(scale, kind, unit) for kind, unit in wanted.items()}

    def changed(variable: Any) -> Any:
        given = variable.attrs.get("units")
        words, power = next(((one, 2) for one in (ENERGY, FREQUENCY_ENERGY) if given == squared(one)), (given, 1))
        if words not in _KINDS:
            return None
        if words in (ENERGY, POWER) and scale.frequency_text is None:
            remedy = "Its unit is hbar omega_0: say what omega_0 is, Lab(..., frequency_unit='5 GHz')."
            raise ParameterError.of("result", "tell the frequency of its modes", words, remedy)
        target = targets[_KINDS[words]]
        attributes = _attributes(variable.attrs, target)
        if power == 2:
            attributes["units"] = squared(target.unit)
        return (variable.dims, variable.data * target.factor**power, attributes)

    coordinates = {name: new for name, entry in result.coords.items() if (new := changed(entry)) is not None}
    found = result.assign_coords(coordinates) if coordinates else result.copy()
    if is_labelled(found):
        if (new := changed(result.variable)) is not None:
            found = found.copy(data=new[1])
            found.attrs = new[2]
        return found
    found = found.assign({name: new for name, entry in result.data_vars.items() if (new := changed(entry)) is not None})
    found.attrs = {**result.attrs, "rate_unit": scale.rate_text}
    if scale.frequency_text is not None:
        found.attrs["frequency_unit"] = scale.frequency_text
    return found


def _target(scale: Scale, kind: str, unit: str | None) -> _Target:
    if kind == "energy" and unit == QUANTA:
        if scale.frequency_text is None:
            remedy = "Give the Lab a `frequency_unit`, or see leyden.units.quanta."
            raise ParameterError.of("energy", "be a unit of energies", unit, remedy)
        return _Target(1.0, QUANTA)
    if unit is None:
        text = scale.rate_text if kind == "rate" or scale.frequency_text is None else scale.frequency_text
        unit = written_unit(text)
    parsed = registry().Quantity(1, unit_of(kind, unit, kind))
    one = scale.unit(kind)
    counts = counted_by(parsed) if kind in ("rate", "frequency") else None
    if counts == CYCLES:
        # Both in cycles, so that a rate unit of 1 MHz is 1 MHz to the last bit.
        return _Target((one.magnitude / (2 * pi)) / parsed.to("hertz").magnitude, unit, True)
    if kind in ("rate", "frequency") and counts is None and parsed.check("[energy]"):
        return _Target(HBAR * one.magnitude / parsed.to("joule").magnitude, unit)
    is_fitting = counts is not None if kind in ("rate", "frequency") else parsed.is_compatible_with(one)
    if not is_fitting:
        raise ParameterError.of(kind, f"be a unit of {kind}", unit)
    return _Target(float(one.to(parsed.units).magnitude), unit)


def _attributes(attributes: Mapping[str, Any], target: _Target) -> dict[str, Any]:
    """Attributes with the new unit; a rate in cycles is over 2 pi, and says so."""
    found = {**attributes, "units": target.unit}
    if target.is_cycles:
        if "symbol" in found:
            found["symbol"] = rf"{found['symbol']}/2\pi"
        if "long_name" in found:
            found["long_name"] = f"{found['long_name']} / 2 pi"
    return found
