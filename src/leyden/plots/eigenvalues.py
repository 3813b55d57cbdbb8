"""Eigenvalues of the drift along a parameter, and the points at which they coalesce."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, typeset_unit
from leyden.plots.own import axes_or_own
from leyden.plots.style import QUALITATIVE

__all__ = ["eigenvalue_paths"]

_WIDTH, _HEIGHT = 4.2, 2.9
_PARTS = ("real", "imaginary")
_SYMBOL = {"real": r"$\mathrm{Re}\,\lambda$", "imaginary": r"$\mathrm{Im}\,\lambda$"}


def eigenvalue_paths(
    dataset: xr.Dataset, *, part: str | None = None, points: xr.Dataset | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how the eigenvalues of the drift move with a parameter.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.stability` gives it for a device one of whose parameters is a labelled array of one dim.
    part : str or None
        "real" or "imaginary" draws that part over the parameter; None draws the plane of complex numbers, in colours
        from the first value of the parameter to the last.
    points : Dataset or None
        As `leyden.exceptional_points` gives it for the same device and parameter: a star marks each of them.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        One dot for each eigenvalue at each value: nothing is guessed about which one goes on as which. Growth is
        shaded.

    Raises
    ------
    ParameterError
        If the Dataset has no eigenvalues over one more dim, or there is no such part.

    Examples
    --------
    >>> import leyden as ly
    >>> import numpy as np
    >>> import xarray as xr
    >>> steps = np.linspace(0.0, 0.4, 81)
    >>> couplings = xr.DataArray(steps, dims="coupling", coords={"coupling": steps})
    >>> device = ly.catalog.reciprocal_battery(drive=0.0, charger_damping=0.9, battery_damping=0.1, coupling=couplings)
    >>> address = "CoherentCoupling(charger, battery).strength"
    >>> points = ly.exceptional_points(device.replace(**{address: 0.1}), address, (0.01, 0.4))
    >>> ax = ly.plots.eigenvalue_paths(ly.stability(device), part="real", points=points)
    >>> ax.get_ylabel()
    '$\\\\mathrm{Re}\\\\,\\\\lambda$ (rate unit)'
    """
    values = dataset.get("eigenvalues")
    if values is None or len(values.dims) != 3:
        found = sorted(map(str, dataset.data_vars)) if values is None else list(map(str, values.dims))
        remedy = "Call leyden.stability with one parameter that is a labelled array."
        raise ParameterError.of("dataset", "hold `eigenvalues` over one parameter", found, remedy)
    if part is not None and part not in _PARTS:
        raise ParameterError.of("part", "be 'real', 'imaginary' or None", part)
    (along,) = (str(dim) for dim in values.dims if dim not in ("eigenvalue", "part"))
    ordered = values.transpose(along, "eigenvalue", "part")
    real, imaginary = ordered.sel(part="real").values, ordered.sel(part="imaginary").values
    parameter = ordered[along]
    steps = np.repeat(np.asarray(parameter.values, dtype=float)[:, None], real.shape[1], axis=1)
    unit = f" ({typeset_unit(str(attributes_of(values).get('units', '')))})"
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        dots: dict[str, Any] = {"s": 5.0, "linewidths": 0.0}
        if part is None:
            cloud = axes.scatter(real, imaginary, c=steps, cmap="viridis", zorder=2, **dots)
            figure = axes.get_figure()
            if figure is not None:
                figure.colorbar(cloud, ax=axes, pad=0.02).set_label(axis_label(attributes_of(parameter)))
            axes.margins(0.06)
            _shade(axes.axvspan, *axes.get_xlim())
            axes.set_xlabel(f"{_SYMBOL['real']}{unit}")
            axes.set_ylabel(f"{_SYMBOL['imaginary']}{unit}")
        else:
            shown = real if part == "real" else imaginary
            axes.scatter(steps, shown, color=QUALITATIVE["blue"], zorder=2, **dots)
            axes.set_xlim(float(steps.min()), float(steps.max()))
            axes.margins(y=0.06)
            if part == "real":
                _shade(axes.axhspan, *axes.get_ylim())
            axes.set_xlabel(axis_label(attributes_of(parameter)))
            axes.set_ylabel(f"{_SYMBOL[part]}{unit}")
        if points is not None:
            _mark(axes, points, part)
        return axes


def _shade(span: Any, low: float, high: float) -> None:
    """Where eigenvalues mean growth."""
    if high > 0:
        span(max(low, 0.0), high, facecolor=QUALITATIVE["vermilion"], alpha=0.12, linewidth=0, zorder=1, label="growth")


def _mark(axes: Axes, points: xr.Dataset, part: str | None) -> None:
    where = points["exceptional_eigenvalue"]
    real, imaginary = where.sel(part="real").values, where.sel(part="imaginary").values
    value = points["exceptional_value"].values
    across, up = (real, imaginary) if part is None else (value, real if part == "real" else imaginary)
    if part != "real":
        # Of two that are each other's conjugates the Dataset holds one.
        across, up = np.concatenate([across, across]), np.concatenate([up, -up])
    look: dict[str, Any] = {"markersize": 9, "markeredgecolor": "black", "markeredgewidth": 0.6, "linestyle": "none"}
    axes.plot(across, up, "*", color=QUALITATIVE["orange"], label="exceptional point", zorder=4, **look)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
