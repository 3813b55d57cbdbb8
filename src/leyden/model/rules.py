"""What a numeric parameter must obey: finite, and real, not negative, positive or complex."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import is_concrete, to_numpy
from leyden.errors import ParameterError
from leyden.model.labels import is_labelled

__all__ = ["checked_number"]


def _any(_found: NDArray[Any]) -> bool:
    return True


def _not_negative(found: NDArray[Any]) -> bool:
    return bool(np.all(found >= 0))


def _positive(found: NDArray[Any]) -> bool:
    return bool(np.all(found > 0))


# Rule of a numeric parameter -> (what the sentence says, the test on finite numbers).
_RULES: dict[str, tuple[str, Callable[[NDArray[Any]], bool]]] = {
    "real": ("be a finite real number", _any),
    "nonnegative": ("be finite and not negative", _not_negative),
    "positive": ("be finite and positive", _positive),
    "complex": ("be a finite complex number", _any),
}


def checked_number(name: str, value: Any, rule: str, remedy: str = "") -> Any:
    """A parameter's value, checked where its numbers can be looked at.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : number, sequence, array or DataArray
        What was given.
    rule : str
        `real`, `nonnegative`, `positive` or `complex`; the numbers must be finite, too.
    remedy : str
        A sentence for the message.

    Returns
    -------
    float, complex, array or DataArray
        Numbers as Python numbers, sequences as NumPy arrays, arrays as they are.

    Raises
    ------
    ParameterError
        If a number breaks the rule; the first one that does is named.
    """
    allowed, obeys = _RULES[rule]
    if isinstance(value, (list, tuple)):
        value = np.asarray(value)
    numbers = value.data if is_labelled(value) else value
    if not is_concrete(numbers):
        return value
    try:
        found = to_numpy(numbers)
    except (TypeError, ValueError):
        found = np.asarray("no number")
    kinds = "iufc" if rule == "complex" else "iuf"
    if found.dtype.kind not in kinds or not np.all(np.isfinite(found)) or not obeys(found):
        raise ParameterError.of(name, allowed, _offender(value, found, obeys), remedy)
    if found.ndim == 0 and isinstance(value, (int, float, complex, np.generic, np.ndarray)):
        return complex(found) if found.dtype.kind == "c" else float(found)
    return value


def _offender(value: Any, found: NDArray[Any], obeys: Callable[[NDArray[Any]], bool]) -> Any:
    """The first member of an array that breaks the rule: a grid of a million values is no use in a message."""
    if found.dtype.kind not in "iufc" or found.ndim == 0:
        return value
    for member in found.flat:
        if not np.isfinite(member) or not obeys(member):
            return member.item()
    return value
