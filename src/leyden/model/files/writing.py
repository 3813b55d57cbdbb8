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
from leyden.model.families import Family
from leyden.model.files.families import family_values, modes_values
from leyden.model.files.schema import FORMAT, kinds_with
from leyden.model.modes import Modes
from leyden.model.network import Network

__all__ = [
    "MOST_TABLES",
    "batteries_of",
    "device_tables",
    "device_text",
    "toml_key",
    "toml_value",
    "write_device",
]

_HEAD = """\
# A device of leyden: its modes, the elements between them, and which modes are the charger and the battery.
# Rates, detunings, couplings and drive amplitudes share one unit, and times are in its inverse. Phases are in radians.
# `frequency` is the energy of one quantum, the unit of all energies; `occupation` is a mean number of thermal quanta.
# A complex number is written { re = 0.0, im = -0.25 }; a plain number is real. What changes in time is a pulse, as
# { gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }, or { sum = [...] } or { product = [...] } of several.
"""
MOST_TABLES = 64
"""Members of a family, and modes of `Modes`, up to which each has a table of its own."""

# Entries of a line: more dots in one would have a reader look for keys of many parts.
_IN_A_LINE = 16
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


def device_tables(network: Network, own: Sequence[type[Element]] = ()) -> dict[str, Any]:
    """Contents of a device file, before they are put into words."""
    kinds = kinds_with(own)
    if not isinstance(network, Network):
        raise ParameterError.of("network", "be a Network", network)
    elements: list[dict[str, Any]] = []
    families: list[dict[str, Any]] = []
    for part in network.parts:
        pattern = part.pattern if isinstance(part, Family) else part
        kind = kind_of(type(pattern))
        if kinds.get(kind) is not type(pattern):
            remedy = f"Give the class, elements=[{type(pattern).__name__}]."
            name = repr(part) if isinstance(part, Family) else part.label
            raise ParameterError.of("network", f"hold elements of the {len(kinds)} kinds that files know", name, remedy)
        if not isinstance(part, Family):
            elements.append({"kind": kind} | _table(part))
        elif len(part) <= MOST_TABLES:
            members = (part.member(index, network.mode_names) for index in range(len(part)))
            elements += [{"kind": kind} | _table(member) for member in members]
        else:
            table = {name: value for name, value in family_values(part, _told) if name not in pattern.left_out}
            families.append({"kind": kind, "after": len(elements)} | table)
    for family in families:
        if family["after"] == len(elements):
            del family["after"]
    modes, battery = network.modes, network.battery
    several = modes if isinstance(modes, Modes) and len(modes) > MOST_TABLES else None
    found = {
        "format": FORMAT,
        "name": str(network.name),
        **network.scale,
        "charger": network.charger,
        "battery": battery if isinstance(battery, str) else batteries_of(network),
        "modes": dict(modes_values(several, _told)) if several else [_table(mode) for mode in modes],
        "elements": elements,
    }
    return found | ({"families": families} if families else {})


def batteries_of(network: Network) -> Any:
    """Names of the batteries; of many that follow each other, their places."""
    names, modes = network.batteries, network.mode_names
    if len(names) <= MOST_TABLES:
        return list(names)
    first, second = (network.positions[name] for name in names[:2])
    step = second - first
    if step < 1 or modes[first : first + step * (len(names) - 1) + 1 : step] != names:
        return list(names)
    run = {"first": first, "members": len(names)}
    return run if step == 1 else {**run, "step": step}


def _told(number: Any) -> Any:
    return {"re": number.real, "im": number.imag} if isinstance(number, complex) else float(number)


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
        are_numbers = set(map(type, entries)) <= {int, float}
        texts = list(map(repr if are_numbers else toml_value, entries))
        if len(texts) <= _IN_A_LINE:
            return f"[{', '.join(texts)}]"
        lines = [", ".join(texts[at : at + _IN_A_LINE]) for at in range(0, len(texts), _IN_A_LINE)]
        return "[\n  " + ",\n  ".join(lines) + ",\n]"
    return repr(value)


def _lines(tables: dict[str, Any], kinds: Mapping[str, type[Element]]) -> Iterator[str]:
    for key, value in tables.items():
        if key not in ("modes", "elements", "families"):
            yield f"{key} = {toml_value(value)}"
    explained: set[str] = set()
    for key, record in (("modes", Mode), ("elements", None), ("families", None)):
        of_key = tables.get(key, [])
        for table in [of_key] if isinstance(of_key, dict) else of_key:
            kind = record or kinds[table["kind"]]
            yield ""
            if kind.__name__ not in explained:
                explained.add(kind.__name__)
                yield f"# {(kind.__doc__ or '').splitlines()[0]}"
            yield f"[{key}]" if isinstance(of_key, dict) else f"[[{key}]]"
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
