"""Each verdict answers to the devices: given others that behave otherwise, it changes. None can be typed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import leyden as ly
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, annihilate, create
from leyden.paper.claims import closure
from leyden.paper.claims.audit import table_of_claims
from leyden.paper.evidence.bench import Bench

CLAIMS = table_of_claims()

two_photon, one_photon = ly.catalog.two_photon_battery, ly.catalog.one_photon_battery
reciprocal = ly.catalog.reciprocal_battery

# Fewer devices than the audit tries: enough to turn a verdict.
SMALL: dict[str, Any] = {"dampings": (0.125, 0.25, 0.5), "fractions": (0.1, 0.3, 0.9, 0.95)}
WEAK = {**SMALL, "fractions": (0.05, 0.1, 0.3)}
STRONG = {**SMALL, "fractions": (0.7, 0.8, 0.9)}


def changed(build: Callable[..., ly.Network], **replaced: Callable[[dict[str, Any]], Any]) -> Callable[..., ly.Network]:
    """A builder with some keywords replaced by functions of all of them (rates scale with `shared_rate`)."""

    def counter(**keywords: Any) -> ly.Network:
        full = {"shared_rate": 1.0} | keywords
        return build(**full | {name: replace(full) for name, replace in replaced.items()})

    return counter


double_drive = changed(two_photon, drive=lambda k: 2 * k["drive"])
fixed_drive = changed(two_photon, drive=lambda k: 0.02 * k["shared_rate"] + 0 * k["drive"])
# What is called more damping is less of it.
inverted = changed(two_photon, charger_damping=lambda k: 4.0 * k["shared_rate"] - k["charger_damping"],
                   battery_damping=lambda k: 4.0 * k["shared_rate"] - k["battery_damping"])  # fmt: skip
undamped = changed(two_photon, charger_damping=lambda k: 0.1 * k["shared_rate"] + 0 * k["charger_damping"],
                   battery_damping=lambda k: 0.1 * k["shared_rate"] + 0 * k["battery_damping"])  # fmt: skip
fixed_charger = changed(two_photon, charger_damping=lambda k: 0 * k["charger_damping"] + 0.5 * k["shared_rate"])
fixed_weights = changed(two_photon, charger_weight=lambda k: 0.6 + 0 * k["charger_weight"],
                        battery_weight=lambda k: 0.8 + 0 * k["battery_weight"])  # fmt: skip
# Strong two-way coupling: energy swings back and forth.
swinging = changed(two_photon, coupling=lambda k: 3.0 * k["shared_rate"])
# The coupling it is told, turned round: nonreciprocal for the opposite sign only.
opposite = changed(two_photon, coupling=lambda k: -k["coupling"] if "coupling" in k else "nonreciprocal")
one_way = changed(
    lambda drive, photons, coupling, **rates: (one_photon if photons == 1 else two_photon)(drive=drive / 10, **rates)
)
weakly_coupled = changed(
    lambda coupling, **rest: reciprocal(coupling=coupling / 10, **{k: v for k, v in rest.items() if k != "shared_rate"})
)
swapped = {"two_photon": one_photon, "one_photon": two_photon}

CASES = [
    ("C1", {"two_photon": double_drive}, "holds in part"),
    ("C2", {"two_photon": opposite}, "holds in part"),
    ("C4", {"two_photon": inverted, **SMALL}, "fails"),
    ("C4", {"two_photon": undamped, **SMALL}, "fails"),
    ("C5", {"two_photon": undamped, **SMALL}, "holds"),
    ("C5", {**SMALL, "dampings": (1.0, 2.0)}, "fails"),
    ("C6", {"two_photon": swinging, **SMALL}, "holds in part"),
    ("C7", {"two_photon": fixed_drive, **SMALL}, "fails"),
    ("C8", {"two_photon": fixed_drive, **SMALL}, "holds in part"),
    ("C9", {"two_photon": fixed_drive, **SMALL}, "fails"),
    ("C10", {"two_photon": undamped, **SMALL}, "fails"),
    ("C10", {"two_photon": inverted, **SMALL}, "fails"),
    ("C11", {"two_photon": one_photon, **SMALL}, "fails"),
    ("C11", WEAK, "holds"),
    ("C11", STRONG, "fails"),
    ("C12", {"two_photon": swinging, **SMALL}, "fails"),
    ("C13", {"two_photon": fixed_drive, **SMALL}, "fails"),
    ("C13", {**SMALL, "dampings": (0.5, 1.0)}, "holds"),
    ("C14", {**SMALL, "dampings": (4.0, 8.0)}, "fails"),
    ("C15", {"reciprocal": one_way, **SMALL}, "holds"),
    ("C16", {"reciprocal": weakly_coupled, **SMALL}, "fails"),
    ("C17", WEAK, "holds"),
    ("C17", STRONG, "fails"),
    ("C18", WEAK, "holds in part"),
    ("C18", {"two_photon": fixed_drive, **SMALL}, "fails"),
    ("C19", WEAK, "holds"),
    ("C19", {"two_photon": double_drive, **STRONG}, "fails"),
    ("C20", {"two_photon": fixed_drive, **SMALL}, "fails"),
    ("C21", {**swapped, **SMALL}, "fails"),
    ("C22", {**swapped, **WEAK}, "fails"),
    ("C23", {**swapped, **WEAK}, "not checkable"),
    ("C23", {**SMALL, "fractions": (0.95, 0.99)}, "holds in part"),
    ("C24", {"two_photon": one_photon, **SMALL}, "fails"),
    ("C25", {"two_photon": double_drive}, "not checkable"),
    ("C26", {"two_photon": fixed_charger}, "fails"),
    ("C27", {"two_photon": fixed_weights}, "fails"),
    ("C28", {"two_photon": fixed_charger}, "holds"),
    ("C29", {"two_photon": fixed_weights}, "fails"),
    ("C30", {**swapped, **WEAK}, "holds"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bench", "verdict"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_verdict_follows_the_devices(name: str, bench: dict[str, Any], verdict: str) -> None:
    finding = CLAIMS[name].examine(Bench(**bench))
    assert finding.verdict == verdict, finding.evidence


def test_every_claim_is_tried_on_a_counter_device() -> None:
    assert {name for name, *_ in CASES} | {"C3"} == set(CLAIMS)
    assert len(CLAIMS) == 30


class Kerr(Element):
    """H = a^dag^2 a^2 on the charger: four ladder operators."""

    @property
    def modes(self) -> tuple[str, ...]:
        return ("charger",)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        raised, lowered = create("charger"), annihilate("charger")
        return (HamiltonianTerm(0.1, (raised, raised, lowered, lowered)),)


def test_moments_of_a_nonlinear_device_do_not_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """C3 with a Kerr term: the hierarchy climbs by two, and fourth moments leave the sums over pairs."""

    def nonlinear(**rates: Any) -> ly.Network:
        plain = two_photon(**rates)
        return ly.Network(plain.modes, [*plain.elements, Kerr()], charger="charger", battery="battery")

    monkeypatch.setattr(closure, "DEVICES", {"figure": closure.DEVICES["figure"]})
    finding = CLAIMS["C3"].examine(Bench(two_photon=nonlinear))
    assert finding.verdict == "fails"
    assert finding.numbers["degree_raised_by"] == 2
    assert finding.numbers["largest_non_gaussianity"] > 1e-6
    assert finding.numbers["largest_energy_gap"] is None
