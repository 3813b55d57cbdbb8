"""Moments as one vector that a linear equation moves, whatever of them there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder
from leyden.dense.flow import LARGEST, flow, form_row, system_of
from leyden.dense.steps import doublings, generator_of, lifted, observed_step
from leyden.dense.work import power_form, vacuum_power
from leyden.equations.moments import MomentEquations
from leyden.equations.second_moments import turns_of
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import LadderRates, LadderState, components_of
from leyden.states.rates import MomentRates

__all__ = [
    "Displacement",
    "Fluctuations",
    "Maps",
    "Matrices",
    "SecondMoments",
    "System",
    "moments_among",
    "systems_of",
    "turned_moments",
    "turned_system",
]

Real = NDArray[np.float64]
Maps = tuple[Real, ...]


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
        return (_with_power(system, form, vacuum_power(np, equations, frequencies), displaced=False),)


@dataclass(frozen=True)
class Displacement(_Linear):
    """Products <r><r>^T of a few modes by components, <r>, a 1, and the work that the drives have done on them."""

    modes: int

    def generators(self, equations: MomentEquations, frequencies: Sequence[Any]) -> Maps:
        """The system of the products and the mean, with the power as its last row."""
        system = system_of(equations.drift_parts, 0 * equations.source_parts, equations.forcing, whole_moments=True)
        form = power_form(np, equations, frequencies, displaced=True)
        return (_with_power(system, form, 0.0, displaced=True),)


@dataclass(frozen=True)
class SecondMoments(_Linear):
    """Second moments above the vacuum by components, <r>, a 1 and the work: what random turns leave closed."""

    modes: int

    def generators(self, equations: MomentEquations, frequencies: Sequence[Any]) -> Maps:
        """The system of the second moments and the mean, with all turns, and the power as its last row."""
        system = turned_system(equations)
        form = power_form(np, equations, frequencies, displaced=True)
        return (_with_power(system, form, vacuum_power(np, equations, frequencies), displaced=True),)


def turned_system(equations: MomentEquations) -> Real:
    """Generator (..., d, d) of second moments by components, of <r> and of a 1."""
    system = system_of(equations.drift_parts, equations.source_parts, equations.forcing, whole_moments=True)
    for rate, turn in turns_of(equations):
        beyond = (0, system.shape[-1] - len(turn))
        system = system + np.asarray(rate)[..., None, None] * np.pad(turn, (beyond, beyond))
    return system


def _with_power(system: Real, form: Real | None, offset: Any, *, displaced: bool) -> Real:
    """A system with one more entry, the integral of the power tr(C M) + c."""
    size = system.shape[-1]
    row = np.zeros((1, size)) if form is None else form_row(form, displaced=displaced)
    shape = np.broadcast_shapes(system.shape[:-2], row.shape[:-2], np.shape(offset))
    found = np.zeros((*shape, size + 1, size + 1))
    found[..., :size, :size] = system
    found[..., size, :size] = row[..., 0, :]
    found[..., size, size - 1] += offset
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
        corner = np.zeros(generator.shape[-2:])
        corner[-1, -1] = 1.0
        form = form + np.asarray(vacuum_power(np, equations, frequencies))[..., None, None] * corner
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


def systems_of(
    equations: MomentEquations, initial: GaussianState, modes: int, shape: tuple[int, ...]
) -> list[tuple[System, Real]]:
    """Linear systems that make up the moments, and where each begins."""
    if equations.is_turned:
        outer = initial.mean[..., :, None] * initial.mean[..., None, :]
        moments = ladder.components_of(initial.excess + outer)
        return [(SecondMoments(modes), _with_last(_beside(moments, initial.mean), shape))]
    if modes > LARGEST:
        system = Matrices(modes)
        mean = np.concatenate([initial.mean, np.ones((*initial.mean.shape[:-1], 1))], axis=-1)
        excess = np.zeros((*initial.excess.shape[:-2], 2 * modes + 1, 2 * modes + 1))
        excess[..., :-1, :-1] = initial.excess
        vector = system.packed(mean, excess, np.zeros(()))
        return [(system, np.broadcast_to(vector, (*shape, vector.shape[-1])))]
    found: list[tuple[System, Real]] = [(Fluctuations(modes), _with_last(components_of(initial), shape))]
    is_still = not np.any(initial.mean) and not any(share.basis.forcing.any() for share in equations.shares)
    if not is_still:
        mean = initial.mean
        outer = ladder.components_of(mean[..., :, None] * mean[..., None, :])
        found.append((Displacement(modes), _with_last(_beside(outer, mean), shape)))
    return found


def _beside(first: Real, second: Real) -> Real:
    """Two vectors one behind the other, each spread over the batch of both."""
    shape = np.broadcast_shapes(first.shape[:-1], second.shape[:-1])
    return np.concatenate([np.broadcast_to(part, (*shape, part.shape[-1])) for part in (first, second)], axis=-1)


def _with_last(vector: Real, shape: tuple[int, ...]) -> Real:
    """A vector with a 1 and no work behind it, for all of a batch."""
    ends = np.broadcast_to([1.0, 0.0], (*vector.shape[:-1], 2))
    whole = np.concatenate([vector, ends], axis=-1)
    return np.broadcast_to(whole, (*shape, whole.shape[-1]))


def turned_moments(modes: int, values: Real, slopes: Real) -> tuple[GaussianState, MomentRates]:
    """Moments about the mean, and their rates of change, from the second moments."""
    size = modes * (2 * modes + 1)
    mean, change = values[..., size:-2], slopes[..., size:-2]
    components = values[..., :size] - ladder.components_of(mean[..., :, None] * mean[..., None, :])
    outer = change[..., :, None] * mean[..., None, :]
    rates = slopes[..., :size] - ladder.components_of(outer + np.swapaxes(outer, -1, -2))
    return LadderState(mean, np.moveaxis(components, -1, 0)), LadderRates(change, np.moveaxis(rates, -1, 0))


def moments_among(modes: int, curves: list[tuple[Real, Real]]) -> tuple[GaussianState, MomentRates]:
    """States and their rates of change from the vectors of their systems."""
    values, slopes = curves[0]
    if modes > LARGEST:
        system = Matrices(modes)
        (mean, excess, _), (mean_rate, excess_rate, _) = system.unpacked(values), system.unpacked(slopes)
        state = GaussianState.holding(mean=mean[..., :-1], excess=excess[..., :-1, :-1])
        return state, MomentRates(mean_rate[..., :-1], excess_rate[..., :-1, :-1])
    size = modes * (2 * modes + 1)
    if len(curves) > 1:
        mean, mean_rate = (part[..., size:-2] for part in curves[1])
    else:
        mean = mean_rate = np.zeros((*values.shape[:-1], 2 * modes))
    components, changes = (np.moveaxis(part[..., :size], -1, 0) for part in (values, slopes))
    return LadderState(mean, components), LadderRates(mean_rate, changes)
