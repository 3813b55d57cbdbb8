"""Parameters of a given device by address, for example `TwoPhotonDrive(charger).amplitude`, however many there are.

A large network holds families, which stand for a million elements. They are not opened: an address is looked up, and
only the member that it names is made an element of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from leyden.model.elements import Element, SharedBath
from leyden.model.families import Family, Modes
from leyden.model.network import Network
from leyden.study.identity import digest_of, value_words

__all__ = ["Addresses", "addresses", "network_words", "with_values"]

# Where an element stands: its part of the network (-1 for the modes), and which member of a family or mode it is.
Place = tuple[int, int]
# Between names of modes in a label.
_BETWEEN = ", "


class Addresses(Collection[str]):
    """All addresses that mean one parameter of a device."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @cached_property
    def _listed(self) -> dict[str, list[tuple[Place, str]]]:
        """Every address of what stands alone, and of all families where names of modes could be taken for two."""
        found: dict[str, list[tuple[Place, str]]] = {}
        for place, record in self._records(opened=not self._can_be_parsed):
            for name in record.parameters():
                found.setdefault(f"{record.label}.{name}", []).append((place, name))
        return found

    @cached_property
    def _can_be_parsed(self) -> bool:
        return not any(_BETWEEN in name or ")" in name for name in self.network.mode_names)

    def _records(self, *, opened: bool) -> Iterator[tuple[Place, Element]]:
        """Modes and elements; those of families only if they are to be opened."""
        if opened or not isinstance(self.network.modes, Modes):
            yield from (((-1, place), mode) for place, mode in enumerate(self.network.modes))
        for number, part in enumerate(self.network.parts):
            if not isinstance(part, Family):
                yield (number, 0), part
            elif opened:
                yield from (
                    ((number, index), part.member(index, self.network.mode_names)) for index in range(len(part))
                )

    def found(self, address: str) -> list[tuple[Place, str]]:
        """Elements that an address names, and its parameter."""
        listed = list(self._listed.get(address, ()))
        if not self._can_be_parsed:
            return listed
        kind, _, rest = address.partition("(")
        inside, _, name = rest.partition(").")
        if name not in self._names_of(kind, names := inside.split(_BETWEEN)):
            return listed
        places = [self.network.positions.get(mode, -1) for mode in names]
        if isinstance(self.network.modes, Modes) and kind == "Mode" and places[0] >= 0:
            listed.append(((-1, places[0]), name))
        for number, part in enumerate(self.network.parts):
            if isinstance(part, Family) and type(part.pattern).__name__ == kind and part.places.shape[1] == len(places):
                members = np.flatnonzero((part.places == places).all(axis=1)).tolist()
                listed += [((number, index), name) for index in members]
        return listed

    def _names_of(self, kind: str, modes: Sequence[str]) -> list[str]:
        """Parameters of the members of a family, by their kind and their modes."""
        if isinstance(self.network.modes, Modes) and kind == "Mode" and len(modes) == 1:
            return list(self.network.modes.family.pattern.parameters())
        for part in self.network.parts:
            if isinstance(part, Family) and type(part.pattern).__name__ == kind:
                plain = [name for name in part.pattern.parameters() if not name.startswith("weights[")]
                weights = [f"weights[{mode}]" for mode in modes] if isinstance(part.pattern, SharedBath) else []
                return plain + weights
        return []

    def __contains__(self, address: object) -> bool:
        return isinstance(address, str) and len(self.found(address)) == 1

    @cached_property
    def _every(self) -> list[str]:
        names = [name for label, parameters in self._labels() for name in (f"{label}.{own}" for own in parameters)]
        counts = Counter(names)
        return [name for name in names if counts[name] == 1]

    def _labels(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What each record is called and the names of its parameters, in order; no member of a family is made."""
        names, modes = self.network.mode_names, self.network.modes
        if isinstance(modes, Modes):
            own = tuple(modes.family.pattern.parameters())
            yield from ((f"{type(modes.family.pattern).__name__}({name})", own) for name in names)
        else:
            yield from ((mode.label, tuple(mode.parameters())) for mode in modes)
        for part in self.network.parts:
            if not isinstance(part, Family):
                yield part.label, tuple(part.parameters())
                continue
            kind = type(part.pattern).__name__
            for row in part.places.tolist():
                touched = [names[place] for place in row]
                yield f"{kind}({_BETWEEN.join(touched)})", self._names_of(kind, touched)

    def __iter__(self) -> Iterator[str]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)


def addresses(network: Network) -> list[str]:
    """Names of all parameters of a device, for example `TwoPhotonDrive(charger).amplitude`.

    Parameters
    ----------
    network : Network
        The device.

    Returns
    -------
    list of str
        Without those of elements that share kind and modes with another one: a name must mean one parameter.
    """
    return list(Addresses(network))


def with_values(network: Network, /, **values: Any) -> Network:
    """A device with some of its parameters replaced."""
    known = Addresses(network)
    changes: dict[int, dict[int, dict[str, Any]]] = {}
    for address, value in values.items():
        for (number, index), name in known.found(address):
            changes.setdefault(number, {}).setdefault(index, {})[name] = value
    modes: Any = network.modes
    if own := changes.pop(-1, None):
        modes = tuple(mode.with_parameters(own[place]) if place in own else mode for place, mode in enumerate(modes))
    elements: list[Element | Family] = []
    for number, part in enumerate(network.parts):
        elements += _changed(part, changes.get(number, {}), network.mode_names)
    return replace(network, modes=modes, elements=tuple(elements))


def _changed(
    part: Element | Family, changes: Mapping[int, Mapping[str, Any]], names: Sequence[str]
) -> list[Element | Family]:
    """A part with the parameters of some of its members replaced."""
    if not isinstance(part, Family):
        return [part.with_parameters(changes[0])] if changes else [part]
    found: list[Element | Family] = []
    done = 0
    for index in sorted(changes):
        found += _slice(part, done, index)
        found.append(part.member(index, names).with_parameters(changes[index]))
        done = index + 1
    return found + (_slice(part, done, len(part)) if done else [part])


def _slice(family: Family, start: int, stop: int) -> list[Element | Family]:
    """Some members of a family as one, or nothing."""
    if start == stop:
        return []
    pattern = family.pattern
    own = {
        name: value[start:stop] if getattr(value, "shape", ()) else value
        for name, value in pattern.parameters().items()
    }
    if isinstance(pattern, SharedBath):
        own["weights"] = tuple(own.pop(f"weights[{column}]") for column in pattern.modes)
    return [Family(type(pattern), family.places[start:stop], **own)]


def network_words(network: Network) -> str:
    """A device in words, which change when the device does."""
    found: dict[str, Any] = {}
    if isinstance(network.modes, Modes):
        parameters = network.modes.family.pattern.parameters()
        found["modes"] = [list(network.mode_names), parameters]
        alone: Sequence[Element | Family] = network.parts
    else:
        alone = (*network.modes, *network.parts)
    for place, part in enumerate(alone):
        if isinstance(part, Family):
            kind = f"{type(part.pattern).__name__} of {part.places.shape}"
            found[f"{place} {kind}"] = [part.places, part.pattern.parameters()]
        else:
            found |= {f"{place} {part.label}.{name}": value for name, value in part.parameters().items()}
    return f"{network.name} ({digest_of(value_words({**found, 'roles': [network.charger, *network.batteries]}))})"
