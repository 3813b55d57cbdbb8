"""What counts as a number: those of Python and NumPy, arrays of them, and what turns into them by itself.

A quantity with a unit, a masked entry, a text, a truth value or a date does not: it would lose in silence what makes it
more than a number. No library is imported to find out; objects are known by their attributes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from inspect import isroutine
from numbers import Integral
from typing import Any

import numpy as np

from leyden.errors import ParameterError

__all__ = ["UNVARYING", "is_whole_number", "numbers_of", "whole_number"]

UNVARYING = "It is the same for a whole batch, and cannot be an array."
"""A remedy where an array was given for what sets the structure of a device."""

_NUMBERS = "be a number, or an array of numbers"
# Kinds of NumPy's types that are numbers; truth values, dates, texts, records and other objects are not.
_NUMERIC_KINDS = "iufc"
# Types that are numbers and nothing else, asked for exactly: a subclass may carry a unit.
_PLAIN = frozenset({float, complex, np.float64, np.complex128, np.float32, np.complex64, np.int64, np.int32})
_SEQUENCES = frozenset({*_PLAIN, int})
# A text as "5 kHz", and what makes a number of it.
_QUANTITY = re.compile(r"\s*[+-]?\.?\d.*[a-zA-Z]")
_LAB = "`leyden.units.Lab` makes numbers of rates, times and temperatures with units."
_ARRAY_METHODS = ("__array__", "__dlpack__", "__array_interface__")
# NumPy's arrays have no more axes than this.
_MOST_AXES = 64


def whole_number(name: str, value: Any, least: int, most: int | None = None) -> int:
    """A count, checked: an int of Python or NumPy, and no truth value."""
    if not is_whole_number(value) or value < least or (most is not None and value > most):
        allowed = f"at least {least}" if most is None else f"from {least} to {most}"
        remedy = UNVARYING if getattr(value, "shape", ()) else ""
        raise ParameterError.of(name, f"be a whole number, {allowed}", value, remedy)
    return int(value)


def is_whole_number(value: object) -> bool:
    """Whether a value is an int of Python or NumPy, and no truth value."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def numbers_of(name: str, value: Any, allowed: str = _NUMBERS) -> Any:
    """The numbers in a value, in whatever precision they came; nothing is dropped to get at them."""
    kind = type(value)
    if kind in _PLAIN or (kind is np.ndarray and value.dtype.kind in _NUMERIC_KINDS):
        return value
    if kind is int:
        return _scalar(name, value, allowed)
    if kind is list or kind is tuple:
        return _members(name, value, allowed, 1)
    return _unusual(name, value, allowed)


def _members(name: str, values: Any, allowed: str, depth: int) -> Any:
    """Numbers of a list or tuple, nested or not."""
    given = values
    if not set(map(type, values)) <= _SEQUENCES:
        if depth > _MOST_AXES:
            raise ParameterError.of(name, allowed, "list", f"It is nested more than {_MOST_AXES} deep.")
        nested = (list, tuple)
        values = [
            _members(name, member, allowed, depth + 1) if type(member) in nested else numbers_of(name, member, allowed)
            for member in values
        ]
    try:
        found = np.asarray(values)
    except (ValueError, TypeError, RuntimeError):
        remedy = "Its rows have unlike lengths, or hold arrays that only their own library can stack."
        raise ParameterError.of(name, allowed, given, remedy) from None
    return found if found.dtype.kind in _NUMERIC_KINDS else _array(name, found, allowed)


def _unusual(name: str, value: Any, allowed: str) -> Any:
    """Numbers of what is neither a number of Python nor a plain array or list."""
    is_numpy = isinstance(value, (np.ndarray, np.generic))
    if value is None or isinstance(value, (bool, str, bytes, bytearray)) or (is_numpy and not _may_hold_numbers(value)):
        raise _no_number(name, value, allowed)
    xarray, pandas = sys.modules.get("xarray"), sys.modules.get("pandas")
    if xarray is not None and isinstance(value, xarray.DataArray):
        return numbers_of(name, value.data, allowed)
    if xarray is not None and isinstance(value, (xarray.Dataset, xarray.Variable)):
        remedy = "Take one of its variables." if isinstance(value, xarray.Dataset) else "Make it an xarray.DataArray."
        raise ParameterError.of(name, allowed, type(value).__name__, remedy)
    is_table = pandas is not None and isinstance(value, (pandas.Series, pandas.Index, pandas.DataFrame))
    if not is_table:  # columns of a table may have any name, and are found as attributes
        _refuse_unit(name, value)
        _refuse_mask(name, value)
    if hasattr(value, "todense"):
        raise ParameterError.of(name, "be a dense array", type(value).__name__, "Make it one with `.todense()`.")
    if is_numpy:
        return _array(name, np.asarray(value), allowed)
    if hasattr(value, "__array_namespace__"):
        return value
    if is_table or isinstance(value, memoryview) or any(hasattr(value, method) for method in _ARRAY_METHODS):
        return numbers_of(name, _as_array(name, value, allowed), allowed)
    if isinstance(value, Sequence):
        return _members(name, list(value), allowed, 1)
    return _scalar(name, value, allowed)


def _may_hold_numbers(array: np.ndarray[Any, Any] | np.generic) -> bool:
    return array.dtype.kind in _NUMERIC_KINDS or array.dtype.kind == "O"


def _as_array(name: str, value: Any, allowed: str) -> Any:
    """What another library makes of its array when NumPy asks for it; lazy ones are computed."""
    try:
        return value.compute() if hasattr(value, "__dask_graph__") else np.asarray(value)
    except Exception as cause:  # whatever its own code raises: arrays on a device, or that keep derivatives
        reason = " ".join(str(cause).split())[:100].rstrip(".") or type(cause).__name__
        raise ParameterError.of(name, allowed, type(value).__name__, f"NumPy cannot read it: {reason}.") from None


def _array(name: str, found: np.ndarray[Any, Any], allowed: str) -> Any:
    """Numbers of an array of NumPy; an array of objects gives what each of them is."""
    if found.dtype.kind in _NUMERIC_KINDS:
        return found
    if not _may_hold_numbers(found):
        raise _no_number(name, found if found.ndim else found[()], allowed)
    numbers = [_scalar(name, member, allowed) for member in found.flat]
    is_complex = any(isinstance(number, (complex, np.complexfloating)) for number in numbers)
    return np.asarray(numbers, dtype=np.complex128 if is_complex else np.float64).reshape(found.shape)


def _scalar(name: str, value: Any, allowed: str) -> Any:
    """A single number of any kind as Python's, one of NumPy as it is."""
    if isinstance(value, (bool, str, bytes, list, tuple)):
        raise _no_number(name, value, allowed)
    _refuse_unit(name, value)
    if isinstance(value, (np.generic, np.ndarray)):
        if value.ndim or value.dtype.kind not in _NUMERIC_KINDS:
            raise _no_number(name, value, allowed)
        return np.asarray(value)[()]
    for convert, method in ((float, "__float__"), (float, "__index__"), (complex, "__complex__")):
        if hasattr(value, method):
            try:
                return convert(value)
            except OverflowError:
                remedy = "Floating-point numbers end at 1.8e308."
                raise ParameterError.of(name, "be within the number range", value, remedy) from None
            except Exception:  # it is complex, or no number at all: whatever its own code raises
                continue
    raise _no_number(name, value, allowed)


def _no_number(name: str, value: Any, allowed: str) -> ParameterError:
    """The error that says what a value is instead."""
    if isinstance(value, (str, bytes)):
        remedy = "It is a text: leave out the quotation marks." if _reads_as_number(value) else "It is a text."
        if isinstance(value, str) and _QUANTITY.match(value) and not _reads_as_number(value):
            remedy = f"It is a text: {_LAB}"
    elif isinstance(value, (bool, np.bool_)):
        remedy = "It is a truth value: write 1.0 or 0.0 if that is meant."
    elif isinstance(value, np.ndarray) and value.dtype.kind != "O":
        remedy = f"Its dtype is {value.dtype}."
    elif value is None or isinstance(value, (list, tuple, np.ndarray)):
        remedy = ""
    elif callable(value):
        remedy = "It is a function: for values in time give a pulse, as `leyden.pulse.sampled(times, values)`."
    else:
        remedy = f"It is of type {type(value).__name__}, which does not convert to a number by itself."
    return ParameterError.of(name, allowed, value, remedy)


def _reads_as_number(text: str | bytes) -> bool:
    try:
        complex(text if isinstance(text, str) else text.decode(errors="replace"))
    except ValueError:
        return False
    return True


def _refuse_unit(name: str, value: Any) -> None:
    """Refuse a quantity: its number alone would be right in one unit only."""
    for attribute in ("units", "unit", "dimensionality", "dimensions"):
        unit = getattr(value, attribute, None)
        if unit is None or isroutine(unit) or isinstance(unit, str):  # a word is a note, as on a variable of a file
            continue
        if hasattr(value, "to_value") or hasattr(value, "rescale"):
            call = ".to_value(unit)" if hasattr(value, "to_value") else ".rescale(unit).magnitude"
            remedy = f"Choose one unit for all rates, its inverse for times, and give the number, `{call}`."
        else:  # pint's conversion loses the 2 pi between Hz and rad/s
            remedy = _LAB
        raise ParameterError.of(name, "be in plain numbers, without a unit", value, remedy)


def _refuse_mask(name: str, value: Any) -> None:
    """Refuse masked entries: the numbers below a mask are those that must not be used."""
    mask = getattr(value, "mask", None)
    if mask is None or isroutine(mask) or not np.any(mask):
        return
    remedy = "Drop them with `.compressed()`, or put numbers there with `.filled(...)`."
    raise ParameterError.of(name, "have no masked entries", value, remedy)
