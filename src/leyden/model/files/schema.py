"""What a device file may hold, read off the records themselves: a new element needs no line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields
from functools import lru_cache
from types import UnionType
from typing import Any, get_args, get_type_hints

from leyden.model.elements import Element
from leyden.numeric import is_whole_number

__all__ = ["DEVICE", "FORMAT", "Entry", "WrongError", "entries_of", "read_list"]

FORMAT = 1

_COMPLEX_FORM = "be a number or a table { re = ..., im = ... } of two"


class WrongError(ValueError):
    """A value that a file may not hold there."""

    def __init__(self, allowed: str, value: object, keys: tuple[str, ...] = ()) -> None:
        super().__init__(allowed)
        self.allowed, self.value, self.keys = allowed, value, keys


@dataclass(frozen=True)
class Entry:
    """A key of a table."""

    read: Callable[[Any], Any]  # takes the value as TOML has it and returns the record's; raises WrongError
    is_required: bool = True  # whether it must be there


def _reader(allowed: str, is_allowed: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """How a value is read that the record holds as TOML has it."""

    def read(value: Any) -> Any:
        """The value, if it may stand there."""
        if not is_allowed(value):
            raise WrongError(allowed, value)
        return value

    return read


_text = _reader("be a string", lambda value: isinstance(value, str))
_whole = _reader("be a whole number", is_whole_number)
_switch = _reader("be true or false", lambda value: isinstance(value, bool))
# true and 1.0 equal 1, too
_version = _reader(
    f"be {FORMAT}, the version of the format that this leyden reads",
    lambda value: type(value) is int and value == FORMAT,
)
read_list = _reader("be an array", lambda value: isinstance(value, list))


def _real(value: Any, allowed: str = "be a number") -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongError(allowed, value)
    try:
        return float(value)
    except OverflowError:
        raise WrongError("be a number below 1.8e308", value) from None


def _complex(value: Any) -> float | complex:
    if not isinstance(value, dict):
        return _real(value, _COMPLEX_FORM)
    if set(value) != {"re", "im"} or not all(isinstance(part, (int, float)) for part in value.values()):
        raise WrongError(_COMPLEX_FORM, value)
    return complex(_real(value["re"], _COMPLEX_FORM), _real(value["im"], _COMPLEX_FORM))


def _weights(value: Any) -> dict[str, float | complex]:
    if not isinstance(value, dict):
        raise WrongError("be a table", value)
    found: dict[str, float | complex] = {}
    for mode, weight in value.items():
        try:
            found[mode] = _complex(weight)
        except WrongError as error:
            raise WrongError(error.allowed, error.value, (mode,)) from None
    return found


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
    "name": Entry(_text, is_required=False),
    "charger": Entry(_text),
    "battery": Entry(_names),
    "rate_unit": Entry(_text, is_required=False),
    "frequency_unit": Entry(_text, is_required=False),
    "modes": Entry(read_list),
    "elements": Entry(read_list, is_required=False),
}
"""Keys of a whole file."""

# Types of fields that are no numeric parameters.
_READERS: dict[Any, Callable[[Any], Any]] = {str: _text, int: _whole, bool: _switch}


def _reader_of(entry: Field[Any], hint: Any) -> Callable[[Any], Any]:
    """How one field of a record is read: numbers by their rule, weights as tables of numbers."""
    if "rule" in entry.metadata:
        return _complex if entry.metadata["rule"] == "complex" else _real
    if "rule_by_mode" in entry.metadata:
        return _weights
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
