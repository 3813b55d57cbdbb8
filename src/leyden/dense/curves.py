"""Moments over time as pieces of curves: an entry is computed where it is asked for, of those members that are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder
from leyden.arrays import Array
from leyden.states.ladder import LadderRates, LadderState

__all__ = ["ALL", "Curve", "Held", "Piece", "curves_state"]

Real = NDArray[np.float64]

ALL = slice(None)


class Piece(Protocol):
    """Moments of b members over a part of the times."""

    def at(self, entry: int, members: slice, out: Real, *, is_slope: bool) -> None:
        """One entry, or its rate of change, at the times of the piece (t, b)."""
        ...


@dataclass(frozen=True)
class Held:
    """Moments and their rates that are known at the times of the piece."""

    values: Real  # (b, t, d)
    slopes: Real

    def at(self, entry: int, members: slice, out: Real, *, is_slope: bool) -> None:
        """One entry, or its rate of change."""
        out[...] = (self.slopes if is_slope else self.values)[members, :, entry].T


@dataclass(frozen=True)
class Curve:
    """Moments of one system over time."""

    times: Real
    shape: tuple[int, ...]  # of the batch, or of those of its members that are looked at
    size: int  # number of entries
    places: list[int]  # of the entries that are ever anything
    pieces: Sequence[tuple[slice, Piece]]  # which of the times, and what there is
    error: float  # estimate, in units of the largest moments of their kind
    steps: int
    members: slice | None = None  # along all axes of the batch as one

    def of(self, members: slice, shape: tuple[int, ...]) -> Curve:
        """The same of some of the members."""
        return replace(self, members=members, shape=shape)

    def entry(self, place: int, *, is_slope: bool = False) -> Real:
        """One entry (..., t), or its rate of change, in memory with the batch innermost."""
        count = int(np.prod(self.shape, dtype=np.intp))
        is_any = place in self.places
        found = (np.empty if is_any else np.zeros)((len(self.times), count))
        if is_any:
            own = self.places.index(place)
            for here, piece in self.pieces:
                piece.at(own, self.members or ALL, found[here], is_slope=is_slope)
        return np.moveaxis(found.reshape(len(self.times), *self.shape), 0, -1)

    def entries(self, places: Sequence[int], *, is_slope: bool = False) -> Real:
        """Some entries (n, ..., t)."""
        return np.stack([self.entry(place, is_slope=is_slope) for place in places])


class _OnCurves:
    """Mixed into what is given by the curves of its components and of its mean, each computed once asked for."""

    _curves: tuple[Curve, Curve | None]
    _modes: int
    _is_slope = False

    @property
    def _of_components(self) -> range:
        return range(self._modes * (2 * self._modes + 1))

    @cached_property
    def mean(self) -> Array:
        """<r> or its rate of change, (..., t, 2N)."""
        fluctuations, displacement = self._curves
        if displacement is None:
            return np.zeros((*fluctuations.shape, len(fluctuations.times), 2 * self._modes))
        first = len(self._of_components)
        places = range(first, first + 2 * self._modes)
        return np.moveaxis(displacement.entries(places, is_slope=self._is_slope), 0, -1)

    @cached_property
    def components(self) -> Array:
        """Components of the excess covariance, or of its rate of change, (d, ..., t)."""
        return self._curves[0].entries(self._of_components, is_slope=self._is_slope)

    def _digits_of(self, mode: int) -> tuple[Array, Array, Array]:
        places = ladder.own_places(self._modes)[mode].tolist()
        known: dict[int, Array] = self.__dict__.setdefault("_entries", {})
        for place in places:
            if place not in known:
                known[place] = self._curves[0].entry(place, is_slope=self._is_slope)
        number, real, imaginary = (known[place] for place in places)
        return number, real, imaginary

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch, and of the times."""
        return *self._curves[0].shape, len(self._curves[0].times)


class _CurveState(_OnCurves, LadderState):
    """A state over time."""

    def __init__(self, curves: tuple[Curve, Curve | None], modes: int) -> None:
        self.__dict__.update(_curves=curves, _modes=modes)


class _CurveRates(_OnCurves, LadderRates):
    """Rates of change over time."""

    def __init__(self, curves: tuple[Curve, Curve | None], modes: int) -> None:
        self.__dict__.update(_curves=curves, _modes=modes, _is_slope=True)


def curves_state(curves: Sequence[Curve], modes: int) -> tuple[Any, Any]:
    """State and rates over time from the curves of the fluctuations and perhaps of the displacement."""
    pair = curves[0], curves[1] if len(curves) > 1 else None
    return _CurveState(pair, modes), _CurveRates(pair, modes)
