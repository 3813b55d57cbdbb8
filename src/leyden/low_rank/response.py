"""Charging of a huge network: the response e^{A t} to the few vectors of its source, and its running sum."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, lgamma, log, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.factors import norm_of
from leyden.algebra.sparse_graph import influences, within
from leyden.conventions import quadratures_of
from leyden.drift.spectrum import drift_abscissa
from leyden.equations.low_rank import SparseEquations
from leyden.errors import ParameterError
from leyden.low_rank.groups import groups_of
from leyden.low_rank.power import PowerForm, Work
from leyden.low_rank.propagation import Propagation
from leyden.low_rank.steady import marginals
from leyden.memory import STATE_BYTES, fitting
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["Segment", "is_costly", "is_endless", "propagate"]

# From the equilibrium S(t) is the integral of Y s Y^T over time, with dY/dt = A Y and Y(0) = G: a few sparse vectors
# are followed, each mode's own block of the sum is added up, and dS/dt = Y s Y^T comes for free, with its sign and all
# its digits. Quadratures that do not act on each other are followed apart. One series gives the vectors at all times of
# a segment; integrals from one time to the next are Gauss-Legendre sums over it. Both are of orders that leave rounding
# only, and because nothing is subtracted, early times keep their digits.

Real = NDArray[np.float64]
Places = NDArray[np.intp]

# Natural logarithm of what may be left out, and the norm of A t that counts as one step.
_TRUNCATION = log(1e-17)
_LARGEST_STEP = 3.0
# A response that has died out to this share of its beginning is over; growth ends at this logarithm.
_SETTLED, _NUMBER_RANGE = 1e-20, 710.0
_MOST_STEPS = 100_000
# Work for each |A| t, quadrature and direction as a share of that of the matrices' products for each entry, time and
# doubling, a hundredth as measured, with room for where either is better than that.
_DEARER = 0.03
# Most times of a segment, and numbers that belong to a mode at each of them.
_MOST_TIMES, _NUMBERS = 64, 40


class Segment(NamedTuple):
    """States at some times in a row, of the modes that a disturbance reaches; the others stay as they are."""

    modes: Places  # (m,), positions of these modes, ascending; the same in every segment
    state: GaussianState  # batch shape (t, m), one mode each
    rates: MomentRates  # d<r>/dt, shape (t, m, 2), and dS/dt, shape (t, m, 2, 2)
    work: Real  # (t,), what the drives have put in since time 0


class _Response:
    """All that is followed: the vectors, and what they have added up to so far."""

    def __init__(self, equations: SparseEquations, form: PowerForm, until: float) -> None:
        inside = _reached(equations, form, norm_of(equations.drift) * until)
        self.modes = inside[::2] // 2
        self.occupation = equations.occupation
        position = np.full(equations.size, -1, dtype=np.intp)
        position[inside] = np.arange(len(inside))
        drift = equations.drift[inside][:, inside].tocsr()
        self.frame, groups = groups_of(drift, position[equations.places], equations.factor, equations.weights)
        forcing = self.frame.into(equations.forcing[inside])
        moving = [group for group in groups if group.source.size or np.any(forcing[group.rows])]
        self.work = Work(form, position, self.frame)
        self.propagation = Propagation(moving, forcing, self.work) if moving else None
        self.largest = self.size
        self.squares, self.cross = np.zeros(len(inside)), np.zeros(len(self.modes))
        self.mean = np.zeros(len(inside) if np.any(forcing) else 0)
        self.rounding = 4 * float(np.spacing(until))

    @property
    def size(self) -> float:
        """Largest entry of the vectors, infinite or NaN where they have outgrown the number range."""
        return self.propagation.size if self.propagation else 0.0

    @property
    def moving(self) -> Propagation | None:
        """The vectors, unless nothing changes, or nothing is a number, any more."""
        return self.propagation if _SETTLED * self.largest < self.size < np.inf else None

    def longest(self) -> float:
        """Longest segment that can be taken at once."""
        return self.moving.exponential.longest if self.moving else np.inf

    def most_times(self) -> int:
        """Times of a segment whose states fit into memory."""
        return min(_MOST_TIMES, fitting(STATE_BYTES, _NUMBERS * len(self.modes)))

    def advance(self, times: Real) -> Segment | None:
        """States at some times from now on, the last of which is the next now; None where that is too far."""
        # Growth may outgrow the number range: then what is left is not finite, and said to be so.
        with np.errstate(over="ignore", invalid="ignore"):
            if propagation := self.moving:
                return self._advance(propagation, times)
            return self._rest(times, 1.0 if np.isfinite(self.size) else np.nan)

    def _rest(self, times: Real, factor: float) -> Segment:
        """Nothing changes any more, or nothing is a number."""
        count = len(times)
        squares, cross = (np.repeat(now[None] * factor, count, axis=0) for now in (self.squares, self.cross))
        mean = np.repeat(self.mean[None] * factor, count, axis=0)
        work = self.work.done + factor * self.work.power * times
        self.work.done = float(work[-1])
        return self._segment((squares, cross, mean), (0 * squares, 0 * cross, 0 * mean), work)

    def _advance(self, propagation: Propagation, times: Real) -> Segment | None:
        step = propagation.step(times, self.rounding)
        if step is None:
            return None
        squares, square_rates = (np.zeros((len(times), len(self.squares))) for _ in range(2))
        cross, cross_rates = (np.zeros((len(times), len(self.cross))) for _ in range(2))
        mean, mean_rates = (np.zeros((len(times), len(self.mean))) for _ in range(2))
        rows, both = propagation.rows, propagation.rows[: 2 * propagation.both : 2] // 2
        squares[:, rows], square_rates[:, rows] = step.squares, step.square_rates
        cross[:, both], cross_rates[:, both] = step.cross, step.cross_rates
        if len(self.mean):
            mean[:, rows], mean_rates[:, rows] = step.means, step.mean_rates
        propagation.vectors = step.vectors
        work = self.work.advance(np.diff(times, prepend=0.0), step.fluctuations, step.pull, step.driven)
        squares, cross, mean = (
            now + np.cumsum(gained, axis=0)
            for now, gained in ((self.squares, squares), (self.cross, cross), (self.mean, mean))
        )
        self.squares, self.cross, self.mean = squares[-1], cross[-1], mean[-1]
        return self._segment((squares, cross, mean), (square_rates, cross_rates, mean_rates), work)

    def _segment(self, moments: tuple[Real, Real, Real], rates: tuple[Real, Real, Real], work: Real) -> Segment:
        changes = self._each(*rates, 0.0)
        state = self._each(*moments, self.occupation)
        return Segment(self.modes, state, MomentRates(changes.mean, changes.excess), work)

    def _each(self, squares: Real, cross: Real, mean: Real, occupation: float) -> GaussianState:
        """Of each mode, in the axes that it has outside."""
        if len(self.mean):
            mean = np.ascontiguousarray(self.frame.back(np.ascontiguousarray(mean.T)).T)
        else:
            mean = np.zeros((len(mean), 2 * len(self.modes)))
        return marginals(mean, self.frame.blocks(squares, cross), occupation)


def is_endless(equations: SparseEquations, until: float) -> bool:
    """Whether a response takes too many steps before it dies out or leaves the number range."""
    return _turns(equations, until, _LARGEST_STEP * _MOST_STEPS) > _LARGEST_STEP * _MOST_STEPS


def _turns(equations: SparseEquations, until: float, enough: float) -> float:
    """|A| t of what is followed, until it has died out or left the number range; looked for only above some number."""
    norm = norm_of(equations.drift)
    if norm * until <= enough:
        return norm * until
    abscissa = drift_abscissa(equations.drift, equations.rounding)
    lasts = -log(_SETTLED) / -abscissa if abscissa < 0 else _NUMBER_RANGE / abscissa if abscissa > 0 else until
    return norm * min(until, lasts)


def is_costly(equations: SparseEquations, times: Real) -> bool:
    """Whether a response takes many times as long as matrices of all modes would: many directions, for a long time."""
    size, until = float(equations.size), float(times[-1])
    doublings = log2(max(norm_of(equations.drift) * until, 1.0))
    enough = _DEARER * size**2 * (len(times) + 2 * doublings) / max(1, len(equations.weights))
    return _turns(equations, until, enough) > enough


def _reached(equations: SparseEquations, form: PowerForm, duration: float) -> Places:
    """Quadratures of the modes that a disturbance can reach: over d links it comes as (|A| t)^d/d! at most."""
    disturbed = np.concatenate([equations.places, np.flatnonzero(equations.forcing), form.places, form.forced]) // 2
    if not len(disturbed):
        return np.zeros(0, dtype=np.intp)
    links = 1
    while links * log(max(duration, 1e-300)) - lgamma(links + 1) + duration > _TRUNCATION and links < equations.size:
        links += 1
    modes = within(influences(equations.drift), np.unique(disturbed), links)
    return quadratures_of(modes)


def propagate(equations: SparseEquations, form: PowerForm, times: Real) -> Iterator[Segment]:
    """States of the modes at given times, from the equilibrium on, some times in a row at once."""
    # Cost: from two products of the sparse drift and r columns for each |A| t, where modes pass quanta to and fro, up
    # to ten; modes farther away than a disturbance can come in time are not touched.
    until = float(times[-1])
    if is_endless(equations, until):
        norm = norm_of(equations.drift)
        raise ParameterError.of(
            "times",
            f"end by {_LARGEST_STEP * _MOST_STEPS / norm:.3g} for the sparse method, which follows rates of {norm:.3g} "
            "for as long as they last",
            until,
            'Use method="dense" where it fits into memory.',
        )
    response = _Response(equations, form, until)
    now, place = 0.0, 0
    while place < len(times):
        ahead = times[place : place + response.most_times()] - now
        count = int(np.count_nonzero(ahead <= response.longest()))
        if not count:  # a step of the way, of equal ones
            width = float(ahead[0] / ceil(ahead[0] / response.longest()))
            now += width if response.advance(np.asarray([width])) else 0.0
        elif segment := response.advance(ahead[:count]):
            yield segment
            now, place = float(times[place + count - 1]), place + count
