"""What a device keeps: its sectors, counted by hand, and what they are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.fock.generator import generator_of
from leyden.fock.sector import sectors_of
from leyden.truncation.conserved import conserved

pytest.importorskip("qutip")

LEVELS = (4, 5)


def pair(*elements: Any) -> ly.Network:
    return ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")


DRIVE, LOSS, TWO = ly.TwoPhotonDrive("a", 0.2), ly.LocalBath("a", 1.0), ly.TwoPhotonLoss("a", 1.0)
BOTH = "even quanta of a, even quanta of b"
KEPT = {
    "all": (pair(DRIVE, LOSS, ly.CoherentCoupling("a", "b", 0.3)), 1, "20 of 20 levels"),
    "parity": (pair(TWO, DRIVE, ly.LocalBath("b", 1.0)), 2, "even quanta of a"),
    "both parities": (pair(TWO, DRIVE, ly.TwoPhotonLoss("b", 1.0), ly.CrossKerr("a", "b", 0.2)), 4, BOTH),
    "parity of all": (pair(TWO, DRIVE, ly.CoherentCoupling("a", "b", 0.3)), 2, "even quanta of a + b"),
    "a difference": (pair(ly.ParametricCoupling("a", "b", 0.3)), 8, "0 quanta of a - b"),
    "a sum": (pair(ly.CoherentCoupling("a", "b", 0.3), ly.Dephasing("a", 0.1)), 8, "0 quanta of a, 0 quanta of b"),
    "a bystander": (pair(DRIVE, LOSS, ly.Kerr("b", 1.0)), 5, "0 quanta of b"),
}


@pytest.mark.parametrize("name", KEPT)
def test_sectors_are_counted_and_named(name: str) -> None:
    device, count, words = KEPT[name]
    found = sectors_of(*generator_of(device, LEVELS).at(0.0))
    assert found.count == count
    (states,) = found.of(np.arange(20) == 0)
    assert conserved(states, LEVELS, device.mode_names) == words


def test_one_quantum_is_shared() -> None:
    device = KEPT["a sum"][0]
    (states,) = sectors_of(*generator_of(device, LEVELS).at(0.0)).of(np.arange(20) == 1)
    assert states.tolist() == [1, 5]
    assert conserved(states, LEVELS, device.mode_names) == "1 quanta of a + b"
