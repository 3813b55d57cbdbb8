"""Exceptional points along a parameter: closed forms, higher orders, and meetings that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.drift.along import line_of
from leyden.drift.exceptional import Findings, exceptional_points

C = ly.catalog
DRIVE = "TwoPhotonDrive(charger).amplitude"
STRENGTH = "CoherentCoupling(charger, battery).strength"


def found(network: ly.Network, address: str, low: float, high: float) -> Findings:
    return exceptional_points(line_of(network, address), low, high)


def directed(**changes: Any) -> ly.Network:
    return C.two_photon_battery(**({"drive": 0.0, "charger_damping": 0.5, "battery_damping": 0.1} | changes))


@pytest.mark.parametrize("phase", [0.0, 0.7, np.pi / 2])
def test_a_one_way_pair(phase: float) -> None:
    """eps = (Lambda_a - Lambda_b)/4, where analytic branches cross and are defective, at -Lambda_b/2."""
    (point,) = found(directed(phase=phase), DRIVE, 0.0, 0.2).points
    assert point.value == pytest.approx(0.1, abs=1e-14)
    assert point.eigenvalue == pytest.approx(-0.3, abs=1e-12)
    assert point.order == 2


def test_a_detuned_mode_locks_where_its_drive_equals_half_its_detuning() -> None:
    """-Lambda/2 +- (4 eps^2 - Delta^2)^(1/2)."""
    (point,) = found(directed(detuning=0.05), DRIVE, 0.0, 0.2).points
    assert point.value == pytest.approx(0.025, abs=1e-14)
    assert point.eigenvalue == pytest.approx(-0.5, abs=1e-12)


@pytest.mark.parametrize("detuning", [0.0, 0.4])
def test_a_reciprocal_pair(detuning: float) -> None:
    """J = |kappa_a - kappa_b|/4 at -(kappa_a + kappa_b)/4 - i Delta: two copies of it, or a conjugate pair."""
    pair = C.reciprocal_battery(drive=0.0, charger_damping=0.5, battery_damping=0.1, coupling=0.1, detuning=detuning)
    (point,) = found(pair, STRENGTH, 0.01, 0.35).points
    assert point.value == pytest.approx(0.1, abs=1e-14)
    assert point.eigenvalue == pytest.approx(complex(-0.15, detuning), abs=1e-10)
    assert point.order == 2


def test_both_ends_of_the_interval_belong_to_it() -> None:
    """Two copies of a pair meet at -+(kappa_a - kappa_b)/4 too."""
    pair = C.reciprocal_battery(drive=0.0, charger_damping=0.5, battery_damping=0.1, coupling=0.1)
    assert [p.value for p in found(pair, STRENGTH, 0.1, 0.3).points] == pytest.approx([0.1], abs=1e-14)
    assert [p.value for p in found(pair, STRENGTH, -0.3, 0.1).points] == pytest.approx([-0.1, 0.1], abs=1e-14)
    assert found(pair, STRENGTH, 0.1001, 0.3).points == ()


def test_three_modes_meet_at_once() -> None:
    """Dampings 2 (l - g), 2 l, 2 (l + g) and couplings J: all three eigenvalues are -l at J = g/sqrt2."""
    level, gap = 0.5, 0.25
    parts: list[Any] = [ly.LocalBath(name, 2 * (level + k * gap)) for name, k in (("a", 1), ("b", 0), ("c", -1))]
    parts += [ly.CoherentCoupling("a", "b", 0.1), ly.CoherentCoupling("b", "c", gap / 2**0.5)]
    chain = ly.Network([ly.Mode(name) for name in "abc"], parts, "a", "c")
    points = found(chain, "CoherentCoupling(a, b).strength", 0.0, 0.4).points
    (third,) = [point for point in points if point.order == 3]
    assert third.value == pytest.approx(gap / 2**0.5, abs=1e-10)
    assert third.eigenvalue == pytest.approx(-level, abs=1e-5)


def test_a_squared_parameter() -> None:
    """Of a weight p of the charger Lambda_a is 0.5 + p^2, and the coupling makes it one-way at one weight only."""
    address = "SharedBath(charger, battery).weights[charger]"
    points = found(directed(drive=0.1), address, 0.3, 1.2).points
    assert points
    for point in points:
        drift = ly.moment_equations(directed(drive=0.1).replace(**{address: point.value})).drift
        # Fewer eigenvectors than eigenvalues.
        alike = np.sum(np.abs(np.linalg.eigvals(drift) - point.eigenvalue) < 1e-6)
        kept = np.sum(np.linalg.svd(drift - point.eigenvalue * np.eye(4), compute_uv=False) < 1e-9)
        assert 1 <= kept < alike


def test_modes_that_do_not_act_on_each_other_only_cross() -> None:
    parts = [ly.LocalBath("a", 1.5), ly.LocalBath("b", 1.0)]
    pair = ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b")
    findings = found(pair, "LocalBath(a).rate", 0.3, 2.0)
    assert (findings.points, findings.throughout, findings.crossings) == ((), (), 1)


def test_eigenvalues_that_only_come_close_do_not_meet() -> None:
    """(eps - eps_0)^2 + small^2 under the root: the points are off the real axis."""
    pair = C.reciprocal_battery(drive=0.0, charger_damping=0.3, battery_damping=0.3, coupling=1e-5, detuning=0.4)
    findings = found(pair, "Mode(charger).detuning", 0.2, 0.6)
    assert (findings.points, findings.crossings) == ((), 0)


def test_what_is_exceptional_at_every_value_is_said_apart() -> None:
    """Equal dampings of a one-way pair, and a reciprocal pair at its point; nothing that a coherent drive changes."""
    for photons_of_one in (
        C.one_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1),
        C.reciprocal_battery(drive=0.1, charger_damping=0.5, battery_damping=0.1, coupling=0.1, photons=1),
    ):
        findings = found(photons_of_one, "OnePhotonDrive(charger).amplitude", 0.0, 0.3)
        assert findings.points == ()
        assert [one.order for one in findings.throughout] == [2]
    # The drive takes the charger out of it: a point at eps = 0 alone.
    findings = found(directed(charger_damping=0.1), DRIVE, 0.0, 0.2)
    assert [point.value for point in findings.points] == pytest.approx([0.0], abs=1e-14)
    assert findings.throughout == ()


def test_a_chain_grows_by_one_where_another_mode_joins_it() -> None:
    """Ten equal modes of a cascade are one chain; its head joins at 2 eps = Gamma/4."""
    findings = found(C.cascade(12, drive=0.1, damping=0.1), "TwoPhotonDrive(m0).amplitude", 0.01, 0.14)
    assert [one.order for one in findings.throughout] == [10]
    assert [(round(point.value, 9), point.order) for point in findings.points] == [(0.125, 11)]


def test_nothing_moves_without_a_drift() -> None:
    network = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.0)], "a", "a")
    assert found(network, "TwoPhotonDrive(a).phase", 0.0, 1.0) == Findings((), (), 0)
