"""The whole search: a scan of all that is allowed, local searches from the best places of it, and the best of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leyden.design.descent import Stationarity, descend, led_back, stationarity, without_gradients
from leyden.design.landscape import Ground, Landscape, at
from leyden.design.progress import Teller
from leyden.design.sampler import SpentError

__all__ = ["Gradient", "Local", "best_of", "local_searches", "mended", "starts_among"]

Real = NDArray[np.float64]
Gradient = Literal["jax", "differences", "none"]

# A start keeps away from the others by so much of the distance at which as many as there are would fill the cube.
_APART = 0.5
# Steps of a search without gradients, for each parameter, and of one that mends what gradients could not.
_MOST_VALUES, _MOST_MENDING = 60, 150
# First steps of such a mending search, in units of the ranges.
_MENDING = 1e-3
# Of the height: a place that was passed on the way, within what constraints may be broken by, is no better one.
_NOTHING = 1e-7


@dataclass(frozen=True, eq=False)
class Local:
    """One local search."""

    start: Real
    reached: Ground
    conditions: Stationarity | None  # None where no derivatives were asked for
    is_converged: bool
    is_kink: bool = False  # no neighbour is better, and yet the derivatives do not vanish

    @property
    def place(self) -> Real:
        """Where it ended."""
        return self.reached.places[0]


def starts_among(scan: Ground, most: int) -> list[Real]:
    """The best allowed places that are not close to each other."""
    allowed = np.flatnonzero(scan.is_allowed)
    order = allowed[np.argsort(scan.heights[allowed], kind="stable")]
    apart = _APART * most ** (-1.0 / scan.places.shape[1])
    chosen: list[Real] = []
    while len(chosen) < min(most, len(order)):
        for place in scan.places[order]:
            if all(np.max(np.abs(place - other)) >= apart for other in chosen):
                chosen.append(place)
                break
        else:
            apart /= 2  # all that is allowed lies close together
            if apart < 1e-12:
                break
    return chosen


def mended(land: Landscape, scan: Ground, tries: int, most: int) -> tuple[list[Real], Ground]:
    """Allowed places near the ones that break least, where the scan has found none; and the place that breaks least."""
    order = np.argsort([float(np.where(np.isfinite(one), one, 1e300)) for one in _brokenness(scan)], kind="stable")
    least: Ground | None = None
    for place in order[:tries]:
        found = led_back(land, scan.places[place], most)
        if found.is_allowed[0]:
            return [found.places[0]], found
        if least is None or _brokenness(found)[0] < _brokenness(least)[0]:
            least = found
    return [], least if least is not None else at(scan, int(order[0]))


def _brokenness(scan: Ground) -> Real:
    known = np.where(np.isfinite(scan.slacks), -scan.slacks, -np.inf)
    missing = (~np.isfinite(scan.slacks)).sum(axis=-1) + ~np.isfinite(scan.sample.numbers[:, 0])
    return np.max(known, axis=-1, initial=-1.0) + missing


def local_searches(
    land: Landscape,
    starts: list[Real],
    gradient: Gradient,
    tolerance: float,
    teller: Teller,
) -> list[Local]:
    """From each start to an optimum, as long as the budget lasts."""
    found: list[Local] = []
    teller.starts = len(starts)
    for number, start in enumerate(starts):
        teller.started = number + 1
        teller.tell()
        try:
            found.append(_local(land, start, gradient, tolerance))
        except SpentError:
            break
    return found


def best_of(land: Landscape, found: list[Local]) -> Local:
    """The best of local searches; where the budget ended one, the best place that was seen."""
    converged = min(found, key=lambda one: (one.reached.heights[0], not one.is_converged), default=None)
    seen = land.best
    if seen is None and converged is None:
        raise RuntimeError("a search has begun without an allowed place")
    if converged is None or (seen is not None and seen.heights[0] < converged.reached.heights[0] - _NOTHING):
        assert seen is not None
        return Local(seen.places[0], seen, None, False)
    return converged


def _local(land: Landscape, start: Real, gradient: Gradient, tolerance: float) -> Local:
    if gradient == "none":
        reached, is_ended = without_gradients(land, start, _MOST_VALUES * len(start))
        return Local(start, reached, None, is_ended)
    reached = descend(land, start, tolerance)
    conditions = stationarity(land, reached.places[0])
    if conditions.is_within(tolerance):
        return Local(start, reached, conditions, True)
    # Where the merit has a kink, as where two eigenvalues change places, values alone lead on.
    better, is_ended = without_gradients(land, reached.places[0], _MOST_MENDING * len(start), _MENDING)
    if better.heights[0] < reached.heights[0] - _NOTHING:
        reached = better
        conditions = stationarity(land, reached.places[0])
    is_smooth = conditions.is_within(tolerance)
    return Local(start, reached, conditions, is_smooth or is_ended, is_ended and not is_smooth)
