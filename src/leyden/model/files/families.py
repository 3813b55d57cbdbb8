"""Many like elements, and many modes, as one table of a device file each: numbers for all, or arrays with one for each.

Places that follow each other are a run, `{ first = [0, 1], members = 999 }`: [0, 1], [1, 2], [2, 3], ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of
from leyden.model.families import Family
from leyden.model.files.schema import Entry, entries_of, or_pulse
from leyden.model.files.values import (
    Run,
    WrongError,
    read_complex,
    read_list,
    read_real,
    read_run,
    read_text,
    read_whole,
    within,
)
from leyden.model.modes import MOST_MODES, Modes

__all__ = ["MOST_PLACES", "family_entries", "family_values", "modes_entries", "modes_values", "run_of", "size_of"]

MOST_PLACES = 10 * MOST_MODES
"""Of all families of a file: they take 320 MB."""

# Names that are looked at for whether they are counted.
_MOST_COMPARED = 4096
_PLACES = "be positions of modes: whole numbers, arrays of them, or { first = [...], members = ... }"


def modes_entries() -> dict[str, Entry]:
    """Keys of the table of many modes."""
    return {"names": Entry(_names), **_numbers_of(Mode)}


@lru_cache(maxsize=64)
def family_entries(kind: type[Element]) -> dict[str, Entry]:
    """Keys that the table of a family may have, apart from its kind."""
    layout, single = layout_of(kind), entries_of(kind)
    columns = {name: Entry(_columns, single[name].is_required) for name in layout.by_mode}
    others = {name: single[name] for name in layout.others}
    after = Entry(read_whole, is_required=False)
    return {"after": after, "places": Entry(_places), **columns, **_numbers_of(kind), **others}


def _numbers_of(kind: type[Element]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in fields(kind):
        if entry.name in layout_of(kind).numbers:
            number = _complex if entry.metadata["rule"] == "complex" else _real
            read = or_pulse(number) if entry.metadata.get("may_change") else number
            found[entry.name] = Entry(read, entries_of(kind)[entry.name].is_required)
    return found


def _names(value: Any) -> Any:
    if not isinstance(value, list):
        return read_whole(value)
    return value if set(map(type, value)) == {str} else [within(at, read_text, one) for at, one in enumerate(value)]


def _array(value: Any) -> NDArray[np.float64]:
    """Real numbers; all at once where nothing is wrong."""
    if set(map(type, read_list(value))) <= {int, float}:
        try:
            return np.asarray(value, dtype=np.float64)
        except OverflowError:
            pass
    return np.asarray([within(place, read_real, entry) for place, entry in enumerate(value)], dtype=np.float64)


def _real(value: Any) -> Any:
    return _array(value) if isinstance(value, list) else read_real(value)


def _complex(value: Any) -> Any:
    """A number, an array of real or complex ones, or a table of arrays of both parts."""
    if isinstance(value, list):
        if dict not in set(map(type, value)):
            return _array(value)
        return np.asarray([within(place, read_complex, entry) for place, entry in enumerate(value)], np.complex128)
    if not isinstance(value, dict) or not any(isinstance(part, list) for part in value.values()):
        return read_complex(value)
    parts: dict[str, Any] = value
    if set(parts) != {"re", "im"}:
        raise WrongError("be a number or a table { re = ..., im = ... } of two", value)
    real, imaginary = (np.asarray(within(part, _real, parts[part])) for part in ("re", "im"))
    if real.ndim and imaginary.ndim and real.shape != imaginary.shape:
        raise WrongError(f"be as many as the real parts, {len(real)}", len(imaginary), ("im",))
    found = np.empty(np.broadcast_shapes(real.shape, imaginary.shape), dtype=np.complex128)
    found.real, found.imag = real, imaginary
    return found


def _columns(value: Any) -> list[Any]:
    """For each column of places a number or an array."""
    return [within(place, _complex, entry) for place, entry in enumerate(read_list(value))]


def _places(value: Any) -> Run | NDArray[np.intp]:
    """Positions (m,) or (m, k), or a run of them that is not made yet."""
    if isinstance(value, dict):
        return read_run(value)
    rows = value if isinstance(value, list) else []
    is_flat = set(map(type, rows)) == {int}
    flat = rows if is_flat else list(chain.from_iterable(row for row in rows if isinstance(row, list)))
    is_even = is_flat or (set(map(type, rows)) == {list} and len(set(map(len, rows))) == 1)
    if not rows or not is_even or set(map(type, flat)) != {int} or min(flat) < 0 or max(flat) >= 2**62:
        raise WrongError(_PLACES, value)
    found = np.asarray(flat, dtype=np.intp)
    return found if is_flat else found.reshape(len(rows), -1)


# Writing.


def run_of(places: NDArray[np.intp]) -> dict[str, Any] | None:
    """Places (m, k) as a run, if they are one."""
    step = int(places[1, 0] - places[0, 0]) if len(places) > 1 else 1
    # Most that are no run show it at once.
    if step < 1 or np.any(places[-1] - places[0] != step * (len(places) - 1)):
        return None
    if np.any(places[1:] - places[:-1] != step):
        return None
    run = {"first": places[0].tolist(), "members": len(places)}
    return run if step == 1 else {**run, "step": step}


def size_of(part: Family | Modes) -> int:
    """How many numbers and names a table of many takes; of a run, none."""
    family = part.family if isinstance(part, Modes) else part
    arrays = sum(int(np.size(value)) for value in family.pattern.parameters().values())
    if isinstance(part, Modes):
        return arrays + (0 if _are_counted(part) else len(part))
    return arrays + (family.places.size if run_of(family.places) is None else 0)


def _are_counted(modes: Modes) -> bool:
    is_short = len(modes) <= _MOST_COMPARED
    return modes.is_counted or (is_short and all(name == f"m{place}" for place, name in enumerate(modes.names)))


def modes_values(modes: Modes, number: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    """Key by key what stands in the table of many modes; each number is passed through a function."""
    yield "names", len(modes) if _are_counted(modes) else list(modes.names)
    pattern = modes.family.pattern
    yield from ((name, _told(getattr(pattern, name), number)) for name in layout_of(type(pattern)).numbers)


def family_values(family: Family, number: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    """Key by key what stands in the table of a family, without its kind."""
    pattern, places = family.pattern, family.places
    layout = layout_of(type(pattern))
    yield "places", run_of(places) or (places[:, 0].tolist() if places.shape[1] == 1 else places.tolist())
    for entry in fields(pattern):
        value = getattr(pattern, entry.name)
        if entry.name in layout.by_mode:
            yield entry.name, [_told(one, number) for one in value.values()]
        elif entry.name not in layout.modes:
            yield entry.name, _told(value, number)


def _told(value: Any, number: Callable[[Any], Any]) -> Any:
    """A number, or an array as a list; complex ones as a table of two lists."""
    if isinstance(value, (str, int)):
        return value
    if not isinstance(value, np.ndarray):
        return number(value)
    if value.dtype.kind == "c":
        return {"re": value.real.tolist(), "im": value.imag.tolist()}
    return value.tolist()
