"""Values of all rows, from the states of the modes: for each battery, in total, and their ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from leyden import merit
from leyden.arrays import Array, is_numpy, namespace_of
from leyden.model.network import Network
from leyden.results.table import Merit, is_per_battery, merits, rows_of
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import of_modes
from leyden.states.rates import MomentRates
from leyden.states.uncertainty import within_uncertainty

__all__ = [
    "evaluated",
    "missing_values",
    "totals_of",
    "values_of",
    "values_of_modes",
    "with_ratios",
    "without_state_rows",
]


def evaluated(
    rows: Iterable[Merit], state: GaussianState, rates: MomentRates, mode: int, frequency: Any
) -> dict[str, Array]:
    """Values of some rows, from the moments of a mode."""
    known: dict[Callable[..., Any], Any] = {}
    values: dict[str, Array] = {}
    for row in rows:
        function: Any = row.of
        if function not in known:
            given = (state, rates) if row.asks == "rates" else (state,)
            known[function] = function(*given, mode, frequency)
        values[row.name] = known[function] if row.part is None else known[function][row.part]
    return values


def values_of(
    network: Network,
    state: GaussianState,
    rates: MomentRates,
    frequencies: Sequence[Any],
    *,
    axes: int,
    lost: Array | None = None,
) -> dict[str, Array]:
    """Values of a device, or of a batch, from the state of all its modes; `axes` is 1 with a time axis, else 0."""
    state = within_uncertainty(state)
    places = [network.position(name) for name in network.batteries]
    charger = network.position(network.charger)
    energies = [value if np.ndim(value) == 0 else value[(..., *(None,) * axes)] for value in frequencies]

    def gone(places: Any) -> Array | None:
        """Whether quanta are rounding, as far as that is known better than from their sign."""
        return None if lost is None else lost[..., places, :]

    values = evaluated(rows_of("charger"), state, rates, charger, energies[charger])
    values = _without_lost("charger", values, axes, gone(charger))
    is_listed = network.lists_batteries
    own = of_modes(state, places, axes, is_listed=is_listed)
    changes = of_modes(rates, places, axes, is_listed=is_listed)
    if not is_listed:
        found = evaluated(rows_of("battery"), own, changes, 0, energies[places[0]])
        return values | _without_lost("battery", found, axes, gone(places[0]))
    xp = namespace_of(own.excess, *frequencies)
    quanta = xp.stack(xp.broadcast_arrays(*(xp.asarray(frequencies[place]) for place in places)), axis=-1)
    found = evaluated(rows_of("battery"), own, changes, 0, quanta[(..., *(None,) * axes)])
    values |= _without_lost("battery", found, axes, gone(places))
    return values | totals_of(values, axes)


def _without_lost(where: str, values: dict[str, Array], axes: int, lost: Array | None) -> dict[str, Array]:
    """Curves of a mode, NaN where its energy is lost, or negative: there rounding of larger moments is all there is."""
    energy = values["stored_energy" if where == "battery" else "charger_energy"]
    if not (axes and is_numpy(energy)) or (lost is None and np.min(energy, initial=0.0) >= 0):
        return values
    is_lost = energy < 0 if lost is None else (energy < 0) | lost
    return {name: np.where(is_lost, np.nan, value) for name, value in values.items()}


def values_of_modes(network: Network, state: GaussianState, rates: MomentRates) -> dict[str, Array]:
    """Values of a single device at one time, from the states of its modes one by one, batch shape (N,)."""
    state = within_uncertainty(state)
    frequencies = np.asarray(network.frequencies, dtype=np.float64)

    def of(where: str, places: Any) -> dict[str, Array]:
        digits = None if state.own is None else state.own[places]
        own = GaussianState.holding(mean=state.mean[places], excess=state.excess[places], own=digits)
        changes = MomentRates(rates.mean[places], rates.excess[places])
        return evaluated(rows_of(where), own, changes, 0, frequencies[places])

    values = of("charger", network.position(network.charger))
    batteries = np.asarray([network.positions[name] for name in network.batteries], dtype=np.intp)
    if not network.lists_batteries:
        return values | {name: value.reshape(()) for name, value in of("battery", batteries).items()}
    values |= of("battery", batteries)
    return values | totals_of(values, 0)


def missing_values(network: Network) -> dict[str, Array]:
    """NaN for all that `values_of_modes` gives, of a device without a steady state."""
    own = np.full((len(network.batteries),) if network.lists_batteries else (), np.nan)
    values: dict[str, Array] = {
        row.name: own if row.where == "battery" else np.asarray(np.nan) for row in merits() if row.of is not None
    }
    return values | totals_of(values, 0) if network.lists_batteries else values


def without_state_rows(values: Mapping[str, Array]) -> dict[str, Array]:
    """Values with NaN in place of what moments tell of Gaussian states alone."""
    asking = {name for row in merits() if row.asks_state for name in (row.name, f"total_{row.name}")}
    return {name: value * np.nan if name in asking else value for name, value in values.items()}


def totals_of(values: Mapping[str, Array], axes: int) -> dict[str, Array]:
    """Sums over the batteries, whose axis is followed by so many others."""
    return {
        f"total_{row.name}": namespace_of(values[row.name]).sum(values[row.name], axis=-1 - axes)
        for row in merits()
        if row.is_additive and row.name in values
    }


def with_ratios(values: Mapping[str, Array], axes: int, *, noise: float = 0.0) -> dict[str, Array]:
    """Values, and their ratios beside them; over what does not exceed the noise a ratio is NaN."""
    several = "total_stored_energy" in values
    ratios: dict[str, Array] = {}
    for row in merits():
        if row.ratio is None or not all(name in values for name in row.ratio):
            continue  # a steady state knows nothing of the work that led to it
        above, below = row.ratio
        denominator = _above_noise(values[below], noise)
        if not several:
            ratios[row.name] = merit.ratio(values[above], denominator)
            continue
        is_own = is_per_battery(below)
        each = denominator if is_own else denominator[(..., None, *(slice(None),) * axes)]
        ratios[row.name] = merit.ratio(values[above], each)
        if f"total_{above}" in values:
            whole = _above_noise(values[f"total_{below}"], noise) if is_own else denominator
            ratios[f"total_{row.name}"] = merit.ratio(values[f"total_{above}"], whole)
    return {**values, **ratios}


def _above_noise(values: Array, noise: float) -> Array:
    return np.where(np.abs(values) <= noise, 0.0, values) if noise else values
