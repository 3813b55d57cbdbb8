"""Steps of moment equations whose coefficients change in time: commutator-free Magnus, extrapolated."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import pattern_of, reached
from leyden.dense.systems import Maps, System
from leyden.equations.basis import Basis
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.model.changing import Pulse

__all__ = ["NODES", "Parts"]

Real = NDArray[np.float64]

# One step of order 4 is the product of two exponentials of weighted sums of the generators at its two Gauss points
# (Blanes and Moan, Appl. Numer. Math. 56, 1519 (2006)). It is symmetric in time, so that its error has even powers of
# the step alone. Three of them, of the whole step, its halves and its thirds, give order 8 (Hairer, Lubich and Wanner,
# Geometric Numerical Integration, sec. II.4), and the last two order 6, which says how far off the former is at most.
# All exponentials of all steps are one batch.

_HALF = math.sqrt(3) / 6
# Substeps of the three approximations to one step.
_COUNTS = (1, 2, 3)
_FRACTIONS = [(part, count) for count in _COUNTS for part in range(count)]

NODES: Real = np.asarray([(part + 0.5 + side * _HALF) / count for part, count in _FRACTIONS for side in (-1, 1)])
"""Where in a step, from 0 to 1, its generators are asked for."""


def _weights() -> Real:
    """Weights (12, 12) of the generators in the exponentials, both in the order of time."""
    large, small = 0.25 + _HALF, 0.25 - _HALF
    found = np.zeros((len(NODES), len(NODES)))
    for place, (_, count) in enumerate(_FRACTIONS):
        rows = slice(2 * place, 2 * place + 2)
        found[rows, rows] = np.asarray([[large, small], [small, large]]) / count
    return found


def _extrapolation(*counts: int) -> Real:
    """Weights that leave nothing of the powers n^-4, n^-6, ... of the error, n the number of substeps."""
    powers = [0, *range(4, 2 * len(counts) + 2, 2)]
    return np.linalg.solve([[count**-power for count in counts] for power in powers], np.eye(len(counts))[0])


_EXPONENTS = _weights()
_BEST, _NEXT = _extrapolation(1, 2, 3), _extrapolation(2, 3)


@dataclass(frozen=True)
class Parts:
    """Generators of equations that change in time: constant ones, and one for each pulse that multiplies it."""

    system: System
    constant: Maps  # (..., ...)
    units: tuple[Maps, ...]
    pulses: tuple[Pulse, ...]

    @classmethod
    def of(cls, system: System, equations: MomentEquations, frequencies: Sequence[Any]) -> Parts:
        """Parts of the generators, which are linear in the coefficients."""
        places = [(share, place) for share in equations.shares for place in share.places_of_pulses]
        constant = system.generators(_shared(equations, lambda share: share.without_pulses()), frequencies)

        energies = tuple(frequencies) if all(type(one) is float for one in frequencies) else None
        followed = set(map(id, equations.followed))

        def unit(share: Share, place: int) -> Maps:
            if share.members is None and energies is not None:
                return _unit(system, energies, share.basis, share.modes, (place, id(share) in followed))
            alone = _shared(equations, lambda one: one.unit(place if one is share else None))
            return system.generators(alone, frequencies)

        units = [unit(*place) for place in places]
        return cls(system, constant, tuple(units), tuple(share.coefficients[place] for share, place in places))

    @property
    def is_linear(self) -> bool:
        """Whether one matrix moves the vector."""
        return self.system.map_tails == (2,)

    def reached(self, start: Real) -> NDArray[np.intp] | None:
        """Entries that are ever anything, the last two among them; None where that is no matter of one matrix."""
        if not self.is_linear:
            return None
        pattern = sum((pattern_of(part, 2) for (part,) in (self.constant, *self.units)), start=np.zeros(1, dtype=bool))
        begin = pattern_of(start, 1)
        begin[-2:] = True
        return reached(pattern, begin)

    def at(self, places: NDArray[np.intp]) -> Parts:
        """The same for some of the entries."""

        def part(maps: Maps) -> Maps:
            return (np.ascontiguousarray(maps[0][..., places[:, None], places]),)

        return replace(self, constant=part(self.constant), units=tuple(map(part, self.units)))

    def values(self, times: Real) -> list[Real]:
        """Values (..., t) of the pulses."""
        return [np.asarray(pulse(times)) for pulse in self.pulses]

    def summed(self, weight: Real, values: Sequence[Real]) -> Maps:
        """Constant generators times a weight (t,), and those of the pulses times their values (..., t)."""
        found: list[Real] = []
        for place, tail in enumerate(self.system.generator_tails):
            ends = (None,) * tail
            total = weight[(..., *ends)] * _over_time(self.constant[place], tail)
            for value, unit in zip(values, self.units, strict=True):
                total = total + value[(..., *ends)] * _over_time(unit[place], tail)
            found.append(total)
        return tuple(found)

    def rates(self, times: Real, vectors: Real) -> Real:
        """Rates of change of moments (..., t, d)."""
        total = self.system.rates(self.constant, vectors)
        for value, unit in zip(self.values(times), self.units, strict=True):
            total = total + value[..., None] * self.system.rates(unit, vectors)
        return total

    def steps(self, begins: Real, lengths: Real) -> tuple[Maps, Maps]:
        """Steps of order 8 and 6 from some times on."""
        nodes = begins[:, None] + lengths[:, None] * NODES
        each = np.repeat(lengths, len(NODES))
        mixed = [_mixed_nodes(value, nodes.shape) * each for value in self.values(nodes.reshape(-1))]
        weight = np.tile(_EXPONENTS.sum(axis=1), len(lengths)) * each
        powers = self.system.exponentials(self.summed(weight, mixed))
        apart = [
            part.reshape(*part.shape[: part.ndim - tail - 1], *nodes.shape, *part.shape[part.ndim - tail :])
            for part, tail in zip(powers, self.system.map_tails, strict=True)
        ]

        def taken(place: int) -> Maps:
            pairs = zip(apart, self.system.map_tails, strict=True)
            return tuple(part[(..., place, *(slice(None),) * tail)] for part, tail in pairs)

        found: list[Maps] = []
        place = 0
        for count in _COUNTS:
            whole = taken(place)
            for later in range(place + 1, place + 2 * count):
                whole = self.system.after(taken(later), whole)
            place += 2 * count
            found.append(whole)
        return _mixed(_BEST, found), _mixed(_NEXT, found[1:])


@lru_cache(maxsize=64)
def _unit(
    system: System, frequencies: tuple[float, ...], basis: Basis, modes: tuple[int, ...], about: tuple[int, bool]
) -> Maps:
    """Generators of one coefficient that is 1, perhaps followed: of devices of one structure they are the same."""
    place, is_followed = about
    share = Share(modes, tuple(float(one == place) for one in range(len(basis.drift))), basis)
    names = tuple(map(str, range(len(frequencies))))
    # Its element matters to what is followed alone.
    alone = MomentEquations(names, (share,), (), frequencies, (0,) if is_followed else ())
    return system.generators(alone, frequencies)


def _shared(equations: MomentEquations, change: Callable[[Share], Share]) -> MomentEquations:
    return replace(equations, shares=tuple(map(change, equations.shares)))


def _over_time(part: Real, tail: int) -> Real:
    """A generator (..., ...) with an axis of times behind its batch."""
    return part[(..., None, *(slice(None),) * tail)]


def _mixed_nodes(values: Real, shape: tuple[int, ...]) -> Real:
    """Values at the nodes of all steps, as the exponentials mix them."""
    return (values.reshape(*values.shape[:-1], *shape) @ _EXPONENTS.T).reshape(values.shape)


def _mixed(weights: Real, chosen: list[Maps]) -> Maps:
    """Weighted sums of maps, part by part."""
    found: list[Real] = []
    for same in zip(*chosen, strict=True):
        first, *others = [weight * one for weight, one in zip(weights.tolist(), same, strict=True)]
        for other in others:
            first = first + other
        found.append(first)
    return tuple(found)
