"""What a network is given, as records and names: checked, and families that are not plain, member by member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode
from leyden.model.families import Family, Members
from leyden.model.modes import Modes

__all__ = ["beyond", "listed_members", "names_of", "records_of", "repeated"]


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
    if (last := int(part.places.max())) >= len(names):
        raise beyond(part, last, len(names))
    return tuple(part.member(index, names) for index in range(len(part)))


def beyond(part: Family, last: int, count: int) -> ParameterError:
    """The error about a family with places that no mode has."""
    return ParameterError.of("elements", f"have places below {count}, the number of modes, in {part!r}", last)


def repeated(names: Sequence[str]) -> list[str]:
    """Names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]
