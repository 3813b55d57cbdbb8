"""The data behind a panel: what it shows, and how that came about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import xarray as xr

import leyden as ly
from leyden.conventions import DESCRIPTION
from leyden.paper import parameters as ours

__all__ = ["panel"]


def panel(
    figure: int, letter: str, values: xr.DataArray, *beside: xr.DataArray, device: str, varied: Mapping[str, Any]
) -> xr.Dataset:
    """A panel's data, and beside it what is marked in it, with provenance in the attributes."""
    data = xr.Dataset({str(variable.name): variable.reset_coords(drop=True) for variable in (values, *beside)})
    return data.assign_attrs(
        title=f"Figure {figure}({letter}): {values.attrs['description']}",
        shows=str(values.name),
        device=device,
        parameters=json.dumps({**ours.FIXED, **varied}),
        parameters_note=ours.NOTE,
        conventions=DESCRIPTION,
        version=ly.__version__,
        source=f"computed with leyden {ly.__version__}",
        references="Xu and Ren, arXiv:2511.12118",
    )
