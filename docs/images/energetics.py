"""Draw the picture of docs/energetics.md: `python docs/images/energetics.py`.

Left, where the energy of the paper's device comes from and goes to while it charges; right, what each of its elements
adds to charger and battery once it has settled.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent


def main() -> None:
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 3.1), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
        plots.energy_balance(ly.energetics(device, np.linspace(0, 40, 401)), ax=left)
        left.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
        plots.energy_flows(ly.energetics(device), ax=right)
        right.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, title="energy that each element adds to the"
        )
        figure.savefig(FOLDER / "energetics.png", dpi=200)


if __name__ == "__main__":
    main()
