"""The device file that every result carries: without comments, and cheap enough to be written each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np

from leyden.model.changing import Pulse
from leyden.model.elements import KINDS, Element, Mode, kind_of
from leyden.model.elements.record import layout_of
from leyden.model.families import Family
from leyden.model.files.families import family_values, modes_values, size_of
from leyden.model.files.schema import FORMAT
from leyden.model.files.writing import batteries_of, toml_key, toml_value
from leyden.model.modes import Modes
from leyden.model.network import Network

__all__ = ["device_record"]

# Modes and elements up to which a device is kept with each result: its text then takes tens of microseconds.
_MOST_PARTS = 64
# Numbers of a pulse, which may be sampled at any number of times.
_MOST_NUMBERS = 4096
_LARGE = ["modes", "elements"]


@lru_cache(maxsize=256)
def _form_of(kind: type[Element]) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """How records of a kind are written: what stands above the fields, and of each its name and its default."""
    head = "[[modes]]\n" if issubclass(kind, Mode) else f'[[elements]]\nkind = "{kind_of(kind)}"\n'
    return head, tuple((entry.name, entry.default) for entry in fields(kind))


_name: Callable[[str], str] = lru_cache(maxsize=1024)(toml_value)


def _value(value: Any) -> str:
    """A value of TOML; empty for what a file does not hold, as an array."""
    kind = type(value)
    if kind is float:
        return repr(value)
    if kind is np.ndarray:
        return ""
    if kind is str:
        return _name(value)
    if kind is complex:
        return f"{{ re = {value.real!r}, im = {value.imag!r} }}"
    if kind is Pulse:
        return _pulse(value)
    if isinstance(value, Mapping):
        members = {toml_key(mode): _value(number) for mode, number in value.items()}
        entries = ", ".join([f"{mode} = {text}" for mode, text in members.items()])
        return f"{{ {entries} }}" if all(members.values()) else ""
    return toml_value(value) if isinstance(value, (bool, int, str)) else ""


def _pulse(pulse: Pulse) -> str:
    """A pulse; empty for a batch of them, and for one of more numbers than a result should carry."""
    from leyden.model.files.pulses import MOST_TERMS, pulse_table  # and the shapes of pulses, which few devices have

    sizes = [np.size(value) for shape in pulse.shapes for value in vars(shape).values()]
    if pulse.arrays or len(pulse.terms) > MOST_TERMS or sum(sizes) > _MOST_NUMBERS:
        return ""
    return toml_value(pulse_table(pulse, _told))


def _told(number: Any) -> Any:
    """A number as a value of TOML."""
    return {"re": number.real, "im": number.imag} if isinstance(number, complex) else number


def _record(element: Element, left_out: list[str]) -> str:
    """A record by itself; what is as by default needs no line."""
    head, entries = _form_of(type(element))
    values = vars(element)
    lines = [head]
    for name, default in entries:
        value = values[name]
        if value is None or (type(value) is float and value == default):
            continue
        if text := _value(value):
            lines.append(f"{name} = {text}\n")
        else:
            left_out.append(f"{element.label}.{name}")
    return "".join(lines)


def _column(value: Any) -> Iterable[str]:
    """A parameter of the members of a family, in words."""
    return map(_value, value.tolist()) if isinstance(value, np.ndarray) else repeat(_value(value))


def _members(family: Family, names: tuple[str, ...]) -> Iterator[str]:
    """The members of a family, field by field, and none of them made."""
    kind, places = type(family.pattern), family.places.T.tolist()
    layout, values = layout_of(kind), vars(family.pattern)
    head, entries = _form_of(kind)
    columns: list[Iterable[str]] = []
    for name, default in entries:
        value = values[name]
        if name in layout.modes:
            own = places[layout.modes.index(name)]
            columns.append([f"{name} = {_name(names[place])}\n" for place in own])
        elif name in layout.by_mode:
            rows = places[len(layout.modes) :]
            cells = [
                [f"{toml_key(names[place])} = {text}" for place, text in zip(row, _column(weight), strict=False)]
                for row, weight in zip(rows, value.values(), strict=True)
            ]
            columns.append([f"{name} = {{ {', '.join(row)} }}\n" for row in zip(*cells, strict=True)])
        elif value is not None and not (type(value) is float and value == default):
            columns.append([f"{name} = {text}\n" for _, text in zip(places[0], _column(value), strict=False)])
    return (head + "".join(row) for row in zip(*columns, strict=True))


def device_record(network: Network) -> str:
    """Text of a device file; of what one cannot hold, it says under `left_out` what that is."""
    if "device_record" not in network.derived:
        network.derived["device_record"] = _written(network)
    return network.derived["device_record"]


def _written(network: Network) -> str:
    battery = network.battery if isinstance(network.battery, str) else list(network.battery)
    about = {"format": FORMAT, "name": str(network.name), **network.scale}
    roles = about | {"charger": network.charger, "battery": battery}
    left_out: list[str] = []
    records: list[str] = []
    is_large = len(network.mode_names) + len(network.elements) > _MOST_PARTS
    if is_large:
        told = battery if isinstance(battery, str) else batteries_of(network)
        if len(told) + _size(network) > _MOST_NUMBERS:
            return _text({"left_out": _LARGE} | about, [])
        roles |= {"battery": told}
    after = 0
    modes: Any = (network.modes.family,) if isinstance(network.modes, Modes) else network.modes
    for array, parts in (("modes", modes), ("elements", network.parts)):
        for part in parts:
            kind = type(part.pattern if isinstance(part, Family) else part)
            if array == "elements" and KINDS.get(kind_of(kind)) is not kind:
                left_out.append(repr(part) if isinstance(part, Family) else part.label)
            elif isinstance(part, Family):
                several = [_many(part, network, after)] if is_large else _members(part, network.mode_names)
                records += several
                after += 0 if is_large or array == "modes" else len(part)
            else:
                records.append(_record(part, left_out))
                after += array == "elements"
    return _text({"left_out": left_out} | roles if left_out else roles, records)


def _size(network: Network) -> int:
    """How long the text of a large device would be, in numbers."""
    parts = (*([network.modes] if isinstance(network.modes, Modes) else network.modes), *network.parts)
    single = _MOST_NUMBERS // _MOST_PARTS
    return sum(size_of(part) if isinstance(part, (Family, Modes)) else single for part in parts)


def _many(family: Family, network: Network, after: int) -> str:
    """Many modes, or a family, as one table; it may stand before other elements."""
    kind = type(family.pattern)
    if isinstance(family.pattern, Mode) and isinstance(network.modes, Modes):
        lines, values = ["[modes]"], modes_values(network.modes, _told)
    else:
        lines, values = [f'[[families]]\nkind = "{kind_of(kind)}"\nafter = {after}'], family_values(family, _told)
    defaults = dict(_form_of(kind)[1])
    lines += [
        f"{name} = {toml_value(value)}"
        for name, value in values
        if not (type(value) is float and value == defaults.get(name))
    ]
    return "\n".join(lines) + "\n"


def _text(roles: Mapping[str, Any], records: list[str]) -> str:
    return "\n".join(["\n".join([f"{key} = {toml_value(value)}" for key, value in roles.items()]), *records])
