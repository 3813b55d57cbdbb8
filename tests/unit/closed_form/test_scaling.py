"""Energies at threshold, against the exact series as the anharmonicity goes to zero."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.closed_form import (
    AnharmonicMode,
    anharmonic_energy,
    threshold_energy_by_kerr,
    threshold_energy_by_two_photon_loss,
)
from leyden.errors import ParameterError


@pytest.mark.parametrize("sign", [1, -1])
def test_by_kerr(sign: int) -> None:
    """What is left of order (K/kappa)^(2/3) falls as that does: by 10^(2/3) a decade."""
    kerr = sign * np.array([1e-3, 1e-4])
    exact = anharmonic_energy(AnharmonicMode(damping=2.0, kerr=2 * kerr, two_photon_drive=0.5))
    left = exact / threshold_energy_by_kerr(kerr=2 * kerr, damping=2.0) - 1
    np.testing.assert_allclose(left, -0.162 * np.abs(kerr) ** (2 / 3), rtol=2e-3)


def test_by_two_photon_loss() -> None:
    loss = np.array([1e-3, 1e-5])
    exact = anharmonic_energy(AnharmonicMode(damping=2.0, two_photon_loss=2 * loss, two_photon_drive=0.5))
    left = exact / threshold_energy_by_two_photon_loss(two_photon_loss=2 * loss, damping=2.0) - 1
    np.testing.assert_allclose(left, -0.4456 * np.sqrt(loss), rtol=2e-2)


def test_what_they_refuse() -> None:
    with pytest.raises(ParameterError, match="`kerr` must not be zero"):
        threshold_energy_by_kerr(kerr=[1.0, 0.0], damping=1.0)
    with pytest.raises(ParameterError, match="`two_photon_loss` must be positive"):
        threshold_energy_by_two_photon_loss(two_photon_loss=0.0, damping=1.0)
