"""Over which points: the axes of a sweep, and parts of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.runner.division import Blocks, Place

__all__ = ["Axis", "Coordinate", "Points", "names_of_complex"]

Coordinate = tuple[tuple[str, ...], NDArray[Any], Mapping[str, Any]]
"""Dims, values and attributes."""


@dataclass(frozen=True, eq=False)
class Axis:
    """Values of one parameter along one dim: its own on a grid, shared by all that are zipped or sampled."""

    dim: str
    values: NDArray[Any]
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, eq=False)
class Points:
    """All points of a sweep, or of a rectangular part of one: an axis for each parameter that varies, in order."""

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
        """What the axes become in results; a complex one two, because files of netCDF know no complex numbers."""
        coordinates: dict[str, Coordinate] = {}
        for name, axis in self.axes.items():
            if axis.values.dtype.kind != "c":
                coordinates[name] = ((axis.dim,), axis.values, axis.attributes)
                continue
            words = {"long_name": name.replace("_", " "), **axis.attributes}
            halves = ("real", "Re", np.real(axis.values)), ("imaginary", "Im", np.imag(axis.values))
            for key, (half, sign, values) in zip(names_of_complex(name), halves, strict=True):
                told = {key: f"{half} part of {words[key]}" for key in ("long_name", "description") if key in words}
                about = {**axis.attributes, **told}
                if "symbol" in about:
                    about["symbol"] = rf"\mathrm{{{sign}}}\,{about['symbol']}"
                coordinates[key] = ((axis.dim,), values, about)
        return coordinates

    def part(self, place: Place) -> Points:
        """A rectangular part; dims that the place does not name are whole."""
        values = {name: axis.values[place.get(axis.dim, slice(None))] for name, axis in self.axes.items()}
        return Points({name: replace(axis, values=values[name]) for name, axis in self.axes.items()})

    def point(self, number: int) -> Points:
        """One point, in the order in which the last dim runs fastest."""
        return self.part(Blocks(self.sizes, dict.fromkeys(self.sizes, 1)).place(number))


def names_of_complex(name: str) -> tuple[str, str]:
    """What the coordinates of a complex axis are called: the real part's, and the imaginary part's."""
    return f"{name}_real", f"{name}_imaginary"
