"""Merits of a device from its states: for each battery, in total, and their ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leyden import merit
from leyden.arrays import Array, namespace_of
from leyden.model.network import Network
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import of_modes
from leyden.states.rates import MomentRates
from leyden.states.uncertainty import within_uncertainty

__all__ = ["WHOLE", "battery_merits", "local_merits", "merits_of", "missing_merits", "totals_of", "with_ratios"]

_ADDITIVE = ("stored_energy", "passive_energy", "ergotropy", "charging_power")
_RATIOS = {
    "utilization_ratio": ("ergotropy", "stored_energy"),
    "conversion_ratio": ("ergotropy", "charger_energy"),
    "transfer_ratio": ("stored_energy", "charger_energy"),
    "charging_efficiency": ("ergotropy", "drive_work"),
}
# One value for the whole device, whatever the number of batteries.
WHOLE = ("charger_energy", "drive_work", "is_stable")


def merits_of(
    network: Network, state: GaussianState, rates: MomentRates, frequencies: Sequence[Any], axes: int
) -> dict[str, Array]:
    """Energies, ergotropy and power of a device, from the state of all its modes.

    Parameters
    ----------
    network : Network
        With plain parameters.
    state : GaussianState
        Batch shape (..., t) with the time axis, else (...).
    rates : MomentRates
        Its rates of change.
    frequencies : sequence of float or array
        Energy of one quantum of each mode, of the same part of the batch as the state.
    axes : int
        Axes behind the batch axes of the parameters: 1 with time, else 0.

    Returns
    -------
    dict of str to array
        For a sequence of batteries with an axis for them before that of time, and totals.
    """
    state = within_uncertainty(state)
    places = [network.position(name) for name in network.batteries]
    charger = network.position(network.charger)
    energies = [value if np.ndim(value) == 0 else value[(..., *(None,) * axes)] for value in frequencies]
    merits: dict[str, Array] = {"charger_energy": merit.energy(state, charger, energies[charger])}
    is_listed = network.lists_batteries
    own = of_modes(state, places, axes, is_listed=is_listed)
    changes = of_modes(rates, places, axes, is_listed=is_listed)
    if not is_listed:
        return merits | battery_merits(own, changes, energies[places[0]])
    xp = namespace_of(own.excess, *frequencies)
    quanta = xp.stack(xp.broadcast_arrays(*(xp.asarray(frequencies[place]) for place in places)), axis=-1)
    merits |= battery_merits(own, changes, quanta[(..., *(None,) * axes)])
    return merits | totals_of(merits, axes)


def totals_of(merits: Mapping[str, Array], axes: int) -> dict[str, Array]:
    """Sums over the batteries.

    Parameters
    ----------
    merits : mapping of str to array
        With an axis for the batteries.
    axes : int
        Axes behind that: 1 with time, else 0.

    Returns
    -------
    dict of str to array
        By their names with `total_` in front.
    """
    return {f"total_{name}": namespace_of(merits[name]).sum(merits[name], axis=-1 - axes) for name in _ADDITIVE}


def local_merits(network: Network, state: GaussianState, rates: MomentRates) -> dict[str, Array]:
    """Energies, ergotropy and power of a single device, from the states of its modes one by one.

    Parameters
    ----------
    network : Network
        Of numbers.
    state : GaussianState
        Batch shape (N,), one mode each.
    rates : MomentRates
        Their rates of change.

    Returns
    -------
    dict of str to array
        As from `merits_of`, at one time.
    """
    state = within_uncertainty(state)
    frequencies = np.asarray(network.frequencies, dtype=np.float64)
    charger = network.position(network.charger)
    places = np.asarray([network.positions[name] for name in network.batteries], dtype=np.intp)
    digits = None if state.own is None else state.own[places]
    own = GaussianState.holding(mean=state.mean[places], excess=state.excess[places], own=digits)
    changes = MomentRates(rates.mean[places], rates.excess[places])
    merits: dict[str, Array] = {"charger_energy": merit.energy(state, 0, frequencies)[charger]}
    merits |= battery_merits(own, changes, frequencies[places])
    if network.lists_batteries:
        return merits | totals_of(merits, 0)
    return {name: value.reshape(()) if value.ndim else value for name, value in merits.items()}


def battery_merits(state: GaussianState, rates: MomentRates, frequencies: Any) -> dict[str, Array]:
    """Energies, ergotropy and power of modes one by one.

    Parameters
    ----------
    state : GaussianState
        One mode each, batch shape (...).
    rates : MomentRates
        Its rates of change.
    frequencies : array, shape (...)
        Energy of one quantum of each mode.

    Returns
    -------
    dict of str to array, shape (...)
    """
    work, passive = merit.ergotropy_and_passive_energy(state, 0, frequencies)
    return {
        "stored_energy": merit.energy(state, 0, frequencies),
        "passive_energy": passive,
        "ergotropy": work,
        "charging_power": merit.power(state, rates, 0, frequencies),
    }


def missing_merits(network: Network) -> dict[str, Array]:
    """NaN for all that `local_merits` gives.

    Parameters
    ----------
    network : Network
        A device without a steady state.

    Returns
    -------
    dict of str to array
    """
    own = np.full((len(network.batteries),) if network.lists_batteries else (), np.nan)
    merits: dict[str, Array] = {"charger_energy": np.asarray(np.nan), **dict.fromkeys(_ADDITIVE, own)}
    return merits | totals_of(merits, 0) if network.lists_batteries else merits


def with_ratios(merits: Mapping[str, Array], axes: int) -> dict[str, Array]:
    """Merits, and their ratios beside them.

    Parameters
    ----------
    merits : mapping of str to array
        From `merits_of`, and `drive_work` where it is known.
    axes : int
        1 with a time axis, else 0.

    Returns
    -------
    dict of str to array
        For several batteries with ratios of totals, too.
    """
    several = "total_stored_energy" in merits
    ratios: dict[str, Array] = {}
    for name, (above, below) in _RATIOS.items():
        if below not in merits:  # a steady state knows nothing of the work that led to it
            continue
        denominator = merits[below]
        if several and below in WHOLE:
            denominator = denominator[..., None] if axes == 0 else denominator[..., None, :]
        ratios[name] = merit.ratio(merits[above], denominator)
        if several:
            whole = merits[below] if below in WHOLE else merits[f"total_{below}"]
            ratios[f"total_{name}"] = merit.ratio(merits[f"total_{above}"], whole)
    return {**merits, **ratios}
