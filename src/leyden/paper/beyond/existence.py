"""Threshold, one-way transport and moments beyond the Gaussian (C1 to C3)."""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.beyond.anharmonic import Anharmonic, limited
from leyden.paper.beyond.register import trial
from leyden.paper.evidence.curves import named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check

# Two ways to the same number, each with energies that stand still to 1e-10.
SAME = 1e-6
# J in units of -i mu Gamma/2, and what the battery is.
COUPLINGS = {"1": 1.0, "0.99": 0.99, "-1": -1.0}
# Kerr strength of the battery and amplitude of a coherent drive on it: what came back would show.
BATTERIES = {"harmonic": (0.0, 0.0), "Kerr 1, driven": (1.0, 0.1)}
PAIR_DRIVE, PAIR_DAMPING = 0.16, 0.1


@trial("C1")
def _steady_state_past_threshold(devices: Anharmonic) -> Case:
    """C1: late energies from the vacuum against steady ones, on both sides of the threshold."""
    damping, drive = devices.run.damping, devices.run.drive
    steady = devices.steady.sel(damping=damping, limit=devices.run.limit, drive=drive)
    late = devices.run.charger_energy.isel(time=-1)
    earlier = devices.run.charger_energy.sel(time=45.0)
    distance = abs(late / steady.charger_energy - 1)
    exists = (distance < SAME) & (abs(late / earlier - 1) < 1e-3)
    below = drive < devices.critical.sel(damping=damping)
    weaker = exists & ~below
    return Case(
        (Check(~exists, "none at or above the critical drive", ~below, "the drive is below it"),),
        "a steady state exists where one is found whose charger energy is, to 1e-6, what the device has reached from "
        "the vacuum after a time 75/Gamma; the claim is that there is none from the critical drive on.",
        "all {found} of {above} devices at or above it have one, up to {strongest:.3g} times the critical drive, and "
        "the two energies differ by at most {largest_distance:.0e}; below it {found_below} of {below} have one.",
        "what limits the charger, a Kerr term that detunes it or a loss that grows with its energy, is always stronger "
        "than the drive in the end: there is no threshold, only a place at which the charger fills up quickly.",
        {
            "found": weaker.sum(),
            "above": (~below & xr.ones_like(exists)).sum(),
            "found_below": (exists & below).sum(),
            "below": (below & xr.ones_like(exists)).sum(),
            "strongest": (drive / devices.critical.sel(damping=damping)).max(),
            "largest_distance": distance.max(),
        },
        {**devices.grid, "method": [devices.steady.attrs["method"], devices.run.attrs["method"]]},
    )


def _charger_alone(drive: xr.DataArray | float, damping: float) -> ly.Network:
    """The charger by itself, with the damping that the shared bath leaves it."""
    elements = [ly.TwoPhotonDrive("charger", drive), ly.LocalBath("charger", damping + 0.5)]
    return ly.Network([ly.Mode("charger")], elements, charger="charger", battery="charger")


@trial("C2")
def _no_back_action(devices: Anharmonic) -> Case:
    """C2: the charger beside unlike batteries, and by itself, in Fock space, which knows of no direction."""
    factor = xr.DataArray(np.array(list(COUPLINGS.values())), {"J": list(COUPLINGS)}, ("J",))
    kerr, pull = (
        xr.DataArray(list(one), {"battery": list(BATTERIES)}, ("battery",))
        for one in zip(*BATTERIES.values(), strict=True)
    )
    strong = [name for name, strengths in devices.limits.items() if max(strengths) >= 1]
    limits = devices.limit(0, strong), devices.limit(1, strong)
    pair = devices.two_photon(
        drive=PAIR_DRIVE, charger_damping=PAIR_DAMPING, battery_damping=PAIR_DAMPING, coupling=-0.25j * factor
    )
    pulled = ly.Network(
        pair.modes, [*pair.elements, ly.OnePhotonDrive("battery", pull)], charger="charger", battery="battery"
    )
    together = ly.steady_state(limited(limited(pulled, *limits), kerr, 0.0, "battery"), method="fock")
    alone = ly.steady_state(limited(_charger_alone(PAIR_DRIVE, PAIR_DAMPING), *limits))
    distance = abs(together.charger_energy / alone.charger_energy - 1).max("battery")
    is_the_condition = factor == 1
    return Case(
        (Check((distance < SAME) == is_the_condition),),
        "the steady energy of the charger is, to 1e-6, that of the charger alone, with its share of the bath's "
        "damping, beside a harmonic battery and beside one with a Kerr term and a coherent drive of its own; with this "
        "J, and with no other of those tried.",
        "with this J the energies differ by at most {distance_with_condition:.0e}, with any other by at least "
        "{distance_otherwise:.1e}.",
        "that the battery's operator drops out of da/dt does not depend on what else acts on the charger, or on what "
        "the battery is.",
        {
            "distance_with_condition": distance.where(is_the_condition).max(),
            "distance_otherwise": distance.where(~is_the_condition).min(),
        },
        {
            **devices.grid,
            "battery": list(BATTERIES),
            "drive": PAIR_DRIVE,
            "damping": PAIR_DAMPING,
            "method": together.attrs["method"],
        },
    )


def _close(network: ly.Network) -> bool:
    try:
        ly.moment_equations(network)
    except ly.NonGaussianError:
        return False
    return True


@trial("C3")
def _moments_do_not_tell(devices: Anharmonic) -> Case:
    """C3: whether moments close, and what they miss of the charger's ergotropy."""
    names = list(devices.limits)
    kerr, loss = (devices.limit(place) for place in (0, 1))
    pair = devices.two_photon(drive=PAIR_DRIVE, charger_damping=PAIR_DAMPING, battery_damping=PAIR_DAMPING)
    does = [_close(limited(pair, float(kerr[place]), float(loss[place]))) for place in range(len(names))]
    closes = xr.DataArray(does, {"limit": names}, ("limit",))
    found = ly.steady_state(limited(_charger_alone(axis("drive", devices.drives), PAIR_DAMPING), kerr, loss))
    missed = 1 - found.gaussian_ergotropy / found.ergotropy
    whole = devices.whole
    of_battery = 1 - whole.gaussian_ergotropy / whole.ergotropy
    share = named("mode", {"charger": missed, "battery": of_battery.sel(damping=PAIR_DAMPING)})
    told = share.notnull()
    return Case(
        (
            Check(closes, "the moments close"),
            Check(abs(share) < SAME, "the ergotropy is that of a Gaussian state", told, "its whole state is not known"),
        ),
        "the equations of first and second moments close; and of charger and battery the ergotropy is, to 1e-6, what "
        "a Gaussian state with the same moments would have.",
        "they close for {closing} of {tried} limits, and a Gaussian state misses {missed[0]:.2g} to {missed[1]:.2g} of "
        "the ergotropy.",
        "a product in the Hamiltonian or in a jump ties each moment to higher ones; past threshold the state has two "
        "humps, between which Gaussian unitaries cannot tell.",
        {"closing": closes.sum(), "tried": len(names), "missed": [share.min(), share.max()]},
        {**devices.grid, "method": [found.attrs["method"], whole.attrs["method"]]},
    )
