"""What is constrained: numbers of the results, between a low and a high end, and the distance from the threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leyden.design.landscape import MARGIN, Limit
from leyden.design.question import ABSCISSA, Wanted, wanted_of
from leyden.errors import ParameterError
from leyden.numeric import numbers_of

__all__ = ["Between", "checked_constraints", "checked_margin", "limits_of"]

Between = tuple[Wanted, float, float]
"""What is constrained, its low end and its high end."""


def checked_constraints(constraints: Any) -> list[Between]:
    """Constraints in order, from what the user gives."""
    if constraints is None:
        return []
    if not isinstance(constraints, Mapping):
        allowed = "be a mapping of quantities, or functions of the results, to (low, high)"
        raise ParameterError.of("constraints", allowed, constraints)
    given: Mapping[Any, Any] = constraints
    return [(wanted_of("constraints", key), *_ends(key, ends)) for key, ends in given.items()]


def _ends(key: Any, ends: Any) -> tuple[float, float]:
    argument = f"constraints[{key if isinstance(key, str) else getattr(key, '__name__', 'function')}]"
    if not isinstance(ends, Sequence) or isinstance(ends, (str, bytes)) or len(ends) != 2:
        raise ParameterError.of(argument, "be a pair (low, high); None leaves an end open", ends)
    low, high = (
        open_end if end is None else _end(argument, end) for end, open_end in zip(ends, (-np.inf, np.inf), strict=True)
    )
    if not low < high:
        remedy = (
            f"Did you mean {(high, low)}?" if low > high else "Of what is to have one value, name a narrow interval."
        )
        raise ParameterError.of(argument, "have its lower end first", (low, high), remedy)
    if np.isinf(low) and np.isinf(high):
        raise ParameterError.of(argument, "have an end", ends)
    return low, high


def _end(argument: str, end: Any) -> float:
    number = numbers_of(argument, end, "be a pair of real numbers")
    if np.ndim(number) or np.iscomplexobj(number) or np.isnan(number):
        raise ParameterError.of(argument, "be a pair of real numbers", end)
    return float(number)


def checked_margin(margin: Any) -> float | None:
    """Least distance of the spectral abscissa from zero, None to choose."""
    if margin is None:
        return None
    number = numbers_of("margin", margin, "be a positive rate, or None to choose")
    if np.ndim(number) or np.iscomplexobj(number) or not (np.isfinite(number) and number > 0):
        raise ParameterError.of("margin", "be a positive rate, or None to choose", margin)
    return float(number)


def limits_of(wanted: Sequence[Wanted], between: Sequence[Between], margin: float | None, rate: float) -> list[Limit]:
    """One limit for each end; the margin first."""
    found: list[Limit] = []
    if margin is not None:
        found.append(Limit(MARGIN, -1, -margin, -1, margin))
    for one, low, high in between:
        place = wanted.index(one)
        sizes = [abs(end) for end in (low, high) if np.isfinite(end) and end != 0]
        size = max(sizes, default=rate if one.name == ABSCISSA else 1.0)
        found += [Limit(one.name, place, low, 1, size)] if np.isfinite(low) else []
        found += [Limit(one.name, place, high, -1, size)] if np.isfinite(high) else []
    return found
