"""What the axes of a study are called: symbols and units of the parameters that they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from leyden.model.addresses import Addresses
from leyden.model.elements.record import quantity_of
from leyden.quantities import QUANTITIES
from leyden.study.devices import Builder
from leyden.text import listed

__all__ = ["axis_attributes"]

# Modes of an element in the name of an axis.
_MOST_MODES = 3


def axis_attributes(builder: Builder, axes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Attributes of the coordinates, by the names of the axes; nothing of parameters that the device does not have."""
    names = list(axes)
    attributes = {name: _of_axis(builder, name) for name in names}
    counts = Counter(about["symbol"] for about in attributes.values() if "symbol" in about)
    for name, about in attributes.items():
        targets = builder.aliases.get(name, (name,))
        if counts[about.get("symbol", "")] > 1 and isinstance(builder.names, Addresses) and len(targets) == 1:
            _tell_apart(about, builder.names, targets[0])
    return attributes


def _of_axis(builder: Builder, name: str) -> dict[str, str]:
    targets = builder.aliases.get(name)
    if targets is None:
        return _of_parameter(builder, name)
    return _of_several(name, targets, [_of_parameter(builder, target) for target in targets])


def _of_several(name: str, targets: Sequence[str], each: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Under a name of one's own: what the parameters behind it have in common."""
    about = {key: value for key, value in each[0].items() if all(other.get(key) == value for other in each)}
    known = QUANTITIES.get(name)
    if known is not None and known.unit == about.get("units"):
        about.setdefault("symbol", known.symbol)
    return about | {"long_name": name.replace("_", " "), "description": listed(targets)}


def _of_parameter(builder: Builder, name: str) -> dict[str, str]:
    if not isinstance(builder.names, Addresses):
        return QUANTITIES[name].attributes() if name in QUANTITIES else {}
    if name not in builder.names:
        return {}
    record, parameter = builder.names.owner(name)
    quantity = QUANTITIES.get(quantity_of(type(record), parameter))
    about = {} if quantity is None else quantity.attributes()
    words = f"{parameter} of {record.noun} ({listed(record.modes, _MOST_MODES)})"
    return about | {"long_name": words, "description": name}


def _tell_apart(about: dict[str, str], names: Addresses, address: str) -> None:
    """Two dampings are no longer both kappa: modes below the symbol, or no symbol where their names cannot be set."""
    record, parameter = names.owner(address)
    below = parameter.partition("[")[2].rstrip("]") or ",".join(record.modes)
    symbol = about.pop("symbol")
    if below.replace(",", "").isalnum() and below.isascii():
        about["symbol"] = rf"{{{symbol}}}_{{\mathrm{{{below}}}}}"
