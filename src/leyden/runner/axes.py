"""Over which parameters: ranges, and how axes combine into points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, log2, prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.numeric import numbers_of, whole_number
from leyden.runner.decimals import equal_ratios, equal_steps
from leyden.text import is_name

__all__ = ["SAMPLINGS", "Axis", "Coordinate", "Points", "Range", "Sampling", "combine", "parts_of"]

Sampling = Literal["grid", "zip", "latin_hypercube", "sobol"]
SAMPLINGS = ("grid", "zip", "latin_hypercube", "sobol")
Coordinate = tuple[tuple[str, ...], NDArray[Any], Mapping[str, Any]]
"""Dims, values and attributes."""
# The dim along which zipped axes and samples stand side by side.
_POINT = "point"
# Values are held in memory: at most 2 GiB of them. An array of NumPy's has at most 64 dims, a result some of its own.
_MOST_VALUES = 2**28
_MOST_POINTS = 10**15
_MOST_DIMS, _MOST_AXES = 60, 1000
# An address names the modes of its element.
_LONGEST_NAME = 1000


@dataclass(frozen=True)
class Range:
    """An axis from start to stop, both ends included; its points are the decimals that a person types.

    Parameters
    ----------
    start, stop : float
        In the parameter's unit.
    points : int or None
        How many; None where a sampling chooses them.
    spacing : str
        "linear", or "log" for equal ratios.

    Raises
    ------
    ParameterError
        If an end is not finite, the count is not positive, or a logarithmic range leaves the positive numbers.

    Examples
    --------
    >>> from leyden import Range
    >>> Range(0.1, 10, 3, spacing="log").values().tolist()
    [0.1, 1.0, 10.0]
    >>> Range(0, 1, 101).values()[35].item()
    0.35
    """

    start: float
    stop: float
    points: int | None = None
    spacing: Literal["linear", "log"] = "linear"

    def __post_init__(self) -> None:
        if self.spacing not in ("linear", "log"):
            raise ParameterError.of("spacing", 'be "linear" or "log"', self.spacing)
        for name in ("start", "stop"):
            value: Any = numbers_of(name, getattr(self, name), "be a finite number")
            if np.ndim(value) or np.iscomplexobj(value) or not np.isfinite(value):
                raise ParameterError.of(name, "be a finite number", value)
            if self.spacing == "log" and float(value) <= 0:
                raise ParameterError.of(name, 'be positive where spacing is "log"', value)
            object.__setattr__(self, name, float(value))
        if self.points is not None:
            object.__setattr__(self, "points", whole_number("points", self.points, 1, _MOST_VALUES))

    def at(self, fractions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at fractions of the way from start to stop.

        Parameters
        ----------
        fractions : array
            Between 0 and 1.

        Returns
        -------
        array
            Of the same shape.
        """
        if self.spacing == "log":
            return np.power(self.start, 1 - fractions) * np.power(self.stop, fractions)
        return self.start * (1 - fractions) + self.stop * fractions

    def values(self) -> NDArray[np.float64]:
        """All its points: the decimals that a person types for them, so that 0.35 on a grid of hundredths is 0.35."""
        if self.points is None:
            raise ParameterError.of("points", "be given for an axis that is not sampled", None)
        spread = equal_ratios if self.spacing == "log" else equal_steps
        return spread(self.start, self.stop, self.points)


@dataclass(frozen=True, eq=False)
class Axis:
    """Values of one parameter along one dim of the result.

    Parameters
    ----------
    dim : str
        The parameter's own name on a grid; shared by all parameters that are zipped or sampled.
    values : array, shape (n,)
        Finite numbers.
    attributes : mapping of str to str
        Of the coordinate in the result.
    """

    dim: str
    values: NDArray[Any]
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def part(self, place: Mapping[str, slice]) -> Axis:
        """The same parameter on a part of the sweep.

        Parameters
        ----------
        place : mapping of str to slice
            Part of each dim.

        Returns
        -------
        Axis
        """
        return replace(self, values=self.values[place[self.dim]]) if self.dim in place else self


@dataclass(frozen=True, eq=False)
class Points:
    """All points of a sweep.

    Parameters
    ----------
    axes : mapping of str to Axis
        One for each parameter that varies, in order.
    """

    axes: Mapping[str, Axis]

    @property
    def sizes(self) -> dict[str, int]:
        """Dims of the result, in order, and their sizes."""
        return {axis.dim: len(axis.values) for axis in self.axes.values()}

    @property
    def count(self) -> int:
        """Number of points."""
        return prod(self.sizes.values())

    @property
    def coordinates(self) -> dict[str, Coordinate]:
        """What the axes become in results.

        A complex axis becomes two coordinates over its dim, `NAME_real` and `NAME_imaginary`: files of netCDF know no
        complex numbers.
        """
        found: dict[str, Coordinate] = {}
        for name, axis in self.axes.items():
            if axis.values.dtype.kind != "c":
                found[name] = ((axis.dim,), axis.values, axis.attributes)
                continue
            meaning = axis.attributes.get("long_name", name)
            parts = zip(("real", "imaginary"), ("Re", "Im"), (np.real(axis.values), np.imag(axis.values)), strict=True)
            for key, (part, sign, values) in zip(parts_of(name), parts, strict=True):
                about = {**axis.attributes, "long_name": f"{part} part of {meaning}"}
                if "symbol" in about:
                    about["symbol"] = rf"\mathrm{{{sign}}}\,{about['symbol']}"
                found[key] = ((axis.dim,), values, about)
        return found

    def part(self, place: Mapping[str, slice]) -> dict[str, Axis]:
        """Parameters of a rectangular part.

        Parameters
        ----------
        place : mapping of str to slice
            Part of each dim.

        Returns
        -------
        dict of str to Axis
        """
        return {name: axis.part(place) for name, axis in self.axes.items()}

    def point(self, number: int) -> dict[str, Axis]:
        """Parameters of one point, as axes of one value.

        Parameters
        ----------
        number : int
            Position in the order in which the last dim runs fastest.

        Returns
        -------
        dict of str to Axis
        """
        place: dict[str, slice] = {}
        for dim, size in reversed(list(self.sizes.items())):
            number, digit = divmod(number, size)
            place[dim] = slice(digit, digit + 1)
        return self.part(place)


def parts_of(name: str) -> tuple[str, str]:
    """What the coordinates of a complex axis are called: the real part's, and the imaginary part's.

    Parameters
    ----------
    name : str
        The axis.

    Returns
    -------
    tuple of str
    """
    return f"{name}_real", f"{name}_imaginary"


def combine(
    axes: Mapping[str, Any],
    sampling: Sampling = "grid",
    *,
    points: int | None = None,
    seed: int = 0,
    attributes: Mapping[str, Mapping[str, Any]] | None = None,
) -> Points:
    """Points of a sweep from its axes.

    Parameters
    ----------
    axes : mapping of str to sequence, array, DataArray or Range
        Values of each parameter, finite numbers, real or complex; complex ones are told by their real and imaginary
        parts in results, see `Points.coordinates`.
    sampling : str
        "grid" (every combination, one dim for each axis), "zip" (axes of equal length side by side, along the dim
        `point`), or "latin_hypercube" or "sobol" (that many `points` between the ends of the axes, along `point`).
    points : int or None
        Number of samples.
    seed : int
        Of the samples; the same seed gives the same points.
    attributes : mapping of str to mapping, or None
        Of each axis's coordinate.

    Returns
    -------
    Points

    Raises
    ------
    ParameterError
        If an axis is empty, not one-dimensional or not numeric, if its name is not printable, or if axes do not go
        together, are more than 60 in a grid, or hold more than 2^28 values or 10^15 points in all.

    Notes
    -----
    The axes are held in memory: 8 bytes for each value, so 8 bytes a point for each zipped or sampled axis.

    Examples
    --------
    >>> from leyden.runner import Range, combine
    >>> combine({"drive": [0.01, 0.02], "damping": Range(0.1, 1.0, 4)}).sizes
    {'drive': 2, 'damping': 4}
    """
    if not isinstance(axes, Mapping) or not axes:
        raise ParameterError.of("axes", "be a mapping of parameter names to values, at least one", axes)
    if sampling not in SAMPLINGS:
        raise ParameterError.of("sampling", f"be one of {', '.join(SAMPLINGS)}", sampling)
    _refuse_names(axes, sampling)
    if sampling in ("grid", "zip"):
        if points is not None:
            raise ParameterError.of("points", f"be left out of a {sampling}", points, "Give each axis its own points.")
        _refuse_lengths({name: _length(name, axis) for name, axis in axes.items()}, sampling)
        found = {name: _values(name, axis) for name, axis in axes.items()}
    else:
        found = _sampled(axes, sampling, whole_number("points", points, 1, _MOST_VALUES), seed)
    notes = attributes or {}
    combined = {
        name: Axis(name if sampling == "grid" else _POINT, values, dict(notes.get(name, {})))
        for name, values in found.items()
    }
    _refuse_parts(combined)
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


def _refuse_parts(axes: Mapping[str, Axis]) -> None:
    """Refuse an axis that is called as a part of a complex one beside it."""
    parts = {part for name, axis in axes.items() if axis.values.dtype.kind == "c" for part in parts_of(name)}
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
    if sum(lengths.values()) > _MOST_VALUES:
        raise ParameterError.of("axes", f"hold at most {_MOST_VALUES} values in all", sum(lengths.values()))


def _values(name: str, axis: Any) -> NDArray[Any]:
    if isinstance(axis, Range):
        return axis.values()
    found = np.array(numbers_of(f"axes[{name}]", axis, "be a list of finite numbers, at least one"))
    if found.ndim != 1 or found.size == 0 or found.dtype.kind not in "iufc" or not np.all(np.isfinite(found)):
        raise ParameterError.of(f"axes[{name}]", "be a list of finite numbers, at least one", axis)
    return found


def _sampled(axes: Mapping[str, Any], sampling: str, points: int, seed: int) -> dict[str, NDArray[np.float64]]:
    from scipy.stats import qmc

    seed = whole_number("seed", seed, 0)
    ranges = {name: _ends(name, axis) for name, axis in axes.items()}
    if points * len(ranges) > _MOST_VALUES:
        raise ParameterError.of("points", f"make at most {_MOST_VALUES} values with {len(ranges)} axes", points)
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
