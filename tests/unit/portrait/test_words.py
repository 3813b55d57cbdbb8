"""What is said of a device: words, verdicts, criteria and the numbers behind them."""

from __future__ import annotations

import math
from typing import Any

import pytest

import leyden as ly
from leyden.portrait import Portrait, Statement, number, statements

RATES = {"charger_damping": 0.1, "battery_damping": 0.1}


def said(network: ly.Network, label: str) -> Statement:
    return next(one for one in statements(Portrait(network)) if one.label == label)


@pytest.mark.parametrize(
    ("drive", "verdicts"),
    [
        (0.1, {("stability", "stable", "holds"), ("threshold", "below", "holds")}),
        (0.15, {("stability", "marginal", "part"), ("threshold", "at it", "part")}),
        (0.2, {("stability", "unstable", "fails"), ("threshold", "above", "fails")}),
    ],
)
def test_stability_and_threshold_agree(drive: float, verdicts: set[tuple[str, str, str]]) -> None:
    found = list(statements(Portrait(ly.catalog.two_photon_battery(drive=drive, **RATES))))
    assert {(one.label, one.verdict, one.kind) for one in found} >= verdicts
    threshold = next(one for one in found if one.label == "threshold")
    assert threshold.numbers["critical drive"] == pytest.approx(0.15, rel=1e-12)
    assert threshold.numbers["drive"] + threshold.numbers["margin"] == pytest.approx(0.15, rel=1e-12)


@pytest.mark.parametrize(
    ("build", "verdict", "kind"),
    [
        (lambda: ly.catalog.two_photon_battery(drive=0.1, **RATES), "one way", "holds"),
        (lambda: ly.catalog.two_photon_battery(drive=0.1, coupling=-0.2j, **RATES), "partial", "part"),
        (lambda: ly.catalog.two_photon_battery(drive=0.01, coupling=0.25j, **RATES), "backwards", "fails"),
        (lambda: ly.catalog.reciprocal_battery(drive=0.02, coupling=0.25, **RATES), "reciprocal", "open"),
        (lambda: ly.catalog.reciprocal_battery(drive=0.02, coupling=0.0, **RATES), "uncoupled", "open"),
    ],
)
def test_transport_has_a_verdict(build: Any, verdict: str, kind: str) -> None:
    found = said(build(), "transport")
    assert (found.verdict, found.kind) == (verdict, kind)
    assert found.criterion
    assert set(found.numbers) == {"forth", "back", "back-action"}


def test_settling_is_in_its_words() -> None:
    found = said(ly.catalog.two_photon_battery(drive=0.05, **RATES), "settling")
    assert found.words.startswith(f"{found.verdict} (1/rate unit), to 1 %")
    assert found.verdict == number(found.numbers["settling time"])


def test_numbers_are_short() -> None:
    assert [number(value) for value in (None, math.nan, -0.0, 1 / 3, 1e-9)] == ["-", "-", "0", "0.33333", "1e-09"]
