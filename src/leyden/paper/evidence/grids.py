"""Labelled axes and weights: what the audit's grids are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

__all__ = ["READINGS", "assorted_weights", "axis"]

# The two readings of the paper's weights: normalised, or one each.
READINGS = {"p_a^2 + p_b^2 = 1": 2**-0.5, "p_a = p_b = 1": 1.0}
# Weights p_a, p_b of all sorts: equal, unequal, and with phases.
ASSORTED = {
    "equal, normalised": (2**-0.5, 2**-0.5),
    "equal, one each": (1.0, 1.0),
    "unequal": (0.6, 0.8),
    "complex": (0.3 * np.exp(0.7j), 1.1j),
}


def axis(name: str, values: Any) -> xr.DataArray:
    """A parameter over its own dim."""
    numbers = np.asarray(values, dtype=float)
    return xr.DataArray(numbers, {name: numbers}, (name,), name)


def assorted_weights() -> tuple[xr.DataArray, xr.DataArray]:
    """Weights p_a and p_b of all sorts, over the dim `weights`."""
    charger, battery = (np.array(weights, dtype=complex) for weights in zip(*ASSORTED.values(), strict=True))
    names = {"weights": list(ASSORTED)}
    return xr.DataArray(charger, names, ("weights",)), xr.DataArray(battery, names, ("weights",))
