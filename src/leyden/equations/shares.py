"""What each element adds to the moment equations: real coefficients of constant blocks, and where these stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, Part, cut, namespace_of
from leyden.conventions import quadratures_of
from leyden.equations.basis import Basis
from leyden.model.changing import Pulse
from leyden.model.elements import Element

__all__ = ["Contribution", "Share"]

Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Share:
    """What an element, or a family of elements, adds to the moment equations."""

    modes: tuple[int, ...]  # positions of the k modes of an element, or of a family's first member
    coefficients: tuple[Any, ...]  # real, in the rate unit: (...) of an element, numbers or (m,) of a family
    basis: Basis
    members: NDArray[np.intp] | None = None  # positions (m, k) of the modes of a family's members

    @classmethod
    def of_family(cls, places: NDArray[np.intp], coefficients: tuple[Any, ...], basis: Basis) -> Share:
        """Share of a family, from the positions (m, k) of its members' modes."""
        return cls(tuple(places[0].tolist()), coefficients, basis, places)

    @property
    def places(self) -> NDArray[np.intp]:
        """Positions of the modes, shape (m, k), with m = 1 for an element."""
        return np.asarray([self.modes], dtype=np.intp) if self.members is None else self.members

    @property
    def kinds(self) -> tuple[tuple[Basis, tuple[int, ...]], ...]:
        """Kind of element and positions of its modes, for each member."""
        if self.members is None:
            return ((self.basis, self.modes),)
        return tuple((self.basis, tuple(modes)) for modes in self.members.tolist())

    # Asked for once for each part of the equations: kept, unless a family's would be large.

    @property
    def quadratures(self) -> NDArray[np.intp]:
        """Positions of the quadratures, shape (m, 2k)."""
        return self._quadratures if self.members is None else quadratures_of(self.members)

    @cached_property
    def _quadratures(self) -> NDArray[np.intp]:
        return quadratures_of(self.places)

    @cached_property
    def _numbers(self) -> Real:
        return np.asarray([self.coefficients], dtype=np.float64)

    @property
    def numbers(self) -> Real:
        """Coefficients as numbers, shape (m, c); not for a batch."""
        if self.members is None:
            return self._numbers
        count = len(self.members)
        columns = [np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)) for value in self.coefficients]
        return np.stack(columns, axis=-1) if columns else np.zeros((count, 0))

    def over_time(self) -> Share:
        """The same share with an axis of length one behind its batch axes."""
        if not self.arrays:
            return self
        longer = tuple(value if type(value) is float else value[..., None] for value in self.coefficients)
        return replace(self, coefficients=longer)

    def at(self, part: Part) -> Share:
        """The same share for a part of the batch."""
        if not self.arrays:
            return self

        def piece(value: Any) -> Any:
            return value.map(lambda number: cut(number, part)) if isinstance(value, Pulse) else cut(value, part)

        return replace(self, coefficients=tuple(map(piece, self.coefficients)))

    def at_time(self, time: float) -> Share:
        """The same share with its pulses as numbers at one time."""
        if not self.places_of_pulses:
            return self

        def value_of(value: Any) -> Any:
            if not isinstance(value, Pulse):
                return value
            found = value([time])[..., 0]
            return found if found.shape else float(found)

        return replace(self, coefficients=tuple(map(value_of, self.coefficients)))

    @cached_property
    def arrays(self) -> tuple[Any, ...]:
        """Coefficients that may have batch axes, or belong to another array library than NumPy."""
        if self.members is not None:
            return ()
        varied = (value for value in self.coefficients if type(value) is not float)
        return tuple(one for value in varied for one in (value.arrays if isinstance(value, Pulse) else (value,)))

    def without_pulses(self) -> Share:
        """The same share with zero in place of what changes in time."""
        if not self.places_of_pulses:
            return self
        return replace(self, coefficients=tuple(0.0 if isinstance(one, Pulse) else one for one in self.coefficients))

    def unit(self, chosen: int | None) -> Share:
        """The share of one coefficient that is 1, or of none."""
        return replace(self, coefficients=tuple(float(place == chosen) for place in range(len(self.coefficients))))

    @cached_property
    def places_of_pulses(self) -> tuple[int, ...]:
        """Which of the coefficients change in time."""
        return tuple(place for place, value in enumerate(self.coefficients) if isinstance(value, Pulse))

    @property
    def pulses(self) -> tuple[Pulse, ...]:
        """Coefficients that change in time."""
        return tuple(self.coefficients[place] for place in self.places_of_pulses)


@dataclass(frozen=True)
class Contribution:
    """What one element adds to the moment equations, on the k modes that it touches."""

    element: Element  # the mode, coupling, drive or bath
    modes: tuple[int, ...]  # positions of its modes in the network
    coefficients: tuple[Any, ...]  # real, in the rate unit
    basis: Basis  # the constant block that each coefficient multiplies

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Positions of its quadratures among the network's, shape (2k,)."""
        return quadratures_of(self.modes)

    def _sum(self, blocks: Real) -> Array:
        xp = namespace_of(*self.coefficients)
        tail = (None,) * (blocks.ndim - 1)
        total = xp.zeros(blocks.shape[1:], dtype=xp.float64)
        for coefficient, block in zip(self.coefficients, blocks, strict=True):
            total = total + xp.asarray(coefficient)[(..., *tail)] * xp.asarray(block)
        return total

    @property
    def drift(self) -> Array:
        """Block of A, shape (..., 2k, 2k)."""
        return self._sum(self.basis.drift)

    @property
    def diffusion(self) -> Array:
        """Block of D, shape (..., 2k, 2k)."""
        return self._sum(self.basis.diffusion)

    @property
    def source(self) -> Array:
        """Block of the excess source Q, shape (..., 2k, 2k)."""
        return self._sum(self.basis.source)

    @property
    def forcing(self) -> Array:
        """Block of f, shape (..., 2k)."""
        return self._sum(self.basis.forcing)
