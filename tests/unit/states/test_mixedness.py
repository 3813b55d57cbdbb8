"""How mixed a state is: spectrum, purity and entropy against their definitions, forty digits and closed forms."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.typing import NDArray

import leyden as ly
from leyden import merit, states
from leyden.conventions import symplectic_form
from leyden.states import GaussianState


def random_covariance(seed: int, modes: int, *, pure: bool = False) -> tuple[NDArray, NDArray]:
    """S diag(nu, nu, ...) S^T with a random symplectic S: single-mode squeezings between two random rotations."""
    rng = np.random.default_rng(seed)

    def passive() -> NDArray:
        unitary, _ = np.linalg.qr(rng.normal(size=(modes, modes)) + 1j * rng.normal(size=(modes, modes)))
        return np.kron(unitary.real, np.eye(2)) - np.kron(unitary.imag, [[0, 1], [-1, 0]])

    strengths = rng.uniform(0, 1.5, modes)
    squeeze = np.diag(np.stack([np.exp(strengths), np.exp(-strengths)], axis=-1).ravel())
    symplectic = passive() @ squeeze @ passive()
    omega = symplectic_form(modes)
    np.testing.assert_allclose(symplectic @ omega @ symplectic.T, omega, atol=1e-13)
    values = np.full(modes, 0.5) if pure else np.sort(rng.uniform(0.5, 3, modes))
    covariance = symplectic @ np.diag(np.repeat(values, 2)) @ symplectic.T
    return (covariance + covariance.T) / 2, values


def state_of(covariance: NDArray) -> GaussianState:
    return GaussianState.from_moments(np.zeros(covariance.shape[-1]), covariance)


@pytest.mark.parametrize("modes", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(4))
def test_symplectic_eigenvalues_of_known_states(seed: int, modes: int) -> None:
    covariance, values = random_covariance(seed, modes)
    # Rounding of V, up to e^3 in size here, moves them by that much.
    np.testing.assert_allclose(states.symplectic_eigenvalues(state_of(covariance)), values, rtol=1e-13)


def test_symplectic_eigenvalues_of_matrices_that_are_no_states() -> None:
    """Needed for the error that says how far off they are."""
    for scale in (0.25, 0.1):
        found = states.symplectic_eigenvalues(GaussianState(mean=np.zeros(2), excess=(scale - 0.5) * np.eye(2)))
        np.testing.assert_allclose(found, [scale], rtol=1e-14)
    indefinite = GaussianState(mean=np.zeros(4), excess=np.diag([0.5, 0.5, -1.5, -1.5]))
    np.testing.assert_allclose(states.symplectic_eigenvalues(indefinite), [1.0, 1.0], rtol=1e-14)


@pytest.mark.parametrize("strength", [0.0, 1e-8, 1.0, 3.0, 6.0])
def test_pure_states_are_pure(strength: float) -> None:
    """At 3 e-foldings V spans five decades, at 6 ten: rounding is 1e-16 V_+/V_- = 1e-16 e^{4 r}."""
    state = states.squeezed(strength)
    off = 1e-15 * math.exp(2 * strength)
    assert states.purity(state) == pytest.approx(1.0, abs=off)
    assert states.thermal_quanta(state) == pytest.approx(0.0, abs=off)
    assert 0 <= states.entropy(state) < 40 * off
    turned = states.squeezed(strength, 0.7)
    assert states.thermal_quanta(turned) == pytest.approx(0.0, abs=1e-15 * math.exp(4 * strength))


def test_mixed_states() -> None:
    """Tr rho^2 = 1/(2 n + 1); S = (n + 1) ln(n + 1) - n ln n; products multiply and add."""
    occupations = np.array([0.0, 1e-6, 0.5, 20.0])
    state = states.thermal(occupations[:, None])
    np.testing.assert_allclose(states.purity(state), 1 / (2 * occupations + 1), rtol=1e-14)
    n = occupations[1:]
    expected = (n + 1) * np.log1p(n) - n * np.log(n)
    np.testing.assert_allclose(states.entropy(state)[1:], expected, rtol=1e-13)
    assert states.entropy(state)[0] == 0.0
    np.testing.assert_allclose(states.thermal_quanta(state), occupations, rtol=1e-15)
    several = states.thermal(occupations)
    assert states.purity(several) == pytest.approx(np.prod(1 / (2 * occupations + 1)), rel=1e-13)
    # Of two modes and more, n comes as a difference with 1/2: 1e-16 over 1e-6.
    assert states.entropy(several) == pytest.approx(np.sum(expected), rel=1e-9)


def test_two_mode_squeezing_is_pure_but_each_mode_is_thermal() -> None:
    number, pair = math.sinh(0.8) ** 2, math.sinh(0.8) * math.cosh(0.8)
    block = np.diag([pair, -pair])
    state = GaussianState(mean=np.zeros(4), excess=np.block([[number * np.eye(2), block], [block, number * np.eye(2)]]))
    assert states.purity(state) == pytest.approx(1.0, rel=1e-13)
    # What is left of 1/2 after rounding, times its logarithm.
    assert states.entropy(state) < 1e-13
    for mode in (0, 1):
        assert states.thermal_quanta(state, mode) == pytest.approx(number, rel=1e-14)
        assert states.purity(state.reduced([mode])) == pytest.approx(1 / (2 * number + 1), rel=1e-14)


@pytest.mark.parametrize("phase", [0.0, math.pi / 2, 0.7])
@pytest.mark.parametrize("occupation", [1e-15, 1e-9, 1e-3, 0.5, 10.0])
@pytest.mark.parametrize("strength", [1e-7, 1e-3, 0.5])
def test_thermal_quanta_of_squeezed_thermal_states(occupation: float, strength: float, phase: float) -> None:
    """V = (2 n + 1) V_squeezed: (n + 1/2) sinh^2-like terms cancel to leave n. Rounding: 1e-16 of the squeezing."""
    squeezed = states.squeezed(strength, phase).excess
    excess = (2 * occupation + 1) * squeezed + occupation * np.eye(2)
    found = states.thermal_quanta(GaussianState(mean=np.zeros(2), excess=excess))
    assert found == pytest.approx(occupation, rel=1e-13, abs=1e-15 * np.max(np.abs(squeezed)))


@pytest.mark.parametrize("size", [1e20, 1e150, 1e155, 1e200, 1e300])
@pytest.mark.parametrize("angle", ["along x", "diagonal"])
def test_huge_squeezing_stays_in_range(size: float, angle: str) -> None:
    """No product of two variances may leave the number range before they do; what rounding hides is not given out."""
    excess = np.diag([size, -0.25]) if angle == "along x" else np.full((2, 2), size / 2)
    found = states.thermal_quanta(GaussianState(mean=np.zeros(2), excess=excess))
    if angle == "along x":
        assert found == pytest.approx(math.sqrt(size) / 2 - 0.5, rel=1e-14)
    else:
        assert math.isnan(found)
    hot = states.thermal_quanta(GaussianState(mean=np.zeros(2), excess=size * np.eye(2)))
    assert hot == pytest.approx(size, rel=1e-14)


def test_nan_states_have_nan_merits() -> None:
    """Unstable members of a batch."""
    excess = np.stack([np.zeros((2, 2)), np.full((2, 2), np.nan)])
    state = GaussianState(mean=np.zeros((2, 2)), excess=excess)
    for measure in (states.thermal_quanta, states.entropy, states.purity):
        found = measure(state)
        assert np.isfinite(found[0])
        assert np.isnan(found[1])


@pytest.mark.parametrize("modes", [1, 2])
def test_batches_are_loops(modes: int) -> None:
    covariances = np.stack([random_covariance(seed, modes)[0] for seed in range(6)]).reshape(2, 3, 2 * modes, 2 * modes)
    state = GaussianState.from_moments(np.zeros(2 * modes), covariances)
    assert state.shape == (2, 3)
    for measure in (states.symplectic_eigenvalues, states.purity, states.entropy):
        found = measure(state)
        for index in np.ndindex(2, 3):
            np.testing.assert_allclose(found[index], measure(state_of(covariances[index])), rtol=1e-13, atol=1e-14)


def exact_entropy(occupation: float) -> float:
    """(n + 1) ln(n + 1) - n ln n, whose terms have no digit in common left at 1e300."""
    with mpmath.workdps(700):
        n = mpf(occupation)
        return float((n + 1) * mpmath.log(n + 1) - n * mpmath.log(n))


@pytest.mark.parametrize("occupation", [1e-300, 1e-20, 1e-12, 1e-6, 0.3, 1.0, 1e3, 1e6, 1e9, 1e15, 1e30, 1e300])
def test_entropy_of_hot_and_of_cold_states(occupation: float) -> None:
    """One mode, several, and correlated ones behind a beam splitter, whose quanta come out of a difference."""
    expected = exact_entropy(occupation)
    assert states.entropy(states.thermal(occupation)) == pytest.approx(expected, rel=1e-15)
    assert states.entropy(states.thermal([occupation] * 3)) == pytest.approx(3 * expected, rel=1e-15)
    mixed = states.thermal([occupation, 3 * occupation]).excess
    turn = np.kron([[0.8, 0.6], [-0.6, 0.8]], np.eye(2))
    split = GaussianState(mean=np.zeros(4), excess=turn @ mixed @ turn.T)
    both = expected + exact_entropy(3 * occupation) if occupation < 1e300 else np.nan
    if occupation < 1e300:
        assert states.entropy(split) == pytest.approx(both, rel=1e-14)
        np.testing.assert_allclose(
            states.symplectic_eigenvalues(split) - 0.5, [occupation, 3 * occupation], rtol=1e-14, atol=1e-16
        )


def test_a_cold_mode_beside_a_hot_one_keeps_its_entropy() -> None:
    cold, hot = 1e-9, 1e9
    found = states.entropy(states.thermal([cold, hot])) - states.entropy(states.thermal(hot))
    assert found == pytest.approx(exact_entropy(cold), abs=4e-15)
    assert states.symplectic_eigenvalues(states.thermal([hot, cold]))[0] - 0.5 == pytest.approx(cold, rel=1e-6)


def two_mode_squeezed(strength: float, first: float, second: float) -> GaussianState:
    """Thermal modes, squeezed together: symplectic eigenvalues first + 1/2 and second + 1/2."""
    with mpmath.workdps(60):
        near, far, r = mpf(first) + mpf(0.5), mpf(second) + mpf(0.5), mpf(strength)
        grown, come, pair = mpmath.cosh(r) ** 2, mpmath.sinh(r) ** 2, mpmath.sinh(r) * mpmath.cosh(r)
        one, other = float(near * grown + far * come - 0.5), float(far * grown + near * come - 0.5)
        block = float((near + far) * pair) * np.diag([1.0, -1.0])
    excess = np.block([[one * np.eye(2), block], [block, other * np.eye(2)]])
    return GaussianState(mean=np.zeros(4), excess=excess)


@pytest.mark.parametrize("occupations", [(0.0, 0.0), (1e-3, 0.5), (0.0, 1e6)])
@pytest.mark.parametrize("strength", [1e-8, 1e-3, 0.1, 1.0, 3.0, 5.0, 7.0, 9.0, 15.0, 100.0, 340.0])
def test_correlated_modes_squeezed_without_end(strength: float, occupations: tuple[float, float]) -> None:
    """Rounding moves nu by 1e-16 |V| V_+/nu: what is left of it is right, all else is said to be lost."""
    state = two_mode_squeezed(strength, *occupations)
    found, expected = states.symplectic_eigenvalues(state), np.sort(np.array(occupations)) + 0.5
    assert np.all(found >= 0.5)
    off = 1e-15 * np.max(np.abs(state.excess)) * math.exp(min(2 * strength, 30)) * (1 + occupations[1])
    known = off < 0.01
    if known:
        np.testing.assert_allclose(found, expected, rtol=0, atol=off)
    purity, entropy = states.purity(state), states.entropy(state)
    assert np.isnan(purity) == np.isnan(entropy)
    assert not (known and np.isnan(purity))
    if not np.isnan(purity):
        assert purity == pytest.approx(np.prod(0.5 / expected), rel=0.02)
        assert entropy >= 0


PHASES = [0.0, 0.7, math.pi / 2, math.pi, 3.0]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("strength", [0.1, 1.0, 5.0, 7.0, 8.0, 11.0, 15.0, 20.0, 100.0, 350.0])
def test_squeezing_without_end(strength: float, phase: float) -> None:
    """Pure, or not known; all of the energy is ergotropy, and never more."""
    state = states.squeezed(strength, phase)
    purity, quanta = states.purity(state), states.thermal_quanta(state)
    assert purity == 1 or (np.isnan(purity) and strength > 7)
    assert quanta == 0 or (np.isnan(quanta) and strength > 7)
    assert states.entropy(state) == 0 or np.isnan(purity)
    assert states.symplectic_eigenvalues(state).tolist() == [0.5]
    assert states.root_determinant(state) == 0.5
    energy, work = merit.energy(state, 0), merit.ergotropy(state, 0)
    assert energy * (1 - 1e-14) <= work <= energy


@pytest.mark.parametrize("detuning", [0.0, 0.1])
@pytest.mark.parametrize("phase", [0.0, 0.4])
def test_an_undamped_mode_squeezed_without_end(phase: float, detuning: float) -> None:
    """It stays pure: sinh^2 of the squeezing is all ergotropy, at any time."""
    drive = ly.TwoPhotonDrive("a", 0.1, phase)
    run = ly.charge(ly.Network([ly.Mode("a", detuning=detuning)], [drive], "a", "a"), np.linspace(1.0, 90.0, 37))
    energy, work, passive = (run[name].values for name in ("stored_energy", "ergotropy", "passive_energy"))
    rate = math.sqrt(0.04 - detuning**2)
    np.testing.assert_allclose(energy, (0.2 / rate * np.sinh(rate * run.time)) ** 2, rtol=1e-12)
    assert np.all((work >= 0) & (work <= energy))
    np.testing.assert_allclose(work, energy, rtol=1e-12)
    # Weakly squeezed, the rounding of V itself is left.
    assert np.all((passive == 0) | np.isnan(passive) | (passive < 1e-15))
    assert np.all(passive[energy < 1e5] < 1e-15)
