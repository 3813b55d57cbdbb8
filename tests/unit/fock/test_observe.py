"""Merits of given density matrices: which mode is which, and what is remembered of a run."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.fock.observe import observe
from leyden.fock.operators import collapse_operators, hamiltonian

qutip = pytest.importorskip("qutip")

EXACT = 1e-13
CUTOFF = (3, 4, 2)


def device() -> ly.Network:
    """Charger in the middle, batteries around it in reverse order, frequencies that must stay out."""
    modes = [ly.Mode("a", 2.0), ly.Mode("b", 3.0), ly.Mode("c", 5.0)]
    elements = [ly.CoherentCoupling("b", "a", 0.3), ly.LocalBath("c", 0.4)]
    return ly.Network(modes, elements, charger="b", battery=("c", "a"))


def observed(*kets: list[int]):
    states = [qutip.fock_dm(list(CUTOFF), ket) for ket in kets]
    return observe(device(), hamiltonian(device(), CUTOFF), collapse_operators(device(), CUTOFF), CUTOFF, states)


def test_each_mode_in_its_role() -> None:
    found = observed([1, 3, 0], [2, 0, 1])
    assert found.cutoff == CUTOFF
    assert np.max(np.abs(found.merits["charger_energy"] - [3, 0])) < EXACT
    for name in ("stored_energy", "ergotropy"):
        assert np.max(np.abs(found.merits[name] - [[0, 1], [1, 2]])) < EXACT
    assert np.max(np.abs(found.merits["passive_energy"])) < EXACT
    # The bath takes 0.4 quanta from c; between number states the coupling moves none.
    assert np.max(np.abs(found.merits["charging_power"] - [[0, -0.4], [0, 0]])) < EXACT


def test_the_fullest_a_level_ever_was_is_remembered() -> None:
    found = observed([0, 3, 0], [2, 0, 1], [0, 0, 0])
    expected = ([1, 0, 1], [1, 0, 0, 1], [1, 1])
    for population, levels in zip(found.populations, expected, strict=True):
        assert np.max(np.abs(population - levels)) < EXACT
    assert found.tails == (1.0, 1.0, 2.0)
