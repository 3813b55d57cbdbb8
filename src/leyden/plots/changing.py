"""Pulses as they are: the value of each parameter that changes in time."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from leyden.errors import ParameterError
from leyden.plots.labels import axis_label, typeset_unit
from leyden.plots.own import axes_or_own
from leyden.plots.style import COLOURS
from leyden.quantities import QUANTITIES, RATE

__all__ = ["pulses"]

_WIDTH, _HEIGHT = 4.6, 2.2


def pulses(network: Any, times: ArrayLike, *, rate: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the parameters of a device that change in time.

    Parameters
    ----------
    network : Network
        With pulses in place of numbers.
    times : array, shape (n,)
        Times, in 1/rate unit.
    rate : str or None
        As `curves` takes it.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        One curve for each pulse, in the rate unit, the legend tells its address; a complex one has its real part drawn
        solid and its imaginary part dashed.

    Raises
    ------
    ParameterError
        If nothing of the device changes in time, if it is a batch of pulses, or if the times are no finite numbers
        along one axis.

    Examples
    --------
    >>> import leyden as ly
    >>> kick = ly.pulse.gaussian(0.25, centre=5.0, width=1.0)
    >>> device = ly.catalog.two_photon_battery(drive=kick, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.pulses(device, range(11))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['TwoPhotonDrive(charger).amplitude']
    """
    if not network.pulses:
        raise ParameterError.of("network", "have parameters that change in time", "constant")
    batch = [address for address, pulse in network.pulses.items() if any(np.ndim(array) for array in pulse.arrays)]
    if batch:
        raise ParameterError.of("network", "be a single device", f"a batch in {batch[0]}", "Build one of its devices.")
    points = np.asarray(times, dtype=float)
    if points.ndim != 1 or not np.isfinite(points).all():
        raise ParameterError.of("times", "be finite numbers along one axis", times)
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        for place, (address, pulse) in enumerate(network.pulses.items()):
            values: Any = np.asarray(pulse(points))
            colour = COLOURS[place % len(COLOURS)]
            axes.plot(points, values.real, color=colour, label=address.replace("$", r"\$"))
            if np.any(values.imag):
                axes.plot(points, values.imag, color=colour, linestyle=(0, (4, 2)))
        axes.axhline(0.0, color="black", linewidth=0.5, zorder=1)
        axes.set_xlabel(axis_label(QUANTITIES["time"].attributes(), rate=rate))
        axes.set_ylabel(f"value ({typeset_unit(RATE)})" if rate is None else f"value$/{rate}$")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
        return axes
