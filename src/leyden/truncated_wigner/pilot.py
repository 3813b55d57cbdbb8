"""The step of time, from pairs of runs: one in steps twice as long as the other, with the same random numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leyden.truncated_wigner.ensemble import quanta_of
from leyden.truncated_wigner.equations import Equations
from leyden.truncated_wigner.walk import Stepper, Walk

__all__ = ["Judged", "Pairs", "exact", "fastest_rate", "first_step", "judged", "next_step"]

Real = NDArray[np.float64]

# Share of the statistical error that the step's may be, and what doubling a step of order 2 adds of its error.
_SHARE, _DOUBLING = 0.25, 3.0
# Standard errors by which a difference may miss what the order says.
_SEEN = 3.0
# By how much a step may be shortened at once, and what it is taken shorter than estimated.
_SHORTEST, _CAUTION = 0.125, 0.8


@dataclass(frozen=True, eq=False)
class Judged:
    """What pairs say of a step: at some times, of the quanta of each mode and of the work of the drives."""

    step: float
    bounds: Real  # (times, N + 1), of its error
    scatter: Real  # the same, of what was seen of it
    statistical: Real  # the same, error of all trajectories
    quanta: Real  # (N,), mean |alpha|^2
    is_finite: bool = True

    @property
    def error(self) -> float:
        """Largest bound."""
        return float(np.max(self.bounds, initial=0.0)) if self.is_finite else np.inf

    @property
    def share(self) -> float:
        """Largest bound beside the statistical error."""
        if not self.is_finite:
            return np.inf
        nothing = np.zeros_like(self.bounds)
        shares = np.divide(self.bounds, self.statistical, out=nothing, where=self.statistical > 0)
        return float(np.max(shares, initial=0.0))

    @property
    def is_enough(self) -> bool:
        """Whether the step's error is small beside the statistical one."""
        return self.share <= _SHARE

    def after(self, longer: Judged | None) -> Judged:
        """The same with what a longer step has shown: errors fall with the square, which scatter may hide."""
        if longer is None or not (self.is_finite and longer.is_finite):
            return self
        expected = longer.bounds * (self.step / longer.step) ** 2
        is_hidden = self.bounds <= expected + _SEEN * self.scatter
        return replace(self, bounds=np.where(is_hidden, np.minimum(self.bounds, expected), self.bounds))


def fastest_rate(equations: Equations) -> float:
    """Fastest rate of the linear part."""
    return float(np.max(np.abs(np.linalg.eigvals(equations.drift)), initial=0.0))


def first_step(equations: Equations, duration: float) -> float:
    """A step to begin with: it had better be too long."""
    rate = fastest_rate(equations)
    return min(0.5 / rate if rate else duration, duration)


def next_step(found: Judged) -> float:
    """A shorter step, by what was found of one."""
    if not found.is_finite:
        return found.step / 2
    factor = _CAUTION * np.sqrt(_SHARE / found.share)
    return found.step * float(np.clip(factor, _SHORTEST, _CAUTION))


class Pairs:
    """Trajectories twice, in steps of some length and of twice that length."""

    def __init__(self, equations: Equations, start: Real, generator: np.random.Generator) -> None:
        self.equations, self.generator = equations, generator
        self.fine, self.coarse = Walk(start, generator), Walk(start, generator)
        self.work = np.zeros((2, start.shape[1]))

    def _draw(self, count: int) -> Real:
        return self.generator.standard_normal((count, self.fine.r.shape[1]))

    def run(self, duration: float, step: float, *, is_worked: bool) -> None:
        """Both over some time, in steps that are no longer."""
        twice = max(1, int(np.ceil(duration / (2 * step) - 1e-9)))
        own = duration / (2 * twice)
        short, long = Stepper(self.equations, own), Stepper(self.equations, 2 * own)
        fine, coarse = self.fine, self.coarse
        for _ in range(twice):
            halves = [self._draw(short.half.columns) for _ in range(4)]
            noises = [fine.draw(short) for _ in range(2)]
            first, second = noises
            both = first and second and ((first[0] + second[0]) * np.sqrt(0.5), first[1])
            for before, after, noise in ((halves[0], halves[1], noises[0]), (halves[2], halves[3], noises[1])):
                fine.linear(short.half, before)
                self._others(0, short, noise, is_worked=is_worked)
                fine.linear(short.half, after)
            for normals in halves[:2]:
                coarse.linear(short.half, normals)
            self._others(1, long, both, is_worked=is_worked)
            for normals in halves[2:]:
                coarse.linear(short.half, normals)

    def _others(self, which: int, stepper: Stepper, noise: tuple[Real, Real] | None, *, is_worked: bool) -> None:
        r = (self.coarse if which else self.fine).r
        half = stepper.duration / 2
        if is_worked:
            self.work[which] += half * stepper.power(r)
        stepper.others(r, noise)
        if is_worked:
            self.work[which] += half * stepper.power(r)

    def compared(self) -> tuple[Real, Real]:
        """Quanta of each mode and work so far (N + 1, trajectories): of short steps, and what long ones add."""
        fine = np.concatenate([quanta_of(self.fine.r), self.work[:1]])
        coarse = np.concatenate([quanta_of(self.coarse.r), self.work[1:]])
        return fine, coarse - fine


def judged(step: float, found: list[tuple[Real, Real]], trajectories: float) -> Judged:
    """Error of the short steps beside the statistical one of so many trajectories, from comparisons at some times."""
    quanta = np.mean([np.mean(fine[:-1], axis=-1) for fine, _ in found], axis=0)
    fine, apart = (np.stack(parts) for parts in zip(*found, strict=True))
    if not (np.isfinite(apart).all() and np.isfinite(fine).all()):
        nothing = np.zeros(fine.shape[:-1])
        return Judged(step, nothing, nothing, nothing, quanta, is_finite=False)
    scatter = np.std(apart, axis=-1) / np.sqrt(fine.shape[-1]) / _DOUBLING
    # What is seen of the difference, and what may hide behind its own scatter.
    bounds = np.abs(np.mean(apart, axis=-1)) / _DOUBLING + scatter
    return Judged(step, bounds, scatter, np.std(fine, axis=-1) / np.sqrt(trajectories), quanta)


def exact(modes: int, step: float) -> Judged:
    """What is said of steps without error."""
    nothing = np.zeros((1, modes + 1))
    return Judged(step, nothing, nothing, nothing, np.zeros(modes))
