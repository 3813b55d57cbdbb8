"""Draw the picture of docs/beyond.md: `python docs/images/beyond.py`.

The energy that the paper's battery stores, over the drive, with a Kerr term on its charger: through the threshold, at
which the Gaussian answer ends.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent
THRESHOLD = 0.15
KERR = (1.0, 0.3, 0.1, 0.03)


def device(drive: xr.DataArray, *elements: ly.Element) -> ly.Network:
    pair = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
    return ly.Network(pair.modes, [*pair.elements, *elements], charger="charger", battery="battery")


def main() -> None:
    below = np.linspace(0.02, 0.149, 60)
    across = np.linspace(0.02, 0.22, 41)
    exact = ly.steady_state(device(xr.DataArray(below, dims="drive", coords={"drive": below})))
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 3.0), layout="constrained")
        left, right = figure.subplots(1, 2)
        colours = plots.sequence(len(KERR))
        for axes, name in ((left, "stored_energy"), (right, "charger_energy")):
            axes.plot(below / THRESHOLD, exact[name], color="black", linestyle=(0, (4, 2)), label="Gaussian, $K = 0$")
        for kerr, colour in zip(KERR, colours, strict=True):
            drive = xr.DataArray(across, dims="drive", coords={"drive": across})
            run = ly.steady_state(device(drive, ly.Kerr("charger", kerr)))
            for axes, name in ((left, "stored_energy"), (right, "charger_energy")):
                axes.plot(across / THRESHOLD, run[name], color=colour, label=rf"$K = {kerr:g}\,\Gamma$")
        for axes, symbol in ((left, "E_B"), (right, "E_A")):
            axes.axvline(1.0, color="grey", linewidth=0.6)
            axes.set_yscale("log")
            axes.set_xlabel(r"$\epsilon / \epsilon_\mathrm{c}$")
            axes.set_ylabel(rf"${symbol}$ ($\hbar\omega_0$)")
        left.set_ylim(1e-3, 100)
        right.set_ylim(1e-3, 100)
        left.legend(loc="upper left", fontsize="small")
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "beyond.png", dpi=200)


if __name__ == "__main__":
    main()
