"""Draw the picture of docs/networks.md: `python docs/images/networks.py`.

Left, energy and ergotropy along a directed chain; right, the energy of each mode of a square lattice that is driven in
the middle.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent
DAMPINGS = (0.02, 0.05, 0.1, 0.2)
SIDE = 81
SHOWN = 40

# The legend fills the line above its panel, beside the letter.
CLOSE: dict[str, Any] = {"handlelength": 1.2, "columnspacing": 0.8, "borderpad": 0.0}


def draw_chain(axes: Axes) -> None:
    lines: list[Line2D] = []
    for damping, colour in zip(DAMPINGS, plots.sequence(len(DAMPINGS)), strict=True):
        steady = ly.steady_state(ly.catalog.cascade(1000, drive=0.1, damping=damping))
        place = np.arange(1, SHOWN + 1)
        lines += axes.semilogy(place, steady.stored_energy[:SHOWN], color=colour)
        axes.semilogy(place, steady.ergotropy[:SHOWN], color=colour, linestyle="--")
    axes.set_xlim(1, SHOWN)
    axes.set_ylim(1e-6, 1)
    axes.set_xlabel("mode along the chain")
    axes.set_ylabel(r"$E/\omega_0$ (lines), $W/\omega_0$ (dashes)")
    names = [r"$\kappa/\Gamma =$", *(f"{damping:g}" for damping in DAMPINGS)]
    title = Line2D([], [], linestyle="none")
    axes.legend([title, *lines], names, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(names), **CLOSE)


def draw_lattice(figure: Figure, axes: Axes) -> None:
    device = ly.catalog.lattice(SIDE, SIDE, drive=0.1, damping=0.1, coupling=0.25)
    steady = ly.steady_state(device)
    energy = np.full(SIDE * SIDE, np.nan)
    energy[[device.position(name) for name in device.batteries]] = steady.stored_energy
    energy[device.position(device.charger)] = steady.charger_energy
    map_ = xr.DataArray(energy.reshape(SIDE, SIDE), dims=("row", "column"))
    image = axes.imshow(map_, norm=LogNorm(1e-6, float(map_.max())), cmap="viridis", interpolation="nearest")
    axes.set_xlabel("column")
    axes.set_ylabel("row")
    figure.colorbar(image, ax=axes, label=r"$E/\omega_0$", extend="min")


def main() -> None:
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.0))
        draw_chain(left)
        draw_lattice(figure, right)
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "networks.png", dpi=180, metadata={"Software": None})


if __name__ == "__main__":
    main()
