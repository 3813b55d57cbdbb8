"""Vectors moved in time by dy/dt = G y: Krylov steps as long as their error allows, or dense exponentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError

__all__ = ["advanced", "seconds_of"]

Real = NDArray[np.float64]

# The space of y, G y, ..., G^m y, each vector made orthogonal to the two before alone: what moves a density matrix is
# nearly antisymmetric, and Arnoldi's relation G V = V H + h v e_m^T, on which step and error rest, holds all the same.
# A step of any length costs m products with G; that of a unit of its 1-norm about one.
_DIRECTIONS, _WINDOW = 40, 2
# A direction that is shorter than this, relative to what it is made of, is rounding: the space is closed.
_CLOSED = 1e-13
# Coefficients larger than this cancel, and cost so many digits.
_CANCELLING = 1e3
_MOST_STEPS = 10**7
# Unknowns up to which a dense exponential may be the shorter way, and lengths of time that are told apart.
_MOST_DENSE, _MOST_LENGTHS = 1000, 4
# Rounding of an exponential, about 1e-16 of the 1-norm times the time, may be so many times the tolerance of the steps.
_EPSILON, _ROUNDED = float(np.finfo(float).eps), 500.0
# Seconds of a step's share of one product, and more for each unknown; products for each unit of 1-norm and time; and of
# a dense exponential for each n^3.
_SECONDS, _SECONDS_EACH, _PRODUCTS, _DENSE_SECONDS = 5e-5, 1.2e-8, 1.2, 1e-8


def seconds_of(generator: Any, first: float, times: Real, tolerance: float) -> float:
    """About the time that it takes to come to some times, in the shorter way."""
    return min(_seconds_of_steps(generator, first, times), _seconds_of_exponentials(generator, first, times, tolerance))


def _norm_of(generator: Any) -> float:
    return float(abs(generator).sum(axis=0).max())


def _gaps_of(first: float, times: Real) -> Real:
    return np.diff(np.concatenate([[first], times]))


def _seconds_of_steps(generator: Any, first: float, times: Real) -> float:
    length = float(times[-1] - first)
    return _PRODUCTS * _norm_of(generator) * length * (_SECONDS + _SECONDS_EACH * generator.shape[0])


def _seconds_of_exponentials(generator: Any, first: float, times: Real, tolerance: float) -> float:
    """Infinite where there are too many, or where squaring would leave too much rounding."""
    gaps, size, length = _gaps_of(first, times), generator.shape[0], float(times[-1] - first)
    lengths = np.unique(np.round(gaps[gaps > 0] / (length or 1.0), 12))
    rounding = _EPSILON * _norm_of(generator) * length
    if size > _MOST_DENSE or len(lengths) > _MOST_LENGTHS or not rounding <= _ROUNDED * tolerance:
        return np.inf
    return _DENSE_SECONDS * float(size) ** 3 * len(lengths)


def advanced(generator: Any, start: Real, first: float, times: Real, tolerance: float) -> Iterator[Real]:
    """y at increasing times, from its value at a first one, each off by at most a tolerance in all (2-norm)."""
    if _seconds_of_exponentials(generator, first, times, tolerance) < _seconds_of_steps(generator, first, times):
        yield from _by_exponentials(generator, start, _gaps_of(first, times))
    else:
        yield from _by_krylov(generator, start, first, times, tolerance)


def _by_exponentials(generator: Any, start: Real, gaps: Real) -> Iterator[Real]:
    from scipy.linalg import expm

    matrix, known, now = generator.toarray(), {}, start
    for gap in gaps.tolist():
        if gap > 0:
            near = next((length for length in known if abs(length - gap) <= 1e-12 * gap), None)
            if near is None:
                known[gap], near = expm(matrix * gap), gap
            now = known[near] @ now
        yield now


class _Space:
    """The Krylov space of a vector."""

    def __init__(self, generator: Any, memory: Real, start: Real) -> None:
        self.length = float(np.linalg.norm(start))
        most = len(memory) - 1
        self._basis, small = memory, np.zeros((most + 1, most + 1))
        memory[0] = start / (self.length or 1.0)
        self.is_closed, steps = self.length == 0, 0
        while steps < most and not self.is_closed:
            vector = generator @ memory[steps]
            size = float(np.linalg.norm(vector))
            for place in range(max(0, steps + 1 - _WINDOW), steps + 1):
                overlap = float(memory[place] @ vector)
                vector -= overlap * memory[place]
                small[place, steps] = overlap
            left = float(np.linalg.norm(vector))
            steps += 1
            self.is_closed = not left > _CLOSED * size
            if not self.is_closed:
                small[steps, steps - 1] = left
                np.divide(vector, left, out=memory[steps])
        # With the last row e^{small t} holds, as its last entry, the integral that is missing to first order.
        self._small = small[: steps + 1, : steps + 1]
        norm = float(np.max(np.sum(np.abs(self._small), axis=0)))
        self.longest = np.inf if self.is_closed or not norm else 2 * steps / norm  # beyond it m terms are too few

    def coefficients(self, time: float) -> Real:
        from scipy.linalg import expm

        return self.length * expm(self._small * time)[:, 0]

    def error(self, coefficients: Real) -> float:
        """Estimate of what is missing; infinite where coefficients cancel."""
        if self.is_closed:
            return 0.0
        is_lost = not np.max(np.abs(coefficients)) <= _CANCELLING * self.length
        return np.inf if is_lost else abs(float(coefficients[-1]))

    def vector(self, coefficients: Real) -> Real:
        count = len(coefficients) - self.is_closed
        return coefficients[:count] @ self._basis[:count]


def _by_krylov(generator: Any, start: Real, first: float, times: Real, tolerance: float) -> Iterator[Real]:
    memory = np.empty((min(_DIRECTIONS, len(start)) + 1, len(start)))
    end, now, time, place = float(times[-1]), start, first, 0
    while place < len(times) and times[place] <= first:
        yield start
        place += 1
    step = end - first
    for _ in range(_MOST_STEPS):
        if place == len(times):
            return
        space = _Space(generator, memory, now)
        step, coefficients = _longest(space, min(end - time, 2 * step), tolerance / (end - first), len(memory) - 1)
        while place < len(times) and times[place] <= time + step:
            yield space.vector(space.coefficients(float(times[place]) - time))
            place += 1
        now, time = space.vector(coefficients), time + step
    raise ConvergenceError(
        f"Argument `times` must be within reach, but {_MOST_STEPS} steps have come to {time:.3g} of {end:.3g}. End "
        "earlier, or ask for the steady state.",
        residual=end - time,
        tolerance=tolerance,
    )


def _longest(space: _Space, step: float, rate: float, order: int) -> tuple[float, Real]:
    """The longest step whose error stays below its share, and the coefficients of its end."""
    step = min(step, space.longest)
    while True:
        coefficients = space.coefficients(step)
        error = space.error(coefficients)
        if error <= rate * step:
            return step, coefficients
        step *= max(0.3, 0.9 * (rate * step / error) ** (1 / order)) if np.isfinite(error) else 0.3
