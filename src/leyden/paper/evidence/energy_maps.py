"""Steady energies over unequal rates and weights, Fig. 6: eta = kappa_a/kappa_b and xi = p_a/p_b.

eta is varied at fixed kappa_b. xi is read in two ways: p_a^2 + p_b^2 = 1, or p_b = 1. The drive is given in units of
the critical drive at the map's least damped corner, so that the whole map has a steady state.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper import parameters
from leyden.paper.evidence.bench import Build
from leyden.paper.evidence.curves import named
from leyden.paper.evidence.grids import axis

__all__ = ["GRID", "READINGS", "figure_map", "map_of_energies"]

READINGS = ("p_a^2 + p_b^2 = 1", "p_b = 1")
ENERGIES = {"E_B": "stored_energy", "W": "ergotropy"}
GRID = {
    "shared_rate": 1.0,
    "detuning": 0.0,
    "weight_ratio": "0.2 to 3, 141 values",
    "damping_ratio": "1 to 5, 9 values",
    "fraction": "0.01, 0.5, 0.9 of the smallest critical drive on the map",
}


def _weights_of(ratio: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Weights p_a and p_b with a given ratio xi, in both readings."""
    battery = named("weights", {READINGS[0]: (1 + ratio**2) ** -0.5, READINGS[1]: xr.ones_like(ratio)})
    return ratio * battery, battery


@lru_cache(maxsize=4)
def map_of_energies(build: Build) -> xr.DataArray:
    """Steady E_B and W over (quantity, weights, weight_ratio, damping_ratio, battery_damping, fraction)."""
    damping_ratio = axis("damping_ratio", np.linspace(1.0, 5.0, 9))
    weight_ratio = axis("weight_ratio", np.linspace(0.2, 3.0, 141))
    battery_damping = axis("battery_damping", (0.001, 0.01, 0.1, 1.0, 2.0))
    charger, battery = _weights_of(weight_ratio)
    rates = {"battery_damping": battery_damping, "charger_weight": charger, "battery_weight": battery}
    critical = ly.critical_drive(build(drive=0.0, charger_damping=battery_damping * damping_ratio, **rates))
    least = critical.min(["damping_ratio", "weight_ratio"])
    drive = axis("fraction", (0.01, 0.5, 0.9)) * least
    steady = ly.steady_state(build(drive=drive, charger_damping=battery_damping * damping_ratio, **rates))
    return named("quantity", {symbol: steady[name] for symbol, name in ENERGIES.items()})


def figure_map(build: Build, battery_damping: float) -> xr.Dataset:
    """The map of Fig. 6, unstable corner included, on a coarser grid."""
    ratio = axis("weight_ratio", parameters.MAP_WEIGHT_RATIOS[::7])
    charger, battery = (weight.isel(weights=0) for weight in _weights_of(ratio))
    return ly.steady_state(
        build(
            drive=parameters.MAP_DRIVE,
            charger_damping=battery_damping * axis("damping_ratio", parameters.MAP_DAMPING_RATIOS[::8]),
            battery_damping=battery_damping,
            charger_weight=charger,
            battery_weight=battery,
        )
    )
