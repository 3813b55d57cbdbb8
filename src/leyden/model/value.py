"""What a parameter of a device may be."""

from __future__ import annotations

from typing import Annotated, Any

__all__ = ["Parameter"]

Parameter = Annotated[
    Any,
    "a number; an array of NumPy or JAX, for a batch of devices; an xarray.DataArray, whose dims come back in the "
    "results; or a leyden.pulse, where it may change in time",
]
"""A number, an array, a DataArray or, where it may change in time, a pulse; no type checker tells them apart."""
