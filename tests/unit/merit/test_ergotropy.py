"""Ergotropy: exact for pure, thermal and squeezed thermal states; no cancellation; an independent search agrees."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import leyden as ly
from leyden import merit, states
from leyden.states import GaussianState


def squeezed_thermal(occupation: float, strength: float, phase: float) -> GaussianState:
    excess = (2 * occupation + 1) * states.squeezed(strength, phase).excess + occupation * np.eye(2)
    return GaussianState(mean=np.array([0.6, -0.8]), excess=excess)


@pytest.mark.parametrize("occupations", [0.0, 1e-9, 0.3, 1e6])
def test_passive_states_give_nothing(occupations: float) -> None:
    state = states.thermal(occupations)
    assert merit.ergotropy(state, 0) == 0.0
    assert merit.passive_energy(state, 0, 2.0) == pytest.approx(2 * occupations, rel=1e-15)


@pytest.mark.parametrize("amplitude", [1e-12, 1j, 3 - 4j])
def test_coherent_states_give_all(amplitude: complex) -> None:
    state = states.coherent(amplitude)
    assert merit.ergotropy(state, 0, 2.0) == pytest.approx(2 * abs(amplitude) ** 2, rel=1e-15)
    assert merit.displacement_ergotropy(state, 0, 2.0) == merit.ergotropy(state, 0, 2.0)
    assert merit.squeezing_ergotropy(state, 0) == 0.0
    assert merit.passive_energy(state, 0) == 0.0


@pytest.mark.parametrize("strength", [1e-10, 1e-4, 0.5, 2.0])
def test_squeezed_vacuum_gives_all(strength: float) -> None:
    """sinh^2 r, all of it; rounding of V leaves 1e-16 e^{2 r}."""
    state = states.squeezed(strength, 0.4)
    number = math.sinh(strength) ** 2
    assert merit.ergotropy(state, 0) == pytest.approx(number, rel=1e-13)
    assert merit.passive_energy(state, 0) <= 1e-13 * max(number, strength)


@pytest.mark.parametrize("phase", [0.0, 1.0, -2.5])
@pytest.mark.parametrize("strength", [0.1, 1.0])
@pytest.mark.parametrize("occupation", [0.01, 0.5, 5.0])
def test_squeezed_thermal_states(occupation: float, strength: float, phase: float) -> None:
    """W = |alpha|^2 + (2 n + 1) sinh^2 r and passive energy n."""
    state = squeezed_thermal(occupation, strength, phase)
    squeezing = (2 * occupation + 1) * math.sinh(strength) ** 2
    assert merit.squeezing_ergotropy(state, 0) == pytest.approx(squeezing, rel=1e-13)
    assert merit.displacement_ergotropy(state, 0) == pytest.approx(0.5, rel=1e-15)
    assert merit.ergotropy(state, 0, 3.0) == pytest.approx(3 * (squeezing + 0.5), rel=1e-13)
    assert merit.passive_energy(state, 0, 3.0) == pytest.approx(3 * occupation, rel=1e-13)


@pytest.mark.parametrize("seed", range(5))
def test_no_unitary_does_better_than_the_formula(seed: int) -> None:
    """An independent search: turn the state, then squeeze it, and look for the lowest energy."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(2, 2))
    covariance = root @ root.T + np.eye(2) / 2
    mean = rng.normal(size=2)
    state = GaussianState.from_moments(mean, covariance)

    def lowest(angle: float) -> float:
        turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
        xx, pp = np.diag(turn @ covariance @ turn.T)
        found = minimize_scalar(lambda r: (xx * math.exp(2 * r) + pp * math.exp(-2 * r)) / 2, bracket=(-1, 1))
        return found.fun

    best = min(
        minimize_scalar(lowest, bounds=(start, start + 0.5), method="bounded", options={"xatol": 1e-9}).fun
        for start in np.arange(0, math.pi, 0.5)
    )
    # At a minimum the search is off by the square of its step.
    assert merit.passive_energy(state, 0) == pytest.approx(best - 0.5, abs=1e-12)
    energy = merit.energy(state, 0)
    assert merit.ergotropy(state, 0) == pytest.approx(energy - (best - 0.5), abs=1e-12)


@pytest.mark.parametrize("size", [1e-3, 1e-6, 1e-9, 1e-150])
def test_weak_squeezing_keeps_its_digits(size: float) -> None:
    """Against forty digits: (sqrt(V_+) - sqrt(V_-))^2/2, which in doubles would be zero from 1e-8 down."""
    excess = np.array([[0.3 * size, size], [size, -0.3 * size + 4 * size**2]])
    with mpmath.workdps(400):
        exact = mpmath.matrix(excess.tolist()) + mpmath.eye(2) / 2
        number = (exact[0, 0] + exact[1, 1] - 1) / 2
        root = mpmath.sqrt(exact[0, 0] * exact[1, 1] - exact[0, 1] ** 2)
        passive, ergotropy = float(root - mpmath.mpf(1) / 2), float(number + mpmath.mpf(1) / 2 - root)
    state = GaussianState(mean=np.zeros(2), excess=excess)
    assert merit.ergotropy(state, 0) == pytest.approx(ergotropy, rel=1e-14)
    # A difference of terms of second order, known to the rounding of the first: 1e-16/size.
    assert merit.passive_energy(state, 0) == pytest.approx(passive, rel=1e-15 / size + 1e-14, abs=1e-16 * size)


@pytest.mark.parametrize("phase", [0.0, 0.7, math.pi / 2])
@pytest.mark.parametrize("size", [1e10, 1e20, 1e160, 1e300])
def test_far_above_threshold_nothing_overflows(size: float, phase: float) -> None:
    """V_+ = size, V_- = 1/4, turned by any angle: W and the passive energy add up, where that is known at all."""
    c, s = math.cos(phase / 2), math.sin(phase / 2)
    along = np.array([[c * c, c * s], [c * s, s * s]])
    state = GaussianState(mean=np.zeros(2), excess=size * along - 0.25 * (np.eye(2) - along))
    energy, work, passive = (f(state, 0) for f in (merit.energy, merit.ergotropy, merit.passive_energy))
    assert 0 <= work <= energy * (1 + 1e-15)
    assert work == pytest.approx(energy, rel=1e-7 + 2 / math.sqrt(size))
    # The rounding of V_+ hides V_-, unless they are in a row and a column of their own.
    assert math.isnan(passive) == (size >= 1e20 and phase > 0)
    if not math.isnan(passive):
        assert passive == pytest.approx(math.sqrt(size) / 2, rel=1e-4)
        assert work + passive == pytest.approx(energy, rel=1e-14)


def test_batches_are_loops() -> None:
    rng = np.random.default_rng(3)
    excess = rng.normal(size=(4, 5, 4, 4))
    state = GaussianState(mean=rng.normal(size=(4, 5, 4)), excess=excess @ np.swapaxes(excess, -1, -2))
    for evaluate in (merit.energy, merit.ergotropy, merit.passive_energy, merit.squeezing_ergotropy):
        found = evaluate(state, 1, np.arange(1.0, 6.0))
        assert found.shape == (4, 5)
        one = evaluate(GaussianState(mean=state.mean[2, 3], excess=state.excess[2, 3]), 1, 4.0)
        assert found[2, 3] == pytest.approx(one, rel=1e-15)


def test_both_parts_add_up_to_the_energy() -> None:
    state = squeezed_thermal(0.3, 0.5, 0.4)
    work, passive = merit.ergotropy_and_passive_energy(state, 0, 2.0)
    assert work + passive == pytest.approx(merit.energy(state, 0, 2.0), rel=1e-15)
    assert passive == pytest.approx(0.6, rel=1e-14)


@pytest.mark.parametrize("phase", [0.0, 0.7, math.pi])
@pytest.mark.parametrize("variance", [0.5, 3.0, 1e4])
def test_passive_energy_is_right_or_missing(variance: float, phase: float) -> None:
    """The squeezing grows until its smaller variance is lost in the rounding of the larger one."""
    strengths = np.linspace(0.0, 14.0, 141)
    with mpmath.workdps(40):
        large, small = ([mpmath.mpf(variance) * mpmath.exp(sign * 2 * r) for r in strengths] for sign in (1, -1))
        middle = [(one + two - 1) / 2 for one, two in zip(large, small, strict=True)]
        spread = [(one - two) / 2 for one, two in zip(large, small, strict=True)]
        excess = np.zeros((len(strengths), 2, 2))
        for place, (n, m) in enumerate(zip(middle, spread, strict=True)):
            along, across = m * mpmath.cos(phase), m * mpmath.sin(phase)
            excess[place] = [[float(n + along), float(across)], [float(across), float(n - along)]]
        exact = np.array(
            [float((mpmath.sqrt(one) - mpmath.sqrt(two)) ** 2 / 2) for one, two in zip(large, small, strict=True)]
        )
    state = GaussianState(mean=np.zeros((len(strengths), 2)), excess=excess)
    found = merit.passive_energy(state, 0)
    known = ~np.isnan(found)
    ratio = np.exp(4 * strengths)
    assert np.all(np.abs(found - (variance - 0.5))[known] < 0.03 * variance)
    assert known[ratio < 1e13].all()
    assert not known[ratio > 1e16].any() or phase in {0.0, math.pi}
    np.testing.assert_allclose(merit.ergotropy(state, 0), exact, rtol=1e-7)


def two_mode_squeezed(strength: float, occupations: tuple[float, float] = (0.0, 0.0)) -> GaussianState:
    """S D S^T with thermal modes D: its symplectic eigenvalues are n_j + 1/2, by construction."""
    cosh, sinh, sign = math.cosh(strength), math.sinh(strength), np.diag([1.0, -1.0])
    squeezer = np.block([[cosh * np.eye(2), sinh * sign], [sinh * sign, cosh * np.eye(2)]])
    covariance = squeezer @ np.diag(np.repeat(np.array(occupations) + 0.5, 2)) @ squeezer.T
    return GaussianState(mean=np.zeros(4), excess=covariance - np.eye(4) / 2)


@pytest.mark.parametrize("strength", [0.01, 0.5, 2.0])
def test_a_pure_pair_gives_all_together_and_nothing_alone(strength: float) -> None:
    pair = two_mode_squeezed(strength)
    assert merit.global_gaussian_ergotropy(pair, frequencies=[2.0, 3.0]) == pytest.approx(
        5 * math.sinh(strength) ** 2, rel=1e-9
    )
    assert merit.ergotropy(pair, 0) + merit.ergotropy(pair, 1) == pytest.approx(0.0, abs=1e-12)


def test_the_hotter_normal_mode_goes_to_the_lower_frequency() -> None:
    """Thermal modes in the wrong order: exchanging them extracts (omega_2 - omega_1) (n_2 - n_1)."""
    state = states.thermal([1.0, 4.0])
    assert merit.global_gaussian_ergotropy(state, frequencies=[1.0, 2.5]) == pytest.approx(1.5 * 3.0, rel=1e-13)
    assert merit.global_gaussian_ergotropy(state, frequencies=[2.5, 1.0]) == pytest.approx(0.0, abs=1e-13)
    assert merit.global_gaussian_ergotropy(state, frequencies=2.0) == pytest.approx(0.0, abs=1e-13)


def test_energies_less_those_of_the_normal_modes() -> None:
    pair = two_mode_squeezed(0.7, (0.3, 1.1))
    shifted = GaussianState(mean=np.array([0.3, -0.4, 0.0, 1.2]), excess=pair.excess)
    energies = merit.energy(shifted, 0, 1.0) + merit.energy(shifted, 1, 1.7)
    found = merit.global_gaussian_ergotropy(shifted, frequencies=np.array([1.0, 1.7]))
    assert found == pytest.approx(energies - 1.0 * 1.1 - 1.7 * 0.3, rel=1e-12)


def test_one_mode_has_one_ergotropy_and_batches_are_their_members() -> None:
    batch = GaussianState(
        mean=np.zeros((2, 4)), excess=np.stack([two_mode_squeezed(r, (0.2, 0.4)).excess for r in (0.3, 0.6)])
    )
    frequencies = np.array([[1.0, 2.0], [3.0, 1.0]])
    np.testing.assert_array_equal(
        merit.global_gaussian_ergotropy(batch, [1], frequencies[:, 1:]), merit.ergotropy(batch, 1, frequencies[:, 1])
    )
    found = merit.global_gaussian_ergotropy(batch, [1, 0], frequencies)
    for place in range(2):
        one = GaussianState(mean=batch.mean[place], excess=batch.excess[place])
        assert found[place] == pytest.approx(
            merit.global_gaussian_ergotropy(one, [1, 0], frequencies[place]), rel=1e-14
        )


@pytest.mark.parametrize("modes", [2, 4, 20])
def test_together_is_at_least_the_sum_of_each_by_itself(modes: int) -> None:
    """Of 20 modes, drive and damping 0.1: 0.753 and 0.274."""
    chain = ly.catalog.cascade(modes, drive=0.1, damping=0.1)
    state, _ = ly.dense.steady_state(ly.moment_equations(chain))
    places = range(1, modes)
    together = float(merit.global_gaussian_ergotropy(state, places))
    alone = sum(float(merit.ergotropy(state, place)) for place in places)
    assert together >= alone * (1 - 1e-12)
    if modes == 2:
        assert together == pytest.approx(alone, rel=1e-13)
    if modes == 20:
        found = ly.steady_state(chain).total_ergotropy
        assert float(found) == pytest.approx(alone, rel=1e-9)
        assert (round(together, 3), round(alone, 3)) == (0.753, 0.274)
        assert found.attrs["description"].startswith("sum over the batteries, each by itself: ")
        assert "may extract more" in found.attrs["description"]


@pytest.mark.parametrize("modes", [[], [0, 0], [2], [-1]])
def test_modes_of_a_global_ergotropy_are_checked(refuses, modes: list[int]) -> None:
    refuses("modes", lambda: merit.global_gaussian_ergotropy(states.thermal([0.1, 0.2]), modes))
    refuses("frequencies", lambda: merit.global_gaussian_ergotropy(states.thermal([0.1, 0.2]), frequencies=[1.0] * 3))
