"""Draw a picture of docs/threshold.md: `python docs/images/threshold_worth.py` (some minutes).

What nonreciprocity and a drive past the threshold are worth: the paper's pair against reciprocal ones at equal drive
and at equal input power, all with one Kerr term on the charger; and against the best that a Gaussian device does.
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
# The paper's pair; without the shared bath; and without it but as strongly damped.
PAIRS = {"directed": 0.1, "reciprocal": 0.1, "reciprocal, damped alike": 0.6}
COLOURS = [plots.QUALITATIVE[name] for name in ("blue", "vermilion", "orange")]
DRIVES = {
    "directed": np.linspace(0.02, 0.5, 13),
    "reciprocal": np.linspace(0.02, 0.42, 11),
    "reciprocal, damped alike": np.linspace(0.02, 0.5, 13),
}
KERR, COUPLING, DAMPING = 1.0, 0.25, 0.6  # K, J, and Lambda of the directed pair
WEAKER = (1.0, 0.3, 0.1, 0.03)


def over(drive: np.ndarray) -> xr.DataArray:
    return xr.DataArray(drive, {"drive": drive}, ("drive",))


def limited(pair: ly.Network, kerr: float) -> ly.Network:
    return ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", kerr)], charger="charger", battery="battery")


def steady(kind: str) -> xr.Dataset:
    """Steady states over the drive, in Fock space, with what the baths take, which is what the drive puts in."""
    rates = {"charger_damping": PAIRS[kind], "battery_damping": PAIRS[kind]}
    drive = over(DRIVES[kind])
    if kind == "directed":
        pair = ly.catalog.two_photon_battery(drive=drive, **rates)
        loss = (DAMPING, 0.0)
    else:
        pair = ly.catalog.reciprocal_battery(drive=drive, coupling=COUPLING, **rates)
        loss = (PAIRS[kind], PAIRS[kind])
    found = ly.steady_state(limited(pair, KERR), method="fock")
    # The couplings conserve quanta, and a directed charger loses Lambda_a times its energy, whatever the battery.
    return found.assign(input_power=loss[0] * found.charger_energy + loss[1] * found.stored_energy)


def draw_pairs(axes: Axes, found: dict[str, xr.Dataset], along: str) -> None:
    for colour, (kind, run) in zip(COLOURS, found.items(), strict=True):
        across = run.drive if along == "drive" else run.input_power
        axes.plot(across, run.stored_energy, color=colour, label=kind)
        axes.plot(across, run.ergotropy, color=colour, linestyle="--")
    axes.set_xlim(0, 0.42 if along == "drive" else 0.35)
    axes.set_yscale("log")
    axes.set_ylim(1e-3, 4)
    axes.set_xlabel(r"drive $\epsilon/\Gamma$" if along == "drive" else r"input power ($\hbar\omega_0\Gamma$)")


def optimum(power: xr.DataArray) -> xr.DataArray:
    """Energy of the best Gaussian directed pair at a power: its coherent drive, all of it ergotropy."""
    one = ly.steady_state(ly.catalog.one_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1))
    return one.stored_energy / (DAMPING * one.charger_energy) * power


def draw_shares(axes: Axes) -> None:
    """Energy over the Gaussian optimum at the same power."""
    below = 0.15 * (1 - np.geomspace(0.9, 1e-3, 60))
    pair = ly.catalog.two_photon_battery(drive=over(below), charger_damping=0.1, battery_damping=0.1)
    linear = ly.steady_state(pair)
    power = DAMPING * linear.charger_energy
    dashed = (0, (4, 2))
    axes.plot(power, linear.stored_energy / optimum(power), color="black", linestyle=dashed, label="$K = 0$")
    for kerr, colour in zip(WEAKER, plots.sequence(len(WEAKER)), strict=True):
        drive = over(np.linspace(0.02, 0.3, 29))
        pair = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
        found = ly.steady_state(limited(pair, kerr))
        power = DAMPING * found.charger_energy
        share = found.stored_energy / optimum(power)
        axes.plot(power, share, color=colour, label=rf"$K = {kerr:g}\,\Gamma$")
        crossing = ly.steady_state(limited(pair.replace(**{"TwoPhotonDrive(charger).amplitude": 0.15}), kerr))
        at = DAMPING * crossing.charger_energy
        axes.plot(at, crossing.stored_energy / optimum(at), "o", color=colour, markersize=3.5)
    axes.set_xscale("log")
    axes.set_xlim(1e-2, 20)
    axes.set_ylim(0.74, 1.0)
    axes.set_xlabel(r"input power ($\hbar\omega_0\Gamma$)")
    axes.set_ylabel(r"$E_B$ over the Gaussian optimum")
    axes.legend(loc="upper left", fontsize="small")


def main() -> None:
    found = {kind: steady(kind) for kind in PAIRS}
    with plots.publication():
        figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.8), layout="constrained")
        left, middle, right = figure.subplots(1, 3)
        draw_pairs(left, found, "drive")
        draw_pairs(middle, found, "power")
        left.set_ylabel(r"energy ($\hbar\omega_0$)")
        left.legend(loc="lower right", fontsize="x-small")
        kinds = [Line2D([], [], color="grey", linestyle=style) for style in ("-", "--")]
        middle.legend(kinds, ["stored", "ergotropy"], loc="lower right", fontsize="small")
        draw_shares(right)
        for letter, axes in zip("abc", (left, middle, right), strict=True):
            plots.panel_letter(axes, letter)
        figure.savefig(FOLDER / "threshold-worth.png", dpi=200)


if __name__ == "__main__":
    main()
