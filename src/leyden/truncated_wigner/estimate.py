"""From sums over groups of trajectories to what devices are worth, with an error bar beside each estimate."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.model.network import Network
from leyden.results import missing_values, rows_of, totals_of, with_ratios, without_state_rows
from leyden.results.values import evaluated
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["estimates", "missing_estimates", "with_errors"]

Real = NDArray[np.float64]


def _leaving_one_out(sums: Real, members: NDArray[np.int64]) -> Real:
    """Means over all groups, and over all but each of them in turn (1 + groups, ...), from sums (groups, ...)."""
    total, count = np.sum(sums, axis=0), int(np.sum(members))
    others = (count - members).reshape(-1, *(1,) * (sums.ndim - 1))
    return np.concatenate([(total / count)[None], (total - sums) / others])


def _rows(where: str, mean: Real, frequency: Any) -> dict[str, Any]:
    """Rows of one mode, or of some, from means of its moments (..., 7)."""
    x, p, xx, pp, xp, fourth, rate = np.moveaxis(mean, -1, 0)
    quanta = (xx + pp) / 2
    shift = (x * x + p * p) / 2
    own = np.stack([quanta - 0.5 - shift, (xx - pp - x * x + p * p) / 2, xp - x * p], axis=-1)[..., None, :]
    # Scatter may leave fewer quanta than the squeezing asks for, n (n + 1) >= |m|^2.
    size = np.hypot(own[..., 1], own[..., 2])
    own[..., 0] = np.maximum(own[..., 0], size * (size / (0.5 + np.hypot(0.5, size))))
    nothing = np.zeros((*x.shape, 2, 2))
    state = GaussianState.holding(np.stack([x, p], axis=-1), nothing, own)
    rates = MomentRates(np.zeros((*x.shape, 2)), nothing, np.stack([rate, 0 * rate, 0 * rate], axis=-1)[..., None, :])
    values = evaluated(rows_of(where), state, rates, 0, frequency)
    # What is a mean of trajectories is given as it is, below nothing too, where scatter leaves it there.
    values["charger_energy" if where == "charger" else "stored_energy"] = frequency * (quanta - 0.5)
    if where == "battery":
        values["number_variance"] = fourth - quanta - (quanta - 0.5) ** 2
        values["energy_variance"] = frequency**2 * values["number_variance"]
    return values


def estimates(
    network: Network, sums: Real, members: NDArray[np.int64], work: Real | None, *, is_gaussian: bool
) -> dict[str, Any]:
    """Values and standard errors, from sums (groups, times, N, 7) and of the work of the drives (groups, times)."""
    # Errors are those of the jackknife: estimates from all groups but one in turn, which covers ratios and ergotropies.
    means = _leaving_one_out(sums, members)
    charger = network.position(network.charger)
    frequencies = np.asarray(network.frequencies, dtype=np.float64)
    places = [network.position(name) for name in network.batteries]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = _rows("charger", means[:, :, charger], float(frequencies[charger]))
        if network.lists_batteries:
            own = np.moveaxis(means[:, :, places], 2, 1)
            values |= _rows("battery", own, frequencies[places][:, None])
            values |= totals_of(values, 1)
        else:
            values |= _rows("battery", means[:, :, places[0]], float(frequencies[places[0]]))
        if not is_gaussian:
            kept = {name: value for name, value in values.items() if "_variance" in name}
            values = without_state_rows(values) | kept
        if work is not None:
            values["drive_work"] = _leaving_one_out(work, members)
        return with_errors(with_ratios(values, 1), len(members))


def with_errors(values: dict[str, Any], groups: int) -> dict[str, Any]:
    """Estimates of all groups, and the scatter of those without one of them as errors beside."""
    found = {name: value[0] for name, value in values.items()}
    for name, value in values.items():
        others = value[1:] - np.mean(value[1:], axis=0)
        found[f"{name}_error"] = np.sqrt((groups - 1) / groups * np.sum(others**2, axis=0))
    return found


def missing_estimates(network: Network) -> dict[str, Any]:
    """NaN for all of it, of a device without a steady state."""
    values = with_ratios(missing_values(network), 0)
    return values | {f"{name}_error": value for name, value in values.items()}
