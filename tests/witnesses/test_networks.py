"""Large networks: the sparse methods against dense linear algebra, and against what can be known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import solve_continuous_lyapunov
from scipy.sparse import csr_array

import leyden as ly
from leyden.equations.low_rank import sparse_equations
from leyden.low_rank.steady import steady_state

C = ly.catalog
TIMES = np.array([0.0, 0.3, 2.0, 7.5, 40.0])

DEVICES = {
    "cascade": C.cascade(48, drive=0.05, damping=0.1),
    "cascade close to threshold": C.cascade(24, drive=0.15 * 0.9999, damping=0.1),
    "cascade of undamped modes": C.cascade(40, drive=0.05, damping=0.0),
    "cascade with three drives": C.cascade(24, drive=0.05, damping=0.1, driven=(0, 7, 20)),
    "one-photon cascade": C.cascade(24, drive=0.05, damping=0.1, photons=1, driven=(0, 3)),
    "reciprocal chain": C.reciprocal_chain(60, drive=0.05, damping=0.1, coupling=0.3 + 0.2j),
    "strongly coupled chain": C.reciprocal_chain(40, drive=0.1, damping=0.1, coupling=1.0),
    "ring": C.ring(31, drive=0.03, damping=0.1, coupling=0.25, flux=1.3),
    "array": C.parallel_array(50, drive=0.05, charger_damping=0.1, battery_damping=0.2),
    "reciprocal array": C.parallel_array(30, drive=0.02, charger_damping=0.1, battery_damping=0.2, coupling=0.1j),
    "lattice": C.lattice(8, 9, drive=0.05, damping=0.1, coupling=0.25),
    "random graph": C.random_directed_graph(40, drive=0.05, damping=0.1, seed=3),
    "acyclic graph": C.random_directed_graph(40, drive=0.05, damping=0.1, seed=4, acyclic=True),
    "no drive": C.lattice(3, 3, drive=0.0, damping=0.1, coupling=0.25),
}
WARM = {
    "warm cascade": C.cascade(60, drive=0.05, damping=0.1, occupation=0.3),
    "warm lattice": C.lattice(5, 6, drive=0.05, damping=0.1, coupling=0.25, occupation=1 / 3),
    "one hot bath": ly.Network(
        ly.Modes(30, detuning=np.linspace(-0.2, 0.2, 30)),
        [
            ly.TwoPhotonDrive("m0", 0.02, 0.7),
            ly.OnePhotonDrive("m4", 0.1, 0.2),
            ly.Family(ly.LocalBath, range(30), rate=0.2, occupation=np.where(np.arange(30) == 9, 2.0, 0.1)),
            ly.Family(ly.CoherentCoupling, np.stack([np.arange(29), np.arange(1, 30)], 1), strength=0.2 - 0.1j),
        ],
        charger="m0",
        battery=["m1", "m9", "m29"],
    ),
}


def agree(found: Any, expected: Any, within: float) -> None:
    assert set(found.data_vars) == set(expected.data_vars)
    assert found.sizes == expected.sizes
    for name in ("stored_energy", "passive_energy", "ergotropy", "charger_energy", "total_stored_energy"):
        scale = float(np.abs(expected[name]).max())
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=within * scale + 1e-15, err_msg=name)


# The largest that the promise is made for, and too slow for whole curves.
LONG = {
    "long cascade": C.cascade(200, drive=0.05, damping=0.1),
    "long chain": C.reciprocal_chain(200, drive=0.04, damping=0.1, coupling=0.25),
    "large graph": C.random_directed_graph(200, drive=0.05, damping=0.1, seed=5),
}


@pytest.mark.parametrize("name", [*DEVICES, *WARM, *LONG])
def test_steady_states(name: str) -> None:
    """1e-9 of the largest value is the promise; an ill-conditioned dense solution is not better near threshold."""
    device = (DEVICES | WARM | LONG)[name]
    found = ly.steady_state(device, method="sparse")
    assert found.attrs["method"] == "low_rank"
    assert found.attrs["relative_residual"] <= 1e-10
    agree(found, ly.steady_state(device, method="dense"), 1e-9)


@pytest.mark.parametrize("name", DEVICES)
def test_charging(name: str) -> None:
    device = DEVICES[name]
    found, expected = (ly.charge(device, TIMES, method=method) for method in ("sparse", "dense"))
    agree(found, expected, 1e-11)
    for key in ("charging_power", "drive_work", "total_charging_power"):
        scale = float(np.abs(expected[key]).max())
        np.testing.assert_allclose(found[key], expected[key], rtol=0, atol=1e-11 * scale + 1e-16, err_msg=key)
    assert bool(found.is_stable) == bool(expected.is_stable)


def test_a_lattice_by_hand() -> None:
    """Antisymmetric real couplings after a change of phases (-i)^(row + column): two responses, by `solve_ivp`.

    S = +-2 eps int g(t)^2 dt for the stretched and the squeezed quadrature, with g' = A g from the driven mode.
    """
    side, drive, damping, coupling, late = 13, 0.05, 0.2, 0.5, np.array([3.0, 200.0])
    row = np.diag(np.ones(side - 1), -1) - np.diag(np.ones(side - 1), 1)
    hop = csr_array(np.kron(row, np.eye(side)) + np.kron(np.eye(side), row))
    middle, count = side**2 // 2, side**2
    variances = []
    for gain in (2 * drive, -2 * drive):

        def rate(_: float, both: Any, gain: float = gain) -> Any:
            change = coupling * (hop @ both[:count]) - damping / 2 * both[:count]
            change[middle] += gain * both[middle]
            return np.concatenate([change, both[:count] ** 2])

        start = np.eye(2 * count)[middle]
        run = solve_ivp(rate, (0, late[-1]), start, t_eval=late, method="DOP853", rtol=1e-12, atol=1e-15)
        variances.append(gain * run.y[count:])
    energy = np.delete((variances[0] + variances[1]) / 2, middle, axis=0)
    device = C.lattice(side, side, drive=drive, damping=damping, coupling=coupling)
    scale = energy.max()
    np.testing.assert_allclose(ly.charge(device, late).stored_energy, energy, rtol=0, atol=1e-10 * scale)
    steady = ly.steady_state(device)
    assert steady.attrs["method"] == "low_rank"
    np.testing.assert_allclose(steady.stored_energy, energy[:, -1], rtol=0, atol=1e-10 * scale)


def test_early_times_keep_their_digits() -> None:
    """Of the driven mode's neighbours, from matrices of all modes: t^4 at first, where the largest values are 1."""
    device = C.reciprocal_chain(90, drive=0.02, damping=0.1, coupling=0.5)
    times = np.geomspace(1e-3, 60, 40)
    found, expected = (ly.charge(device, times, method=method) for method in ("sparse", "dense"))
    for mode in ("m1", "m2"):
        one, other = (run.ergotropy.sel(mode=mode) for run in (found, expected))
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=0)


def test_charging_above_threshold() -> None:
    device = C.lattice(5, 5, drive=0.4, damping=0.1, coupling=0.25)
    found, expected = (ly.charge(device, TIMES, method=method) for method in ("sparse", "dense"))
    np.testing.assert_allclose(found.stored_energy, expected.stored_energy, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.drive_work, expected.drive_work, rtol=1e-9, atol=1e-12)
    assert not bool(found.is_stable)


@pytest.mark.parametrize("name", ["cascade", "lattice", "warm lattice", "one hot bath"])
def test_the_reported_residual_is_that_of_the_whole_equation(name: str) -> None:
    """Against SciPy's solution of the same equation: an error of S makes a residual of at most 2 |A| times it."""
    equations = ly.moment_equations((DEVICES | WARM)[name])
    few = sparse_equations(equations)
    assert few is not None
    drift = few.drift.toarray()
    np.testing.assert_allclose(drift, equations.drift, rtol=0, atol=1e-15)
    source = np.zeros_like(drift)
    source[np.ix_(few.places, few.places)] = (few.factor * few.weights) @ few.factor.T
    exact = solve_continuous_lyapunov(drift, -source)
    solution = steady_state(few)
    blocks = np.stack([exact[2 * mode : 2 * mode + 2, 2 * mode : 2 * mode + 2] for mode in range(len(drift) // 2)])
    error = solution.state.excess - few.occupation * np.eye(2) - blocks
    assert np.abs(error).max() <= 1e-10 * np.abs(exact).max()
    assert solution.residual <= 1e-10


def test_a_long_chain_is_a_chain_of_pairs() -> None:
    """Nothing acts back in a cascade: the first two modes do not know how long it is, but for the last one's bath."""
    long, short = (ly.steady_state(C.cascade(count, drive=0.05, damping=0.1)) for count in (20_000, 3))
    assert long.attrs["method"] == "low_rank"
    for name in ("stored_energy", "ergotropy", "passive_energy"):
        assert float(long[name][0]) == pytest.approx(float(short[name][0]), rel=1e-10)
    assert float(long.charger_energy) == pytest.approx(float(short.charger_energy), rel=1e-10)
    # E_A = 8 eps^2/(Lambda^2 - 16 eps^2) with Lambda = kappa + Gamma/2, Eq. (14).
    assert float(long.charger_energy) == pytest.approx(8 * 0.05**2 / (0.6**2 - 16 * 0.05**2), rel=1e-10)


def test_a_large_array_is_many_equal_cells() -> None:
    """All cells are one and the same pair device, with the charger's decay kappa + cells Gamma/2 in it."""
    cells = 3000
    found = ly.steady_state(C.parallel_array(cells, drive=5.0, charger_damping=0.1, battery_damping=0.2))
    np.testing.assert_allclose(found.stored_energy, found.stored_energy[0], rtol=1e-10)
    decay, own = (0.1 + cells / 2) / 2, (0.2 + 0.5) / 2
    # Eq. (19) for one cell, g = Gamma |mu| = 1/2.
    excess = {s: 0.25 * s * 10.0 / (2 * own * (decay - s * 10.0) * (decay + own - s * 10.0)) for s in (1, -1)}
    assert float(found.stored_energy[0]) == pytest.approx((excess[1] + excess[-1]) / 2, rel=1e-9)


def test_modes_out_of_reach_stay_in_the_vacuum() -> None:
    """In a directed chain that is driven at its end, nothing happens before it: not little, nothing."""
    found = ly.steady_state(C.cascade(1000, drive=0.05, damping=0.1, driven=990))
    assert (found.stored_energy.sel(mode=[f"m{place}" for place in range(990)]) == 0).all()
    assert (found.stored_energy.sel(mode=["m991", "m999"]) > 0).all()
    run = ly.charge(C.cascade(1000, drive=0.05, damping=0.1), [0.0, 1.0], method="sparse")
    assert float(run.stored_energy.sel(mode="m999")[-1]) == 0.0


def test_large_lattices_keep_their_symmetry() -> None:
    device = C.lattice(31, 31, drive=0.03, damping=0.2, coupling=0.2)
    found = ly.steady_state(device)
    assert found.attrs["method"] == "low_rank"
    energy = np.full(31 * 31, float(found.charger_energy))
    energy[[device.position(name) for name in device.batteries]] = found.stored_energy
    energy = energy.reshape(31, 31)
    for turned in (energy.T, energy[::-1], np.rot90(energy)):
        np.testing.assert_allclose(turned, energy, rtol=0, atol=1e-10 * energy.max())
