"""Claims that compare two photons with one; Figs. 4 and 5 (C17 to C23). Subscripts: 2 two-photon, 1 one-photon."""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper import parameters
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import LEVEL, Bench
from leyden.paper.evidence.curves import FALLS, FALLS_THEN_RISES, RISES_THEN_FALLS, changes, course, named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check, place_of


def _gain(bench: Bench, name: str) -> xr.DataArray:
    """Two-photon over one-photon, at equal drive amplitude and time."""
    return bench.two_photon_run[name] / bench.one_photon_run[name]


def _steady_gain(bench: Bench, name: str) -> xr.DataArray:
    return bench.two_photon_steady[name] / bench.one_photon_steady[name]


def _grid(bench: Bench) -> dict[str, object]:
    return {**bench.grid, "one_photon_drive": "same amplitude eps"}


def _gain_at_fixed_drive(bench: Bench) -> xr.Dataset:
    """Steady E_2/E_1 and W_2/W_1 over (fraction, damping, weights), eps held while kappa grows from zero."""
    # eps in units of the critical drive without local damping, so that every point is stable.
    damping = axis("damping", [0.0, *bench.dampings])
    drive = bench.fraction * bench.critical_drive(0.0)
    two, one = (
        ly.steady_state(bench.symmetric(build, drive=drive, damping=damping))
        for build in (bench.two_photon, bench.one_photon)
    )
    return xr.Dataset({"energy": two.stored_energy / one.stored_energy, "ergotropy": two.ergotropy / one.ergotropy})


@claim("C17", "Fig. 4a", "The gain E_2/E_1 of two photons over one falls monotonically in time.")
def _energy_gain_falls(bench: Bench) -> Case:
    """C17: course of E_2/E_1 in time."""
    gain = _gain(bench, "stored_energy")
    last = gain.isel(instant=-1)
    return Case(
        (Check(course(gain) == FALLS),),
        "E_2/E_1 never rises by more than 1e-9 of itself from one instant to the next.",
        "it sets out from {first:.4g} and ends between {last[0]:.4g} and {last[1]:.4g} ({last_highest_at}).",
        "both start as t^4, four to one. Then the slower device decides: the one-photon battery settles at the rate "
        "Lambda/2, the two-photon battery at Lambda - 4 eps, which is slower above half the critical drive. (Just "
        "above it the rise comes so late that it is far below any digit.)",
        {
            "first": gain.isel(instant=0).mean(),
            "last": [last.min(), last.max()],
            "last_highest_at": place_of(last),
        },
        _grid(bench),
    )


@claim(
    "C18",
    "Fig. 4b",
    "At strong drive E_2/E_1 falls and then rises, and a larger drive gives a larger ratio at any time.",
)
def _energy_gain_recovers(bench: Bench) -> Case:
    """C18: course of E_2/E_1 at strong drive, and its growth with eps."""
    gain = _gain(bench, "stored_energy")
    recovers = course(gain) == FALLS_THEN_RISES
    # "At strong drive": from some drive on, whatever it is, up to the strongest one tried.
    from_on = recovers.isel(fraction=slice(None, None, -1)).cumprod("fraction").astype(bool)
    onset = bench.fraction.where(from_on).min("fraction")
    growth = changes(gain, "fraction").min("instant")
    return Case(
        (
            Check(from_on.any("fraction"), "falls, then rises, from some drive up to threshold"),
            Check(growth > LEVEL, "larger at larger drive"),
        ),
        "at each damping there is a drive from which on E_2/E_1 falls once and then rises once, at all stronger drives "
        "tried; and each step to a stronger drive raises E_2/E_1 at every instant by more than 1e-9.",
        "the first such drive is {onset[0]:.3g} to {onset[1]:.3g} of the critical one; the smallest gain of a step is "
        "{smallest_growth:.1e} (at the earliest instant, when all start from four).",
        "above half the critical drive the two-photon battery is the slower one and still rises when the other has "
        "settled.",
        {"onset": [onset.min(), onset.max()], "smallest_growth": growth.min()},
        _grid(bench),
    )


def _damping_of_equality(bench: Bench) -> float:
    """kappa at which the steady W_2/W_1 crosses one at the figures' drive, normalised weights; NaN if it does not."""
    damping = axis("damping", np.geomspace(1e-3, 1.0, 601))
    rates = {"drive": parameters.DRIVE + 0 * damping, "charger_damping": damping, "battery_damping": damping}
    work = [ly.steady_state(build(**rates)).ergotropy for build in (bench.two_photon, bench.one_photon)]
    above = (work[0] / work[1] > 1).values
    crossing = np.flatnonzero(above[:-1] & ~above[1:])
    return float(damping[crossing[0]]) if len(crossing) else float("nan")


@claim("C19", "Fig. 4c", "W_2/W_1 rises, then decays to a plateau, and at some local damping the plateau equals one.")
def _ergotropy_gain_peaks(bench: Bench) -> Case:
    """C19: course of W_2/W_1, and whether its plateau crosses one."""
    gain = _gain(bench, "ergotropy")
    flat = abs(gain.isel(instant=-1) / gain.sel(instant=0.5) - 1) < 1e-6
    plateau = _gain_at_fixed_drive(bench).ergotropy
    without, most = plateau.isel(damping=0, drop=True), plateau.isel(damping=-1, drop=True)
    return Case(
        (
            Check((course(gain) == RISES_THEN_FALLS) & flat, "rises, then decays to a plateau"),
            Check((without >= 1) & (most <= 1), "equals one at some damping"),
        ),
        "W_2/W_1 rises once and falls once (changes below 1e-9 count as none) and then stays; and at fixed eps its "
        "plateau is at least one without local damping and at most one at the largest damping.",
        "over all fixed drives the plateau is at least {least_without_damping:.7g} without local damping and at most "
        "{most_at_largest_damping:.3g} at the largest. At the figures' eps = {figure_drive:g} it equals one at "
        "kappa = {damping_of_equality:.3g}.",
        "without local damping and at weak drive the plateau is (g/Lambda)^2 = 1; damping lowers it, drive raises it. "
        "Above half the critical drive W_2 settles last, and the ratio ends on a rise.",
        {
            "least_without_damping": without.min(),
            "most_at_largest_damping": most.max(),
            "figure_drive": parameters.DRIVE,
            "damping_of_equality": _damping_of_equality(bench),
        },
        _grid(bench),
    )


@claim("C20", "Fig. 4d", "W_2/W_1 grows with the drive at any time.")
def _ergotropy_gain_grows(bench: Bench) -> Case:
    """C20: W_2/W_1 against eps, at all times."""
    growth = changes(_gain(bench, "ergotropy"), "fraction").min("instant")
    return Case(
        (Check(growth > LEVEL),),
        "each step to a stronger drive on the grid raises W_2/W_1 at every instant by more than 1e-9 of itself.",
        "the smallest gain of a step is {smallest_growth:.1e} (at the earliest instant, when W_2/W_1 does not yet "
        "depend on the drive), and {smallest_steady_growth:.1e} in the steady state.",
        "W_1 grows as eps^2, W_2 faster, because the amplified quadrature responds to 1/(Lambda - 4 eps).",
        {
            "smallest_growth": growth.min(),
            "smallest_steady_growth": changes(_steady_gain(bench, "ergotropy"), "fraction").min(),
        },
        _grid(bench),
    )


@claim(
    "C21", "Fig. 4c, d", "Below some damping, or above some drive, two photons win in stored energy and in ergotropy."
)
def _two_photons_win(bench: Bench) -> Case:
    """C21: whether both gains exceed one on a lower set of dampings and on an upper set of drives."""
    fixed = _gain_at_fixed_drive(bench)
    wins = (fixed.energy > 1) & (fixed.ergotropy > 1)
    below = wins.isel(damping=0, drop=True) & (wins.cumprod("damping") == wins).all("damping")
    energy, work = _steady_gain(bench, "stored_energy"), _steady_gain(bench, "ergotropy")
    strong = ((energy > 1) & (work > 1)).isel(fraction=slice(None, None, -1))
    above = strong.isel(fraction=0, drop=True) & (strong.cumprod("fraction") == strong).all("fraction")
    onset = bench.fraction.where(strong).min("fraction").isel(weights=0)
    return Case(
        (Check(below, "below a damping, at fixed drive"), Check(above, "above a drive, at fixed damping")),
        "in the steady state, both E_2/E_1 and W_2/W_1 exceed one exactly on the smallest dampings (kappa = 0 "
        "included) at each drive, and exactly on the strongest drives at each damping.",
        "E_2/E_1 is at least {smallest_energy_gain:.4g} everywhere, so that ergotropy decides; with normalised weights "
        "it wins from eps/eps_c = {weak_damping_onset:.3g} on at the smallest damping tried and from "
        "{strong_damping_onset:.3g} on at the largest. (Early on two photons lose at any drive: W_2/W_1 starts from "
        "{first_ergotropy_gain:.1e}.)",
        "E_2/E_1 = 1.5/[(1 - x^2)(1 - x^2/4)] with x = eps/eps_c; W_2/W_1 is (g/Lambda)^2 at weak drive and diverges "
        "at threshold.",
        {
            "smallest_energy_gain": energy.min(),
            "weak_damping_onset": onset.isel(damping=0),
            "strong_damping_onset": onset.isel(damping=-1),
            "first_ergotropy_gain": _gain(bench, "ergotropy").isel(instant=0).max(),
        },
        _grid(bench),
    )


@claim("C22", "Fig. 5", "The ratio (W_2/W_1)/(E_2/E_1) stays below one.")
def _relative_gain_below_one(bench: Bench) -> Case:
    """C22: largest value of ratio (16)."""
    ratio = (_gain(bench, "ergotropy") / _gain(bench, "stored_energy")).max("instant")
    return Case(
        (Check(ratio < 1 - LEVEL),),
        "the largest value over time is below one.",
        "the largest value found is {largest:.4g}, {margin:.2g} below one, at {largest_at}.",
        "the one-photon battery is in a coherent state, W_1 = E_1 (its utilization differs from one by at most "
        f"{float(abs(bench.one_photon_run.utilization_ratio - 1).max()):.0e}), so that the ratio is the utilization R "
        "of the two-photon battery, whose state is mixed.",
        {"largest": ratio.max(), "margin": 1 - ratio.max(), "largest_at": place_of(ratio)},
        _grid(bench),
    )


@claim("C23", "Fig. 5", "Hence, because that ratio is below one, the one-photon battery performs better.")
def _one_photon_performs_better(bench: Bench) -> Case:
    """C23: where the ratio is below one, whether one photon gives more, in share and in amount."""
    names = {"share W/E": "utilization_ratio", "work W": "ergotropy", "energy E": "stored_energy"}
    gain = named("quantity", {symbol: _steady_gain(bench, name) for symbol, name in names.items()})
    work, energy = gain.sel(quantity="work W", drop=True), gain.sel(quantity="energy E", drop=True)
    below = work / energy < 1
    return Case(
        (Check(gain < 1, applies=below, idle="the ratio is not below one"),),
        "wherever the ratio is below one in the steady state, one photon must give more: more work W, more energy E, "
        "and, the only thing that the ratio itself compares, a larger share W/E.",
        "the ratio is below one at {devices_below_one} of {devices} devices. There two photons give {work_gain[0]:.2g} "
        "({work_gain_lowest_at}) to {work_gain[1]:.3g} ({work_gain_highest_at}) times the work, and "
        "{energy_gain[0]:.3g} to {energy_gain[1]:.4g} times the energy.",
        "a smaller share of a larger amount can be more: the conclusion confuses the two.",
        {
            "devices_below_one": below.sum(),
            "devices": below.size,
            "work_gain": [work.where(below).min(), work.where(below).max()],
            "work_gain_lowest_at": place_of(work, "lowest"),
            "work_gain_highest_at": place_of(work),
            "energy_gain": [energy.where(below).min(), energy.where(below).max()],
        },
        _grid(bench),
    )
