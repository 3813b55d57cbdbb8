"""Local searches from one point: along gradients, or without them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.design.landscape import Ground, Landscape, Tilt, at
from leyden.design.quadratic import Curvature, Step, balance, least_between
from leyden.design.sampler import SpentError

__all__ = ["Stationarity", "descend", "led_back", "stationarity", "without_gradients"]

Real = NDArray[np.float64]

# Steps of one descent, and shares of a step that are tried.
_MOST_STEPS = 100
_SHARES = 0.4 ** np.arange(14.0)
# How well derivatives are known, relative to the largest.
_KNOWN = 1e-8
# How often a search begins with shorter steps before it ends, and how much shorter.
_MOST_FAILED, _SHORTER = 3, 1e3
# By how much a step may leave the unit cube, before it is taken for noise.
_ASTRAY = 1e-6
# Corrections of a step that ends beside the limits it was to follow.
_MOST_BENDS = 5
# What counts as better, relative to the height; what is left of limits without a correction, in units of their sizes.
_NOTHING, _BROKEN = 1e-15, 1e-10
# What rounding may hide of the height, relative to it.
_LOST = 1e-12
# Of the ranges: closer to a bound a place is at it.
_ROUNDING = 1e-9
# A bound is reached within this much of its range, a limit within this much of its size.
_AT_BOUND, _AT_LIMIT = 1e-9, 1e-6
# The margin of the first descent, in units of the usual rate, and by what it shrinks from one to the next.
_WIDE, _SHRINK = 0.3, 0.2
# How well the conditions have to hold on the way from one margin to the next.
_COARSE = 1.0
# Of a search without gradients: its first steps and its last ones, in units of the ranges.
_FIRST, _LAST = 0.1, 1e-7


@dataclass(frozen=True, eq=False)
class Stationarity:
    """The conditions of Karush, Kuhn and Tucker at a point."""

    residual: float  # what no multiplier balances, in units of the height, over a whole range
    gradient: float  # the same without multipliers
    multipliers: Real  # (c), of the limits
    lower: NDArray[np.bool_]  # (n), whether a parameter is at its lower bound
    upper: NDArray[np.bool_]
    active: NDArray[np.bool_]  # (c), whether a limit is reached

    def is_within(self, tolerance: float) -> bool:
        """Whether the conditions hold, as far as derivatives are known."""
        return self.residual <= tolerance + _KNOWN * self.gradient


def descend(land: Landscape, start: Real, tolerance: float) -> Ground:
    """Down from an allowed point, until the conditions for an optimum hold."""
    margin = land.margin
    if margin is None:
        return _descended(land, start, tolerance)[0]
    # Close to the threshold a merit that diverges there is a ravine along a wall. Further away it is a valley, whose
    # floor leads to where the ravine is deepest: the margin shrinks step by step.
    here, wide, known = start, _WIDE * land.rate, None
    passed: list[bytes] = []
    try:
        while wide > margin:
            land.keep(wide)
            found, known = _descended(land, here, _COARSE, known)
            here, wide = found.places[0], _SHRINK * wide
            passed.append(np.append(here, wide).tobytes())
            if passed[-1] in land.outcomes:
                return land.outcomes[passed[-1]]
    finally:
        land.keep(margin)
    reached = land.here(start)
    found = _descended(land, here, tolerance, known)[0]
    best = found if found.heights[0] <= reached.heights[0] else _descended(land, start, tolerance)[0]
    land.outcomes |= dict.fromkeys(passed, best)
    return best


def _descended(
    land: Landscape, start: Real, tolerance: float, known: Curvature | None = None
) -> tuple[Ground, Curvature]:
    """Sequential quadratic programming with steps that end where something is known, until nothing is better."""
    here = land.here(start)
    tilt = land.tilt(start)
    first = max(float(np.max(np.abs(tilt.height))), 1e-8) / _FIRST
    curvature, weight, failed = known or Curvature(len(start), first), 0.0, 0
    for _ in range(_MOST_STEPS):
        place = here.places[0]
        step = _step(here, tilt, curvature)
        if step is not None:
            weight = max(weight, 2 * float(np.max(step.multipliers[2 * len(place) :], initial=0.0)))
        there = None if step is None else _further(land, here, tilt, step, weight)
        if there is None and step is not None and failed == 0:
            there = _by_slopes(land, here, step, weight)
        if step is None or there is None:  # what steps have shown of the curvature leads nowhere: begin with short ones
            failed += 1
            if failed > _MOST_FAILED:
                break
            curvature = Curvature(len(start), first * _SHORTER ** (failed - 1))
            continue
        new = land.tilt(there.places[0])
        multipliers = step.multipliers[2 * len(place) :]
        change = new.height - tilt.height - multipliers @ (new.slacks - tilt.slacks)
        curvature.learn(there.places[0] - place, change)
        here, tilt, failed = there, new, 0
        if (end := land.end_near(here.places[0])) is not None:
            return end, curvature
        if here.is_allowed[0] and stationarity(land, here.places[0]).is_within(tolerance / 100):
            break
    land.ends.setdefault(land.margin, []).append(here)
    return here, curvature


def _step(here: Ground, tilt: Tilt, curvature: Curvature) -> Step | None:
    """The least of the quadratic model within the bounds and limits; None where it cannot be told."""
    place, slacks = here.places[0], _known(here)
    normals = np.vstack([np.eye(len(place)), -np.eye(len(place)), tilt.slacks])
    # Where limits cannot be met to first order, none is to get worse.
    for kept in (slacks, np.maximum(slacks, 0.0)):
        step = least_between(tilt.height, curvature.root, normals, np.concatenate([place, 1 - place, kept]))
        if step is not None:
            there = place + step.move
            is_inside = np.isfinite(there).all() and (there >= -_ASTRAY).all() and (there <= 1 + _ASTRAY).all()
            return step if is_inside else None
    return None


def _further(land: Landscape, here: Ground, tilt: Tilt, step: Step, weight: float) -> Ground | None:
    """The best place along a step, and along the curved limits that hold it; None if none is better."""
    place, now = here.places[0], _worth(here, weight)[0]
    held = step.multipliers[2 * len(place) :] > 0
    straight = _inside(place + _SHARES[:, None] * step.move)
    best: Ground | None = None
    for part in [straight] if land.sampler.is_batched else straight[:, None]:
        found: Ground | None = land.look(part)
        for _ in range(_MOST_BENDS):
            if found is None:
                break
            worth = _worth(found, weight)
            least = int(np.argmin(worth))
            if worth[least] < now - _NOTHING * (1 + abs(now)):
                best, now = at(found, least), worth[least]
            found = _bent_back(land, found, tilt, held)
        if best is not None:
            break
    return best


def _by_slopes(land: Landscape, here: Ground, step: Step, weight: float) -> Ground | None:
    """The end of a step whose gain is lost in rounding, where derivatives, which know more, are smaller there."""
    found = land.look(_inside(here.places[0] + step.move)[None])
    now = _worth(here, weight)[0]
    if not _worth(found, weight)[0] <= now + _LOST * (1 + abs(now)):
        return None
    before = stationarity(land, here.places[0]).residual
    return found if stationarity(land, found.places[0]).residual < before / 2 else None


def _inside(places: Real) -> Real:
    """Places in the unit cube; what rounding has left of a face lies on it."""
    return np.where(places < _ROUNDING, 0.0, np.where(places > 1 - _ROUNDING, 1.0, places))


def _worth(found: Ground, weight: float) -> Real:
    """Heights of points (m), and what it costs to break limits."""
    slacks = np.where(np.isfinite(found.slacks), found.slacks, -1.0)
    broken = np.maximum(-slacks, 0.0).sum(axis=-1)
    is_there = np.isfinite(found.sample.numbers[:, 0])
    return np.where(is_there, found.heights + weight * broken, np.inf)


def _bent_back(land: Landscape, found: Ground, tilt: Tilt, held: NDArray[np.bool_]) -> Ground | None:
    """Places off the limits that hold a step, or that break others, corrected to first order; None where none is."""
    slacks = np.where(np.isfinite(found.slacks), found.slacks, 0.0)
    off = (slacks < 0) | held
    moved: list[Real] = []
    for place, slack, which in zip(found.places, slacks, off, strict=True):
        if np.max(np.abs(slack[which]), initial=0.0) > _BROKEN:
            moved.append(_inside(place - np.linalg.pinv(tilt.slacks[which]) @ slack[which]))
    return land.look(np.asarray(moved)) if moved else None


def _known(here: Ground) -> Real:
    """Slacks of one point; where nothing is known they count as broken."""
    return np.where(np.isfinite(here.slacks[0]), here.slacks[0], -1.0)


def without_gradients(land: Landscape, start: Real, most: int, first: float = _FIRST) -> tuple[Ground, bool]:
    """Quadratic models of values (COBYQA, Ragonneau 2022): the best place seen, and whether the search has ended."""
    from scipy.optimize import NonlinearConstraint, minimize

    constraints: Any = ()
    if land.limits:
        constraints = NonlinearConstraint(lambda at: _known(land.here(at)), 0.0, np.inf)
    best = land.here(start)

    def height(at: Real) -> float:
        nonlocal best
        here = land.here(np.clip(at, 0.0, 1.0))
        if here.is_allowed[0] and here.heights[0] < best.heights[0]:
            best = here
        return float(here.heights[0])

    options: Any = {"maxfev": max(most, 2 * len(start) + 2), "initial_tr_radius": first, "final_tr_radius": _LAST}
    edges: Any = [(0.0, 1.0)] * len(start)
    try:
        found = minimize(height, start, method="COBYQA", bounds=edges, constraints=constraints, options=options)
    except SpentError:
        return best, False
    return best, bool(found.success)


def led_back(land: Landscape, start: Real, most: int) -> Ground:
    """From a point that is not allowed to one that is, or where what is broken most is broken least."""
    from scipy.optimize import minimize

    best = land.here(start)

    def broken(at: Real) -> float:
        nonlocal best
        here = land.here(np.clip(at, 0.0, 1.0))
        if _broken(here) < _broken(best):
            best = here
        return _broken(here)

    options: Any = {"maxfev": max(most, 2 * len(start) + 2), "initial_tr_radius": _FIRST, "f_target": -_AT_LIMIT}
    with suppress(SpentError):
        minimize(broken, start, method="COBYQA", bounds=[(0.0, 1.0)] * len(start), options=options)
    return best


def _broken(here: Ground) -> float:
    """What is broken most: what is not known of an unstable device counts as more than that it is unstable."""
    slacks = here.slacks[0]
    known = np.where(np.isfinite(slacks), -slacks, 1.0 + np.max(-slacks, initial=0.0, where=np.isfinite(slacks)))
    return float(np.max(known, initial=-1.0 if np.isfinite(here.sample.numbers[0, 0]) else 1.0))


def stationarity(land: Landscape, place: Real) -> Stationarity:
    """How well the conditions for an optimum hold at a point."""
    tilt = land.tilt(place)
    slacks = _known(land.here(place))
    lower, upper = place <= _AT_BOUND, place >= 1 - _AT_BOUND
    active = slacks <= _AT_LIMIT
    normals = [*np.eye(len(place))[lower], *-np.eye(len(place))[upper], *tilt.slacks[active]]
    multipliers = np.zeros(len(slacks))
    left = tilt.height
    if normals:
        matrix = np.asarray(normals)
        weights = balance(tilt.height, matrix)
        left = tilt.height - weights @ matrix
        multipliers[active] = weights[len(weights) - int(active.sum()) :]
    gradient = float(np.max(np.abs(tilt.height)))
    return Stationarity(float(np.max(np.abs(left))), gradient, multipliers, lower, upper, active)
