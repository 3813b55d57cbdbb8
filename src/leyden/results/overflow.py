"""Energies that leave the number range: when on a curve, and what to say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, is_concrete, to_numpy
from leyden.errors import ParameterError
from leyden.model.network import Network

__all__ = ["bounded_energies", "refuse_lost", "refuse_overflow"]

Real = NDArray[np.float64]

# The end of the number range is told to this share; further runs to find it, and of networks of more modes.
_SHARE, _MOST_RUNS = 0.01, 200
_FEW_MODES, _FEW_RUNS = 24, 10
_HUGE = 1e200
# Times farther apart than this are halved by their digits.
_STRIDE = 100.0


_ENERGIES = ("charger_energy", "stored_energy", "total_stored_energy")


def bounded_energies(network: Network, values: dict[str, Array], *, is_batch: bool) -> dict[str, Array]:
    """Steady values with infinite energies, in a batch, above the number range; there a single device is refused."""
    stable = values["is_stable"]
    if not (is_concrete(stable) and is_concrete(values["stored_energy"])):
        return values
    is_stable = to_numpy(stable)
    beyond: dict[str, Any] = {}
    for name in _ENERGIES:
        if name not in values or np.isfinite(lost := to_numpy(values[name])).all():
            continue
        is_own = name == "stored_energy" and network.lists_batteries
        here = ~np.isfinite(lost) & (is_stable[..., None] if is_own else is_stable)
        if here.any():
            beyond[name] = np.where(here, np.inf, lost)
    if beyond and not is_batch:
        raise ParameterError.of(
            "network",
            "have steady energies within the number range",
            f"{network.name}, stable",
            "Its modes amplify each other beyond 1.8e308 quanta: take fewer of them, or weaken the drives.",
        )
    return values | beyond


def _is_finite(values: Mapping[str, Array]) -> NDArray[np.bool_]:
    """For each time, whether the energies of charger and batteries are numbers."""
    stored = np.atleast_2d(to_numpy(values["stored_energy"]))
    return np.isfinite(to_numpy(values["charger_energy"])) & np.all(np.isfinite(stored), axis=0)


def refuse_lost(network: Network, values: Mapping[str, Array], times: Real) -> None:
    """Refuse times at which the energies of a single device under pulses are none; since when is not sought."""
    if not _is_finite(values).all():
        allowed = f"end before the pulses drive the energies of {network.name!r} out of the number range"
        raise ParameterError.of("times", allowed, float(times[-1]), "Ask for earlier ones, or drive it less.")


def _rounded_down(time: float) -> float:
    """Two digits of a time, not more than it is."""
    if time <= 0:
        return 0.0
    digit = 10.0 ** (floor(log10(time)) - 1)
    return floor(time / digit * (1 + 1e-9)) * digit


def refuse_overflow(
    network: Network,
    values: Mapping[str, Array],
    times: Real,
    curves: Callable[[Real], Mapping[str, Array]],
    initial: Any = None,
) -> None:
    """Refuse times at which the energies of a single device leave the number range; `curves` takes others there."""
    if not is_concrete(values["stored_energy"]):
        return
    finite = _is_finite(values)
    if finite.all():
        return
    first = int(np.argmin(finite))
    low, high = (float(times[first - 1]) if first else 0.0), float(times[first])
    if initial is not None and low == 0.0 and not (first or _is_finite(curves(np.zeros(1)))[0]):
        largest = float(max(np.max(np.abs(to_numpy(part))) for part in (initial.mean, initial.excess)))
        remedy = "Start from a weaker excitation."
        raise ParameterError.of("initial", "have energies within the number range", largest, remedy)
    for _ in range(_MOST_RUNS if len(network.modes) <= _FEW_MODES else _FEW_RUNS):
        if high - low <= _SHARE * high:
            break
        middle = (low + high) / 2
        if low < high / _STRIDE:
            middle = max(low, min(high, 1.0) / _STRIDE) ** 0.5 * high**0.5
        low, high = (middle, high) if _is_finite(curves(np.asarray([middle])))[0] else (low, middle)
    energies = [np.ravel(to_numpy(curves(np.asarray([high]))[name])) for name in ("charger_energy", "stored_energy")]
    found = np.concatenate(energies)
    # What outgrows the number range leaves no mode far behind.
    if np.isfinite(found).any() and np.max(found, initial=0.0, where=np.isfinite(found)) < _HUGE:
        allowed = f"end by {_rounded_down(low):.6g}, before rounding of larger moments is all that is left of a mode"
        raise ParameterError.of(
            "times", allowed, float(times[-1]), "Its rates are too unlike, or it is driven too long."
        )
    who = f"the energies of {network.name!r} outgrow"
    if not bool(values["is_stable"]):
        who = f"the unstable device {network.name!r} outgrows"
    allowed = f"end by {_rounded_down(low):.6g}, before {who} the number range"
    raise ParameterError.of("times", allowed, float(times[-1]))
