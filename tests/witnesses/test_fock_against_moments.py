"""Two witnesses: the moment equations and the density matrix in Fock space reach the same numbers.

They share the device's description and nothing else. The cutoff grows until no energy moves by more than 1e-8 quanta,
and by that they may differ: 1e-6 of an energy of 1e-2 quanta. Devices are weakly excited: Fock space is small then, and
the moments do not care.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import fock
from leyden.states import coherent, product, squeezed, thermal

pytest.importorskip("qutip")

ENERGIES = ("stored_energy", "passive_energy", "ergotropy", "charger_energy")
RATIOS = {
    "utilization_ratio": "stored_energy",
    "conversion_ratio": "charger_energy",
    "transfer_ratio": "charger_energy",
    "charging_efficiency": "drive_work",
}
TOLERANCE = 1e-8
# A power is an energy times the rates that it flows at, which add up to 5 at most here.
POWER = 5 * TOLERANCE
# The work of the drives adds up their power over times of 12 at most.
WORK = 12 * POWER
# A ratio of energies of which the lower one is above 1e-3 quanta, each right to the tolerance.
SMALLEST_DENOMINATOR, RATIO = 1e-3, 2e-5


def pair(photons: int = 2, **changes: Any) -> ly.Network:
    """The paper's device, with a weaker drive."""
    build = ly.catalog.two_photon_battery if photons == 2 else ly.catalog.one_photon_battery
    return build(**({"drive": 0.03, "charger_damping": 0.2, "battery_damping": 0.2} | changes))


def network(*elements: Any, modes: str = "ab", detunings: dict[str, float] | None = None, **roles: Any) -> ly.Network:
    """Modes a, b, ..., unlike frequencies, charger a and battery b unless told otherwise."""
    found = detunings or {}
    records = [ly.Mode(name, 1.0 + 0.25 * place, found.get(name, 0.0)) for place, name in enumerate(modes)]
    return ly.Network(records, elements, **({"charger": "a", "battery": "b"} | roles))


def driven_battery() -> ly.Network:
    """Drives of both kinds on the battery, unlike phases, reciprocal coupling."""
    return network(
        ly.TwoPhotonDrive("b", 0.03, 0.7),
        ly.OnePhotonDrive("b", 0.04, -1.1),
        ly.LocalBath("a", 0.5),
        ly.LocalBath("b", 0.8),
        ly.CoherentCoupling("a", "b", 0.3 + 0.2j),
        detunings={"a": 0.1, "b": -0.2},
    )


def both_drives() -> ly.Network:
    """One- and two-photon drive on the charger, beside the nonreciprocal coupling of complex weights."""
    weights = {"a": 0.8, "b": 0.5 - 0.4j}
    return network(
        ly.OnePhotonDrive("a", 0.06, 0.4),
        ly.TwoPhotonDrive("a", 0.03, 2.0),
        ly.LocalBath("a", 0.2),
        ly.LocalBath("b", 0.3),
        ly.SharedBath(weights, 1.0),
        ly.CoherentCoupling("a", "b", -0.5j * 0.8 * (0.5 + 0.4j)),
    )


def two_shared_baths() -> ly.Network:
    """A shared bath of its own temperature beside another one that prefers the other superposition."""
    return network(
        ly.TwoPhotonDrive("a", 0.03, 0.3),
        ly.LocalBath("a", 0.3, 0.02),
        ly.SharedBath({"a": 0.6, "b": 0.8j}, 0.7, 0.03),
        ly.SharedBath({"a": 1.0, "b": -0.5}, 0.4),
        ly.CoherentCoupling("b", "a", 0.2 - 0.1j),
        detunings={"a": 0.3, "b": 0.1},
    )


def three_modes() -> ly.Network:
    """Three modes with a tiny drive, all pairs connected, two batteries."""
    return network(
        ly.TwoPhotonDrive("a", 0.01),
        ly.OnePhotonDrive("c", 0.03, 0.5),
        ly.LocalBath("a", 0.8),
        ly.LocalBath("b", 0.6),
        ly.LocalBath("c", 1.0),
        ly.SharedBath({"a": 0.5, "b": 0.5j, "c": 0.3}, 0.5),
        ly.CoherentCoupling("a", "b", -0.2j),
        ly.CoherentCoupling("b", "c", 0.1 + 0.2j),
        ly.CoherentCoupling("c", "a", 0.15),
        modes="abc",
        battery=("b", "c"),
    )


def single_mode() -> ly.Network:
    """Charger and battery in one mode, detuned, warm, both drives."""
    return network(
        ly.TwoPhotonDrive("a", 0.08, 0.9),
        ly.OnePhotonDrive("a", 0.1, -0.4),
        ly.LocalBath("a", 1.0, 0.05),
        modes="a",
        detunings={"a": 0.35},
        battery="a",
    )


DEVICES: dict[str, Callable[[], ly.Network]] = {
    "two-photon": pair,
    "two-photon, the paper's strength": lambda: pair(drive=0.05, charger_damping=0.1, battery_damping=0.1),
    "two-photon, drive phase": lambda: pair(phase=1.3),
    "two-photon, detuned": lambda: pair(detuning=0.4),
    "two-photon, unequal damping": lambda: pair(charger_damping=0.5, battery_damping=0.05),
    "two-photon, unequal weights": lambda: pair(charger_weight=0.9, battery_weight=0.436),
    "two-photon, complex weights": lambda: pair(charger_weight=0.6 + 0.3j, battery_weight=-0.2 + 0.7j),
    "two-photon, thermal": lambda: pair(occupation=0.02),
    "two-photon, wrong sign of J": lambda: pair(coupling=0.25j),
    "two-photon, partial nonreciprocity": lambda: pair(coupling=-0.1j),
    "two-photon, complex J": lambda: pair(coupling=0.3 - 0.2j, phase=0.5, detuning=-0.3),
    "two-photon, frequency": lambda: pair(frequency=2.5),
    "one-photon": lambda: pair(1, drive=0.1),
    "one-photon, detuned, phase": lambda: pair(1, drive=0.1, detuning=-0.5, phase=2.1),
    "one-photon, thermal": lambda: pair(1, drive=0.08, occupation=0.02),
    "one-photon, wrong sign of J": lambda: pair(1, drive=0.1, coupling=0.25j),
    "one-photon, complex weights, complex J": lambda: pair(
        1, drive=0.1, charger_weight=0.5 - 0.5j, battery_weight=0.8j, coupling=0.2 + 0.3j
    ),
    "reciprocal, two-photon": lambda: ly.catalog.reciprocal_battery(
        drive=0.05, charger_damping=0.6, battery_damping=0.4, coupling=0.5
    ),
    "reciprocal, one-photon": lambda: ly.catalog.reciprocal_battery(
        drive=0.1, charger_damping=0.6, battery_damping=0.4, coupling=0.5 + 0.1j, photons=1
    ),
    "both drives, complex weights": both_drives,
    "drives on the battery": driven_battery,
    "two shared baths": two_shared_baths,
    "three modes, two batteries": three_modes,
    "single mode": single_mode,
}

TRANSIENTS: dict[str, tuple[Callable[[], ly.Network], Any, float]] = {
    "from the vacuum": (DEVICES["two-photon, detuned"], None, 12.0),
    "partial nonreciprocity": (DEVICES["two-photon, partial nonreciprocity"], None, 12.0),
    "coherent light": (DEVICES["one-photon, detuned, phase"], None, 12.0),
    "both drives": (DEVICES["both drives, complex weights"], None, 6.0),
    "warm baths": (DEVICES["two shared baths"], None, 8.0),
    "above the threshold": (lambda: pair(drive=0.25), None, 1.5),
    "three modes": (DEVICES["three modes, two batteries"], None, 2.0),
    "from a squeezed charger": (DEVICES["two-photon"], product(squeezed(0.25, 0.8), coherent(0.1 - 0.15j)), 6.0),
    "from a warm battery": (DEVICES["drives on the battery"], product(coherent(0.2j), thermal(0.03)), 6.0),
    "from a displaced mode": (DEVICES["single mode"], coherent(0.3 + 0.2j), 8.0),
}


def deviations(found: Any, exact: Any) -> dict[str, float]:
    """Largest deviation of each variable, in units of what is allowed."""
    largest = {name: float(np.max(np.abs(found[name] - exact[name]))) / TOLERANCE for name in ENERGIES}
    largest["charging_power"] = float(np.max(np.abs(found.charging_power - exact.charging_power))) / POWER
    if "drive_work" in exact:
        largest["drive_work"] = float(np.max(np.abs(found.drive_work - exact.drive_work))) / WORK
    for name, below in RATIOS.items():
        if below not in exact:
            continue
        matters = exact[below] > SMALLEST_DENOMINATOR
        largest[name] = float(np.max(np.abs(found[name] - exact[name]).where(matters, 0.0))) / RATIO
    return largest


@pytest.mark.parametrize("name", DEVICES)
def test_steady_states_agree(name: str) -> None:
    device = DEVICES[name]()
    found, exact = fock.steady_state(device, tolerance=TOLERANCE), ly.steady_state(device)
    largest = deviations(found, exact)
    assert max(largest.values()) < 1, largest
    assert set(found.data_vars) == set(exact.data_vars)
    assert float(exact.charger_energy) > 1e-3


@pytest.mark.parametrize("name", TRANSIENTS)
def test_transients_agree(name: str) -> None:
    build, initial, end = TRANSIENTS[name]
    device = build()
    times = np.linspace(0.0, end, 13)
    found = fock.charge(device, times, initial=initial, tolerance=TOLERANCE)
    exact = ly.charge(device, times, initial=initial)
    largest = deviations(found, exact)
    assert max(largest.values()) < 1, largest
    assert set(found.data_vars) == set(exact.data_vars)
    assert bool(found.is_stable) == bool(exact.is_stable)
    assert float(np.ptp(exact.stored_energy.values)) > 1e-3


def test_there_are_enough_devices() -> None:
    assert len(DEVICES) >= 20


@pytest.mark.parametrize("changes", [{"drive": 0.03 + 1e-7}, {"detuning": 3e-3}, {"coupling": -0.25j + 1e-4j}], ids=str)
def test_the_comparison_sees_small_faults(changes: dict[str, Any]) -> None:
    found = fock.steady_state(pair(), tolerance=TOLERANCE)
    assert max(deviations(found, ly.steady_state(pair(**changes))).values()) > 1


def test_the_error_falls_with_the_cutoff() -> None:
    """Geometrically, as the populations of a Gaussian state do: four more levels gain three digits here."""
    exact = ly.steady_state(pair())
    errors, tails = [], []
    for cutoff in (4, 8, 12):
        found = fock.steady_state(pair(), cutoff=cutoff, tolerance=1.0)
        errors.append(max(float(abs(found[name] - exact[name])) for name in ENERGIES))
        tails.append(found.attrs["tail_population"])
    assert errors[1] < 1e-3 * errors[0] * 3
    assert errors[2] < 1e-3 * errors[1] * 3
    assert errors[2] < 1e-8
    # What a solution says of itself: its error is at most some (levels) times the population of its highest levels.
    assert all(error < 12 * tail for error, tail in zip(errors, tails, strict=True))


@pytest.mark.parametrize("tolerance", [1e-4, 1e-6, 1e-8])
def test_what_is_asked_for_is_what_comes(tolerance: float) -> None:
    found, exact = fock.steady_state(pair(), tolerance=tolerance), ly.steady_state(pair())
    assert max(float(abs(found[name] - exact[name])) for name in ENERGIES) < tolerance
    assert found.attrs["largest_change"] <= tolerance
    assert found.attrs["tail_population"] <= tolerance / 30
