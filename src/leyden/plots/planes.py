"""One variable over two parameters, with what has no steady state and the threshold's curve."""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes

from leyden.errors import ParameterError
from leyden.plots.maps import draw_map, mark_missing
from leyden.plots.own import axes_or_own

__all__ = ["map"]

_WIDTH, _HEIGHT = 4.0, 3.1


def map(
    values: xr.DataArray,
    *,
    x: str | None = None,
    y: str | None = None,
    threshold: xr.DataArray | None = None,
    label: str = "no steady state",
    palette: str = "viridis",
    ax: Axes | None = None,
) -> Axes:
    """Draw a variable over two parameters in colours, with contours and a labelled colour bar.

    Parameters
    ----------
    values : DataArray
        Of two dims, numbers of the parameters as their coordinates; NaN stays white.
    x, y : str or None
        Dims of the horizontal and the vertical axis; by default the first and the second one.
    threshold : DataArray or None
        Over the same dims: `is_stable` of the same Dataset, or a number such as `spectral_abscissa` of
        `leyden.stability` that is not negative where there is no steady state, whose zero line is then the exact curve.
        That region is hatched, and its edge drawn.
    label : str
        What the hatched region is, for the legend.
    palette : str
        Name of a colour map of matplotlib.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        Its colour bar is `ax.collections[0].colorbar`. Colours are spaced by factors where all values are positive and
        span more than a factor 30.

    Raises
    ------
    ParameterError
        If there are not two dims, or no finite value, or the threshold has other dims.

    Examples
    --------
    >>> import leyden as ly
    >>> import numpy as np
    >>> axes = {"drive": np.linspace(0.01, 0.2, 12), "battery_damping": np.linspace(0.02, 0.3, 12)}
    >>> plane = ly.sweep(ly.catalog.two_photon_battery, axes | {"charger_damping": [0.1]}).squeeze("charger_damping")
    >>> ax = ly.plots.map(plane.ergotropy, threshold=plane.is_stable)
    >>> ax.get_legend().get_texts()[0].get_text()
    'no steady state'
    """
    if len(values.dims) != 2:
        raise ParameterError.of("values", "have two dims", [*map_names(values)], "Select along the others.")
    first, second = map_names(values)
    across = x if x is not None else (second if y == first else first)
    up = y if y is not None else (second if across == first else first)
    shown = values.sortby([first, second])
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        figure = axes.get_figure()
        if figure is None:
            raise ParameterError.of("ax", "belong to a figure", ax)
        draw_map(figure, axes, shown, across=across, up=up, palette=palette)
        if threshold is not None:
            if set(threshold.dims) != {across, up}:
                raise ParameterError.of("threshold", f"have the dims {across!r} and {up!r}", [*map_names(threshold)])
            # Where only yes and no is known of each point the edge is drawn half-way.
            excess = 0.5 - threshold.astype(float) if threshold.dtype == bool else threshold
            patch = mark_missing(axes, excess.sortby([first, second]), across=across, up=up, label=label)
            if patch is not None:
                axes.legend(handles=[patch], loc="lower right", bbox_to_anchor=(1.0, 1.0))
        return axes


def map_names(values: xr.DataArray) -> list[str]:
    """Names of the dims."""
    return [str(dim) for dim in values.dims]
