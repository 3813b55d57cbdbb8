"""Curves of a device on nested grids, fine enough for its fastest rate at its time and long enough for its slowest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

import leyden as ly
from leyden.merit.curves import Grid, Top, is_smooth, last_crossing, top_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Curves"]

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


@dataclass(frozen=True)
class Curves:
    """Charging curves of a single device from the vacuum, as `leyden.merit.curves` wants them.

    Parameters
    ----------
    network : Network
        The device.
    until : float
        End of the curves, in 1/rate.
    spectrum : array of complex, shape (n,)
        Eigenvalues of the drift.
    """

    network: ly.Network
    until: float
    spectrum: Any

    @cached_property
    def _plan(self) -> list[tuple[float, int]]:
        """Length and steps of each grid, the longest first: so many steps that all that still turns is resolved."""
        size = float(np.max(np.abs(self.spectrum), initial=0.0))
        plan: list[tuple[float, int]] = []
        end = self.until
        while not plan or (plan[-1][0] * size > 1 and len(plan) < _MOST_GRIDS):
            alive = self.spectrum[self.spectrum.real * end / _NESTING > -_GONE]
            turns = 2 * float(np.max(np.abs(alive.imag), initial=0.0)) * end / _TURN
            plan.append((end, int(np.clip(np.ceil(turns), _STEPS, self._most))))
            end /= _NESTING
        return plan

    @property
    def _most(self) -> int:
        return int(np.clip(_WORK // len(self.network.modes) ** 2, _FEWEST, _MOST_STEPS))

    @cached_property
    def _runs(self) -> dict[int, list[tuple[float, xr.Dataset]]]:
        """Step and run of each grid, by how many times finer they are than planned."""
        return {}

    def _grids(self, values: Callable[[xr.Dataset], Any], finer: int) -> list[Grid]:
        if finer not in self._runs:
            plan = [(end, min(finer * steps, self._most)) for end, steps in self._plan]
            self._runs[finer] = [
                (end / steps, ly.charge(self.network, np.linspace(0.0, end, steps + 1))) for end, steps in plan
            ]
        return [Grid(step, np.asarray(values(run), dtype=np.float64)) for step, run in self._runs[finer]]

    def _smooth_grids(self, values: Callable[[xr.Dataset], Any]) -> list[Grid]:
        """As fine as it takes to make a curve smooth, if it can be: a ratio is steep where its denominator is small."""
        grids = self._grids(values, 1)
        for finer in _FINER:
            if is_smooth(grids) or np.isnan(grids[0].values[-1]):
                break
            grids = self._grids(values, finer)
        return grids

    def top(self, values: Callable[[xr.Dataset], Any]) -> Top | None:
        """Highest point of a curve; None where it has none that could be told.

        Parameters
        ----------
        values : callable
            Takes a run, returns its curve, shape (t,).
        """
        return top_of(self._smooth_grids(values))

    def settling(self, values: Callable[[xr.Dataset], Any], steady: float, band: float) -> float:
        """Settling time of a curve, as `leyden.merit.settling_time` defines it; NaN where it does not settle.

        Parameters
        ----------
        values : callable
            Takes a run, returns its curve, shape (t,).
        steady : float
            Steady value, in the curve's unit.
        band : float
            Half width of the band, relative to the steady value.
        """
        return last_crossing(self._smooth_grids(values), steady, band * abs(steady))
