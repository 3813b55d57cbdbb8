"""Gaussian states: checked when made from moments; spectrum, purity and entropy against their definitions."""

from __future__ import annotations

import math
import sys
import types

import array_api_strict
import numpy as np
import pytest
from numpy.typing import NDArray

from leyden import states
from leyden.backend import namespace_of
from leyden.conventions import symplectic_form
from leyden.errors import UnphysicalStateError
from leyden.states import GaussianState

VACUUM = np.eye(2) / 2
STRICT = namespace_of(array_api_strict.asarray(1.0))


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
    for merit in (states.thermal_quanta, states.entropy, states.purity):
        found = merit(state)
        assert np.isfinite(found[0])
        assert np.isnan(found[1])


@pytest.mark.parametrize("modes", [1, 2])
def test_batches_are_loops(modes: int) -> None:
    covariances = np.stack([random_covariance(seed, modes)[0] for seed in range(6)]).reshape(2, 3, 2 * modes, 2 * modes)
    state = GaussianState.from_moments(np.zeros(2 * modes), covariances)
    assert state.shape == (2, 3)
    for merit in (states.symplectic_eigenvalues, states.purity, states.entropy):
        found = merit(state)
        for index in np.ndindex(2, 3):
            np.testing.assert_allclose(found[index], merit(state_of(covariances[index])), rtol=1e-13, atol=1e-14)


def test_moments_round_trip() -> None:
    covariance, _ = random_covariance(3, 2)
    mean = np.arange(4.0)
    state = GaussianState.from_moments(mean, covariance)
    np.testing.assert_array_equal(state.mean, mean)
    np.testing.assert_allclose(state.covariance, covariance, rtol=0, atol=1e-15)
    assert state.modes == 2
    assert GaussianState.from_moments([0, 1], [[1, 0], [0, 1]]).excess.tolist() == [[0.5, 0.0], [0.0, 0.5]]


def test_moments_share_their_batch() -> None:
    state = GaussianState.from_moments(np.zeros((3, 1, 2)), np.stack([VACUUM, 2 * VACUUM]))
    assert state.mean.shape == (3, 2, 2)
    assert state.excess.shape == (3, 2, 2, 2)
    assert GaussianState(mean=np.zeros((3, 1, 2)), excess=np.zeros((5, 2, 2))).shape == (3, 5)


def test_reduced_states_keep_the_order_asked_for() -> None:
    covariance, _ = random_covariance(4, 3)
    state = GaussianState.from_moments(np.arange(6.0), covariance)
    found = state.reduced([2, 0])
    assert found.mean.tolist() == [4.0, 5.0, 0.0, 1.0]
    np.testing.assert_array_equal(found.excess, state.excess[np.ix_([4, 5, 0, 1], [4, 5, 0, 1])])


@pytest.mark.parametrize(
    ("argument", "mean", "covariance"),
    [
        ("mean", "x", VACUUM),
        ("mean", None, VACUUM),
        ("mean", [np.nan, 0.0], VACUUM),
        ("mean", [0.0, 1j], VACUUM),
        ("mean", ["a", "b"], VACUUM),
        ("covariance", [0.0, 0.0], None),
        ("covariance", [0.0, 0.0], [[np.inf, 0.0], [0.0, 1.0]]),
        ("covariance", [0.0, 0.0], VACUUM + 0j),
        ("covariance", [0.0, 0.0], [[1.0], [1.0, 2.0]]),
        ("covariance", 0.0, VACUUM),
        ("covariance", [], np.zeros((0, 0))),
        ("covariance", [0.0, 0.0, 0.0], np.eye(3)),
        ("covariance", [0.0, 0.0], np.eye(4)),
        ("covariance", [0.0, 0.0], np.ones(2)),
        ("covariance", np.zeros((3, 2)), np.stack([VACUUM, VACUUM])),
        ("covariance", [0.0, 0.0], [[0.6, 0.1], [0.0, 0.6]]),
    ],
    ids=str,
)
def test_bad_moments_are_refused(refuses, argument: str, mean, covariance) -> None:
    refuses(argument, lambda: GaussianState.from_moments(mean, covariance))


@pytest.mark.parametrize(
    ("covariance", "smallest"),
    [(VACUUM / 2, 0.25), (-VACUUM, 0.0), (np.diag([0.1, 0.1, 5.0, 5.0]), 0.1), (np.diag([1e-3, 5.0]), 0.0707107)],
    ids=str,
)
def test_unphysical_moments_are_refused(covariance: NDArray, smallest: float) -> None:
    with pytest.raises(UnphysicalStateError, match="vacuum's variance is 1/2 here") as caught:
        state_of(covariance)
    assert caught.value.smallest_symplectic_eigenvalue == pytest.approx(smallest, rel=1e-5)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("strength", [0.0, 1.0, 5.0])
def test_the_uncertainty_bound_has_room_for_rounding(strength: float) -> None:
    """V + i Omega/2 is judged by its lowest eigenvalue, -(1/4 - nu^2)/Tr V here, against 1e-10 of the largest V."""
    squeezed = states.squeezed(strength, 0.3).covariance
    assert state_of(squeezed).modes == 1
    margin = 1e-10 * np.max(np.abs(squeezed)) * np.trace(squeezed)
    with pytest.raises(UnphysicalStateError):
        state_of(squeezed * math.sqrt(1 - 8 * margin))
    assert state_of(squeezed * math.sqrt(1 - 0.5 * margin)).modes == 1


def test_traced_moments_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """JAX traces with arrays that have no numbers yet; what stands in for it here is another library's array."""
    jax = types.ModuleType("jax")
    jax.core = types.SimpleNamespace(Tracer=type(STRICT.asarray(1.0)))
    monkeypatch.setitem(sys.modules, "jax", jax)
    state = GaussianState.from_moments(STRICT.zeros(4), STRICT.eye(4) / 4)
    found = states.symplectic_eigenvalues(state)
    np.testing.assert_allclose(np.asarray(found), [0.25, 0.25], rtol=1e-14)


def test_fields_are_named() -> None:
    """By position an excess was taken for the covariance that it is not."""
    with pytest.raises(TypeError, match="positional"):
        GaussianState(np.zeros(2), VACUUM)  # pyright: ignore[reportCallIssue]
    assert GaussianState(mean=np.zeros(2), excess=np.zeros((2, 2))).covariance.tolist() == VACUUM.tolist()
