"""What goes out of a device and through it, over frequency."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from leyden.errors import ParameterError
from leyden.plots.labels import attributes_of, axis_label, symbol_of
from leyden.plots.own import axes_or_own
from leyden.plots.style import QUALITATIVE

__all__ = ["spectrum"]

_WIDTH, _HEIGHT = 4.6, 2.9
_COLOURS = [QUALITATIVE[name] for name in ("blue", "vermilion", "green", "orange", "purple", "sky", "grey")]
_WAYS = {"forward_transfer": ("charger to battery", "-"), "backward_transfer": ("battery to charger", (0, (4, 2)))}


def spectrum(dataset: xr.Dataset, *, quantity: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw spectra of what leaves a device, or its response, over frequency.

    Parameters
    ----------
    dataset : Dataset
        As `leyden.spectrum` or `leyden.response` gives it for a single device.
    quantity : str or None
        A variable over `frequency`, or over `frequency` and `port`. None draws the squeezed (solid) and the amplified
        (dashed) quadrature's variance of each port, with a line at the vacuum's 1; of a response the transfer from the
        charger to the battery and back.
    ax : Axes or None
        Drawn into; None makes a new figure of pyplot in the look of a publication.

    Returns
    -------
    Axes
        With a legend of the ports, or of the two ways.

    Raises
    ------
    ParameterError
        If the Dataset has no such variable, or is a batch.

    Examples
    --------
    >>> import leyden as ly
    >>> import numpy as np
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> ax = ly.plots.spectrum(ly.spectrum(device, np.linspace(-1, 1, 101)))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['LocalBath(charger)', 'LocalBath(battery)', 'SharedBath(charger, battery)', 'vacuum']
    >>> ax = ly.plots.spectrum(ly.response(device, np.linspace(-1, 1, 101)))
    >>> bool(ax.lines[1].get_ydata().max() == 0.0)
    True
    """
    names = [quantity] if quantity is not None else _names(dataset)
    for name in names:
        dims = set(map(str, dataset[name].dims)) if name in dataset else set[str]()
        if "frequency" not in dims or dims - {"frequency", "port"}:
            remedy = "Select one device of a batch."
            raise ParameterError.of("dataset", f"hold `{name}` over frequency, and port", sorted(dims), remedy)
    frequency = dataset["frequency"]
    with axes_or_own(ax, _WIDTH, _HEIGHT) as axes:
        is_response = names == list(_WAYS)
        for place, name in enumerate(names):
            values = dataset[name]
            if "port" not in values.dims:
                label, style = _WAYS.get(name, (name.replace("_", " "), "-"))
                axes.plot(frequency.values, values.values, color=_COLOURS[place], linestyle=style, label=label)
                continue
            for index, port in enumerate(values["port"].values.tolist()):
                style = "-" if place == 0 else (0, (4, 2))
                axes.plot(
                    frequency.values,
                    values.transpose("port", "frequency").values[index],
                    color=_COLOURS[index % len(_COLOURS)],
                    linestyle=style,
                    label=str(port).replace("$", r"\$") if place == 0 else None,
                )
        if quantity is None and not is_response:
            axes.axhline(1.0, color="black", linewidth=0.6, zorder=1, label="vacuum")
            highest = max(float(np.nanmax(dataset[name].values)) for name in names)
            if highest > 30.0 and all(float(np.nanmin(dataset[name].values)) > 0 for name in names):
                axes.set_yscale("log")
        axes.set_xlabel(axis_label(attributes_of(frequency)))
        *first, last = [attributes_of(dataset[name]) for name in names]
        axes.set_ylabel(", ".join([*map(symbol_of, first), axis_label(last)]))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        return axes


def _names(dataset: xr.Dataset) -> list[str]:
    for names in (["squeezed_variance", "amplified_variance"], list(_WAYS)):
        if all(name in dataset for name in names):
            return names
    remedy = "Name a variable by `quantity`."
    raise ParameterError.of("dataset", "be a result of `spectrum` or `response`", sorted(map(str, dataset)), remedy)
