"""Trajectories in units that fit a cache, each with random numbers of its own, and sums over groups of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError
from leyden.truncated_wigner.equations import Equations
from leyden.truncated_wigner.flows import values_at
from leyden.truncated_wigner.walk import Stepper, Walk

__all__ = ["GROUPS", "MOMENTS", "Ensemble", "Start", "check_finite", "moments_of", "quanta_of", "unit_size"]

Real = NDArray[np.float64]
Start = tuple[Real, Real]
"""Mean (2N,) and root of the covariance (2N, 2N) of the quadratures at time 0."""

GROUPS = 40
"""Of all trajectories; their scatter gives the error bars."""
MOMENTS = 7
"""Sums for each mode: x, p, x^2, p^2, x p, |alpha|^4 and the rate of |alpha|^2."""
# Numbers of a unit's quadratures: with as many random ones they stay in a cache. No less than so many trajectories.
_NUMBERS, _FEWEST = 8192, 64


def unit_size(modes: int) -> int:
    """Trajectories that are moved together; of the modes alone, so that seeds give the same numbers everywhere."""
    return max(_FEWEST, _NUMBERS // (2 * modes))


def quanta_of(r: Real) -> Real:
    """|alpha|^2 of each mode (N, trajectories)."""
    n = len(r) // 2
    return (r[:n] ** 2 + r[n:] ** 2) / 2


class Ensemble:
    """Trajectories from 0 on, in units; made when they are asked for, and kept if asked to."""

    def __init__(self, equations: Equations, start: Start, trajectories: int, seed: int, key: int) -> None:
        self.equations, self.start, self.count = equations, start, trajectories
        self.seed, self.key, self.size = seed, key, unit_size(equations.modes)
        self.groups = min(GROUPS, trajectories // 2)
        self.edges = -(-np.arange(self.groups + 1) * trajectories // self.groups)
        self._kept: list[Walk] = []

    @property
    def members(self) -> NDArray[np.int64]:
        """Trajectories of each group."""
        return np.diff(self.edges)

    @property
    def units(self) -> int:
        """How many units there are."""
        return -(-self.count // self.size)

    def _walk(self, unit: int) -> Walk:
        sequence = np.random.SeedSequence(self.seed, spawn_key=(self.key, unit))
        generator = np.random.Generator(np.random.SFC64(sequence))
        mean, root = self.start
        normals = generator.standard_normal((len(mean), min(self.size, self.count - unit * self.size)))
        return Walk(mean[:, None] + root @ normals, generator)

    def walks(self, *, is_kept: bool = False) -> Iterator[tuple[int, Walk]]:
        """Number of the first trajectory of each unit, and the unit."""
        for unit in range(self.units):
            if not is_kept:
                yield unit * self.size, self._walk(unit)
                continue
            if unit == len(self._kept):
                self._kept.append(self._walk(unit))
            yield unit * self.size, self._kept[unit]

    def add(self, sums: Real, first: int, values: Real) -> None:
        """Add values (..., trajectories) from the first one on to sums (groups, ...)."""
        last = first + values.shape[-1]
        low = int(np.searchsorted(self.edges, first, side="right")) - 1
        high = int(np.searchsorted(self.edges, last, side="left"))
        starts = np.maximum(self.edges[low:high] - first, 0)
        with np.errstate(all="ignore"):  # of trajectories that have left the number range, which is told elsewhere
            sums[low:high] += np.moveaxis(np.add.reduceat(values, starts, axis=-1), -1, 0)


def check_finite(r: Real, time: float | None, remedy: str) -> None:
    """Refuse trajectories that have left the number range."""
    lost = int(np.count_nonzero(~np.isfinite(r).all(axis=0)))
    if lost:
        when = "on the way to rest" if time is None else f"by time {time:.4g}"
        raise ConvergenceError(
            f"Argument `network` must keep its trajectories together, but {lost} of the first {r.shape[1]} looked at "
            f"have left the number range {when}. {remedy}",
            residual=lost / r.shape[1],
            tolerance=0.0,
        )


def moments_of(stepper: Stepper, r: Real, *, with_rates: bool) -> Real:
    """What is summed of each trajectory (7, N, trajectories)."""
    n = len(r) // 2
    x, p = r[:n], r[n:]
    found = np.empty((MOMENTS, n, r.shape[1]))
    found[0], found[1] = x, p
    np.multiply(x, x, out=found[2])
    np.multiply(p, p, out=found[3])
    np.multiply(x, p, out=found[4])
    quanta = (found[2] + found[3]) / 2
    np.multiply(quanta, quanta, out=found[5])
    found[6] = _rate(stepper, r, quanta) if with_rates else 0.0
    return found


def _rate(stepper: Stepper, r: Real, quanta: Real) -> Real:
    """Rate of change of the mean of |alpha|^2 (N, trajectories): turns of phases leave it alone."""
    equations = stepper.equations
    n = equations.modes
    change: Any = equations.drift @ r
    change += equations.forcing[:, None]
    found = r[:n] * change[:n] + r[n:] * change[n:]
    found -= 2 * equations.shrinking[:, None] * quanta**2
    if stepper.rest.terms:
        moved = values_at(stepper.rest.terms, r, n)
        found += np.sqrt(2.0) * (r[:n] * moved.real + r[n:] * moved.imag)
    trace = equations.diffusion.diagonal()
    found += ((trace[:n] + trace[n:]) / 2)[:, None]
    if stepper.noises.parts:
        found += stepper.noises.spread(r)
    return found
