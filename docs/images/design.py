"""Draw the picture of docs/design.md: `python docs/images/design.py`.

Left: the largest charging power in time over two parameters of the coherently driven pair, and where local searches
begin and end. Right: the ergotropy of the two-photon pair, where it stores one quantum, and the optimum on that line.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots
from leyden.design import Optimum

FOLDER = Path(__file__).parent
RATES = {"charger_damping": 0.1, "battery_damping": 0.1}
MOST = 1.0


def axis(name: str, low: float, high: float, count: int = 61) -> xr.DataArray:
    values = np.linspace(low, high, count)
    return xr.DataArray(values, dims=name, coords={name: values})


def named(values: xr.DataArray, symbols: dict[str, str]) -> xr.DataArray:
    """The axes of a map with the symbols of their parameters."""
    for name, symbol in symbols.items():
        values[name].attrs.update(long_name=name.replace("_", " "), symbol=symbol)
    return values


def mark(axes: Axes, best: Optimum, across: str, up: str) -> None:
    """The optimum as a star."""
    place = best.parameters
    axes.plot(place[across], place[up], "*", color="white", markersize=11, path_effects=plots.rim(2.2), zorder=5)


def draw_power(figure: Figure, axes: Axes) -> None:
    rate, weight = axis("shared_rate", 0.05, 2.0, 121), axis("charger_weight", 0.2, 1.0, 121)
    times = np.linspace(0.0, 60.0, 121)
    fixed = {"drive": 0.1, **RATES}
    run = ly.charge(ly.catalog.one_photon_battery(shared_rate=rate, charger_weight=weight, **fixed), times)
    power = named(run.charging_power.max("time"), {"shared_rate": r"\Gamma", "charger_weight": "p_a"})
    power.attrs = run.charging_power.attrs
    plots.draw_map(figure, axes, power, across="shared_rate", up="charger_weight")
    bounds = {"shared_rate": (0.05, 2.0), "charger_weight": (0.2, 1.0)}
    best = ly.optimize(ly.catalog.one_photon_battery, bounds, "charging_power", fixed=fixed, times=times)
    for start, end in zip(best.dataset.start_from.values, best.dataset.start_optimum.values, strict=True):
        style = {"arrowstyle": "-", "color": "white", "linewidth": 0.8, "path_effects": plots.rim(1.6)}
        axes.annotate("", end, start, arrowprops=style)
        axes.plot(*start, "o", color="white", markersize=3, path_effects=plots.rim(1.6))
    mark(axes, best, "shared_rate", "charger_weight")
    axes.set_title("largest power in time")


def draw_limited(figure: Figure, axes: Axes) -> None:
    drive, weight = axis("drive", 0.01, 0.145, 121), axis("battery_weight", 0.1, 1.0, 121)
    devices = ly.catalog.two_photon_battery(drive=drive, battery_weight=weight, **RATES)
    steady = ly.steady_state(devices)
    ergotropy = named(steady.ergotropy, {"drive": r"\epsilon", "battery_weight": "p_b"})
    plots.draw_map(figure, axes, ergotropy, across="drive", up="battery_weight")
    energy = steady.stored_energy.transpose("battery_weight", "drive")
    line = axes.contour(drive, weight, energy, levels=[MOST], colors="#d62728", linewidths=1.6)
    line.set(path_effects=plots.rim(2.6))
    bounds = {"drive": (0.01, 0.145), "battery_weight": (0.1, 1.0)}
    best = ly.optimize(
        ly.catalog.two_photon_battery, bounds, "ergotropy", constraints={"stored_energy": (None, MOST)}, fixed=RATES
    )
    mark(axes, best, "drive", "battery_weight")
    axes.set_title(r"ergotropy; on the red line $E_B = 1$")


def main() -> None:
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 3.0), layout="constrained")
        left, right = figure.subplots(1, 2)
        draw_power(figure, left)
        draw_limited(figure, right)
        figure.savefig(FOLDER / "design.png", dpi=160)


if __name__ == "__main__":
    main()
