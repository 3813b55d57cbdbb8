"""The audit beyond the Gaussian: findings that are plain, and verdicts that turn when the devices do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.paper.beyond.anharmonic import Anharmonic
from leyden.paper.beyond.register import trial
from leyden.paper.beyond.survey import audit_beyond, examined, table_of_trials
from leyden.paper.claims.audit import table_of_claims

ROOT = Path(__file__).parents[2]
TRIALS = table_of_trials()
two_photon, one_photon = ly.catalog.two_photon_battery, ly.catalog.one_photon_battery
reciprocal = ly.catalog.reciprocal_battery

# Fewer devices than the audit tries: enough to turn a verdict. A Kerr term of 3 keeps Fock spaces small.
SMALL: dict[str, Any] = {
    "limits": {"Kerr 1": (3.0, 0.0)},
    "dampings": (0.1, 0.2),
    "drives": (0.1, 0.2),
    "followed": (0.1, 0.2),
    "run_dampings": (0.1, 0.2),
    "whole_dampings": (0.1, 0.2),
}


def changed(build: Callable[..., ly.Network], **replaced: Callable[[dict[str, Any]], Any]) -> Callable[..., ly.Network]:
    """A builder with some keywords replaced by functions of all of them."""

    def counter(**keywords: Any) -> ly.Network:
        return build(**keywords | {name: replace(keywords) for name, replace in replaced.items()})

    return counter


def undamped(k: dict[str, Any]) -> Any:
    return 0.1 + 0 * k["charger_damping"]


one_damping = changed(two_photon, charger_damping=undamped, battery_damping=undamped)
one_drive = changed(two_photon, drive=lambda k: 0.1 + 0 * k["drive"])
weaker = changed(two_photon, drive=lambda k: 0.3 - k["drive"])
swapped = {"two_photon": one_photon, "one_photon": two_photon}
opposite = changed(two_photon, coupling=lambda k: -k["coupling"])
# The weight opens the channel alone: what it adds to the charger's damping is taken off.
open_channel = changed(two_photon, battery_weight=lambda k: 1 + 0 * k["battery_weight"],
                       charger_damping=lambda k: 8.0 - k["charger_weight"] ** 2)  # fmt: skip
fixed_charger = changed(two_photon, charger_damping=lambda k: 1.0 + 0 * k["charger_damping"])

CASES = [
    ("C1", SMALL, "fails"),
    ("C1", {**SMALL, "drives": (0.02, 0.05), "followed": (0.02, 0.05)}, "not checkable"),
    ("C2", SMALL, "holds"),
    ("C2", {**SMALL, "two_photon": opposite}, "holds in part"),
    ("C3", SMALL, "fails"),
    ("C4", SMALL, "holds"),
    ("C4", {**SMALL, "two_photon": one_damping}, "fails"),
    ("C5", SMALL, "fails"),
    ("C5", {**SMALL, "two_photon": one_damping}, "holds"),
    ("C6", SMALL, "holds in part"),
    ("C6", {**SMALL, "limits": {"Kerr 1": (1.0, 0.0)}}, "holds"),
    ("C7", SMALL, "holds"),
    ("C7", {**SMALL, "two_photon": weaker}, "fails"),
    ("C8", SMALL, "holds"),
    ("C8", {**SMALL, "two_photon": one_drive}, "holds in part"),
    ("C9", {**SMALL, "two_photon": one_drive}, "fails"),
    ("C10", SMALL, "holds"),
    ("C10", {**SMALL, "two_photon": one_damping}, "fails"),
    ("C13", SMALL, "holds"),
    ("C13", {**SMALL, "two_photon": one_drive}, "fails"),
    ("C14", {**SMALL, "drives": (0.3,), "followed": (0.3,)}, "holds in part"),
    ("C14", {**SMALL, "whole_dampings": (2.0, 4.0)}, "fails"),
    ("C21", SMALL, "fails"),
    ("C21", {**SMALL, **swapped}, "holds"),
    ("C22", SMALL, "holds"),
    ("C22", {**SMALL, **swapped}, "fails"),
    ("C23", SMALL, "holds"),
    ("C23", {**SMALL, **swapped}, "not checkable"),
    ("C26", SMALL, "holds"),
    ("C26", {**SMALL, "two_photon": fixed_charger}, "fails"),
    ("C27", SMALL, "fails"),
    ("C27", {**SMALL, "two_photon": open_channel}, "holds"),
]


@pytest.fixture(scope="module")
def audited() -> Callable[[str, dict[str, Any]], Any]:
    """Findings on devices that are built and run once for all claims."""
    known: list[tuple[dict[str, Any], Anharmonic]] = []

    def ask(name: str, parts: dict[str, Any]) -> Any:
        for earlier, devices in known:
            if earlier == parts:
                return examined(TRIALS[name], devices)
        known.append((parts, Anharmonic(**parts)))
        return examined(TRIALS[name], known[-1][1])

    return ask


@pytest.mark.parametrize(("name", "parts", "verdict"), CASES)
def test_verdicts_answer_to_the_devices(audited: Any, name: str, parts: dict[str, Any], verdict: str) -> None:
    finding = audited(name, parts)
    assert finding.verdict == verdict, finding.evidence
    assert json.loads(json.dumps(asdict(finding), allow_nan=False))["claim"] == name


def test_four_times_is_a_law_of_linear_devices() -> None:
    """4 [(kappa^2 + g^2)/Lambda^2]^2 against the same |J|; a drive that makes it 3.9 turns that half of the verdict."""
    linear: dict[str, Any] = {"limits": {"Kerr 1": (0.0, 0.0)}, "lossy": (0.2, 0.3), "coherent": (0.02,)}
    law = 4 * ((0.04 + 0.25) / 0.7**2) ** 2
    finding = examined(TRIALS["C16"], Anharmonic(**linear))
    assert finding.verdict == "fails"
    assert finding.numbers["same"][1] == pytest.approx(law, rel=1e-6)
    louder = changed(one_photon, drive=lambda k: (3.9 / law) ** 0.5 * k["drive"])
    assert examined(TRIALS["C16"], Anharmonic(**linear, one_photon=louder)).verdict == "holds in part"


def test_a_device_that_goes_on_growing_has_no_steady_state() -> None:
    """C1 again, with energies that double every 20."""
    devices = Anharmonic(**SMALL)
    run = devices.run.copy()
    run["charger_energy"] = run.charger_energy * 2.0 ** (run.time / 20)
    vars(devices)["run"] = run
    assert examined(TRIALS["C1"], devices).verdict == "holds"


def test_words_are_those_of_the_claims(audited: Any) -> None:
    claims = table_of_claims()
    assert set(TRIALS) <= set(claims)
    finding = audited("C7", SMALL)
    assert (finding.statement, finding.where) == (claims["C7"].statement, claims["C7"].where)


def test_the_page_lists_every_claim_that_is_tried() -> None:
    """With its words, and the verdict that README.md has for the Gaussian device; `make campaign` holds the others."""
    page, readme = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/threshold.md", "README.md"))
    rows = [line.strip("|").split(" | ") for line in page.splitlines() if line.startswith("| C")]
    assert [row[0].strip() for row in rows] == list(TRIALS)
    claims = table_of_claims()
    for name, statement, gaussian, *_ in rows:
        claim = claims[name.strip()]
        assert statement == claim.statement
        assert f"| {claim.name} | {claim.where} | {statement} | {gaussian} |" in readme


def test_numbers_are_those_of_other_methods(audited: Any) -> None:
    """W/E_A of the audit against density matrices of the pair, at the strongest drive and the smallest damping."""
    finding = audited("C14", SMALL)
    pair = two_photon(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    device = ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", 3.0)], charger="charger", battery="battery")
    states = ly.steady_state(device, method="fock")
    assert finding.numbers["largest_conversion"] == pytest.approx(float(states.conversion_ratio), rel=1e-6)


def test_chosen_claims_and_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leyden.paper.beyond.survey.Anharmonic", lambda: Anharmonic(**SMALL))
    seen: list[tuple[str, int, int]] = []
    found = audit_beyond(claims=["C13", "C10"], progress=lambda *step: seen.append(step))
    assert list(found) == ["C10", "C13"]
    assert seen == [("C10", 0, 2), ("C13", 1, 2)]
    assert audit_beyond(claims=[]) == {}


def test_claims_that_are_not_tried() -> None:
    with pytest.raises(ly.ParameterError, match=r"`claims` must hold some of C1, C2, .*C27, but is 'C30'"):
        audit_beyond(claims=["C30"])


def test_a_claim_is_tried_once() -> None:
    with pytest.raises(ValueError, match="claim C1 is tried twice"):
        trial("C1")(TRIALS["C1"].compute)


def test_the_grid_straddles_every_threshold() -> None:
    devices = Anharmonic()
    assert np.all((devices.critical > devices.drives[0]) & (devices.critical < devices.drives[-1]))
