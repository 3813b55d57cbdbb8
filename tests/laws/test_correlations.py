"""Laws of correlations, for random Gaussian networks: signs, names, local unitaries, and what a record can do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg

import leyden as ly
from leyden import merit, states
from leyden.conventions import symplectic_form

SEEDS = range(8)


def device(seed: int, names: str = "abc") -> ly.Network:
    """Three modes with every kind of drive, coupling and bath, stable, in a given order of their names."""
    generator = np.random.default_rng(seed)
    a, b, c = "abc"

    def some(size: float) -> float:
        return float(generator.uniform(-size, size))

    elements: list[Any] = [
        ly.TwoPhotonDrive(a, 0.1 * (1 + some(0.5))),
        ly.OnePhotonDrive(b, 0.3 + some(0.2)),
        ly.ParametricCoupling(a, c, 0.05 + some(0.04)),
        ly.CoherentCoupling(a, b, complex(some(0.5), some(0.5))),
        ly.SharedBath({b: 0.6, c: complex(0.3, some(0.5))}, 0.4, 0.1, squeezing=0.3, squeezing_phase=some(3.0)),
        *(ly.LocalBath(mode, 0.8 + some(0.2), 0.3 + some(0.3)) for mode in "abc"),
    ]
    own = {name: ly.Mode(name, detuning=some(0.3), frequency=1.5 + some(0.4)) for name in "abc"}
    return ly.Network([own[name] for name in names], elements, charger="a", battery=["b", "c"])


def settled(seed: int) -> ly.GaussianState:
    return ly.evolve(device(seed), [300.0])[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_signs_and_orders(seed: int) -> None:
    """I >= 0, and at least the entanglement's share; global work is at least the local sum; part knows no more."""
    found = ly.correlations(device(seed), [0.3, 3.0, 300.0])
    assert (found.log_negativity >= 0).all()
    assert (found.steering >= 0).all()
    assert (found.global_ergotropy >= found.local_ergotropy - 1e-13).all()
    part = ly.correlations(device(seed), [0.3, 3.0, 300.0], between=("a", "c"))
    assert (part.mutual_information <= found.mutual_information + 1e-13).all()
    assert (part.log_negativity <= found.log_negativity + 1e-13).all()
    assert (found.mutual_information >= part.mutual_information - 1e-13).all()
    assert (part.mutual_information >= 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_names_and_orders_of_modes_change_nothing(seed: int) -> None:
    first, second = (ly.correlations(device(seed, names)) for names in ("abc", "cab"))
    for name in ("log_negativity", "mutual_information", "steering", "global_ergotropy", "local_ergotropy"):
        np.testing.assert_allclose(first[name], second[name], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_local_unitaries_change_no_correlation(seed: int) -> None:
    """Squeezing and turning each side by itself leaves all three; a Gaussian ergotropy of both changes, though."""
    state, generator = settled(seed), np.random.default_rng(seed + 100)
    blocks: list[Any] = []
    for size in (2, 4):
        rate = generator.normal(size=(size, size)) / 3
        blocks.append(scipy.linalg.expm(symplectic_form(size // 2) @ (rate + rate.T)))
    local = scipy.linalg.block_diag(*blocks)
    covariance = local @ state.covariance @ local.T
    moved = states.from_moments(local @ state.mean, (covariance + covariance.T) / 2)
    for kind in (merit.log_negativity, merit.mutual_information, merit.steering):
        for groups in ([[0], [1, 2]], [[1, 2], [0]]):
            assert kind(moved, *groups) == pytest.approx(float(kind(state, *groups)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("strength", [0.001, 0.2, 0.4])
def test_parametric_pairs_in_closed_form(strength: float) -> None:
    """Below threshold E_N = ln((kappa + 2 chi)/kappa), and each mode holds 2 chi^2/(kappa^2 - 4 chi^2)."""
    elements = [ly.ParametricCoupling("a", "b", strength), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)]
    pair = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    found = ly.correlations(pair)
    assert float(found.log_negativity) == pytest.approx(np.log1p(2 * strength), rel=1e-12)
    number = 2 * strength**2 / (1 - 4 * strength**2)
    # nu_+ = nu_- = (1/4 + number/2 ...)^(1/2): V = n + 1/2 on the diagonal, m = strength (2 n + 1) beside it.
    cross = strength * (2 * number + 1)
    nu = ((number + 0.5) ** 2 - cross**2) ** 0.5
    assert float(found.global_ergotropy) == pytest.approx(2 * (number + 0.5 - nu), rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_a_record_is_worth_something_and_no_more_than_all(seed: int) -> None:
    """W <= W_daemonic <= E of each battery, and what is known given the record is a state."""
    network = device(seed)
    steady = ly.steady_state(network)
    for port in ("a", "LocalBath(b)", "SharedBath(b, c)"):
        found = ly.monitor(network, port, efficiency=0.7, angle=0.4 * seed)
        assert (found.daemonic_ergotropy >= found.ergotropy - 1e-13).all()
        assert (found.daemonic_ergotropy <= steady.stored_energy + 1e-13).all()
        states.from_moments(np.zeros(6), found.conditional_covariance.values)
