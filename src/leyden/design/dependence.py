"""What an optimum depends on: derivatives of the merit by what varies, and of the best merit by what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.design.differences import differences
from leyden.design.landscape import Landscape
from leyden.design.sampler import SpentError
from leyden.design.search import Local
from leyden.model.catalog import DEVICES
from leyden.model.network import Network
from leyden.runner import Range

__all__ = ["Dependence", "dependence_of", "held_numbers"]

Real = NDArray[np.float64]

# Parameters beside those that vary whose influence is told.
_MOST_HELD = 64
# What of a parameter that does not vary is tried on either side, relative to it, or in its unit where it is zero.
_AROUND = 0.05
# Of the range, on either side, for second derivatives.
_BEND = 1e-3


@dataclass(frozen=True, eq=False)
class Dependence:
    """Derivatives at an optimum, NaN where there are none."""

    merit: float
    optimum: Real  # (n), values of what varies
    slopes: Real  # (n), of the merit
    bends: Real  # (n), second derivatives
    weights: Real  # (c), what of the merit each limit holds back, in units of its own size
    held: Mapping[str, float]
    held_slopes: Real  # of the best merit

    def relative(self, numbers: Real, slopes: Real) -> Real:
        """By what share the merit changes with the logarithm of each parameter."""
        return numbers * slopes / self.merit if self.merit else np.full(len(numbers), np.nan)


def dependence_of(land: Landscape, best: Local, values: Mapping[str, float], held: Mapping[str, float]) -> Dependence:
    """Derivatives at the best place, as far as the budget goes."""
    size, merit = land.space.size, float(best.reached.sample.numbers[0, 0])
    slopes, bends, by_held = np.full(size, np.nan), np.full(size, np.nan), np.full(len(held), np.nan)
    weights = np.zeros(len(land.limits))
    if best.conditions is not None:
        with suppress(SpentError):
            slopes = land.tilt(best.place).numbers[0] / land.space.steps(best.place)
            weights = land.sign * np.hypot(land.scale, merit) * best.conditions.multipliers
            bends = _bends(land, best.place)
            by_held = _held_slopes(land, values, held, weights) if held else by_held
    optimum = np.asarray(list(values.values()))
    return Dependence(merit, optimum, slopes, bends, weights, held, by_held)


def held_numbers(build: Any, fixed: Mapping[str, Any], space: Sequence[str]) -> dict[str, float]:
    """Real parameters that do not vary, with their values: those that are given, defaults, and those of a device."""
    known: dict[str, Any] = {}
    structure: frozenset[str] = frozenset()
    if isinstance(build, Network):
        known = dict(build.parameters) if len(build.modes) + len(build.elements) <= _MOST_HELD else {}
    elif isinstance(build, str):
        entry = DEVICES[build]
        structure = entry.structure
        known = _defaults(entry.build) | dict(entry.reference)
    elif callable(build):
        structure = next((entry.structure for entry in DEVICES.values() if entry.build is build), structure)
        known = _defaults(build)
    found = {
        name: float(value)
        for name, value in {**known, **fixed}.items()
        if isinstance(value, (int, float))
        and not isinstance(value, bool)
        and name not in space
        and name not in structure
        and np.isfinite(value)
    }
    return dict(list(found.items())[:_MOST_HELD])


def _defaults(build: Any) -> dict[str, Any]:
    try:
        return {name: entry.default for name, entry in signature(build).parameters.items()}
    except (TypeError, ValueError):
        return {}


def _ends(value: float) -> Range:
    around = _AROUND * abs(value) if value else _AROUND
    return Range(value - around, value + around)


def _held_slopes(land: Landscape, values: Mapping[str, float], held: Mapping[str, float], weights: Real) -> Real:
    """Derivatives of the best merit by what does not vary: those of the merit, and of the limits that hold it."""
    ranges = {name: _ends(value) for name, value in held.items()}
    sampler = land.sampler

    def numbers(places: Real) -> Real:
        points = {name: one.at(places[:, column]) for column, (name, one) in enumerate(ranges.items())}
        varied = {name: np.full(len(places), value) for name, value in values.items()}
        sample = sampler.sample({**varied, **points})
        return np.column_stack([sample.numbers[:, 0], *(limit.slack(sample) for limit in land.limits)])

    found = differences(numbers, np.full(len(ranges), 0.5), is_costly=land.is_costly)
    slopes = found.slopes / np.asarray([one.stop - one.start for one in ranges.values()])
    # The best merit moves with the merit itself, and with each limit that holds it.
    return slopes[0] + np.where(weights[:, None] != 0, weights[:, None] * slopes[1:], 0.0).sum(axis=0)


def _bends(land: Landscape, place: Real) -> Real:
    """Second derivatives of the merit by each parameter by itself, NaN at bounds."""
    size = len(place)
    beside = [place, *(place + shift * _BEND * edge for edge in np.eye(size) for shift in (-2, -1, 1, 2))]
    known = land.sampler.sample(land.space.values(np.clip(np.asarray(beside), 0.0, 1.0))).numbers[:, 0]
    around = known[1:].reshape(size, 4)
    weights = np.asarray([-1.0, 16.0, 16.0, -1.0])
    bent = (around @ weights - 30.0 * known[0]) / (12 * _BEND**2)
    slope = (around @ np.asarray([1.0, -8.0, 8.0, -1.0])) / (12 * _BEND)
    # Along a logarithmic edge the parameter itself bends.
    edges, bends = land.space.steps(place), land.space.bends(place)
    bent = (bent - slope * bends / edges) / edges**2
    return np.where((place < 2 * _BEND) | (place > 1 - 2 * _BEND), np.nan, bent)
