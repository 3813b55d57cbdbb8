"""Claims about squeezing, dissipation and entropy (C24 and C30)."""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import LEVEL, Bench
from leyden.paper.evidence.curves import changes, named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check


def _principal_variances(steady: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray]:
    """V_+ and V_- of the battery: their sum is 2 E + 1, their product (passive energy + 1/2)^2."""
    half_sum = steady.stored_energy + 0.5
    half_difference = (steady.ergotropy * (steady.stored_energy + steady.passive_energy + 1)) ** 0.5
    return half_sum + half_difference, half_sum - half_difference


def _squeezing(steady: xr.Dataset) -> xr.DataArray:
    amplified, squeezed = _principal_variances(steady)
    return amplified / squeezed


def _share_after_switching_off(bench: Bench) -> xr.DataArray:
    """Passive share of the charged battery while its bath alone acts on it, over (..., time) in decay times."""
    # A one-mode network started with the battery's two principal variances.
    amplified, squeezed = _principal_variances(bench.two_photon_steady)
    variances = np.stack([amplified.values, squeezed.values], axis=-1)
    covariance = variances[..., :, None] * np.eye(2)
    start = ly.GaussianState.from_moments(np.zeros_like(variances), covariance)
    battery = ly.Network([ly.Mode("battery")], [ly.LocalBath("battery", 1.0)], charger="battery", battery="battery")
    decay = ly.charge(battery, np.linspace(0.0, 3.0, 31), initial=start)
    share = (decay.passive_energy / decay.stored_energy).values
    return xr.DataArray(share, {**amplified.coords, "time": decay.time.values}, (*amplified.dims, "time"))


@claim(
    "C24", "Sec. III.2", "Squeezing makes part of the stored energy unextractable, and dissipation releases that part."
)
def _dissipation_releases(bench: Bench) -> Case:
    """C24: passive energy against squeezing and damping."""
    two, one, doubled = bench.two_photon_steady, bench.one_photon_steady, bench.doubled_damping_steady
    share = two.passive_energy / two.stored_energy
    locked = (two.passive_energy > LEVEL * two.stored_energy) & (one.passive_energy <= LEVEL * one.stored_energy)
    squeezing, with_drive = changes(_squeezing(two), "fraction"), changes(share, "fraction")
    with_damping = doubled.passive_energy / doubled.stored_energy / share - 1
    decay = _share_after_switching_off(bench).diff("time")
    pure = ly.states.squeezed(1.0)
    return Case(
        (
            Check(locked, "part of the energy is unextractable, with one photon none is"),
            Check(
                with_drive > LEVEL,
                "that share grows with squeezing",
                squeezing > LEVEL,
                "a stronger drive does not squeeze more",
            ),
            Check(with_damping < -LEVEL, "damping lowers that share"),
            Check((decay < -LEVEL).all("time"), "after switching off, the bath lowers that share"),
        ),
        "in the steady state, part of E_B is passive where W_1 = E_1; its share in E_B grows with each step of the "
        "drive that squeezes more (V_+/V_-); it falls when kappa is doubled at the same drive, or falls in time when "
        "the charged battery is left to a cold bath alone.",
        "the passive share is {passive_share[0]:.3g} to {passive_share[1]:.3g}. Each step of the drive lowers it by "
        "{fall_with_drive[0]:.1e} to {fall_with_drive[1]:.2g} of its value, while V_+/V_- rises; doubling kappa raises "
        "it by {rise_with_damping[0]:.1e} to {rise_with_damping[1]:.2g} of its value and leaves at most "
        "{work_left:.3g} of the work; under the bath alone it rises by at least {rise_after_switching_off:.1e} in each "
        "tenth of a decay time. A pure squeezed vacuum with {pure_quanta:.3g} quanta has passive energy "
        "{pure_passive_energy:.0e}.",
        "what cannot be extracted is due to mixedness, not to squeezing: the battery shares correlations with charger "
        "and bath. Damping raises mixedness in proportion, and takes passive energy away only together with work.",
        {
            "passive_share": [share.min(), share.max()],
            "fall_with_drive": [-with_drive.max(), -with_drive.min()],
            "rise_with_damping": [with_damping.min(), with_damping.max()],
            "work_left": (doubled.ergotropy / two.ergotropy).max(),
            "rise_after_switching_off": decay.min(),
            "pure_quanta": ly.merit.energy(pure, 0),
            "pure_passive_energy": ly.merit.passive_energy(pure, 0),
        },
        bench.grid,
    )


def _entropy(steady: xr.Dataset) -> xr.DataArray:
    """Von Neumann entropy of the battery: that of the thermal state which is left when all work is taken out."""
    thermal = ly.states.thermal(np.maximum(steady.passive_energy.values, 0.0)[..., None])
    return steady.passive_energy.copy(data=ly.states.entropy(thermal))


def _per_energy(steady: xr.Dataset) -> xr.DataArray:
    return _entropy(steady) / steady.stored_energy


def _warm_onset(bench: Bench, occupation: xr.DataArray) -> xr.DataArray:
    """Weakest drive, in units of the critical one, from which S/E is lower with two photons at all dampings."""
    per_energy = [
        _per_energy(
            ly.steady_state(
                bench.symmetric(
                    build, drive=bench.drive, damping=bench.damping, occupation=occupation + 0 * bench.drive
                )
            )
        )
        for build in (bench.two_photon, bench.one_photon)
    ]
    return bench.fraction.where((per_energy[0] < per_energy[1]).all(["damping", "weights"])).min("fraction")


@claim("C30", "abstract", "Compared with one photon, two-photon driving has an advantage in entropy regulation.")
def _entropy_advantage(bench: Bench) -> Case:
    """C30: entropy of the battery, absolute and for each stored quantum, against the one-photon battery's."""
    two, one = bench.two_photon_steady, bench.one_photon_steady
    entropy = named("quantity", {"S": _entropy(two), "S/E": _per_energy(two)})
    reference = named("quantity", {"S": _entropy(one), "S/E": _per_energy(one)})
    absolute, per_energy = entropy.sel(quantity="S"), entropy.sel(quantity="S/E")
    occupation = axis("occupation", (0.01, 0.1, 1.0))
    return Case(
        (Check(entropy < reference - LEVEL),),
        "at equal drive amplitude and zero temperature, the steady battery has less entropy S, or less entropy for "
        "each stored quantum S/E, with two photons than with one.",
        "two photons: S = {entropy[0]:.2g} to {entropy[1]:.3g} nat, S/E = {entropy_per_energy[0]:.2g} to "
        "{entropy_per_energy[1]:.3g}; one photon: at most {one_photon_entropy:.0e}. Stronger two-photon driving does "
        "lower its own S/E, by at least {fall_with_drive:.1%} a step, towards a bound that one photon attains. Beyond "
        "the paper's zero temperature there is an advantage: in baths with n = {occupations[0]:g}, {occupations[1]:g}, "
        "{occupations[2]:g} S/E is lower with two photons at all dampings from eps/eps_c = {warm_onsets[0]:g}, "
        "{warm_onsets[1]:g}, {warm_onsets[2]:g} on.",
        "a coherent drive displaces the vacuum and leaves it pure; a two-photon drive makes pairs whose partners are "
        "shared with charger and bath. In a warm bath both batteries are mixed, and near threshold the two-photon one "
        "holds far more energy for its entropy.",
        {
            "entropy": [absolute.min(), absolute.max()],
            "entropy_per_energy": [per_energy.min(), per_energy.max()],
            "one_photon_entropy": reference.max(),
            "fall_with_drive": -changes(per_energy, "fraction").max(),
            "occupations": occupation,
            "warm_onsets": _warm_onset(bench, occupation),
        },
        bench.grid,
    )
