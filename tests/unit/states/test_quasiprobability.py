"""Wigner functions: two roads against each other and against QuTiP, integrals, parities, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import qutip
import xarray as xr

import leyden as ly
from leyden.fock.prepare import fock_matrix
from leyden.quantities import attributes_of
from leyden.states import wigner

X, P = np.linspace(-7.0, 7.0, 141), np.linspace(-6.5, 6.5, 131)
CELL = (X[1] - X[0]) * (P[1] - P[0])
GAUSSIAN = ly.states.GaussianState.from_moments([0.7, -0.4], np.array([[0.9, 0.3], [0.3, 0.55]]))


def number_state(n: int) -> np.ndarray:
    return np.diag(np.eye(n + 1)[n])


def test_a_gaussian_state_and_its_density_matrix_have_the_same() -> None:
    matrix = fock_matrix(GAUSSIAN, (90,))
    np.testing.assert_allclose(wigner(GAUSSIAN, X, P), wigner(matrix, X, P), atol=1e-14)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_density_matrix_in_qutip(seed: int) -> None:
    """QuTiP's rows are p, and its g = sqrt(2) is the vacuum variance 1/2."""
    state = qutip.rand_dm(25, seed=seed)
    np.testing.assert_allclose(wigner(state, X, P).values.T, qutip.wigner(state, X, P, g=np.sqrt(2)), atol=1e-14)


def test_a_ket_with_a_phase_lies_where_its_mean_is() -> None:
    """Of (|0> + i |1>)/sqrt(2) the mean is <a> = i/2: along p."""
    found = wigner((qutip.basis(2, 0) + 1j * qutip.basis(2, 1)).unit(), X, P)
    assert float((found * found.x).sum()) * CELL == pytest.approx(0.0, abs=1e-12)
    assert float((found * found.p).sum()) * CELL == pytest.approx(np.sqrt(2) / 2, abs=1e-12)


@pytest.mark.parametrize("state", [GAUSSIAN, qutip.rand_dm(12, seed=5)], ids=["gaussian", "matrix"])
def test_norm_marginal_energy_and_purity(state: object) -> None:
    """Sums over a grid are exact for what is smooth and decays: W integrates to 1, W^2 to Tr rho^2/(2 pi)."""
    found = wigner(state, X, P)
    matrix = fock_matrix(GAUSSIAN, (90,)) if state is GAUSSIAN else state.full()  # type: ignore[attr-defined]
    assert float(found.sum()) * CELL == pytest.approx(1.0, abs=1e-7)
    energy = float((found * (found.x**2 + found.p**2)).sum()) * CELL / 2 - 0.5
    assert energy == pytest.approx(np.sum(np.diag(matrix).real * np.arange(len(matrix))), abs=1e-5)
    assert 2 * np.pi * float((found**2).sum()) * CELL == pytest.approx(np.trace(matrix @ matrix).real, abs=1e-8)
    # <x|rho|x> from Hermite functions, by their own recurrence.
    hermite = [np.pi**-0.25 * np.exp(-(X**2) / 2)]
    hermite.append(np.sqrt(2) * X * hermite[0])
    for n in range(1, len(matrix) - 1):
        hermite.append((np.sqrt(2) * X * hermite[n] - np.sqrt(n) * hermite[n - 1]) / np.sqrt(n + 1))
    density = np.einsum("mx,mn,nx->x", hermite, matrix, hermite).real
    np.testing.assert_allclose(found.sum("p") * (P[1] - P[0]), density, atol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 7, 60, 300])
def test_parity_at_the_origin(n: int) -> None:
    found = wigner(number_state(n), np.array([0.0]), np.array([0.0]))
    assert np.pi * float(found[0, 0]) == pytest.approx((-1) ** n, abs=1e-12)


def test_hundreds_of_quanta_keep_their_norm_and_energy() -> None:
    """At its turning point e^{-s/2} is e^-1200, far below the number range."""
    n, axis = 300, np.linspace(-30.0, 30.0, 601)
    found = wigner(number_state(n), axis, axis)
    cell = (axis[1] - axis[0]) ** 2
    assert float(found.sum()) * cell == pytest.approx(1.0, abs=1e-10)
    assert float((found * (found.x**2 + found.p**2)).sum()) * cell / 2 == pytest.approx(n + 0.5, rel=1e-10)


def test_batches_keep_their_axes() -> None:
    """Of a run: one for each time; of a mode among several."""
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    states = ly.evolve(device, [0.0, 5.0, 50.0])
    found = wigner(states, X[::10], P[::10], mode=1)
    assert found.dims == ("state", "x", "p")
    np.testing.assert_allclose(found[2], wigner(states[2].reduced([1]), X[::10], P[::10]), rtol=1e-13)
    np.testing.assert_allclose(found[0], wigner(ly.states.vacuum(1), X[::10], P[::10]), rtol=1e-13)
    pair = np.stack([number_state(3), fock_matrix(ly.states.thermal([0.0]), (4,)).real])[None]
    several = wigner(pair, X[::10], P[::10])
    assert several.dims == ("state_0", "state_1", "x", "p")
    np.testing.assert_allclose(several[0, 0], wigner(number_state(3), X[::10], P[::10]), rtol=1e-13)


def test_a_huge_squeezing_keeps_its_width() -> None:
    """Variances e^{-2r}/2 and e^{2r}/2, turned by 45 degrees, where entries of V cancel."""
    found = wigner(ly.states.squeezed(12.0, np.pi / 2), np.array([0.0, 1e-5]), np.array([0.0]))
    assert np.pi * float(found[0, 0]) == pytest.approx(1.0, abs=1e-6)
    assert np.pi * float(found[1, 0]) == pytest.approx(np.exp(-(1e-10 / 2) * (np.exp(24.0) + np.exp(-24.0))), abs=1e-4)


def test_it_is_labelled() -> None:
    found = wigner(GAUSSIAN, X, P)
    assert isinstance(found, xr.DataArray)
    assert found.attrs == attributes_of("wigner")
    np.testing.assert_array_equal(found.x, X)
    assert found.p.attrs["symbol"] == "p"


REFUSED = {
    "words": ("state", ("vacuum", X, P)),
    "vector": ("state", (np.ones(3), X, P)),
    "not hermitian": ("state", (np.array([[1.0, 0.5], [0.0, 0.0]]), X, P)),
    "trace": ("state", (np.eye(2), X, P)),
    "two modes": ("state", (qutip.tensor(qutip.basis(2, 0), qutip.basis(2, 0)), X, P)),
    "grid": ("x", (GAUSSIAN, np.ones((2, 2)), P)),
    "complex": ("p", (GAUSSIAN, X, P + 1j)),
    "infinite": ("x", (GAUSSIAN, [0.0, np.inf], P)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    argument, given = REFUSED[name]
    with pytest.raises(ly.ParameterError, match=f"Argument `{argument}` must"):
        wigner(*given)


def test_a_mode_that_is_not_there() -> None:
    with pytest.raises(ly.ParameterError, match="`mode` must be a position from 0 to 0"):
        wigner(GAUSSIAN, X, P, mode=1)
    with pytest.raises(ly.ParameterError, match="`mode` must be a position from 0 to 0, but is 'battery'"):
        wigner(GAUSSIAN, X, P, mode="battery")  # pyright: ignore[reportArgumentType]
