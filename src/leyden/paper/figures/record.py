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
    """A figure of the paper.

    Parameters
    ----------
    number : int
        The paper's.
    title : str
        A short headline.
    panels : callable
        Computes the data of all panels; empty for a figure without data.
    draw : callable
        Takes the panels and an arrangement, returns a matplotlib Figure.
    caption : callable
        Takes the panels, returns what to see; every number in it comes from them.
    description : callable
        Takes the panels, returns a text for those who cannot see the drawing.
    """

    number: int
    title: str
    panels: Callable[[], dict[str, xr.Dataset]]
    draw: Callable[[Panels, Arrangement], Figure]
    caption: Callable[[Panels], str]
    description: Callable[[Panels], str]

    @property
    def stem(self) -> str:
        """Name of its files, without the ending."""
        return f"figure-{self.number}"
