"""Draw the picture of docs/compare.md: `python docs/images/compare.py`.

Stored energy and ergotropy of the two-photon battery over those of the one-photon battery: left at equal drive, right
at equal input power.
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
DAMPINGS = (0.02, 0.1, 0.4, 1.0)
SHARES = np.concatenate([[1e-3], np.linspace(0.02, 0.98, 49), [0.99, 0.995]])


def labelled(name: str, values: object) -> xr.DataArray:
    return xr.DataArray(values, dims=name, coords={name: values})


def gains(equal: str) -> xr.Dataset:
    """Ratios over the share of the threshold and the damping."""
    damping, share = labelled("damping", list(DAMPINGS)), labelled("share", SHARES)
    rates = {"charger_damping": damping, "battery_damping": damping}
    two = ly.catalog.two_photon_battery(drive=share * (damping + 0.5) / 4, **rates)
    one = ly.catalog.one_photon_battery(drive=0.1, **rates)
    found = ly.compare(two, one, equal=equal)
    return 1 / found[["stored_energy_ratio", "ergotropy_ratio"]]


def draw(axes: Axes, equal: str) -> list[Line2D]:
    found = gains(equal)
    lines = plots.draw_family(axes, found.stored_energy_ratio, along="share", over="damping", rate=None)
    for line in plots.draw_family(axes, found.ergotropy_ratio, along="share", over="damping", rate=None):
        line.set_linestyle("--")
    axes.axhline(1.0, color="black", linewidth=0.8, linestyle=":")
    axes.set_xlim(0, 1)
    axes.set_xlabel(r"drive $\epsilon/\epsilon_c$ of the two-photon battery")
    axes.set_ylabel("two-photon over one-photon")
    axes.set_title(f"equal {equal.replace('_', ' ')}")
    return lines


def main() -> None:
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.9), layout="constrained")
        left, right = figure.subplots(1, 2)
        lines = draw(left, "drive")
        draw(right, "input_power")
        left.set_yscale("log")
        right.set_ylim(0, 1.1)
        title = Line2D([], [], linestyle="none")
        names = [r"$\kappa/\Gamma =$", *(f"{value:g}" for value in DAMPINGS)]
        left.legend([title, *lines], names, loc="upper left", fontsize="small")
        kinds = [Line2D([], [], color="grey", linestyle=style) for style in ("-", "--")]
        right.legend(kinds, ["stored energy", "ergotropy"], loc="lower right", fontsize="small")
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "compare.png", dpi=200)


if __name__ == "__main__":
    main()
