"""Unequal dampings and weights beyond the Gaussian (C26 and C27)."""

from __future__ import annotations

import xarray as xr

from leyden.paper.beyond.anharmonic import Anharmonic
from leyden.paper.beyond.charging import STILL
from leyden.paper.beyond.register import trial
from leyden.paper.evidence.curves import changes
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.judging import Check, place_of


def _about(devices: Anharmonic, found: xr.Dataset) -> dict[str, object]:
    return {**devices.grid, "method": found.attrs["method"]}


@trial("C26")
def _damping_ratio_lowers_energy(devices: Anharmonic) -> Case:
    """C26: E_B against eta, at fixed kappa_b."""
    found = devices.unequal
    change = changes(found.stored_energy, "damping_ratio")
    return Case(
        (Check(change < -STILL, "E_B"),),
        "each step to a larger eta, at fixed kappa_b, xi and drive, lowers E_B.",
        "a step lowers it by {fall[0]:.2g} ({least_at}) to {fall[1]:.2g} of the larger value.",
        "kappa_a only adds to Lambda_a, and whatever damps the charger lowers its energy.",
        {"fall": [-change.max(), -change.min()], "least_at": place_of(change)},
        _about(devices, found),
    )


@trial("C27")
def _coupling_raises_energy(devices: Anharmonic) -> Case:
    """C27: E_B against xi."""
    found = devices.unequal
    energies = found.stored_energy
    change = changes(energies, "weight_ratio")
    best = energies.weight_ratio.isel(weight_ratio=energies.argmax("weight_ratio"))
    inside = (best > energies.weight_ratio[0]) & (best < energies.weight_ratio[-1])
    return Case(
        (Check((change > STILL).all("weight_ratio"), "E_B"),),
        "each step to a larger xi, at fixed eta, kappa_b and drive, raises E_B.",
        "in {share_with_interior_peak:.0%} of the rows E_B peaks inside the range of xi, at {best[0]:.2g} to "
        "{best[1]:.2g}.",
        "a larger p_a opens the channel but damps the charger, and with normalised weights it takes from p_b.",
        {"share_with_interior_peak": inside.mean(), "best": [best.min(), best.max()]},
        _about(devices, found),
    )
