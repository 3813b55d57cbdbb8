"""From a device file to a network."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol, TypeVar

from leyden.errors import ParameterError
from leyden.model.changing import Pulse
from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of
from leyden.model.files.document import document_of, source_of
from leyden.model.files.faults import Source
from leyden.model.files.lab_values import LabValues
from leyden.model.files.schema import DEVICE, Entry, entries_of, kinds_with
from leyden.model.files.values import WrongError
from leyden.model.network import Network
from leyden.text import LONGEST_NAME, listed, nearest, one_line, shortened

__all__ = ["parse_device", "read_device"]

# A chain of ten thousand modes takes about 5 MiB.
_LARGEST = 64 * 2**20
# Of all pulses of a file, their products multiplied out.
_MOST_TERMS = 100_000
_REMEDIES = (
    "Build devices of this size in Python.",
    "`leyden devices two_photon_battery` prints one to start from.",
)
_PARTS = "Results of batches, of large devices and of elements of one's own carry what a file can hold, and no more."
_ABOVE = "Keys of the device itself stand above the first [[modes]] and [[elements]]."
_OWN = "One of your own is read by read_device(path, elements=[...])."
# In a text that a result carries: what of the device it does not hold.
LEFT_OUT = "left_out"
_Record = TypeVar("_Record", bound=Element)
_CARRIERS = "Results of charge and steady_state have it; what is computed of them may lose its attributes."


class Carrier(Protocol):
    """A Dataset or DataArray, whose attributes may hold the text of a device file."""

    @property
    def attrs(self) -> Mapping[Any, Any]:
        """Attributes by name."""
        ...


def read_device(path: str | os.PathLike[str] | Carrier, *, elements: Sequence[type[Element]] = ()) -> Network:
    """Read a device from a TOML file, from its text, or from a result that carries it.

    Parameters
    ----------
    path : str, path, Dataset or DataArray
        A file in the form below, at most 64 MiB; a text of that form, known by its several lines; or what has such a
        text as attribute `device_file`, as results have.
    elements : sequence of type
        Classes of elements of one's own that the file may hold, each by its name in small letters.

    Returns
    -------
    Network
        Named after the file where the file does not say.

    Raises
    ------
    ParameterError
        If the file cannot be read, is not TOML, holds an unknown key, lacks one or holds a value out of range; the
        message names the key and the line. Of a result, if it is that of a batch or of a large device, which no text
        holds whole: the key `left_out` says what is missing.

    Notes
    -----
    A file holds one device::

        format = 1                      # version of this format; may be left out
        name = "my_battery"             # may be left out: the file's name without its suffix
        charger = "a"
        battery = "b"                   # or several: ["b", "c"]

        [[modes]]
        name = "a"
        frequency = 1.0
        detuning = 0.0

        [[elements]]
        kind = "coherent_coupling"      # an element's name in small letters
        first = "a"
        second = "b"
        strength = { re = 0.0, im = -0.25 }

        [[elements]]
        kind = "shared_bath"
        weights = { a = 1.0, b = { re = 0.0, im = 1.0 } }
        rate = 1.0

    Keys are the parameters of the records, with their defaults. A complex number is always the table
    `{ re = ..., im = ... }`; a plain number is real. An amplitude, strength, rate or detuning may be a pulse: a table
    of one shape by the name and with the arguments of the function in `leyden.pulse` that makes it, as
    `{ gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }`, or `{ sum = [...] }` and `{ product = [...] }` of
    numbers and pulses; a height that is left out is 1. With `rate_unit = "1 MHz"` at the top a number may be a
    quantity, as "5 kHz", or a temperature for an occupation; `leyden.units` says what they mean. Any other key is
    refused. Names are printable strings of at most 255 characters, keys have at most 32 dotted parts. A file is read up
    to its first fault.

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
    if isinstance(path, str) and "\n" in path:
        return parse_device(path, elements=elements)
    given: Any = path
    attributes = None if isinstance(given, (str, os.PathLike)) else getattr(given, "attrs", None)
    if not isinstance(attributes, Mapping):
        return _network(source_of(given, "device file", _LARGEST, _REMEDIES), elements)
    text: Any = attributes.get("device_file")
    if not isinstance(text, str):
        raise ParameterError.of("path", "have the attribute `device_file`", type(path).__name__, _CARRIERS)
    return parse_device(text, elements=elements)


def parse_device(text: str, source: str = "device", elements: Sequence[type[Element]] = ()) -> Network:
    """Make a device of the text of a device file."""
    return _network(Source(source, text), elements)


def _network(origin: Source, own: Sequence[type[Element]]) -> Network:
    """Records from tables, up to the first fault; each is checked by the record's own rules."""
    kinds = kinds_with(own)
    document = document_of(origin)
    if LEFT_OUT in document:
        missing = listed(document[LEFT_OUT]) if isinstance(document[LEFT_OUT], list) else shortened(document[LEFT_OUT])
        raise origin.as_a_whole(f"leaves out {missing}", _PARTS)
    found = _values(document, (), DEVICE, origin)
    values = LabValues(found, origin)
    room = _Room(origin)
    modes = [
        room.taken(_record(Mode, values.in_numbers(Mode, table, ("modes", place)), ("modes", place), origin))
        for place, table in enumerate(found["modes"])
    ]
    names = _unlike([mode.modes[0] for mode in modes], origin)
    elements: list[Element] = []
    for place, table in enumerate(found.get("elements", ())):
        kind, where = _kind_of(table, place, kinds, origin), ("elements", place)
        element = _record(kind, values.in_numbers(kind, table, where), where, origin)
        _refuse_strangers(element, place, names, origin)
        elements.append(room.taken(element))
    name = found.get("name", one_line(Path(origin.name).stem)[:LONGEST_NAME])
    others = {key: found[key] for key in ("charger", "battery", "rate_unit", "frequency_unit") if key in found}
    try:
        return Network(modes, elements, name=name, **others)  # type: ignore[arg-type]
    except ParameterError as error:
        raise origin.at((error.name,), error) from None


class _Room:
    """Room for the pulses of a file: a short product of sums may have many terms."""

    def __init__(self, origin: Source) -> None:
        self.left, self.origin = _MOST_TERMS, origin

    def taken(self, record: _Record) -> _Record:
        """A record whose pulses fit in."""
        for value in vars(record).values():
            if type(value) is Pulse:
                self.left -= len(value.terms)
        if self.left < 0:
            raise self.origin.as_a_whole(
                f"has pulses of more than {_MOST_TERMS} terms", "Write fewer products of sums."
            )
        return record


def _values(table: Any, place: tuple[str | int, ...], known: Mapping[str, Entry], origin: Source) -> dict[str, Any]:
    """What a table holds, key by key; an unknown one is told first, since a missing one may be what was meant."""
    if not isinstance(table, dict):
        raise origin.wrong(place, "be a table", table)
    every = ["kind", *known] if place[:1] == ("elements",) else list(known)
    for key in table:
        if key not in every:
            raise origin.unknown_key((*place, key), every, _ABOVE if key in DEVICE else "")
    found: dict[str, Any] = {}
    for key, entry in known.items():
        if key in table:
            try:
                found[key] = entry.read(table[key])
            except WrongError as error:
                raise error.at(origin, (*place, key)) from None
        elif entry.is_required:
            raise origin.missing_key((*place, key), table)
    return found


def _record(kind: type[Element], table: Any, place: tuple[str, int], origin: Source) -> Element:
    values = _values(table, place, entries_of(kind), origin)
    try:
        return kind(**values)
    except ParameterError as error:
        raise origin.in_record(place, error) from None


def _kind_of(table: Any, place: int, kinds: Mapping[str, type[Element]], origin: Source) -> type[Element]:
    where = ("elements", place)
    if not isinstance(table, dict):
        raise origin.wrong(where, "be a table", table)
    if "kind" not in table:
        raise origin.missing_key((*where, "kind"), table)
    kind = table["kind"]
    if not isinstance(kind, str) or kind not in kinds:
        raise origin.wrong((*where, "kind"), f"be one of {', '.join(kinds)}", kind, nearest(kind, kinds) or _OWN)
    return kinds[kind]


def _unlike(names: Sequence[str], origin: Source) -> dict[str, int]:
    """Names of the modes and their places; a repeated one is told where it is repeated."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if places.setdefault(name, place) != place:
            where = ("modes", place, "name")
            raise origin.wrong(where, "differ from those of the modes before it", name, "Rename one of the modes.")
    return places


def _refuse_strangers(element: Element, place: int, names: Mapping[str, int], origin: Source) -> None:
    """Names of modes that the device does not have are told where they stand."""
    for mode in element.modes:
        if mode not in names:
            holders = [entry.name for entry in fields(element) if getattr(element, entry.name) == mode]
            key = (holders[0],) if holders else (layout_of(type(element)).by_mode[0], mode)
            remedy = f"The modes are {listed(names)}. {nearest(mode, names)}"
            raise origin.wrong(("elements", place, *key), f"name a mode of the device in {element.label}", mode, remedy)
