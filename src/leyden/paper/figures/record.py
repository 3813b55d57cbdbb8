"""What a figure of the paper is: data for each panel, a drawing, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import xarray as xr
from matplotlib.figure import Figure

__all__ = ["Arrangement", "Panels", "PaperFigure"]

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
