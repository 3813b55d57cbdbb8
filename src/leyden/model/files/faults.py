"""Faults of a device file as errors: one line with the file, the line in it, the key, what was found and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leyden.errors import ParameterError
from leyden.model.files.lines import line_of
from leyden.model.files.schema import KINDS, keys_of
from leyden.text import listed, nearest, shortened

__all__ = ["Source"]

Key = str | int

# The schema's words -> those of TOML.
_WORDS = {
    "a valid dictionary or object to extract fields from": "a table",
    "a valid dictionary": "a table",
    "a valid list": "an array",
    "a valid string": "a string",
    "a valid integer": "a whole number",
    " or instance of Mode": "",
    "Input should ": "",
    "Value error, ": "",
}


@dataclass(frozen=True)
class Source:
    """A device file's text and name.

    Parameters
    ----------
    name : str
        Its path, as the user gave it.
    text : str
        TOML, or what should be.
    """

    name: str
    text: str = ""

    def as_a_whole(self, reason: str, remedy: str = "") -> ParameterError:
        """An error about the whole file.

        Parameters
        ----------
        reason : str
            What it is or has, to follow its name.
        remedy : str
            A sentence.

        Returns
        -------
        ParameterError
        """
        tail = f" {remedy}" if remedy else ""
        sentence = f"Argument `path` must be a device file, but {self.name!r} {reason}.{tail}"
        return ParameterError(sentence, name="path", value=self.name, allowed="be a device file")

    def at(self, keys: Sequence[Key], error: ParameterError) -> ParameterError:
        """An error with the file and the line of a key before it.

        Parameters
        ----------
        keys : sequence of str or int
            Path to the key.
        error : ParameterError
            What is wrong there.

        Returns
        -------
        ParameterError
        """
        line = line_of(self.text, keys)
        where = self.name if line is None else f"{self.name}, line {line}"
        found: dict[str, Any] = {"name": error.name, "value": error.value, "allowed": error.allowed}
        return ParameterError(f"{where}: {error.message}", **found)

    def in_record(self, place: tuple[str, int], error: ParameterError) -> ParameterError:
        """A record's error about its `rate` as one about `elements[2].rate` of the file.

        Parameters
        ----------
        place : (str, int)
            "modes" or "elements", and the position there.
        error : ParameterError
            As the record raised it.

        Returns
        -------
        ParameterError
        """
        where = f"{_dotted(place)}.{error.name}"
        message = error.message.replace(f"`{error.name}`", f"`{where}`", 1)
        return self.at(
            (*place, error.name.partition("[")[0]),
            ParameterError(message, name=where, value=error.value, allowed=error.allowed),
        )

    def in_schema(self, faults: Sequence[Any]) -> ParameterError:
        """The one fault to report: an unknown key before a missing one, of which it may be the misspelling.

        Parameters
        ----------
        faults : sequence of mapping
            Those of a pydantic ValidationError.

        Returns
        -------
        ParameterError
        """
        fault = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        loc: tuple[Key, ...] = fault["loc"]
        # Behind the position of an element its kind stands in pydantic's path, but not in the file.
        keys = (*loc[:2], *loc[3:]) if loc[:1] == ("elements",) else loc
        last = keys[-1] if keys else ""
        if fault["type"] == "extra_forbidden":
            return self.at(keys, _unknown_key(_dotted(keys[:-1]), str(last), keys_of(loc[:-1])))
        if fault["type"] == "missing":
            return self.at(keys[:-1], _missing_key(_dotted(keys[:-1]), str(last), fault["input"]))
        if fault["type"] == "union_tag_not_found":
            return self.at(keys, _missing_key(_dotted(keys), "kind", fault["input"]))
        if fault["type"] == "union_tag_invalid":
            error = ParameterError.of(f"{_dotted(keys)}.kind", f"be one of {', '.join(KINDS)}", fault["input"]["kind"])
            return self.at((*keys, "kind"), error)
        allowed = fault["msg"]
        for words, plain in _WORDS.items():
            allowed = allowed.replace(words, plain)
        return self.at(keys, ParameterError.of(_dotted(keys), allowed, fault["input"]))


def _dotted(keys: Sequence[Key]) -> str:
    """("elements", 2, "rate") as `elements[2].rate`, the way it would be written in Python."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".") or "path"


def _unknown_key(where: str, key: str, known: Sequence[str]) -> ParameterError:
    hint = nearest(key, known)
    if key in keys_of(()):
        hint = "Keys of the device itself stand above the first [[modes]] and [[elements]]."
    sentence = f"Argument `{where}` must have no keys but {', '.join(known)}, but has {shortened(key)}. {hint}"
    return ParameterError(sentence, name=where, value=key, allowed="have known keys only")


def _missing_key(where: str, key: str, found: Any) -> ParameterError:
    present = f"only {listed(found)}" if found else "none"
    sentence = f"Argument `{where}` must have the key {key!r}, but has {present}."
    return ParameterError(sentence, name=where, value=found, allowed=f"have the key {key!r}")
