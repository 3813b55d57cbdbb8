"""What is told where a device decays so slowly that rounding is seen in its energies, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.dense.digits import relative_error


def slow(rate: float) -> ly.Network:
    """A battery that hardly decays, coupled to a charger that does at 1: E = 2 g^2 .../..., whatever the rate."""
    parts = [
        ly.LocalBath("a", 1.0),
        ly.LocalBath("b", rate),
        ly.TwoPhotonDrive("a", 0.05),
        ly.CoherentCoupling("a", "b", 1e-8),
    ]
    return ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b")


def test_an_estimate_is_told_where_decay_is_hardly_seen() -> None:
    assert "relative_error" not in ly.steady_state(slow(1e-3)).attrs
    told = ly.steady_state(slow(1e-18)).attrs["relative_error"]
    # Through the charger the battery decays at some 4e-16.
    assert 0.05 < told < 5


@pytest.mark.parametrize(("stored", "ergotropy"), [(-18032.0, -18032.0), (1.0, 2.0)])
def test_energies_that_break_the_laws_are_refused(stored: float, ergotropy: float) -> None:
    equations = ly.moment_equations(slow(1e-18))
    with pytest.raises(ly.LeydenError, match="decay fast enough") as caught:
        relative_error(equations, np.asarray(stored), np.asarray(ergotropy))
    assert len(str(caught.value)) <= 300
    assert relative_error(equations, np.asarray(np.inf), np.asarray(0.0)) == 0.0
