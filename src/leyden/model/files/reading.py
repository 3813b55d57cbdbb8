"""From a device file to a network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.files.faults import Source
from leyden.model.files.schema import KINDS, device_schema
from leyden.model.network import Network

__all__ = ["parse_device", "read_device"]

# A chain of ten thousand modes takes about 5 MiB.
_LARGEST = 64 * 2**20


def _text(path: str | os.PathLike[str]) -> str:
    """Text of a file, never more than the largest that is read: a pipe or a device may have no end."""
    source = Source(str(path))
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_LARGEST + 1)
            size = max(os.fstat(file.fileno()).st_size, len(raw))
    except (OSError, ValueError) as error:  # a ValueError: the path holds a null byte
        reason = str(getattr(error, "strerror", None) or error)
        raise source.as_a_whole(f"cannot be read: {reason.lower()}") from None
    if len(raw) > _LARGEST:
        found = f"has {size / 2**20:.1f} MiB, more than {_LARGEST // 2**20}"
        raise source.as_a_whole(found, "Build devices of this size in Python.")
    if not raw.strip():
        raise source.as_a_whole("is empty", "`leyden devices two_photon_battery` prints one to start from.")
    if b"\0" in raw:
        raise source.as_a_whole("is no text: it holds null bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise source.as_a_whole(f"is not UTF-8 text (line {line})", "Save it as UTF-8.") from None


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
    >>> from leyden.model.files import read_device
    >>> _ = Path("cavity.toml").write_text('''
    ... charger = "a"
    ... battery = "a"
    ... modes = [{ name = "a" }]
    ... elements = [
    ...     { kind = "two_photon_drive", mode = "a", amplitude = 0.1 },
    ...     { kind = "local_bath", mode = "a", rate = 1.0 },
    ... ]
    ... ''')
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

    origin = Source(source, text)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise origin.as_a_whole("is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        reason = " ".join(str(error).split())
        raise origin.as_a_whole(f"is not TOML: {reason[:1].lower()}{reason[1:]}") from None
    except ValueError:
        raise origin.as_a_whole("holds a number of thousands of digits") from None
    try:
        found = device_schema().model_validate(document)
    except ValidationError as error:
        raise origin.in_schema(error.errors(include_url=False)) from None
    return _network(found, origin)


def _network(found: Any, origin: Source) -> Network:
    """Records from validated tables, which are checked by the records' own rules."""

    def record(kind: type[Element], table: Any, place: tuple[str, int]) -> Any:
        values = {name: getattr(table, name) for name in type(table).model_fields if name != "kind"}
        try:
            return kind(**values)
        except ParameterError as error:
            raise origin.in_record(place, error) from None

    modes = [record(Mode, table, ("modes", place)) for place, table in enumerate(found.modes)]
    elements = [record(KINDS[table.kind], table, ("elements", place)) for place, table in enumerate(found.elements)]
    name = Path(origin.name).stem if found.name is None else found.name
    try:
        return Network(modes, elements, charger=found.charger, battery=found.battery, name=name)
    except ParameterError as error:
        raise origin.at((error.name,), error) from None
