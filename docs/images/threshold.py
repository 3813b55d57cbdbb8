"""Draw two pictures of docs/threshold.md: `python docs/images/threshold.py` (a minute).

The paper's pair from no drive to twice its threshold, with a Kerr term or two-photon loss on its charger; and how its
energies at the threshold grow as that limit goes to zero.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import leyden as ly
from leyden import closed_form, plots

FOLDER = Path(__file__).parent
RATES = {"charger_damping": 0.1, "battery_damping": 0.1}
THRESHOLD, DAMPING, COUPLING = 0.15, 0.6, 0.5  # eps_c, Lambda of both modes, and g
LIMITS = {"Kerr": ly.Kerr, "two-photon loss": ly.TwoPhotonLoss}
SYMBOLS = {"Kerr": "K", "two-photon loss": r"\eta"}
STRENGTHS = (1.0, 0.3, 0.1, 0.03)
# Strengths of which the battery's whole state is a matter of seconds, and those that are charged in time.
WHOLE, CHARGED = (1.0, 0.3, 0.1), (1.0, 0.3, 0.1)
SHARES = np.concatenate([np.geomspace(0.02, 0.15, 8), np.linspace(0.2, 2.0, 37)])
FEW_SHARES = np.concatenate([[0.03, 0.06, 0.1], np.linspace(0.2, 2.0, 10)])
NEAR = np.concatenate([SHARES[SHARES < 0.96], [0.97, 0.98, 0.99, 0.995]])
# Where trajectories are followed, with the weakest of the limits.
CLOUDS = (0.6, 1.0, 1.4, 2.0)
# The slope of the energies at threshold, and the exponent of strength over Lambda.
LAWS = {
    "Kerr": (closed_form.threshold_energy_by_kerr(kerr=1.0, damping=1.0), 2 / 3),
    "two-photon loss": (closed_form.threshold_energy_by_two_photon_loss(two_photon_loss=1.0, damping=1.0), 1 / 2),
}


def drives(shares: np.ndarray) -> xr.DataArray:
    return xr.DataArray(shares * THRESHOLD, {"share": shares}, ("share",))


def device(drive: object, limit: str = "", strength: object = 0.0) -> ly.Network:
    pair = ly.catalog.two_photon_battery(drive=drive, **RATES)
    limits = [LIMITS[limit]("charger", strength)] if limit else []
    return ly.Network(pair.modes, [*pair.elements, *limits], charger="charger", battery="battery")


def whole(limit: str, strength: float) -> tuple[list[float], list[float]]:
    """Steady ergotropy and purity of the battery, where its whole state is known well enough."""
    found: list[tuple[float, float]] = []
    for share in FEW_SHARES:
        state = ly.steady_state(device(share * THRESHOLD, limit, strength), whole_state=True)
        is_known = state.attrs["whole_state_error"] < 1e-6
        found.append((float(state.ergotropy), float(state.purity)) if is_known else (np.nan, np.nan))
        print(limit, strength, share, found[-1])
    return tuple(map(list, zip(*found, strict=True)))


def classical(limit: str, strength: float) -> xr.DataArray:
    """Energy of the battery by mean field, from a third above the threshold on."""
    above = SHARES[SHARES > 1.3]
    return ly.steady_state(device(drives(above), limit, strength), method="mean_field").stored_energy


def largest_power(limit: str, strength: float) -> xr.DataArray:
    run = ly.charge(device(drives(FEW_SHARES), limit, strength), np.linspace(0.0, 30.0, 121))
    return run.charging_power.max("time")


def draw_clouds(axes: Axes, limit: str, strength: float, colour: str) -> None:
    """Energies by trajectories, with their standard errors."""
    for share in CLOUDS:
        middle = ly.TruncatedWigner(trajectories=4000, seed=1)
        found = ly.steady_state(device(share * THRESHOLD, limit, strength), method=middle)
        value, error = float(found.stored_energy), float(found.stored_energy_error)
        looks = {"color": colour, "marker": "s", "markersize": 3.5, "markeredgecolor": "black"}
        axes.errorbar(share, value, error, zorder=4, clip_on=False, **looks)
        print(limit, strength, share, f"{value:.4f} +- {error:.4f}", found.attrs["validity"])


def draw_limit(column: list[Axes], limit: str) -> list[Line2D]:
    """Energy, ergotropy, power and purity with one kind of limit; lines of its strengths."""
    energy, work, power, purity = column
    below = NEAR
    exact = ly.steady_state(device(drives(below)))
    gaussian = {"color": "black", "linestyle": (0, (4, 2)), "linewidth": 1.1}
    energy.plot(below, exact.stored_energy, **gaussian)
    work.plot(below, exact.ergotropy, **gaussian)
    purity.plot(below, exact.purity, **gaussian)
    run = ly.charge(device(drives(below)), np.linspace(0.0, 400.0, 1601))
    power.plot(below, run.charging_power.max("time"), **gaussian)
    lines: list[Line2D] = []
    for strength, colour in zip(STRENGTHS, plots.sequence(len(STRENGTHS)), strict=True):
        found = ly.steady_state(device(drives(SHARES), limit, strength))
        name = rf"${SYMBOLS[limit]} = {strength:g}\,\Gamma$"
        lines += energy.plot(SHARES, found.stored_energy, color=colour, label=name)
        mean = classical(limit, strength)
        energy.plot(SHARES[SHARES > 1.3], mean, color=colour, linestyle=":", linewidth=1.6)
        if strength < 0.3:  # two coherent states, by chance one or the other: half a quantum is passive
            work.plot(SHARES[SHARES > 1.3], mean - 0.5, color=colour, linestyle=":", linewidth=1.6)
        if strength in WHOLE:
            for axes, values in zip((work, purity), whole(limit, strength), strict=True):
                axes.plot(FEW_SHARES, values, color=colour, marker="o", markersize=2.5)
        if strength in CHARGED:
            power.plot(FEW_SHARES, largest_power(limit, strength), color=colour)
    draw_clouds(energy, limit, strength, colour)
    return lines


def draw_curves() -> Figure:
    figure = Figure(figsize=(plots.DOUBLE_COLUMN, 8.2), layout="constrained")
    grid = figure.subplots(4, 2, sharex=True, sharey="row")
    for place, limit in enumerate(LIMITS):
        column = list(grid[:, place])
        lines = draw_limit(column, limit)
        column[0].set_title(f"{limit} on the charger")
        column[0].legend(handles=lines, loc="lower right", fontsize="small")
        for axes in column:
            axes.axvline(1.0, color="grey", linewidth=0.6)
        column[-1].set_xlabel(r"drive $\epsilon / \epsilon_\mathrm{c}$")
    labels = (r"$E_B$ ($\hbar\omega_0$)", r"$W$ ($\hbar\omega_0$)", r"largest $P$ ($\hbar\omega_0\Gamma$)", "purity")
    for axes, label in zip(grid[:, 0], labels, strict=True):
        axes.set_ylabel(label)
    for axes, lowest, highest in ((grid[0, 0], 1e-3, 200), (grid[1, 0], 1e-3, 200), (grid[2, 0], 1e-4, 4)):
        axes.set_yscale("log")
        axes.set_ylim(lowest, highest)
    grid[3, 0].set_ylim(0, 1)
    grid[0, 0].set_xlim(0, 2)
    styles = [("black", (0, (4, 2)), "Gaussian, no limit"), ("grey", "-", "exact"), ("grey", ":", "mean field")]
    handles = [Line2D([], [], color=colour, linestyle=style) for colour, style, _ in styles]
    handles.append(Line2D([], [], color="grey", marker="s", linestyle="none", markeredgecolor="black", markersize=3.5))
    grid[3, 0].legend(handles, [*(name for *_, name in styles), "truncated Wigner"], loc="lower left", fontsize="small")
    for letter, axes in zip("abcdefgh", grid.T.ravel(), strict=True):
        plots.panel_letter(axes, letter)
    return figure


def at_threshold(limit: str) -> tuple[np.ndarray, xr.Dataset]:
    """(strength/Lambda)^exponent and steady states at the threshold, times that."""
    strengths = np.geomspace(0.004 if limit == "Kerr" else 0.0015, 0.3, 13)
    found = ly.steady_state(device(THRESHOLD, limit, xr.DataArray(strengths, dims="strength")))
    small = (strengths / DAMPING) ** LAWS[limit][1]
    return small, found[["charger_energy", "stored_energy"]] * small


def draw_scaling() -> Figure:
    figure = Figure(figsize=(plots.DOUBLE_COLUMN, 2.9), layout="constrained")
    pair = figure.subplots(1, 2)
    colours = plots.QUALITATIVE["blue"], plots.QUALITATIVE["vermilion"]
    labels = (
        r"$E_j\,(K/\Lambda_a)^{2/3}$ and $(K/\Lambda_a)^{2/3}$",
        r"$E_j\,(\eta/\Lambda_a)^{1/2}$ and $(\eta/\Lambda_a)^{1/2}$",
    )
    for axes, limit, label in zip(pair, LIMITS, labels, strict=True):
        small, scaled = at_threshold(limit)
        slope, _ = LAWS[limit]
        along = np.linspace(0, small[-1], 100)
        rows = (
            ("stored_energy", slope * (2 * COUPLING / DAMPING) ** 2, "battery"),
            ("charger_energy", slope, "charger"),
        )
        for colour, (name, end, mode) in zip(colours, rows, strict=True):
            axes.plot(small, scaled[name], "o", color=colour, markersize=3.5, label=mode)
            fit = np.polynomial.Polynomial.fit(small[:7], scaled[name].values[:7], 4)
            near = along[along <= small[7]]
            axes.plot(near, fit(near), color=colour, linewidth=0.9)
            axes.plot(0, end, marker="*", color=colour, markersize=9, clip_on=False, zorder=4)
        axes.set_xlim(0, 1.03 * small[-1])
        axes.set_ylim(0, 0.9)
        left, right = label.split(" and ")
        axes.set_ylabel(left)
        axes.set_xlabel(right)
        axes.legend(loc="upper right", fontsize="small")
    for letter, axes in zip("ab", pair, strict=True):
        plots.panel_letter(axes, letter)
    return figure


def main() -> None:
    with plots.publication():
        draw_curves().savefig(FOLDER / "threshold.png", dpi=200)
        draw_scaling().savefig(FOLDER / "threshold-scaling.png", dpi=200)


if __name__ == "__main__":
    main()
