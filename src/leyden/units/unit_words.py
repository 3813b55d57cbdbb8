"""What the number 1 of a device is, in words for those who read its tables."""

from __future__ import annotations

from typing import Any

from leyden.errors import LeydenError
from leyden.quantities import ENERGY, RATE, TIME
from leyden.units.lab import Lab

__all__ = ["fitting", "unit_words", "units_told"]


def unit_words(quantity: Any) -> str:
    """The unit of a quantity of pint as `Lab` reads it, "us"; not every terminal has the letter for micro."""
    return f"{quantity.units:~C}".replace("µ", "u")


def fitting(lab: Lab, of: str, size: float = 1.0) -> Any:
    """So many times the number 1 of times, energies or powers, in the unit that leaves few digits."""
    unit: Any = lab.unit(of)
    return (size * (unit.to("eV") if of == "energy" else unit)).to_compact()


def units_told(thing: Any, energy: str) -> str:
    """What the numbers of a device or of its result mean in SI, with energies in that unit in words; or empty."""
    try:
        lab = Lab.of(thing)
        rate, joules = lab.unit("rate").magnitude, lab.unit("energy").magnitude
        time, quantum, power = (_number(fitting(lab, of)) for of in ("time", "energy", "power"))
    except LeydenError:  # it carries no scale, or none that can be read: no fault of who shows numbers
        return ""
    # Radians in words: who reads that 1/rate unit is the inverse of 1 MHz is off by 2 pi.
    said = f"In lab units: {RATE} = {rate:.4g} rad/s ({lab.rate_unit}); {TIME} = {time}"
    if energy == ENERGY and lab.frequency_unit is None:
        return f"{said}; {ENERGY} is unknown without a frequency unit."
    return f"{said}; {energy} = {quantum} ({joules:.4g} J); {energy} * {RATE} = {power}."


def _number(quantity: Any) -> str:
    return f"{quantity.magnitude:.4g} {unit_words(quantity)}"
