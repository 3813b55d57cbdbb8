"""Charging beyond the Gaussian: damping, power, drive and settling (C4 to C9)."""

from __future__ import annotations

import xarray as xr

from leyden.paper.beyond.anharmonic import TIMES, Anharmonic
from leyden.paper.beyond.register import trial
from leyden.paper.evidence.bench import LEVEL
from leyden.paper.evidence.curves import RISES_THEN_FALLS, changes, course, named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check, place_of
from leyden.paper.times import peak_time, settling_time

# Changes below these count as none: of energies, which stand still to 1e-10 of themselves while the cutoff grows, and
# of times that are read off curves of 251 points.
STILL, READ = 1e-8, 1e-3
# "Nearly independent": less than a tenth, as in the audit of the Gaussian device.
NEARLY = 0.1
UNKNOWN = "the battery's whole state is not known there"


def _energies(devices: Anharmonic) -> xr.DataArray:
    """Steady E_B, and W where it is known, over (quantity, limit, drive, damping)."""
    return named("quantity", {"E_B": devices.steady.stored_energy, "W": devices.whole.ergotropy})


def _settling(devices: Anharmonic) -> xr.DataArray:
    """Time after which E_B stays within 1 % of its steady value."""
    stored = devices.run.stored_energy
    return settling_time(stored, stored.isel(time=-1, drop=True), axis("time", TIMES))


def _about(devices: Anharmonic) -> dict[str, object]:
    return {**devices.grid, "time": "0 to 75", "method": devices.run.attrs["method"]}


@trial("C4")
def _damping_lowers_energy(devices: Anharmonic) -> Case:
    """C4: E_B while charging, and E_B and W in the steady state, against kappa."""
    charging = changes(devices.run.stored_energy.isel(time=slice(1, None)), "damping").max("time")
    steady = changes(_energies(devices), "damping")
    return Case(
        (
            Check(charging < -STILL, "E_B falls at every time"),
            Check(steady < -STILL, "E_B and W fall in the steady state", steady.notnull(), UNKNOWN),
        ),
        "each step to a larger kappa at the same drive lowers E_B at every time, and E_B and W in the steady state.",
        "in the steady state a step lowers them by {fall[0]:.2g} to {fall[1]:.2g} of the larger value; while charging "
        "E_B by at least {least_while_charging:.1e} of it (at the earliest time).",
        "the limit acts on the charger's energy alone, and damping lowers what is left of it.",
        {"fall": [-steady.max(), -steady.min()], "least_while_charging": -charging.max()},
        _about(devices),
    )


@trial("C5")
def _relaxation_ignores_damping(devices: Anharmonic) -> Case:
    """C5: settling time against kappa."""
    settling = _settling(devices)
    # From the first of each pair of dampings to the second, its double.
    second = settling.isel(damping=slice(1, None, 2))
    ratio = second.assign_coords(damping=settling.damping[::2]) / settling.isel(damping=slice(0, None, 2))
    return Case(
        (Check(abs(ratio - 1) < NEARLY),),
        "doubling kappa at the same drive changes the time that E_B needs to stay within 1 % of its steady value by "
        f"less than {NEARLY:.0%}.",
        "doubling kappa changes it by factors {factor[0]:.3g} ({lowest_at}) to {factor[1]:.3g} ({highest_at}).",
        "the last to settle is the battery, with the rate (kappa + Gamma p^2)/2; next to the threshold of the linear "
        "device, where that settles ever more slowly, the limit keeps the charger's rate up.",
        {
            "factor": [ratio.min(), ratio.max()],
            "lowest_at": place_of(ratio, "lowest"),
            "highest_at": place_of(ratio),
        },
        _about(devices),
    )


@trial("C6")
def _power_never_negative(devices: Anharmonic) -> Case:
    """C6: sign and course of P(t), and of the charger's own energy."""
    power = devices.run.charging_power
    share = power / power.max("time")
    charger = devices.run.charger_energy
    overshoot = charger.max("time") / charger.isel(time=-1) - 1
    return Case(
        (
            Check(share.min("time") > -LEVEL, "never negative"),
            Check(course(1 + share.rename(time="instant")) == RISES_THEN_FALLS, "one rise to a peak, then one fall"),
            Check(abs(share.isel(time=-1)) < 1e-6, "zero in the end"),
        ),
        "P stays above -1e-9 of its peak (rounding), turns exactly once, and ends below 1e-6 of its peak.",
        "the lowest P is {lowest_share:.1e} of the peak, the last one at most {last_share:.1e}. The charger's own "
        "energy does overshoot, by up to {overshoot:.0%} ({overshoot_at}); the battery does not follow.",
        "the battery is a filter with the rate Lambda/2: it averages what the charger's first swing brings; where K is "
        "much larger than that, the swings come too fast to be one rise and one fall.",
        {
            "lowest_share": share.min(),
            "last_share": abs(share.isel(time=-1)).max(),
            "overshoot": overshoot.max(),
            "overshoot_at": place_of(overshoot),
        },
        _about(devices),
    )


@trial("C7")
def _drive_raises_energy(devices: Anharmonic) -> Case:
    """C7: E_B while charging, and E_B and W in the steady state, against eps."""
    charging = changes(devices.run.stored_energy.isel(time=slice(1, None)), "drive").min("time")
    steady = changes(_energies(devices), "drive")
    return Case(
        (
            Check(charging > STILL, "E_B grows at every time"),
            Check(steady > STILL, "E_B and W grow in the steady state", steady.notnull(), UNKNOWN),
        ),
        "each step to a stronger drive raises E_B at every time, and E_B and W in the steady state.",
        "the smallest gain of a step is {smallest_gain:.2g} of the larger value ({smallest_gain_at}).",
        "past the linear device's threshold the energy grows as the drive over the limit's strength, without end.",
        {"smallest_gain": steady.min(), "smallest_gain_at": place_of(steady, "lowest")},
        _about(devices),
    )


@trial("C8")
def _equilibration_saturates(devices: Anharmonic) -> Case:
    """C8: settling time against eps, through the threshold."""
    time = _settling(devices)
    growth = changes(time, "drive")
    last = growth.isel(drive=-1, drop=True)
    return Case(
        (
            Check(growth > READ, "grows with the drive"),
            Check(abs(last) < NEARLY, "finally approaches a constant"),
        ),
        "the time that E_B needs to stay within 1 % of its steady value grows with each step of the drive; and in the "
        f"last step, far above the threshold, it changes by less than {NEARLY:.0%}.",
        "from the weakest drive to the strongest it grows by a factor {factor[0]:.3g} to {factor[1]:.3g}, in the last "
        "step by {last_change[0]:.2%} to {last_change[1]:.2%}.",
        "the linear device slows down without bound at its threshold; the limit keeps the charger's rates up there.",
        {
            "factor": [
                (time.isel(drive=-1) / time.isel(drive=0)).min(),
                (time.isel(drive=-1) / time.isel(drive=0)).max(),
            ],
            "last_change": [last.min(), last.max()],
        },
        _about(devices),
    )


@trial("C9")
def _drive_delays(devices: Anharmonic) -> Case:
    """C9: time of the power's peak, and settling time, against eps."""
    power = devices.run.charging_power
    peak = peak_time(power, axis("time", TIMES))
    later, longer = changes(peak, "drive"), changes(_settling(devices), "drive")
    return Case(
        (Check(later > READ, "the power peaks later"), Check(longer > READ, "the battery settles later")),
        "each step to a stronger drive delays the peak of P, and the time after which E_B stays within 1 % of its "
        "steady value, by more than 1e-3 of itself.",
        "a step changes the time of the peak by {peak_change[0]:.2g} ({earliest_at}) to {peak_change[1]:.2g} of "
        "itself, the time of settling by {settling_change[0]:.2g} to {settling_change[1]:.2g}.",
        "past the threshold a stronger drive fills the charger faster, and it meets its limit sooner.",
        {
            "peak_change": [later.min(), later.max()],
            "earliest_at": place_of(later, "lowest"),
            "settling_change": [longer.min(), longer.max()],
        },
        _about(devices),
    )
