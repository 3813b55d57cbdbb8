"""The parameters of the figures, once. They are OURS: those of the paper's figures could not be had.

They are chosen so that the regimes that the paper's prose describes occur. Rates are in units of Gamma.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from leyden.quantities import QUANTITIES

__all__ = [
    "DAMPING",
    "DAMPINGS",
    "DETUNING",
    "DRIVE",
    "DRIVES",
    "FIXED",
    "MAP_BATTERY_DAMPINGS",
    "MAP_DAMPING_RATIOS",
    "MAP_DRIVE",
    "MAP_WEIGHT_RATIOS",
    "NOTE",
    "PHASE",
    "SHARED_RATE",
    "TIMES",
    "WEIGHT",
    "labelled",
]

NOTE = (
    "The parameters are ours: those of the paper's figures could not be had. They were chosen so that the regimes "
    "described in the paper's text occur."
)

# The device of figures 1 to 5.
SHARED_RATE = 1.0
WEIGHT = 2**-0.5
DETUNING = 0.0
PHASE = 0.0

# Written into every data file, beside what varies.
FIXED: dict[str, Any] = {
    "shared_rate": SHARED_RATE,
    "charger_weight": WEIGHT,
    "battery_weight": WEIGHT,
    "detuning": DETUNING,
    "phase": PHASE,
    "occupation": 0.0,
    "coupling": "nonreciprocal",
    "initial_state": "vacuum",
    "rate_unit": "Gamma",
}

# Figures 2 to 5: a family of dampings at one drive, and a family of drives at one damping (threshold 0.15).
DRIVE = 0.05
DAMPINGS = (0.01, 0.05, 0.1, 0.15, 0.2)
DAMPING = 0.1
DRIVES = (0.02, 0.05, 0.08, 0.10, 0.12)

# Time grids, by the parameter that forms the family: long enough for its slowest member to settle on the page.
TIMES: dict[str, NDArray[np.float64]] = {"damping": np.linspace(0.0, 40.0, 401), "drive": np.linspace(0.0, 60.0, 601)}

# Figure 6: steady states over eta = kappa_a/kappa_b and xi = p_a/p_b, with p_a^2 + p_b^2 = 1.
MAP_DRIVE = 0.05
MAP_BATTERY_DAMPINGS = (1.0, 0.1)
MAP_DAMPING_RATIOS = np.linspace(1.0, 5.0, 161)
MAP_WEIGHT_RATIOS = np.linspace(0.2, 3.0, 141)


def labelled(name: str, values: Any) -> xr.DataArray:
    """A parameter over its own dim, with the symbol and unit that axes and legends show."""
    numbers = np.asarray(values, dtype=float)
    attributes = QUANTITIES[name].attributes()
    return xr.DataArray(numbers, {name: (name, numbers, attributes)}, (name,), name, attributes)
