"""Axes that a plot draws into: those that it is given, or new ones in the look of a publication."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from matplotlib.axes import Axes

from leyden.plots.style import Sheet, publication

__all__ = ["axes_or_own"]


@contextmanager
def axes_or_own(ax: Axes | None, width: float, height: float, *, is_bare: bool = False) -> Generator[Axes]:
    """The axes given, in the look that their figure has; without them new ones of pyplot, which notebooks show."""
    if ax is not None:
        yield ax
        return
    from matplotlib import pyplot

    with publication():
        options: dict[str, Any] = {} if is_bare else {"layout": "constrained"}
        figure = pyplot.figure(figsize=(width, height), FigureClass=Sheet, **options)
        yield figure.add_axes((0.0, 0.0, 1.0, 1.0)) if is_bare else figure.subplots()
