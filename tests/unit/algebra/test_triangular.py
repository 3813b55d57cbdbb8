"""Large Lyapunov equations: residual, SciPy, and the way that looks at no structure, on networks of every structure."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden.algebra import eigenvalues, triangular
from leyden.algebra.triangular import lyapunov_and_spectrum, spectrum_by_parts

# Backward error of an orthogonal method on matrices of up to 200 rows.
BACKWARD = 1e-14


def backward_error(drift, source, solution) -> float:
    residual = drift @ solution + solution @ drift.T + source
    sizes = [np.linalg.norm(matrix) for matrix in (residual, drift, solution, source)]
    return sizes[0] / (2 * sizes[1] * sizes[2] + sizes[3])


def assert_solved(drift, source, rtol: float = 1e-11) -> None:
    """By residual, by the unstructured way and by SciPy; conditioned by |A|/(2 |Re lambda|), here below 100."""
    found, spectrum = lyapunov_and_spectrum(drift, source)
    assert backward_error(drift, source, found) < BACKWARD
    np.testing.assert_array_equal(found, found.T)
    scale = np.max(np.abs(found), initial=1e-300)
    whole, _ = lyapunov_and_spectrum(drift, source, is_ordered=False)
    np.testing.assert_allclose(found, whole, rtol=0, atol=rtol * scale)
    scipys = scipy.linalg.solve_continuous_lyapunov(drift, -source)
    np.testing.assert_allclose(found, scipys, rtol=0, atol=rtol * scale)
    # All sums of powers of the eigenvalues, up to the third, are traces.
    for power in (1, 2, 3):
        trace = np.trace(np.linalg.matrix_power(drift, power))
        assert np.sum(spectrum**power) == pytest.approx(trace, rel=1e-10, abs=1e-9 * len(drift))


def network(seed: int, size: int, forward: float, backward: float, turning: float) -> np.ndarray:
    """A drift of blocks of two, in a random order: links forward, a few backward, detunings."""
    rng = np.random.default_rng(seed)
    modes = max(1, size // 2)
    links = rng.normal(size=(modes, modes)) / np.sqrt(modes)
    links *= np.tril(rng.random((modes, modes)) < forward, -1) + np.triu(rng.random((modes, modes)) < backward, 1)
    drift = np.kron(links, np.diag([1.0, 0.7])) - np.diag(rng.uniform(1.0, 2.0, 2 * modes))
    drift += np.kron(np.diag(turning * rng.normal(size=modes)), [[0.0, 1.0], [-1.0, 0.0]])
    order = rng.permutation(2 * modes)
    return drift[np.ix_(order, order)]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    size=st.integers(2, 130),
    forward=st.sampled_from([0.0, 0.02, 0.3, 1.0]),
    backward=st.sampled_from([0.0, 0.01, 0.2]),
    turning=st.sampled_from([0.0, 1.0]),
    is_diagonal=st.booleans(),
)
def test_random_networks(*, seed, size, forward, backward, turning, is_diagonal) -> None:
    drift = network(seed, size, forward, backward, turning)
    source = np.random.default_rng(seed + 1).normal(size=drift.shape)
    source = np.diag(np.diagonal(source)) if is_diagonal else source + source.T
    assert_solved(drift, source)


@pytest.mark.parametrize("size", [1, 2, 3, 48, 49, 97, 200])
def test_one_connected_part(size: int) -> None:
    rng = np.random.default_rng(size)
    drift = rng.normal(size=(size, size)) / np.sqrt(size) - 1.5 * np.eye(size)
    source = rng.normal(size=(size, size))
    assert_solved(drift, source + source.T)


def test_nothing_connected() -> None:
    """-2 r s + q = 0, mode by mode, and nothing between them; exactly."""
    rates, sources = np.random.default_rng(1).uniform(0.1, 1.0, (2, 80))
    found, spectrum = lyapunov_and_spectrum(-np.diag(rates), np.diag(sources))
    np.testing.assert_allclose(np.diagonal(found), sources / (2 * rates), rtol=1e-15)
    assert np.count_nonzero(found) == 80
    np.testing.assert_array_equal(np.sort(spectrum.real), np.sort(-rates))


@pytest.mark.parametrize("count", [2, 60])
def test_equal_rates_in_a_chain(count: int) -> None:
    """S_jj of a directed chain x_j' = -x_j + x_{j-1}, its first mode in noise: C(2j, j)/2^(2j + 1)."""
    drift = np.diag(np.ones(count - 1), -1) - np.eye(count)
    source = np.zeros((count, count))
    source[0, 0] = 1.0
    found, spectrum = lyapunov_and_spectrum(drift, source)
    expected = np.cumprod([0.5, *((2 * j - 1) / (2 * j) for j in range(1, count))])
    np.testing.assert_allclose(np.diagonal(found), expected, rtol=1e-13)
    np.testing.assert_array_equal(spectrum, -np.ones(count))
    np.testing.assert_array_equal(spectrum_by_parts(drift), -np.ones(count))


def test_complex_pairs_are_not_cut_in_two() -> None:
    """Schur forms full of 2 x 2 blocks, of every length around the borders of the recursion."""
    for size in range(90, 106, 2):
        drift = network(size, size, 1.0, 1.0, 3.0)
        assert np.any(np.abs(lyapunov_and_spectrum(drift, np.eye(len(drift)))[1].imag) > 1)
        assert_solved(drift, np.eye(len(drift)))


def test_singular_equations_are_nan() -> None:
    """A rotation without damping, alone and inside a network: lambda and -lambda add up to zero."""
    drift = network(5, 60, 0.3, 0.0, 0.0)
    drift[:2], drift[:, :2] = 0.0, 0.0
    drift[:2, :2] = [[0.0, 1.0], [-1.0, 0.0]]
    found, spectrum = lyapunov_and_spectrum(drift, np.eye(60))
    assert np.all(np.isnan(found[:2, :2]))
    assert np.max(np.abs(np.sort(np.abs(spectrum.real))[:2])) < 1e-15


def test_the_complex_algorithm_where_the_real_one_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    real = scipy.linalg.schur

    def stalled(matrix, output="real", **options):
        if output == "real":
            raise scipy.linalg.LinAlgError("Schur form not found. Possibly ill-conditioned.")
        return real(matrix, output=output, **options)

    monkeypatch.setattr(scipy.linalg, "schur", stalled)
    assert_solved(network(6, 110, 0.5, 0.3, 1.0), np.eye(110))


@pytest.mark.parametrize("modes", [20, 40])
def test_spectra_by_parts(modes: int) -> None:
    """Of a directed network with loops in it: those of the whole, as far as the whole knows them."""
    drift = network(8, 2 * modes, 0.05, 0.01, 1.0)
    found, whole = (np.sort_complex(np.round(one, 9)) for one in (eigenvalues(drift), np.linalg.eigvals(drift)))
    np.testing.assert_allclose(found, whole, rtol=0, atol=1e-7)
    assert triangular._LEAF > 2


def test_long_chains_of_equal_modes_are_stable() -> None:
    """One eigenvalue -0.55 in a Jordan block of eighty: rounding of the whole drift scatters it over a circle."""
    network = ly.catalog.cascade(80, drive=0.05, damping=0.1)
    abscissa = ly.stability(network).spectral_abscissa
    # The first mode feels half of the shared rate, the others a whole: -(0.1 + 0.5)/2 + 2 * 0.05.
    assert float(abscissa) == pytest.approx(-0.2, abs=1e-12)
    assert bool(ly.steady_state(network).is_stable)


@pytest.mark.parametrize("size", [20, 90])
def test_what_no_source_reaches_stays_exactly_zero(size: int) -> None:
    rng = np.random.default_rng(size)
    order = rng.permutation(size)
    drift = np.tril(rng.normal(size=(size, size)) * (rng.random((size, size)) < 0.2), -1) * 3 - 2 * np.eye(size)
    source = np.zeros((size, size))
    source[size // 2, size // 2] = 1.0
    drift, source = drift[np.ix_(order, order)], source[np.ix_(order, order)]
    solution, spectrum = lyapunov_and_spectrum(drift, source)
    assert_solved(drift, source)
    np.testing.assert_array_equal(spectrum, np.full(size, -2.0))
    upstream = np.flatnonzero(order < size // 2)
    assert not solution[upstream].any()
    assert not solution[:, upstream].any()
    nothing, again = lyapunov_and_spectrum(drift, np.zeros_like(source))
    assert not nothing.any()
    np.testing.assert_array_equal(again, spectrum)
