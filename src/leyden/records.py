"""What makes two records equal, and what keeps a frozen record as it is: the arrays in it are its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

__all__ = ["FrozenDict", "Record", "Remembering", "frozen", "hash_of", "is_same"]

# Numbers of an array that enter its hash: enough to tell the arrays of a loop apart, few enough for a million.
_HASHED = 64
_PLAIN = (str, int, float, complex)


class Record:
    """A record that is equal to another one of its kind if all fields are, arrays number by number.

    Mixed into frozen dataclasses. The comparison that `dataclass` would write asks whether an array is true.
    """

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        # `dataclass` writes its own into each class that does not have them.
        for name in ("__eq__", "__hash__", "__repr__"):
            if name not in cls.__dict__:
                setattr(cls, name, getattr(cls, name))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return all(is_same(getattr(self, name), getattr(other, name)) for name in _compared(self))

    def __repr__(self) -> str:
        # An array would fill the page.
        record: Any = self
        shown = [f"{entry.name}={_brief(getattr(self, entry.name))}" for entry in fields(record) if entry.repr]
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __hash__(self) -> int:
        return hash((type(self), *(hash_of(getattr(self, name)) for name in _compared(self))))


class Remembering:
    """Mixed into frozen records: what was derived from one stays with it, since neither can change."""

    @cached_property
    def derived(self) -> dict[str, Any]:
        """What others have worked out of this record, by name; copies and other processes begin anew."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "derived"}


def _compared(record: Any) -> list[str]:
    return [entry.name for entry in fields(record) if entry.compare]


def _brief(value: Any) -> str:
    """A field's value as Python writes it, an array by its dims or its shape."""
    if isinstance(value, Mapping):
        members: Mapping[Any, Any] = value
        return f"{{{', '.join(f'{key!r}: {_brief(member)}' for key, member in members.items())}}}"
    if _is_labelled(value):
        return f"<array over {', '.join(f'{dim}: {size}' for dim, size in value.sizes.items())}>"
    if shape := getattr(value, "shape", ()):
        return f"<array of shape {tuple(shape)}>"
    return repr(value)


def is_same(first: Any, second: Any) -> bool:
    """Whether two values hold the same: numbers, arrays of any library with their labels, and containers of them."""
    if first is second:
        return True
    first, second = (value.item() if isinstance(value, np.generic) else value for value in (first, second))
    if isinstance(first, _PLAIN) and isinstance(second, _PLAIN):
        return bool(first == second)
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(is_same(first[key], second[key]) for key in first)
    if isinstance(first, (tuple, list)) and isinstance(second, (tuple, list)):
        return len(first) == len(second) and all(map(is_same, first, second))
    if _is_labelled(first) or _is_labelled(second):
        return _is_labelled(first) and _is_labelled(second) and _same_labels(first, second)
    shapes: list[Any] = [getattr(value, "shape", None) for value in (first, second)]
    if shapes == [None, None]:
        return bool(first == second)
    try:
        return shapes[0] == shapes[1] and bool(np.array_equal(np.asarray(first), np.asarray(second)))
    except TypeError:  # traced, without numbers
        return False


def _is_labelled(value: object) -> bool:
    return hasattr(value, "dims") and hasattr(value, "coords")


def _same_labels(first: Any, second: Any) -> bool:
    if first.dims != second.dims or set(first.coords) != set(second.coords):
        return False
    coordinates = all(first.coords[name].equals(second.coords[name]) for name in first.coords)
    return coordinates and is_same(first.data, second.data)


def hash_of(value: Any) -> int:
    """A hash that equal values share, see `is_same`; of a large array a sample decides."""
    if isinstance(value, Mapping):
        return hash(frozenset((key, hash_of(member)) for key, member in value.items()))
    if isinstance(value, (tuple, list)):
        return hash(tuple(map(hash_of, value)))
    if isinstance(value, (*_PLAIN, np.generic)) or not hasattr(value, "shape"):
        return hash(value)
    numbers: Any = value.data if _is_labelled(value) else value
    try:
        flat = np.asarray(numbers).reshape(-1)
    except TypeError:  # traced
        return id(value)
    step = max(1, len(flat) // _HASHED)
    # Through Python's numbers, whose hash is the same for 0.0 and -0.0, and for a real number and a complex one.
    return hash((tuple(value.shape), *flat[::step].tolist()))


def frozen(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """An array that nobody else can change: itself if it is read-only down to its memory, else a read-only copy."""
    owner: Any = array
    while isinstance(owner, np.ndarray) and not owner.flags.writeable:
        owner = owner.base
    if owner is None:
        return array
    once = tuple(slice(None) if step else slice(0, 1) for step in array.strides) if 0 in array.strides else ...
    copied = array[once].copy()
    copied.flags.writeable = False
    return copied if copied.shape == array.shape else np.broadcast_to(copied, array.shape)


class FrozenDict(dict[str, Any]):
    """A dict that cannot be changed, and so has a hash."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)

    def _refused(self, *_given: object, **_named: object) -> NoReturn:
        """Refuse: a record that was checked stays as it is."""
        raise TypeError("this mapping belongs to a frozen record and cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refused  # type: ignore[assignment]
    clear = pop = popitem = setdefault = update = _refused  # type: ignore[assignment]

    def __hash__(self) -> int:  # type: ignore[override]
        return hash_of(dict(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and is_same(dict(self), dict(other))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)
