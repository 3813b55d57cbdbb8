"""Curves of a device on nested grids, fine enough for its fastest rate at its time and long enough for its slowest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.equations.moments import MomentEquations
from leyden.merit.curves import Peak
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.portrait.nested import Grid, is_smooth, peak_of, settling_time_of
from leyden.results import with_all_axes
from leyden.simulate.charging import charged
from leyden.task import TOLERANCE, Task

__all__ = ["Curves", "Runs"]

Values = Mapping[str, Any]

# A grid is so many times as long as the next one, and has so many steps at least.
_NESTING, _STEPS = 4, 128
# The shortest grid ends when the fastest mode has moved; more grids than this no two numbers differ by.
_MOST_GRIDS = 40
# Largest phase by which second moments may turn in a step; and what has shrunk by exp(-20) turns no more.
_TURN, _GONE = 0.2, 20.0
# Steps of a grid at most: of a pair of modes, and of a network whose matrices take time.
_MOST_STEPS, _FEWEST, _WORK = 2**17, 2**10, 2**21
# How many times finer the grids of a curve become that is not smooth on the planned ones.
_FINER = (8, 64)


@dataclass(frozen=True, eq=False)
class Runs:
    """Charging of a single device from the vacuum, on as many grids of times as are asked for."""

    network: Network  # of numbers
    equations: MomentEquations | None  # None where moments do not close
    method: Any = None  # that has to be taken
    tolerance: float = TOLERANCE
    about: dict[str, Any] = field(default_factory=dict[str, Any])  # what computed the last one

    def at(self, grids: Sequence[NDArray[np.float64]]) -> list[Values]:
        """Curves by name on each of these grids."""
        labels = take_off(self.network, may_change=True)[1]

        def task(times: NDArray[np.float64]) -> Task:
            known = self.equations
            return Task(self.network, labels, times, method=self.method, tolerance=self.tolerance, known=known)

        found: list[Values] = []
        for times in grids:
            values, about = charged(task(times))
            self.about.update(about)
            found.append(with_all_axes(self.network, labels, values, times))
        return found


@dataclass(frozen=True, eq=False)
class Curves:
    """Charging curves until a time, on nested grids."""

    runs: Runs
    until: float  # in 1/rate
    spectrum: NDArray[np.complex128]  # eigenvalues of the drift; zero where pulses say how closely to look
    closest: float = np.inf  # the longest step that misses nothing of the pulses, in 1/rate

    @cached_property
    def _plan(self) -> list[tuple[float, int]]:
        """Length and steps of each grid, the longest first: so many steps that all that still turns is resolved."""
        size = float(np.max(np.abs(self.spectrum), initial=0.0))
        plan: list[tuple[float, int]] = []
        end = self.until
        while not plan or (plan[-1][0] * size > 1 and len(plan) < _MOST_GRIDS):
            alive = self.spectrum[self.spectrum.real * end / _NESTING > -_GONE]
            turns = 2 * float(np.max(np.abs(alive.imag), initial=0.0)) * end / _TURN
            steps = np.ceil(max(turns, end / self.closest if self._is_resolved else 0.0))
            plan.append((end, int(np.clip(steps, _STEPS, self._most))))
            end /= _NESTING
        return plan

    @property
    def _most(self) -> int:
        return int(np.clip(_WORK // len(self.runs.network.modes) ** 2, _FEWEST, _MOST_STEPS))

    @property
    def _is_resolved(self) -> bool:
        """Whether so many steps as are taken miss nothing of the pulses."""
        return self.until <= self.closest * self._most

    @cached_property
    def _known(self) -> dict[int, list[tuple[float, Values]]]:
        """Step and curves of each grid, by how many times finer they are than planned."""
        return {}

    def _at(self, finer: int) -> list[tuple[float, Values]]:
        if finer not in self._known:
            plan = [(end, min(finer * steps, self._most)) for end, steps in self._plan]
            runs = self.runs.at([np.linspace(0.0, end, steps + 1) for end, steps in plan])
            self._known[finer] = [(end / steps, run) for (end, steps), run in zip(plan, runs, strict=True)]
        return self._known[finer]

    @property
    def sample(self) -> Values:
        """The curves on one of the grids."""
        return self._at(1)[0][1]

    def _grids(self, values: Callable[[Values], Any], finer: int) -> list[Grid]:
        return [Grid(step, np.asarray(values(run), dtype=np.float64)) for step, run in self._at(finer)]

    def _smooth_grids(self, values: Callable[[Values], Any]) -> list[Grid]:
        """As fine as it takes to make a curve smooth, if it can be: a ratio is steep where its denominator is small."""
        grids = self._grids(values, 1)
        for finer in _FINER:
            if is_smooth(grids) or np.isnan(grids[0].values[-1]):
                break
            grids = self._grids(values, finer)
        return grids

    def peak(self, values: Callable[[Values], Any]) -> Peak | None:
        """Highest point of the curve that a function takes from a run; None where it has none that could be told."""
        if not self._is_resolved:
            return None
        return peak_of(self._smooth_grids(values))

    def settling(self, values: Callable[[Values], Any], steady: float) -> float:
        """Settling time of the curve that a function takes from a run; NaN where it does not settle."""
        return settling_time_of(self._smooth_grids(values), steady)
