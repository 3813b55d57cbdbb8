"""What a device file may hold, read off the records themselves: a new element needs no line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields
from functools import lru_cache
from types import UnionType
from typing import Any, get_args, get_type_hints

from leyden.model.elements import Element
from leyden.model.files.values import (
    WrongError,
    is_pulse,
    read_complex,
    read_list,
    read_real,
    read_switch,
    read_text,
    read_weights,
    read_whole,
    reader,
)

__all__ = ["DEVICE", "FORMAT", "Entry", "entries_of"]

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
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        raise WrongError("be the name of a mode, or an array of names", value)
    for name in names:
        if not isinstance(name, str):
            raise WrongError("be the name of a mode, or an array of names", [name])
    return value


DEVICE: dict[str, Entry] = {
    "format": Entry(_version, is_required=False),
    "name": Entry(read_text, is_required=False),
    "charger": Entry(read_text),
    "battery": Entry(_names),
    "rate_unit": Entry(read_text, is_required=False),
    "frequency_unit": Entry(read_text, is_required=False),
    "modes": Entry(read_list),
    "elements": Entry(read_list, is_required=False),
}
"""Keys of a whole file."""

# Types of fields that are no numeric parameters.
_READERS: dict[Any, Callable[[Any], Any]] = {str: read_text, int: read_whole, bool: read_switch}


def _or_pulse(number: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What reads a number, or a pulse in its place."""

    def read(value: Any) -> Any:
        """A number or a pulse."""
        if not is_pulse(value):
            return number(value)
        from leyden.model.files.pulses import read_pulse  # and the shapes of pulses, which few devices have

        return read_pulse(value)

    return read


def _reader_of(entry: Field[Any], hint: Any) -> Callable[[Any], Any]:
    """How one field of a record is read: numbers by their rule, weights as tables of numbers."""
    if "rule" in entry.metadata:
        number = read_complex if entry.metadata["rule"] == "complex" else read_real
        return _or_pulse(number) if entry.metadata.get("may_change") else number
    if "rule_by_mode" in entry.metadata:
        return read_weights
    if isinstance(hint, UnionType):  # what may be None is left out of a file then
        hint = next(kind for kind in get_args(hint) if kind is not type(None))
    return _READERS[hint]


@lru_cache(maxsize=64)
def entries_of(record: type[Element]) -> dict[str, Entry]:
    """Keys that the table of a mode or an element may have, apart from its kind."""
    hints = get_type_hints(record)
    return {
        entry.name: Entry(_reader_of(entry, hints[entry.name]), entry.default is MISSING) for entry in fields(record)
    }
