"""Stages of a protocol, behind curves in time."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label
from leyden.plots.own import axes_or_own

__all__ = ["draw_stages", "stages"]

_SHADES = ("#FFFFFF", "#EFEFEF")


def draw_stages(axes: Axes, run: xr.Dataset, *, names: bool = True) -> None:
    """Shade every other stage of a protocol behind its curves, and name the stages above them.

    Parameters
    ----------
    axes : Axes
        Drawn into, with the time of the run along the horizontal axis.
    run : Dataset
        As `leyden.protocol` gives it, in any units.
    names : bool
        Whether names stand above the axes, but those that would run into the one before them; panels that share an
        axis need them once.

    Raises
    ------
    ParameterError
        If the Dataset has no stages.
    """
    if "stage_number" not in run.coords:
        raise ParameterError.of("run", "be the Dataset of a protocol", sorted(map(str, run.coords)))
    numbers, times = np.asarray(run["stage_number"]), np.asarray(run["time"], dtype=np.float64)
    last = [int(np.flatnonzero(numbers == number)[-1]) for number in np.unique(numbers)]
    first = [0, *last[:-1]]
    along = blended_transform_factory(axes.transData, axes.transAxes)
    axes.set_xlim(times[0], times[-1])
    reached = -np.inf
    for count, (begin, end) in enumerate(zip(first, last, strict=True)):
        axes.axvspan(times[begin], times[end], facecolor=_SHADES[count % 2], edgecolor="none", zorder=0)
        if names:
            middle, name = (times[begin] + times[end]) / 2, str(run["stage"].values[end])
            text = axes.text(middle, 1.02, name, transform=along, ha="center", va="bottom", fontsize="small")
            place = text.get_window_extent()
            if place.x0 < reached:
                text.remove()
            else:
                reached = place.x1


def stages(dataset: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw the stages of a protocol: behind the curves of given axes, or as a strip of its own.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.protocol` gives it.
    ax : Axes or None
        Axes whose horizontal axis is the time of the run; None makes a strip in a new figure of pyplot.

    Returns
    -------
    Axes
        Every other stage is shaded, and names stand above, but those that would run into the one before them.

    Raises
    ------
    ParameterError
        If the Dataset has no stages.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> hold = device.replace(**{"TwoPhotonDrive(charger).amplitude": 0.0})
    >>> run = ly.protocol([ly.Stage("charge", device, 20.0), ly.Stage("hold", hold, 10.0)])
    >>> [text.get_text() for text in ly.plots.stages(run).texts]
    ['charge', 'hold']
    """
    with axes_or_own(ax, 4.8, 0.9) as axes:
        draw_stages(axes, dataset)
        if ax is None:
            axes.set_yticks([])
            axes.set_xlabel(axis_label(attributes_of(dataset["time"])))
        return axes
