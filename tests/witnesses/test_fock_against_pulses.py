"""Two witnesses of what pulses do: Magnus steps of the moments, and the density matrix by a Runge-Kutta method.

They share the words of the elements and the edges of the pulses. The cutoff grows until no energy moves by more than
1e-8 quanta, and by that they may differ; powers by the rates that energies flow at, 5 at most, and works by the times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import fock, pulse

pytest.importorskip("qutip")

TOLERANCE = 1e-8
POWER = 5 * TOLERANCE
TIMES = np.array([0.0, 0.4, 1.0, 1.3, 2.0, 3.1, 4.0])


def network(*elements: Any, detunings: tuple[Any, ...]) -> ly.Network:
    """Modes of unlike frequencies, the first of which is the charger and the last the battery."""
    modes = [ly.Mode("ab"[place], 1.0 + 0.25 * place, value) for place, value in enumerate(detunings)]
    return ly.Network(modes, elements, charger="a", battery="ab"[len(modes) - 1])


def carrier() -> ly.Network:
    """Pairs of quanta from a carrier under an envelope, while the mode is swept and its loss switched."""
    return network(
        ly.TwoPhotonDrive("a", pulse.gaussian(0.12, centre=1.5, width=0.4) * pulse.cosine(1.0, 3.0, 0.4), 0.7),
        ly.OnePhotonDrive("a", pulse.sampled(TIMES, 0.06 * np.sin(TIMES)), -0.3),
        ly.LocalBath("a", 0.4 + pulse.square(0.5, 1.0, 2.2), 0.01),
        detunings=(pulse.ramp(-0.5, 1.0, start=1.0, stop=3.0),),
    )


def jumps() -> ly.Network:
    """A one-way pair whose drive, link and baths all begin and end."""
    link = pulse.square(1.0, 0.5, 3.1)
    return network(
        ly.OnePhotonDrive("a", pulse.piecewise([0.0, 1.3, 2.0, 4.0], [0.1, -0.05, 0.08]), 0.2),
        ly.SharedBath({"a": 0.6, "b": 0.8j}, link),
        ly.CoherentCoupling("a", "b", -0.5j * 0.6 * -0.8j * link),
        ly.LocalBath("a", 0.3),
        ly.LocalBath("b", pulse.ramp(0.2, 0.6, start=0.4, stop=1.0)),
        detunings=(0.2, -0.1),
    )


def pairs_of_both() -> ly.Network:
    """A parametric pulse between modes, beside gain that is switched on, and a squeezed bath that is switched off."""
    return network(
        ly.ParametricCoupling("a", "b", pulse.gaussian(0.08 - 0.04j, centre=1.0, width=0.5)),
        ly.Gain("b", pulse.square(0.02, 2.0, 9.0)),
        ly.LocalBath("a", pulse.square(0.5, 0.0, 2.0) + 0.4, 0.0, 0.05, 0.5),
        ly.LocalBath("b", 0.8),
        ly.PositionCoupling("a", "b", pulse.ramp(0.0, 0.05, start=0.0, stop=2.0)),
        detunings=(0.3, 0.5),
    )


DEVICES: dict[str, Callable[[], ly.Network]] = {"carrier": carrier, "jumps": jumps, "pairs": pairs_of_both}


@pytest.mark.parametrize("name", list(DEVICES))
def test_pulses_move_moments_as_they_move_the_density_matrix(name: str) -> None:
    device = DEVICES[name]()
    found, witness = ly.charge(device, TIMES), fock.charge(device, TIMES, tolerance=TOLERANCE)
    for quantity in ("stored_energy", "ergotropy", "passive_energy", "charger_energy"):
        # Frequencies are 1.25 at most.
        assert float(abs(found[quantity] - witness[quantity]).max()) < 2 * TOLERANCE, quantity
    assert float(abs(found.charging_power - witness.charging_power).max()) < 2 * POWER
    assert float(abs(found.drive_work - witness.drive_work).max()) < 2 * POWER * TIMES[-1]
    assert float(found.stored_energy.max()) > 1e-3
    assert bool(found.is_stable) == bool(witness.is_stable)
