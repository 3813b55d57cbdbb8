"""The figures of the paper, one file each: data for every panel, a drawing, a caption."""

from __future__ import annotations

from leyden.paper.figures.figure_1 import FIGURE_1
from leyden.paper.figures.figure_2 import FIGURE_2
from leyden.paper.figures.figure_3 import FIGURE_3
from leyden.paper.figures.figure_4 import FIGURE_4
from leyden.paper.figures.figure_5 import FIGURE_5
from leyden.paper.figures.figure_6 import FIGURE_6
from leyden.paper.figures.record import Arrangement as Arrangement
from leyden.paper.figures.record import PaperFigure as PaperFigure

__all__ = ["FIGURES", "Arrangement", "PaperFigure"]

FIGURES: tuple[PaperFigure, ...] = (FIGURE_1, FIGURE_2, FIGURE_3, FIGURE_4, FIGURE_5, FIGURE_6)
