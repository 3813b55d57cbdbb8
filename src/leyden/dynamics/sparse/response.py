"""Charging of a huge network: the response e^{A t} to the few vectors of its source, and its running sum.

From the equilibrium S(t) is the integral of Y s Y^T over time, with dY/dt = A Y and Y(0) = G: a few sparse vectors are
followed, each mode's own block of the sum is added up, and dS/dt = Y s Y^T comes for free, with its sign and all its
digits. Steps are Taylor polynomials, integrals Gauss-Legendre sums over them, of orders that leave rounding only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import ceil, lgamma, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import quadratures_of
from leyden.dynamics.sparse.adi import own_blocks
from leyden.dynamics.sparse.equations import SparseEquations, norm_of
from leyden.dynamics.sparse.graph import influences, within
from leyden.dynamics.sparse.power import PowerForm
from leyden.dynamics.sparse.spectrum import drift_abscissa
from leyden.dynamics.sparse.steady import marginals
from leyden.errors import ParameterError
from leyden.states.gaussian import GaussianState, MomentRates

__all__ = ["Instant", "is_endless", "propagate"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]

# Natural logarithm of what truncation may leave, and the largest norm of A h that a step may have.
_TRUNCATION = log(1e-17)
_LARGEST_STEP = 3.0
# A response that has died out to this share of its beginning is over; growth ends at this logarithm.
_SETTLED, _NUMBER_RANGE = 1e-20, 710.0
_MOST_STEPS = 100_000
# Bytes of what a step works on at once.
_STEP_BYTES = 2**28


class Instant(NamedTuple):
    """Each mode's state at one time.

    Parameters
    ----------
    state : GaussianState
        Batch shape (N,), one mode each.
    rates : MomentRates
        d<r>/dt, shape (N, 2), and dS/dt, shape (N, 2, 2).
    work : float
        What the drives have put in since time 0.
    """

    state: GaussianState
    rates: MomentRates
    work: float


def _degree(norm: float) -> int:
    """Degree of the Taylor polynomial of e^{A h}, |A h| = norm, that leaves rounding only."""
    degree = 1
    while (degree + 1) * log(max(norm, 1e-300)) - lgamma(degree + 2) > _TRUNCATION:
        degree += 1
    return degree


def _nodes_for(norm: float) -> int:
    """Gauss-Legendre nodes that integrate products of two such polynomials over a step."""
    count = 2
    while (
        2 * count * log(max(2 * norm, 1e-300)) + 4 * lgamma(count + 1) - log(2 * count + 1) - 3 * lgamma(2 * count + 1)
        > _TRUNCATION
    ):
        count += 1
    return count


@lru_cache(maxsize=64)
def _legendre(count: int) -> tuple[Real, Real]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


@lru_cache(maxsize=64)
def _running(count: int) -> Real:
    """Matrix that takes values at the nodes to their integrals from 0 to each node."""
    nodes, _ = _legendre(count)
    powers = np.polynomial.legendre.legvander(2 * nodes - 1, count)
    # The integral of P_k from -1 is (P_{k+1} - P_{k-1})/(2 k + 1).
    order = np.arange(1, count)
    integrals = np.empty((count, count))
    integrals[:, 0] = nodes
    integrals[:, 1:] = (powers[:, 2:] - powers[:, :-2]) / (2 * (2 * order + 1))
    return integrals @ np.linalg.inv(powers[:, :count])


class _Course:
    """The vectors that are followed, and the sums so far, on the modes that can be reached in time."""

    def __init__(self, equations: SparseEquations, form: PowerForm, until: float) -> None:
        self.equations = equations
        self.displaced = bool(np.any(equations.forcing))
        norm = norm_of(equations.drift)
        self.inside = _reached(equations, form, norm * until)
        position = np.full(equations.size, -1, dtype=np.intp)
        position[self.inside] = np.arange(len(self.inside))
        self.drift = equations.drift[self.inside][:, self.inside].tocsr()
        self.norm = norm_of(self.drift)
        self.weights = equations.weights
        rank = len(self.weights)
        self.vectors = np.zeros((len(self.inside), rank + self.displaced))
        self.vectors[position[equations.places], :rank] = equations.factor
        if self.displaced:
            self.vectors[:, rank] = equations.forcing[self.inside]
        self.blocks = np.zeros((3, len(self.inside) // 2))
        self.mean = np.zeros(len(self.inside))
        self.form = form
        self.driven, self.forced = position[form.places], position[form.forced]
        self.excess = np.zeros((len(self.driven), len(self.driven)))
        self.work = 0.0
        self.largest = _size(self.vectors)

    def advance(self, width: float) -> None:
        """All of it a time later: step by step while something changes, at once when nothing does any more."""
        # Growth may outgrow the number range: then what is left is not finite, and said to be so.
        with np.errstate(over="ignore", invalid="ignore"):
            self._advance(width)

    def _advance(self, width: float) -> None:
        count = max(1, ceil(self.norm * width / _LARGEST_STEP))
        for place in range(count):
            left = _size(self.vectors)
            if left <= _SETTLED * self.largest:
                self.work += width * (count - place) / count * self._power()
                return
            if not np.isfinite(left):
                self.blocks, self.work = np.full_like(self.blocks, np.nan), np.nan
                return
            self._step(width / count)

    def _power(self) -> float:
        """Power of the drives now."""
        mean = self.mean[self.driven]
        power = float(np.sum(self.form.block * self.excess))
        return power + float(mean @ self.form.block @ mean + 2 * self.mean[self.forced] @ self.form.linear)

    def _step(self, width: float) -> None:
        rank, norm = len(self.weights), self.norm * width
        degree, count = _degree(norm), _nodes_for(norm)
        nodes, weights = _legendre(count)
        powers = np.vander(nodes, degree + 1, increasing=True)
        size, columns = self.vectors.shape
        driven, forced = np.empty((degree + 1, len(self.driven), columns)), np.zeros((degree + 1, len(self.forced)))
        shift = np.zeros(size)
        # So many vectors at once as their polynomials fit into some memory.
        most = max(1, _STEP_BYTES // (8 * max(size, 1) * (degree + 1 + count)))
        for first in range(0, columns, most):
            own = slice(first, min(first + most, columns))
            terms = self._terms(self.vectors[:, own], width, degree)
            driven[:, :, own] = terms[:, self.driven]
            values = (powers @ terms.reshape(degree + 1, -1)).reshape(count, size, -1)
            followed = min(own.stop, rank) - first
            for value, weight in zip(values, weights, strict=True):
                self.blocks += own_blocks(value[:, :followed], width * weight * self.weights[own])
            if own.stop > rank:
                forced, shift = terms[:, self.forced, -1], width * np.tensordot(weights, values[:, :, -1], 1)
            self.vectors[:, own] = terms.sum(axis=0)
        self._work(driven, forced, width, 2 * count + 8)
        self.mean += shift

    def _terms(self, vectors: Real, width: float, degree: int) -> Real:
        """Terms of the Taylor polynomial of e^{A h} on some vectors."""
        terms = np.empty((degree + 1, *vectors.shape))
        terms[0] = vectors
        for order in range(1, degree + 1):
            terms[order] = self.drift @ terms[order - 1]
            terms[order] *= width / order
        return terms

    def _work(self, driven: Real, forced: Real, width: float, count: int) -> None:
        """Work over the step, from the driven quadratures alone, whose whole covariance is kept."""
        rank = len(self.weights)
        nodes, weights = _legendre(count)
        powers, running = np.vander(nodes, len(driven), increasing=True), width * _running(count)
        values = np.tensordot(powers, driven, 1)
        outer = (values[..., :rank] * self.weights) @ values[..., :rank].transpose(0, 2, 1)
        excess = self.excess + np.tensordot(running, outer, 1)
        power = np.einsum("ij,tij->t", self.form.block, excess)
        if self.displaced:
            mean = self.mean[self.driven] + running @ values[..., rank]
            power += np.einsum("ti,ij,tj->t", mean, self.form.block, mean)
            power += 2 * (self.mean[self.forced] @ self.form.linear + running @ (powers @ (forced @ self.form.linear)))
        self.work += width * float(weights @ power)
        self.excess = self.excess + width * np.tensordot(weights, outer, 1)

    def instant(self) -> Instant:
        """Each mode's state now."""
        rank, modes = len(self.weights), self.equations.size // 2
        places = self.inside[::2] // 2
        blocks, changes = np.zeros((3, modes)), np.zeros((3, modes))
        blocks[:, places] = self.blocks
        with np.errstate(over="ignore", invalid="ignore"):
            changes[:, places] = own_blocks(self.vectors[:, :rank], self.weights)
        mean, mean_rate = np.zeros(2 * modes), np.zeros(2 * modes)
        if self.displaced:
            mean[self.inside], mean_rate[self.inside] = self.mean, self.vectors[:, rank]
        rates = marginals(mean_rate, changes, 0.0)
        state = marginals(mean, blocks, self.equations.occupation)
        return Instant(state, MomentRates(rates.mean, rates.excess), self.work)


def is_endless(equations: SparseEquations, until: float) -> bool:
    """Whether a response takes too many steps before it dies out or leaves the number range.

    Parameters
    ----------
    equations : SparseEquations
        Of the device.
    until : float
        The last time.

    Returns
    -------
    bool
    """
    norm = norm_of(equations.drift)
    if norm * until <= _LARGEST_STEP * _MOST_STEPS:
        return False
    abscissa = drift_abscissa(equations.drift)
    lasts = -log(_SETTLED) / -abscissa if abscissa < 0 else _NUMBER_RANGE / abscissa if abscissa > 0 else until
    return norm * min(until, lasts) > _LARGEST_STEP * _MOST_STEPS


def _size(vectors: Real) -> float:
    return float(np.max(np.abs(vectors), initial=0.0))


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


def propagate(equations: SparseEquations, form: PowerForm, times: Real) -> Iterator[Instant]:
    """Each mode's state at given times, from the equilibrium on.

    Parameters
    ----------
    equations : SparseEquations
        Stable or not.
    form : PowerForm
        From `power_form`.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate.

    Yields
    ------
    Instant
        One for each time. Infinite or NaN where an unstable network has outgrown the number range.

    Raises
    ------
    ParameterError
        If the response neither dies out nor grows, and would take too many steps.

    Notes
    -----
    Cost: some ten products of the sparse drift and r columns for each |A| t; modes farther away than a disturbance
    can come in time are not touched.
    """
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
    course = _Course(equations, form, until)
    now = 0.0
    for time in times.tolist():
        if time > now:
            course.advance(time - now)
            now = time
        yield course.instant()
