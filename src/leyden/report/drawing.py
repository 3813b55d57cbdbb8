"""What a picture of a report is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NARROW", "PAGE", "Drawing"]

# Inches: a page, a telephone.
PAGE, NARROW = 7.0, 3.6


@dataclass(frozen=True)
class Drawing:
    """A picture, for a page and for a telephone."""

    stem: str  # of its files
    title: str
    caption: str
    description: str
    page: Figure
    narrow: Figure | None = None
    size: Literal["small", "medium", "full"] = "full"
