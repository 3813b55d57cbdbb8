"""Quanta of modes together: digits at weak drive, where squeezing is of first order and quanta of second."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.dense import steady_state
from leyden.states.bipartite import quanta_of_state, quanta_transposed, quanta_when_measured
from leyden.states.symplectic import quanta_of_modes


def settled(drive: float) -> ly.GaussianState:
    device = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.3, detuning=0.2)
    return steady_state(ly.moment_equations(device))[0]


def test_weak_modes_together_keep_all_digits() -> None:
    """Quanta over the drive's square have a limit, reached up to the drive's square."""
    limit = quanta_of_state(settled(1e-5), [0, 1])[0] / 1e-10
    for drive in (1e-9, 1e-12, 1e-30):
        found, is_lost = quanta_of_state(settled(drive), [0, 1])
        np.testing.assert_allclose(found / drive**2, limit, rtol=1e-7)
        assert not is_lost
    tiny, tinier = (quanta_of_state(settled(drive), [0, 1])[0] / drive**2 for drive in (1e-9, 1e-12))
    np.testing.assert_allclose(tiny, tinier, rtol=1e-13)


@pytest.mark.parametrize("drive", [0.01, 0.1, 0.14])
def test_they_are_the_symplectic_eigenvalues(drive: float) -> None:
    state = settled(drive)
    np.testing.assert_allclose(quanta_of_state(state, [0, 1])[0], quanta_of_modes(state.excess)[0], rtol=1e-11)
    np.testing.assert_allclose(quanta_of_state(state, [1])[0], [ly.states.thermal_quanta(state, 1)], rtol=1e-15)


def test_what_one_mode_leaves_of_another() -> None:
    """det of the Schur complement is det V_AB / det V_A; the partial transpose has the determinant of V."""
    state = settled(0.05)
    nu = 0.5 + float(quanta_when_measured(state, [0], [1])[0][0])
    whole = np.linalg.det(state.covariance)
    assert nu**2 == pytest.approx(whole / np.linalg.det(state.covariance[:2, :2]), rel=1e-12)
    both = 0.5 + np.asarray(quanta_transposed(state, [0], [1])[0])
    assert np.prod(both) ** 2 == pytest.approx(whole, rel=1e-12)
    assert both[0] < 0.5
