"""Merits of given density matrices: which mode is which, and what is remembered of a run."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import merit
from leyden.fock.generator import generator_of
from leyden.fock.observe import observe
from leyden.fock.prepare import density_matrix
from leyden.quantities import ENERGY, QUANTITIES
from leyden.results import Merit
from leyden.states.rates import MomentRates

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
    return observe(device(), generator_of(device(), CUTOFF), CUTOFF, states, range(len(states)))


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


def test_rows_by_moments_alone_see_the_state_and_its_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a displaced and squeezed Gaussian state under drives: as functions of its mean and covariance say."""
    rows = (
        Merit("by_moments", "X", ENERGY, "x", of=merit.ergotropy),
        Merit("of_x", "V", ENERGY, "v", of=lambda state, _mode, _frequency: state.excess[..., 0, 0]),
        *(
            Merit(f"rate_{part}", "Y", ENERGY, "y", of=partial(own_rate, part=part), asks="rates")
            for part in ("number", "real", "imaginary", "x", "p")
        ),
    )
    for row in rows:
        monkeypatch.setitem(QUANTITIES, row.name, row)
    elements = [ly.TwoPhotonDrive("a", 0.03, 0.4), ly.OnePhotonDrive("a", 0.1, 1.1), ly.LocalBath("a", 0.5, 0.1)]
    network = ly.Network([ly.Mode("a", detuning=0.3)], elements, "a", "a")
    start = ly.states.GaussianState(
        mean=np.array([0.3, -0.2]), excess=np.array([[0.06, 0.03], [0.03, -0.02]]) + 0.02 * np.eye(2)
    )
    cutoff = (24,)
    rho = density_matrix(start, cutoff)
    found = observe(network, generator_of(network, cutoff), cutoff, [rho], [0.0]).merits
    rates = ly.moment_equations(network).rates(start.mean, start.excess)
    assert found["by_moments"][0, 0] == pytest.approx(float(merit.ergotropy(start, 0)), rel=1e-9)
    assert found["by_moments"][0, 0] == pytest.approx(found["ergotropy"][0, 0], rel=1e-8)
    assert found["of_x"][0, 0] == pytest.approx(start.excess[0, 0], rel=1e-8)
    for part in ("number", "real", "imaginary", "x", "p"):
        expected = own_rate(start, MomentRates(*rates), 0, 1.0, part=part)
        assert found[f"rate_{part}"][0, 0] == pytest.approx(float(expected), rel=1e-8, abs=1e-10)


def own_rate(_state: Any, rates: Any, mode: int, _frequency: Any, *, part: str) -> Any:
    """One number of the rates of a mode."""
    if part in {"x", "p"}:
        return rates.mean[..., "xp".index(part)]
    return rates.own_of(mode)[("number", "real", "imaginary").index(part)]
