"""What a numeric parameter must obey: finite, and real, not negative, positive or complex; and a grid of times."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import (
    in_double,
    is_concrete,
    is_labelled,
    keeps_double,
    labelled_column,
    owned,
    relabelled,
    to_numpy,
)
from leyden.errors import ParameterError
from leyden.numeric import numbers_of
from leyden.records import frozen

__all__ = ["RULES", "checked_number", "checked_times", "checked_tolerance"]

# Squeezing r at which the quanta of a bath, e^{2r}/4, still leave room in the number range.
_MOST_SQUEEZED = 250.0


# Rule of a numeric parameter -> (what the sentence says, the test on each finite number).
_RULES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "real": ("be a finite real number", lambda _found: True),
    "nonnegative": ("be finite and not negative", lambda found: found >= 0),
    "positive": ("be finite and positive", lambda found: found > 0),
    "complex": ("be a finite complex number", lambda _found: True),
    "squeezing": (
        f"be a finite real number of size at most {_MOST_SQUEEZED:g}",
        lambda found: abs(found) <= _MOST_SQUEEZED,
    ),
}
RULES = tuple(_RULES)
"""What a parameter may have to be."""

# Below, a difference of two steps is rounding; above, a step says nothing any more.
_LEAST_TOLERANCE, _MOST_TOLERANCE = 1e-13, 1e-2
# 16 GiB; and NumPy's functions of several arrays take no more axes than this.
_MOST_NUMBERS, _MOST_AXES = 2**31, 32
_WHAT_IS_A_NUMBER = "be a number, an array of numbers, or a DataArray"


def checked_number(name: str, value: Any, rule: str, remedy: str = "") -> Any:
    """A parameter's value, checked where its numbers can be looked at."""
    allowed, obeys = _RULES[rule]
    if type(value) is float and isfinite(value) and obeys(value):
        return value
    labels: Any = labelled_column(name, value) if not is_labelled(value) else value
    given = _that_fit(name, numbers_of(name, value if labels is None else labels.data, _WHAT_IS_A_NUMBER))
    if not keeps_double(given):
        advice = 'Tell JAX to keep all digits: jax.config.update("jax_enable_x64", True).'
        raise ParameterError.of(name, "be in double precision", str(given.dtype), advice)
    try:
        numbers = in_double(given)
    except TypeError:
        raise ParameterError.of(name, _WHAT_IS_A_NUMBER, value) from None
    if not is_concrete(numbers):
        return numbers if labels is None else relabelled(labels, numbers)
    found = to_numpy(numbers)
    is_complex = found.dtype.kind == "c"
    if is_complex and rule != "complex":
        advice = "its size, and its angle as `phase`" if name == "amplitude" else "its real part"
        raise ParameterError.of(name, allowed, _offender(value, found, np.isreal), f"It is complex: give {advice}.")
    if not np.all(np.isfinite(found)):
        raise ParameterError.of(name, allowed, _offender(value, found, np.isfinite))
    if not np.all(obeys(found)):
        raise ParameterError.of(name, allowed, _offender(value, found, obeys), remedy)
    if found.ndim == 0 and (labels is not None or isinstance(numbers, np.ndarray)):
        return complex(found) if is_complex else float(found)
    kept = frozen(numbers) if isinstance(numbers, np.ndarray) else owned(numbers)
    if labels is None:
        return kept
    return labels if kept is labels.data else relabelled(labels, kept)


def checked_tolerance(tolerance: Any) -> float:
    """How far off numbers may be, relative to the largest."""
    found = checked_number("tolerance", tolerance, "positive")
    if not isinstance(found, float) or not _LEAST_TOLERANCE <= found <= _MOST_TOLERANCE:
        allowed = f"be a number from {_LEAST_TOLERANCE:g} to {_MOST_TOLERANCE:g}"
        raise ParameterError.of("tolerance", allowed, tolerance)
    return found


def checked_times(times: Any) -> NDArray[np.float64]:
    """A grid of times."""
    given = _that_fit("times", numbers_of("times", times, "be a sequence of numbers"))
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
        raise ParameterError.of("times", "be finite real numbers", _offender(found, found, np.isreal))
    if found[0] < 0:
        raise ParameterError.of("times", "not be negative", found[0].item(), "The drive is switched on at time 0.")
    falling = np.flatnonzero(np.diff(found) <= 0)
    if len(falling):
        pair = found[falling[0] : falling[0] + 2].tolist()
        raise ParameterError.of("times", "increase", pair, "Sort them and drop repeated ones.")
    return frozen(found)


def _that_fit(name: str, numbers: Any) -> Any:
    """Numbers as they came, before they are copied: not more than are ever computed, and of no more axes."""
    if type(numbers) is float:
        return numbers
    axes, size = getattr(numbers, "ndim", 0), getattr(numbers, "size", 1)
    if axes > _MOST_AXES:
        raise ParameterError.of(name, f"have at most {_MOST_AXES} axes", f"an array of {axes}")
    if size is not None and size > _MOST_NUMBERS:
        remedy = "Give a part of them at a time, or sweep into a store."
        raise ParameterError.of(name, f"have at most {_MOST_NUMBERS} numbers", f"an array of {size}", remedy)
    return numbers


def _offender(value: Any, found: NDArray[Any], obeys: Callable[[Any], Any]) -> Any:
    """The first member of an array that breaks the rule: a grid of a million values is no use in a message."""
    if found.ndim == 0:
        return value
    broken = ~(np.isfinite(found) & obeys(found))
    return found[np.unravel_index(int(np.argmax(broken)), found.shape)].item() if broken.any() else value
