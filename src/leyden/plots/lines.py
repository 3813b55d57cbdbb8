"""Families of curves: one variable along one dim, one curve for each value of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, number
from leyden.plots.style import sequence

__all__ = ["draw_decades", "draw_family", "family_legend", "few_of", "panel_letter", "value_of"]

# Curves of a family, as many as one tells apart.
_MOST = 9


def few_of(values: xr.DataArray, over: str) -> NDArray[np.intp]:
    """Indices of at most nine values of a parameter, evenly spread: as many curves as one tells apart."""
    size = values.sizes[over]
    return np.unique(np.linspace(0, size - 1, min(size, _MOST)).round().astype(int))


def value_of(parameter: xr.DataArray, place: int) -> str:
    """A value of a parameter in words, or its label where it is no number."""
    value = parameter.values[place]
    return number(value) if parameter.dtype.kind in "if" else str(value).replace("$", r"\$")


def draw_family(
    axes: Axes,
    curves: xr.DataArray,
    *,
    along: str,
    over: str,
    palette: str = "viridis",
    rate: str | None = None,
) -> list[Line2D]:
    """Draw one curve for each value of a parameter, dark for the first and light for the last.

    Parameters
    ----------
    axes : Axes
        Drawn into; labelled with the symbols and units of the two variables.
    curves : DataArray
        Over the dims `along` and `over`; NaN leaves a gap.
    along : str
        Dim of the horizontal axis.
    over : str
        Dim of the family.
    palette : str
        As `style.sequence` names it.
    rate : str or None
        As `labels.axis_label` takes it.

    Returns
    -------
    list of Line2D
        The curves, each labelled with its parameter's value.

    Raises
    ------
    ParameterError
        If the variable does not have exactly these two dims.
    """
    if {along, over} != set(curves.dims):
        raise ParameterError.of("curves", f"have the dims {along!r} and {over!r}", curves.dims)
    lines: list[Line2D] = []
    for place, colour in enumerate(sequence(curves.sizes[over], palette)):
        curve = curves.isel({over: place})
        lines += axes.plot(curve[along].values, curve.values, color=colour, label=value_of(curves[over], place))
    axes.set_xlabel(axis_label(attributes_of(curves[along]), rate=rate))
    axes.set_ylabel(axis_label(attributes_of(curves), rate=rate))
    return lines


def family_legend(
    target: Axes | FigureBase,
    lines: Sequence[Line2D],
    parameter: xr.DataArray,
    *,
    rate: str | None = None,
    **place: Any,
) -> None:
    """Name the curves of a family on one line: the parameter first, then its values.

    Parameters
    ----------
    target : Axes or FigureBase
        What the legend belongs to; for a figure, `loc="outside upper center"` keeps it off every curve.
    lines : sequence of Line2D
        As `draw_family` returns them.
    parameter : DataArray
        The coordinate of the family's dim.
    rate : str or None
        As `labels.axis_label` takes it.
    **place
        Handed on to matplotlib's `legend`, for example `loc`.
    """
    title = Line2D([], [], linestyle="none", label=f"{axis_label(attributes_of(parameter), rate=rate)}$\\,=$")
    options: dict[str, Any] = {"ncols": len(lines) + 1} | place
    target.legend(handles=[title, *lines], **options)


def panel_letter(axes: Axes, letter: str) -> None:
    """Put a panel's letter above its left edge, where no curve can be.

    Parameters
    ----------
    axes : Axes
        The panel.
    letter : str
        Without brackets.
    """
    # A given height spares matplotlib the search for a free one, which takes a quarter of the whole drawing.
    axes.set_title(f"({letter})", loc="left", y=1.0)


def mark_points(axes: Axes, x: Any, y: Any) -> None:
    """Mark places on curves with small open circles in the curves' order of drawing.

    Parameters
    ----------
    axes : Axes
        Holds the curves already.
    x, y : array, shape (n,)
        One place for each of the first n curves; takes its colour.
    """
    for line, across, up in zip(axes.get_lines(), x, y, strict=False):
        axes.plot(across, up, "o", color=line.get_color(), markersize=3.6, markerfacecolor="white", zorder=3)


def _decade(value: float, _position: int | None) -> str:
    return number(value)


def draw_decades(axes: Axes, bottom: float, top: float) -> None:
    """Give the vertical axis a logarithmic scale, with the decades written out.

    Parameters
    ----------
    axes : Axes
        Holds curves that are positive somewhere in the range.
    bottom, top : float
        The range, positive.
    """
    axes.set_yscale("log")
    axes.set_ylim(bottom, top)
    axes.yaxis.set_major_formatter(FuncFormatter(_decade))
    axes.yaxis.set_minor_formatter(NullFormatter())
