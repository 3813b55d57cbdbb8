"""What was given, as numbers in SI: a text such as "5 kHz", a quantity of pint, or numbers with the name of a unit.

pint takes a radian for 1, and so turns 1 Hz into 1 rad/s. Here a unit counts as it is written: Hz are cycles, rad/s and
1/s are not.
"""

from __future__ import annotations

import re
from functools import cache
from math import pi
from typing import Any, NamedTuple

import numpy as np

from leyden.arrays import is_labelled
from leyden.errors import LeydenError, ParameterError
from leyden.extras import remedy_for
from leyden.numeric import numbers_of
from leyden.quantities import QUANTITIES

__all__ = [
    "CYCLES",
    "HBAR",
    "PER_SECOND",
    "PLANCK",
    "RADIANS",
    "Frequency",
    "counted_by",
    "frequency_of",
    "is_quantity",
    "measured",
    "registry",
    "unit_of",
    "writing_of",
    "written_unit",
]

# Exact since 2019.
PLANCK = 6.62607015e-34
"""Planck's constant h, in J s."""
HBAR = PLANCK / (2 * pi)

CYCLES, RADIANS, PER_SECOND = "cycles", "radians", "1/s"
"""What a unit of frequency counts."""

_TIMES = r"\s*[*·×x]?\s*"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TEXT = re.compile(rf"\s*(?P<turn>2{_TIMES}(?:pi|π){_TIMES})?(?P<number>{_NUMBER})\s*\*?\s*(?P<unit>.*)", re.S)
# No parentheses and no powers of powers: texts come from files, and pint would work out any tower of them.
_FACTOR = r"[^\W\d]\w*(?:(?:\^|\*\*)-?\d)?"
_UNIT = re.compile(rf"(?:1?\s*/\s*)?{_FACTOR}(?:(?:\s*[*/·]\s*|\s+){_FACTOR})*\s*")
_LONGEST_UNIT = 40

# Kind -> (what the sentence asks for, its unit in SI).
_KINDS = {
    "rate": ("be a rate with a unit, as '5 kHz', '3e4 rad/s' or '3e4 1/s'", "1/second"),
    "frequency": ("be a frequency with a unit, as '5 GHz' or '3e10 rad/s'", "1/second"),
    "time": ("be a time with a unit, as '10 us'", "second"),
    "energy": ("be an energy with a unit, as '2e-24 J'", "joule"),
    "power": ("be a power with a unit, as '1 aW' or '-130 dBm'", "watt"),
    "temperature": ("be a temperature with a unit, as '50 mK'", "kelvin"),
    "angle": ("be an angle with a unit, as '90 deg'", "radian"),
}
_NO_NAME = "Pint knows no such unit; the case of letters counts."
_OF_PULSES = "`Lab.build` makes a pulse of quantities: lab.build(leyden.pulse.square, '2 MHz', '0 us', '1 us')."
_NO_UNIT = "It has no unit: give a text, a quantity of pint, or numbers and then their unit."


class Frequency(NamedTuple):
    """Numbers of cycles or of radians per second."""

    numbers: Any
    is_cycles: bool

    @property
    def angular(self) -> Any:
        """In radians per second."""
        return 2 * pi * self.numbers if self.is_cycles else self.numbers

    @property
    def cycles(self) -> Any:
        """In cycles per second."""
        return self.numbers if self.is_cycles else self.numbers / (2 * pi)

    def over(self, unit: Frequency) -> Any:
        """How many times another one it is; of two in cycles without a factor 2 pi that would be rounded."""
        if self.is_cycles and unit.is_cycles:
            return self.numbers / unit.numbers
        return self.angular / unit.angular


def registry() -> Any:
    """The registry that pint's own names use, so that a user's quantities go together with ours."""
    try:
        import pint
    except ImportError:
        raise LeydenError(
            f"Quantities with units must have pint, but it is not installed. {remedy_for('units')}"
        ) from None
    return pint.get_application_registry()


def is_quantity(value: object) -> bool:
    """Whether a value says its unit: a quantity of pint, a text that begins with a number, or labels with a unit."""
    if isinstance(value, str):
        return _TEXT.fullmatch(value) is not None
    if not is_labelled(value):
        return _is_pint(value)
    labelled: Any = value
    unit = labelled.attrs.get("units")
    return _is_pint(labelled.data) or (isinstance(unit, str) and unit.strip() not in _plain_units())


@cache
def _plain_units() -> frozenset[str]:
    """Units of plain numbers in words, as results of leyden have them."""
    return frozenset(quantity.unit for quantity in QUANTITIES.values()) | {"", "dimensionless"}


def _is_pint(value: Any) -> bool:
    return hasattr(value, "magnitude") and hasattr(value, "unit_items") and hasattr(value, "_REGISTRY")


def _is_pulse(value: Any) -> bool:
    return hasattr(value, "terms") and hasattr(value, "shapes")


def writing_of(given: Any) -> str:
    """A quantity as a text that reads back as itself."""
    if isinstance(given, str):
        return " ".join(given.split())
    unit = f"{given.units:~C}".replace("µ", "u")
    return f"{float(given.magnitude)!r} {unit}"


def written_unit(text: str) -> str:
    """The unit in a text, "kHz" in "5 kHz"."""
    found = _TEXT.fullmatch(text)
    return found["unit"].strip() if found else text


def unit_of(name: str, text: Any, kind: str, given: Any = None) -> Any:
    """A unit by its name; `given` is what it stands in, for messages."""
    allowed, shown = _KINDS[kind][0], text if given is None else given
    plain = text.strip() if isinstance(text, str) else ""
    if not plain:
        raise ParameterError.of(name, allowed, shown, _NO_UNIT)
    if len(plain) > _LONGEST_UNIT or not _UNIT.fullmatch(plain):
        raise ParameterError.of(name, allowed, shown, "Units are names with powers, as 'kHz', 'rad/s' and '1/us'.")
    plain = plain.replace("·", "*").replace("^", "**")
    try:
        # A degree Celsius or a decibel-milliwatt is one, and no difference of two.
        found = registry().parse_units(f"1{plain}" if plain.startswith("/") else plain, as_delta=False)
        _look_at(registry().Quantity(1.0, found))
        return found
    except LeydenError:
        raise
    except Exception:  # of several kinds, none of them leyden's
        remedy = (
            "Pint knows no such unit: hertz are written Hz, kHz, MHz, GHz."
            if plain.lower().endswith("hz")
            else _NO_NAME
        )
        raise ParameterError.of(name, allowed, shown, remedy) from None


class _Given(NamedTuple):
    """A quantity of pint, and where it comes from."""

    name: str
    kind: str
    value: Any  # as it was given
    quantity: Any
    labels: Any = None  # the DataArray that its numbers were in
    is_turned: bool = False  # whether 2 pi stands before it

    def refused(self, remedy: str) -> ParameterError:
        """What is wrong with it."""
        return ParameterError.of(self.name, _KINDS[self.kind][0], self.value, remedy)

    def numbers_in(self, unit: str) -> Any:
        """Its numbers in another unit, with their labels."""
        try:
            numbers = self.quantity.to(unit).magnitude
        except Exception:  # pint's, which is a TypeError
            raise self.refused(f"Its dimension is {self.quantity.dimensionality}.") from None
        if self.labels is not None:
            bare = self.labels.copy(data=numbers)
            bare.attrs.pop("units", None)
            return bare
        is_real = np.ndim(numbers) == 0 and np.isrealobj(numbers)
        return float(numbers) if is_real else numbers


def _read(name: str, value: Any, unit: str | None, kind: str) -> _Given:
    """A text, a quantity of pint, or numbers with the name of their unit."""
    if isinstance(value, str) and unit is None:
        found = _TEXT.fullmatch(value)
        if found is None:
            raise ParameterError.of(name, _KINDS[kind][0], value, "It does not begin with a number.")
        parsed = unit_of(name, found["unit"], kind, value)
        quantity = registry().Quantity(float(found["number"]), parsed)
        return _Given(name, kind, value, quantity, is_turned=bool(found["turn"]))
    labels: Any = value if is_labelled(value) else None
    inner: Any = value if labels is None else labels.data
    if unit is not None and (isinstance(value, str) or _is_pint(inner)):
        remedy = f"It comes with a unit of its own: leave out {unit!r}."
        raise ParameterError.of(name, _KINDS[kind][0], value, remedy)
    if _is_pulse(inner.magnitude if _is_pint(inner) else inner):
        raise ParameterError.of(name, _KINDS[kind][0], value, _OF_PULSES)
    if _is_pint(inner):
        numbers_of(name, inner.magnitude)
        try:
            _look_at(inner)
        except Exception:
            raise ParameterError.of(name, _KINDS[kind][0], value, _NO_NAME) from None
        return _Given(name, kind, value, inner, labels)
    if unit is None and labels is not None:
        unit = labels.attrs.get("units")
    if unit is None:
        raise ParameterError.of(name, _KINDS[kind][0], value, _NO_UNIT)
    quantity = registry().Quantity(numbers_of(name, inner), unit_of(name, unit, kind))
    return _Given(name, kind, value, quantity, labels)


def measured(name: str, given: Any, unit: str | None, kind: str) -> Any:
    """Numbers in the SI unit of a kind: time, energy, power, temperature or angle."""
    found = _read(name, given, unit, kind)
    counted = {stem for stem, _ in _stems(found.quantity)}
    if found.is_turned or (kind == "time" and (counted & {"hertz", "pi"} or _angle_in(found.quantity))):
        raise found.refused("Cycles or radians have no place in it.")
    if kind == "angle" and not _angle_in(found.quantity):
        raise found.refused("Its unit must be that of an angle.")
    return found.numbers_in(_KINDS[kind][1])


def frequency_of(name: str, given: Any, unit: str | None, kind: str) -> Frequency:
    """Numbers of cycles or radians per second; an energy stands for itself over hbar."""
    found = _read(name, given, unit, kind)
    counts = counted_by(found.quantity)
    if found.is_turned and counts != CYCLES:
        raise found.refused("A factor 2 pi stands before Hz only.")
    if counts == CYCLES:
        return Frequency(found.numbers_in("hertz"), True)
    if counts == PER_SECOND and kind == "frequency":
        raise found.refused("1/s says neither cycles nor radians: write Hz for cycles, rad/s for radians.")
    if counts is not None:
        return Frequency(found.numbers_in("radian/second"), False)
    if found.quantity.check("[energy]"):
        return Frequency(found.numbers_in("joule") / HBAR, False)
    if found.quantity.check("1/[time]"):
        raise found.refused("Its unit tells neither cycles nor radians.")
    raise found.refused(f"Its dimension is {found.quantity.dimensionality}.")


def _look_at(quantity: Any) -> None:
    """Ask all that will be asked of a unit, so that what pint cannot say is told at once."""
    _angle_in(quantity)
    _ = quantity.dimensionality


def _stems(quantity: Any) -> list[tuple[str, float]]:
    """Names in a unit without their prefixes, "hertz" of MHz, with their powers."""
    found: list[tuple[str, float]] = []
    for written, power in quantity.unit_items():
        parts = quantity._REGISTRY.parse_unit_name(written)
        found.append((parts[0][1] if parts else written, power))
    return found


def _roots(quantity: Any, stem: str) -> dict[str, float]:
    """What a unit is made of at last: second, radian, count and the like."""
    root = quantity._REGISTRY.Quantity(1, stem).to_root_units()
    return dict(root.unit_items())


def _angle_in(quantity: Any) -> float:
    return sum(power * _roots(quantity, stem).get("radian", 0) for stem, power in _stems(quantity))


def counted_by(quantity: Any) -> str | None:
    """Whether a unit counts cycles, radians or neither per second; None where it is none of frequencies."""
    hertz = angle = seconds = 0.0
    for stem, power in _stems(quantity):
        roots = _roots(quantity, stem)
        if stem == "hertz":
            hertz += power
        elif not roots or set(roots) - {"radian", "second"}:
            return None  # pi, per cent, counts and bits are no angles
        elif roots == {"second": -1}:
            return None  # somebody's own name for a rate
        else:
            angle += power * roots.get("radian", 0)
            seconds += power * roots.get("second", 0)
    kinds: dict[tuple[float, float, float], str] = {
        (1, 0, 0): CYCLES,
        (0, 1, -1): RADIANS,
        (0, 0, -1): PER_SECOND,
    }
    return kinds.get((hertz, angle, seconds))
