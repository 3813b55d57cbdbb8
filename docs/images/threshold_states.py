"""Draw a picture of docs/threshold.md: `python docs/images/threshold_states.py` (some minutes).

Wigner functions of charger and battery of the paper's pair below, at and above the threshold of the linear device,
with a Kerr term and with two-photon loss on the charger.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent
SHARES, THRESHOLD = (0.6, 1.0, 2.0), 0.15
LIMITS = {
    r"Kerr, $K = 0.3\,\Gamma$": ly.Kerr("charger", 0.3),
    r"pairs lost, $\eta = 0.3\,\Gamma$": ly.TwoPhotonLoss("charger", 0.3),
}
REACH = {"charger": 3.2, "battery": 4.8}


def device(share: float, limit: ly.Element) -> ly.Network:
    pair = ly.catalog.two_photon_battery(drive=share * THRESHOLD, charger_damping=0.1, battery_damping=0.1)
    return ly.Network(pair.modes, [*pair.elements, limit], charger="charger", battery="battery")


def main() -> None:
    rows = [(name, mode) for name in LIMITS for mode in REACH]
    drawn: list[tuple[Any, float, float]] = []
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 8.6), layout="constrained")
        grid = figure.subplots(len(rows), len(SHARES))
        for place, (line, (name, mode)) in enumerate(zip(grid, rows, strict=True)):
            axis = np.linspace(-REACH[mode], REACH[mode], 121)
            for axes, share in zip(line, SHARES, strict=True):
                state = ly.reduced_state(device(share, LIMITS[name]), mode)
                values = ly.states.wigner(state, axis, axis)
                bar = plots.draw_wigner(figure, axes, values)
                drawn.append((bar, float(abs(values).max()), float(values.min())))
                if axes is not line[0]:
                    axes.set_ylabel("")
                if place + 1 < len(rows):
                    axes.set_xlabel("")
            line[0].annotate(
                f"{name}\n{mode}", (-0.42, 0.5), xycoords="axes fraction", rotation=90, ha="center", va="center"
            )
        for axes, share in zip(grid[0], SHARES, strict=True):
            axes.set_title(rf"$\epsilon = {share:g}\,\epsilon_\mathrm{{c}}$")
        # One scale for all, and one bar: the last one.
        top = max(highest for _, highest, _ in drawn)
        for bar, *_ in drawn:
            bar.mappable.set_clim(-top, top)
            bar.ax.remove()
        shared = figure.colorbar(drawn[-1][0].mappable, ax=grid, shrink=0.4, aspect=40, location="bottom")
        shared.set_label(r"$W(x, p)$")
        figure.savefig(FOLDER / "threshold-states.png", dpi=200)
    print(f"lowest value {min(lowest for *_, lowest in drawn):.2e}")


if __name__ == "__main__":
    main()
