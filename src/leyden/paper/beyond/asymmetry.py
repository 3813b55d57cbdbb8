"""Unequal dampings and weights beyond the Gaussian (C26 and C27)."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.beyond.anharmonic import Anharmonic
from leyden.paper.beyond.charging import STILL
from leyden.paper.beyond.register import trial
from leyden.paper.evidence.curves import changes
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check, place_of

# kappa_a/kappa_b and p_a/p_b of Fig. 6, at its kappa_b and at a smaller one; drives below and above their thresholds.
RATIOS, WEIGHTS, BATTERY_DAMPINGS, DRIVES = (1.0, 2.0, 3.5, 5.0), (0.3, 0.6, 1.0, 1.5, 3.0), (1.0, 0.1), (0.05, 0.3)


def _map(devices: Anharmonic) -> xr.Dataset:
    """Steady states over (limit, drive, damping_ratio, weight_ratio, battery_damping)."""
    ratio, weight = axis("damping_ratio", RATIOS), axis("weight_ratio", WEIGHTS)
    damping = axis("battery_damping", BATTERY_DAMPINGS)
    scale = np.sqrt(1 + weight**2)
    rates: dict[str, Any] = {
        "charger_damping": ratio * damping,
        "battery_damping": damping,
        "drive": axis("drive", DRIVES),
    }
    weights: dict[str, Any] = {"charger_weight": weight / scale, "battery_weight": 1 / scale}
    return ly.steady_state(devices.device(devices.two_photon, **rates, **weights))


def _about(devices: Anharmonic, found: xr.Dataset) -> dict[str, object]:
    return {**devices.grid, "method": found.attrs["method"]}


@trial("C26")
def _damping_ratio_lowers_energy(devices: Anharmonic) -> Case:
    """C26: E_B against eta, at fixed kappa_b."""
    found = _map(devices)
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
    found = _map(devices)
    energies = found.stored_energy
    change = changes(energies, "weight_ratio")
    best = energies.weight_ratio.isel(weight_ratio=energies.argmax("weight_ratio"))
    inside = (best > WEIGHTS[0]) & (best < WEIGHTS[-1])
    return Case(
        (Check((change > STILL).all("weight_ratio"), "E_B"),),
        "each step to a larger xi, at fixed eta, kappa_b and drive, raises E_B.",
        "in {share_with_interior_peak:.0%} of the rows E_B peaks inside the range of xi, at {best[0]:.2g} to "
        "{best[1]:.2g}.",
        "a larger p_a opens the channel but damps the charger, and with normalised weights it takes from p_b.",
        {"share_with_interior_peak": inside.mean(), "best": [best.min(), best.max()]},
        _about(devices, found),
    )
