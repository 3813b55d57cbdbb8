"""Stability of large components, against whole spectra: what was once missed, and what once came out wrong."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import leyden as ly
from leyden.drift.decay import decays
from leyden.drift.spectrum import Bounds, bounds, drift_abscissa, spectrum
from leyden.equations.low_rank import drift_and_rounding, sparse_drift

C = ly.catalog
# The room's front has a function of that name.
MODULE = import_module("leyden.drift.spectrum")


def judged(network: ly.Network) -> tuple[Bounds, float]:
    """The sparse verdict, and the abscissa of the whole spectrum: these drifts are close to normal."""
    equations = ly.moment_equations(network)
    return bounds(*drift_and_rounding(equations)), float(np.linalg.eigvals(equations.drift).real.max())


# Strengths for which Gershgorin's circles cannot tell. The second grows so slowly that Arnoldi's method missed it.
RINGS = [
    {"drive": 0.5, "damping": 0.2},
    {"drive": 0.3, "damping": 0.01},
    {"drive": 0.2, "damping": 0.02, "detuning": 1.0},
    {"drive": 0.2, "damping": 0.02, "detuning": 2.0},
    {"drive": 1.2, "damping": 0.2, "detuning": 3.0},
    {"drive": 0.05, "damping": 0.02, "detuning": 0.3, "coupling": 0.5},
    {"drive": 0.3, "damping": 0.01, "detuning": 3.0},
]


@pytest.mark.parametrize("given", RINGS, ids=str)
def test_large_rings_are_judged_as_their_spectra_are(loop: Any, given: dict[str, float]) -> None:
    """An estimate where all decays; where something grows, how fast to a tenth."""
    found, exact = judged(loop(302, **given))
    assert (found.upper < 0) == (exact < -1e-13)
    if exact > 0:
        assert found.abscissa == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize("detuning", [0.0, 0.3])
def test_undamped_modes_of_a_large_ring_are_found(loop: Any, detuning: float) -> None:
    """Damped in one place alone, half of a ring's waves have a node there and never decay."""
    ring = loop(302, drive=0.02, damping=np.where(np.arange(302) == 0, 0.5, 0.0), detuning=detuning)
    found, exact = judged(ring)
    assert abs(exact) < 1e-13
    assert found.upper >= 0
    with pytest.raises(ly.UnstableError):
        ly.steady_state(ring)


@pytest.mark.parametrize("seed", range(4))
def test_random_networks_of_many_resonances(seed: int) -> None:
    rng = np.random.default_rng(seed)
    modes, damping = 320, (0.05, 0.2)[seed % 2]
    pairs = rng.integers(0, modes, size=(2 * modes, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    drives = rng.uniform(0, damping * (2.0, 8.0)[seed // 2], 20)
    parts = [
        ly.Family(ly.LocalBath, range(modes), rate=damping),
        ly.Family(ly.CoherentCoupling, pairs, strength=0.7 * rng.normal(size=len(pairs))),
        ly.Family(ly.TwoPhotonDrive, range(20), amplitude=drives),
    ]
    found, exact = judged(ly.Network(ly.Modes(modes, detuning=rng.normal(size=modes)), parts, "m0", "m1"))
    assert (found.upper < 0) == (exact < -1e-13)


def test_single_modes_are_exact() -> None:
    """A chain of exceptional points: every eigenvalue the same, of which a whole spectrum would scatter by percents."""
    drift = sparse_drift(ly.moment_equations(C.cascade(4000, drive=0.05, damping=0.0)))
    assert drift_abscissa(drift) == pytest.approx(-0.25 + 0.1, rel=1e-12)
    np.testing.assert_allclose(np.sort(spectrum(drift).values[0].real)[:-2], [-0.5] * 7996 + [-0.35, -0.25])


def test_what_decays_is_shown_to(loop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the iteration alone: eigenvalues and Arnoldi's method would have nothing to say."""
    passive = C.lattice(20, 20, drive=0.09, damping=0.2, coupling=0.5)
    assert decays(sparse_drift(ly.moment_equations(passive)))
    driven = loop(40, drive=0.5, damping=0.2)
    stable, unstable = (sparse_drift(ly.moment_equations(loop(40, drive=drive, damping=0.2))) for drive in (0.5, 1.2))
    assert decays(stable)
    assert not decays(unstable)
    monkeypatch.setattr(MODULE, "_DENSE", 0)
    assert drift_abscissa(sparse_drift(ly.moment_equations(driven))) < 0
    # An eigenvalue that is exactly zero, and one that a shift may meet: neither is a crash.
    assert not decays(csr_array(np.diag([-1.0, -1.0, 0.0, -1.0])))
    assert not decays(csr_array(np.diag([-1.0, -1.0, 1.0, -1.0])))


def test_components_too_large_for_a_spectrum_are_refused(refuses: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_LARGEST_COMPONENT", 8)
    drift = sparse_drift(ly.moment_equations(C.lattice(3, 3, drive=0.02, damping=0.1, coupling=0.25)))
    refuses("network", lambda: spectrum(drift), "at most 8 modes")
