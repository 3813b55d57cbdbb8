"""What is asked of a search: its arguments, checked, and what follows from the kind of device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.design.kinds import Kind, kind_of, times_of
from leyden.design.limits import Between, checked_constraints, checked_margin
from leyden.design.question import Question, checked_run, moment_of, wanted_of
from leyden.design.sampler import Sampler
from leyden.design.space import Space, builder_for, space_of
from leyden.errors import ParameterError
from leyden.numeric import numbers_of, whole_number

__all__ = ["Asked", "Settings", "asked_of", "checked_settings"]

Real = NDArray[np.float64]

# Local searches and devices measured where nothing is said: of batches, of devices one by one, and beyond the Gaussian.
_STARTS = (8, 4, 2)
_BUDGETS = (200_000, 5_000, 200)
_MOST_STARTS, _LEAST_BUDGET, _MOST_BUDGET = 10_000, 20, 10**9
_GRADIENTS = ("jax", "differences", "none")


@dataclass(frozen=True)
class Settings:
    """How a search goes."""

    gradient: Any
    starts: int
    seed: int
    budget: int
    tolerance: float


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked of a search."""

    space: Space
    sampler: Sampler
    between: list[Between]
    margin: float | None
    sign: int
    kind: Kind
    settings: Settings


def asked_of(given: Mapping[str, Any]) -> Asked:
    """What is asked, from the arguments of `optimize`."""
    space = space_of(given["bounds"])
    fixed = _checked_fixed(given["fixed"])
    builder = builder_for(given["build"], space, fixed, given["parameters"])
    merit = wanted_of("merit", given["merit"])
    measure, margin = given["measure"], checked_margin(given["margin"])
    moment = moment_of(given["at"], merit, measure)
    run, method = checked_run(moment, given["times"], given["method"], measure)
    between = checked_constraints(given["constraints"])
    wanted = tuple(dict.fromkeys([merit, *(one for one, _, _ in between)]))
    question = Question(builder.call, fixed, wanted, moment, run, measure, method)
    seed = whole_number("seed", given["seed"], 0)
    points = space.scattered(16, seed)
    kind = kind_of(question, space, points)
    if moment == "peak" and run is None and measure is None:
        question = replace(question, times=times_of(question, space, points))
    asks = _asks_spectrum(question, margin, kind)
    sampler = Sampler(question, asks, 2**62)
    if kind.is_beyond or kind.has_pulses:
        sampler.is_batched = False
    else:
        sampler.try_batches(space.values(points))
    row = 2 if kind.is_beyond else 0 if sampler.is_batched else 1
    settings = checked_settings(given, row, seed)
    sampler.budget = settings.budget
    return Asked(space, sampler, between, margin, given["sign"], kind, settings)


def _checked_fixed(fixed: Any) -> dict[str, Any]:
    if fixed is None:
        return {}
    if not isinstance(fixed, Mapping):
        raise ParameterError.of("fixed", "be a mapping of parameter names to values", fixed)
    given: Mapping[str, Any] = fixed
    for name, value in given.items():
        if np.ndim(value) and not isinstance(value, (str, list, tuple)):
            raise ParameterError.of(f"fixed[{name}]", "be one value, not a batch of them", value)
    return dict(given)


def _asks_spectrum(question: Question, margin: float | None, kind: Kind) -> bool:
    """Whether stability is asked of every device: for its steady state, for a margin, or for its own sake."""
    is_wanted = any(one.is_abscissa for one in question.wanted)
    if kind.is_beyond or kind.has_pulses:
        if margin is not None or is_wanted:
            what = "margin" if margin is not None else "merit"
            allowed = "ask for no spectrum of a device that is not linear or changes in time"
            raise ParameterError.of(what, allowed, margin if margin is not None else question.wanted[0].name)
        return False
    is_steady = question.at == "steady" and question.measure is None
    return is_steady or is_wanted or margin is not None


def checked_settings(given: Mapping[str, Any], row: int, seed: int) -> Settings:
    """How the search goes, with what is usual for a kind of device."""
    gradient = given["gradient"]
    if gradient is not None and gradient not in _GRADIENTS:
        names = ", ".join(f'"{name}"' for name in _GRADIENTS)
        raise ParameterError.of("gradient", f"be {names}, or None to choose", gradient)
    starts, budget = given["starts"], given["budget"]
    tolerance = numbers_of("tolerance", given["tolerance"], "be a positive number below 1")
    if np.ndim(tolerance) or np.iscomplexobj(tolerance) or not 0 < float(tolerance) < 1:
        raise ParameterError.of("tolerance", "be a positive number below 1", given["tolerance"])
    return Settings(
        gradient,
        _STARTS[row] if starts is None else whole_number("starts", starts, 1, _MOST_STARTS),
        seed,
        _BUDGETS[row] if budget is None else whole_number("budget", budget, _LEAST_BUDGET, _MOST_BUDGET),
        float(tolerance),
    )
