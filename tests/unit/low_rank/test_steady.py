"""Steady states of huge networks: true residuals, what is refused, and where rounding is the limit."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov

import leyden as ly
from leyden.equations.low_rank import SparseEquations, sparse_equations
from leyden.low_rank.steady import TOLERANCE, steady_state

C = ly.catalog
MODULE = import_module("leyden.low_rank.steady")
DEVICES = {
    "cascade": C.cascade(60, drive=0.05, damping=0.1),
    "near threshold": C.cascade(60, drive=0.15 * 0.9999, damping=0.1),
    "lattice above the drive of a lone mode": C.lattice(6, 6, drive=0.12, damping=0.2, coupling=0.5),
    "ring with flux, driven twice": C.ring(25, drive=0.03, damping=0.1, coupling=0.4j, flux=2.0, driven=[0, 7]),
    "warm graph, one photon": C.random_directed_graph(30, drive=0.2, damping=0.1, photons=1, occupation=0.7),
}


def sparse_of(network: ly.Network) -> SparseEquations:
    found = sparse_equations(ly.moment_equations(network))
    assert found is not None
    return found


def solution_of(equations: SparseEquations) -> tuple[Any, Any, Any]:
    """A and Q as dense matrices, and S by SciPy."""
    drift = equations.drift.toarray()
    source = np.zeros_like(drift)
    source[np.ix_(equations.places, equations.places)] = (equations.factor * equations.weights) @ equations.factor.T
    return drift, source, solve_continuous_lyapunov(drift, -source)


@pytest.mark.parametrize("name", DEVICES)
def test_each_modes_state_is_that_of_the_whole_solution(name: str) -> None:
    equations = sparse_of(DEVICES[name])
    found = steady_state(equations)
    drift, source, exact = solution_of(equations)
    scale = max(np.abs(exact).max(), 1e-300)
    slowest = -np.linalg.eigvals(drift).real.max()
    for mode in range(len(drift) // 2):
        block = exact[2 * mode : 2 * mode + 2, 2 * mode : 2 * mode + 2] + equations.occupation * np.eye(2)
        tolerance = 1e-12 * scale * np.linalg.norm(drift, 2) / slowest + 1e-15
        np.testing.assert_allclose(found.state.excess[mode], block, rtol=0, atol=tolerance)
    mean = np.linalg.solve(drift, -equations.forcing).reshape(-1, 2)
    np.testing.assert_allclose(found.state.mean, mean, rtol=0, atol=1e-12 * max(np.abs(mean).max(), 1e-300))
    assert found.residual <= TOLERANCE
    assert found.rank == np.linalg.matrix_rank(source)


def test_the_residual_is_that_of_the_whole_equation_inside_and_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """On as many random vectors as there are rows, of an iteration that was stopped early on a part of the modes.

    The mean over k Gaussian vectors of |R v|^2 is |R|^2 up to sqrt(2/k) of it at most.
    """
    equations = sparse_of(C.cascade(30, drive=0.05, damping=0.1))
    monkeypatch.setattr(MODULE, "_PROBES", 4000)
    for steps in (2, 5, 9):
        region = MODULE._Region(equations, np.arange(12))
        for iteration in region.iterations:
            iteration.run(0.0, steps) if steps < 9 else iteration.run(1e-14, 500)
        probes = MODULE._probes(equations.size)
        inside = np.arange(24)
        image = np.zeros((60, 4000))
        image[inside] = region.images()[:, :4000]
        # S itself, back from its images: the probes have full rank.
        solution = image @ np.linalg.pinv(probes)
        drift, source, _ = solution_of(equations)
        whole = drift @ solution + solution @ drift.T + source
        residual, size = MODULE._residual(equations, region)
        assert residual == pytest.approx(np.linalg.norm(whole) / np.linalg.norm(source), rel=0.1)
        assert size == pytest.approx(np.linalg.norm(solution), rel=0.1)


@pytest.mark.parametrize(
    "device",
    [C.cascade(80, drive=0.05, damping=0.02), C.reciprocal_chain(80, drive=0.05, damping=0.2, coupling=1.0)],
    ids=["flow", "waves"],
)
def test_what_leaves_the_first_region_is_followed(device: ly.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    equations = sparse_of(device)
    whole = steady_state(equations)
    monkeypatch.setattr(MODULE, "_FIRST_REGION", 3)
    grown = steady_state(equations)
    np.testing.assert_allclose(grown.state.excess, whole.state.excess, rtol=0, atol=1e-13)
    assert grown.residual <= TOLERANCE


def test_nothing_in_reach_nothing_out_of_it() -> None:
    found = steady_state(sparse_of(C.cascade(50, drive=0.05, damping=0.1, driven=40)))
    assert not found.state.excess[:40].any()
    assert found.state.excess[40:].any(axis=(1, 2)).all()
    idle = steady_state(sparse_of(C.lattice(5, 5, drive=0.0, damping=0.1, coupling=0.3, occupation=0.25)))
    assert (idle.residual, idle.steps, idle.rank) == (0.0, 0, 0)
    np.testing.assert_array_equal(idle.state.excess, np.broadcast_to(0.25 * np.eye(2), (25, 2, 2)))


@pytest.mark.parametrize("distance", [1e-5, 1e-6, 1e-7])
def test_close_to_threshold_rounding_is_the_limit(distance: float) -> None:
    """|S| grows as 1/distance, and with it the rounding of A S: the residual is reported as it is."""
    drive = 0.15 * (1 - distance)
    found = steady_state(sparse_of(C.cascade(20, drive=drive, damping=0.1)))
    assert found.residual <= max(1e-10, 1e-14 / distance)
    # E_A = 8 eps^2/(Lambda^2 - 16 eps^2), whose condition is 1/distance.
    charger = (found.state.excess[0, 0, 0] + found.state.excess[0, 1, 1]) / 2
    assert charger == pytest.approx(8 * drive**2 / (0.6**2 - 16 * drive**2), rel=1e-14 / distance + 1e-12)


def test_no_convergence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_MOST_STEPS", 3)
    with pytest.raises(ly.ConvergenceError, match=r"after 3 steps the relative residual is .*\. Damp the network more"):
        steady_state(sparse_of(C.lattice(5, 5, drive=0.05, damping=0.1, coupling=0.5)))


def test_strong_coupling_and_detuning_keep_the_mean() -> None:
    """Pivots chosen for sparsity, entries from 1e-3 to 1e4: the mean still solves its equation."""
    rng = np.random.default_rng(0)
    pairs = np.stack([np.arange(49), np.arange(1, 50)], axis=1)
    parts = [
        ly.Family(ly.OnePhotonDrive, range(0, 50, 7), amplitude=rng.uniform(0.1, 1, 8), phase=rng.normal(size=8)),
        ly.Family(ly.LocalBath, range(50), rate=10.0 ** rng.uniform(-3, 1, 50)),
        ly.Family(ly.CoherentCoupling, pairs, strength=10.0 ** rng.uniform(-1, 4, 49)),
    ]
    detuning = 10.0 ** rng.uniform(-1, 4, 50) * rng.choice([-1, 1], 50)
    equations = sparse_of(ly.Network(ly.Modes(50, detuning=detuning), parts, "m0", "m1"))
    mean = steady_state(equations).state.mean.reshape(-1)
    drift = equations.drift.toarray()
    left = np.abs(drift @ mean + equations.forcing)
    # Backward error, entry by entry.
    assert (left <= 1e-13 * (np.abs(drift) @ np.abs(mean) + np.abs(equations.forcing))).all()
