"""Claims about one-way transport: no back-action, and four times the energy (C2 and C16)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import LEVEL, Bench
from leyden.paper.evidence.curves import named
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import assorted_weights, axis
from leyden.paper.evidence.judging import Check

# J in units of -i mu Gamma/2: the paper's, two close to it, none, the opposite one, and the reciprocal phase.
COUPLINGS = {"1": 1.0, "0.99": 0.99, "1 + 0.01i": 1 + 0.01j, "0": 0.0, "-1": -1.0, "i": 1j}


def _charger_curves(network: ly.Network, starts: dict[str, ly.GaussianState]) -> xr.DataArray:
    """Energy and passive energy of the charger over time, for several initial states of the whole device."""
    alone = replace(network, battery=network.charger)
    runs = {name: ly.charge(alone, np.linspace(0.0, 10.0, 21), initial=start) for name, start in starts.items()}
    names = ("stored_energy", "passive_energy")
    return named("start", {start: named("curve", {name: run[name] for name in names}) for start, run in runs.items()})


def _charger_without_battery(rates: dict[str, xr.DataArray]) -> ly.Network:
    """The charger by itself: its drive, its local bath, and its share of the shared one."""
    loss = rates["charger_damping"] + abs(rates["charger_weight"]) ** 2
    elements = [ly.TwoPhotonDrive("charger", rates["drive"]), ly.LocalBath("charger", loss)]
    modes = [ly.Mode("charger", detuning=rates["detuning"])]
    return ly.Network(modes, elements, charger="charger", battery="charger")


@claim("C2", "Sec. II", "The condition J = -i mu Gamma/2 removes all back-action of the battery on the charger.")
def _back_action_vanishes(bench: Bench) -> Case:
    """C2: the charger with batteries in unlike states, and without a battery, at this J and at others."""
    charger, battery = assorted_weights()
    damping = axis("damping", (0.001, 0.1, 2.0))
    rates = {
        "drive": 0.5 * (damping + abs(charger) ** 2) / 4,
        "charger_damping": damping,
        "charger_weight": charger,
        "detuning": axis("detuning", (0.0, 0.5)),
    }
    others = {"battery_damping": damping, "battery_weight": battery}
    block = abs(ly.moment_equations(bench.two_photon(**rates, **others)).drift[..., :2, 2:]).max()
    factor = xr.DataArray(np.array(list(COUPLINGS.values())), {"J": list(COUPLINGS)}, ("J",))
    device = bench.two_photon(**rates, **others, coupling=-0.5j * charger * battery.conj() * factor)
    vacuum = ly.states.vacuum(1)
    unlike = {
        "vacuum": vacuum,
        "coherent": ly.states.coherent(2.0 + 1.0j),
        "thermal": ly.states.thermal(3.0),
        "squeezed": ly.states.squeezed(1.0, 0.4),
    }
    curves = _charger_curves(device, {name: ly.states.product(vacuum, state) for name, state in unlike.items()})
    alone = _charger_curves(_charger_without_battery(rates), {"alone": vacuum}).squeeze("start", drop=True)
    distance = (abs(curves - alone) / alone.max(["time", "curve"])).max(["start", "curve", "time"])
    is_the_condition = factor == 1
    return Case(
        (Check((distance < LEVEL) == is_the_condition),),
        "energy and passive energy of the charger are the same at all times, to 1e-9 of their maximum, whether the "
        "battery starts in the vacuum, coherent, thermal or squeezed, and when it is taken away; with this J, and with "
        "no other of those tried.",
        "with this J the curves differ by at most {distance_with_condition:.0e}, with any other by at least "
        "{distance_otherwise:.1e}; the drift's block from battery to charger has no entry above "
        "{largest_drift_entry:.0e}. What stays of the shared bath is its damping of the charger, Gamma |p_a|^2, which "
        "the charger alone was given, too.",
        "the battery's operator enters da/dt with -(i J* + Gamma p_a* p_b/2), which vanishes for this J only; since "
        "the moments close, all later moments are free of it as well.",
        {
            "distance_with_condition": distance.where(is_the_condition).max(),
            "distance_otherwise": distance.where(~is_the_condition).min(),
            "largest_drift_entry": block,
        },
        {"shared_rate": 1.0, "occupation": 0.0, "eps/eps_c": 0.5},
    )


def _stored_while_charging(bench: Bench, damping: float) -> xr.DataArray:
    """E_1 of the one-way device over that of the reciprocal one with the same |J|, over time."""
    times = np.linspace(0.0, 40.0, 2001)[1:]
    rates = {"drive": 0.1, "charger_damping": damping, "battery_damping": damping}
    one_way = ly.charge(bench.one_photon(**rates), times).stored_energy
    return one_way / ly.charge(bench.reciprocal(**rates, coupling=0.25, photons=1), times).stored_energy


@claim(
    "C16", "Sec. III.2", "With one photon, the one-way battery stores up to four times what a reciprocal one stores."
)
def _fourfold_energy(bench: Bench) -> Case:
    """C16: steady E_1, one-way over reciprocal, for two comparators: the same |J|, and the best J."""
    charger, battery = axis("charger_damping", bench.dampings), axis("battery_damping", bench.dampings)
    rates = {"drive": 0.1, "charger_damping": charger, "battery_damping": battery}
    one_way = ly.steady_state(bench.one_photon(**rates, charger_weight=bench.weight, battery_weight=bench.weight))
    # The best J is found on a grid that contains its exact value, sqrt(kappa_a kappa_b)/2, as the factor 1.
    best = (charger * battery) ** 0.5 / 2 * axis("factor", 2.0 ** np.linspace(-3, 3, 25))
    same, any_coupling = (
        ly.steady_state(bench.reciprocal(**rates, coupling=coupling, photons=1)).stored_energy
        for coupling in (bench.weight**2 / 2, best)
    )
    to_same = one_way.stored_energy / same
    to_best = one_way.stored_energy / any_coupling.max("factor")
    charging = _stored_while_charging(bench, bench.dampings[0])

    def reaches_four(ratio: xr.DataArray) -> xr.DataArray:
        return (ratio.max() > 3.8) & (ratio.max() < 4 * (1 + LEVEL))

    return Case(
        (
            Check(reaches_four(to_same), "against a reciprocal device with the same |J|"),
            Check(reaches_four(to_best), "against a reciprocal device with the best J"),
        ),
        "over all local dampings the largest ratio of steady energies comes within 5 % of four, and none exceeds four.",
        "the largest ratio is {largest_same_coupling:.4g} against a reciprocal device with the same |J| = "
        "Gamma p_a p_b/2 (the smallest {smallest_same_coupling:.3g}), and {largest_best_coupling:.4g} against one with "
        "the J that is best for it. While charging, the first ratio starts near {first_while_charging:.3g} and has no "
        "bound: the reciprocal battery empties again (ratio {largest_while_charging:.2g} at the smallest damping).",
        "with the same J the ratio is 4 [(kappa_a kappa_b + g^2)/(Lambda_a Lambda_b)]^2, below four because "
        "Lambda_a Lambda_b >= kappa_a kappa_b + g^2, and close to it where g is far from the dampings; with the best J "
        "it is 16 g^2 kappa_a kappa_b/(Lambda_a Lambda_b)^2, at most one.",
        {
            "largest_same_coupling": to_same.max(),
            "smallest_same_coupling": to_same.min(),
            "largest_best_coupling": to_best.max(),
            "first_while_charging": charging[0],
            "largest_while_charging": charging.max(),
        },
        {
            "drive": 0.1,
            "shared_rate": 1.0,
            "charger_damping": bench.dampings,
            "battery_damping": bench.dampings,
            "weights": bench.grid["weights"],
        },
    )
