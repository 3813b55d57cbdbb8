"""What a device file may hold, read off the records themselves: a new element needs no line here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import lru_cache
from typing import Any, get_origin, get_type_hints

from leyden.model import elements
from leyden.model.elements import Element, Mode

__all__ = ["FORMAT", "KINDS", "device_schema", "keys_of", "kind_of"]

FORMAT = 1

_COMPLEX_FORM = "be a number or a table { re = ..., im = ... } of two"


def kind_of(record: type[Element]) -> str:
    """Name of a kind of element in files: `TwoPhotonDrive` is "two_photon_drive".

    Parameters
    ----------
    record : type
        The element's class.

    Returns
    -------
    str
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record.__name__).lower()


def _public_kinds() -> dict[str, type[Element]]:
    public = [getattr(elements, name) for name in elements.__all__]
    return {kind_of(record): record for record in public if record not in (Element, Mode)}


KINDS: dict[str, type[Element]] = _public_kinds()


def _real(value: Any, allowed: str = "be a number") -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(allowed)
    try:
        return float(value)
    except OverflowError:
        raise ValueError("be a number below 1.8e308") from None


def _complex(value: Any) -> float | complex:
    if isinstance(value, dict) and set(value) == {"re", "im"}:
        return complex(_real(value["re"], _COMPLEX_FORM), _real(value["im"], _COMPLEX_FORM))
    return _real(value, _COMPLEX_FORM)


def _version(value: Any) -> int:
    if type(value) is not int or value != FORMAT:  # true and 1.0 equal 1, too
        raise ValueError(f"be {FORMAT}, the version of the format that this leyden reads")
    return value


def _names(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        return value
    raise ValueError("be the name of a mode, or an array of names")


def _type_of(entry: Field[Any], hint: Any) -> Any:
    """Type of one field of a record in a file: numbers by their rule, weights as tables of numbers."""
    from pydantic import BeforeValidator

    if "rule" in entry.metadata:
        return _annotated(hint, BeforeValidator(_complex if entry.metadata["rule"] == "complex" else _real))
    if get_origin(hint) is Mapping:
        return dict[str, _annotated(Any, BeforeValidator(_complex))]  # type: ignore[misc]
    return hint


def _annotated(hint: Any, marker: Any) -> Any:
    from typing import Annotated

    return Annotated[hint, marker]


def _record_schema(record: type[Element], kind: str | None) -> Any:
    """Pydantic model of one record; elements carry their kind, too."""
    from typing import Literal

    from pydantic import ConfigDict, create_model

    hints = get_type_hints(record)
    keys: dict[str, Any] = {} if kind is None else {"kind": (Literal[kind], ...)}  # type: ignore[valid-type]
    for entry in fields(record):
        default = ... if entry.default is MISSING else entry.default
        keys[entry.name] = (_type_of(entry, hints[entry.name]), default)
    return create_model(record.__name__, __config__=ConfigDict(extra="forbid", strict=True), **keys)


@lru_cache(maxsize=1)
def device_schema() -> Any:
    """Pydantic model of a whole device file.

    Returns
    -------
    type
        With fields `format`, `name`, `charger`, `battery`, `modes` and `elements`, the last two lists of models that
        carry the fields of their records. Unknown keys are refused.
    """
    from functools import reduce
    from operator import or_

    from pydantic import BeforeValidator, ConfigDict, Field, create_model

    element = reduce(or_, (_record_schema(record, kind) for kind, record in KINDS.items()))
    keys: dict[str, Any] = {
        "format": (_annotated(Any, BeforeValidator(_version)), FORMAT),
        "name": (str | None, None),
        "charger": (str, ...),
        "battery": (_annotated(Any, BeforeValidator(_names)), ...),
        "modes": (list[_record_schema(Mode, None)], ...),  # type: ignore[misc]
        "elements": (list[_annotated(element, Field(discriminator="kind"))], []),  # type: ignore[misc]
    }
    return create_model("Device", __config__=ConfigDict(extra="forbid", strict=True), **keys)


def keys_of(place: Sequence[str | int]) -> list[str]:
    """Keys that a table of a device file may have.

    Parameters
    ----------
    place : sequence of str or int
        Path to the table: (), ("modes", position) or ("elements", position, kind).

    Returns
    -------
    list of str
    """
    if not place:
        return list(device_schema().model_fields)
    if place[0] == "modes":
        return [entry.name for entry in fields(Mode)]
    return ["kind", *(entry.name for entry in fields(KINDS[str(place[2])]))]
