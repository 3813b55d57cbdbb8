"""Parameters of a device by address, for example `TwoPhotonDrive(charger).amplitude`, however many there are.

A large network holds families, which stand for a million elements. They are not opened: an address is looked up, and
only the member that it names is made an element of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.text import listed, nearest

__all__ = ["Addresses"]

# Where an element stands: its part of the network (-1 for the modes), and which member of a family or mode it is.
Place = tuple[int, int]
# Between names of modes in a label.
_BETWEEN = ", "


class Addresses(Mapping[str, Any]):
    """Values of all parameters by the addresses that mean one of them; nothing is looked up before it is asked for."""

    def __init__(self, modes: Sequence[Mode], parts: Sequence[Element | Family], names: Mapping[str, int]) -> None:
        self._modes, self._parts, self._positions = modes, parts, names
        self._names = tuple(names)

    @cached_property
    def _listed(self) -> dict[str, list[tuple[Place, str]]]:
        """Every address of what stands alone, and of all families where names of modes could be taken for two."""
        entries: dict[str, list[tuple[Place, str]]] = {}
        for place, record in self._records(opened=not self._can_be_parsed):
            for name in record.parameters():
                entries.setdefault(f"{record.label}.{name}", []).append((place, name))
        return entries

    @cached_property
    def _can_be_parsed(self) -> bool:
        return not any(_BETWEEN in name or ")" in name for name in self._names)

    def _records(self, *, opened: bool) -> Iterator[tuple[Place, Element]]:
        """Modes and elements; those of families only if they are to be opened."""
        if opened or not isinstance(self._modes, Modes):
            yield from (((-1, place), mode) for place, mode in enumerate(self._modes))
        for number, part in enumerate(self._parts):
            if not isinstance(part, Family):
                yield (number, 0), part
            elif opened:
                yield from (((number, index), part.member(index, self._names)) for index in range(len(part)))

    def places(self, address: str) -> list[tuple[Place, str]]:
        """Elements that an address names, and its parameter: more than one where elements share kind and modes."""
        entries = list(self._listed.get(address, ()))
        if not self._can_be_parsed:
            return entries
        kind, _, rest = address.partition("(")
        inside, _, name = rest.partition(").")
        if name not in self._names_of(kind, names := inside.split(_BETWEEN)):
            return entries
        places = [self._positions.get(mode, -1) for mode in names]
        if isinstance(self._modes, Modes) and kind == "Mode" and places[0] >= 0:
            entries.append(((-1, places[0]), name))
        for number, part in enumerate(self._parts):
            if isinstance(part, Family) and type(part.pattern).__name__ == kind and part.places.shape[1] == len(places):
                members = np.flatnonzero((part.places == places).all(axis=1)).tolist()
                entries += [((number, index), name) for index in members]
        return entries

    def _names_of(self, kind: str, modes: Sequence[str]) -> list[str]:
        """Parameters of the members of a family, by their kind and their modes."""
        if isinstance(self._modes, Modes) and kind == "Mode" and len(modes) == 1:
            return list(self._modes.family.pattern.parameters())
        for part in self._parts:
            if isinstance(part, Family) and type(part.pattern).__name__ == kind:
                layout = layout_of(type(part.pattern))
                own = modes[len(layout.modes) :]
                return [*layout.numbers, *(f"{name}[{mode}]" for name in layout.by_mode for mode in own)]
        return []

    def __contains__(self, address: object) -> bool:
        return isinstance(address, str) and len(self.places(address)) == 1

    def __getitem__(self, address: str) -> Any:
        record, name = self.owner(address)
        return record.parameters()[name]

    def owner(self, address: str) -> tuple[Element, str]:
        """The mode or element whose parameter an address names, and what that calls it."""
        places = self.places(address) if isinstance(address, str) else ()
        if len(places) != 1:
            raise KeyError(address)
        ((number, index), name), *_ = places
        if number < 0:
            return self._modes[index], name
        part = self._parts[number]
        return (part.member(index, self._names) if isinstance(part, Family) else part), name

    @cached_property
    def _every(self) -> list[str]:
        names = [name for label, parameters in self._labels() for name in (f"{label}.{own}" for own in parameters)]
        counts = Counter(names)
        return [name for name in names if counts[name] == 1]

    def _labels(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What each record is called and the names of its parameters, in order; no member of a family is made."""
        if isinstance(self._modes, Modes):
            own = tuple(self._modes.family.pattern.parameters())
            yield from ((f"{type(self._modes.family.pattern).__name__}({name})", own) for name in self._names)
        else:
            yield from ((mode.label, tuple(mode.parameters())) for mode in self._modes)
        for part in self._parts:
            if not isinstance(part, Family):
                yield part.label, tuple(part.parameters())
                continue
            kind = type(part.pattern).__name__
            for row in part.places.tolist():
                touched = [self._names[place] for place in row]
                yield f"{kind}({_BETWEEN.join(touched)})", self._names_of(kind, touched)

    def __iter__(self) -> Iterator[str]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    def __repr__(self) -> str:
        return f"<parameters {listed(self, 4)}>"

    def _place(self, address: str) -> tuple[Place, str]:
        """The one parameter that an address means."""
        places = self.places(address)
        if len(places) > 1:
            remedy = f"{len(places)} elements share this address: merge them into one."
            raise ParameterError.of("parameters", "name one parameter of the device each", address, remedy)
        if not places:
            raise ParameterError.of("parameters", f"be among {listed(self)}", address, nearest(address, self))
        return places[0]

    def replaced(self, values: Mapping[str, Any]) -> tuple[Sequence[Mode], tuple[Element | Family, ...]]:
        """Modes and parts with some parameters replaced; a member of a family that is named stands alone."""
        changes: dict[int, dict[int, dict[str, Any]]] = {}
        for address, value in values.items():
            (number, index), name = self._place(address)
            changes.setdefault(number, {}).setdefault(index, {})[name] = value
        modes = self._modes
        if own := changes.pop(-1, None):
            modes = tuple(mode.with_parameters(own[at]) if at in own else mode for at, mode in enumerate(modes))
        parts: list[Element | Family] = []
        for number, part in enumerate(self._parts):
            parts += _changed(part, changes.get(number, {}), self._names)
        return modes, tuple(parts)


def _changed(
    part: Element | Family, changes: Mapping[int, Mapping[str, Any]], names: Sequence[str]
) -> list[Element | Family]:
    """A part with the parameters of some of its members replaced."""
    if not isinstance(part, Family):
        return [part.with_parameters(changes[0])] if changes else [part]
    changed: list[Element | Family] = []
    done = 0
    for index in sorted(changes):
        changed += _slice(part, done, index)
        changed.append(part.member(index, names).with_parameters(changes[index]))
        done = index + 1
    return changed + (_slice(part, done, len(part)) if done else [part])


def _slice(family: Family, start: int, stop: int) -> list[Element | Family]:
    """Some members of a family as one, or nothing."""
    if start == stop:
        return []
    own = {
        name: value[start:stop] if getattr(value, "shape", ()) else value
        for name, value in family.pattern.parameters().items()
    }
    return [Family.of(family.pattern.with_parameters(own), family.places[start:stop])]
