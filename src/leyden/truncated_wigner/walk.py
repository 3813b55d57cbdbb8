"""Trajectories in time: exact steps of the linear part, with its noise, around everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import halvings_of
from leyden.dense.steps import bordered, lifted, step
from leyden.truncated_wigner.equations import Equations, driven_drift
from leyden.truncated_wigner.flows import Noises, Rest, Shrinks, Turns, terms_of, values_at

__all__ = ["Linear", "Stepper", "Walk"]

Real = NDArray[np.float64]

# Share of the largest eigenvalue of a covariance below which rounding made it.
_ROUNDING = 1e-14
# |A h| up to which the series of a step converges.
_SERIES = 0.125


@dataclass(frozen=True, eq=False)
class Linear:
    """The linear part over some time: r -> matrix (r, normal numbers) + shift, without any error."""

    matrix: Real  # (2N, 2N + columns)
    shift: Real | None  # (2N, 1)

    @classmethod
    def of(cls, equations: Equations, duration: float) -> Linear:
        """The step of some duration."""
        size = 2 * equations.modes
        generator = bordered(equations.drift * duration, equations.forcing * duration)
        source = lifted(equations.diffusion * duration, displaced=True)
        halvings = halvings_of(float(np.abs(generator).sum(axis=0).max(initial=0.0)) / _SERIES, 1.0)
        whole = step(generator, source, halvings)
        covariance = np.asarray(whole.accumulated)[:size, :size]
        values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
        kept = values > _ROUNDING * np.max(values, initial=0.0)
        columns = vectors[:, kept] * np.sqrt(values[kept])
        propagator = np.asarray(whole.propagator)
        shift = propagator[:size, size:]
        matrix = np.ascontiguousarray(np.concatenate([propagator[:size, :size], columns], axis=1))
        return cls(matrix, shift if shift.any() else None)

    @property
    def columns(self) -> int:
        """How many normal numbers it takes for each trajectory."""
        return self.matrix.shape[1] - len(self.matrix)


class Stepper:
    """One length of steps: half a linear step, everything else, half a linear step; of order 2."""

    def __init__(self, equations: Equations, duration: float) -> None:
        self.equations, self.duration = equations, duration
        self.half, self.whole = Linear.of(equations, duration / 2), Linear.of(equations, duration)
        self.turns, self.shrinks = Turns(equations), Shrinks(equations)
        self.rest, self.noises = Rest(equations), Noises(equations)
        self.drives = terms_of(equations.drives)
        self.form = self._power_form()
        there = (self.turns, self.turns.rows.size), (self.shrinks, self.shrinks.rows.size), (self.rest, self.rest.terms)
        self.flows = [flow for flow, is_there in there if is_there]

    def others(self, r: Real, noise: tuple[Real, Real] | None) -> None:
        """Everything but the linear part, in place, by normal numbers and signs where there is noise in it."""
        if noise is None or not self.noises.parts:
            self._flow(r, self.duration)
            return
        self._flow(r, self.duration / 2)
        self.noises(r, self.duration, *noise)
        self._flow(r, self.duration / 2)

    def _flow(self, r: Real, duration: float) -> None:
        flows = self.flows
        for flow in flows[:-1]:
            flow(r, duration / 2)
        for flow in flows[-1:]:
            flow(r, duration)
        for flow in flows[-2::-1]:
            flow(r, duration / 2)

    def _power_form(self) -> tuple[Any, Any, Real, Real] | None:
        """Of drives of one and two photons, what they move, by what, how and how fast beside, times frequencies."""
        if any(len(factors) > 1 for _, _, factors in self.drives):
            return None
        n = self.equations.modes
        moved, pushed = driven_drift(self.equations), np.zeros(2 * n)
        for target, value, factors in self.drives:
            if not factors and target < n:
                pushed[target], pushed[target + n] = np.sqrt(2.0) * value.real, np.sqrt(2.0) * value.imag
        rows, columns = np.flatnonzero(moved.any(axis=1) | (pushed != 0)), np.flatnonzero(moved.any(axis=0))
        weights = np.tile(self.equations.frequencies, 2)[rows, None]
        return rows, columns, weights * moved[np.ix_(rows, columns)], weights * pushed[rows, None]

    def power(self, r: Real) -> Real:
        """Power of the drives (trajectories,)."""
        if self.form is not None:
            rows, columns, moved, pushed = self.form
            return np.sum(r[rows] * (moved @ r[columns] + pushed), axis=0)
        n = self.equations.modes
        pull = values_at(self.drives, r, 2 * n)[:n]
        moved = r[:n] * pull.real + r[n:] * pull.imag
        return np.sqrt(2.0) * (self.equations.frequencies @ moved)


class Walk:
    """Some trajectories, with random numbers of their own."""

    def __init__(self, start: Real, generator: np.random.Generator) -> None:
        size, count = start.shape
        self.size, self.generator = size, generator
        # States with normal numbers below them, so that a linear step is one product, from one place into the other.
        self._stacks = [np.zeros((2 * size, count)) for _ in range(2)]
        self.r[:] = start

    @property
    def r(self) -> Real:
        """Quadratures (2N, trajectories) as they are now."""
        return self._stacks[0][: self.size]

    def linear(self, by: Linear, normals: Real | None = None) -> None:
        """A step of the linear part."""
        here, there = self._stacks
        used = self.size + by.columns
        if normals is None:
            self.generator.standard_normal(out=here[self.size : used])
        else:
            here[self.size : used] = normals
        np.matmul(by.matrix, here[:used], out=there[: self.size])
        if by.shift is not None:
            there[: self.size] += by.shift
        self._stacks.reverse()

    def draw(self, by: Stepper) -> tuple[Real, Real] | None:
        """Normal numbers and signs for the noise of a step that is not linear, where there is any."""
        if not by.noises.parts:
            return None
        count = self.r.shape[1]
        signs: Real = self.generator.integers(0, 2, (by.noises.signs, count)).astype(np.float64)
        return self.generator.standard_normal((by.noises.count, count)), 2.0 * signs - 1.0

    def run(self, by: Stepper, steps: int, *, is_worked: bool = False) -> Real | float:
        """So many steps; if asked, the work of the drives on each trajectory meanwhile."""
        work: Real | float = 0.0
        self.linear(by.half)
        for number in range(steps):
            if number:
                self.linear(by.whole)
            if is_worked:
                work = work + by.duration / 2 * by.power(self.r)
            by.others(self.r, self.draw(by))
            if is_worked:
                work = work + by.duration / 2 * by.power(self.r)
        self.linear(by.half)
        return work
