"""Spectra of matrices far from normal: right, and to the bound that is told."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from leyden.algebra import bounded_spectra
from leyden.algebra import discs as module


def exact_abscissa(matrix: np.ndarray, digits: int = 60) -> float:
    with mpmath.workdps(digits):
        values, _ = mpmath.eig(mpmath.matrix(matrix.tolist()))
        return float(max(mpmath.re(value) for value in values))


def skewed(rng: np.random.Generator, size: int, spread: float) -> np.ndarray:
    """A chain with a few links across, in units that differ from place to place by many orders."""
    matrix = np.diag(-rng.uniform(0.5, 1.0, size))
    for i in range(size - 1):
        matrix[i + 1, i], matrix[i, i + 1] = rng.uniform(0.1, 1.0, 2) * rng.choice([-1, 1], 2)
    for i, k in rng.integers(0, size, (2, 2)):
        matrix[i, k] += rng.normal() / 4
    units = spread ** np.arange(size)
    return np.asarray(matrix * units[:, None] / units)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("spread", [1.0, 10.0, 1e3])
def test_the_bound_holds_and_is_of_use(seed: int, spread: float) -> None:
    """Against 60 digits. LAPACK alone is off by up to the size of everything."""
    matrix = skewed(np.random.default_rng(seed), 8, spread)
    exact = exact_abscissa(matrix)
    found = bounded_spectra(matrix[None])
    assert found.lower[0] <= exact <= found.upper[0]
    assert found.upper[0] - found.lower[0] < 1e-11
    assert found.abscissa[0] == pytest.approx(exact, abs=1e-13)


@pytest.mark.parametrize("size", [3, 30, 300])
def test_hatano_and_nelson_have_all_digits(size: int) -> None:
    """Tridiagonal Toeplitz: a + 2 (b c)^(1/2) cos(k pi/(n + 1)), whatever b/c is."""
    matrix = (
        np.diag(np.full(size, -0.55)) + np.diag(np.full(size - 1, 0.475), -1) + np.diag(np.full(size - 1, 0.025), 1)
    )
    found = bounded_spectra(matrix[None])
    exact = -0.55 + 2 * np.sqrt(0.475 * 0.025) * np.cos(np.arange(1, size + 1) * np.pi / (size + 1))
    assert found.lower[0] <= exact[0] <= found.upper[0]
    np.testing.assert_allclose(np.sort(found.values[0].real), np.sort(exact), rtol=1e-13)
    assert np.all(found.values.imag == 0)


@pytest.mark.parametrize("size", [20, 300])
def test_rings_with_a_wind(size: int) -> None:
    """Periodic ends, a loop that no units can straighten: b e^{ik} + c e^{-ik}, a normal matrix."""
    shift = np.roll(np.eye(size), 1, axis=0)
    matrix = -np.eye(size) + 0.475 * shift + 0.025 * shift.T
    found = bounded_spectra(matrix[None])
    assert found.lower[0] <= -0.5 <= found.upper[0]
    assert found.upper[0] - found.lower[0] < 1e-11


def test_components_are_not_mixed() -> None:
    """One way only: the diagonal is the spectrum, for any size of what is off it."""
    matrix = np.diag([-1.0, -2.0, -1e-20]) + 1e9 * np.tri(3, k=-1)
    found = bounded_spectra(matrix[None], 1e-15 * np.abs(matrix)[None])
    assert found.abscissa[0] == -1e-20
    assert found.upper[0] < 0


@pytest.mark.parametrize(
    ("matrix", "exact"),
    [
        ([[-1e6, 1e3], [1e3, -1.001]], None),
        ([[-1.0, 1e-9], [1e9, -1.0]], 0.0),
        ([[-1.0, 2.0], [-0.5, -3.0]], None),
        ([[-3.0, 1.0], [-1.0, -1.0]], -2.0),
        ([[-1.0, -7.0], [7.0, -1.0]], -1.0),
        ([[-1e-300, 1e300], [-1e300, -1e-300]], -1e-300),
    ],
)
def test_pairs_are_quadratic_equations(matrix: list[list[float]], exact: float | None) -> None:
    """A slow rate beside a fast one, units far apart, an exceptional point, a fast turn."""
    exact = exact_abscissa(np.array(matrix)) if exact is None else exact
    found = bounded_spectra(np.array([matrix]))
    assert found.lower[0] <= exact <= found.upper[0]
    assert found.abscissa[0] == pytest.approx(exact, rel=1e-12, abs=1e-15)


def test_an_exceptional_point_of_three_is_known_as_well_as_it_can_be() -> None:
    """Rounding u moves an eigenvalue in a Jordan block of three by u^(1/3), and the bound says so."""
    basis = np.array([[1.0, 0.3, 0.2], [0.1, 1.0, 0.4], [0.3, 0.2, 1.0]])
    matrix = basis @ (np.diag([1.0, 1.0], 1) - np.eye(3)) @ np.linalg.inv(basis)
    found = bounded_spectra(matrix[None])
    exact = exact_abscissa(matrix)
    assert found.lower[0] <= exact <= found.upper[0]
    assert 1e-6 < found.upper[0] - found.lower[0] < 1e-2


def test_what_loses_everywhere_is_stable_whatever_turns() -> None:
    """Turning 1e18 times as fast as it decays: no eigenvalue is known to its decay, but all of it is lost."""
    rng = np.random.default_rng(4)
    turning = 1e18 * rng.normal(size=(6, 6))
    matrix = turning - turning.T - np.diag(rng.uniform(0.5, 1.0, 6))
    found = bounded_spectra(matrix[None])
    assert found.abscissa[0] <= found.upper[0] < 0


def test_a_stack_is_its_members() -> None:
    """Of different structure, side by side; and the sign alone is the same sign."""
    rng = np.random.default_rng(5)
    stack = rng.normal(size=(40, 5, 5)) * (rng.random((40, 5, 5)) < 0.5)
    together = bounded_spectra(stack)
    signs = bounded_spectra(stack, is_sign_enough=True)
    for place, matrix in enumerate(stack):
        alone = bounded_spectra(matrix[None])
        assert together.abscissa[place] == pytest.approx(alone.abscissa[0], abs=1e-12)
        assert together.upper[place] == pytest.approx(alone.upper[0], abs=1e-12)
    np.testing.assert_array_equal(signs.upper < 0, together.upper < 0)
    assert len(bounded_spectra(np.zeros((0, 4, 4))).abscissa) == 0


def test_equal_vectors_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the vectors computed are parallel to the last bit a neighbour's are taken; where these are, no bound."""
    matrix = np.array([[-2.0, 1.0, 1e-3], [0.0, -2.0, 1.0], [1e-3, 0.0, -2.0]])
    inverses = module._inverses
    calls: list[int] = []

    def failing_once(vectors: np.ndarray) -> np.ndarray:
        calls.append(1)
        return np.full_like(vectors, np.nan) if len(calls) == 1 else inverses(vectors)

    monkeypatch.setattr(module, "_inverses", failing_once)
    found = bounded_spectra(matrix[None])
    assert found.lower[0] <= exact_abscissa(matrix) <= found.upper[0] < 0
    monkeypatch.setattr(module, "_inverses", lambda vectors: np.full_like(vectors, np.nan))
    lost = bounded_spectra(matrix[None] + 3 * np.eye(3))
    assert lost.lower[0] == -np.inf
    assert lost.upper[0] == np.inf
