"""Values of a device file as records hold them: numbers, texts, weights; and what is wrong with those that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from leyden.errors import ParameterError
from leyden.model.files.faults import Source
from leyden.numeric import is_whole_number

__all__ = [
    "MissingKeyError",
    "UnknownKeyError",
    "WrongError",
    "is_pulse",
    "read_complex",
    "read_list",
    "read_real",
    "read_switch",
    "read_text",
    "read_weights",
    "read_whole",
    "reader",
    "within",
]

Key = str | int
_Value = TypeVar("_Value")

_COMPLEX_FORM = "be a number or a table { re = ..., im = ... } of two"


class WrongError(ValueError):
    """A value that a file may not hold there, and the keys from there on to what is wrong in it."""

    def __init__(self, allowed: str, value: object, keys: tuple[Key, ...] = ()) -> None:
        super().__init__(allowed)
        self.allowed, self.value, self.keys = allowed, value, keys

    def at(self, origin: Source, place: tuple[Key, ...]) -> ParameterError:
        """The same about a place in a file."""
        return origin.wrong((*place, *self.keys), self.allowed, self.value)


class UnknownKeyError(WrongError):
    """A table with a key that nobody reads."""

    def at(self, origin: Source, place: tuple[Key, ...]) -> ParameterError:
        """The same about a place in a file."""
        known: Any = self.value
        return origin.unknown_key((*place, *self.keys), known)


class MissingKeyError(WrongError):
    """A table without a key that it needs."""

    def at(self, origin: Source, place: tuple[Key, ...]) -> ParameterError:
        """The same about a place in a file."""
        table: Any = self.value
        return origin.missing_key((*place, *self.keys), table)


def within(key: Key, read: Callable[[Any], _Value], value: Any) -> _Value:
    """What is read of a member of a table or an array; what is wrong with it is told with its key."""
    try:
        return read(value)
    except WrongError as error:
        error.keys = (key, *error.keys)
        raise


def reader(allowed: str, is_allowed: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """How a value is read that the record holds as TOML has it."""

    def read(value: Any) -> Any:
        """The value, if it may stand there."""
        if not is_allowed(value):
            raise WrongError(allowed, value)
        return value

    return read


read_text = reader("be a string", lambda value: isinstance(value, str))
read_whole = reader("be a whole number", is_whole_number)
read_switch = reader("be true or false", lambda value: isinstance(value, bool))
read_list = reader("be an array", lambda value: isinstance(value, list))


def read_real(value: Any, allowed: str = "be a number") -> float:
    """A real number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongError(allowed, value)
    try:
        return float(value)
    except OverflowError:
        raise WrongError("be a number below 1.8e308", value) from None


def read_complex(value: Any) -> float | complex:
    """A number, real or complex."""
    if not isinstance(value, dict):
        return read_real(value, _COMPLEX_FORM)
    parts: Mapping[Any, Any] = value
    if set(parts) != {"re", "im"} or not all(isinstance(part, (int, float)) for part in parts.values()):
        raise WrongError(_COMPLEX_FORM, parts)
    return complex(read_real(parts["re"], _COMPLEX_FORM), read_real(parts["im"], _COMPLEX_FORM))


def is_pulse(value: Any) -> bool:
    """Whether a table is no complex number, and so means a pulse."""
    return isinstance(value, dict) and "re" not in value and "im" not in value


def read_weights(value: Any) -> dict[str, float | complex]:
    """A number for each mode."""
    if not isinstance(value, dict):
        raise WrongError("be a table", value)
    table: dict[str, Any] = value
    return {mode: within(mode, read_complex, weight) for mode, weight in table.items()}
