"""First crossing: judged by exact arithmetic, Hurwitz's determinants of the characteristic polynomial in fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import leyden as ly
from leyden.drift import crossing

EPSILON = float(np.finfo(float).eps)


def polynomial(matrix: list[list[Fraction]]) -> list[Fraction]:
    """Coefficients of det(s - A), highest first, by Faddeev and LeVerrier."""
    size = range(len(matrix))
    found, power = [Fraction(1)], [[Fraction(0) for _ in size] for _ in size]
    for step in range(1, len(matrix) + 1):
        for place in size:
            power[place][place] += found[-1]
        power = [[sum(matrix[i][k] * power[k][j] for k in size) for j in size] for i in size]
        found.append(-sum(power[i][i] for i in size) / step)
    return found


def is_stable(drift: np.ndarray, unit: np.ndarray, place: slice, amplitude: float) -> bool:
    """Whether all eigenvalues have negative real parts, exactly, for these very numbers."""
    exact = [[Fraction(float(value)) for value in row] for row in drift]
    for row in range(2):
        for column in range(2):
            exact[place.start + row][place.start + column] += Fraction(amplitude) * Fraction(float(unit[row, column]))
    terms, size = polynomial(exact), len(drift)
    places = [[2 * column - row + 1 for column in range(size)] for row in range(size)]
    table = [[terms[place] if 0 <= place <= size else Fraction(0) for place in row] for row in places]
    for step in range(size):
        if table[step][step] <= 0:
            return False
        for row in range(step + 1, size):
            factor = table[row][step] / table[step][step]
            table[row] = [entry - factor * above for entry, above in zip(table[row], table[step], strict=True)]
    return True


def device(seed: int, modes: int, decades: float) -> ly.Network:
    """Coupled, detuned modes with magnitudes over many decades; every other one has a squeezed partner."""
    rng = np.random.default_rng(seed)
    names = "abc"[:modes]

    def size() -> float:
        return float(10 ** rng.uniform(-decades, decades))

    elements: list[ly.Element] = [ly.LocalBath(name, size()) for name in names]
    elements += [ly.CoherentCoupling(*pair, size() * np.exp(2j * np.pi * rng.random())) for pair in pairwise(names)]
    if seed % 2:
        elements.append(ly.SharedBath({name: complex(*rng.normal(size=2)) for name in names}, size()))
    if seed % 4 > 1:
        elements.append(ly.TwoPhotonDrive("b", 0.01 * size(), 6 * rng.random()))
    elements.append(ly.TwoPhotonDrive("a", 0.0, 6 * rng.random()))
    return ly.Network([ly.Mode(name, detuning=size()) for name in names], elements, "a", "b")


@pytest.mark.parametrize("seed", range(32))
def test_exact_arithmetic_agrees(seed: int) -> None:
    """Stable just below, unstable just above and stable on the way, over 2 to 10 decades of rates."""
    modes = 3 if seed >= 28 else 2
    network = device(seed, modes, 1 + seed % 5)
    drift = ly.moment_equations(network).drift
    drive = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 1.0, network.elements[-1].phase)], "a", "a")
    unit, place = ly.moment_equations(drive).drift, slice(0, 2)
    found = ly.critical_drive(network, "a")
    if found == 0:
        assert not is_stable(drift, unit, place, 0.0)
        return
    # An eigenvalue is known to some 1e-16 |A|, and moves at most twice as fast as the amplitude.
    decay = -float(np.max(np.linalg.eigvals(drift).real))
    allowed = 1e-13 + 32 * EPSILON * float(np.abs(drift).sum(axis=0).max()) / decay
    assert allowed < 0.5
    assert not is_stable(drift, unit, place, found * (1 + allowed))
    for share in (1 - allowed, 0.99, 0.8, 0.5, 0.1):
        assert is_stable(drift, unit, place, found * min(share, 1 - allowed))


def test_flat_but_for_rounding() -> None:
    """Couplings 1e13 times the damping, on which Brent's method does not end: 4 of detuning, exactly."""
    elements = [ly.LocalBath("a", 1e-5), ly.LocalBath("b", 1e-7), ly.CoherentCoupling("a", "b", 1e6)]
    modes = [ly.Mode("a", detuning=4.0), ly.Mode("b", detuning=4.0)]
    network = ly.Network(modes, [*elements, ly.TwoPhotonDrive("a", 0.0)], "a", "b")
    # Far from rounding the pair is a mode of half the drive and twice the detuning: 2 eps/2 = Delta up to the damping.
    assert ly.critical_drive(network) == pytest.approx(4.0, rel=1e-10)
    assert crossing.sign_change(lambda amplitude: -1e-9 if amplitude < 3.0 else 1.0, 0.0, 8.0) == pytest.approx(
        3.0, rel=1e-14
    )


@pytest.mark.parametrize("size", [4, 6, 10])
def test_candidates_are_those_of_the_sums_of_all_pairs(size: int) -> None:
    """A_0 + eps A_1, acting on antisymmetric tensors, is singular there; its eigenvalues are the sums of pairs."""
    rng = np.random.default_rng(size)
    unit, place = np.array([[0.3, 1.0], [1.0, -0.3]]), slice(2, 4)
    undriven = rng.normal(size=(size, size)) - 2 * size**0.5 * np.eye(size)
    wide = np.zeros((size, size))
    wide[place, place] = unit
    first, second = np.triu_indices(size, 1)

    def sums(matrix: np.ndarray) -> np.ndarray:
        both = np.kron(matrix, np.eye(size)) + np.kron(np.eye(size), matrix)
        pairs = np.zeros((size * size, len(first)))
        pairs[first * size + second, np.arange(len(first))] = 0.5**0.5
        pairs[second * size + first, np.arange(len(first))] = -(0.5**0.5)
        return pairs.T @ both @ pairs

    inverses = [
        np.linalg.eigvals(-np.linalg.solve(one, other))
        for one, other in ((undriven, wide), (sums(undriven), sums(wide)))
    ]
    found = np.concatenate(inverses)
    wanted = np.sort(1 / found.real[(found.real > 1e-6) & (np.abs(found.imag) < 1e-6)])
    # Simple eigenvalues of matrices of size one.
    np.testing.assert_allclose(crossing._candidates(undriven, unit, place), wanted, rtol=1e-9)


@pytest.mark.parametrize("size", [4, 40])
def test_eigenvectors_and_equations_say_the_same(size: int) -> None:
    rng = np.random.default_rng(size)
    undriven = rng.normal(size=(size, size)) - 2 * size**0.5 * np.eye(size)
    acting = np.zeros((size, 2))
    acting[2:4] = [[0.0, 1.0], [1.0, 0.0]]
    by_vectors = crossing._turning_by_vectors(undriven, acting, slice(2, 4))
    assert by_vectors is not None
    # Both are backward stable; the eigenvectors of such matrices have condition numbers of some hundreds.
    np.testing.assert_allclose(by_vectors, crossing._turning_by_columns(undriven, acting, slice(2, 4)), atol=1e-12)


def test_ill_conditioned_eigenvectors_are_left_alone() -> None:
    """Of a Jordan block there is but one eigenvector."""
    assert crossing._turning_by_vectors(-np.eye(6) + 30 * np.eye(6, k=1), np.eye(6)[:, :2], slice(0, 2)) is None


def test_a_drive_without_effect_never_destabilises() -> None:
    found = crossing.first_crossing(-np.eye(2), np.zeros((2, 2)), slice(0, 2), lambda matrix: float(matrix[0, 0]))
    assert found == math.inf
