"""Claims about unequal rates and weights, Fig. 6 (C26 to C29), on the maps of `evidence.energy_maps`."""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper import parameters
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import LEVEL, Bench
from leyden.paper.evidence.curves import changes, named
from leyden.paper.evidence.energy_maps import GRID, READINGS, figure_map, map_of_energies
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check, place_of

# An optimum is worth its name from this gain on.
WORTHWHILE = 0.01


def _at_fixed_charger_damping(bench: Bench) -> xr.DataArray:
    """E_B over eta where kappa_a = Gamma stays and kappa_b falls: the other way to make the damping unequal."""
    ratio = axis("damping_ratio", np.linspace(1.0, 5.0, 9))
    device = bench.two_photon(drive=parameters.MAP_DRIVE, charger_damping=1.0, battery_damping=1 / ratio)
    return ly.steady_state(device).stored_energy


@claim("C26", "Fig. 6", "Stored energy and ergotropy fall as eta = kappa_a/kappa_b grows.")
def _damping_ratio_lowers_energy(bench: Bench) -> Case:
    """C26: E_B and W against eta, at fixed kappa_b."""
    change = changes(map_of_energies(bench.two_photon), "damping_ratio")
    opposite = changes(_at_fixed_charger_damping(bench), "damping_ratio")
    unstable = [(~figure_map(bench.two_photon, kappa).is_stable).mean() for kappa in parameters.MAP_BATTERY_DAMPINGS]
    return Case(
        (Check(change < -LEVEL),),
        "each step to a larger eta, at fixed kappa_b, xi and drive, lowers E_B and W.",
        "each step of 0.5 in eta lowers them by {fall[0]:.1e} to {fall[1]:.2f} of the larger value. (Where eta grows "
        "because kappa_b falls at fixed kappa_a = Gamma, E_B rises by {rise_at_fixed_charger_damping[0]:.2g} to "
        "{rise_at_fixed_charger_damping[1]:.2g} a step instead.) Of Fig. 6's own maps {figure_share_unstable[0]:.1%} "
        "at kappa_b = {figure_battery_dampings[0]:g} and {figure_share_unstable[1]:.1%} at kappa_b = "
        "{figure_battery_dampings[1]:g} is above threshold, without a steady state.",
        "kappa_a only adds to Lambda_a, which damps the charger and moves it away from threshold.",
        {
            "fall": [-change.max(), -change.min()],
            "rise_at_fixed_charger_damping": [opposite.min(), opposite.max()],
            "figure_battery_dampings": parameters.MAP_BATTERY_DAMPINGS,
            "figure_share_unstable": unstable,
        },
        GRID,
    )


@claim("C27", "Fig. 6", "Stored energy and ergotropy rise with xi = p_a/p_b at fixed eta.")
def _coupling_raises_energy(bench: Bench) -> Case:
    """C27: E_B and W against xi."""
    energies = map_of_energies(bench.two_photon)
    change = changes(energies, "weight_ratio")
    best = energies.weight_ratio.isel(weight_ratio=energies.argmax("weight_ratio"))
    inside = (best > energies.weight_ratio[0]) & (best < energies.weight_ratio[-1])
    strong, weak = (
        best.sel(weights=READINGS[0], quantity="E_B", battery_damping=kappa)
        for kappa in parameters.MAP_BATTERY_DAMPINGS
    )
    return Case(
        (Check((change > LEVEL).all("fraction")),),
        "each step to a larger xi, at fixed eta and kappa_b, raises E_B and W at all drives tried.",
        "in {share_with_interior_peak:.0%} of the rows E_B and W peak inside the range of xi. With p_a^2 + p_b^2 = 1, "
        "E_B is largest at xi = {best_at_strong_damping[0]:.2g} to {best_at_strong_damping[1]:.2g} for kappa_b = "
        "Gamma, and at xi = {best_at_weak_damping[0]:.2g} to {best_at_weak_damping[1]:.2g} for kappa_b = 0.1 Gamma.",
        "a larger p_a opens the channel, but also damps the charger through the shared bath; with normalised weights "
        "it takes from p_b, too. At small kappa_a the charger's extra damping wins from the start.",
        {
            "share_with_interior_peak": inside.mean(),
            "best_at_strong_damping": [strong.min(), strong.max()],
            "best_at_weak_damping": [weak.min(), weak.max()],
        },
        GRID,
    )


@claim("C28", "Fig. 6", "The sensitivity to xi is largest at small eta.")
def _sensitivity_largest_at_small_ratio(bench: Bench) -> Case:
    """C28: slope of E_B and W against xi, absolute and logarithmic, over eta."""
    energies = map_of_energies(bench.two_photon)
    slope = abs(energies.differentiate("weight_ratio"))
    relative = slope * energies.weight_ratio / energies
    steepest = named("measure", {"dE/dxi": slope, "dlnE/dlnxi": relative}).max("weight_ratio")
    first, last = steepest.isel(damping_ratio=0, drop=True), steepest.isel(damping_ratio=-1, drop=True)
    factor = last / first
    absolute, logarithmic = factor.sel(measure="dE/dxi"), factor.sel(measure="dlnE/dlnxi")
    return Case(
        (Check(first / steepest.max("damping_ratio") > 1 - LEVEL),),
        "of all eta tried, the smallest has the steepest slope |dE/dxi|, and the steepest logarithmic slope "
        "|dlnE/dlnxi|, at its steepest xi (E stands for E_B and for W).",
        "from eta = 1 to 5 the steepest slope changes by a factor {slope_factor[0]:.2g} to {slope_factor[1]:.3g}, the "
        "steepest logarithmic slope by a factor {logarithmic_slope_factor[0]:.2g} to "
        "{logarithmic_slope_factor[1]:.3g}.",
        "at small eta energies are larger, and mostly so are their slopes; in proportion, near threshold a weakly "
        "damped charger is the sensitive one, and far from it a strongly damped one.",
        {
            "slope_factor": [absolute.min(), absolute.max()],
            "logarithmic_slope_factor": [logarithmic.min(), logarithmic.max()],
        },
        GRID,
    )


@claim("C29", "abstract", "Under asymmetric loss, optimising the coupling to the shared bath improves performance.")
def _optimal_coupling_improves(bench: Bench) -> Case:
    """C29: E_B and W at the best xi, against equal weights."""
    energies = map_of_energies(bench.two_photon)
    factor = energies.max("weight_ratio") / energies.sel(weight_ratio=1.0, method="nearest", drop=True)
    symmetric, asymmetric = factor.isel(damping_ratio=0), factor.isel(damping_ratio=slice(1, None))
    return Case(
        (Check(asymmetric > 1 + WORTHWHILE),),
        f"at unequal damping (eta > 1) the best xi of the range gives over {WORTHWHILE:.0%} more E_B, or W, than "
        "xi = 1.",
        "the best xi gives {factor[0]:.4g} times the energy at xi = 1 ({lowest_factor_at}) to {factor[1]:.3g} times "
        "({highest_factor_at}), in the median {median_factor:.3g} times; at equal damping the median is "
        "{median_factor_at_equal_damping:.3g}, so that the gain is not owed to the asymmetry.",
        "the best xi balances the channel against the charger's extra damping; where that balance happens to lie at "
        "xi = 1 there is nothing to gain.",
        {
            "factor": [asymmetric.min(), asymmetric.max()],
            "lowest_factor_at": place_of(asymmetric, "lowest"),
            "highest_factor_at": place_of(asymmetric),
            "median_factor": asymmetric.median(),
            "median_factor_at_equal_damping": symmetric.median(),
        },
        GRID,
    )
