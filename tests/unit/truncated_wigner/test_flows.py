"""Steps of trajectories: closed flows against formulas and SciPy, noise against exact means, orders of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import leyden as ly
from leyden.truncated_wigner.equations import Equations, equations_of_motion
from leyden.truncated_wigner.flows import Noises, Rest, Shrinks, Turns
from leyden.truncated_wigner.walk import Linear, Stepper, Walk


def equations(*elements: ly.Element, modes: int = 2) -> Equations:
    names = "abc"[:modes]
    return equations_of_motion(ly.Network([ly.Mode(name) for name in names], elements, charger="a", battery="a"))


def points(modes: int = 2, count: int = 5) -> np.ndarray:
    return np.random.default_rng(3).normal(size=(2 * modes, count))


def amplitudes(r: np.ndarray) -> np.ndarray:
    n = len(r) // 2
    return (r[:n] + 1j * r[n:]) / np.sqrt(2)


@pytest.mark.parametrize(
    "elements",
    [(ly.Kerr("a", 0.7),), (ly.Kerr("a", 0.7), ly.Kerr("b", -0.2)), (ly.CrossKerr("a", "b", 0.4), ly.Kerr("b", 0.3))],
)
def test_turns_are_what_kerr_terms_do(elements: tuple[ly.Element, ...]) -> None:
    found = equations(*elements).linearised(np.array([0.7, 1.2]))
    r = points()
    before = amplitudes(r)
    quanta = np.abs(before) ** 2
    Turns(found)(r, 0.1)
    angle = 0.1 * (found.turning @ quanta - found.turned[:, None])
    np.testing.assert_allclose(amplitudes(r), before * np.exp(1j * angle), rtol=1e-6)
    np.testing.assert_allclose(np.abs(amplitudes(r)) ** 2, quanta, rtol=1e-14)


def test_shrinking_is_n_over_one_plus_two_c_n_t() -> None:
    r = points()
    before = amplitudes(r)
    Shrinks(equations(ly.TwoPhotonLoss("b", 0.4)))(r, 0.5)
    after = amplitudes(r)
    np.testing.assert_array_equal(after[0], before[0])
    np.testing.assert_allclose(np.abs(after[1]) ** 2, 1 / (1 / np.abs(before[1]) ** 2 + 2 * 0.4 * 0.5))
    np.testing.assert_allclose(np.angle(after[1]), np.angle(before[1]))


def test_other_polynomials_are_moved_to_fourth_order() -> None:
    """Three waves, H = g (c^dag a^2 + h.c.): dc/dt = -i g a^2, da/dt = -2 i g* c a*."""
    found, g = equations(ly.ThreeWaveMixing("b", "a", 0.3 + 0.1j)), 0.3 + 0.1j
    start = points(count=1)

    def rate(_time: float, z: Any) -> Any:
        return [-2j * np.conj(g) * z[1] * np.conj(z[0]), -1j * g * z[0] ** 2]

    errors: list[float] = []
    for steps in (4, 8):
        r = start.copy()
        for _ in range(steps):
            Rest(found)(r, 1.0 / steps)
        exact = solve_ivp(rate, (0.0, 1.0), amplitudes(start)[:, 0], rtol=1e-11, atol=1e-13).y[:, -1]
        errors.append(float(np.max(np.abs(amplitudes(r)[:, 0] - exact))))
    assert errors[1] < 2e-5
    assert 10 < errors[0] / errors[1] < 40


def test_a_linear_step_is_exact() -> None:
    """Its propagator, shift and noise against the moments, at any length, for a device without noise in some modes."""
    device = ly.Network(
        [ly.Mode("a", detuning=0.4), ly.Mode("b")],
        [ly.LocalBath("a", 0.5, occupation=0.4), ly.OnePhotonDrive("b", 0.3), ly.CoherentCoupling("a", "b", 0.2j)],
        charger="a",
        battery="b",
    )
    step = Linear.of(equations_of_motion(device), 3.0)
    initial = ly.states.coherent([0.5 - 0.2j, 0.1])
    run = ly.evolve(device, [3.0], initial=initial)
    order, size = [0, 2, 1, 3], 4
    propagator, columns = step.matrix[:, :size], step.matrix[:, size:]
    mean = propagator @ np.asarray(initial.mean)[order]
    assert step.shift is not None
    np.testing.assert_allclose(mean + step.shift[:, 0], np.asarray(run.mean)[0, order], atol=1e-13)
    covariance = propagator @ propagator.T / 2 + columns @ columns.T
    np.testing.assert_allclose(covariance, np.asarray(run.covariance)[0][np.ix_(order, order)], atol=1e-13)


def exact_means(noises: Noises, r: np.ndarray, duration: float) -> np.ndarray:
    """Means of |alpha|^2 and |alpha|^4 behind a step from one point of one mode, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(24)
    first, second = np.meshgrid(nodes, nodes)
    both = np.stack([first.ravel(), second.ravel()])
    share = np.outer(weights, weights).ravel() / np.sum(weights) ** 2
    found = np.zeros(2)
    for sign in (-1.0, 1.0):
        moved = np.repeat(r, both.shape[1], axis=1)
        noises(moved, duration, both, np.full((noises.signs, both.shape[1]), sign))
        quanta = np.sum(moved**2, axis=0) / 2
        found += [share @ quanta / 2, share @ quanta**2 / 2]
    return found


@pytest.mark.parametrize("is_round", [True, False])
def test_noise_is_of_second_order(is_round: bool) -> None:
    """Under D = eta (2 u - 1), u = |alpha|^2: du/dt = D and d(u^2)/dt = 4 u D on average, so that moments close."""
    eta = 0.4
    noises = Noises(equations(ly.TwoPhotonLoss("a", eta), modes=1))
    if not is_round:
        noises.round_parts = [None]
    r = np.array([[2.0], [1.5]])
    u = float(np.sum(r**2)) / 2

    def mean_of(duration: float) -> np.ndarray:
        grown = solve_ivp(
            lambda _t, m: [eta * (2 * m[0] - 1), 4 * eta * (2 * m[1] - m[0])],
            (0.0, duration),
            [u, u * u],
            rtol=1e-12,
            atol=1e-12,
        )
        return np.asarray(grown.y[:, -1])

    errors = [np.abs(exact_means(noises, r, h) - mean_of(h)) for h in (0.04, 0.02)]
    assert np.all(errors[0] < [2e-4, 4e-3])
    assert np.all(errors[0] / errors[1] > 6.0)  # a local error of third order


def test_round_noise_is_what_the_general_form_gives() -> None:
    noises = Noises(equations(ly.TwoPhotonLoss("b", 0.4)))
    assert noises.round_parts != [None]
    random = np.random.default_rng(1)
    normals, signs = random.normal(size=(2, 5)), np.array([[1.0, -1.0, 1.0, 1.0, -1.0]])
    first, second = points(), points()
    noises(first, 0.1, normals, signs)
    noises.round_parts = [None]
    noises(second, 0.1, normals, signs)
    np.testing.assert_allclose(first, second, atol=1e-14)
    assert 0 < noises.negative(np.zeros((4, 1))) <= 1  # at the origin all of it


def test_a_whole_step_is_of_second_order() -> None:
    """Without noise, against SciPy: a driven Kerr mode with loss of pairs."""
    found = equations(ly.Kerr("a", 0.3), ly.TwoPhotonDrive("a", 0.8), ly.OnePhotonDrive("a", 0.2), modes=1)
    start = np.array([[1.5], [0.4]])

    def rate(_time: float, z: Any) -> Any:
        return -0.3j * (np.abs(z) ** 2 - 1) * z - 1.6j * np.conj(z) - 0.2j

    exact = solve_ivp(rate, (0.0, 2.0), amplitudes(start)[:, 0], rtol=1e-11, atol=1e-13).y[0, -1]
    for near in (found, found.linearised(np.array([2.0]))):
        errors: list[float] = []
        for steps in (20, 40):
            walk = Walk(start, np.random.default_rng(0))
            walk.run(Stepper(near, 2.0 / steps), steps)
            errors.append(abs(complex(amplitudes(walk.r)[0, 0]) - exact))
        assert 3.5 < errors[0] / errors[1] < 4.6
        assert errors[1] < 0.05
