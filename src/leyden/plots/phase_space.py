"""Phase space: a Wigner function over x and p, in colours that tell its sign."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, number
from leyden.plots.own import axes_or_own

__all__ = ["draw_wigner", "wigner"]

_WIDTH, _HEIGHT = 3.6, 2.9


def draw_wigner(
    figure: FigureBase, axes: Axes, values: xr.DataArray, *, palette: str = "RdBu_r", limit: float | None = None
) -> Any:
    """Draw a Wigner function over phase space, x across and p up, on one scale.

    Parameters
    ----------
    figure : FigureBase
        Of the axes.
    axes : Axes
        Drawn into; labelled with the symbols of the quadratures.
    values : DataArray
        Over the dims `x` and `p`, as `leyden.states.wigner` gives it.
    palette : str
        Name of a diverging colour map of matplotlib. Its middle is zero: by default blue is negative, red
        positive, and what is nearly white nothing.
    limit : float or None
        Size at which the colours end; None takes the largest of the values.

    Returns
    -------
    Colorbar
        Labelled with the symbol of the variable, from minus to plus the limit.

    Raises
    ------
    ParameterError
        If the variable does not have exactly these two dims, or no finite value, or the limit is not positive.
    """
    if limit is not None and not 0 < limit < np.inf:
        raise ParameterError.of("limit", "be positive and finite", limit)
    if set(values.dims) != {"x", "p"}:
        raise ParameterError.of("values", "have the dims 'x' and 'p'", values.dims, "Select one state of a batch.")
    ordered = values.transpose("p", "x")
    finite = np.abs(ordered.values[np.isfinite(ordered.values)])
    if finite.size == 0:
        raise ParameterError.of("values", "have at least one finite value", "none")
    top = float(finite.max()) or 1.0 if limit is None else float(limit)
    x, p = ordered["x"].values, ordered["p"].values
    # The mesh alone becomes pixels in a vector file.
    norm = Normalize(-top, top)
    mesh = axes.pcolormesh(x, p, ordered.values, shading="gouraud", cmap=palette, norm=norm, rasterized=True)
    axes.set_xlim(x.min(), x.max())
    axes.set_ylim(p.min(), p.max())
    axes.set_aspect("equal")
    axes.set_xlabel(axis_label(attributes_of(values["x"])))
    axes.set_ylabel(axis_label(attributes_of(values["p"])))
    # A bar beside the axes themselves: one of its own place would be taller than axes of equal scales.
    bar = figure.colorbar(mesh, cax=axes.inset_axes((1.04, 0.0, 0.05, 1.0)))
    bar.set_label(axis_label(attributes_of(values)))
    ticks = [float(tick) for tick in MaxNLocator(nbins=6, symmetric=True).tick_values(-top, top) if abs(tick) <= top]
    bar.set_ticks(ticks, labels=[number(tick).replace("-", "\N{MINUS SIGN}") for tick in ticks])
    bar.minorticks_off()
    return bar


def wigner(
    values: xr.DataArray, *, palette: str = "RdBu_r", limit: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a Wigner function over phase space, x across and p up, on one scale.

    Parameters
    ----------
    values : DataArray
        Over the dims `x` and `p`, as `leyden.states.wigner` gives it.
    palette : str
        Name of a diverging colour map of matplotlib, whose middle is zero: by default blue is negative, red positive.
    limit : float or None
        Size at which the colours end, the same for all frames of a movie; None takes the largest of the values.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        Its colour bar is `ax.collections[0].colorbar`, from minus to plus the limit. It stands outside of the axes: a
        figure of one's own wants ``layout="constrained"``. ``ax.clear()`` takes it away with the rest.

    Raises
    ------
    ParameterError
        If the variable does not have exactly these two dims, or no finite value, or the limit is not positive.

    Examples
    --------
    >>> import leyden as ly
    >>> import numpy as np
    >>> x = np.linspace(-3, 3, 61)
    >>> ax = ly.plots.wigner(ly.states.wigner(ly.states.vacuum(1), x, x))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('$x$', '$p$')
    """
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        figure = axes.get_figure()
        if figure is None:
            raise ParameterError.of("ax", "belong to a figure", ax)
        draw_wigner(figure, axes, values, palette=palette, limit=limit)
        return axes
