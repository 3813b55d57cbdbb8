"""Transport: back-action against its formula for two modes, ways through others, exact zeros."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.merit.transport import back_action, influence, influences


def pair(**changes: Any) -> ly.MomentEquations:
    parameters = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.3} | changes
    return ly.moment_equations(ly.catalog.two_photon_battery(**parameters))


@pytest.mark.parametrize("coupling", [0.0, 0.3, -0.2j, 0.1 + 0.4j, 3e-9])
@pytest.mark.parametrize(("first", "second"), [(1.0, 1.0), (0.3 + 0.2j, -0.7 + 0.1j)])
def test_two_modes_follow_the_formula(coupling: complex, first: complex, second: complex) -> None:
    """db/dt = -(i J + Gamma mu/2) a and da/dt = -(i J* + Gamma mu*/2) b, mu = p_a p_b*."""
    equations = pair(coupling=coupling, charger_weight=first, battery_weight=second, shared_rate=0.8)
    bath = 0.8 * first * complex(second).conjugate() / 2
    forth, back = abs(bath + 1j * coupling), abs(bath - 1j * coupling)
    assert float(influence(equations, 0, 1)) == pytest.approx(forth, rel=1e-13)
    assert float(influence(equations, 1, 0)) == pytest.approx(back, rel=1e-13, abs=0)
    assert float(back_action(equations, 0, 1)) == pytest.approx(back / forth, rel=1e-13)


@pytest.mark.parametrize("seed", range(20))
def test_the_nonreciprocal_coupling_leaves_exactly_nothing(seed: int) -> None:
    """Weights whose products do not cancel exactly in floating point must not pass for a weak back-action."""
    draw = np.random.default_rng(seed).normal(size=4)
    weights = {"charger_weight": complex(*draw[:2]), "battery_weight": complex(*draw[2:])}
    equations = pair(shared_rate=float(np.exp(5 * draw[0])), **weights)
    assert float(back_action(equations, 0, 1)) == 0.0
    assert float(influence(equations, 0, 1)) > 0


def test_a_weak_back_action_is_no_rounding() -> None:
    """1e-12 of the coupling more than cancels: far above rounding, far below everything else."""
    equations = pair(coupling=-0.25j * (1 + 1e-12))
    assert float(back_action(equations, 0, 1)) == pytest.approx(0.5e-12, rel=1e-3, abs=0)


def test_a_weak_coupling_beside_large_rates_counts() -> None:
    network = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.CoherentCoupling("a", "b", 1e-160), ly.LocalBath("a", 1e6), ly.LocalBath("b", 1.0)],
        charger="a",
        battery="b",
    )
    equations = ly.moment_equations(network)
    assert float(influence(equations, 0, 1)) == pytest.approx(1e-160, rel=1e-13, abs=0)
    assert float(back_action(equations, 0, 1)) == pytest.approx(1.0, rel=1e-13)


def test_uncoupled_and_backwards() -> None:
    assert math.isnan(float(back_action(pair(coupling=0.0, shared_rate=0.0), 0, 1)))
    backwards = pair(coupling=0.25j)
    assert math.isnan(float(back_action(backwards, 0, 1)))
    assert float(back_action(backwards, 1, 0)) == 0.0


def chain(*strengths: float) -> ly.MomentEquations:
    names = [f"m{place}" for place in range(len(strengths) + 1)]
    couplings = [ly.CoherentCoupling(names[place], names[place + 1], value) for place, value in enumerate(strengths)]
    return ly.moment_equations(ly.Network([ly.Mode(name) for name in names], couplings, charger="m0", battery="m1"))


def test_a_way_is_as_wide_as_its_narrowest_step() -> None:
    equations = chain(0.5, 0.125, 0.25)
    assert float(influence(equations, 0, 3)) == 0.125
    assert float(influence(equations, 0, 1)) == 0.5
    assert float(influence(equations, 2, 3)) == 0.25


def test_the_widest_way_counts() -> None:
    """A triangle: the way around is wider than the direct step."""
    network = ly.Network(
        [ly.Mode("a"), ly.Mode("b"), ly.Mode("c")],
        [ly.CoherentCoupling(*names, value) for *names, value in [("a", "b", 0.1), ("a", "c", 0.4), ("c", "b", 0.3)]],
        charger="a",
        battery="b",
    )
    assert float(influence(ly.moment_equations(network), 0, 1)) == 0.3


def test_a_directed_chain_is_one_way_to_its_tail() -> None:
    equations = ly.moment_equations(ly.catalog.cascade(6, drive=0.05, damping=0.1))
    assert [float(back_action(equations, 0, mode)) for mode in range(1, 6)] == [0.0] * 5
    assert float(influence(equations, 0, 5)) == pytest.approx(0.5, rel=1e-13)


def test_a_batch_equals_its_loop() -> None:
    couplings = np.array([[0.1 + 0.2j, -0.25j], [0.25j, 0.0]])
    found = back_action(pair(coupling=couplings), 0, 1)
    assert found.shape == (2, 2)
    for index in np.ndindex(2, 2):
        single = float(back_action(pair(coupling=complex(couplings[index])), 0, 1))
        assert np.array_equal(found[index], single, equal_nan=True) or found[index] == pytest.approx(single, rel=1e-13)


def test_it_tells_what_the_dynamics_do() -> None:
    """Another witness: the charger's energy ignores the battery exactly where there is no back-action."""
    times = np.linspace(0.0, 20.0, 5)
    for coupling, is_felt in [("nonreciprocal", False), (0.1, True), (0.0, True)]:
        equations, energies = pair(coupling=coupling), []
        for battery_damping in (0.1, 2.0):
            device = ly.catalog.two_photon_battery(
                drive=0.05, charger_damping=0.1, battery_damping=battery_damping, coupling=coupling
            )
            energies.append(ly.charge(device, times).charger_energy.values)
        assert (float(back_action(equations, 0, 1)) > 0) is is_felt
        assert np.allclose(*energies, rtol=1e-12, atol=0) is not is_felt


def tangle(seed: int) -> ly.Network:
    """Random couplings and shared baths, as families and single ones; one pair cancels one way, one mode is free."""
    draw = np.random.default_rng(seed)
    pairs = np.array([draw.choice(9, 2, replace=False) for _ in range(8)])
    elements = [
        ly.Family(ly.CoherentCoupling, pairs[:4], strength=draw.normal(size=4) + 1j * draw.normal(size=4)),
        ly.Family(ly.SharedBath, pairs[4:], weights=(0.6, 0.8), rate=draw.random(4)),
        ly.CoherentCoupling("m0", "m1", -0.25j),
        ly.SharedBath({"m0": 2**-0.5, "m1": 2**-0.5}, 1.0),
        ly.TwoPhotonDrive("m2", 0.1),
    ]
    return ly.Network(ly.Modes(10), elements, charger="m0", battery="m1")


@pytest.mark.parametrize("seed", range(8))
def test_all_influences_at_once_are_those_one_by_one(seed: int) -> None:
    """Searched along the links, and by Floyd and Warshall's recursion on matrices."""
    equations = ly.moment_equations(tangle(seed))
    for mode in (0, 3):
        forth, back = influences(equations, mode)
        assert forth[mode] == back[mode] == math.inf
        for other in set(range(10)) - {mode}:
            assert forth[other] == pytest.approx(float(influence(equations, mode, other)), rel=1e-13, abs=0)
            assert back[other] == pytest.approx(float(influence(equations, other, mode)), rel=1e-13, abs=0)


def test_influences_of_a_long_chain() -> None:
    """A hundred thousand modes: every link carries Gamma/2, and nothing comes back."""
    forth, back = influences(ly.moment_equations(ly.catalog.cascade(100_000, drive=0.05, damping=0.1)), 0)
    assert forth[1:] == pytest.approx(0.5, rel=1e-13)
    assert not back[1:].any()


def test_modes_without_links_are_felt_by_none() -> None:
    network = ly.Network(ly.Modes(3), [ly.LocalBath("m0", 1.0)], charger="m0", battery="m1")
    forth, back = influences(ly.moment_equations(network), 0)
    assert forth.tolist() == back.tolist() == [math.inf, 0.0, 0.0]
