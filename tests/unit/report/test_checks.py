"""Checks of a report: they hold where they must, and fail where a number is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.portrait import Portrait, Statement
from leyden.report.checks import checks
from leyden.report.material import Material

ALL = ["two ways", "first law", "second law", "uncertainty"]


def material(**parameters: Any) -> Material:
    rates = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}
    return Material(Portrait(ly.catalog.two_photon_battery(**rates | parameters)))


def told(found: Material) -> dict[str, Statement]:
    return {one.label: one for one in checks(found)}


def test_they_hold() -> None:
    found = told(material())
    assert list(found) == ALL
    assert {one.verdict for one in found.values()} == {"holds"}
    assert all(one.criterion and one.numbers for one in found.values())
    # By hand: Eq. (14), 0.06/(0.2 * 0.32).
    assert found["two ways"].words.count("0.9375") == 2


def test_without_a_steady_state_the_laws_remain() -> None:
    assert list(told(material(drive=0.3))) == ALL[1:]


def test_long_chains_are_given_their_time() -> None:
    """Ten of the slowest times are not enough where energy has forty modes to pass."""
    chain = Material(Portrait(ly.catalog.cascade(40, drive=0.1, damping=0.1)))
    assert told(chain)["two ways"].verdict == "holds"
    ends = [float(chain.late["total_stored_energy"].values[place]) for place in (0, -1)]
    assert abs(ends[0] / ends[1] - 1) > 1e-6


@pytest.mark.parametrize(
    ("part", "name", "factor", "label"),
    [
        ("late", "stored_energy", 1.0 + 1e-5, "two ways"),
        ("flows", "flow", 1e-12, "first law"),
        ("flows", "wigner_entropy_production", -1.0, "second law"),
    ],
)
def test_a_wrong_number_fails(part: str, name: str, factor: float, label: str) -> None:
    found = material()
    dataset = getattr(found, part)
    found.__dict__[part] = dataset.assign({name: dataset[name] * factor})
    verdicts = {one.label: one.verdict for one in checks(found)}
    assert verdicts.pop(label) == "fails"
    assert set(verdicts.values()) == {"holds"}


def test_a_state_that_cannot_be_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    found = material()
    monkeypatch.setattr(ly.states, "symplectic_eigenvalues", lambda _: np.array([0.49, 0.6]))
    assert told(found)["uncertainty"].verdict == "fails"
