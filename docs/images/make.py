"""Draw the picture of the README: `python docs/images/make.py`.

Left, stored energy and ergotropy of the paper's battery while it charges; right, its steady ergotropy over drive and
damping, with the region that has no steady state.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots
from leyden.quantities import QUANTITIES

FOLDER = Path(__file__).parent
RATE = r"\Gamma"
TIMES = np.linspace(0, 30, 301)
DRIVES = (0.05, 0.08, 0.1, 0.12)
DAMPING = 0.1


def labelled(name: str, values: object) -> xr.DataArray:
    return xr.DataArray(values, {name: values}, name, name=name, attrs=QUANTITIES[name].attributes())


def battery(drive: object, damping: object) -> ly.Network:
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=damping)


def draw_charging(axes: Axes) -> None:
    run = ly.charge(battery(labelled("drive", np.array(DRIVES)), DAMPING), TIMES)
    energy = plots.draw_family(axes, run.stored_energy, along="time", over="drive", rate=RATE)
    for line in plots.draw_family(axes, run.ergotropy, along="time", over="drive", rate=RATE):
        line.set_linestyle("--")
    axes.set_ylim(0, None)
    axes.set_ylabel(r"$E_B/\omega_0$ (lines), $W/\omega_0$ (dashes)")
    axes.legend(energy[::-1], [rf"$\epsilon = {drive:g}\,\Gamma$" for drive in DRIVES[::-1]], loc="upper left")


def draw_steady(figure: Figure, axes: Axes) -> None:
    drive, damping = labelled("drive", np.linspace(0.01, 0.2, 191)), labelled("damping", np.linspace(0.02, 0.4, 191))
    device = battery(drive, damping)
    plots.draw_map(figure, axes, ly.steady_state(device).ergotropy, across="drive", up="damping", rate=RATE)
    beyond = ly.stability(device).spectral_abscissa
    patch = plots.mark_missing(axes, beyond, across="drive", up="damping", label="no steady state")
    axes.legend(handles=[patch], loc="lower right", frameon=True, framealpha=1.0)


def main() -> None:
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.1))
        draw_charging(left)
        draw_steady(figure, right)
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "battery.png", dpi=180, metadata={"Software": None})


if __name__ == "__main__":
    main()
