"""Tables of a study file, read key by key; what is wrong with one is told with the file and the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leyden.errors import ParameterError
from leyden.model.files.document import document_of
from leyden.model.files.faults import Source
from leyden.text import listed

__all__ = ["Table"]

# Of NumPy's whole numbers.
_WHOLE = 2**63


@dataclass(frozen=True, eq=False)
class Table:
    """One table of the file; it remembers which keys it was asked for."""

    source: Source
    keys: tuple[str, ...]
    values: Mapping[str, Any]
    known: list[str] = field(default_factory=list[str])

    @classmethod
    def of(cls, source: Source) -> Table:
        """The table of a whole file."""
        return cls(source, (), document_of(source))

    @property
    def name(self) -> str:
        """The table's own key."""
        return self.keys[-1] if self.keys else ""

    def fault(self, key: str, error: ParameterError) -> ParameterError:
        """An error about a key, with the file and the line before it."""
        return self.source.at((*self.keys, key), error)

    def missing(self, key: str) -> ParameterError:
        """An error about a key that is not there."""
        return self.source.missing_key((*self.keys, key), self.values)

    def has(self, key: str) -> bool:
        """Whether a key is there."""
        self.known.append(key)
        return key in self.values

    def wrong(self, key: str, allowed: str) -> ParameterError:
        """An error about the value of a key."""
        return self.source.wrong((*self.keys, key), allowed, self.values[key])

    def text(self, key: str) -> str:
        """A string that must be there."""
        if not self.has(key):
            raise self.missing(key)
        if not isinstance(self.values[key], str):
            raise self.wrong(key, "be a string")
        return self.values[key]

    def word(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of some words."""
        if not self.has(key):
            return default
        if self.values[key] not in allowed:
            raise self.wrong(key, f"be one of {listed(allowed)}")
        return self.values[key]

    def texts(self, key: str) -> list[str]:
        """Strings, none if it is left out."""
        if not self.has(key):
            return []
        words = self.values[key]
        if not isinstance(words, list) or not words:
            raise self.wrong(key, "be an array of strings")
        for place, entry in enumerate(words):
            if not isinstance(entry, str):
                raise self.source.wrong((*self.keys, key, place), "be a string", entry)
        return words

    def whole(self, key: str) -> int | None:
        """A whole number, None if it is left out."""
        if not self.has(key):
            return None
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "be a whole number")
        if abs(value) >= _WHOLE:
            raise self.wrong(key, "be a whole number below 9.2e18")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A number."""
        if not self.has(key):
            if default is None:
                raise self.missing(key)
            return default
        if not _is_number(self.values[key]):
            is_whole = isinstance(self.values[key], int) and not isinstance(self.values[key], bool)
            raise self.wrong(key, "be a number below 1.8e308" if is_whole else "be a number")
        return self.values[key]

    def numbers(self, key: str) -> list[Any]:
        """Numbers, some of them complex."""
        entries = self.values[key]
        if not isinstance(entries, list) or not entries:
            raise self.wrong(key, "be an array of numbers, complex ones as { re = ..., im = ... }")
        plain: list[Any] = []
        for place, entry in enumerate(entries):
            value = _complex_or_same(entry)
            if not (_is_number(value) or isinstance(value, complex)):
                keys = (*self.keys, key, place)
                raise self.source.wrong(keys, "be a number, complex ones as { re = ..., im = ... }", entry)
            # A whole number beyond NumPy's would make an array of objects.
            plain.append(float(value) if isinstance(value, int) and abs(value) >= _WHOLE else value)
        return plain

    def parameters(self) -> dict[str, Any]:
        """All of its values: numbers, complex numbers and words."""
        values: dict[str, Any] = {}
        for key, given in self.values.items():
            values[key] = value = _complex_or_same(given)
            if not (_is_number(value) or isinstance(value, (complex, str))):
                raise self.wrong(key, "be a number, a table { re = ..., im = ... } of two, or a word")
        return values

    def table(self, key: str) -> Table:
        """A table inside this one, which must be there."""
        if not self.has(key):
            raise self.missing(key)
        if not isinstance(self.values[key], dict):
            raise self.wrong(key, "be a table")
        return Table(self.source, (*self.keys, key), self.values[key])

    def tables(self) -> list[Table]:
        """All of its values, which must be tables."""
        return [self.table(key) for key in self.values]

    def refuse_others(self, known: Sequence[str] = ()) -> None:
        """Refuse keys that it was not asked for."""
        every = list(dict.fromkeys([*self.known, *known]))
        for key in self.values:
            if key not in self.known:
                raise self.source.unknown_key((*self.keys, key), every)


def _is_number(value: Any) -> bool:
    """Whether a value is a number that a double can hold: Python's whole numbers have no end."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _complex_or_same(value: Any) -> Any:
    """A complex number of a table of its parts; anything else as it is."""
    if (
        isinstance(value, dict)
        and len(value) == 2
        and set(value) == {"re", "im"}
        and all(map(_is_number, value.values()))
    ):
        return complex(value["re"], value["im"])
    return value
