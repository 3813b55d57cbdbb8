"""Values of a device file as records hold them: numbers, texts, weights; and what is wrong with those that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.files.faults import Source
from leyden.numeric import is_whole_number

__all__ = [
    "Key",
    "MissingKeyError",
    "Run",
    "UnknownKeyError",
    "WrongError",
    "is_pulse",
    "read_complex",
    "read_list",
    "read_real",
    "read_run",
    "read_switch",
    "read_text",
    "read_weights",
    "read_whole",
    "reader",
    "within",
]

Key = str | int
_Value = TypeVar("_Value")

_RUN = ("first", "members", "step")
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


@dataclass(frozen=True)
class Run:
    """Places in rows, each a step further than the one before."""

    first: tuple[int, ...]
    members: int
    step: int

    @property
    def last(self) -> int:
        """The largest place."""
        return max(self.first) + self.step * (self.members - 1)

    def places(self) -> NDArray[np.intp]:
        """All rows, shape (m, k); not to be asked for before the size is known to be one that there is room for."""
        return np.asarray(self.first, dtype=np.intp) + self.step * np.arange(self.members)[:, None]


def read_run(value: Mapping[str, Any]) -> Run:
    """Rows of places that follow each other."""
    for key in value:
        if key not in _RUN:
            raise UnknownKeyError("have known keys only", _RUN, (key,))
    for key in _RUN[:2]:
        if key not in value:
            raise MissingKeyError(f"have the key {key!r}", value, (key,))
    first = value["first"] if isinstance(value["first"], list) else [value["first"]]
    if not first or any(type(place) is not int or place < 0 for place in first):
        raise WrongError("hold whole numbers from 0", value["first"], ("first",))
    for key in ("members", "step"):
        if type(value.get(key, 1)) is not int or value.get(key, 1) < 1:
            raise WrongError("be a whole number from 1", value[key], (key,))
    return Run(tuple(first), value["members"], value.get("step", 1))
