"""How axes combine: every combination, side by side, or samples between their ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log2, prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.numeric import numbers_of, whole_number
from leyden.runner.axes import Axis, Points, names_of_complex
from leyden.runner.ranges import MOST_VALUES, Range
from leyden.text import is_name

__all__ = ["SAMPLINGS", "Sampling", "combine"]

Sampling = Literal["grid", "zip", "latin_hypercube", "sobol"]
SAMPLINGS = ("grid", "zip", "latin_hypercube", "sobol")
# The dim along which zipped axes and samples stand side by side.
_POINT = "point"
_MOST_POINTS = 10**15
# An array of NumPy's has at most 64 dims, a result some of its own.
_MOST_DIMS, _MOST_AXES = 60, 1000
# An address names the modes of its element.
_LONGEST_NAME = 1000


def combine(
    axes: Mapping[str, Any],
    sampling: Sampling = "grid",
    *,
    points: int | None = None,
    seed: int = 0,
    attributes: Mapping[str, Mapping[str, Any]] | None = None,
) -> Points:
    """Points of a sweep from its axes."""
    if not isinstance(axes, Mapping) or not axes:
        raise ParameterError.of("axes", "be a mapping of parameter names to values, at least one", axes)
    if sampling not in SAMPLINGS:
        raise ParameterError.of("sampling", f"be one of {', '.join(SAMPLINGS)}", sampling)
    _refuse_names(axes, sampling)
    if sampling in ("grid", "zip"):
        if points is not None:
            raise ParameterError.of("points", f"be left out of a {sampling}", points, "Give each axis its own points.")
        _refuse_lengths({name: _length(name, axis) for name, axis in axes.items()}, sampling)
        values = {name: _values(name, axis) for name, axis in axes.items()}
    else:
        values = _sampled(axes, sampling, whole_number("points", points, 1, MOST_VALUES), seed)
    notes = attributes or {}
    combined = {
        name: Axis(name if sampling == "grid" else _POINT, along, dict(notes.get(name, {})))
        for name, along in values.items()
    }
    _refuse_taken(combined)
    return Points(combined)


def _refuse_names(axes: Mapping[str, Any], sampling: str) -> None:
    """Names become labels on terminals and figures, and those of variables in files."""
    most = _MOST_DIMS if sampling == "grid" else _MOST_AXES
    if len(axes) > most:
        raise ParameterError.of("axes", f"be at most {most} in a {sampling}", len(axes))
    for name in axes:
        if not is_name(name, _LONGEST_NAME):
            allowed = f"have names of parameters, printable strings of 1 to {_LONGEST_NAME} characters"
            raise ParameterError.of("axes", allowed, name)


def _refuse_taken(axes: Mapping[str, Axis]) -> None:
    """Refuse an axis that is called as a part of a complex one beside it."""
    parts = {part for name, axis in axes.items() if axis.values.dtype.kind == "c" for part in names_of_complex(name)}
    for name in parts.intersection(axes):
        remedy = "Give that parameter another name."
        raise ParameterError.of("axes", "leave the names of its parts to a complex axis", name, remedy)


def _length(name: str, axis: Any) -> int:
    if isinstance(axis, Range):
        if axis.points is None:
            raise ParameterError.of(f"axes[{name}]", "have its number of points where it is not sampled", axis)
        return axis.points
    try:
        return len(axis)
    except TypeError:
        return 1  # no list: refused with its name as soon as it is looked at


def _refuse_lengths(lengths: Mapping[str, int], sampling: str) -> None:
    """Refuse axes that do not go together or are too long, before any is built."""
    if sampling == "zip" and len(set(lengths.values())) > 1:
        raise ParameterError.of("axes", "have equal lengths to be zipped", dict(lengths))
    if sampling == "grid" and (count := prod(lengths.values())) > _MOST_POINTS:
        raise ParameterError.of("axes", f"make a grid of at most {_MOST_POINTS:.0e} points", f"{count:.3g} points")
    if sum(lengths.values()) > MOST_VALUES:
        raise ParameterError.of("axes", f"hold at most {MOST_VALUES} values in all", sum(lengths.values()))


def _values(name: str, axis: Any) -> NDArray[Any]:
    if isinstance(axis, Range):
        return axis.values()
    values = np.array(numbers_of(f"axes[{name}]", axis, "be a list of finite numbers, at least one"))
    if values.ndim != 1 or values.size == 0 or values.dtype.kind not in "iufc" or not np.all(np.isfinite(values)):
        raise ParameterError.of(f"axes[{name}]", "be a list of finite numbers, at least one", axis)
    return values


def _sampled(axes: Mapping[str, Any], sampling: str, points: int, seed: int) -> dict[str, NDArray[np.float64]]:
    from scipy.stats import qmc

    seed = whole_number("seed", seed, 0)
    ranges = {name: _ends(name, axis) for name, axis in axes.items()}
    if points * len(ranges) > MOST_VALUES:
        raise ParameterError.of("points", f"make at most {MOST_VALUES} values with {len(ranges)} axes", points)
    random = np.random.default_rng(seed)
    if sampling == "sobol":
        # Sobol points are balanced in powers of two: take the power above and keep the first ones.
        unit = qmc.Sobol(len(ranges), seed=random).random_base2(ceil(log2(points)))[:points]
    else:
        unit = qmc.LatinHypercube(len(ranges), seed=random).random(points)
    return {name: axis.at(unit[:, place]) for place, (name, axis) in enumerate(ranges.items())}


def _ends(name: str, axis: Any) -> Range:
    if isinstance(axis, Range):
        if axis.points is not None:
            raise ParameterError.of(f"axes[{name}]", "leave the number of points to the sampling", axis)
        return axis
    if isinstance(axis, Sequence) and not isinstance(axis, str) and len(axis) == 2:
        return Range(*axis)
    raise ParameterError.of(f"axes[{name}]", "be a Range or a pair (start, stop) to be sampled", axis)
