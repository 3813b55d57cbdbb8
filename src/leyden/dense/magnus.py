"""Steps of moment equations whose coefficients change in time: commutator-free Magnus, extrapolated."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from leyden.dense.flow import flow, form_row, system_of
from leyden.dense.steps import doublings, generator_of, lifted, observed_step
from leyden.dense.work import power_form
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.model.pulse import Pulse

__all__ = ["NODES", "Displacement", "Fluctuations", "Maps", "Matrices", "Parts", "System"]

Real = NDArray[np.float64]
Maps = tuple[Real, ...]

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


class System(Protocol):
    """Moments as one vector x (..., d) that a linear equation moves; the work of the drives is its last entry."""

    @property
    def generator_tails(self) -> tuple[int, ...]:
        """Number of axes of each generator."""
        ...

    @property
    def map_tails(self) -> tuple[int, ...]:
        """Number of axes of each part of a map behind those of time."""
        ...

    def generators(self, equations: MomentEquations, frequencies: Sequence[Any]) -> Maps:
        """Arrays (..., ...) that are linear in the coefficients of the equations."""
        ...

    def exponentials(self, generators: Maps) -> Maps:
        """What they do to the moments in one unit of time."""
        ...

    def after(self, later: Maps, earlier: Maps) -> Maps:
        """One map behind another."""
        ...

    def moved(self, maps: Maps, vector: Real) -> Real:
        """Moments (..., d) behind one step."""
        ...

    def rates(self, generators: Maps, vectors: Real) -> Real:
        """Rates of change of moments (..., t, d) by generators (..., ...), the same at all times."""
        ...


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

        def unit(share: Share, place: int) -> Maps:
            alone = _shared(equations, lambda one: one.unit(place if one is share else None))
            return system.generators(alone, frequencies)

        units = [unit(*place) for place in places]
        return cls(system, constant, tuple(units), tuple(share.coefficients[place] for share, place in places))

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


class _Linear:
    """One matrix G (..., d, d) with dx/dt = G x."""

    generator_tails = map_tails = (2,)

    def exponentials(self, generators: Maps) -> Maps:
        """e^G."""
        (system,) = generators
        # Source, forcing and power stand outside of what repeats itself.
        return (flow(system, doublings(system[..., :-2, :-2], 0.5)).propagator,)

    def after(self, later: Maps, earlier: Maps) -> Maps:
        """Their product."""
        return (later[0] @ earlier[0],)

    def moved(self, maps: Maps, vector: Real) -> Real:
        """Phi x."""
        return (maps[0] @ vector[..., None])[..., 0]

    def rates(self, generators: Maps, vectors: Real) -> Real:
        """G x."""
        return vectors @ generators[0].mT


@dataclass(frozen=True)
class Fluctuations(_Linear):
    """Components of the excess covariance of a few modes, a 1, and the work that the drives have done on them."""

    modes: int

    def generators(self, equations: MomentEquations, frequencies: Sequence[Any]) -> Maps:
        """The system of the components, with the power as its last row."""
        system = system_of(equations.drift_parts, equations.source_parts, None)
        form = power_form(np, equations, frequencies, displaced=False)
        return (_with_power(system, form, displaced=False),)


@dataclass(frozen=True)
class Displacement(_Linear):
    """Products <r><r>^T of a few modes by components, <r>, a 1, and the work that the drives have done on them."""

    modes: int

    def generators(self, equations: MomentEquations, frequencies: Sequence[Any]) -> Maps:
        """The system of the products and the mean, with the power as its last row."""
        system = system_of(equations.drift_parts, 0 * equations.source_parts, equations.forcing, whole_moments=True)
        form = power_form(np, equations, frequencies, displaced=True)
        return (_with_power(system, form, displaced=True),)


def _with_power(system: Real, form: Real | None, *, displaced: bool) -> Real:
    """A system with one more entry, the integral of the power tr(C M)."""
    size = system.shape[-1]
    row = np.zeros((1, size)) if form is None else form_row(form, displaced=displaced)
    shape = np.broadcast_shapes(system.shape[:-2], row.shape[:-2])
    found = np.zeros((*shape, size + 1, size + 1))
    found[..., :size, :size] = system
    found[..., size, :size] = row[..., 0, :]
    return found


@dataclass(frozen=True)
class Matrices:
    """The mean with a 1 behind it and the excess covariance of many modes, and the work of the drives."""

    modes: int
    generator_tails = (2, 2, 2)
    map_tails = (2, 2, 2, 0)

    def generators(self, equations: MomentEquations, frequencies: Sequence[Any]) -> Maps:
        """Drift, source and power form, with a row and a column for the mean."""
        generator = generator_of(equations, displaced=True)
        source = lifted(equations.source, displaced=True)
        form = power_form(np, equations, frequencies, displaced=True)
        form = np.zeros_like(generator) if form is None else form
        shape = np.broadcast_shapes(generator.shape, source.shape, form.shape)
        return tuple(np.broadcast_to(part, shape) for part in (generator, source, form))

    def exponentials(self, generators: Maps) -> Maps:
        """Phi, W, and the integral tr(K M) + z of the power."""
        generator, source, form = generators
        found = observed_step(generator, source, form, doublings(generator, 1.0))
        return found.step.propagator, found.step.accumulated, found.observed, found.offset

    def after(self, later: Maps, earlier: Maps) -> Maps:
        """S -> Phi S Phi^T + W, and what is observed of both."""
        (second, gained, form, offset), (first, source, observed, before) = later, earlier
        return (
            second @ first,
            gained + second @ source @ second.mT,
            observed + first.mT @ form @ first,
            before + offset + np.sum(form * source, axis=(-2, -1)),
        )

    def moved(self, maps: Maps, vector: Real) -> Real:
        """The moments behind a step, and the work until then."""
        propagator, accumulated, observed, offset = maps
        mean, excess, work = self.unpacked(vector)
        moments = excess + mean[..., :, None] * mean[..., None, :]
        gained = np.sum(observed * moments, axis=(-2, -1)) + offset
        return self.packed(
            (propagator @ mean[..., None])[..., 0], propagator @ excess @ propagator.mT + accumulated, work + gained
        )

    def rates(self, generators: Maps, vectors: Real) -> Real:
        """A <r>, A S + S A^T + Q, and the power."""
        generator, source, form = (part[..., None, :, :] for part in generators)
        mean, excess, _ = self.unpacked(vectors)
        half = generator @ excess
        moments = excess + mean[..., :, None] * mean[..., None, :]
        power = np.sum(form * moments, axis=(-2, -1))
        return self.packed((generator @ mean[..., None])[..., 0], half + half.mT + source, power)

    def packed(self, mean: Real, excess: Real, work: Real) -> Real:
        """One vector of all."""
        flat = excess.reshape(*excess.shape[:-2], excess.shape[-1] ** 2)
        shape = np.broadcast_shapes(mean.shape[:-1], flat.shape[:-1], np.shape(work))
        parts = [np.broadcast_to(part, (*shape, part.shape[-1])) for part in (mean, flat, np.asarray(work)[..., None])]
        return np.concatenate(parts, axis=-1)

    def unpacked(self, vector: Real) -> tuple[Real, Real, Real]:
        """Mean with its 1, excess covariance with a row and a column of zeros, and work."""
        size = 2 * self.modes + 1
        excess = vector[..., size:-1].reshape(*vector.shape[:-1], size, size)
        return vector[..., :size], excess, vector[..., -1]
