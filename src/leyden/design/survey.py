"""The first look: what kind of device it is, what it costs to measure, and a scan of all that is allowed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.design.asking import Asked
from leyden.design.kinds import Kind
from leyden.design.landscape import Ground, Landscape
from leyden.design.limits import limits_of
from leyden.design.search import Gradient
from leyden.design.traced import is_there, traced
from leyden.errors import ParameterError

__all__ = ["gradient_of", "surveyed"]

Real = NDArray[np.float64]

# Points of a scan: for each parameter, and at most.
_POINTS, _MOST_POINTS = 64, 2048
_COSTLY_POINTS, _MOST_COSTLY = 12, 128
# Parameters times modes from which compiling derivatives takes less time than differences do.
_LEAST_TRACED = 300
# Share of the usual decay rate that a device keeps from its threshold where no margin is given.
_MARGIN = 1e-3


def surveyed(asked: Asked) -> tuple[Landscape, Ground, float | None]:
    """The landscape with its scales, a scan of it, and the margin, chosen if it is asked for and not given."""
    sampler, space, kind, margin = asked.sampler, asked.space, asked.kind, asked.margin
    is_costly = kind.is_beyond or not sampler.is_batched or kind.modes > 50
    each, most = (_COSTLY_POINTS, _MOST_COSTLY) if is_costly else (_POINTS, _MOST_POINTS)
    left = sampler.budget - sampler.evaluations
    count = max(1, min(each * (space.size + 1), most, left // 2))
    points = space.scattered(count, asked.settings.seed)
    sample = sampler.sample(space.values(points))
    settling = -sample.abscissa[sample.abscissa < 0]
    rate = _usual(settling, np.abs(sample.abscissa))
    if sampler.asks_abscissa and margin is None:
        margin = float(f"{_MARGIN * (rate if len(settling) else _least(sample.abscissa, rate)):.0e}")
    limits = limits_of(sampler.question.wanted, asked.between, margin if sampler.asks_abscissa else None, rate)
    scale = _usual(np.abs(sample.numbers[:, 0]), np.ones(1))
    land = Landscape(space, sampler, asked.sign, limits, scale, rate, is_costly=is_costly)
    return land, land.ground(points, sample), margin


def _usual(numbers: Real, otherwise: Real) -> float:
    """The median of what is known and positive, else of something else, else 1."""
    for some in (numbers, otherwise):
        known = some[np.isfinite(some) & (some > 0)]
        if len(known):
            return float(np.median(known))
    return 1.0


def _least(numbers: Real, otherwise: float) -> float:
    """The smallest size of what is known and not zero."""
    known = np.abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    return float(np.min(known)) if len(known) else otherwise


def gradient_of(asked: Gradient | None, land: Landscape, kind: Kind, trial: Real | None) -> tuple[Gradient, str]:
    """How derivatives are taken, and why."""
    if asked == "none":
        return "none", "asked for"
    if kind.is_beyond and asked is None:
        return "none", "results are known to some digits only"
    if asked == "differences" or trial is None:
        return "differences", "asked for" if asked else "no device is allowed yet"
    is_small = kind.modes * land.space.size < _LEAST_TRACED and land.sampler.is_batched
    if asked is None and (is_small or not is_there() or kind.has_pulses):
        why = "of a small device quicker than to compile" if is_small else "the device has pulses"
        return "differences", why if is_there() else "JAX is not installed"
    here = land.here(trial)
    values = [float(one[0]) for one in land.space.values(trial[None]).values()]
    found = traced(land.sampler.question, land.space.names, values, here.sample.numbers[0])
    if not isinstance(found, str):
        land.traced = found
        return "jax", "asked for" if asked else "of many parameters quicker than differences"
    if asked == "jax":
        raise ParameterError.of("gradient", f"be another one or None here: {found}", asked)
    return "differences", found
