"""Draw the picture of docs/cells.md: `python docs/images/cells.py`.

What a driven two-level charger leaves in an oscillator and in a two-level battery, and how cells charge at a cavity.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import qutip
import xarray as xr
from matplotlib.figure import Figure

import leyden as ly
from leyden import fock, plots

FOLDER = Path(__file__).parent
DAMPING, COUPLING = 0.8, 0.5
CELLS = (1, 2, 3, 4)


def of_two_levels(drive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Energy and ergotropy in closed form."""
    below = 16 * drive**4 + 2 * drive**2 * DAMPING**2 + COUPLING**2 * DAMPING**2
    energy = drive**2 * (8 * drive**2 + DAMPING**2) / below
    coherence = drive * COUPLING * DAMPING**2 / below
    return energy, energy - (1 - np.sqrt((1 - 2 * energy) ** 2 + 4 * coherence**2)) / 2


def main() -> None:
    drive = np.linspace(0.0, 0.9, 46)
    rates = {"charger_damping": DAMPING, "coupling": COUPLING}
    labelled = xr.DataArray(drive, dims="drive", coords={"drive": drive})
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        first, second = plots.sequence(2)
        for levels, colour, label in ((None, first, "oscillator"), (2, second, "two levels")):
            run = ly.steady_state(ly.catalog.few_level_battery(drive=labelled, battery_levels=levels, **rates))
            left.plot(drive, run.stored_energy, color=colour, label=label)
            if levels:
                left.plot(drive, run.ergotropy, color=colour, linestyle=(0, (4, 2)))
        sparse = drive[::5]
        for values in of_two_levels(sparse):
            left.plot(sparse, values, "o", color=second, markersize=2.5)
        left.plot(sparse, (sparse / COUPLING) ** 2, "o", color=first, markersize=2.5)
        left.set(xlabel=r"$F$ (rate unit)", ylabel=r"$E_B$, $W$ ($\hbar\omega_0$)", ylim=(0, 1))
        left.legend(loc="upper left", fontsize="small")
        times = np.linspace(0.0, 3.0, 301)
        for cells, colour in zip(CELLS, plots.sequence(len(CELLS)), strict=True):
            start = qutip.tensor(qutip.basis(cells + 1, cells), *[qutip.basis(2, 0)] * cells)
            run = fock.charge(ly.catalog.tavis_cummings_battery(cells, coupling=1.0), times, initial=start)
            right.plot(times, run.stored_energy.sum("mode") / cells, color=colour, label=f"$N = {cells}$")
        right.set(xlabel="$g t$", ylabel=r"$E_B/N$ ($\hbar\omega_0$)", ylim=(0, 1.25))
        right.legend(loc="upper center", fontsize="small", ncols=4)
        for letter, axes in zip("ab", (left, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "cells.png", dpi=200)


if __name__ == "__main__":
    main()
