"""The claim about where a steady state exists (C1)."""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden import closed_form
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import Bench
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import assorted_weights, axis
from leyden.paper.evidence.judging import Check

# Drives in units of the critical one, from both sides.
MULTIPLES = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0, 1.0001, 1.001, 1.01, 1.1, 2.0, 10.0)
# At 0.9999 of threshold the slowest rate is 1e-4 of the total damping: after half of this time all has settled.
LONG = 5e5


def _formula(total_damping: xr.DataArray, detuning: xr.DataArray) -> xr.DataArray:
    """The paper's critical drive."""
    total_damping, detuning = xr.broadcast(total_damping, detuning)
    critical = closed_form.directed_critical_drive(total_charger_damping=total_damping.values, detuning=detuning.values)
    return total_damping.copy(data=critical)


def _late_growth(bench: Bench, drive: xr.DataArray, damping: xr.DataArray) -> xr.DataArray:
    """Relative growth of the charger's energy when a long charging time is doubled, on resonance."""
    charger, battery = assorted_weights()
    scale = LONG / (damping + abs(charger) ** 2)
    run = ly.charge(
        bench.two_photon(
            drive=drive * scale,
            charger_damping=damping * scale,
            battery_damping=0.5 * scale,
            shared_rate=scale,
            charger_weight=charger,
            battery_weight=battery,
        ),
        [0.5, 1.0],
    )
    return run.charger_energy.isel(time=1, drop=True) / run.charger_energy.isel(time=0, drop=True) - 1


@claim("C1", "Sec. II, Eq. (8)", "A steady state exists only below the critical drive.")
def _steady_state_below_threshold(bench: Bench) -> Case:
    """C1: spectrum and long transients on both sides of the paper's threshold."""
    charger, battery = assorted_weights()
    damping = axis("charger_damping", bench.dampings[::3])
    detuning = axis("detuning", (0.0, 0.3, 2.0))
    critical = _formula(damping + abs(charger) ** 2, detuning)
    rates = {
        "charger_damping": damping,
        "battery_damping": axis("battery_damping", (0.001, 0.5)),
        "charger_weight": charger,
        "battery_weight": battery,
        "detuning": detuning,
    }
    multiple = axis("multiple", MULTIPLES)
    exists = ly.steady_state(bench.two_photon(drive=multiple * critical, **rates)).is_stable
    computed = ly.critical_drive(bench.two_photon(drive=0.0, **rates))
    # Independent of any spectrum; far above threshold the energy would outgrow all numbers.
    near = multiple.sel(multiple=slice(0.5, 1.001))
    growth = _late_growth(bench, near * critical.sel(detuning=0.0, drop=True), damping)
    below = (near < 1).broadcast_like(growth)
    return Case(
        (
            Check(exists == (multiple < 1), "all eigenvalues decay exactly below the critical drive"),
            Check((abs(growth) < 1e-6) == below, "the charger's energy settles exactly below it"),
        ),
        "all eigenvalues of the drift decay exactly at the drives below sqrt(Lambda_a^2/4 + Delta^2)/2, which is "
        "Lambda_a/4 on resonance; and doubling a long charging time changes the charger's energy by less than 1e-6 "
        "exactly below it.",
        "drives from 0 to 10 times the critical one were tried, the closest 1e-4 from it on either side; the critical "
        "drive found from the equations of motion agrees with the formula to {distance_from_formula:.0e}. Over doubled "
        "time the energy changes by at most {largest_growth_below:.0e} of itself below, and grows by at least "
        "{smallest_growth_above:.2g} of itself at and above it.",
        "above it the amplified quadrature of the charger gains more from the drive than it loses; nothing flows back "
        "that could limit it, and damping of the battery does not matter.",
        {
            "distance_from_formula": abs(computed / critical - 1).max(),
            "largest_growth_below": abs(growth).where(below).max(),
            "smallest_growth_above": np.minimum(growth.where(~below), 1e300).min(),
        },
        {"shared_rate": 1.0, "occupation": 0.0, "multiple": list(MULTIPLES)},
    )
