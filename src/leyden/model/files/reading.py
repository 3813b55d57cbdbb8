"""From a device file to a network."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.changing import Pulse
from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of
from leyden.model.families import Family
from leyden.model.files.document import document_of, source_of
from leyden.model.files.families import MOST_PLACES, family_entries, modes_entries
from leyden.model.files.faults import Key, Source
from leyden.model.files.lab_values import LabValues
from leyden.model.files.schema import DEVICE, Entry, entries_of, kinds_with
from leyden.model.files.values import Run, WrongError
from leyden.model.modes import Modes
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
_ABOVE = "Keys of the device itself stand above the first [[modes]], [[elements]] and [[families]]."
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

    Of many modes there is one table, and one for each `Family`::

        charger = "m0"
        battery = { first = 1, members = 999 }      # "m1", "m2", ...; or names

        [modes]
        names = 1000                    # "m0", "m1", ...; or an array of names
        detuning = 0.0                  # or an array

        [[families]]
        kind = "coherent_coupling"
        places = { first = [0, 1], members = 999 }  # or an array: [[0, 1], [1, 2], ...]
        strength = 0.5                  # or an array; complex: { re = [...], im = [...] }
        after = 0                       # how many [[elements]] stand before it; left out: all

    Keys are the parameters of the records, with their defaults. A complex number is always the table
    `{ re = ..., im = ... }`; a plain number is real. An amplitude, strength, rate or detuning may be a pulse: a table
    of one shape by the name and with the arguments of the function in `leyden.pulse` that makes it, as
    `{ gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }`, or `{ sum = [...] }` and `{ product = [...] }` of
    numbers and pulses; a height that is left out is 1. With `rate_unit = "1 MHz"` at the top a number may be a
    quantity, as "5 kHz", in a pulse also "10 ns", or a temperature for an occupation; `leyden.units` says what they
    mean. Any other key is refused. Names are printable strings of at most 255 characters, keys have at most 32 dotted
    parts. A file is read up to its first fault.

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
    modes = _modes(found["modes"], values, room, origin)
    names = modes.names if isinstance(modes, Modes) else [mode.modes[0] for mode in modes]
    positions = _unlike(names, origin)
    elements: list[Element] = []
    for place, table in enumerate(found.get("elements", ())):
        where = ("elements", place)
        kind = _kind_of(table, where, kinds, origin)
        element = _record(kind, values.in_numbers(kind, table, where), where, origin)
        _refuse_strangers(element, place, positions, origin)
        elements.append(room.taken(element))
    parts: list[Element | Family] = list(elements)
    for place, table in reversed(list(enumerate(found.get("families", ())))):
        where = ("families", place)
        kind = _kind_of(table, where, kinds, origin)
        after, family = _family(kind, values.in_numbers(kind, table, where), where, (len(elements), len(names)), room)
        parts.insert(after, family)
    name = found.get("name", one_line(Path(origin.name).stem)[:LONGEST_NAME])
    others = {key: found[key] for key in ("charger", "battery", "rate_unit", "frequency_unit") if key in found}
    if isinstance(run := others["battery"], Run):
        others["battery"] = [names[at] for at in room.placed(run, ("battery",), len(names))[:, 0].tolist()]
    try:
        return Network(modes, parts, name=name, **others)  # type: ignore[arg-type]
    except ParameterError as error:
        raise origin.at((error.name,), error) from None


def _modes(tables: Any, values: LabValues, room: _Room, origin: Source) -> Sequence[Mode]:
    """One table for each mode, or one for all."""
    if isinstance(tables, list):
        several: list[Any] = tables
        found: list[Any] = []
        for place, table in enumerate(several):
            where = ("modes", place)
            found.append(room.taken(_record(Mode, values.in_numbers(Mode, table, where), where, origin)))
        return found
    given = _values(values.in_numbers(Mode, tables, ("modes",)), ("modes",), modes_entries(), origin)
    try:
        modes = Modes(**given)
        room.taken(modes.family.pattern)
        return modes
    except ParameterError as error:
        raise origin.in_record(("modes",), error) from None


def _family(
    kind: type[Element], table: Any, where: tuple[str, int], counts: tuple[int, int], room: _Room
) -> tuple[int, Family]:
    """A family, and how many elements stand before it."""
    (elements, modes), origin = counts, room.origin
    given = _values(table, where, family_entries(kind), origin)
    after, places = given.pop("after", elements), given.pop("places")
    if not 0 <= after <= elements:
        raise origin.wrong((*where, "after"), f"be the number of elements before it, at most {elements}", after)
    rows = room.placed(places, (*where, "places"), modes)
    try:
        family = Family(kind, rows, **given)
    except ParameterError as error:
        raise origin.in_record(where, error) from None
    room.taken(family.pattern)
    return after, family


class _Room:
    """Room for what a short file may ask much of: products of sums of pulses have many terms, runs many places."""

    def __init__(self, origin: Source) -> None:
        self.left, self.places, self.origin = _MOST_TERMS, MOST_PLACES, origin

    def placed(self, places: Run | NDArray[np.intp], where: tuple[Key, ...], modes: int) -> NDArray[np.intp]:
        """Places of modes that there are, made after there is known to be room for them."""
        last = places.last if isinstance(places, Run) else int(places.max())
        if last >= modes:
            allowed = f"have places below {modes}, the number of modes"
            raise self.origin.wrong(where, allowed, last)
        self.places -= places.members * len(places.first) if isinstance(places, Run) else places.size
        if self.places < 0:
            raise self.origin.as_a_whole(f"has families of more than {MOST_PLACES} places", _REMEDIES[0])
        return places.places() if isinstance(places, Run) else places

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
    every = ["kind", *known] if place[:1] in (("elements",), ("families",)) else list(known)
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


def _kind_of(table: Any, where: tuple[str, int], kinds: Mapping[str, type[Element]], origin: Source) -> type[Element]:
    if not isinstance(table, dict):
        raise origin.wrong(where, "be a table", table)
    if "kind" not in table:
        raise origin.missing_key((*where, "kind"), table)
    kind = table["kind"]
    if not isinstance(kind, str) or kind not in kinds:
        raise origin.wrong((*where, "kind"), f"be one of {listed(kinds)}", kind, nearest(kind, kinds) or _OWN)
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
