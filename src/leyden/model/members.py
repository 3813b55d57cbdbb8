"""The devices of a batch one by one, each as it would have been built alone.

Only single elements hold batches of parameters, so that a batch of a large network is a list of thousands of them. In
its members like elements are families again: many arrays and few records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of
from leyden.model.families import Family, columns_of
from leyden.model.modes import Modes
from leyden.model.network import Network

__all__ = ["members_of"]

# So many like elements make a family.
_FEWEST = 8


@dataclass(frozen=True)
class _Column:
    """One parameter of many like elements: a value that they share, or one view over the batch for each."""

    shared: Any
    views: tuple[NDArray[Any], ...] = ()

    @classmethod
    def of(cls, values: Sequence[Any], shape: tuple[int, ...]) -> _Column:
        first = values[0]
        if all(value is first or _same(value, first) for value in values):
            return cls(first if np.ndim(first) == 0 else np.broadcast_to(first, shape))
        return cls(None, tuple(np.broadcast_to(value, shape) for value in values))

    def at(self, index: tuple[int, ...]) -> Any:
        if self.views:
            return np.asarray([view[index] for view in self.views])
        return self.shared if np.ndim(self.shared) == 0 else self.shared[index].item()


def _same(first: Any, second: Any) -> bool:
    return np.shape(first) == np.shape(second) and bool(np.array_equal(first, second))


@dataclass(frozen=True)
class _Group:
    """Many like elements: the first of them on modes named by columns, the positions of all, and their parameters."""

    pattern: Element
    places: NDArray[np.intp]
    columns: dict[str, _Column]

    def at(self, index: tuple[int, ...]) -> Family:
        numbers = {name: column.at(index) for name, column in self.columns.items()}
        return Family.of(self.pattern.with_parameters(numbers), self.places)


def _likeness(part: Element | Family) -> tuple[Any, ...] | None:
    """What like elements share, all but modes and numbers; None for what cannot be repeated on other modes."""
    if isinstance(part, Family) or part.pulses():
        return None
    layout, modes = layout_of(type(part)), part.modes
    tables = [mode for name in layout.by_mode for mode in getattr(part, name)]
    if len(set(modes)) < len(modes) or modes != (*(getattr(part, name) for name in layout.modes), *tables):
        return None
    return type(part), len(modes), *(getattr(part, name) for name in layout.others)


def _group(elements: Sequence[Element], positions: dict[str, int], shape: tuple[int, ...]) -> _Group:
    first = elements[0]
    pattern = first.with_parameters({}, columns_of(len(first.modes)))
    rows = zip(*(element.parameters().values() for element in elements), strict=True)
    columns = {name: _Column.of(row, shape) for name, row in zip(pattern.parameters(), rows, strict=True)}
    places = np.asarray([[positions[mode] for mode in element.modes] for element in elements], dtype=np.intp)
    return _Group(pattern, places, columns)


def _grouped(network: Network, shape: tuple[int, ...]) -> list[Element | Family | _Group]:
    """The parts of a network, the elements of a kind that come often as one, where the first of them stood."""
    likeness = [_likeness(part) for part in network.parts]
    alike: dict[tuple[Any, ...], list[Element]] = {}
    for key, part in zip(likeness, network.parts, strict=True):
        if key is not None and not isinstance(part, Family):
            alike.setdefault(key, []).append(part)
    alike = {key: elements for key, elements in alike.items() if len(elements) >= _FEWEST}
    kinds = set(alike)
    grouped: list[Element | Family | _Group] = []
    for key, part in zip(likeness, network.parts, strict=True):
        if key not in kinds:
            grouped.append(part)
        elif key in alike:  # the first of them; an element may be listed twice, and then counts twice
            grouped.append(_group(alike.pop(key), network.positions, shape))
    return grouped


def members_of(network: Network, shape: tuple[int, ...]) -> Iterator[Network]:
    """The devices of a batch."""
    parts = _grouped(network, shape)
    modes: Any = network.modes
    if not isinstance(modes, Modes):
        rows = [mode.parameters() for mode in modes]
        columns = {name: _Column.of([row[name] for row in rows], shape) for name in rows[0]}
        is_plain = all(type(mode) is Mode and mode.levels is None and not mode.pulses() for mode in modes)
        is_large = is_plain and len(modes) >= _FEWEST
    else:
        columns, is_large = {}, False
    for index in np.ndindex(*shape):

        def single(element: Element, index: tuple[int, ...] = index) -> Element:
            return element.mapped(lambda value: _Column.of((value,), shape).at(index))

        if is_large:
            modes = Modes(network.mode_names, **{name: column.at(index) for name, column in columns.items()})
        elif columns:
            modes = tuple(map(single, network.modes))
        elements = tuple(
            part if isinstance(part, Family) else part.at(index) if isinstance(part, _Group) else single(part)
            for part in parts
        )
        yield replace(network, modes=modes, elements=elements)
