"""Responses of huge networks: bounded truncation, bounded memory, the drives' work, and what would never end."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array

import leyden as ly
from leyden.algebra.exponential import legendre
from leyden.algebra.factors import norm_of
from leyden.equations.low_rank import SparseEquations, sparse_equations
from leyden.low_rank.groups import Frame, Group, groups_of
from leyden.low_rank.power import PowerForm, Work, power_form
from leyden.low_rank.propagation import Propagation
from leyden.low_rank.response import Segment, is_endless
from leyden.states import MomentRates

C = ly.catalog
PROPAGATION = import_module("leyden.low_rank.propagation")
MODULE = import_module("leyden.low_rank.response")
TIMES = np.array([0.0, 0.4, 3.0, 3.5, 8.0])
MIXED = ly.Network(
    ly.Modes(12, frequency=np.linspace(0.5, 2.0, 12), detuning=np.linspace(-1, 1, 12)),
    [
        ly.Family(ly.OnePhotonDrive, range(12), amplitude=np.linspace(0.1, 0.5, 12), phase=0.3),
        ly.Family(ly.TwoPhotonDrive, [1, 4, 7], amplitude=np.array([0.02, 0.05, 0.3]), phase=np.array([0.0, 1.0, 2.0])),
        ly.TwoPhotonDrive("m4", 0.04, 0.5),
        ly.Family(ly.LocalBath, range(12), rate=0.2),
        ly.Family(ly.CoherentCoupling, [[j, (5 * j + 1) % 12] for j in range(12)], strength=0.3 + 0.1j),
    ],
    charger="m0",
    battery="m5",
)


# Five modes in a row, all driven, whose quadratures do not mix, and a detuned pair, whose quadratures do.
PARTS = ly.Network(
    ly.Modes(7, detuning=np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.7, 0.0])),
    [
        ly.Family(ly.LocalBath, range(7), rate=np.linspace(0.2, 0.7, 7)),
        ly.Family(ly.CoherentCoupling, [[0, 1], [1, 2], [2, 3], [3, 4], [5, 6]], strength=0.3),
        ly.Family(ly.TwoPhotonDrive, range(5), amplitude=np.linspace(0.01, 0.05, 5), phase=0.4),
        ly.TwoPhotonDrive("m5", 0.08, 0.1),
        ly.Family(ly.OnePhotonDrive, [0, 2, 5], amplitude=0.2, phase=0.4),
    ],
    charger="m0",
    battery="m1",
)


def both(network: ly.Network) -> tuple[ly.MomentEquations, SparseEquations]:
    equations = ly.moment_equations(network)
    found = sparse_equations(equations)
    assert found is not None
    return equations, found


class Instant(NamedTuple):
    """All modes at one time."""

    state: ly.GaussianState
    rates: Any
    work: float


def propagate(few: SparseEquations, form: Any, times: Any) -> Iterator[Instant]:
    """One time after the other, of all modes; those that are out of reach stay in their vacuum."""
    for segment in MODULE.propagate(few, form, times):
        for place, work in enumerate(segment.work.tolist()):
            state, rates = (whole(few.size // 2, segment, part, place) for part in (segment.state, segment.rates))
            yield Instant(ly.GaussianState(mean=state[0], excess=state[1]), MomentRates(*rates), work)


def whole(count: int, segment: Segment, part: Any, place: int) -> tuple[Any, Any]:
    mean, excess = np.zeros((count, 2)), np.zeros((count, 2, 2))
    mean[segment.modes], excess[segment.modes] = part.mean[place], part.excess[place]
    return mean, excess


def exact_covariance(equations: ly.MomentEquations, time: float) -> tuple[Any, Any]:
    """<r> and S at a time, by Van Loan's block exponentials."""
    drift, size = equations.drift, equations.drift.shape[0]
    # Of a short time, and doubled: at norms of some units the error of `expm` itself is 1e-12.
    generator = np.block([[-drift, equations.source], [np.zeros_like(drift), drift.T]])
    block = np.linalg.matrix_power(expm(generator * time / 64), 64)
    excess = block[size:, size:].T @ block[:size, size:]
    forced = expm(np.block([[drift, equations.forcing[:, None]], [np.zeros((1, size + 1))]]) * time)
    return forced[:size, size], excess


@pytest.mark.parametrize(
    "network",
    [MIXED, PARTS, C.lattice(4, 4, drive=0.1, damping=0.1, coupling=0.5), C.cascade(12, drive=0.4, damping=0.1)],
    ids=["mixed", "parts", "lattice", "above threshold"],
)
def test_states_and_rates_are_those_of_block_exponentials(network: ly.Network) -> None:
    equations, few = both(network)
    form = power_form(equations, network.frequencies)
    for instant, time in zip(propagate(few, form, TIMES), TIMES.tolist(), strict=True):
        mean, excess = exact_covariance(equations, time)
        mean_rate, excess_rate = equations.rates(mean, excess)
        for found, expected in (
            (instant.state.mean, mean.reshape(-1, 2)),
            (instant.rates.mean, mean_rate.reshape(-1, 2)),
            (instant.state.excess, blocks(excess)),
            (instant.rates.excess, blocks(excess_rate)),
        ):
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * max(np.abs(expected).max(), 1e-3))


def blocks(matrix: Any) -> Any:
    return np.stack([matrix[place : place + 2, place : place + 2] for place in range(0, len(matrix), 2)])


def test_the_power_is_that_of_the_energy_flows() -> None:
    """Of all drives together, at any state; the merit room's flows know nothing of the form."""
    equations, few = both(MIXED)
    form = power_form(equations, MIXED.frequencies)
    assert form.places.tolist() == [2, 3, 8, 9, 14, 15]
    assert form.forced.tolist() == list(range(24))
    mean, excess = exact_covariance(equations, 1.7)
    flows = ly.merit.energy_flows(equations, ly.GaussianState(mean=mean, excess=excess), MIXED.frequencies)
    elements = [entry.element for entry in equations.contributions]
    expected = sum(float(np.sum(flow)) for flow, part in zip(flows, elements, strict=True) if part.is_drive)
    own, force = mean[form.places], mean[form.forced]
    power = (
        np.sum(form.block * (excess[np.ix_(form.places, form.places)] + np.outer(own, own))) + 2 * force @ form.linear
    )
    assert power == pytest.approx(expected, rel=1e-12)
    work = [instant.work for instant in propagate(few, form, np.array([1.7 - 1e-4, 1.7, 1.7 + 1e-4]))]
    # Central difference of step h = 1e-4: h^2/6 times the third derivative.
    assert (work[2] - work[0]) / 2e-4 == pytest.approx(expected, rel=1e-7)


def test_the_source_of_these_parts_has_groups_of_both_kinds() -> None:
    """Those without pairs of quadratures come first, so that columns are shared, and rows are sorted anew."""
    _, few = both(PARTS)
    groups = [one for one in groups_of(few.drift, few.places, few.factor, few.weights)[1] if len(one.weights)]
    assert [(one.both, len(one.rows), len(one.weights)) for one in groups] == [(0, 5, 5), (0, 5, 5), (2, 4, 2)]


def test_columns_that_groups_share_make_no_power_between_them() -> None:
    """Two quadratures that decay side by side: a form that joins them finds no covariance there."""
    groups = [
        Group(np.array([place]), 0, csr_array([[-1.0]]), np.array([[1.0]]), np.array([weight]))
        for place, weight in enumerate([2.0, -0.5])
    ]
    form = PowerForm(np.array([0, 1]), np.array([[0.3, 7.0], [7.0, 0.8]]), np.zeros(0, dtype=np.intp), np.zeros(0))
    propagation = Propagation(groups, np.zeros(2), Work(form, np.arange(2), Frame(np.ones(1, dtype=np.complex128))))
    step = propagation.step(np.array([0.5]), 0.0)
    assert step is not None
    nodes, _ = legendre(step.fluctuations.shape[1])
    np.testing.assert_allclose(step.fluctuations[0], (2.0 * 0.3 - 0.5 * 0.8) * np.exp(-nodes), rtol=1e-14)


def test_work_is_the_integral_of_the_power_of_the_dense_method() -> None:
    found, expected = (ly.charge(PARTS, TIMES, method=method).drive_work for method in ("sparse", "dense"))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_many_vectors_are_followed_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    equations, few = both(MIXED)
    form = power_form(equations, MIXED.frequencies)
    at_once = list(propagate(few, form, TIMES))
    for size in (1, 24 * 8 * 100):
        monkeypatch.setattr(PROPAGATION, "TERM_BYTES", size)
        for one, other in zip(propagate(few, form, TIMES), at_once, strict=True):
            scale = max(1.0, np.abs(other.state.excess).max())
            np.testing.assert_allclose(one.state.excess, other.state.excess, rtol=0, atol=1e-13 * scale)
            np.testing.assert_allclose(one.state.mean, other.state.mean, rtol=0, atol=1e-13 * scale)
            assert one.work == pytest.approx(other.work, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("duration", [0.1, 1.0, 5.0])
def test_modes_beyond_the_reach_are_empty_to_the_last_digit(duration: float) -> None:
    """A walk that only goes forwards, and one that goes both ways: what is left out is below 1e-16 of the drive."""
    chain = C.reciprocal_chain(60, drive=0.3, damping=0.1, coupling=1.0)
    equations, few = both(chain)
    form = power_form(equations, chain.frequencies)
    reached = MODULE._reached(few, form, norm_of(few.drift) * duration)
    _, excess = exact_covariance(equations, duration)
    outside = np.setdiff1d(np.arange(120), reached)
    assert len(outside) or duration == 5.0
    assert np.abs(excess[outside]).max(initial=0.0) < 1e-15
    last = list(propagate(few, form, np.array([duration])))[-1]
    np.testing.assert_allclose(last.state.excess, blocks(excess), rtol=0, atol=1e-14 * max(1.0, np.abs(excess).max()))


def test_what_has_died_out_is_not_followed() -> None:
    """At a billion decay times the energies are those of the steady state, and the drives still work at a rate."""
    device = C.cascade(20, drive=0.05, damping=0.1)
    equations, few = both(device)
    form = power_form(equations, device.frequencies)
    late, later = propagate(few, form, np.array([1e9, 2e9]))
    steady = ly.steady_state(device, method="dense")
    energy = (late.state.excess[1:, 0, 0] + late.state.excess[1:, 1, 1]) / 2
    np.testing.assert_allclose(energy, steady.stored_energy, rtol=1e-12)
    assert not late.rates.excess.any() or np.abs(late.rates.excess).max() < 1e-30
    # The charger loses Lambda E_A, all of it the drive's.
    assert (later.work - late.work) / 1e9 == pytest.approx(0.6 * float(steady.charger_energy), rel=1e-10)


def test_what_never_dies_out_is_refused(refuses: Any) -> None:
    device = C.reciprocal_chain(30, drive=1e-10, damping=1e-9, coupling=1.0)
    equations, few = both(device)
    form = power_form(equations, device.frequencies)
    assert not is_endless(few, 100.0)
    assert is_endless(few, 1e8)
    refuses("times", lambda: list(propagate(few, form, np.array([1e8]))), "for as long as they last")
    assert not is_endless(both(C.cascade(30, drive=0.05, damping=0.1))[1], 1e12)


def test_growth_beyond_the_number_range_is_not_a_number() -> None:
    device = C.lattice(3, 3, drive=5.0, damping=0.1, coupling=0.5)
    equations, few = both(device)
    last = list(propagate(few, power_form(equations, device.frequencies), np.array([1.0, 1e4])))
    assert np.isfinite(last[0].state.excess).all()
    assert not np.isfinite(last[1].state.excess).all()
    assert not np.isfinite(last[1].work)


def test_without_a_drive_nothing_happens() -> None:
    device = C.cascade(5, drive=0.0, damping=0.1)
    equations, few = both(device)
    for instant in propagate(few, power_form(equations, device.frequencies), TIMES):
        assert not instant.state.excess.any()
        assert instant.work == 0.0
