"""Maps: one variable over two parameters, with a labelled colour bar, contours and the region without a value."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.contour import ContourSet
from matplotlib.figure import FigureBase
from matplotlib.patches import Patch
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, number

__all__ = ["draw_map", "mark_missing", "rim"]

# From this ratio of the largest to the smallest value on, colours and contours are spaced by factors.
_WIDE = 30.0

# Where values run off towards a pole, this share of the points at either end gets the colour of the end.
_TAIL = 0.005

# Labels of contours keep this distance from the frame, as a share of its width or height, and this from each other.
_FRAME, _APART = 0.12, 0.13

# A number lies along its contour, so that sideways it needs only this much; for contours that hug the frame.
_SIDEWAYS = 0.035


def rim(width: float = 1.6) -> list[AbstractPathEffect]:
    """A dark rim that keeps white lines and letters visible on the light end of a colour map.

    Parameters
    ----------
    width : float
        In points, the line's own width included.

    Returns
    -------
    list
        For `set_path_effects`.
    """
    return [withStroke(linewidth=width, foreground="#00000080")]


def _scale(finite: NDArray[np.float64]) -> tuple[Normalize, str, list[float]]:
    """Norm of the colours, where its bar runs on, and round levels for the contours, about seven."""
    whole = float(finite.min()), float(finite.max())
    if whole[0] <= 0 or whole[1] <= _WIDE * whole[0]:
        ticks = MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10]).tick_values(*whole)
        return Normalize(*whole), "neither", [float(level) for level in ticks if whole[0] < level < whole[1]]
    low, high = (float(value) for value in np.quantile(finite, [_TAIL, 1 - _TAIL]))
    # 1, 2, 5 of each decade while those are few, the decades alone for many.
    steps = (1.0, 2.0, 5.0) if high / low < 1e3 else (1.0,)
    levels = LogLocator(subs=steps, numticks=100).tick_values(low, high)
    # A bar runs on only where the colours hide something that a reader would see, not a percent of the range.
    below, above = low > 1.5 * whole[0], high < whole[1] / 1.5
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}.get((below, above), "neither")
    norm = LogNorm(low if below else whole[0], high if above else whole[1])
    return norm, extend, [float(level) for level in levels if whole[0] < level < whole[1]]


def draw_map(
    figure: FigureBase,
    axes: Axes,
    values: xr.DataArray,
    *,
    across: str,
    up: str,
    palette: str = "viridis",
    rate: str | None = None,
) -> Any:
    """Draw a variable over two parameters.

    Parameters
    ----------
    figure : FigureBase
        Gives room for the colour bar.
    axes : Axes
        Drawn into; labelled with the symbols and units of the two parameters.
    values : DataArray
        Over the dims `across` and `up`; NaN stays white (see `mark_missing`).
    across, up : str
        Dims of the horizontal and the vertical axis.
    palette : str
        Name of a colour map of matplotlib.
    rate : str or None
        As `labels.axis_label` takes it.

    Returns
    -------
    Colorbar
        Labelled with the variable's symbol and unit.

    Raises
    ------
    ParameterError
        If the variable does not have exactly these two dims, or no finite value.

    Notes
    -----
    Colours and contours are spaced evenly, or by factors where all values are positive and span more than a factor 30.
    """
    if {across, up} != set(values.dims):
        raise ParameterError.of("values", f"have the dims {across!r} and {up!r}", values.dims)
    ordered = values.transpose(up, across)
    finite = ordered.values[np.isfinite(ordered.values)]
    if finite.size == 0:
        raise ParameterError.of("values", "have at least one finite value", "none")
    norm, extend, levels = _scale(finite)
    x, y = ordered[across].values, ordered[up].values
    # The mesh alone becomes pixels in a vector file: as outlines its cells would show seams and weigh megabytes.
    mesh = axes.pcolormesh(x, y, ordered.values, shading="nearest", cmap=palette, norm=norm, rasterized=True)
    axes.set_xlim(x.min(), x.max())
    axes.set_ylim(y.min(), y.max())
    if levels:
        _draw_contours(axes, x, y, ordered.values, levels)
    axes.set_xlabel(axis_label(attributes_of(values[across]), rate=rate))
    axes.set_ylabel(axis_label(attributes_of(values[up]), rate=rate))
    bar = figure.colorbar(mesh, ax=axes, pad=0.03, extend=extend)
    bar.set_label(axis_label(attributes_of(values), rate=rate))
    # The bar counts in the contours' levels: so it names also those whose line has no room for a number.
    low, high = mesh.get_clim()
    shown = [level for level in levels if low <= level <= high]
    bar.set_ticks(shown, labels=[number(level) for level in shown])
    bar.minorticks_off()
    return bar


def _draw_contours(
    axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], heights: NDArray[np.float64], levels: list[float]
) -> None:
    contours = axes.contour(x, y, np.ma.masked_invalid(heights), levels=levels, colors="white", linewidths=0.8)
    contours.set_path_effects(rim())
    places = _label_places(axes, contours)
    if places:
        for text in axes.clabel(contours, fmt=number, fontsize=7.5, inline_spacing=2, manual=places):
            text.set_path_effects(rim())


def _label_places(axes: Axes, contours: ContourSet) -> list[tuple[float, float]]:
    """One place on each contour for its number: near the middle of the map, away from the frame and from the others."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    low, span = np.array([left, bottom]), np.array([right - left, top - bottom])
    taken: list[NDArray[np.float64]] = []
    for segments in contours.allsegs:
        lines = [(np.asarray(segment) - low) / span for segment in segments if len(segment) > 1]
        vertices = np.concatenate(lines or [np.empty((0, 2))])
        along = np.concatenate([_directions(line) for line in lines] or [np.empty((0, 2))])
        for room in (_FRAME, _SIDEWAYS + (_FRAME - _SIDEWAYS) * np.abs(along)):
            inside = vertices[np.all((vertices > room) & (vertices < 1 - room), axis=-1)]
            free = [vertex for vertex in inside if all(np.hypot(*(vertex - other)) > _APART for other in taken)]
            if free:
                # Higher up than the middle: there contours of a peaked map run apart.
                taken.append(min(free, key=lambda vertex: abs(vertex[1] - 0.6)))
                break
    return [(float(x), float(y)) for x, y in (low + vertex * span for vertex in taken)]


def _directions(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors along a line, one at each of its vertices."""
    steps = np.gradient(line, axis=0)
    return steps / np.maximum(np.hypot(steps[:, :1], steps[:, 1:]), np.finfo(float).tiny)


def mark_missing(axes: Axes, excess: xr.DataArray, *, across: str, up: str, label: str) -> Patch | None:
    """Hatch the region of a map that has no value.

    Parameters
    ----------
    axes : Axes
        The map.
    excess : DataArray
        Over the dims `across` and `up`: not negative where there is no value. Its zero line is the region's edge.
    across, up : str
        Dims of the horizontal and the vertical axis.
    label : str
        What the region is.

    Returns
    -------
    Patch or None
        For a legend, which names the region; None where there is no such region.
    """
    heights = excess.transpose(up, across).values
    if not (heights >= 0).any():
        return None
    x, y = excess[across].values, excess[up].values
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": "#404040", "hatch": "//////"}
    top = float(heights.max()) + 1.0
    region = axes.contourf(x, y, heights, levels=[0.0, top], colors=[look["facecolor"]], hatches=[look["hatch"]])
    region.set_edgecolor(look["edgecolor"])
    region.set_linewidth(0.0)
    axes.contour(x, y, heights, levels=[0.0], colors="black", linewidths=0.8)
    return Patch(label=label, linewidth=0.8, **look)
