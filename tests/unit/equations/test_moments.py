"""Moment equations against the literal reference, and as the labelled sum that they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.conventions import symplectic_form
from leyden.equations.low_rank import sparse_drift
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, Jump, annihilate, create

# A few hundred roundings of numbers of order one.
ROUNDING = 1e-13
PARTS = ("drift", "diffusion", "source", "forcing")


def random_state(seed: int, modes: int) -> ly.GaussianState:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(2 * modes, 2 * modes))
    return ly.GaussianState(mean=rng.normal(size=2 * modes), excess=root @ root.T)


@pytest.mark.parametrize("modes", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(6))
def test_rates_of_all_moments(random_network, amplitude_equations, seed: int, modes: int) -> None:
    """d<r>/dt = A <r> + f and dS/dt = A S + S A^T + Q say what the ladder operators say, at any state."""
    network = random_network(seed, modes)
    equations, reference = ly.moment_equations(network), amplitude_equations(network)
    state = random_state(seed, modes)
    mean_rate, excess_rate = equations.rates(state.mean, state.excess)
    expected = reference.rates(*reference.ladder_moments(state.mean, state.excess))
    # A rate of the moments: ladder moments are linear in the covariance and in the products of the mean.
    amplitude, number, pair = reference.ladder_moments(mean_rate, excess_rate)
    mean = (state.mean[0::2] + 1j * state.mean[1::2]) / np.sqrt(2)
    number = number - np.outer(amplitude.conj(), amplitude)
    number = number + np.outer(amplitude.conj(), mean) + np.outer(mean.conj(), amplitude)
    pair = pair - np.outer(amplitude, amplitude) + np.outer(amplitude, mean) + np.outer(mean, amplitude)
    for found, wanted in zip((amplitude, number, pair), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=ROUNDING * np.max(np.abs(wanted)) * 10)


@pytest.mark.parametrize("seed", range(6))
def test_source_is_the_diffusion_seen_from_the_vacuum(random_network, seed: int) -> None:
    """Q = D + (A + A^T)/2, so that V = S + 1/2 obeys dV/dt = A V + V A^T + D."""
    equations = ly.moment_equations(random_network(seed))
    drift = equations.drift
    np.testing.assert_allclose(equations.source, equations.diffusion + (drift + drift.T) / 2, atol=ROUNDING)
    np.testing.assert_array_equal(equations.source, equations.source.T)
    # No noise below the quantum limit: D + i (A Omega + Omega A^T)/2 is positive.
    omega = symplectic_form(3)
    lowest = np.linalg.eigvalsh(equations.diffusion + 0.5j * (drift @ omega + omega @ drift.T)).min()
    assert lowest > -ROUNDING


@pytest.mark.parametrize("part", PARTS)
def test_the_whole_is_the_sum_of_the_elements(random_network, part: str) -> None:
    network = random_network(1)
    equations = ly.moment_equations(network)
    assert [entry.element for entry in equations.contributions] == [*network.modes, *network.elements]
    total = np.zeros_like(getattr(equations, part))
    for entry in equations.contributions:
        place = [2 * mode + quadrature for mode in entry.modes for quadrature in (0, 1)]
        np.testing.assert_array_equal(entry.place, place)
        total[np.ix_(*[place] * total.ndim)] += getattr(entry, part)
    np.testing.assert_allclose(getattr(equations, part), total, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("part", PARTS)
def test_a_batch_is_the_loop_over_its_members(random_network, part: str) -> None:
    """One parameter of each kind as an array, the others as numbers."""
    members = [random_network(seed) for seed in range(4)]
    batch = members[0]
    for place, element in enumerate(batch.elements):
        names = element.parameters()
        stacks = {name: np.stack([member.elements[place].parameters()[name] for member in members]) for name in names}
        elements = [*batch.elements[:place], element.with_parameters(stacks), *batch.elements[place + 1 :]]
        found = ly.moment_equations(ly.Network(batch.modes, elements, charger="m0", battery="m1"))
        assert found.shape == (4,)
        for index, member in enumerate(members):
            single = [*batch.elements[:place], member.elements[place], *batch.elements[place + 1 :]]
            one = ly.moment_equations(ly.Network(batch.modes, single, charger="m0", battery="m1"))
            whole = np.broadcast_to(getattr(found, part), (4, *getattr(one, part).shape))
            np.testing.assert_allclose(whole[index], getattr(one, part), rtol=0, atol=ROUNDING)


def test_shapes() -> None:
    """Batch axes lead; parts that no array enters stay single."""
    modes = [ly.Mode("a", detuning=np.zeros((3, 1))), ly.Mode("b")]
    elements = [ly.LocalBath("a", np.ones(2)), ly.OnePhotonDrive("b", 0.3)]
    equations = ly.moment_equations(ly.Network(modes, elements, charger="a", battery="b"))
    assert equations.shape == (3, 2)
    assert equations.drift.shape == (3, 2, 4, 4)
    assert equations.diffusion.shape == (2, 4, 4)
    assert equations.forcing.shape == (4,)
    assert equations.contributions[0].drift.shape == (3, 1, 2, 2)
    later = equations.over_time()
    assert later.drift.shape == (3, 2, 1, 4, 4)
    np.testing.assert_array_equal(later.drift[:, :, 0], equations.drift)
    single = ly.moment_equations(ly.Network(modes[1:], elements[1:], charger="b", battery="b"))
    assert single.shape == ()
    assert single.over_time() is single


@pytest.mark.parametrize("seed", range(6))
def test_cold_baths_and_couplings_have_no_source(random_network, seed: int) -> None:
    """Exactly none, not up to rounding: weakly driven batteries live on it."""
    for entry in ly.moment_equations(random_network(seed, warm=False)).contributions:
        if isinstance(entry.element, ly.TwoPhotonDrive):
            assert np.any(entry.source)
            assert np.trace(entry.source) == 0.0
        else:
            assert not np.any(entry.source)


def test_one_warm_bath_heats_by_its_occupation() -> None:
    """Q = kappa n (1 + 0) on both quadratures: S -> n."""
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 2.0, 0.25)], charger="a", battery="a")
    equations = ly.moment_equations(network)
    np.testing.assert_array_equal(equations.source, [[0.5, 0.0], [0.0, 0.5]])
    np.testing.assert_array_equal(equations.diffusion, [[1.5, 0.0], [0.0, 1.5]])


@dataclass(frozen=True)
class Custom(Element):
    """Terms and jumps as given, on modes a and b."""

    terms: tuple[HamiltonianTerm, ...] = ()
    losses: tuple[Jump, ...] = field(default=())

    @property
    def modes(self) -> tuple[str, ...]:
        return ("a", "b")

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        return self.terms

    def jumps(self) -> tuple[Jump, ...]:
        return self.losses


def equations_of(*elements: Element) -> ly.MomentEquations:
    return ly.moment_equations(ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b"))


def test_any_quadratic_term_will_do() -> None:
    """Parametric amplification, H = G a^dag b^dag + h.c.: da/dt = -i G b^dag, without a line of its own anywhere."""
    strength = 0.3 - 0.2j
    drift = equations_of(Custom((HamiltonianTerm(strength, (create("a"), create("b"))),))).drift
    # x_a + i p_a follows -i G (x_b - i p_b).
    rate = -1j * strength
    block = np.array([[rate.real, rate.imag], [rate.imag, -rate.real]])
    np.testing.assert_allclose(drift, np.block([[np.zeros((2, 2)), block], [block, np.zeros((2, 2))]]), atol=ROUNDING)


@pytest.mark.parametrize("order", ["normal", "anti-normal"])
def test_the_order_of_a_number_operator_is_a_constant(order: str) -> None:
    operators = (create("a"), annihilate("a")) if order == "normal" else (annihilate("a"), create("a"))
    found = equations_of(Custom((HamiltonianTerm(0.15, operators),)))
    np.testing.assert_array_equal(found.drift, ly.moment_equations(_detuned(0.3)).drift)


def _detuned(detuning: float) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning), ly.Mode("b")], [], charger="a", battery="b")


def test_mixed_jumps_squeeze() -> None:
    """L[u a + v a^dag] damps at the rate u^2 - v^2 towards the variances (u +- v)^2/(2 (u^2 - v^2))."""
    u, v = 1.25, 0.75
    jump = Jump(2.0, (u, v), (annihilate("a"), create("a")))
    equations = equations_of(Custom((), (jump,)), ly.LocalBath("b", 1.0))
    np.testing.assert_allclose(np.diag(equations.drift)[:2], -(u**2 - v**2), rtol=1e-15)
    np.testing.assert_allclose(np.diag(equations.diffusion)[:2], [(u - v) ** 2, (u + v) ** 2], rtol=1e-14)


def test_cubic_terms_are_refused() -> None:
    kerr = Custom((HamiltonianTerm(0.1, (create("a"), create("a"), annihilate("a"))),))
    with pytest.raises(
        ly.NonGaussianError, match=r"Custom\(a, b\) has 3\. .* use `charge` or `steady_state`, which have methods"
    ) as caught:
        equations_of(kerr)
    assert caught.value.element is kerr
    assert caught.value.solver == "leyden.fock"


@pytest.mark.parametrize("network", ["x", None, 3, [ly.Mode("a")]], ids=repr)
def test_only_networks_have_moments(refuses, network: Any) -> None:
    refuses("network", lambda: ly.moment_equations(network), "be a Network")


def hot_device(occupation: Any, *, is_family: bool = False) -> ly.Network:
    """Two modes on baths of one occupation, with complex weights that no rounding could cancel by chance."""
    modes, weights = [ly.Mode("a", detuning=0.3), ly.Mode("b")], (0.3 - 0.7j, 0.1 + 0.9j)
    shared = dict(zip("ab", weights, strict=True))
    elements: list[Any] = [ly.LocalBath("a", 0.1, occupation), ly.SharedBath(shared, 0.7, occupation)]
    if is_family:
        elements = [
            ly.Family(ly.LocalBath, [0], rate=0.1, occupation=occupation),
            ly.Family(ly.SharedBath, [[0, 1]], weights=weights, rate=0.7, occupation=occupation),
        ]
    return ly.Network(modes, [*elements, ly.CoherentCoupling("a", "b", 0.2j)], charger="a", battery="b")


@pytest.mark.parametrize("occupation", [0.7, 1e3, 1e6, 1e12, 1e16, 1e200])
def test_hot_baths_damp_as_cold_ones_do(occupation: float) -> None:
    """The rates there and back are one word: their difference is the rate, to the last bit, at any occupation."""
    cold, hot = ly.moment_equations(hot_device(0.0)), ly.moment_equations(hot_device(occupation))
    batch = ly.moment_equations(hot_device(np.array([occupation, 0.0])))
    family = ly.moment_equations(hot_device(occupation, is_family=True))
    np.testing.assert_array_equal(hot.drift, cold.drift)
    np.testing.assert_array_equal(family.drift, cold.drift)
    np.testing.assert_array_equal(batch.drift - cold.drift, np.zeros((4, 4)))
    np.testing.assert_array_equal(sparse_drift(family).toarray(), cold.drift)
    assert [entry.drift.tolist() for entry in hot.contributions] == [
        entry.drift.tolist() for entry in cold.contributions
    ]
    # Seen from the vacuum a bath is the noise of its occupation alone: 2 n D_0, with D_0 that of the cold bath.
    for found in (hot.source, family.source, batch.source[0]):
        np.testing.assert_allclose(found, 2 * occupation * cold.diffusion, rtol=1e-15, atol=0)
    assert not np.any(batch.source[1])


def test_hot_gain_grows_at_its_rate() -> None:
    """Rate (1 + n) L[a^dag] + rate n L[a] amplifies at the rate, and disturbs the vacuum at rate (1 + n)."""
    gain = Custom((), (Jump(2.0, (1.0,), (create("a"),), 1e16),))
    equations = equations_of(gain, ly.LocalBath("b", 1.0))
    np.testing.assert_array_equal(np.diag(equations.drift)[:2], [1.0, 1.0])
    np.testing.assert_allclose(np.diag(equations.source)[:2], 2.0 * (1 + 1e16), rtol=1e-15)


@pytest.mark.parametrize("squeezing", [1e-9, 0.5, -3.0, 20.0, 250.0])
def test_squeezed_baths_damp_as_others_do(squeezing: float) -> None:
    """cosh^2 r - sinh^2 r is nowhere computed: the drift is that of the bath without squeezing, to the last bit."""

    def device(bath_squeezing: Any) -> ly.MomentEquations:
        weights = {"a": 0.3 - 0.7j, "b": 0.1 + 0.9j}
        return equations_of(ly.SharedBath(weights, 0.7, 0.2, bath_squeezing, 0.4), ly.LocalBath("a", 0.1))

    plain, squeezed, batch = device(0.0), device(squeezing), device(np.array([squeezing, 0.0]))
    np.testing.assert_array_equal(squeezed.drift, plain.drift)
    np.testing.assert_allclose(batch.source[0], squeezed.source, rtol=1e-14)
    np.testing.assert_allclose(batch.source[1], plain.source, rtol=0, atol=1e-16)
    # Weak squeezing adds pairs of first order in r and quanta of second: neither drowns in the other.
    added = squeezed.source - plain.source
    quanta = 1.4 * np.sinh(squeezing) ** 2
    trace = 2 * 0.7 * quanta * (abs(0.3 - 0.7j) ** 2 + abs(0.1 + 0.9j) ** 2)
    size = np.max(np.abs(squeezed.source))
    np.testing.assert_allclose(np.trace(added), trace, rtol=1e-13, atol=1e-15 * size)


def test_a_squeezed_bath_is_the_jump_that_it_stands_for() -> None:
    """The same dissipators written out, rate (1 + n) L[c] + rate n L[c^dag], as jumps of both operators."""
    bath = ly.SharedBath({"a": 0.3 - 0.7j, "b": 0.1 + 0.9j}, 0.7, 0.2, 0.6, 0.4)
    (word,) = bath.jumps()
    found, expected = equations_of(bath), equations_of(Custom((), word.directions()))
    for part in PARTS:
        np.testing.assert_allclose(getattr(found, part), getattr(expected, part), rtol=0, atol=ROUNDING)
