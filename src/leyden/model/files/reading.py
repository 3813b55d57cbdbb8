"""From a device file to a network: every fault of a file is one line that says where it is."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.files.lines import line_of
from leyden.model.files.schema import KINDS, device_schema, keys_of
from leyden.model.network import Network

__all__ = ["parse_device", "read_device"]

# A chain of ten thousand modes takes about 5 MiB.
_LARGEST = 64 * 2**20

_TOML_WORDS = {
    "valid dictionary or object to extract fields from": "table",
    "valid dictionary": "table",
    "valid list": "array",
    "valid string": "string",
    "valid integer": "whole number",
}


def _refused(source: str, reason: str, remedy: str = "") -> ParameterError:
    tail = f" {remedy}" if remedy else ""
    return ParameterError(
        f"Argument `path` must be a device file, but {source!r} {reason}.{tail}",
        name="path",
        value=source,
        allowed="be a device file",
    )


def _text(path: str | os.PathLike[str]) -> str:
    """Text of a file, never more than the largest that is read, however large a device claims to be."""
    source = str(path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_LARGEST + 1)
            size = max(os.fstat(file.fileno()).st_size, len(raw))
    except OSError as error:
        raise _refused(source, f"cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:  # an embedded null byte
        raise _refused(source, f"cannot be read: {error}") from None
    if len(raw) > _LARGEST:
        found = f"has {size / 2**20:.1f} MiB, more than {_LARGEST // 2**20}"
        raise _refused(source, found, "Build devices of this size in Python.")
    if not raw.strip():
        raise _refused(source, "is empty", "`leyden devices two_photon_battery` prints one to start from.")
    if b"\0" in raw:
        raise _refused(source, "is no text: it holds null bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(source, f"is not UTF-8 text (line {line})", "Save it as UTF-8.") from None


def read_device(path: str | os.PathLike[str]) -> Network:
    """Read a device from a TOML file.

    Parameters
    ----------
    path : str or path
        A file in the form that `leyden.model.files` describes, at most 64 MiB.

    Returns
    -------
    Network
        Named after the file where the file does not say.

    Raises
    ------
    ParameterError
        If the file cannot be read, is not TOML, holds an unknown key, lacks one or holds a value out of range; the
        message names the key and, where it can be found, the line.

    Examples
    --------
    >>> from pathlib import Path
    >>> import leyden as ly
    >>> _ = Path("cavity.toml").write_text('''
    ... charger = "a"
    ... battery = "a"
    ... modes = [{ name = "a" }]
    ... elements = [{ kind = "two_photon_drive", mode = "a", amplitude = 0.1 },
    ...             { kind = "local_bath", mode = "a", rate = 1.0 }]
    ... ''')
    >>> from leyden.model.files import read_device
    >>> ly.critical_drive(read_device("cavity.toml"))
    0.25
    """
    return parse_device(_text(path), str(path))


def parse_device(text: str, source: str = "device") -> Network:
    """Make a device of the text of a device file.

    Parameters
    ----------
    text : str
        TOML in the form that `leyden.model.files` describes.
    source : str
        What messages call the text; the device's name, less any suffix, where the text does not say.

    Returns
    -------
    Network

    Raises
    ------
    ParameterError
        As `read_device`.
    """
    import tomllib

    from pydantic import ValidationError

    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise _refused(source, "is nested too deeply") from None
    except (ValueError, OverflowError) as error:  # syntax; a number of thousands of digits, or a date out of range
        reason = " ".join(str(error).split())
        raise _refused(source, f"is not TOML: {reason[:1].lower()}{reason[1:]}") from None
    try:
        found = device_schema().model_validate(document)
    except ValidationError as error:
        raise _worst(error, document, text, source) from None
    return _network(found, text, source)


def _network(found: Any, text: str, source: str) -> Network:
    """Records from validated tables; what a record refuses gets its place in the file."""

    def record(kind: type[Element], table: Any, place: tuple[str, int]) -> Any:
        names = [name for name in type(table).model_fields if name != "kind"]
        try:
            return kind(**{name: getattr(table, name) for name in names})
        except ParameterError as error:
            raise _placed(error, place, text, source) from None

    modes = [record(Mode, table, ("modes", place)) for place, table in enumerate(found.modes)]
    elements = [record(KINDS[table.kind], table, ("elements", place)) for place, table in enumerate(found.elements)]
    name = Path(source).stem if found.name is None else found.name
    try:
        return Network(modes, elements, charger=found.charger, battery=found.battery, name=name)
    except ParameterError as error:
        raise _located(error.message, (error.name,), error.name, error.value, error.allowed, text, source) from None


def _placed(error: ParameterError, place: tuple[str, int], text: str, source: str) -> ParameterError:
    """An error about a record's `rate` as one about `elements[2].rate` of the file."""
    where = f"{place[0]}[{place[1]}].{error.name}"
    message = error.message.replace(f"`{error.name}`", f"`{where}`", 1)
    keys = (*place, error.name.partition("[")[0])
    return _located(message, keys, where, error.value, error.allowed, text, source)


def _located(
    message: str, keys: Sequence[str | int], name: str, value: object, allowed: str, text: str, source: str
) -> ParameterError:
    line = line_of(text, keys)
    where = source if line is None else f"{source}, line {line}"
    return ParameterError(f"{where}: {message}", name=name, value=value, allowed=allowed)


def _worst(error: Any, document: Any, text: str, source: str) -> ParameterError:
    """The one fault to report: an unknown key before a missing one, of which it may be the misspelling."""
    faults = sorted(error.errors(include_url=False), key=lambda fault: fault["type"] != "extra_forbidden")
    fault = faults[0]
    # Behind the position of an element its kind stands in pydantic's path, but not in the file.
    keys = [key for position, key in enumerate(fault["loc"]) if not (position == 2 and fault["loc"][0] == "elements")]
    outer = _dotted(keys[:-1])
    if fault["type"] == "extra_forbidden":
        known = keys_of(fault["loc"][:-1])
        close = difflib.get_close_matches(str(keys[-1]), known, n=1)
        remedy = f" Did you mean {close[0]!r}?" if close else ""
        message = f"Argument `{outer}` must have no other keys than {', '.join(known)}, but has {keys[-1]!r}.{remedy}"
        return _located(message, keys, outer, keys[-1], "have known keys only", text, source)
    if fault["type"] == "missing":
        known = ", ".join(fault["input"]) or "none"
        message = f"Argument `{outer}` must have the key {keys[-1]!r}, but has only {known}."
        return _located(message, keys[:-1], outer, None, f"have the key {keys[-1]!r}", text, source)
    if fault["type"] == "union_tag_not_found":
        keys, allowed = [*keys, "kind"], f"be one of {', '.join(KINDS)}"
    ...
