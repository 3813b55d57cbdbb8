"""Drift and diffusion of Wigner functions, as operators: the Heisenberg rates of first and second moments, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import comb, factorial
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.model.operators import Jump, Product, annihilate
from leyden.truncated_wigner.equations import Equations, driven_drift, equations_of_motion
from leyden.truncated_wigner.flows import terms_of

A, B = annihilate("a"), annihilate("b")
# Levels of each mode, and those on which products of four operators feel no cutoff.
LEVELS, SAFE = 8, 4


def network(*elements: ly.Element) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=0.3), ly.Mode("b")], elements, charger="a", battery="b")


@dataclass(frozen=True)
class Lost(ly.Element):
    """Pairs of one quantum of either mode are lost, or one alone."""

    first: str
    second: str

    def jumps(self) -> tuple[Jump, ...]:
        return (Jump(0.7, (1.0, 0.3j), (Product((A, B)), Product((A,)))),)


NONLINEAR: dict[str, ly.Element] = {
    "kerr": ly.Kerr("a", 0.7),
    "cross": ly.CrossKerr("a", "b", 0.6),
    "pairs": ly.TwoPhotonLoss("a", 0.4),
    "pressure": ly.RadiationPressure("a", "b", 0.5),
    "three": ly.ThreeWaveMixing("a", "b", 0.3 + 0.2j),
    "phases": ly.Dephasing("b", 0.8),
}
LINEAR = (
    ly.LocalBath("a", 0.4, occupation=0.3, squeezing=0.5, squeezing_phase=0.7),
    ly.SharedBath({"a": 0.7, "b": 0.5j}, 0.9, occupation=0.2, squeezing=0.3, squeezing_phase=0.2),
    ly.Gain("b", 0.1, occupation=0.2),
    ly.ParametricCoupling("a", "b", 0.1 + 0.2j),
    ly.PositionCoupling("a", "b", 0.3),
    ly.CoherentCoupling("a", "b", 0.2 - 0.1j),
    ly.OnePhotonDrive("a", 0.4, phase=0.3),
    ly.TwoPhotonDrive("b", 0.2, phase=0.4),
)


@lru_cache
def ladders() -> dict[str, np.ndarray]:
    lower = np.diag(np.sqrt(np.arange(1.0, LEVELS)), 1)
    one = np.eye(LEVELS)
    return {"a": np.kron(lower, one), "b": np.kron(one, lower)}


def operator_of(word: Any) -> np.ndarray:
    found: Any = np.eye(LEVELS**2)
    for factor in word.factors if hasattr(word, "factors") else word:
        lower = ladders()[factor.mode]
        found = found @ (lower.T if factor.is_creation else lower)
    return found


def heisenberg(device: ly.Network, observed: np.ndarray) -> np.ndarray:
    """L^dag of an operator, from the words of all elements."""
    found: Any = np.zeros((LEVELS**2, LEVELS**2), dtype=complex)
    for element in (*device.modes, *device.elements):
        for term in element.hamiltonian():
            half = term.coefficient * operator_of(term.operators)
            energy = half + half.conj().T
            found = found + 1j * (energy @ observed - observed @ energy)
        for way in (one for jump in element.jumps() for one in jump.directions()):
            jump: Any = sum(weight * operator_of(one) for weight, one in zip(way.weights, way.operators, strict=True))
            gone = jump.conj().T @ jump
            found = found + way.rate * (jump.conj().T @ observed @ jump - (gone @ observed + observed @ gone) / 2)
    return found


def symmetrised(powers: tuple[int, int], lower: np.ndarray) -> np.ndarray:
    """The operator of alpha^m alpha*^n in symmetric order (Cahill and Glauber 1969)."""
    m, n = powers
    found: Any = 0.0
    for k in range(min(m, n) + 1):
        share = factorial(k) * comb(m, k) * comb(n, k) / 2**k
        found = found + share * np.linalg.matrix_power(lower.T, n - k) @ np.linalg.matrix_power(lower, m - k)
    return found


def quantised(symbol: dict[tuple[int, ...], complex]) -> np.ndarray:
    """The operator of a polynomial in (alpha_a, alpha_b, alpha_a*, alpha_b*)."""
    found: Any = np.zeros((LEVELS**2, LEVELS**2), dtype=complex)
    for factors, value in symbol.items():
        own: Any = np.eye(LEVELS**2)
        for place, name in enumerate("ab"):
            powers = factors.count(place + 1), factors.count(place + 3)
            own = own @ symmetrised(powers, ladders()[name])
        found = found + value * own
    return found


def drift_symbols(equations: Equations) -> list[dict[tuple[int, ...], complex]]:
    """Drift of alpha_a, alpha_b and of their conjugates, put together again from all parts."""
    n = equations.modes
    forth = np.block([[np.eye(n), np.eye(n)], [-1j * np.eye(n), 1j * np.eye(n)]]) / np.sqrt(2)
    linear, constant = forth.conj().T @ equations.drift @ forth, forth.conj().T @ equations.forcing
    found: list[dict[tuple[int, ...], complex]] = []
    for j in range(n):
        own: dict[tuple[int, ...], complex] = {(): constant[j]}
        for k in range(2 * n):
            own[k + 1,] = linear[j, k]
        own[j + 1,] -= 1j * equations.turned[j]
        for k in range(n):
            key = tuple(sorted((j + 1, k + 1, k + n + 1)))
            own[key] = own.get(key, 0.0) + 1j * equations.turning[j, k] - (j == k) * equations.shrinking[j]
        for target, value, factors in terms_of(equations.rest):
            if target == j:
                own[factors] = own.get(factors, 0.0) + value
        found.append(own)
    swap = {k + 1: (k + n) % (2 * n) + 1 for k in range(2 * n)}
    conjugates = [
        {tuple(sorted(swap[one] for one in factors)): np.conj(value) for factors, value in own.items()} for own in found
    ]
    return found + conjugates


def diffusion_symbols(equations: Equations) -> dict[tuple[int, int], dict[tuple[int, ...], complex]]:
    """D of (x_a, x_b, p_a, p_b)."""
    size = 2 * equations.modes
    found: dict[tuple[int, int], dict[tuple[int, ...], complex]] = {
        (i, j): {(): complex(equations.diffusion[i, j])} for i, j in product(range(size), repeat=2)
    }
    for noise in equations.noises:
        rows = [*noise.places, *(place + equations.modes for place in noise.places)]
        upper = list(zip(*np.triu_indices(len(rows)), strict=True))
        for target, value, factors in terms_of(noise.entries):
            i, j = (rows[one] for one in upper[target])
            for key in {(i, j), (j, i)}:
                found[key][factors] = found[key].get(factors, 0.0) + value
    return found


def times(variable: int, symbol: dict[tuple[int, ...], complex]) -> dict[tuple[int, ...], complex]:
    return {tuple(sorted((*factors, variable))): value for factors, value in symbol.items()}


def is_same(first: np.ndarray, second: np.ndarray) -> bool:
    inner = [i * LEVELS + j for i, j in product(range(SAFE), repeat=2)]
    return bool(np.allclose(first[np.ix_(inner, inner)], second[np.ix_(inner, inner)], atol=1e-10))


@pytest.mark.parametrize("name", [*NONLINEAR, "linear", "lost"])
def test_first_and_second_moments_obey_the_master_equation(name: str) -> None:
    parts = {"linear": LINEAR, "lost": (Lost("a", "b"), *LINEAR[:1])}.get(name, (NONLINEAR.get(name), *LINEAR[:2]))
    device = network(*parts)  # type: ignore[arg-type]
    equations = equations_of_motion(device)
    if name == "kerr":
        equations = equations.linearised(np.array([0.8, 0.3]))  # which must not matter
    drift, diffusion = drift_symbols(equations), diffusion_symbols(equations)
    ladder = ladders()
    variables = [ladder["a"], ladder["b"], ladder["a"].T, ladder["b"].T]
    for j in range(2):
        assert is_same(quantised(drift[j]), heisenberg(device, variables[j]))
    # Of alpha_k alpha_m: what the master equation does beyond the drift, which is the diffusion.
    beyond: Any = np.zeros((4, 4, LEVELS**2, LEVELS**2), dtype=complex)
    for k, m in product(range(4), repeat=2):
        if k <= m:
            both = (variables[k] @ variables[m] + variables[m] @ variables[k]) / 2
            moved = quantised(times(k + 1, drift[m])) + quantised(times(m + 1, drift[k]))
            beyond[k, m] = beyond[m, k] = heisenberg(device, both) - moved
    forth = np.block([[np.eye(2), np.eye(2)], [-1j * np.eye(2), 1j * np.eye(2)]]) / np.sqrt(2)
    for i, j in product(range(4), repeat=2):
        exact = np.einsum("k,m,kmxy->xy", forth[i], forth[j], beyond)
        assert is_same(quantised(diffusion[i, j]), exact), (i, j)


def test_of_linear_devices_it_is_the_moment_equations() -> None:
    device = network(*LINEAR)
    found, known = equations_of_motion(device), ly.moment_equations(device)
    order = [0, 2, 1, 3]
    np.testing.assert_allclose(found.drift, np.asarray(known.drift)[np.ix_(order, order)], atol=1e-15)
    np.testing.assert_allclose(found.diffusion, np.asarray(known.diffusion)[np.ix_(order, order)], atol=1e-15)
    np.testing.assert_allclose(found.forcing, np.asarray(known.forcing)[order], atol=1e-15)
    assert found.is_linear
    undriven = equations_of_motion(network(*(one for one in LINEAR if not one.is_drive)))
    np.testing.assert_allclose(found.drift - driven_drift(found), undriven.drift, atol=1e-15)


def test_kerr_and_pairs_by_hand() -> None:
    """Drift -(eta + i K)(|alpha|^2 - 1) alpha, diffusion eta (2 |alpha|^2 - 1) of either quadrature."""
    lone = ly.Network([ly.Mode("a")], [ly.Kerr("a", 0.5), ly.TwoPhotonLoss("a", 0.2)], charger="a", battery="a")
    found = equations_of_motion(lone)
    np.testing.assert_allclose(found.drift, [[0.2, -0.5], [0.5, 0.2]])
    assert (found.turning.item(), found.shrinking.item()) == (-0.5, 0.2)
    (noise,) = found.noises
    for (target, value, factors), known in zip(terms_of(noise.entries), [0.4, -0.2, 0.4, -0.2], strict=True):
        assert (target in {0, 2}, factors) == (True, (1, 2) if known > 0 else ())
        assert value == pytest.approx(known)
