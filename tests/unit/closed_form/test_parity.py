"""Even cats and van der Pol oscillators, against states and identities written down here."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.closed_form import even_cat_energy, even_cat_gaussian_ergotropy, van_der_pol_populations
from leyden.errors import ParameterError


@pytest.mark.parametrize("quanta", [1e-8, 0.3, 1.0, 9.0])
def test_energy_and_squeezing_of_an_even_cat(quanta: float) -> None:
    """Amplitudes alpha^n/sqrt(n!) on even n."""
    n = np.arange(0, 120, 2)
    logs = n * np.log(quanta) / 2 - np.array([np.log(np.arange(1.0, k + 1)).sum() for k in n]) / 2
    weights = np.exp(2 * (logs - logs.max()))
    energy = float(n @ weights / weights.sum())
    rates = {"two_photon_drive": quanta / 2, "two_photon_loss": 1.0}
    assert float(even_cat_energy(**rates)) == pytest.approx(energy, rel=1e-12)
    # <a^2> = alpha^2.
    naive = energy + 0.5 - np.sqrt((energy + 0.5) ** 2 - quanta**2)
    assert float(even_cat_gaussian_ergotropy(**rates)) == pytest.approx(naive, rel=1e-12, abs=1e-16)


def test_large_and_absent_cats() -> None:
    assert float(even_cat_gaussian_ergotropy(two_photon_drive=0.0, two_photon_loss=1.0)) == 0.0
    large = float(even_cat_gaussian_ergotropy(two_photon_drive=5e7, two_photon_loss=1.0))
    assert large == pytest.approx(1e8 - 1e4 + 0.5, rel=1e-12)
    assert even_cat_energy(two_photon_drive=[-0.5, 0.5], two_photon_loss=1.0).tolist() == [np.tanh(1.0)] * 2


@pytest.mark.parametrize(
    ("gain", "loss", "damping"), [(1.0, 0.2, 0.0), (3.0, 0.01, 0.5), (0.5, 2.0, 1.0), (1.0, 1e6, 0.0)]
)
def test_populations_of_a_van_der_pol_oscillator_stand_still(gain: float, loss: float, damping: float) -> None:
    """The rate equations, in and out of each level."""
    populations = van_der_pol_populations(gain=gain, two_photon_loss=loss, damping=damping, levels=1000)
    n = np.arange(1000.0)
    out = populations * (gain * (n + 1) + damping * n + loss * n * (n - 1))
    into = np.zeros(1000)
    into[1:] += gain * n[1:] * populations[:-1]
    into[:-1] += damping * n[1:] * populations[1:]
    into[:-2] += loss * n[2:] * n[1:-1] * populations[2:]
    assert populations.sum() == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose(into[:900], out[:900], rtol=0, atol=1e-13 * out.max())
    if not damping:
        energy = float(n @ populations)
        assert energy == pytest.approx((gain / loss + 1 - populations[0] + populations[1]) / 2, rel=1e-12)


def test_few_levels_are_the_lowest_of_many_and_no_gain_is_the_vacuum() -> None:
    many = van_der_pol_populations(gain=1.0, two_photon_loss=0.1, levels=300)
    np.testing.assert_allclose(van_der_pol_populations(gain=1.0, two_photon_loss=0.1, levels=3), many[:3], rtol=1e-13)
    for damping in (0.0, 1.0):
        still = van_der_pol_populations(gain=0.0, two_photon_loss=1.0, damping=damping, levels=3)
        assert still.tolist() == [1.0, 0.0, 0.0]


def test_what_they_refuse() -> None:
    with pytest.raises(ParameterError, match="`two_photon_loss` must be positive"):
        even_cat_energy(two_photon_drive=1.0, two_photon_loss=0.0)
    with pytest.raises(ParameterError, match="`gain` must be one number"):
        van_der_pol_populations(gain=[1.0, 2.0], two_photon_loss=1.0, levels=3)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="`levels` must be a whole number"):
        van_der_pol_populations(gain=1.0, two_photon_loss=1.0, levels=0)
