"""Draw the picture of docs/response.md: `python docs/images/response.py`.

Left, the isolation of a one-way link whose reservoir is a mode of its own; right, the squeezing of what leaves the
paper's battery through its local bath.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent
LINEWIDTHS = (1.0, 3.0, 10.0, 30.0)
DRIVES = (0.05, 0.08, 0.1, 0.12, 0.14)


def link(linewidth: xr.DataArray) -> ly.Network:
    pull = np.sqrt(linewidth / 8)
    elements = [
        ly.LocalBath("a", 0.1),
        ly.LocalBath("b", 0.1),
        ly.LocalBath("c", linewidth),
        ly.CoherentCoupling("a", "b", -0.25j),
        ly.CoherentCoupling("a", "c", pull),
        ly.CoherentCoupling("b", "c", pull),
    ]
    return ly.Network([ly.Mode("a"), ly.Mode("b"), ly.Mode("c")], elements, charger="a", battery="b")


def family(axes: Axes, curves: xr.DataArray, over: str, symbol: str) -> None:
    lines = plots.draw_family(axes, curves, along="frequency", over=over, rate=r"\Gamma")
    title = Line2D([], [], linestyle="none")
    names = [f"${symbol}/\\Gamma =$", *(f"{value:g}" for value in curves[over].values)]
    axes.legend([title, *lines], names, loc="upper right", fontsize="small")


def main() -> None:
    linewidth = xr.DataArray(list(LINEWIDTHS), dims="linewidth", coords={"linewidth": list(LINEWIDTHS)})
    drive = xr.DataArray(list(DRIVES), dims="drive", coords={"drive": list(DRIVES)})
    battery = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
    isolation = ly.response(link(linewidth), np.geomspace(0.01, 10, 121)).isolation_db
    squeezing = ly.spectrum(battery, np.linspace(-1, 1, 201)).squeezing_db.sel(port="LocalBath(battery)", drop=True)
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2)
        family(left, isolation, "linewidth", r"\kappa_c")
        left.set_xscale("log")
        left.set_ylim(0, None)
        left.set_ylabel("isolation (dB)")
        family(right, squeezing.drop_vars("mode", errors="ignore"), "drive", r"\epsilon")
        right.set_ylim(0, None)
        right.set_ylabel("squeezing of the output (dB)")
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "response.png", dpi=200)


if __name__ == "__main__":
    main()
