"""Initial states in Fock space, against their number-state amplitudes in closed form and against QuTiP's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.errors import TruncationError
from leyden.fock.prepare import checked_initial, density_matrix, fock_matrix, levels_of
from leyden.states import GaussianState, coherent, product, squeezed, thermal, vacuum

qutip = pytest.importorskip("qutip")

EXACT = 1e-13


def device() -> ly.Network:
    return ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)


def cut(state: Any, levels: int) -> np.ndarray[Any, Any]:
    """The corner of a QuTiP state that was prepared with many more levels."""
    return state.full()[:levels, :levels]


def test_coherent_states_are_poissonian() -> None:
    alpha, levels = 0.7 - 0.4j, 8
    amplitudes = [math.exp(-(abs(alpha) ** 2) / 2) * alpha**n / math.sqrt(math.factorial(n)) for n in range(levels)]
    assert np.max(np.abs(fock_matrix(coherent(alpha), (levels,)) - np.outer(amplitudes, np.conj(amplitudes)))) < EXACT


def test_thermal_states_are_geometric() -> None:
    weights = 0.4 ** np.arange(8) / 1.4 ** np.arange(1, 9)
    assert np.max(np.abs(fock_matrix(thermal(0.4), (8,)) - np.diag(weights))) < EXACT


def test_squeezed_states_are_qutips() -> None:
    """QuTiP's S(z)|0>, z = r e^{i phase}, has <a^2> = -e^{i phase} sinh r cosh r as well."""
    big = qutip.squeeze(80, 0.5 * np.exp(0.7j)) * qutip.basis(80, 0)
    assert np.max(np.abs(fock_matrix(squeezed(0.5, 0.7), (10,)) - cut(big.proj(), 10))) < EXACT


def test_the_general_single_mode() -> None:
    """A displaced squeezed thermal state, its moments taken from the big Fock matrix."""
    big = qutip.thermal_dm(90, 0.2, method="analytic")
    for turn in (qutip.squeeze(90, 0.3 * np.exp(-0.4j)), qutip.displace(90, 0.5 + 0.3j)):
        big = turn @ big @ turn.dag()
    a = qutip.destroy(90)
    x, p = (a + a.dag()) / 2**0.5, (a - a.dag()) / (1j * 2**0.5)
    mean = np.array([qutip.expect(x, big), qutip.expect(p, big)])
    second = [[qutip.expect(r * s + s * r, big) / 2 for s in (x, p)] for r in (x, p)]
    state = GaussianState.from_moments(mean, np.real(second) - np.outer(mean, mean))
    assert np.max(np.abs(fock_matrix(state, (9,)) - cut(big, 9))) < 1e-12


def test_two_mode_squeezing() -> None:
    """|psi> = sum_n tanh^n r / cosh r |n n>: correlations between modes."""
    r, levels = 0.6, 6
    c, s = math.cosh(2 * r) / 2, math.sinh(2 * r) / 2
    covariance = np.array([[c, 0, s, 0], [0, c, 0, -s], [s, 0, c, 0], [0, -s, 0, c]])
    amplitudes = np.zeros((levels, levels))
    np.fill_diagonal(amplitudes, np.tanh(r) ** np.arange(levels) / math.cosh(r))
    ket = amplitudes.reshape(-1)
    state = GaussianState.from_moments(np.zeros(4), covariance)
    assert np.max(np.abs(fock_matrix(state, (levels, levels)) - np.outer(ket, ket))) < EXACT


def test_products_are_tensor_products() -> None:
    first, second, third = squeezed(0.4, 0.3), coherent(0.2j), thermal(0.1)
    found = fock_matrix(product(first, second, third), (4, 3, 2))
    factors = fock_matrix(first, (4,)), fock_matrix(second, (3,)), fock_matrix(third, (2,))
    assert np.max(np.abs(found - np.kron(np.kron(factors[0], factors[1]), factors[2]))) < EXACT


def test_the_vacuum_by_default() -> None:
    for state in (None, vacuum(2)):
        assert np.max(np.abs(density_matrix(state, (3, 4)).full() - np.diag(np.eye(12)[0]))) < EXACT


def test_qutip_states_are_embedded() -> None:
    ket = qutip.tensor(qutip.basis(2, 1), (qutip.basis(3, 0) + 1j * qutip.basis(3, 2)).unit())
    for given in (ket, ket.proj()):
        state = checked_initial(device(), given)
        assert levels_of(state, ("charger", "battery"), 1e-9, 100) == (2, 3)
        wide = density_matrix(state, (4, 5))
        assert wide.dims == [[4, 5], [4, 5]]
        assert np.max(np.abs(wide.ptrace(0).full() - np.diag([0, 1, 0, 0]))) < EXACT
        battery = wide.ptrace(1).full()
        assert battery[2, 0] == pytest.approx(0.5j, abs=EXACT)
        assert np.max(np.abs(battery[3:])) == 0
    assert np.max(np.abs(density_matrix(state, (2, 3)).full() - ket.proj().full())) < EXACT


def test_gaussian_states_say_how_many_levels_they_need() -> None:
    state = product(thermal(1.0), vacuum(1), coherent(2.0))
    hot, cold, bright = levels_of(state, "abc", 1e-6, 200)
    assert 0.5**hot <= 1e-6 < 0.5 ** (hot - 1)
    assert cold == 2
    above = 1 - sum(math.exp(-4) * 4**n / math.factorial(n) for n in range(bright))
    assert above <= 1e-6 < above + math.exp(-4) * 4 ** (bright - 1) / math.factorial(bright - 1)
    assert levels_of(None, "ab", 1e-6, 200) == (2, 2)


def test_a_state_beyond_the_levels_is_refused() -> None:
    with pytest.raises(TruncationError, match=r"fit into 50 Fock levels.*mode 'b'") as caught:
        levels_of(product(vacuum(1), thermal(10.0)), ("a", "b"), 1e-6, 50)
    assert caught.value.population == pytest.approx((10 / 11) ** 50, rel=1e-6)
    assert caught.value.cutoff == (50,)


def test_a_cutoff_below_a_given_state_is_refused(refuses: Any) -> None:
    state = checked_initial(device(), qutip.basis([3, 5], [0, 0]))
    refuses("initial", lambda: density_matrix(state, (4, 4)), "(4, 4)", "(3, 5)")


@pytest.mark.parametrize(
    ("initial", "words"),
    [
        (vacuum(1), "2 modes"),
        (qutip.basis(4, 0), "2 modes"),
        (GaussianState(mean=np.zeros((3, 4)), excess=np.zeros((3, 4, 4))), "no batch"),
        (GaussianState(mean=np.zeros(4), excess=np.zeros((3, 4, 4))), "no batch"),
        (2 * qutip.basis([2, 2], [0, 0]), "trace 1"),
        (qutip.tensor(qutip.destroy(2), qutip.qeye(2)), "Hermitian"),
        (qutip.basis([2, 2], [0, 0]).dag(), "density matrix"),
        (np.eye(4) / 4, "QuTiP"),
        ("vacuum", "QuTiP"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_state_of_the_device_is_refused(refuses: Any, initial: Any, words: str) -> None:
    refuses("initial", lambda: checked_initial(device(), initial), words)
