"""Merits of a squeezed mode at rest from its excess variances."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from leyden.closed_form import PrincipalPair
from leyden.closed_form.squeezed import (
    ergotropy_of_excess,
    passive_energy_of_excess,
    sum_of_spreads,
    variances_of_excess,
)


def pair(amplified: float, squeezed: float) -> PrincipalPair:
    return PrincipalPair(np.float64(amplified), np.float64(squeezed))


def test_vacuum() -> None:
    vacuum = pair(0.0, 0.0)
    assert variances_of_excess(vacuum) == (0.5, 0.5)
    assert ergotropy_of_excess(vacuum) == 0.0
    assert passive_energy_of_excess(np.float64(0.0), vacuum) == 0.0
    assert sum_of_spreads(vacuum) == pytest.approx(np.sqrt(2), rel=1e-15)


@pytest.mark.parametrize("excess", [(1.5, -0.375), (0.1, -0.05), (1e-6, -0.9e-6), (1e-12, -0.99e-12), (1e5, -0.49)])
def test_against_the_definitions(excess: tuple[float, float]) -> None:
    with mp.workdps(60):
        V, U = (mp.mpf(x) + mp.mpf(1) / 2 for x in excess)
        ergotropy = (mp.sqrt(V) - mp.sqrt(U)) ** 2 / 2
        passive = mp.sqrt(V * U) - mp.mpf(1) / 2
        energy = np.float64((V + U - 1) / 2)
    assert ergotropy_of_excess(pair(*excess)) == pytest.approx(float(ergotropy), rel=2e-15, abs=0)
    # Of the two terms E and x_+ x_- a difference is left; it is this well known, and no better.
    known = 1e-15 * (energy + excess[0] * abs(excess[1]))
    assert passive_energy_of_excess(energy, pair(*excess)) == pytest.approx(float(passive), abs=known)


def test_a_pure_state_has_no_passive_energy() -> None:
    """V = e^{2r}/2 and e^{-2r}/2: rounding may not make the passive energy negative."""
    r = np.linspace(0, 8, 50)
    excess = PrincipalPair(np.expm1(2 * r) / 2, np.expm1(-2 * r) / 2)
    energy = np.sinh(r) ** 2
    passive = passive_energy_of_excess(energy, excess)
    assert (passive >= 0).all()
    assert (passive < 1e-15 * np.exp(2 * r)).all()
    # Rounding leaves V_- with the absolute error 1e-16, relative to e^{-2r}/2.
    np.testing.assert_allclose(ergotropy_of_excess(excess), energy, rtol=1e-14)


def test_beyond_floats() -> None:
    infinite = pair(np.inf, -0.25)
    assert ergotropy_of_excess(infinite) == np.inf
    assert passive_energy_of_excess(np.float64(np.inf), infinite) == np.inf
    assert ergotropy_of_excess(pair(1e300, -0.25)) == pytest.approx(0.5e300)


def test_rounding_cannot_make_a_variance_negative() -> None:
    assert variances_of_excess(pair(1e16, -0.5 - 1e-16)).squeezed == 0.0


def test_no_steady_state_stays_nan() -> None:
    nothing = pair(np.nan, np.nan)
    assert np.isnan(variances_of_excess(nothing).squeezed)
    assert np.isnan(ergotropy_of_excess(nothing))
    assert np.isnan(passive_energy_of_excess(np.float64(np.nan), nothing))
