"""Values of a device from its density matrices: by functions of these, or of their moments where those tell all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.frame import Frame
from leyden.fock.generator import Generator
from leyden.fock.operators import annihilators, own_levels
from leyden.model.network import Network
from leyden.results.table import Merit, rows_of
from leyden.results.values import evaluated
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates
from leyden.truncation.cutoff import Solution

__all__ = ["observe"]

Complex = NDArray[np.complex128]


def _ladder(cutoff: tuple[int, ...], place: int, frame: Frame | None) -> list[Any]:
    """a, a^2 and a^dag a of a mode on the whole space."""
    lower = (annihilators(cutoff) if frame is None else frame.lowering(cutoff))[place]
    return [lower, lower @ lower, lower.dag() @ lower]


def _moments(matrix: Complex) -> list[complex]:
    """<a>, <a^2> and <a^dag a> of a mode's own state."""
    levels = np.arange(len(matrix))
    root = np.sqrt(levels)
    first = np.diagonal(matrix, -1) @ root[1:]
    second = np.diagonal(matrix, -2) @ (root[2:] * root[1:-1])
    return [complex(first), complex(second), complex(np.diagonal(matrix) @ levels)]


class _Mode:
    """A mode in one of its roles, along a sequence of states."""

    def __init__(
        self, rows: list[Merit], place: int, generator: Generator, cutoff: tuple[int, ...], frame: Frame | None
    ) -> None:
        self.place, self.frame = place, frame
        self.by_matrix = {row.name: row.of_matrix for row in rows if row.of_matrix is not None}
        self.by_moments = [row for row in rows if row.of_matrix is None]
        is_moving = any(row.asks == "rates" for row in self.by_moments)
        self.movers = [generator.rate_of(o) for o in _ladder(cutoff, place, frame)] if is_moving else []
        self.values: dict[str, list[float]] = {name: [] for name in self.by_matrix}
        self.moments: list[list[complex]] = []
        self.changes: list[list[complex]] = []

    def look(self, state: Any, time: float) -> None:
        """The next state of the whole device."""
        rho = state.ptrace(self.place).full()
        if self.frame is not None:
            rho = self.frame.in_laboratory(rho, self.place)
        for name, function in self.by_matrix.items():
            self.values[name].append(function(rho, 1.0))
        if self.by_moments:
            self.moments.append(_moments(rho))
            self.changes.append([rate.of(state, time) for rate in self.movers] or [0j] * 3)

    def curves(self) -> dict[str, NDArray[np.float64]]:
        """Values in quanta, shape (t,)."""
        found = {name: np.asarray(values) for name, values in self.values.items()}
        if not self.by_moments:
            return found
        moments, changes = np.asarray(self.moments), np.asarray(self.changes)
        mean, spread, number = moments.T
        mean_rate, spread_rate, number_rate = changes.T
        state = _of_one_mode(mean, spread - mean**2, number - np.abs(mean) ** 2)
        rates = _of_one_mode(
            mean_rate, spread_rate - 2 * mean * mean_rate, number_rate - 2 * (mean.conj() * mean_rate).real
        )
        return found | evaluated(self.by_moments, GaussianState.holding(*state), MomentRates(*rates), 0, 1.0)


def _of_oscillators(curves: dict[str, NDArray[np.float64]], *, is_one: bool) -> dict[str, NDArray[np.float64]]:
    """Values; of a few levels without those that only an oscillator has."""
    return curves if is_one else curves | {"gaussian_ergotropy": np.full_like(curves["stored_energy"], np.nan)}


def _of_one_mode(mean: Complex, squeezing: Complex, number: Complex) -> tuple[Any, Any, Any]:
    """Mean, excess covariance and own digits of a mode, or their rates."""
    n, re, im = number.real, squeezing.real, squeezing.imag
    excess = np.stack([np.stack([n + re, im], axis=-1), np.stack([im, n - re], axis=-1)], axis=-2)
    return np.sqrt(2.0) * np.stack([mean.real, mean.imag], axis=-1), excess, np.stack([n, re, im], axis=-1)[:, None]


def _populations(state: Any, cutoff: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """Population of each level of each mode."""
    joint = np.real(state.diag()).reshape(cutoff)
    modes = range(len(cutoff))
    return [joint.sum(axis=tuple(other for other in modes if other != mode)) for mode in modes]


def observe(
    network: Network,
    generator: Generator,
    cutoff: tuple[int, ...],
    states: Iterable[Any],
    times: Iterable[float],
    *,
    frame: Frame | None = None,
) -> Solution:
    """Values in quanta, of batteries of shape (batteries, t), along a sequence of states that are let go one by one."""

    def looked_at(where: str, name: str) -> _Mode:
        return _Mode(rows_of(where), network.position(name), generator, cutoff, frame)

    charger = looked_at("charger", network.charger)
    batteries = [looked_at("battery", name) for name in network.batteries]
    populations = [np.zeros(levels) for levels in cutoff]
    for state, time in zip(states, times, strict=True):
        found = _populations(state, cutoff)
        populations = [np.maximum(largest, new) for largest, new in zip(populations, found, strict=True)]
        for mode in (charger, *batteries):
            mode.look(state, time)
    levels = own_levels(network)
    own = [_of_oscillators(mode.curves(), is_one=levels[mode.place] is None) for mode in batteries]
    values = charger.curves() | {name: np.stack([each[name] for each in own]) for name in own[0]}
    return Solution(cutoff, values, tuple(populations), own=levels)
