"""Shifts: the rates of the drift, as far as they must be known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import leyden as ly
from leyden.algebra.adi import Shifted
from leyden.algebra.krylov import Krylov
from leyden.algebra.shifts import rates_near, shifts_for, small_spectra
from leyden.equations.low_rank import sparse_drift

C = ly.catalog


def drift_of(network: ly.Network) -> Any:
    return sparse_drift(ly.moment_equations(network))


def test_couples_have_exact_spectra_and_larger_circles_are_seen() -> None:
    drift = np.diag([-1.0, -2.0, -3.0, -4.0, -5.0])
    drift[0, 3], drift[3, 0], drift[1, 0], drift[4, 2] = 0.7, -0.9, 5.0, 2.0
    found, is_larger = small_spectra(csr_array(drift))
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(np.linalg.eigvals(drift)), rtol=1e-14)
    assert not is_larger
    drift[0, 1] = 0.1
    found, is_larger = small_spectra(csr_array(drift))
    assert sorted(found.real) == [-5.0, -3.0]
    assert is_larger


@pytest.mark.parametrize("drive", [0.0, 0.05])
def test_a_directed_chain_needs_its_own_rates_alone(drive: float) -> None:
    """Ends decay at (kappa + Gamma/2)/2, inner modes at (kappa + Gamma)/2, the driven one at 2 eps more or less."""
    drift = drift_of(C.cascade(50, drive=drive, damping=0.1))
    start = np.eye(100)[0]

    def never(_: Any) -> Any:
        raise AssertionError("nothing acts back: no inverse is needed")

    found = np.array(shifts_for(drift, start, never))
    assert len(found)
    rates = np.array([-0.3 - 2 * drive, -0.3 + 2 * drive, -0.55])
    assert not found.imag.any()
    assert ((found.real >= rates.min()) & (found.real <= rates.max())).all()
    # Each step with one of them leaves less than half of every rate.
    assert all((np.abs((rates - shift) / (rates + shift)) < 0.5).all() for shift in found)


@pytest.mark.parametrize("seed", range(3))
def test_shifts_decay_and_reduce_every_rate(random_network: Any, seed: int) -> None:
    drift = drift_of(random_network(seed, modes=6))
    shifted = Shifted(drift)
    start = np.random.default_rng(seed).normal(size=12)
    found = shifts_for(drift, start, lambda vector: shifted.solve(0j, vector))
    assert all(shift.real < 0 for shift in found)
    rates = np.linalg.eigvals(drift.toarray())
    left = np.ones(12)
    for shift in found:
        left *= np.abs((rates - np.conj(shift)) / (rates + shift))
        if shift.imag:
            left *= np.abs((rates - shift) / (rates + np.conj(shift)))
    assert left.max() < 1


def test_a_singular_drift_is_seen_from_the_front_alone() -> None:
    def singular(_: Any) -> Any:
        raise RuntimeError("Factor is exactly singular")

    drift = drift_of(C.ring(5, drive=0.02, damping=0.1, coupling=0.25))
    found = rates_near(drift, np.eye(10)[0], singular)
    assert len(found)
    assert np.isfinite(found).all()
    assert all(shift.real < 0 for shift in shifts_for(drift, np.eye(10)[0], singular))


def test_a_single_mode_has_two_rates() -> None:
    drift = drift_of(ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0), ly.TwoPhotonDrive("a", 0.1)], "a", "a"))
    np.testing.assert_allclose(np.sort(rates_near(drift, np.ones(2), lambda one: one).real), [-0.7, -0.3], rtol=1e-12)


def test_krylov_spaces_close_on_the_whole_spectrum() -> None:
    """After as many steps as there are dimensions the eigenvalues are exact, and their residuals say so."""
    matrix = np.random.default_rng(0).normal(size=(8, 8))
    space = Krylov(lambda vector: matrix @ vector, np.ones(8), 20)
    space.extend(20)
    assert space.is_closed
    assert space.steps == 8
    found = space.ritz()
    np.testing.assert_allclose(np.sort_complex(found.values), np.sort_complex(np.linalg.eigvals(matrix)), rtol=1e-10)
    assert found.residuals.max() == 0.0
    # The space of an eigenvector is that vector.
    alone = Krylov(lambda vector: 3.0 * vector, np.ones(5), 4)
    alone.extend(4)
    assert alone.steps == 1
    np.testing.assert_allclose(alone.ritz().values, [3.0], rtol=1e-15)


def test_ritz_residuals_bound_the_distance_to_the_spectrum() -> None:
    """Of a symmetric operator an eigenvalue lies within the residual of each Ritz value."""
    matrix = np.random.default_rng(1).normal(size=(60, 60))
    matrix = matrix + matrix.T
    exact = np.linalg.eigvalsh(matrix)
    space = Krylov(lambda vector: matrix @ vector, np.ones(60), 20)
    space.extend(20)
    found = space.ritz()
    for value, residual in zip(found.values.real, found.residuals, strict=True):
        assert np.abs(exact - value).min() <= residual * (1 + 1e-10)
