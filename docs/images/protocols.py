"""Draw the picture of docs/protocols.md: `python docs/images/protocols.py`.

Above, what the battery holds while it is charged, held in a squeezed bath and discharged into a load; below, where the
energy came from and went to.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent


def battery() -> tuple[xr.Dataset, xr.Dataset]:
    """The run of the page, and the same with a bath that is not squeezed."""
    lab = ly.units.Lab("1 MHz", frequency_unit="5 GHz")
    kick = lab.build(ly.pulse.gaussian, "200 kHz", "1.5 us", "500 ns")
    runs: list[xr.Dataset] = []
    for squeezing in (0.8, 0.0):
        rates = {"charger_damping": "100 kHz", "battery_damping": "20 kHz"}
        pair = lab.build(ly.catalog.two_photon_battery, drive=kick, **rates)
        bath = {"LocalBath(battery).squeezing": squeezing, "LocalBath(battery).squeezing_phase": np.pi / 2}
        pair = pair.replace(**bath)
        losses = [part for part in pair.elements if isinstance(part, ly.LocalBath)]
        wire = lab.build(ly.CoherentCoupling, "battery", "load", "200 kHz")
        load = [wire, lab.build(ly.LocalBath, "load", "1 MHz")]
        plan = {"charge": (pair.elements, 2.4), "hold": (losses, 10), "discharge": ([*losses, *load], 3)}
        modes = [*pair.modes, ly.Mode("load")]
        stages = [
            ly.Stage(name, ly.Network(modes, parts, "charger", "battery"), lab.time(span, "us"))
            for name, (parts, span) in plan.items()
        ]
        runs.append(lab.convert(ly.protocol(stages), time="us", energy="quanta"))
    return runs[0], runs[1]


def draw_battery(axes: Axes, run: xr.Dataset, other: xr.Dataset) -> None:
    axes.plot(run["time"], run["stored_energy"], color=plots.QUALITATIVE["blue"], label="stored energy")
    axes.plot(run["time"], run["ergotropy"], color=plots.QUALITATIVE["vermilion"], label="ergotropy")
    style = {"color": plots.QUALITATIVE["vermilion"], "linestyle": (0, (4, 2))}
    axes.plot(other["time"], other["ergotropy"], label="ergotropy, bath not squeezed", **style)
    axes.set_ylabel("battery (quanta)")
    axes.legend(loc="upper right")


def draw_sources(axes: Axes, run: xr.Dataset) -> None:
    taken = -run["bath_energy"]
    local = taken.sel(bath=["LocalBath(charger)", "LocalBath(battery)"]).sum("bath")
    lines = {
        "work of the drive": (run["drive_work"], "green", "-"),
        "energy into the shared bath": (taken.sel(bath="SharedBath(charger, battery)"), "grey", "-"),
        "energy into the local baths": (local, "purple", (0, (1, 1.5))),
        "energy into the load": (taken.sel(bath="LocalBath(load)"), "orange", (0, (4, 2))),
    }
    for label, (curve, colour, style) in lines.items():
        axes.plot(run["time"], curve, color=plots.QUALITATIVE[colour], linestyle=style, label=label)
    axes.set_ylabel("energy so far (quanta)")
    axes.set_xlabel("time (µs)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.9), ncols=2)


def main() -> None:
    run, other = battery()
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 4.2), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True)
        draw_battery(above, run, other)
        draw_sources(below, run)
        for axes in (above, below):
            plots.draw_stages(axes, run, names=axes is above)
            axes.set_ylim(0, None)
        figure.savefig(FOLDER / "protocols.png", dpi=200)


if __name__ == "__main__":
    main()
