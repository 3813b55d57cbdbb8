"""The rightmost eigenvalue of a large component, against its whole spectrum."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.drift.spectrum import drift_abscissa
from leyden.equations.low_rank import sparse_drift

C = ly.catalog
# The room's front has a function of that name.
MODULE = import_module("leyden.drift.rightmost")


def one_way_round(modes: int) -> ly.Network:
    """A directed chain that bites its tail: the whole spectrum is far from what any one mode decays with."""
    places = np.arange(modes)
    pairs = np.stack([places, np.roll(places, -1)], axis=1)
    parts = [
        ly.TwoPhotonDrive("m0", 0.1),
        ly.Family(ly.LocalBath, places, rate=0.2),
        ly.Family(ly.SharedBath, pairs, weights=(2**-0.5, 2**-0.5), rate=1.0),
        ly.Family(ly.CoherentCoupling, pairs, strength=-0.25j),
    ]
    return ly.Network(ly.Modes(modes), parts, "m0", "m1")


NETWORKS = {
    "driven lattice": lambda loop: C.lattice(8, 8, drive=0.05, damping=0.2, coupling=0.25),
    "undriven lattice": lambda loop: C.lattice(8, 8, drive=0.0, damping=0.2, coupling=1.0),
    "slow ring": lambda loop: C.ring(60, drive=0.05, damping=0.2, coupling=0.3),
    "directed ring": lambda loop: one_way_round(60),
    "strongly driven ring": lambda loop: loop(60, drive=0.5, damping=0.2),
    "growing ring": lambda loop: loop(60, drive=0.3, damping=0.01),
}


@pytest.fixture
def by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Components of any size are looked at as large ones are."""
    monkeypatch.setattr(MODULE, "_DENSE", 0)


@pytest.mark.usefixtures("by_time")
@pytest.mark.parametrize("name", NETWORKS)
def test_large_components_to_the_error_that_is_told(loop: Any, name: str) -> None:
    equations = ly.moment_equations(NETWORKS[name](loop))
    drift = sparse_drift(equations)
    exact = float(np.linalg.eigvals(equations.drift).real.max())
    found = MODULE.rightmost(drift, drift_abscissa(drift))
    assert found.abscissa == pytest.approx(exact, rel=1e-7)
    assert 0 < found.error < 1e-8


@pytest.mark.usefixtures("by_time")
def test_an_undamped_wave_has_no_decay(loop: Any) -> None:
    ring = loop(60, drive=0.02, damping=np.where(np.arange(60) == 0, 0.5, 0.0))
    drift = sparse_drift(ly.moment_equations(ring))
    assert MODULE.rightmost(drift, drift_abscissa(drift)).abscissa == pytest.approx(0.0, abs=1e-6)


def test_small_components_and_single_modes_are_exact(loop: Any) -> None:
    drift = sparse_drift(ly.moment_equations(C.cascade(4000, drive=0.05, damping=0.0)))
    assert MODULE.rightmost(drift, -1.0) == (pytest.approx(-0.25 + 0.1, rel=1e-12), pytest.approx(0.0, abs=1e-14))
    small = ly.moment_equations(loop(30, drive=0.5, damping=0.2))
    exact = float(np.linalg.eigvals(small.drift).real.max())
    found = MODULE.rightmost(sparse_drift(small), -1.0)
    assert found.abscissa == pytest.approx(exact, rel=1e-12)
    assert abs(found.abscissa - exact) <= found.error < 1e-12


@pytest.mark.usefixtures("by_time")
def test_what_is_left_open_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With as few steps as there can be the answer is a poor one, and says so."""
    monkeypatch.setattr(MODULE, "_MOST_STEPS", 10)
    equations = ly.moment_equations(NETWORKS["slow ring"](None))
    exact = float(np.linalg.eigvals(equations.drift).real.max())
    found = MODULE.rightmost(sparse_drift(equations), -0.1)
    assert 1e-5 < abs(found.abscissa - exact) < found.error


def test_sizes_of_components() -> None:
    lattice = sparse_drift(ly.moment_equations(C.lattice(5, 8, drive=0.02, damping=0.1, coupling=0.25)))
    chain = sparse_drift(ly.moment_equations(C.cascade(3000, drive=0.02, damping=0.1)))
    wide = sparse_drift(ly.moment_equations(C.lattice(35, 35, drive=0.02, damping=0.1, coupling=0.25)))
    assert [MODULE.largest_component(drift) for drift in (lattice, chain, wide)] == [40, 1, 1225]
    assert [MODULE.has_small_components(drift) for drift in (lattice, chain, wide)] == [True, True, False]
