"""Draw the picture of docs/pulses.md: `python docs/images/pulses.py`.

Above, three pulses of one area; below, what the paper's battery stores under each of them, and what can be extracted.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

FOLDER = Path(__file__).parent
TIMES = np.linspace(0, 24, 961)
AREA, START, STOP = 0.6, 2.0, 6.0
LENGTH = STOP - START
PULSES = {
    "square": ly.pulse.square(AREA / LENGTH, START, STOP),
    "Gaussian": ly.pulse.gaussian(AREA / np.sqrt(2 * np.pi), centre=(START + STOP) / 2, width=1.0),
    "ramp that is cut off": ly.pulse.ramp(0.0, 2 * AREA / LENGTH, START, STOP) * ly.pulse.square(1.0, START, STOP),
}
COLOURS = ("blue", "vermilion", "green")


def main() -> None:
    with plots.publication():
        figure = Figure(figsize=(plots.SINGLE_COLUMN * 1.5, 4.2), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.5))
        for (name, drive), colour in zip(PULSES.items(), COLOURS, strict=True):
            look = {"color": plots.QUALITATIVE[colour]}
            run = ly.charge(ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1), TIMES)
            above.plot(TIMES, drive(TIMES), label=name, **look)
            below.plot(TIMES, run.stored_energy, **look)
            below.plot(TIMES, run.ergotropy, linestyle=(0, (4, 2)), **look)
        above.set_ylabel(r"drive $\epsilon/\Gamma$")
        above.legend(loc="upper right")
        below.set_ylabel(r"$E_B$ (lines), $W$ (dashes) ($\hbar\omega_0$)")
        below.set_xlabel(r"$\Gamma t$")
        for letter, axes in zip("ab", (above, below), strict=True):
            axes.set_xlim(TIMES[0], TIMES[-1])
            axes.set_ylim(0, None)
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "pulses.png", dpi=200)


if __name__ == "__main__":
    main()
