"""From a network to a device file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from leyden.atomic import atomic_path
from leyden.errors import ParameterError
from leyden.model.changing import Pulse
from leyden.model.elements import Element, Mode, kind_of
from leyden.model.files.schema import FORMAT, kinds_with
from leyden.model.network import Network

__all__ = ["device_tables", "device_text", "toml_key", "toml_value", "write_device"]

_HEAD = """\
# A device of leyden: its modes, the elements between them, and which modes are the charger and the battery.
# Rates, detunings, couplings and drive amplitudes share one unit, and times are in its inverse. Phases are in radians.
# `frequency` is the energy of one quantum, the unit of all energies; `occupation` is a mean number of thermal quanta.
# A complex number is written { re = 0.0, im = -0.25 }; a plain number is real. What changes in time is a pulse, as
# { gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }, or { sum = [...] } or { product = [...] } of several.
"""
# Keys that need no quotation marks.
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _single(where: str, value: Any) -> float | complex:
    """A parameter of one device, as a Python number."""
    if isinstance(value, (float, complex)):
        return value
    if np.ndim(value) > 0:
        raise ParameterError.of(
            "network",
            "be a single device to be written (one file, one device)",
            f"{where} of shape {tuple(np.shape(value))}",
            "Write each device of a batch to a file of its own.",
        )
    number = np.asarray(value).item()
    return number if isinstance(number, complex) else float(number)


def _table(record: Element) -> dict[str, Any]:
    """Fields of a record as TOML values: complex numbers as tables of two."""

    def plain(where: str, value: Any) -> Any:
        if isinstance(value, (str, int)):  # names, and switches or counts; numeric parameters are floats or complex
            return value
        if isinstance(value, Mapping):
            return {str(mode): plain(f"{where}[{mode}]", weight) for mode, weight in value.items()}
        if isinstance(value, Pulse):
            from leyden.model.files.pulses import pulse_table  # and the shapes of pulses, which few devices have

            return pulse_table(value, lambda number: plain(where, number))
        number = _single(f"{record.label}.{where}", value)
        return {"re": number.real, "im": number.imag} if isinstance(number, complex) else number

    names = [entry.name for entry in fields(record) if entry.name not in record.left_out]
    return {name: plain(name, getattr(record, name)) for name in names}


def device_tables(network: Network, elements: Sequence[type[Element]] = ()) -> dict[str, Any]:
    """Contents of a device file, before they are put into words."""
    kinds = kinds_with(elements)
    if not isinstance(network, Network):
        raise ParameterError.of("network", "be a Network", network)
    for element in network.elements:
        if kinds.get(kind_of(type(element))) is not type(element):
            remedy = f"Give the class, elements=[{type(element).__name__}]."
            raise ParameterError.of("network", f"hold elements of the kinds {', '.join(kinds)}", element.label, remedy)
    battery = network.battery
    return {
        "format": FORMAT,
        "name": str(network.name),
        **network.scale,
        "charger": network.charger,
        "battery": battery if isinstance(battery, str) else list(battery),
        "modes": [_table(mode) for mode in network.modes],
        "elements": [{"kind": kind_of(type(element))} | _table(element) for element in network.elements],
    }


def _text(text: str) -> str:
    """A string of TOML; names hold no control characters, which would have to be spelt out."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def toml_key(name: str) -> str:
    """A key of TOML, in quotation marks where it needs them."""
    return name if _BARE.fullmatch(name) else _text(name)


def toml_value(value: Any) -> str:
    """A value of TOML; tables and arrays in line, which is the form that people write here."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        members: dict[str, Any] = value
        return f"{{ {', '.join([f'{toml_key(name)} = {toml_value(member)}' for name, member in members.items()])} }}"
    if isinstance(value, list):
        entries: list[Any] = value
        return f"[{', '.join(map(toml_value, entries))}]"
    return repr(value)


def _lines(tables: dict[str, Any], kinds: Mapping[str, type[Element]]) -> Iterator[str]:
    for key, value in tables.items():
        if key not in ("modes", "elements"):
            yield f"{key} = {toml_value(value)}"
    explained: set[str] = set()
    for key, record in (("modes", Mode), ("elements", None)):
        for table in tables[key]:
            kind = record or kinds[table["kind"]]
            yield ""
            if kind.__name__ not in explained:
                explained.add(kind.__name__)
                yield f"# {(kind.__doc__ or '').splitlines()[0]}"
            yield f"[[{key}]]"
            for entry, value in table.items():
                yield f"{entry} = {toml_value(value)}"


def device_text(network: Network, elements: Sequence[type[Element]] = ()) -> str:
    """Text of a device file, with units and the meaning of each kind of element in comments."""
    return _HEAD + "\n" + "\n".join(_lines(device_tables(network, elements), kinds_with(elements))) + "\n"


def write_device(network: Network, path: str | os.PathLike[str], *, elements: Sequence[type[Element]] = ()) -> None:
    """Write a device to a TOML file, whole or not at all.

    Parameters
    ----------
    network : Network
        A single device.
    path : str or path
        A file of that name is replaced.
    elements : sequence of type
        Classes of elements of one's own that the device may hold; `read_device` needs them, too.

    Raises
    ------
    ParameterError
        If a parameter is an array, an element is of a kind that files do not know, or the file cannot be written.

    Examples
    --------
    >>> import leyden as ly
    >>> from leyden.model.files import read_device, write_device
    >>> device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
    >>> write_device(device, "device.toml")
    >>> read_device("device.toml") == device
    True
    """
    text = device_text(network, elements)
    with atomic_path(path) as temporary:
        temporary.write_bytes(text.encode())
