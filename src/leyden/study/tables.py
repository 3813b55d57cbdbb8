"""Tables of a study file, read key by key; what is wrong with one is told with the file and the line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leyden.errors import ParameterError
from leyden.model.files.faults import Source
from leyden.text import listed, nearest, shortened

__all__ = ["Table"]


@dataclass(frozen=True, eq=False)
class Table:
    """One table of the file; it remembers which keys it was asked for.

    Parameters
    ----------
    source : Source
        The file.
    keys : tuple of str
        Path to the table.
    values : mapping of str to value
        What it holds.
    known : list of str
        Keys that it was asked for so far.
    """

    source: Source
    keys: tuple[str, ...]
    values: Mapping[str, Any]
    known: list[str] = field(default_factory=list[str])

    @classmethod
    def of_text(cls, name: str, text: str) -> Table:
        """The table of a whole file.

        Parameters
        ----------
        name : str
            The file's name, for messages.
        text : str
            TOML.

        Returns
        -------
        Table
        """
        try:
            return cls(Source(name, text), (), tomllib.loads(text))
        except (ValueError, RecursionError) as error:
            reason = " ".join(str(error).split())
            raise ParameterError.of("path", f"be a study file ({name!r} is not TOML: {reason})", name) from None

    @property
    def name(self) -> str:
        """The table's own key."""
        return self.keys[-1] if self.keys else ""

    def fault(self, key: str, error: ParameterError) -> ParameterError:
        """An error about a key, with the file and the line before it.

        Parameters
        ----------
        key : str
            The key.
        error : ParameterError
            What is wrong there.

        Returns
        -------
        ParameterError
        """
        return self.source.at((*self.keys, key), error)

    def missing(self, key: str) -> ParameterError:
        """An error about a key that is not there.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        ParameterError
        """
        where = ".".join(self.keys) or self.source.name
        sentence = f"Argument `{where}` must have the key {key!r}, but has {listed(self.values)}."
        return self.source.at(self.keys, ParameterError(sentence, name=where, value=key, allowed=f"have {key!r}"))

    def has(self, key: str) -> bool:
        """Whether a key is there.

        Parameters
        ----------
        key : str
            The key.
        """
        self.known.append(key)
        return key in self.values

    def _wrong(self, key: str, allowed: str) -> ParameterError:
        return self.fault(key, ParameterError.of(".".join((*self.keys, key)), allowed, self.values[key]))

    def text(self, key: str) -> str:
        """A string that must be there.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        str
        """
        if not self.has(key):
            raise self.missing(key)
        if not isinstance(self.values[key], str):
            raise self._wrong(key, "be a string")
        return self.values[key]

    def word(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of some words.

        Parameters
        ----------
        key : str
            The key.
        allowed : sequence of str
            The words.
        default : str
            What it is when left out.

        Returns
        -------
        str
        """
        if not self.has(key):
            return default
        if self.values[key] not in allowed:
            raise self._wrong(key, f"be one of {', '.join(allowed)}")
        return self.values[key]

    def texts(self, key: str) -> list[str]:
        """Strings, none if it is left out.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        list of str
        """
        if not self.has(key):
            return []
        found = self.values[key]
        if not isinstance(found, list) or not found or not all(isinstance(entry, str) for entry in found):
            raise self._wrong(key, "be an array of strings")
        return found

    def whole(self, key: str) -> int | None:
        """A whole number, None if it is left out.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        int or None
        """
        if not self.has(key):
            return None
        found = self.values[key]
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._wrong(key, "be a whole number")
        return found

    def number(self, key: str, default: float | None = None) -> float:
        """A number.

        Parameters
        ----------
        key : str
            The key.
        default : float or None
            What it is when left out; None if it must be there.

        Returns
        -------
        float
        """
        if not self.has(key):
            if default is None:
                raise self.missing(key)
            return default
        if not _is_number(self.values[key]):
            raise self._wrong(key, "be a number")
        return self.values[key]

    def numbers(self, key: str) -> list[Any]:
        """Numbers, some of them complex.

        Parameters
        ----------
        key : str
            The key, which is there.

        Returns
        -------
        list
        """
        found = self.values[key]
        plain = [_complex_or_same(entry) for entry in found] if isinstance(found, list) else []
        if not plain or not all(_is_number(entry) or isinstance(entry, complex) for entry in plain):
            raise self._wrong(key, "be an array of numbers, complex ones as { re = ..., im = ... }")
        return plain

    def parameters(self) -> dict[str, Any]:
        """All of its values: numbers, complex numbers and words."""
        found = {key: _complex_or_same(value) for key, value in self.values.items()}
        for key, value in found.items():
            if not (_is_number(value) or isinstance(value, (complex, str))):
                raise self._wrong(key, "be a number, a table { re = ..., im = ... } of two, or a word")
        return found

    def table(self, key: str) -> Table:
        """A table inside this one, which must be there.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        Table
        """
        if not self.has(key):
            raise self.missing(key)
        if not isinstance(self.values[key], dict):
            raise self._wrong(key, "be a table")
        return Table(self.source, (*self.keys, key), self.values[key])

    def tables(self) -> list[Table]:
        """All of its values, which must be tables."""
        return [self.table(key) for key in self.values]

    def refuse_others(self, known: Sequence[str] = ()) -> None:
        """Refuse keys that it was not asked for.

        Parameters
        ----------
        known : sequence of str
            Keys that would have been asked for otherwise, for the message.
        """
        for key in self.values:
            if key not in self.known:
                where = ".".join(self.keys) or self.source.name
                every = list(dict.fromkeys([*self.known, *known]))
                found = f"{shortened(key)}. {nearest(key, every)}"
                sentence = f"Argument `{where}` must have no keys but {', '.join(every)}, but has {found}"
                raise self.fault(key, ParameterError(sentence, name=where, value=key, allowed="have known keys only"))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _complex_or_same(value: Any) -> Any:
    """A complex number of a table of its parts; anything else as it is."""
    if isinstance(value, dict) and set(value) == {"re", "im"} and all(map(_is_number, value.values())):
        return complex(value["re"], value["im"])
    return value
