"""What a search has come to: whether it converged, what holds the optimum, and whether there is one at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leyden.design.landscape import MARGIN, Landscape
from leyden.design.search import Local

__all__ = ["Verdict", "verdict_on"]

# A merit that grows as margin^-p: from this p on without end, as far as can be told.
_GROWS = 0.1
# Of the best merit, within which two local optima are one.
_SAME = 1e-6
# Bounds and limits that are named.
_MOST_NAMED = 6
# Of the ranges, how far aside a merit is looked at that may be the same everywhere; and what counts as the same.
_ASIDE, _FLAT = 0.05, 1e-13


@dataclass(frozen=True)
class Verdict:
    """What a search has come to."""

    is_converged: bool
    is_attained: bool  # whether the merit has that optimum, and does not go on towards the threshold
    exponent: float  # p of margin^-p where it goes on, else NaN
    why: str
    peak_time: float  # when the merit peaks, NaN where no peak is asked for


def verdict_on(land: Landscape, best: Local, found: Sequence[Local], starts: int, margin: float | None) -> Verdict:
    """Sentences about the best of several local searches."""
    held = _held_by(land, best)
    exponent = _exponent(land, best, margin)
    when, is_growing = _peak(land, best)
    is_attained = not np.isfinite(exponent) and not is_growing
    parts: list[str] = []
    if is_growing:
        parts.append(f"there is no peak: the device is unstable, and grows until the last of the times, {when:.6g}")
    if np.isfinite(exponent) and margin is not None:
        parts.append(_beyond(land, exponent, margin))
    if not best.is_converged:
        parts.append("the budget of evaluations is spent" if len(found) < starts else "the search came to no end")
    elif best.is_kink:
        parts.append("no neighbour is better, and the derivatives do not vanish: the merit has a kink or an edge there")
    elif _is_flat(land, best):
        parts.append("the merit does not depend on any of them there")
    elif is_attained:
        inside = "the derivatives vanish inside the bounds" if best.conditions is not None else "inside the bounds"
        parts.append(f"held by {', '.join(held[:_MOST_NAMED])}" if held else inside)
    if len(found) > 1:
        same = sum(abs(one.reached.heights[0] - best.reached.heights[0]) <= _SAME for one in found)
        parts.append(f"{same} of {len(found)} searches came to it")
    return Verdict(best.is_converged, is_attained, exponent, "; ".join(parts), when)


def _peak(land: Landscape, best: Local) -> tuple[float, bool]:
    """When the merit peaks, NaN where that is not asked, and whether it would grow on behind the last of the times."""
    question = land.sampler.question
    values = {name: float(along[0]) for name, along in land.space.values(best.reached.places).items()}
    return question.peak_of(question.device(values)) or (np.nan, False)


def _is_flat(land: Landscape, best: Local) -> bool:
    """Whether derivatives vanish in all directions, and without curvature."""
    beside = np.clip(
        best.place + np.vstack([_ASIDE * np.eye(land.space.size), -_ASIDE * np.eye(land.space.size)]), 0, 1
    )
    known = land.sampler.spare(len(beside))
    if not known:
        return False
    heights = land.look(beside).heights
    return bool(np.all(np.abs(heights - best.reached.heights[0]) <= _FLAT))


def _held_by(land: Landscape, best: Local) -> tuple[str, ...]:
    """Bounds and limits that are reached."""
    if best.conditions is None:
        lower, upper = best.place <= 1e-6, best.place >= 1 - 1e-6
        active = best.reached.slacks[0] <= 1e-6
    else:
        lower, upper, active = best.conditions.lower, best.conditions.upper, best.conditions.active
    names = land.space.names
    held = [f"the lower bound of {names[place]}" for place in np.flatnonzero(lower)]
    held += [f"the upper bound of {names[place]}" for place in np.flatnonzero(upper)]
    for place in np.flatnonzero(active):
        limit = land.limits[int(place)]
        side = "least" if limit.side > 0 else "most"
        held.append("the margin" if limit.name == MARGIN else f"{limit.name} of at {side} {limit.bound:.6g}")
    return tuple(held)


def _exponent(land: Landscape, best: Local, margin: float | None) -> float:
    """By which power of the margin the merit goes on, NaN where the margin does not hold it."""
    if margin is None or best.conditions is None:
        return np.nan
    for place, limit in enumerate(land.limits):
        weight = best.conditions.multipliers[place]
        if limit.name == MARGIN and best.conditions.active[place] and weight > 0:
            merit = float(best.reached.sample.numbers[0, 0])
            share = np.hypot(land.scale, merit) / abs(merit) if merit else np.inf
            return float(weight * margin / limit.size * share)
    return np.nan


def _beyond(land: Landscape, exponent: float, margin: float) -> str:
    goes, most = ("grows", "maximum") if land.sign > 0 else ("falls", "minimum")
    if exponent >= _GROWS and land.sign > 0:
        return (
            f"there is no maximum: towards the threshold the merit grows as margin^-{exponent:.2f}, "
            f"and the margin {margin:.3g} alone holds it"
        )
    return (
        f"the {most} is not reached: the merit still {goes} towards the threshold, by {100 * exponent:.2g} % of itself "
        f"over one margin, and the margin {margin:.3g} holds it"
    )
