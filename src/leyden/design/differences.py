"""Derivatives by differences of exact values: fourth order, of several step lengths the best one, inside the bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Slopes", "differences"]

Real = NDArray[np.float64]

# Steps along the edges of the unit cube. The long one suits merits that change over the whole range and results that
# are known to ten digits, the short ones merits that diverge nearby.
_STEPS = (1e-3, 3e-5, 1e-6)
# What rounding leaves of a number, relative to it.
_ROUNDING = 2e-15


@dataclass(frozen=True)
class _Stencil:
    """Places beside the middle, in steps, and their weights for the first derivative by two orders, middle first."""

    places: tuple[int, ...]
    better: tuple[float, ...]
    worse: tuple[float, ...]

    def mirrored(self) -> _Stencil:
        """To the other side."""
        back = tuple(-place for place in self.places)
        return _Stencil(back, tuple(-one for one in self.better), tuple(-one for one in self.worse))


_CENTRAL = _Stencil((1, -1, 2, -2), (0, 2 / 3, -2 / 3, -1 / 12, 1 / 12), (0, 1 / 2, -1 / 2, 0, 0))
_FORWARD = _Stencil((1, 2, 3, 4), (-25 / 12, 4, -3, 4 / 3, -1 / 4), (-11 / 6, 3, -3 / 2, 1 / 3, 0))
_BACKWARD = _FORWARD.mirrored()


@dataclass(frozen=True, eq=False)
class Slopes:
    """Numbers (k) at a point, and their derivatives (k, n) along each coordinate; NaN where there is none."""

    numbers: Real
    slopes: Real
    error: Real  # (k, n), an estimate


@dataclass(frozen=True)
class _Trial:
    """One stencil along one coordinate."""

    column: int
    step: float
    stencil: _Stencil


def differences(values: Callable[[Real], Real], place: Real, *, is_costly: bool = False) -> Slopes:
    """Derivatives of numbers (m, k) of points (m, n) of the unit cube, about one of them (n)."""
    steps = _STEPS[:1] if is_costly else _STEPS
    trials = [_Trial(column, step, _fitting(place[column], step)) for column in range(len(place)) for step in steps]
    first, tried = _tried(values, place, trials, None)
    again: list[_Trial] = []
    for trial, found in zip(trials, tried, strict=True):
        if np.isnan(found[0]).any() and not np.isnan(first).all():
            again += [_Trial(trial.column, trial.step, one) for one in _others(trial, place[trial.column])]
    if again:
        tried += _tried(values, place, again, first)[1]
    slopes = np.full((len(first), len(place)), np.nan)
    errors = np.full((len(first), len(place)), np.inf)
    for trial, (slope, error) in zip([*trials, *again], tried, strict=True):
        is_better = (error < errors[:, trial.column]) & np.isfinite(slope)
        slopes[is_better, trial.column] = slope[is_better]
        errors[is_better, trial.column] = error[is_better]
    return Slopes(first, slopes, errors)


def _fitting(at: float, step: float) -> _Stencil:
    """A stencil that stays within the unit interval."""
    if at + 2 * step > 1:
        return _BACKWARD
    return _FORWARD if at - 2 * step < 0 else _CENTRAL


def _others(trial: _Trial, at: float) -> Sequence[_Stencil]:
    """Stencils to either side, where one has left what is known."""
    sides = [_FORWARD] if at + 4 * trial.step <= 1 else []
    sides += [_BACKWARD] if at - 4 * trial.step >= 0 else []
    return [side for side in sides if side != trial.stencil]


def _tried(
    values: Callable[[Real], Real], place: Real, trials: Sequence[_Trial], middle: Real | None
) -> tuple[Real, list[tuple[Real, Real]]]:
    """Numbers at the point itself, and for each stencil the derivatives with an estimate of their errors."""
    rows = [place] if middle is None else []
    for trial in trials:
        for shift in trial.stencil.places:
            moved = place.copy()
            moved[trial.column] = min(max(moved[trial.column] + shift * trial.step, 0.0), 1.0)
            rows.append(moved)
    found = values(np.asarray(rows))
    here, around = (found[0], found[1:]) if middle is None else (middle, found)
    each = around.reshape(len(trials), -1, len(here))
    return here, [_slope(trial, here, around) for trial, around in zip(trials, each, strict=True)]


def _slope(trial: _Trial, middle: Real, around: Real) -> tuple[Real, Real]:
    with np.errstate(invalid="ignore", over="ignore"):
        every = np.vstack([middle[None], around])
        better = np.tensordot(np.asarray(trial.stencil.better), every, 1) / trial.step
        worse = np.tensordot(np.asarray(trial.stencil.worse), every, 1) / trial.step
        # One order is a factor: how far the two are apart, beside by how much the numbers change at all.
        change = np.max(np.abs(around - middle), axis=0) / trial.step
        apart = np.abs(better - worse)
        truncation = np.where(change > 0, apart**2 / np.where(change > 0, change, 1.0), 0.0)
        rounding = _ROUNDING * np.max(np.abs(every), axis=0) / trial.step
    return better, truncation + rounding
