"""Riccati equations by doubling: against SciPy's pencil, an integration of the equation, and closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg

from leyden import errors
from leyden.algebra.riccati import riccati_flow, riccati_residual, riccati_steady


def system(seed: int, size: int = 4) -> tuple[Any, Any, Any]:
    """A drift that settles, a source and a gain."""
    generator = np.random.default_rng(seed)
    drift = generator.normal(size=(size, size)) - 3 * np.eye(size)
    noise, seen = generator.normal(size=(size, 2)), generator.normal(size=(size, 1))
    return drift, noise @ noise.T, seen @ seen.T


@pytest.mark.parametrize("seed", range(4))
def test_at_rest_it_is_the_solution_of_the_pencil(seed: int) -> None:
    drift, source, gain = system(seed)
    values, vectors = np.linalg.eigh(gain)
    seen = vectors * np.sqrt(np.maximum(values, 0))
    expected = scipy.linalg.solve_continuous_are(drift.T, seen, source, np.eye(4))
    found = riccati_steady(drift, source, gain)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)
    assert riccati_residual(drift, source, gain, found) < 1e-13


def test_in_time_it_is_the_integral_of_the_equation() -> None:
    drift, source, gain = system(7)
    times = np.array([0.0, 0.1, 0.2, 1.7, 30.0])

    def rate(_time: float, flat: Any) -> Any:
        state = flat.reshape(4, 4)
        return (drift @ state + state @ drift.T + source - state @ gain @ state).ravel()

    for start in (np.zeros((4, 4)), np.eye(4)):
        run = scipy.integrate.solve_ivp(rate, (0, 30), start.ravel(), "DOP853", times, rtol=1e-12, atol=1e-13)
        expected = run.y.T.reshape(-1, 4, 4)
        np.testing.assert_allclose(riccati_flow(drift, source, gain, times, start), expected, rtol=0, atol=1e-10)


def test_one_mode_in_closed_form() -> None:
    """ds/dt = -k s + q - g s^2 from 0: s = 2 q tanh(w t/2)/(w + k tanh(w t/2)), w = (k^2 + 4 q g)^(1/2)."""
    times = np.array([1e-6, 0.3, 5.0, 1e6])
    for k, q, g in ((1.0, 0.5, 0.7), (1.0, 1e-14, 0.7), (1.0, 0.5, 0.0), (-0.4, 0.3, 2.0)):
        found = riccati_flow(*(np.array([[entry]]) for entry in (-k / 2, q, g)), times, np.zeros((1, 1)))[:, 0, 0]
        root = (k * k + 4 * q * g) ** 0.5
        slope = np.tanh(root * times / 2)
        np.testing.assert_allclose(found, 2 * q * slope / (root + k * slope), rtol=2e-13)


def test_stacks_are_their_members() -> None:
    systems = [system(seed) for seed in range(3)]
    stack = [np.stack(parts) for parts in zip(*systems, strict=True)]
    stack[1] = stack[1] * np.array([1.0, 1e-12, 1e6])[:, None, None]
    times, start = np.array([0.5, 1.0]), np.zeros((4, 4))
    flow, steady = riccati_flow(*stack, times, start), riccati_steady(*stack)
    for place in range(3):
        own = [part[place] for part in stack]
        np.testing.assert_allclose(flow[place], riccati_flow(*own, times, start), rtol=1e-10, atol=0)
        np.testing.assert_allclose(steady[place], riccati_steady(*own), rtol=1e-10, atol=0)


def test_far_apart_rates_and_no_rest() -> None:
    drift = np.diag([-1.0, -1e-9])
    found = riccati_steady(drift, np.eye(2), np.zeros((2, 2)))
    # A slow rate is known to the rounding of the fast one: 1e-16 * 1e9.
    np.testing.assert_allclose(np.diag(found), [0.5, 5e8], rtol=1e-6)
    with pytest.raises(errors.ConvergenceError, match="given times"):
        riccati_steady(np.diag([-1.0, 0.0]), np.eye(2), np.zeros((2, 2)))
