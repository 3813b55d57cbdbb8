"""Two photons against one, and one-way against reciprocal, beyond the Gaussian (C16, C21 to C23)."""

from __future__ import annotations

import xarray as xr

import leyden as ly
from leyden.paper.beyond.anharmonic import STRONG, Anharmonic
from leyden.paper.beyond.charging import UNKNOWN
from leyden.paper.beyond.register import trial
from leyden.paper.evidence.bench import LEVEL
from leyden.paper.evidence.curves import named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check, place_of


def _gain(devices: Anharmonic, name: str) -> xr.DataArray:
    """Two photons over one, at equal amplitude."""
    return devices.whole[name] / devices.one_photon_whole[name]


def _wins_above(gain: xr.DataArray) -> xr.DataArray:
    """Whether a gain exceeds one exactly on the strongest drives."""
    wins = (gain > 1).isel(drive=slice(None, None, -1))
    return wins.isel(drive=0, drop=True) & (wins.cumprod("drive") == wins).all("drive")


@trial("C16")
def _fourfold_energy(devices: Anharmonic) -> Case:
    """C16: steady E_1, one-way over reciprocal, with the same |J| and with the best of some."""
    drive, damping = axis("drive", devices.coherent), axis("damping", devices.lossy)
    rates = {"drive": drive, "damping": damping}
    one_way = ly.steady_state(devices.device(devices.one_photon, names=STRONG, **rates))
    coupling = 0.25 * axis("factor", devices.factors)
    both = devices.device(devices.reciprocal, names=STRONG, **rates, coupling=coupling, photons=1)
    two_way = ly.steady_state(both, method="fock")
    same = one_way.stored_energy / two_way.stored_energy.sel(factor=1.0, drop=True)
    best = one_way.stored_energy / two_way.stored_energy.max("factor")
    largest = named("against", {"the same |J|": same, "the best J": best}).max("damping")
    known = largest.notnull()
    return Case(
        (Check((largest > 3.8) & (largest < 4 * (1 + LEVEL)), "", known, "the reciprocal device does not fit"),),
        "over all dampings tried the largest ratio of steady energies comes within 5 % of four, and none exceeds four.",
        "against the same |J| it is {same[0]:.3g} ({same_lowest_at}) to {same[1]:.4g} ({same_highest_at}), against the "
        "best of the J tried {best[0]:.3g} to {best[1]:.3g}.",
        "of a linear device the ratio is 4 [(kappa_a kappa_b + g^2)/(Lambda_a Lambda_b)]^2, whatever the drive; with a "
        "limit it depends on the drive.",
        {
            "same": [same.min(), same.max()],
            "same_lowest_at": place_of(same, "lowest"),
            "same_highest_at": place_of(same),
            "best": [best.min(), best.max()],
        },
        {
            **devices.grid,
            "damping": list(devices.lossy),
            "factor": list(devices.factors),
            "method": [one_way.attrs["method"], two_way.attrs["method"]],
        },
    )


@trial("C21")
def _two_photons_win(devices: Anharmonic) -> Case:
    """C21: whether the gains exceed one on the strongest drives."""
    energy = devices.steady.stored_energy / devices.one_photon_steady.stored_energy
    work = _gain(devices, "ergotropy")
    onset = devices.drive.where(energy > 1).min("drive")
    return Case(
        (
            Check(_wins_above(energy), "E_2/E_1 > 1 above a drive"),
            Check(_wins_above(work), "W_2/W_1 > 1 above a drive", work.isel(drive=-1, drop=True).notnull(), UNKNOWN),
        ),
        "in the steady state E_2/E_1, and W_2/W_1, exceeds one exactly on the strongest of the drives tried, at each "
        "damping, with the same limit on both chargers.",
        "E_2/E_1 is {energy[0]:.3g} ({energy_lowest_at}) to {energy[1]:.3g} ({energy_highest_at}); where two photons "
        "win, they do so from eps = {onset[0]:.3g} to {onset[1]:.3g} on. W_2/W_1, with the strong limits, is "
        "{work[0]:.3g} ({work_lowest_at}) to {work[1]:.3g}.",
        "without a limit the gain diverges at the threshold; a limit leaves it finite, the smaller the stronger it is.",
        {
            "energy": [energy.min(), energy.max()],
            "energy_lowest_at": place_of(energy, "lowest"),
            "energy_highest_at": place_of(energy),
            "onset": [onset.min(), onset.max()],
            "work": [work.min(), work.max()],
            "work_lowest_at": place_of(work, "lowest"),
        },
        {**devices.grid, "method": [devices.steady.attrs["method"], devices.whole.attrs["method"]]},
    )


@trial("C22")
def _relative_gain_below_one(devices: Anharmonic) -> Case:
    """C22: largest value of ratio (16)."""
    ratio = _gain(devices, "ergotropy") / _gain(devices, "stored_energy")
    one = devices.one_photon_whole.utilization_ratio
    return Case(
        (Check(ratio < 1 - LEVEL, "", ratio.notnull(), UNKNOWN),),
        "the ratio is below one in the steady state.",
        "the largest value found is {largest:.4g} ({largest_at}). The one-photon battery's utilization, exactly one "
        "without a limit, is {one_photon[0]:.4g} to {one_photon[1]:.4g}.",
        "a charger with a limit is no longer in a coherent state, and W_1 falls below E_1, too.",
        {"largest": ratio.max(), "largest_at": place_of(ratio), "one_photon": [one.min(), one.max()]},
        {**devices.grid, "method": devices.whole.attrs["method"]},
    )


@trial("C23")
def _one_photon_performs_better(devices: Anharmonic) -> Case:
    """C23: where the ratio is below one, whether one photon gives more, in share and in amount."""
    names = {"share W/E": "utilization_ratio", "work W": "ergotropy", "energy E": "stored_energy"}
    gain = named("quantity", {symbol: _gain(devices, name) for symbol, name in names.items()})
    work, energy = gain.sel(quantity="work W", drop=True), gain.sel(quantity="energy E", drop=True)
    below = (work / energy < 1) & work.notnull()
    return Case(
        (Check(gain < 1, applies=below, idle="the ratio is not below one, or not known"),),
        "wherever the ratio is below one in the steady state, one photon must give more: more work W, more energy E, "
        "and a larger share W/E.",
        "the ratio is below one at {devices_below_one} of {devices} devices. There two photons give {work_gain[0]:.2g} "
        "to {work_gain[1]:.3g} times the work, and {energy_gain[0]:.3g} to {energy_gain[1]:.3g} times the energy.",
        "a smaller share of a larger amount can be more.",
        {
            "devices_below_one": below.sum(),
            "devices": work.notnull().sum(),
            "work_gain": [work.where(below).min(), work.where(below).max()],
            "energy_gain": [energy.where(below).min(), energy.where(below).max()],
        },
        {**devices.grid, "method": devices.whole.attrs["method"]},
    )
