"""Draw the picture of docs/memory.md: `python docs/images/memory.py`.

Left, the paper's battery while it charges through a reservoir with a memory; right, how differences from the Markovian
bath fall with the linewidth of the reservoir.
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
BATH = "SharedBath(charger, battery)"
LINEWIDTHS = (0.5, 1.0, 3.0, 10.0)
TIMES = np.linspace(0, 20, 401)
RATES = {"charger_damping": 0.2, "battery_damping": 0.2, "charger_weight": 1.0, "battery_weight": 1.0}
TWO, ONE = ly.catalog.two_photon_battery(drive=0.1, **RATES), ly.catalog.one_photon_battery(drive=0.1, **RATES)


def labelled(values: object) -> xr.DataArray:
    return xr.DataArray(values, dims="linewidth", coords={"linewidth": values})


def draw_charging(axes: Axes) -> None:
    explicit = TWO.with_explicit_reservoir(BATH, labelled(list(LINEWIDTHS)))
    curves = ly.charge(explicit, TIMES).stored_energy
    lines = plots.draw_family(axes, curves, along="time", over="linewidth", rate=r"\Gamma")
    (markov,) = axes.plot(TIMES, ly.charge(TWO, TIMES).stored_energy, color="black", linestyle="--", linewidth=1.0)
    title = Line2D([], [], linestyle="none")
    names = [r"$\kappa_c/\Gamma =$", *(f"{value:g}" for value in LINEWIDTHS), "Markovian"]
    axes.legend([title, *lines, markov], names, loc="lower right", fontsize="small")
    axes.set_ylim(0, None)
    axes.set_ylabel(r"stored energy $E_B/\omega_0$")


def differences() -> dict[str, xr.DataArray]:
    widths = labelled(np.geomspace(1, 1e4, 81))
    two, one = (device.with_explicit_reservoir(BATH, widths) for device in (TWO, ONE))
    there, back = ly.steady_state(two), ly.steady_state(TWO)
    slow = ly.steady_state(two.replace(**{"LocalBath(battery).rate": 2.0}))
    early = ly.charge(one, [2.0]).stored_energy[..., 0] / ly.charge(ONE, [2.0]).stored_energy[0]
    return {
        "ergotropy": abs(there.ergotropy / back.ergotropy - 1),
        "stored energy": abs(there.stored_energy / back.stored_energy - 1),
        r"one-photon, $\Gamma t = 2$": abs(early - 1),
        "back-action": abs(slow.charger_energy / there.charger_energy - 1),
        r"leak at $\omega = \Gamma$": 1 / ly.response(one, [1.0]).isolation[..., 0],
    }


def draw_differences(axes: Axes) -> None:
    styles = ("-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)), "-")
    for style, (name, values) in zip(styles, differences().items(), strict=True):
        axes.plot(values.linewidth, values, label=name, linestyle=style)
    axes.annotate(r"$\propto 1/\kappa_c$", (2e3, 6e-4), color="black")
    axes.annotate(r"$\propto 1/\kappa_c^2$", (1.3e3, 1.5e-6), color="black")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(1, 1e4)
    axes.set_ylim(1e-8, 3)
    axes.set_xlabel(r"linewidth $\kappa_c/\Gamma$")
    axes.set_ylabel("difference from the Markovian bath")
    axes.legend(loc="lower left", fontsize="small")


def main() -> None:
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.9), layout="constrained")
        left, right = figure.subplots(1, 2)
        draw_charging(left)
        draw_differences(right)
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "memory.png", dpi=200)


if __name__ == "__main__":
    main()
