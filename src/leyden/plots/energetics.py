"""Energy flows: where the energy of a device comes from and goes to, in time and at rest."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, typeset_unit
from leyden.plots.own import axes_or_own
from leyden.plots.style import QUALITATIVE

__all__ = ["draw_energy_balance", "draw_energy_flows", "energy_balance", "energy_flows"]

_WIDTH, _HEIGHT, _EACH_ROW = 4.8, 2.9, 0.34

_DRIVES, _COUPLINGS = QUALITATIVE["vermilion"], QUALITATIVE["blue"]
_BATHS = [QUALITATIVE[name] for name in ("green", "sky", "purple", "orange", "grey")]
_MODES = [QUALITATIVE[name] for name in ("blue", "vermilion", "green", "orange", "purple", "sky", "grey")]
# Height that the bars of an element take of its row.
_ROW = 0.8


def _refuse_other(found: xr.Dataset, dims: set[str]) -> None:
    """Refuse what is no Dataset of energetics of a single device."""
    flow = found.data_vars.get("flow")
    if flow is None or set(map(str, flow.dims)) != dims:
        remedy = "Select one device of a batch, and one time or all of them."
        named = sorted(dims)
        raise ParameterError.of("found", f"hold `flow` over {', '.join(named)}", sorted(map(str, found.dims)), remedy)


def _lines(found: xr.Dataset) -> list[tuple[str, str, NDArray[np.float64]]]:
    """Name, colour and curve of each line of the balance that is ever anything."""
    lines = [
        ("drives", _DRIVES, np.asarray(found["drive_power"])),
        ("couplings", _COUPLINGS, np.asarray(found["coupling_power"])),
    ]
    exchanged = found["heat"] + found["bath_power"]
    for place, name in enumerate(found["bath"].values.tolist()):
        lines.append((name, _BATHS[place % len(_BATHS)], np.asarray(exchanged.isel(bath=place))))
    largest = max((float(np.max(np.abs(curve), initial=0.0)) for *_, curve in lines), default=0.0)
    return [line for line in lines if np.any(np.abs(line[2]) > 1e-12 * largest)]


def draw_energy_balance(axes: Axes, found: xr.Dataset, *, rate: str | None = None) -> None:
    """Stack what puts energy in above zero and what takes it out below, and draw what is left as a line.

    Parameters
    ----------
    axes : Axes
        Drawn into.
    found : Dataset
        As `leyden.energetics` gives it for one device with times.
    rate : str or None
        As `labels.axis_label` takes it.

    Raises
    ------
    ParameterError
        If the Dataset is none of a single device in time.
    """
    _refuse_other(found, {"element", "mode", "time"})
    times = np.asarray(found["time"], dtype=np.float64)
    above, below = np.zeros_like(times), np.zeros_like(times)
    for name, colour, curve in _lines(found):
        gain, loss = np.clip(curve, 0.0, None), np.clip(curve, None, 0.0)
        axes.fill_between(times, above, above + gain, facecolor=colour, alpha=0.75, linewidth=0, label=name)
        axes.fill_between(times, below, below + loss, facecolor=colour, alpha=0.75, linewidth=0)
        above, below = above + gain, below + loss
    axes.plot(times, above + below, color="black", label="what stays")
    axes.axhline(0.0, color="black", linewidth=0.6)
    axes.set_xlabel(axis_label(attributes_of(found["time"]), rate=rate))
    axes.set_ylabel(_power_label(found))


def draw_energy_flows(axes: Axes, found: xr.Dataset) -> None:
    """Draw what each element adds to the energy of each mode as bars, one row for each element.

    Parameters
    ----------
    axes : Axes
        Drawn into.
    found : Dataset
        As `leyden.energetics` gives it for one device at rest, or at one time.

    Raises
    ------
    ParameterError
        If the Dataset is none of a single device at one time.
    """
    _refuse_other(found, {"element", "mode"})
    flow = found["flow"].transpose("mode", "element")
    modes, elements = flow["mode"].values.tolist(), flow["element"].values.tolist()
    rows, height = np.arange(len(elements)), _ROW / max(len(modes), 1)
    for place, mode in enumerate(modes):
        shift = (place - (len(modes) - 1) / 2) * height
        axes.barh(rows + shift, flow.values[place], height, color=_MODES[place % len(_MODES)], label=mode)
    axes.axvline(0.0, color="black", linewidth=0.6)
    axes.set_yticks(rows, elements)
    axes.invert_yaxis()
    axes.margins(x=0.05)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(_power_label(found))


def _power_label(found: xr.Dataset) -> str:
    return f"power ({typeset_unit(str(attributes_of(found['flow']).get('units', '')))})"


def energy_balance(dataset: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw the first law in time: stacked areas of what puts energy in and takes it out, and the line of what stays.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.energetics` gives it for one device with times.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        Drives, couplings and each bath have a colour of their own, which the legend names.

    Raises
    ------
    ParameterError
        If the Dataset is none of a single device in time.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.energy_balance(ly.energetics(device, range(31)))
    >>> ax.get_legend().get_texts()[0].get_text()
    'drives'
    """
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        draw_energy_balance(axes, dataset)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        return axes


def energy_flows(dataset: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw what each element adds to the energy of each mode as bars, one row for each element.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.energetics` gives it for one device at rest, or at one time of it.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication, as tall as the rows need.

    Returns
    -------
    Axes
        Bars to the right put energy in; the legend names the modes.

    Raises
    ------
    ParameterError
        If the Dataset is none of a single device at one time.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.energy_flows(ly.energetics(device))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['charger', 'battery']
    """
    rows = dataset.sizes.get("element", 1)
    with axes_or_own(ax, _WIDTH, max(1.4, 0.9 + _EACH_ROW * rows)) as axes:
        draw_energy_flows(axes, dataset)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4)
        return axes
