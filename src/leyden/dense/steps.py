"""One step of time, exactly: a Taylor series for a short time, then doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import halved, halvings_of, repeated
from leyden.arrays import Array, held, is_concrete, namespace_of, to_numpy
from leyden.equations.moments import MomentEquations
from leyden.states.gaussian import GaussianState

__all__ = [
    "ObservedStep",
    "Step",
    "bordered",
    "doublings",
    "equidistant_step",
    "generator_of",
    "grouped",
    "is_displaced",
    "lifted",
    "observed_step",
    "step",
]

# A step carries (Phi, W) with S -> Phi S Phi^T + W, and for an observed matrix C also (K, z), with which the integral
# of tr(C M) over the step is tr(K M) + z, where M is the second moment at its beginning:
#
#     Phi = e^{A t},  W = int Phi Q Phi^T,  K = int Phi^T C Phi,  z = int tr(C W).
#
# Two equal steps are one of twice the length, by sums and products alone. Nothing is diagonalised, so exceptional
# points are like any other point, and nothing is subtracted, so neither early times nor times far above threshold lose
# digits. Beside Phi stands Phi - 1, doubled as well: next to the 1 the Phi of a short time rounds slow rates away, and
# each squaring would double that loss. So a slow device keeps its digits in one batch with a fast one, halved more
# often. Once all of Phi is small it is squared, so that what decays keeps its digits too. Mean and forcing, where there
# are any, ride along in the same products: A, Q and C have one more row and column, and Phi acts on (<r>, 1).

# With |A h| <= 1/8 the 12th term of the series of W is below 0.25^12/13! = 1e-17 of the first.
_SERIES_NORM = 0.125
_SERIES_TERMS = 12
# Largest entry of a propagator that is squared; above, its difference from 1 is the better known.
_SMALL = 0.5
_EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Step:
    """Exact propagation over some time, S -> Phi S Phi^T + W."""

    propagator: Array  # (..., n, n), Phi
    increment: Array  # (..., n, n), Phi - 1, with digits of its own
    accumulated: Array  # (..., n, n), W, what the source adds

    @property
    def parts(self) -> tuple[Array, Array, Array]:
        """Its fields, in order."""
        return self.propagator, self.increment, self.accumulated

    def doubled(self) -> Step:
        """The step of twice the length."""
        propagator = self.propagator
        change = self.increment @ propagator
        return Step(
            _squared(propagator, change),
            self.increment + change,
            self.accumulated + propagator @ self.accumulated @ propagator.mT,
        )


def _squared(propagator: Array, change: Array) -> Array:
    """Phi^2, from Phi + (Phi - 1) Phi unless Phi is so small that the sum would cancel."""
    xp = namespace_of(propagator)
    sizes = xp.abs(propagator)
    if propagator.ndim == 2 and is_concrete(propagator):
        return propagator @ propagator if xp.max(sizes) < _SMALL else propagator + change
    is_small = xp.max(sizes, axis=(-2, -1), keepdims=True) < _SMALL
    return xp.where(is_small, propagator @ propagator, propagator + change)


@dataclass(frozen=True)
class ObservedStep:
    """Exact propagation over some time, with the integral tr(K M) + z of an observed tr(C M) beside it."""

    step: Step  # the propagation itself
    observed: Array  # (..., n, n), K
    offset: Array  # (...), z

    def doubled(self) -> ObservedStep:
        """The step of twice the length."""
        xp = namespace_of(self.observed, self.step.increment)
        propagator = self.step.propagator
        return ObservedStep(
            self.step.doubled(),
            self.observed + propagator.mT @ self.observed @ propagator,
            2 * self.offset + xp.sum(self.observed * self.step.accumulated, axis=(-2, -1)),
        )


def bordered(matrix: Array, column: Array, row: Array = None, corner: float = 0.0) -> Array:
    """A matrix (..., n, n) with one more column, row and corner."""
    xp = namespace_of(matrix, column)
    size = matrix.shape[-1]
    # Products with constant selections broadcast by themselves, and write nothing in place.
    embed = xp.asarray(np.eye(size + 1, size))
    last = xp.asarray(np.eye(size + 1)[size:])
    border = embed @ matrix @ embed.mT + (embed @ column[..., None]) @ last
    if row is not None:
        border = border + last.mT @ (row[..., None, :] @ embed.mT)
    return border + corner * (last.mT @ last) if corner else border


def is_displaced(equations: MomentEquations, initial: GaussianState) -> bool:
    """Whether the mean ever leaves zero, as far as one can see; if not, the covariance alone is the whole story."""
    forcing, mean = equations.forcing, initial.mean
    if not (is_concrete(forcing) and is_concrete(mean)):
        return True
    return bool(to_numpy(forcing).any() or to_numpy(mean).any())


def generator_of(equations: MomentEquations, *, displaced: bool) -> Array:
    """Generator of a step: A, or [[A, f], [0, 0]] where a mean with a 1 behind it rides along."""
    xp = namespace_of(equations.drift, equations.forcing)
    drift = xp.asarray(equations.drift)
    return bordered(drift, xp.asarray(equations.forcing)) if displaced else drift


def lifted(matrix: Array, *, displaced: bool) -> Array:
    """A covariance or a source beside a generator: with one more row and column of zeros where there is a mean."""
    return bordered(matrix, namespace_of(matrix).zeros_like(matrix[..., 0])) if displaced else matrix


def doublings(generator: Array, duration: float) -> int | Array:
    """How often a duration must be halved for the series to converge, one count for the whole batch."""
    generator = held(generator)
    if is_concrete(generator):
        return halvings_of(np.abs(to_numpy(generator)).sum(axis=-2).max(initial=0.0) / _SERIES_NORM, duration)
    xp = namespace_of(generator)
    # While JAX compiles there is room for 64, enough for |A h| up to 2e18, and NaN beyond.
    return halvings_of(xp.max(xp.sum(xp.abs(generator), axis=-2)) / _SERIES_NORM, duration)


def _source_series(generator: Array, source: Array) -> list[Array]:
    """Terms of int_0^1 e^{A t} Q e^{A^T t} dt; the k-th, from zero, grows as the (k + 1)-th power of the time."""
    transposed = generator.mT
    terms = [source]
    for order in range(1, _SERIES_TERMS + 1):
        half = terms[-1] @ transposed
        terms.append((half + half.mT) / (order + 1))
    return terms


def _short_step(generator: Array, terms: list[Array]) -> Step:
    """Step over a time in which the series converge, from the terms of its source."""
    power = increment = generator
    for order in range(2, _SERIES_TERMS + 1):
        power = (generator @ power) / order
        increment = increment + power
    propagator = increment + namespace_of(generator).eye(generator.shape[-1], dtype=generator.dtype)
    return Step(propagator, increment, sum(terms[1:], start=terms[0]))


def step(generator: Array, source: Array, halvings: int | Array) -> Step:
    """Exact step over one unit of time."""
    short = halved(generator, halvings)
    found = _short_step(short, _source_series(short, halved(source, halvings)))

    def doubled(*parts: Array) -> tuple[Array, ...]:
        return Step(*parts).doubled().parts

    return Step(*repeated(doubled, found.parts, halvings))


def observed_step(generator: Array, source: Array, observable: Array, halvings: int | Array) -> ObservedStep:
    """Exact step over one unit of time, with the integral of tr(C M) over it."""
    xp = namespace_of(generator, source, observable)
    short, observable = halved(generator, halvings), halved(observable, halvings)
    terms = _source_series(short, halved(source, halvings))
    echoes = _source_series(short.mT, observable)
    # The k-th term of W grows as t^(k + 1), so that its integral over the step is 1/(k + 2) of its last value.
    offsets = [xp.sum(observable * term, axis=(-2, -1)) / (order + 2) for order, term in enumerate(terms)]
    observed, offset = sum(echoes[1:], start=echoes[0]), sum(offsets[1:], start=offsets[0])

    def doubled(observed: Array, offset: Array, *parts: Array) -> tuple[Array, ...]:
        found = ObservedStep(Step(*parts), observed, offset).doubled()
        return found.observed, found.offset, *found.step.parts

    observed, offset, *parts = repeated(doubled, (observed, offset, *_short_step(short, terms).parts), halvings)
    return ObservedStep(Step(*parts), observed, offset)


def grouped(generator: Array, times: NDArray[np.float64]) -> Iterator[tuple[int | Array, list[int]]]:
    """Halvings and places of times that need as many of them, so that their steps can be taken together."""
    longest = doublings(generator, float(times.max()))
    if not isinstance(longest, int):
        yield longest, list(range(len(times)))
        return
    needed = [doublings(generator, float(time)) for time in times]
    for count in sorted(set(needed)):
        yield count, [place for place, found in enumerate(needed) if found == count]


def equidistant_step(times: NDArray[np.float64]) -> float | None:
    """Step of an equidistant grid, up to the rounding of its points, 0 for a single time; None for any other grid."""
    if len(times) == 1:
        return 0.0
    width = (times[-1] - times[0]) / (len(times) - 1)
    ideal = times[0] + width * np.arange(len(times))
    return float(width) if np.abs(times - ideal).max() <= 4 * _EPSILON * times[-1] else None
