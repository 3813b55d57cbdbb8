"""Pulses in a device file: a table for each shape, sums and products of them as arrays.

`amplitude = { gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isfinite
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model import pulse as builders
from leyden.model.changing import Pulse, Shape, Term
from leyden.model.files.values import (
    MissingKeyError,
    UnknownKeyError,
    WrongError,
    is_pulse,
    read_complex,
    read_list,
    read_real,
    read_text,
    within,
)
from leyden.model.pulse.shapes import Ramp

__all__ = ["DEEPEST", "MOST_TERMS", "PRODUCT", "SHAPES", "SUM", "pulse_table", "read_pulse"]

MOST_TERMS = 1024
"""Terms of one pulse, once its products are multiplied out."""

DEEPEST = 8
"""Sums and products in each other."""
SUM, PRODUCT = "sum", "product"
"""Keys of several pulses in one."""

# Shapes of one term.
_MOST_SHAPES = 32

Read = Callable[[Any], Any]


@dataclass(frozen=True)
class _Form:
    """How one shape is written: its keys, what reads each, and the values of those that may be left out."""

    keys: Mapping[str, Read]
    defaults: Mapping[str, Any]
    height: str = ""  # the key of the factor before the shape, where it has one


def _reals(value: Any) -> list[float]:
    return [within(place, read_real, entry) for place, entry in enumerate(read_list(value))]


def _numbers(value: Any) -> list[float | complex]:
    return [within(place, read_complex, entry) for place, entry in enumerate(read_list(value))]


_INTERVAL: dict[str, Read] = {"start": read_real, "stop": read_real}
_ONE = {"height": 1.0}
# By the names of the functions that make them, which are those of the shapes in small letters.
_FORMS = {
    "square": _Form({"height": read_complex, **_INTERVAL}, _ONE, "height"),
    "gaussian": _Form({"height": read_complex, "centre": read_real, "width": read_real}, _ONE, "height"),
    "ramp": _Form({"first": read_complex, "last": read_complex, **_INTERVAL}, {"first": 0.0, "last": 1.0}, "last"),
    "cosine": _Form(
        {"height": read_complex, "frequency": read_real, "phase": read_real}, _ONE | {"phase": 0.0}, "height"
    ),
    "piecewise": _Form({"times": _reals, "values": _numbers}, {}),
    "sampled": _Form({"times": _reals, "values": _numbers, "interpolation": read_text}, {"interpolation": "cubic"}),
}
SHAPES = tuple(_FORMS)
"""Keys of single shapes."""
_NAMES = (*SHAPES, SUM, PRODUCT)


def read_pulse(value: Mapping[str, Any], depth: int = 0) -> Pulse:
    """A pulse from its table, which may be one in several others."""
    name = next(iter(value), "")
    if len(value) != 1 or name not in _NAMES:
        raise WrongError(f"be a number, or a table with one of the keys {', '.join(_NAMES)}", value)
    return within(name, lambda content: _content(name, content, depth), value[name])


def _content(name: str, content: Any, depth: int) -> Pulse:
    """What stands behind the name of a shape, of a sum or of a product."""
    if name in _FORMS:
        return _shape(name, content)
    if depth == DEEPEST:
        raise WrongError(f"be nested at most {DEEPEST} deep", content)
    entries = read_list(content)
    if not entries:
        raise WrongError("hold at least one number or pulse", content)
    parts = [within(place, lambda entry: _part(entry, depth + 1), entry) for place, entry in enumerate(entries)]
    if name == SUM:
        count = sum(len(part.terms) for part in parts)
        return Pulse(_counted(count, lambda: (term for part in parts for term in part.terms)))
    return reduce(_times, parts)


def _part(value: Any, depth: int) -> Pulse:
    """A number or a pulse, as one of several."""
    if is_pulse(value):
        return read_pulse(value, depth)
    factor = read_complex(value)
    _check_finite(factor)
    return Pulse((Term(factor),))


def _counted(count: int, terms: Callable[[], Iterator[Term]]) -> tuple[Term, ...]:
    """Terms, which are not made before they are known not to be too many."""
    if count > MOST_TERMS:
        raise WrongError(f"come to at most {MOST_TERMS} terms", count)
    return tuple(terms())


def _times(first: Pulse, second: Pulse) -> Pulse:
    shapes = [max(len(term.shapes) for term in one.terms) for one in (first, second)]
    if sum(shapes) > _MOST_SHAPES:
        raise WrongError(f"multiply at most {_MOST_SHAPES} shapes", sum(shapes))
    pairs = ((one, other) for one in first.terms for other in second.terms)
    count = len(first.terms) * len(second.terms)
    found = Pulse(_counted(count, lambda: (_product(one, other) for one, other in pairs)))
    for term in found.terms:
        _check_finite(term.factor)
    return found


def _product(first: Term, second: Term) -> Term:
    # A factor of one would turn a complex -0.0 into 0.0.
    factors = [term.factor for term in (first, second) if repr(term.factor) != "1.0"]
    factor = factors[0] * factors[1] if len(factors) == 2 else (factors or [1.0])[0]
    return Term(factor, first.shapes + second.shapes)


def _check_finite(factor: float | complex) -> None:
    if not (isfinite(factor.real) and isfinite(factor.imag)):
        raise WrongError("come to finite numbers", factor)


def _shape(name: str, content: Any) -> Pulse:
    """One shape, by the function of `ly.pulse` that makes it."""
    form = _FORMS[name]
    if not isinstance(content, dict):
        raise WrongError(f"be a table of {', '.join(form.keys)}", content)
    table: dict[str, Any] = content
    for key in table:
        if key not in form.keys:
            raise UnknownKeyError("have known keys only", tuple(form.keys), (key,))
    for key in form.keys:
        if key not in table and key not in form.defaults:
            raise MissingKeyError(f"have the key {key!r}", table, (key,))
    given = {key: within(key, form.keys[key], value) for key, value in table.items()}
    try:
        made: Pulse = getattr(builders, name)(**dict(form.defaults) | given)
    except ParameterError as error:
        raise WrongError(error.allowed, error.value, (error.name,)) from None
    for term in made.terms:  # the two ends of a ramp may be too far apart
        _check_finite(term.factor)
    # A ramp from zero needs no constant beside it.
    return Pulse(made.terms[1:]) if name == "ramp" and "first" not in table else made


def pulse_table(pulse: Pulse, number: Callable[[Any], Any]) -> dict[str, Any]:
    """A pulse as a value of TOML that is read as the same terms; every number is passed through a function."""
    if len(pulse.terms) > MOST_TERMS or any(len(term.shapes) > _MOST_SHAPES for term in pulse.terms):
        allowed = f"be of at most {MOST_TERMS} terms of {_MOST_SHAPES} shapes to be written"
        raise ParameterError.of("network", allowed, f"a pulse of {len(pulse.terms)} terms")
    entries = list(_entries(pulse.terms, number))
    return entries[0] if len(entries) == 1 and is_pulse(entries[0]) else {SUM: entries}


def _entries(terms: Sequence[Term], number: Callable[[Any], Any]) -> Iterator[Any]:
    """Each term as an entry of a sum; a constant and the ramp on it are one."""
    place = 0
    while place < len(terms):
        term = terms[place]
        after = terms[place + 1] if place + 1 < len(terms) else None
        if after is not None and not term.shapes and len(after.shapes) == 1 and isinstance(after.shapes[0], Ramp):
            first, rise = _plain(number, term.factor), _plain(number, after.factor)
            # Where adding the rise and taking it off again is not exact, the two stay apart.
            if repr(first + rise - first) == repr(rise):
                yield {"ramp": {"first": number(first), "last": number(first + rise), **_own(after.shapes[0], number)}}
                place += 2
                continue
        yield _entry(term, number)
        place += 1


def _plain(number: Callable[[Any], Any], factor: Any) -> Any:
    found = number(factor)
    return complex(found["re"], found["im"]) if isinstance(found, Mapping) else found


def _entry(term: Term, number: Callable[[Any], Any]) -> Any:
    """A term: its number, its only shape, or the product of its shapes; the first of them has the factor as height."""
    factor = number(term.factor)
    if not term.shapes:
        return factor
    tables: list[Any] = [{_name(shape): _own(shape, number)} for shape in term.shapes]
    height, is_one = _FORMS[_name(term.shapes[0])].height, repr(factor) == "1.0"
    if height and not (is_one and len(tables) > 1):
        name = _name(term.shapes[0])
        tables[0] = {name: {height: factor} | tables[0][name]}
    elif not height and not is_one:
        tables = [factor, *tables]
    return tables[0] if len(tables) == 1 else {PRODUCT: tables}


def _name(shape: Shape) -> str:
    return type(shape).__name__.lower()


def _own(shape: Shape, number: Callable[[Any], Any]) -> dict[str, Any]:
    """The shape's own numbers by key."""

    def told(value: Any) -> Any:
        if isinstance(value, str):
            return value
        is_list = isinstance(value, np.ndarray) and _name(shape) in ("piecewise", "sampled")
        return value.tolist() if is_list else number(value)

    return {name: told(value) for name, value in vars(shape).items()}
