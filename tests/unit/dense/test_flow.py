"""The linear system of small devices: its generator, its exponential, its trajectories."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from leyden import states
from leyden.algebra import ladder
from leyden.dense import flow
from leyden.dense.steps import bordered, doublings, observed_step, step

ROUNDING = 1e-14


def problem(seed: int, size: int, batch: tuple[int, ...] = ()) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    drift = rng.normal(size=(*batch, size, size)) - 1.5 * np.eye(size)
    source = rng.normal(size=(*batch, size, size))
    return drift, source + np.swapaxes(source, -1, -2), rng.normal(size=(*batch, size))


def system_of(drift, source, forcing, *, whole_moments: bool = False) -> np.ndarray:
    parts = ladder.parts_of(drift), ladder.parts_of(source)
    return flow.system_of(*parts, forcing, whole_moments=whole_moments)


def columns_of(mean, excess, last: float, *, displaced: bool) -> np.ndarray:
    return flow.columns_of(mean, ladder.components_of(excess), last, displaced=displaced)


def moments(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    excess = rng.normal(size=(size, size))
    return rng.normal(size=size), excess + excess.T


@pytest.mark.parametrize("displaced", [True, False])
@pytest.mark.parametrize("size", [2, 4])
def test_the_system_is_the_moment_equations(size: int, displaced: bool) -> None:
    drift, source, forcing = problem(1, size)
    mean, excess = moments(2, size)
    system = system_of(drift, source, forcing if displaced else None)
    rates = system @ columns_of(mean, excess, 1.0, displaced=displaced)
    expected = drift @ excess + excess @ drift.T + source
    count = size * (size + 1) // 2
    np.testing.assert_allclose(rates[:count], ladder.components_of(expected), rtol=0, atol=ROUNDING)
    if displaced:
        np.testing.assert_allclose(rates[count:-1], drift @ mean + forcing, rtol=0, atol=ROUNDING)
    assert rates[-1] == 0.0


@pytest.mark.parametrize("time", [1e-12, 1e-3, 0.03, 0.5, 3.0])
def test_a_flow_is_an_exponential(time: float) -> None:
    drift, source, forcing = problem(3, 4)
    system = system_of(drift, source, forcing)
    found = flow.flow(system * time, doublings(drift, time))
    expected = expm(system * time)
    tolerance = ROUNDING * np.max(np.abs(expected))
    np.testing.assert_allclose(found.propagator, expected, rtol=0, atol=10 * tolerance)
    np.testing.assert_allclose(found.increment, found.propagator - np.eye(len(system)), rtol=0, atol=tolerance)
    # For short times the increment has digits of its own, in its second order, too; the third is 1e-12 of that.
    if time < 1e-10:
        short = system * time
        np.testing.assert_allclose(found.increment, short + short @ short / 2, rtol=1e-10, atol=1e-38)


def test_a_flow_is_the_step_of_the_matrices() -> None:
    """Phi S Phi^T + W, by the other way."""
    drift, source, forcing = problem(4, 4)
    mean, excess = moments(5, 4)
    by = step(drift * 0.7, source * 0.7, doublings(drift, 0.7))
    system = system_of(drift, source, forcing) * 0.7
    vector = flow.flow(system, doublings(drift, 0.7)).propagator @ columns_of(mean, excess, 1.0, displaced=True)
    found = ladder.excess_of(vector[:10], 2)
    expected = by.propagator @ excess @ by.propagator.T + by.accumulated
    np.testing.assert_allclose(found, expected, rtol=0, atol=10 * ROUNDING)


@pytest.mark.parametrize("batch", [(), (1,), (2,)], ids=str)
def test_decay_keeps_its_digits(batch: tuple[int, ...]) -> None:
    """e^{-200} after many doublings, with forcing beside it: squared, not subtracted from 1."""
    drift = np.diag([-1.0, -1.0]) * np.ones((*batch, 1, 1))
    if batch == (2,):
        drift[1] *= 1e-3  # a slow member, which is not small yet
    system = system_of(drift, 0 * drift, np.ones((*batch, 2)))
    found = flow.flow(system * 100, doublings(drift, 100.0)).propagator
    np.testing.assert_allclose(found[(*(0,) * len(batch), 0, 0)], np.exp(-200.0), rtol=1e-13)
    np.testing.assert_allclose(found[(*(0,) * len(batch), 3, 3)], np.exp(-100.0), rtol=1e-13)
    if batch == (2,):
        np.testing.assert_allclose(found[1, 3, 3], np.exp(-0.1), rtol=1e-14)


@pytest.mark.parametrize("count", [1, 2, 4, 5, 9, 33, 101])
@pytest.mark.parametrize("batch", [(), (3,), (2, 2)], ids=str)
def test_trajectories_are_powers(batch: tuple[int, ...], count: int) -> None:
    drift, source, forcing = problem(6, 2, batch)
    system = system_of(drift, source, forcing) * 0.05
    vectors = np.stack([columns_of(*moments(seed, 2), last, displaced=True) for seed, last in ((1, 1.0), (2, 0.0))])
    start = np.broadcast_to(vectors.T, (*batch, *vectors.T.shape))
    found = flow.trajectory(flow.flow(system, doublings(drift, 0.05)), start, count)
    assert found.shape == (*batch, start.shape[-2], count, 2)
    for place in {0, 1, count // 2, count - 1} & set(range(count)):
        expected = expm(system * place) @ start
        # SciPy's exponential and ours, each good to some roundings of its largest entries.
        np.testing.assert_allclose(found[..., place, :], expected, rtol=0, atol=1e-13 * np.max(np.abs(expected)))


def test_batches_of_states_meet_batches_of_devices() -> None:
    drift, source, _ = problem(7, 2, (3,))
    thermal = states.thermal(np.ones((4, 1, 1)))
    vector = columns_of(thermal.mean, thermal.excess, 1.0, displaced=False)
    assert vector.shape == (4, 1, 4)
    by = flow.flow(system_of(drift, source, None), doublings(drift, 1.0))
    found = flow.trajectory(by, np.broadcast_to(vector[..., None], (4, 3, 4, 1)), 3)
    assert found.shape == (4, 3, 4, 3, 1)


@pytest.mark.parametrize("width", [1e-3, 0.5, 4.0])
@pytest.mark.parametrize("displaced", [True, False])
def test_observed_rows_are_the_integrals_of_the_matrices(displaced: bool, width: float) -> None:
    """tr(K M) + z over a step, by the other way, for a mean that forcing drives."""
    drift, source, forcing = problem(8, 4, (2,))
    drift = drift - np.eye(4)
    mean, excess = moments(9, 4)
    rng = np.random.default_rng(10)
    form = rng.normal(size=(4 + displaced, 4 + displaced))
    form = form + form.T
    if displaced:
        form[-1, -1] = 0.0  # a power has no constant
    halvings = doublings(drift, width)
    system = system_of(drift, source, forcing if displaced else None, whole_moments=True)
    row, offset = flow.observed_row(system, form, width, halvings, displaced=displaced)
    second = excess
    if displaced:
        drift, source = bordered(drift, forcing), bordered(source, np.zeros((2, 4)))
        second = bordered(excess + np.outer(mean, mean), mean, row=mean, corner=1.0)
    expected = observed_step(drift * width, source * width, form * width, doublings(drift, width))
    known = columns_of(mean, second[:4, :4], 1.0, displaced=displaced)[..., :-1]
    found = np.sum(row * known, axis=-1) + offset
    wanted = np.sum(expected.observed * second, axis=(-2, -1)) + expected.offset
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-13 * np.max(np.abs(second)))
