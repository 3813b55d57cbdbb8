"""What a device file may hold, read off the records themselves: a new element needs no line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from functools import lru_cache
from typing import Any

from leyden.errors import ParameterError
from leyden.model.elements import KINDS, Element, Mode, kind_of
from leyden.model.files.values import (
    WrongError,
    is_pulse,
    read_complex,
    read_list,
    read_real,
    read_run,
    read_switch,
    read_text,
    read_weights,
    read_whole,
    reader,
)

__all__ = ["DEVICE", "FORMAT", "Entry", "entries_of", "kinds_with", "or_pulse"]

FORMAT = 1


@dataclass(frozen=True)
class Entry:
    """A key of a table."""

    read: Callable[[Any], Any]  # takes the value as TOML has it and returns the record's; raises WrongError
    is_required: bool = True  # whether it must be there


# true and 1.0 equal 1, too
_version = reader(
    f"be {FORMAT}, the version of the format that this leyden reads",
    lambda value: type(value) is int and value == FORMAT,
)


def _names(value: Any) -> Any:
    if isinstance(value, dict):
        return read_run(value)
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        raise WrongError("be the name of a mode, or an array of names", value)
    for name in names:
        if not isinstance(name, str):
            raise WrongError("be the name of a mode, or an array of names", [name])
    return value


def _modes(value: Any) -> Any:
    """A table for each mode, or one for all."""
    return value if isinstance(value, dict) else read_list(value)


DEVICE: dict[str, Entry] = {
    "format": Entry(_version, is_required=False),
    "name": Entry(read_text, is_required=False),
    "charger": Entry(read_text),
    "battery": Entry(_names),
    "rate_unit": Entry(read_text, is_required=False),
    "frequency_unit": Entry(read_text, is_required=False),
    "modes": Entry(_modes),
    "elements": Entry(read_list, is_required=False),
    "families": Entry(read_list, is_required=False),
}
"""Keys of a whole file."""

# Types of fields that are no numeric parameters, by name: what a class has imported for others, nobody looks up.
_READERS: dict[str, Callable[[Any], Any]] = {"str": read_text, "int": read_whole, "bool": read_switch}


def or_pulse(number: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What reads a number, or a pulse in its place."""

    def read(value: Any) -> Any:
        """A number or a pulse."""
        if not is_pulse(value):
            return number(value)
        from leyden.model.files.pulses import read_pulse  # and the shapes of pulses, which few devices have

        return read_pulse(value)

    return read


def _reader_of(kind: type[Element], entry: Field[Any]) -> Callable[[Any], Any]:
    """How one field of a record is read: numbers by their rule, weights as tables of numbers."""
    if "rule" in entry.metadata:
        number = read_complex if entry.metadata["rule"] == "complex" else read_real
        return or_pulse(number) if entry.metadata.get("may_change") else number
    if "rule_by_mode" in entry.metadata:
        return read_weights
    name = getattr(entry.type, "__name__", str(entry.type)).removesuffix(" | None")  # what is None is left out of files
    if name not in _READERS:
        allowed = "have fields that files hold: `parameter`, `by_mode`, and of the types str (a mode), int and bool"
        raise ParameterError.of("elements", allowed, f"{kind.__name__}.{entry.name}")
    return _READERS[name]


@lru_cache(maxsize=64)
def entries_of(record: type[Element]) -> dict[str, Entry]:
    """Keys that the table of a mode or an element may have, apart from its kind."""
    return {entry.name: Entry(_reader_of(record, entry), entry.default is MISSING) for entry in fields(record)}


def kinds_with(elements: Sequence[type[Element]]) -> Mapping[str, type[Element]]:
    """All kinds of elements by name, those of the user's own among them."""
    found = dict(KINDS)
    for kind in elements:
        is_own = isinstance(kind, type) and issubclass(kind, Element) and not issubclass(kind, Mode)
        if not is_own or "__dataclass_fields__" not in vars(kind):
            allowed = "hold classes of elements, frozen dataclasses under `leyden.Element`"
            raise ParameterError.of("elements", allowed, kind)
        if found.setdefault(kind_of(kind), kind) is not kind:
            allowed = "hold classes with names of their own"
            raise ParameterError.of("elements", allowed, kind_of(kind), "There is another kind of that name.")
        entries_of(kind)
    return found
