"""What a figure of the paper is: data for each panel, a drawing, words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr
from matplotlib.figure import Figure

import leyden as ly
from leyden.conventions import DESCRIPTION
from leyden.paper import parameters as ours

__all__ = ["Arrangement", "Panels", "PaperFigure", "panel"]

# "page" is the printed figure, two columns wide; "narrow" stacks the panels, for a telephone.
Arrangement = Literal["page", "narrow"]

# A panel's letter -> its data: one variable over labelled dims, with provenance.
Panels = Mapping[str, xr.Dataset]


@dataclass(frozen=True)
class PaperFigure:
    """A figure of the paper."""

    number: int
    title: str
    panels: Callable[[], dict[str, xr.Dataset]]  # data of all panels; empty for a figure without data
    draw: Callable[[Panels, Arrangement], Figure]
    caption: Callable[[Panels], str]  # what to see; every number in it comes from the panels
    description: Callable[[Panels], str]  # a text for those who cannot see the drawing

    @property
    def stem(self) -> str:
        """Name of its files, without the ending."""
        return f"figure-{self.number}"


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
