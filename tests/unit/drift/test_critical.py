"""Critical values along any parameter, against formulas and against what the spectrum says on a grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.drift.along import line_of
from leyden.drift.critical import _sums, critical_value

C = ly.catalog


def device(**changes: Any) -> ly.Network:
    return C.two_photon_battery(**({"drive": 0.2, "charger_damping": 0.1, "battery_damping": 0.1} | changes))


def test_the_matrix_of_sums_has_the_sums_as_eigenvalues() -> None:
    matrix = np.random.default_rng(1).normal(size=(5, 5))
    values = np.linalg.eigvals(matrix)
    expected = [values[i] + values[j] for i in range(5) for j in range(i + 1, 5)]
    found = np.linalg.eigvals(_sums(matrix))
    for value in expected:
        assert np.abs(found - value).min() < 1e-13


def test_the_damping_and_the_detuning_that_a_drive_asks_for() -> None:
    """2 eps < (Lambda^2/4 + Delta^2)^(1/2) with Lambda = kappa_a + 1/2."""
    assert critical_value(line_of(device(), "LocalBath(charger).rate")) == pytest.approx(0.3, rel=1e-13)
    wanted = np.sqrt(0.4**2 - 0.3**2)
    assert critical_value(line_of(device(), "Mode(charger).detuning")) == pytest.approx(wanted, rel=1e-13)
    backwards = critical_value(line_of(device(), "Mode(charger).detuning", -1.0))
    assert backwards == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("damping", [0.4, 1.0])
def test_a_pair_that_makes_pairs(damping: float) -> None:
    """|chi| = sqrt(kappa_a kappa_b)/2, in any phase."""
    parts = [ly.LocalBath("a", 0.3), ly.LocalBath("b", damping), ly.ParametricCoupling("a", "b", 0.01)]
    pair = ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b")
    line = line_of(pair, "ParametricCoupling(a, b).strength", np.exp(0.7j))
    assert critical_value(line) == pytest.approx(np.sqrt(0.3 * damping) / 2, rel=1e-13)


def test_what_the_drift_does_not_know_changes_nothing() -> None:
    stable = device(drive=0.1)
    for address in ("Mode(charger).frequency", "LocalBath(charger).occupation", "TwoPhotonDrive(charger).phase"):
        assert critical_value(line_of(stable, address)) == float("inf")
        assert critical_value(line_of(device(), address)) == 0.0
    # A mode that nothing drives is stable with any damping, and without one not.
    alone = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.3)], "a", "a")
    assert critical_value(line_of(alone, "LocalBath(a).rate")) == 0.0
    assert critical_value(line_of(stable, "LocalBath(battery).rate")) == float("inf")


def test_of_a_drive_it_is_the_critical_drive(random_network: Any) -> None:
    network = random_network(5)
    found = critical_value(line_of(network, "TwoPhotonDrive(m0).amplitude"))
    assert found == ly.critical_drive(network, "m0")


@pytest.mark.parametrize(
    ("address", "direction"),
    [
        ("SharedBath(charger, battery).rate", 1.0),
        ("SharedBath(charger, battery).weights[charger]", 1.0),
        ("SharedBath(charger, battery).weights[battery]", 1j),
        ("CoherentCoupling(charger, battery).strength", -1j),
        ("CoherentCoupling(charger, battery).strength", 1.0),
    ],
)
@pytest.mark.parametrize("damping", [0.05, 0.25])
def test_it_is_the_first_change_that_a_grid_sees(address: str, direction: complex, damping: float) -> None:
    network = device(charger_damping=damping, battery_damping=0.15, drive=0.18, detuning=0.05)
    line = line_of(network, address, direction)
    grid = np.linspace(0, 4, 4001)
    stable = ly.stability(network.replace(**{address: direction * grid})).is_stable.values
    changes = np.flatnonzero(stable[1:] != stable[:-1])
    found = critical_value(line)
    if len(changes):
        assert grid[changes[0]] <= found <= grid[changes[0] + 1]
    else:
        assert found == 0.0 or found > 4.0


def test_a_narrow_window_is_seen() -> None:
    """Pairs are made where detunings cancel to a few linewidths: |D_a + D_b| < kappa (4 chi^2/kappa^2 - 1)^(1/2)."""
    kappa, chi = 1e-4, 1e-4
    parts = [ly.LocalBath("a", kappa), ly.LocalBath("b", kappa), ly.ParametricCoupling("a", "b", chi)]
    pair = ly.Network([ly.Mode("a", detuning=-0.6), ly.Mode("b")], parts, "a", "b")
    found = critical_value(line_of(pair, "Mode(b).detuning"))
    assert found == pytest.approx(0.6 - kappa * np.sqrt(3), rel=1e-12)


def test_angles_are_looked_at_around_a_turn() -> None:
    """Two drives and a coupling that makes pairs help each other where their phases agree."""
    parts = [ly.LocalBath("a", 1.0), ly.TwoPhotonDrive("a", 0.2), ly.ParametricCoupling("a", "b", 0.15)]
    parts += [ly.LocalBath("b", 1.0), ly.TwoPhotonDrive("b", 0.2)]
    network = ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b")
    address = "TwoPhotonDrive(a).phase"
    found = critical_value(line_of(network, address))
    grid = np.linspace(0, 2 * np.pi, 2001)
    stable = ly.stability(network.replace(**{address: grid})).is_stable.values
    changes = np.flatnonzero(stable[1:] != stable[:-1])
    assert len(changes)
    assert grid[changes[0]] <= found <= grid[changes[0] + 1]


def test_too_many_modes_are_refused(refuses: Any) -> None:
    ring = C.ring(30, drive=0.05, damping=0.2, coupling=0.25, flux=0.3)
    refuses("network", lambda: critical_value(line_of(ring, "LocalBath(m3).rate")), "at most 24 modes", "30")
