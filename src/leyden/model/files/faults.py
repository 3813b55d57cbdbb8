"""Faults of a file as errors: one line with the file, the line in it, the key, what was found and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leyden.errors import ParameterError
from leyden.text import listed, nearest, one_line, shortened

__all__ = ["Key", "Source", "dotted"]

Key = str | int

# Of a longer path the end is shown.
_LONGEST_PATH = 100


def dotted(keys: Sequence[Key]) -> str:
    """("elements", 2, "rate") as `elements[2].rate`, the way it would be written in Python."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".") or "path"


@dataclass(frozen=True)
class Source:
    """A file's text and name."""

    name: str  # its path, as the user gave it
    text: str = ""  # TOML, or what should be
    kind: str = "device file"  # what it should be

    @property
    def label(self) -> str:
        """Its path, of a long one the end."""
        return one_line(self.name if len(self.name) <= _LONGEST_PATH else f"...{self.name[3 - _LONGEST_PATH :]}")

    def as_a_whole(self, reason: str, remedy: str = "") -> ParameterError:
        """An error about the whole file."""
        sentence = f"Argument `path` must be a {self.kind}, but '{self.label}' {reason}. {remedy}"
        return ParameterError(sentence, name="path", value=self.name, allowed=f"be a {self.kind}")

    def at(self, keys: Sequence[Key], error: ParameterError) -> ParameterError:
        """An error with the file and the line of a key before it."""
        from leyden.model.files.lines import line_of  # of no use as long as nothing is wrong

        line = line_of(self.text, keys)
        where = self.label if line is None else f"{self.label}, line {line}"
        found: dict[str, Any] = {"name": error.name, "value": error.value, "allowed": error.allowed}
        return ParameterError(f"{where}: {error.message}", **found)

    def wrong(self, keys: Sequence[Key], allowed: str, value: object, remedy: str = "") -> ParameterError:
        """An error about the value of a key."""
        return self.at(keys, ParameterError.of(dotted(keys), allowed, value, remedy))

    def unknown_key(self, keys: Sequence[Key], known: Sequence[str], hint: str = "") -> ParameterError:
        """An error about a key that nobody reads."""
        where, key = dotted(keys[:-1]), str(keys[-1])
        found = f"{shortened(key)}. {hint or nearest(key, known)}"
        sentence = f"Argument `{where}` must have no keys but {listed(known)}, but has {found}"
        return self.at(keys, ParameterError(sentence, name=where, value=key, allowed="have known keys only"))

    def missing_key(self, keys: Sequence[Key], table: Mapping[str, Any]) -> ParameterError:
        """An error about a key that is not there."""
        where, key = dotted(keys[:-1]), str(keys[-1])
        present = f"only {listed(table)}" if table else "none"
        sentence = f"Argument `{where}` must have the key {key!r}, but has {present}."
        error = ParameterError(sentence, name=where, value=dict(table), allowed=f"have the key {key!r}")
        return self.at(keys[:-1], error)

    def in_record(self, place: tuple[Key, ...], error: ParameterError) -> ParameterError:
        """A record's error about its `rate` as one about `elements[2].rate` of the file."""
        told = error.about(f"{dotted(place)}.{error.name}")
        return self.at((*place, error.name.partition("[")[0]), told)
