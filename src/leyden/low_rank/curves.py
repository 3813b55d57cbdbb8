"""Charging curves of a huge network, of all its batteries: filled in segment by segment, where something happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array
from leyden.low_rank.response import Segment
from leyden.model.network import Network
from leyden.results.table import rows_of
from leyden.results.values import evaluated, totals_of, with_ratios
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["curves_of"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]

# States that are evaluated at once: their merits and all that these take on the way stay in a cache.
_AT_ONCE = 2**14


def curves_of(network: Network, segments: Iterable[Segment], count: int) -> dict[str, Array]:
    """Curves of a single device at so many times, from the states of the modes that something happens to."""
    curves = _Curves(network, count)
    for segment in segments:
        curves.add(segment)
    return curves.finished()


class _Curves:
    """What is known so far; zero, in memory that is not even touched, where nothing has happened."""

    def __init__(self, network: Network, count: int) -> None:
        self.frequencies = np.asarray(network.frequencies, dtype=np.float64)
        self.charger, self.several = network.position(network.charger), network.lists_batteries
        self.places = np.asarray([network.positions[name] for name in network.batteries], dtype=np.intp)
        self.position = np.full(len(self.frequencies), -1, dtype=np.intp)
        self.count, self.done = count, 0
        nothing = GaussianState.holding(mean=np.zeros((1, count, 2)), excess=np.zeros((1, count, 2, 2)))
        rest = MomentRates(nothing.mean, nothing.excess)
        self.vacuum = evaluated(rows_of("battery"), nothing, rest, 0, 1.0)
        self.whole = {name: value[0] for name, value in evaluated(rows_of("charger"), nothing, rest, 0, 1.0).items()}
        self.whole["drive_work"] = np.zeros(count)
        self.own: dict[str, Real] = {}
        self.totals = {name: np.zeros(count) for name in totals_of(self.vacuum, 1)}

    def add(self, segment: Segment) -> None:
        """The next times."""
        self.position[segment.modes] = np.arange(len(segment.modes))
        now = slice(self.done, self.done + len(segment.work))
        self.done = now.stop
        self.whole["drive_work"][now] = segment.work
        if (charger := self.position[self.charger]) >= 0:
            for name, value in _evaluated("charger", segment, charger, self.frequencies[self.charger]).items():
                self.whole[name][now] = value
        touched = np.flatnonzero(self.position[self.places] >= 0)
        step = max(1, _AT_ONCE // len(segment.work))
        for first in range(0, len(touched), step):
            self._add(segment, touched[first : first + step], now)

    def _add(self, segment: Segment, rows: Places, now: slice) -> None:
        """Of some batteries."""
        modes = self.places[rows]
        values = _evaluated("battery", segment, self.position[modes], self.frequencies[modes, None])
        for name, value in totals_of(values, 1).items():
            self.totals[name][now] += value
        for name, value in self._with_ratios(values, now).items():
            self._own(name)[_as_slice(rows), now] = value

    def _own(self, name: str) -> Real:
        """Curves of all batteries, each of which lies together in memory, as it is read."""
        if name not in self.own:
            self.own[name] = np.zeros((len(self.places), self.count))
        return self.own[name]

    def _with_ratios(self, values: Mapping[str, Array], now: slice) -> dict[str, Array]:
        """Values of batteries or of all of them, and their ratios."""
        all_values = with_ratios({**values, **{name: value[now] for name, value in self.whole.items()}}, axes=1)
        return {name: value for name, value in all_values.items() if name not in self.whole}

    def finished(self) -> dict[str, Array]:
        """All curves."""
        always = slice(0, self.count)
        beyond = np.flatnonzero(self.position[self.places] < 0)
        for name, (curve,) in self._with_ratios(self.vacuum, always).items():
            own = self._own(name)
            unlike = np.flatnonzero(curve != 0)  # not numbers
            if len(beyond) and len(unlike):
                some = slice(unlike[0], unlike[-1] + 1)
                own[_as_slice(beyond), some] = curve[some]
        if not self.several:
            return {**self.whole, **{name: value[0] for name, value in self.own.items()}}
        for name, value in totals_of(self.vacuum, 1).items():
            self.totals[name] += len(beyond) * value
        values = {name.removeprefix("total_"): value for name, value in self.totals.items()}
        totals = {f"total_{name}": value for name, value in self._with_ratios(values, always).items()}
        return {**self.whole, **self.own, **totals}


def _evaluated(where: str, segment: Segment, places: Any, frequency: Any) -> dict[str, Array]:
    """Values over the times of a segment, of some of its modes in front."""
    parts = (segment.state.mean, segment.state.excess, segment.rates.mean, segment.rates.excess)
    mean, excess, mean_rate, excess_rate = (np.moveaxis(part[:, places], 0, np.ndim(places)) for part in parts)
    state = GaussianState.holding(mean=mean, excess=excess)
    return evaluated(rows_of(where), state, MomentRates(mean_rate, excess_rate), 0, frequency)


def _as_slice(places: Places) -> Any:
    """Ascending places as a slice where they have no gap."""
    return slice(places[0], places[-1] + 1) if places[-1] - places[0] == len(places) - 1 else places
