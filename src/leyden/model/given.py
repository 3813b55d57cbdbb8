"""What a network is given, as records and names: checked, and families that are not plain, member by member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from leyden.arrays import is_labelled
from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.families import Family, Members
from leyden.model.modes import Modes
from leyden.text import NAME_RULE, is_name, listed, nearest

__all__ = ["check_device", "common_shape", "listed_members", "names_of", "records_of"]

# The device is a Network, which imports this file.


def records_of(argument: str, kind: type[Any], given: Iterable[Any]) -> Any:
    """Records of one kind, as a tuple or as the one record that stands for them."""
    if isinstance(given, Modes if kind is Mode else Members):
        return given
    try:
        records = tuple(given)
    except TypeError:
        raise ParameterError.of(argument, f"be a sequence of {kind.__name__} records", given) from None
    for record in records:
        allowed = isinstance(record, kind) if kind is Mode else isinstance(record, (Element, Family))
        if not allowed or (kind is Element and isinstance(record, Mode)):
            raise ParameterError.of(argument, f"hold {kind.__name__} records only", record)
    return records


def names_of(argument: str, given: Any) -> tuple[str, ...]:
    """Names of modes, of one or of several."""
    names = tuple(given) if isinstance(given, Iterable) else (given,)
    if not all(isinstance(name, str) for name in names):
        raise ParameterError.of(argument, "be the name of a mode, or a sequence of names", given)
    return names


def listed_members(part: Element | Family, names: Sequence[str]) -> Iterable[Element | Family]:
    """The members of a family of labelled or traced arrays or of pulses, one by one, as single elements hold them."""
    if not isinstance(part, Family) or part.is_plain:
        return (part,)
    _check_places(part, len(names))
    return tuple(part.member(index, names) for index in range(len(part)))


def _check_places(part: Family, count: int) -> None:
    """Refuse a family with places that no mode has."""
    if (last := int(part.places.max())) >= count:
        raise ParameterError.of("elements", f"have places below {count}, the number of modes, in {part!r}", last)


def _check_parts(parts: Iterable[Element | Family], positions: Mapping[str, int]) -> None:
    """Refuse elements on modes that there are not."""
    for part in parts:
        if isinstance(part, Family):
            _check_places(part, len(positions))
            continue
        for mode in part.modes:
            if mode not in positions:
                remedy = _which_modes(mode, tuple(positions))
                raise ParameterError.of("elements", f"name modes of the network in {part.label}", mode, remedy)


def _which_modes(unknown: object, names: Sequence[str]) -> str:
    """What may have been meant by the name of no mode."""
    return f"The modes are {listed(names)}. {nearest(unknown, names)}".rstrip()


def check_device(device: Any) -> None:
    """Refuse words that are none, names that come twice, and elements, charger or batteries that are on no mode."""
    for argument in ("charger", "name", "rate_unit", "frequency_unit"):
        if not isinstance(getattr(device, argument), str):
            raise ParameterError.of(argument, "be a string", getattr(device, argument))
    for argument in ("name", "rate_unit", "frequency_unit"):
        if (given := getattr(device, argument)) and not is_name(given):
            raise ParameterError.of(argument, f"be empty or {NAME_RULE}", given)
    names, known, charger = device.mode_names, device.positions, device.charger
    if not names:
        raise ParameterError.of("modes", "hold at least one Mode", ())
    if len(known) < len(names):
        raise ParameterError.of("modes", "have unlike names", _repeated(names)[0], "Rename one of the modes.")
    _check_parts(device.parts, known)
    if charger not in known:
        raise ParameterError.of("charger", "name a mode of the network", charger, _which_modes(charger, names))
    if not device.batteries:
        raise ParameterError.of("battery", "name at least one mode", device.battery, _which_modes(None, names))
    for battery in device.batteries:
        if battery not in known:
            raise ParameterError.of("battery", "name modes of the network", battery, _which_modes(battery, names))
    if twice := _repeated(device.batteries):
        raise ParameterError.of("battery", "name each mode once", twice[0])


def common_shape(arrays: Iterable[tuple[Element, str, Any]]) -> tuple[int, ...]:
    """Common shape of the parameters that are plain arrays."""
    shape: tuple[int, ...] = ()
    for element, name, value in (one for one in arrays if not is_labelled(one[-1])):
        try:
            shape = np.broadcast_shapes(shape, np.shape(value))
        except ValueError:
            raise ParameterError.of(
                f"{element.label}.{name}",
                f"have a shape that broadcasts against {shape}, that of the parameters before it",
                np.shape(value),
                "Label the axes with xarray.DataArray parameters to form a grid.",
            ) from None
    return shape


def _repeated(names: Sequence[str]) -> list[str]:
    """Names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]
