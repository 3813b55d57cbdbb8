"""What to say where nothing is allowed within the bounds."""

from __future__ import annotations

import numpy as np

from leyden.design.landscape import MARGIN, Ground, Landscape
from leyden.errors import LeydenError, ParameterError, UnstableError

__all__ = ["nothing_allowed"]

_MOST_NUMBERS = 3


def nothing_allowed(land: Landscape, least: Ground) -> LeydenError:
    """The error of a search that has found no device to begin with."""
    sampler = land.sampler
    tried = sampler.evaluations
    where = _numbers(land, least)
    abscissa = float(least.sample.abscissa[0])
    numbers = [limit for limit in land.limits if limit.name == MARGIN]
    if numbers and np.isfinite(abscissa) and numbers[0].slack(least.sample)[0] < 0:
        remedy = "Take weaker drives, more damping or a smaller margin."
        kept = "a steady state" if abscissa >= 0 else f"a margin of {-numbers[0].bound:.3g}"
        found = f"nearest is {where}, with an abscissa of {abscissa:.3g}"
        words = f"allow {kept} somewhere, but at {tried} points none has one; {found}"
        return UnstableError(f"Argument `bounds` must {words}. {remedy}", spectral_abscissa=abscissa, remedy=remedy)
    if np.isfinite(least.sample.numbers[0, 0]):
        worst = land.limits[int(np.argmin(np.nan_to_num(least.slacks[0], nan=-np.inf)))]
        value = float(worst.numbers_of(least.sample)[0])
        allowed = "be met somewhere within the bounds"
        found = f"of {tried} points none has {worst.label}: nearest is {value:.6g} at {where}"
        sentence = f"Argument `constraints` must {allowed}, but {found}."
        return ParameterError(sentence, name="constraints", value=value, allowed=allowed)
    if sampler.failures:
        (words, count), *_ = sampler.failures.most_common(1)
        allowed = "make devices that have a merit"
        sentence = f"Argument `build` must {allowed}, but of {tried} points none has one; {count} times: {words}"
        error = ParameterError(sentence, name="build", value=words, allowed=allowed)
        error.__cause__ = sampler.first_error
        return error
    name = sampler.question.wanted[0].name
    allowed = "be a number somewhere within the bounds"
    sentence = f"Argument `merit` must {allowed}, but {name} is NaN at {tried} points."
    return ParameterError(sentence, name="merit", value=name, allowed=allowed)


def _numbers(land: Landscape, least: Ground) -> str:
    values = land.space.values(least.places)
    words = [f"{name} = {along[0]:.4g}" for name, along in list(values.items())[:_MOST_NUMBERS]]
    return ", ".join(words) + (", ..." if len(values) > _MOST_NUMBERS else "")
