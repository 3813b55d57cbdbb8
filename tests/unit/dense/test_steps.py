"""Steps: one exact step of time, its doubling, and the integrals that ride along."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm

import leyden as ly
from leyden.dense import steps
from leyden.states import GaussianState

# A hundred roundings, of numbers of order one.
ROUNDING = 1e-14


def problem(seed: int, size: int = 4) -> tuple[NDArray, NDArray, NDArray]:
    rng = np.random.default_rng(seed)
    drift = rng.normal(size=(size, size)) - 1.5 * np.eye(size)
    source, form = rng.normal(size=(2, size, size))
    return drift, source + source.T, form + form.T


def van_loan(drift: NDArray, source: NDArray, time: float) -> tuple[NDArray, NDArray]:
    """Phi and W from one exponential of [[-A, Q], [0, A^T]]."""
    size = len(drift)
    whole = expm(np.block([[-drift, source], [np.zeros_like(drift), drift.T]]) * time)
    propagator = whole[size:, size:].T
    return propagator, propagator @ whole[:size, size:]


@pytest.mark.parametrize("time", [1e-12, 1e-3, 0.03, 0.5, 3.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_step_is_van_loans_exponential(seed: int, time: float) -> None:
    drift, source, _ = problem(seed)
    halvings = steps.doublings(drift, time)
    found = steps.step(drift * time, source * time, halvings)
    propagator, accumulated = van_loan(drift, source, time)
    # Van Loan's own e^{-A t} is up to e^{|A| t}, here 1e4 at the last time, and so is its loss.
    tolerance = ROUNDING * np.exp(2 * time)
    np.testing.assert_allclose(found.propagator, propagator, rtol=0, atol=tolerance * 10)
    np.testing.assert_allclose(found.accumulated, accumulated, rtol=0, atol=tolerance * 10 * min(time, 1.0))
    np.testing.assert_allclose(found.increment, found.propagator - np.eye(4), rtol=0, atol=1e-15 * np.exp(time))


@pytest.mark.parametrize("extra", [0, 1, 5, 12])
def test_more_halvings_than_needed_cost_no_digits(extra: int) -> None:
    """A slow device in one batch with a fast one: with Phi alone each halving would cost a bit."""
    drift, source, form = problem(1)
    needed = steps.doublings(drift, 0.5)
    exact, more = (steps.observed_step(drift / 2, source / 2, form / 2, needed + n) for n in (0, extra))
    np.testing.assert_allclose(more.step.propagator, exact.step.propagator, rtol=0, atol=1e-15)
    np.testing.assert_allclose(more.step.accumulated, exact.step.accumulated, rtol=0, atol=4e-15)
    np.testing.assert_allclose(more.observed, exact.observed, rtol=0, atol=4e-15)
    assert more.offset == pytest.approx(exact.offset, abs=1e-14)


def test_doubling_is_the_step_of_twice_the_length() -> None:
    drift, source, form = problem(2)
    half = steps.observed_step(drift / 4, source / 4, form / 4, steps.doublings(drift, 0.25)).doubled()
    whole = steps.observed_step(drift / 2, source / 2, form / 2, steps.doublings(drift, 0.5))
    np.testing.assert_allclose(half.step.propagator, whole.step.propagator, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(half.step.accumulated, whole.step.accumulated, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(half.observed, whole.observed, rtol=0, atol=ROUNDING)
    assert half.offset == pytest.approx(whole.offset, abs=ROUNDING)


def test_an_observed_step_is_an_integral() -> None:
    """int tr(C M) over the step, by twenty Gauss points: exact to rounding for a function this smooth."""
    drift, source, form = problem(3)
    start = np.diag([1.0, 2.0, 0.5, 0.0])
    found = steps.observed_step(drift / 2, source / 2, form / 2, steps.doublings(drift, 0.5))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    expected = 0.0
    for node, weight in zip((nodes + 1) / 4, weights / 4, strict=True):
        propagator, accumulated = van_loan(drift, source, node)
        expected += weight * np.trace(form @ (propagator @ start @ propagator.T + accumulated))
    assert np.sum(found.observed * start) + found.offset == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize(
    ("norm", "duration", "count"), [(0.0, 1.0, 0), (1.0, 0.0, 0), (1.0, 0.1, 0), (1.0, 1.0, 4), (1e3, 1e3, 23)]
)
def test_halvings_bring_the_series_to_converge(norm: float, duration: float, count: int) -> None:
    found = steps.doublings(-norm * np.eye(2), duration)
    assert found == pytest.approx(count, abs=1)
    assert norm * duration / 2**found <= 0.125


def test_halvings_of_products_beyond_floats() -> None:
    """The logarithm of 1e200 times 1e200 is a number, even if the product is not."""
    assert 1300 < steps.doublings(np.diag([-1e200, -1.0]), 1e200) < 1400


@pytest.mark.parametrize("size", [1.0, 1e4, 1e12])
def test_traced_drifts_are_halved_as_others_are(size: float, random_network) -> None:
    """Their norm is not known before the loop is compiled: it counts its own turns, and any state may be displaced."""
    equations = ly.moment_equations(random_network(1))
    # Damped for certain: what settles can be compared at any time.
    drift = size * (equations.drift - 2 * np.abs(equations.drift).sum(axis=-1).max() * np.eye(len(equations.drift)))
    source = size * equations.source
    expected = steps.step(drift, source, steps.doublings(drift, 1.0))
    displaced: list[bool] = []

    def traced(drift: Any, source: Any) -> tuple[Any, ...]:
        displaced.append(steps.is_displaced(equations, GaussianState(mean=drift[0], excess=source)))
        return steps.step(drift, source, steps.doublings(drift, 1.0)).parts

    with jax.enable_x64(True):
        compiled = jax.jit(traced)
        found, beyond = compiled(drift, source), compiled(drift * 1e20, source)
    for one, other in zip(found, expected.parts, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-14)
    assert np.isnan(np.asarray(beyond[0])).all()
    assert displaced == [True]


@pytest.mark.parametrize("batch", [(), (1,)], ids=["single", "batch"])
def test_decayed_propagators_keep_their_digits(batch: tuple[int, ...]) -> None:
    """e^{-100} after ten doublings: squared, not subtracted from 1."""
    rates = np.diag([-1.0, -3.0]) * np.ones((*batch, 1, 1))
    found = steps.step(rates * 100, 0 * rates, steps.doublings(rates, 100.0))
    np.testing.assert_allclose(found.propagator[..., 0, 0], np.exp(-100.0), rtol=1e-13)
    np.testing.assert_allclose(found.propagator[..., 1, 1], np.exp(-300.0), rtol=1e-13)


def test_times_are_grouped_by_their_halvings() -> None:
    times = np.array([3.0, 1e-3, 0.01, 7.0, 0.5])
    groups = dict(steps.grouped(-np.eye(2), times))
    assert sorted(place for places in groups.values() for place in places) == [0, 1, 2, 3, 4]
    for halvings, places in groups.items():
        assert {steps.doublings(-np.eye(2), times[place]) for place in places} == {halvings}
    assert groups[0] == [1, 2]


@pytest.mark.parametrize(
    ("times", "width"),
    [
        ([5.0], 0.0),
        ([0.0, 2.0], 2.0),
        (np.linspace(0, 1, 1001), 1e-3),
        (np.arange(100) * 0.1, 0.1),
        (np.linspace(1e6, 1e6 + 1, 11), 0.1),
        (np.cumsum(np.full(50, 0.1)), 0.1),
        ([0.0, 1.0, 3.0], None),
        (np.geomspace(1e-3, 1e3, 7), None),
        (np.linspace(0, 1, 11) ** 1.0001, None),
        ([0.0, 1.0, 2.0 + 1e-12], None),
    ],
    ids=str,
)
def test_equidistant_grids_are_recognised(times, width: float | None) -> None:
    found = steps.equidistant_step(np.asarray(times))
    assert found == width if width is None else found == pytest.approx(width, rel=1e-9)


def test_displaced_states_and_forced_devices() -> None:
    pair = {"charger_damping": 0.1, "battery_damping": 0.1}
    squeezing = ly.moment_equations(ly.catalog.two_photon_battery(drive=0.1, **pair))
    forcing = ly.moment_equations(ly.catalog.one_photon_battery(drive=0.1, **pair))
    assert not steps.is_displaced(squeezing, ly.states.vacuum(2))
    assert steps.is_displaced(forcing, ly.states.vacuum(2))
    assert steps.is_displaced(squeezing, GaussianState(mean=np.array([0, 0, 0, 1e-300]), excess=np.zeros((4, 4))))


def test_borders() -> None:
    matrix, column, row = np.arange(4.0).reshape(2, 2), np.array([5.0, 6.0]), np.array([7.0, 8.0])
    assert steps.bordered(matrix, column).tolist() == [[0, 1, 5], [2, 3, 6], [0, 0, 0]]
    assert steps.bordered(matrix, column, row=row, corner=9.0).tolist() == [[0, 1, 5], [2, 3, 6], [7, 8, 9]]
    assert steps.bordered(np.zeros((3, 1, 2, 2)), np.zeros((4, 2))).shape == (3, 4, 3, 3)
    assert steps.lifted(matrix, displaced=True).tolist() == [[0, 1, 0], [2, 3, 0], [0, 0, 0]]
    assert steps.lifted(matrix, displaced=False) is matrix
