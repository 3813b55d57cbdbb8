"""Truncated Wigner trajectories at the threshold, against the exact series of one anharmonic mode."""

from __future__ import annotations

import pytest

import leyden as ly
from leyden import closed_form

METHOD = ly.TruncatedWigner(trajectories=2000, seed=8)


@pytest.mark.parametrize(
    ("element", "given"),
    [(ly.Kerr("a", 0.01), {"kerr": 0.01}), (ly.TwoPhotonLoss("a", 0.01), {"two_photon_loss": 0.01})],
)
def test_at_the_threshold(element: ly.Element, given: dict[str, float]) -> None:
    """Four standard errors and half a percent, where the Gaussian energy diverges."""
    elements = [ly.TwoPhotonDrive("a", 0.25), ly.LocalBath("a", 1.0), element]
    found = ly.steady_state(ly.Network([ly.Mode("a")], elements, charger="a", battery="a"), method=METHOD)
    mode = closed_form.AnharmonicMode(damping=1.0, two_photon_drive=0.25, **given)
    exact = float(closed_form.anharmonic_energy(mode))
    off = abs(float(found.stored_energy) - exact) - 0.005 * exact
    assert off < 4 * float(found.stored_energy_error)
    assert float(found.stored_energy_error) < 0.03 * exact
    assert found.attrs["validity"].startswith("good")
