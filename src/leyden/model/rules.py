"""What a numeric parameter must obey: finite, and real, not negative, positive or complex; and a grid of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import in_double, is_concrete, keeps_double, to_numpy
from leyden.errors import ParameterError
from leyden.model.labels import is_labelled

__all__ = ["checked_number", "checked_times"]


def _any(_found: NDArray[Any]) -> bool:
    return True


def _real(found: NDArray[Any]) -> bool:
    return bool(np.all(np.isreal(found)))


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
        Numbers as Python numbers, sequences as NumPy arrays, all in double precision.

    Raises
    ------
    ParameterError
        If a number breaks the rule; the first one that does is named.
    """
    allowed, obeys = _RULES[rule]
    given = value
    if not keeps_double(given.data if is_labelled(given) else given):
        advice = 'Tell JAX to keep all digits: jax.config.update("jax_enable_x64", True).'
        raise ParameterError.of(name, "be in double precision", str(given.dtype), advice)
    try:
        value = in_double(given)
    except TypeError:
        raise ParameterError.of(name, allowed, given, remedy) from None
    numbers = value.data if is_labelled(value) else value
    if not is_concrete(numbers):
        return value
    found = to_numpy(numbers)
    is_complex = found.dtype.kind == "c"
    if (is_complex and rule != "complex") or not np.all(np.isfinite(found)) or not obeys(found):
        raise ParameterError.of(name, allowed, _offender(given, found, obeys), remedy)
    if found.ndim == 0 and (numbers is not value or isinstance(value, np.ndarray)):
        return complex(found) if is_complex else float(found)
    return value


def checked_times(times: Any) -> NDArray[np.float64]:
    """A grid of times.

    Parameters
    ----------
    times : number, sequence, array or DataArray
        In units of 1/rate.

    Returns
    -------
    array, shape (t,)
        Increasing, from 0 or later; concrete.

    Raises
    ------
    ParameterError
        If they are no finite real numbers, do not increase, or start negative.
    """
    given = times.data if is_labelled(times) else times
    if not is_concrete(given):
        remedy = "They set how many steps there are; the derivative of the stored energy by time is `charging_power`."
        raise ParameterError.of("times", "be concrete numbers, not traced ones", given, remedy)
    try:
        found = to_numpy(in_double(given))
    except TypeError:
        raise ParameterError.of("times", "be a sequence of numbers", times) from None
    found = found[None] if found.ndim == 0 else found
    if found.ndim != 1 or len(found) == 0:
        raise ParameterError.of("times", "be one-dimensional, with at least one time", found.shape)
    if found.dtype.kind == "c" or not np.all(np.isfinite(found)):
        raise ParameterError.of("times", "be finite real numbers", _offender(found, found, _real))
    if found[0] < 0:
        raise ParameterError.of("times", "not be negative", found[0].item(), "The drive is switched on at time 0.")
    falling = np.flatnonzero(np.diff(found) <= 0)
    if len(falling):
        pair = found[falling[0] : falling[0] + 2].tolist()
        raise ParameterError.of("times", "increase", pair, "Sort them and drop repeated ones.")
    return found


def _offender(value: Any, found: NDArray[Any], obeys: Callable[[NDArray[Any]], bool]) -> Any:
    """The first member of an array that breaks the rule: a grid of a million values is no use in a message."""
    if found.ndim == 0:
        return value
    for member in found.flat:
        if not np.isfinite(member) or not obeys(member):
            return member.item()
    return value
