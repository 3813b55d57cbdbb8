"""Claims about the utilization ratio R = W/E_B and the conversion ratio, Fig. 3 (C10 to C15).

Conversion is tried in both readings: W/E_A, ergotropy over the charger's energy, and W/W_in, ergotropy over the work
that the drive has put in.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden import closed_form
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import LEVEL, Bench
from leyden.paper.evidence.curves import RISES, RISES_THEN_FALLS, changes, course, named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check, place_of
from leyden.paper.times import peak_time, settling_time

CONVERSIONS = {"W/E_A": "conversion_ratio", "W/W_in": "charging_efficiency"}
RATIOS = {"R": "utilization_ratio", **CONVERSIONS}


def _ratios(run: xr.Dataset, names: dict[str, str] = RATIOS) -> xr.DataArray:
    return named("quantity", {symbol: run[name] for symbol, name in names.items()})


def _by_quantity(values: xr.DataArray, extreme: str) -> dict[str, float]:
    """Highest or lowest value of each quantity over all devices and times."""
    found = values.max if extreme == "highest" else values.min
    over_all = found([dim for dim in values.dims if dim != "quantity"])
    return {str(symbol): float(value) for symbol, value in zip(over_all["quantity"].values, over_all, strict=True)}


@claim("C10", "Fig. 3a, c", "At given drive and time, utilization and conversion fall as the local damping grows.")
def _damping_lowers_ratios(bench: Bench) -> Case:
    """C10: R and conversion against kappa, at all times."""
    change = _ratios(bench.doubled_damping_run) / _ratios(bench.two_photon_run) - 1
    return Case(
        (Check((change < -LEVEL).all("instant")),),
        "doubling kappa at the same drive lowers R, W/E_A and W/W_in at every instant.",
        "doubling kappa lowers the ratios by at least {weakest_fall:.1e} of their value (at the earliest instant), and "
        "by up to {strongest_fall:.1%}. Over the figure's family of dampings the late R falls from "
        "{figure_utilization[0]:.3g} to {figure_utilization[4]:.3g}.",
        "damping only adds to Lambda: in the steady state at weak drive R = 2 g^2/(3 Lambda^2) and W/E_A = "
        "2 g^4/Lambda^4.",
        {
            "weakest_fall": -change.max(),
            "strongest_fall": -change.min(),
            "figure_utilization": bench.damping_family.utilization_ratio.isel(time=-1),
        },
        {**bench.grid, "step": "kappa doubled, same drive"},
    )


@claim("C11", "Fig. 3a", "The utilization ratio peaks early, then decays to its steady value.")
def _utilization_peaks_early(bench: Bench) -> Case:
    """C11: course of R(t)."""
    ratio = bench.two_photon_run.utilization_ratio
    single = course(ratio) == RISES_THEN_FALLS
    peak = peak_time(ratio, bench.time)
    settling = settling_time(bench.two_photon_run.stored_energy, bench.two_photon_steady.stored_energy, bench.time)
    overshoot = ratio.max("instant") / ratio.isel(instant=-1) - 1
    family = bench.damping_family.utilization_ratio
    return Case(
        (Check(single & (peak < settling)),),
        "R(t) rises once and falls once (changes below 1e-9 from one instant to the next count as none), and peaks "
        "before E_B has come within 1 % of its steady value.",
        "the peak stands above the steady value by at most {largest_overshoot:.2%} ({largest_overshoot_at}); over the "
        "figure's family of dampings by {figure_overshoots[0]:.2%} to {figure_overshoots[4]:.2%}.",
        "at weak drive squeezing settles before energy does, so that R overshoots; closer to threshold the amplified "
        "quadrature is the last to settle and carries R upwards to the end.",
        {
            "largest_overshoot": overshoot.max(),
            "largest_overshoot_at": place_of(overshoot),
            "figure_overshoots": family.max("time") / family.isel(time=-1) - 1,
        },
        bench.grid,
    )


@claim("C12", "Fig. 3c", "The conversion ratio rises monotonically in time to a plateau.")
def _conversion_rises(bench: Bench) -> Case:
    """C12: course of the conversion in time, in both readings."""
    ratio = _ratios(bench.two_photon_run, CONVERSIONS)
    # From half the time on everything has settled, for 20 decay times of the slowest device.
    flat = abs(ratio.isel(instant=-1) / ratio.sel(instant=0.5) - 1) < 1e-6
    late = _by_quantity(ratio.isel(instant=-1) / ratio.max("instant"), "highest")
    return Case(
        (Check((course(ratio) == RISES) & flat),),
        "the ratio never falls by more than 1e-9 of itself from one instant to the next, and changes by less than 1e-6 "
        "over the second half of the time, 20 decay times of the slowest device.",
        "at the end W/E_A stands at {last_share[W/E_A]:.7f} of its highest value, W/W_in at no more than "
        "{last_share[W/W_in]:.2g} of it.",
        "E_A settles, so that W/E_A has a plateau; the work of the drive goes on for ever to hold the steady state, so "
        "that W/W_in peaks and falls to zero.",
        {"last_share": late},
        bench.grid,
    )


@claim("C13", "Fig. 3b, d", "At given damping and time, utilization and conversion grow with the drive.")
def _drive_raises_ratios(bench: Bench) -> Case:
    """C13: R and conversion against eps, at all times."""
    lowest = changes(_ratios(bench.two_photon_run), "fraction").min("instant")
    steady = changes(
        _ratios(bench.two_photon_steady, {symbol: RATIOS[symbol] for symbol in ("R", "W/E_A")}), "fraction"
    )
    return Case(
        (Check(lowest > LEVEL, "at every time"), Check(steady > LEVEL, "in the steady state")),
        "each step to a stronger drive on the grid raises the ratio, by more than 1e-9 of itself.",
        "the lowest change of a step is {lowest_change[R]:.1e} for R, {lowest_change[W/W_in]:.1e} for W/W_in and "
        "{lowest_change[W/E_A]:.1e} for W/E_A ({lowest_change_at}); in the steady state {lowest_steady_change:.1e}.",
        "the charger answers a stronger drive before the battery does: at weak damping and intermediate times W/E_A "
        "lags behind that of a weaker drive; later it overtakes.",
        {
            "lowest_change": _by_quantity(lowest, "lowest"),
            "lowest_change_at": place_of(lowest.sel(quantity="W/E_A"), "lowest"),
            "lowest_steady_change": steady.min(),
        },
        bench.grid,
    )


@claim("C14", "Fig. 3c, d", "Both the utilization ratio and the conversion ratio exceed one.")
def _both_exceed_one(bench: Bench) -> Case:
    """C14: largest R and conversion."""
    highest = _ratios(bench.two_photon_run).max("instant")
    return Case(
        tuple(Check(highest.sel(quantity=symbol, drop=True) > 1 + LEVEL, f"{symbol} > 1") for symbol in RATIOS),
        "the largest value over time is above one.",
        "the largest values found are R = {largest[R]:.4g}, W/E_A = {largest[W/E_A]:.4g} and "
        "W/W_in = {largest[W/W_in]:.4g}.",
        "W cannot exceed E_B, of which it is a part, nor the work put in; but the battery can hold more than the "
        "charger, E_B/E_A = 3 g^2/(Lambda^2 - 4 eps^2) in the steady state.",
        {"largest": _by_quantity(highest, "highest")},
        bench.grid,
    )


def _two_way_devices(bench: Bench) -> tuple[dict[str, ly.Network], xr.DataArray]:
    """Reciprocal devices with one- and two-photon drive, the latter at half its critical drive; their kappa_b."""
    names = ("charger_damping", "battery_damping", "coupling")
    axes = (axis(names[0], (0.05, 0.2, 1.0)), axis(names[1], (0.05, 0.2, 1.0)), axis(names[2], (0.1, 0.25, 1.0)))
    rates = dict(zip(names, xr.broadcast(*axes), strict=True))
    critical = closed_form.reciprocal_critical_drive(**{name: array.values for name, array in rates.items()})
    drive = rates["coupling"].copy(data=critical / 2)
    labels = {"one photon": 1, "two photons": 2}
    devices = {label: bench.reciprocal(drive=drive, photons=photons, **rates) for label, photons in labels.items()}
    return devices, rates["battery_damping"]


@claim("C15", "Sec. III.1", "That utilization and conversion exceed one proves one-way transport without any backflow.")
def _excess_proves_direction(bench: Bench) -> Case:
    """C15: a two-way device whose conversion exceeds one would refute it."""
    devices, battery_damping = _two_way_devices(bench)
    steady = {name: ly.steady_state(device) for name, device in devices.items()}
    runs = {name: ly.charge(device, np.linspace(0.0, 60.0, 1201)) for name, device in devices.items()}
    conversion = named("drive", {name: found.conversion_ratio for name, found in steady.items()})
    utilization = named("drive", {name: found.utilization_ratio for name, found in steady.items()})
    # What the coupling brings to the battery: its own gain plus what it loses to its bath. Negative is backflow.
    inflow = named("drive", {n: r.charging_power + battery_damping * r.stored_energy for n, r in runs.items()})
    backflow = -inflow.min("time") / inflow.max("time")
    refutes = (conversion > 1 + LEVEL) & (backflow > 0.01)
    highest = max(float(utilization.max()), float(bench.two_photon_run.utilization_ratio.max()))
    return Case(
        (
            Check(~refutes.any(), "no two-way device has W/E_A > 1"),
            Check(~refutes.any(), "R > 1 proves it", xr.DataArray(highest > 1 + LEVEL), "no device has R > 1"),
        ),
        "the statement is general, so that one counterexample refutes it: a reciprocal device with W/E_A > 1 in its "
        "steady state, in which energy runs back through the coupling while it charges (over 1 % of the peak flow).",
        "{counterexamples} of {tried} reciprocal devices refute it, with W/E_A up to {largest_conversion:.4g} and a "
        "backflow of up to {strongest_backflow:.0%} of the peak flow, for example at {example}; R never exceeds "
        "{largest_utilization:.6g}.",
        "a ratio of stored amounts says nothing of direction: a battery that loses less than its charger holds more. "
        "With one photon and reciprocal coupling W/E_A = 4 J^2/kappa_b^2.",
        {
            "counterexamples": refutes.sum(),
            "tried": refutes.size,
            "largest_conversion": conversion.where(refutes).max(),
            "strongest_backflow": backflow.where(refutes).max(),
            "example": place_of(backflow.where(refutes, 0.0)),
            "largest_utilization": highest,
        },
        {
            "photons": [1, 2],
            "charger_damping": [0.05, 0.2, 1.0],
            "battery_damping": [0.05, 0.2, 1.0],
            "coupling": [0.1, 0.25, 1.0],
            "eps/eps_c": 0.5,
        },
    )
