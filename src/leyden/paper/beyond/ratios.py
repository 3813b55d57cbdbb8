"""Utilization and conversion beyond the Gaussian, in the steady state (C10, C13 and C14)."""

from __future__ import annotations

import xarray as xr

from leyden.paper.beyond.anharmonic import Anharmonic
from leyden.paper.beyond.charging import STILL, UNKNOWN
from leyden.paper.beyond.register import trial
from leyden.paper.evidence.bench import LEVEL
from leyden.paper.evidence.curves import changes, named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.judging import Check, place_of

RATIOS = {"R": "utilization_ratio", "W/E_A": "conversion_ratio"}


def _ratios(devices: Anharmonic) -> xr.DataArray:
    return named("quantity", {symbol: devices.whole[name] for symbol, name in RATIOS.items()})


def _about(devices: Anharmonic) -> dict[str, object]:
    return {**devices.grid, "method": devices.whole.attrs["method"]}


@trial("C10")
def _damping_lowers_ratios(devices: Anharmonic) -> Case:
    """C10: R and conversion against kappa."""
    change = changes(_ratios(devices), "damping")
    return Case(
        (Check(change < -STILL, "", change.notnull(), UNKNOWN),),
        "each step to a larger kappa at the same drive lowers R and W/E_A in the steady state.",
        "it changes them by {change[0]:.2g} ({lowest_at}) to {change[1]:.2g} ({highest_at}) of themselves.",
        "damping adds to Lambda, and brings the device nearer to the weak drives at which squeezing is small.",
        {
            "change": [change.min(), change.max()],
            "lowest_at": place_of(change, "lowest"),
            "highest_at": place_of(change),
        },
        _about(devices),
    )


@trial("C13")
def _drive_raises_ratios(devices: Anharmonic) -> Case:
    """C13: R and conversion against eps."""
    ratios = _ratios(devices)
    change = changes(ratios, "drive")
    return Case(
        (Check(change > STILL, "", change.notnull(), UNKNOWN),),
        "each step to a stronger drive raises R and W/E_A in the steady state.",
        "a step changes them by {change[0]:.2g} ({lowest_at}) to {change[1]:.2g} of themselves; R goes from "
        "{utilization[0]:.3g} to {utilization[1]:.3g}.",
        "far above the threshold the battery holds one of two coherent states, a mixture whose passive energy is half "
        "a quantum however much it stores.",
        {
            "change": [change.min(), change.max()],
            "lowest_at": place_of(change, "lowest"),
            "utilization": [ratios.sel(quantity="R").min(), ratios.sel(quantity="R").max()],
        },
        _about(devices),
    )


@trial("C14")
def _both_exceed_one(devices: Anharmonic) -> Case:
    """C14: largest R and conversion."""
    ratios = _ratios(devices)
    highest = ratios.max(["drive", "damping"])
    told = highest.notnull()
    return Case(
        tuple(
            Check(highest.sel(quantity=symbol) > 1 + LEVEL, f"{symbol} > 1", told.sel(quantity=symbol), UNKNOWN)
            for symbol in RATIOS
        ),
        "the largest value over all drives and dampings, in the steady state, is above one.",
        "the largest values found are R = {largest_utilization:.4g} and W/E_A = {largest_conversion:.4g} ({at}).",
        "W is a part of E_B, whatever the charger; but a battery can hold more than its charger, up to 4 g^2/Lambda^2 "
        "times as much where that is slow.",
        {
            "largest_utilization": ratios.sel(quantity="R").max(),
            "largest_conversion": ratios.sel(quantity="W/E_A").max(),
            "at": place_of(ratios.sel(quantity="W/E_A", drop=True)),
        },
        _about(devices),
    )
