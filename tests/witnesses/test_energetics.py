"""Heat, work and entropy by the density matrix, in a Fock space written out by hand, against the moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import leyden as ly

LEVELS = 11
LOWER = np.diag(np.sqrt(np.arange(1.0, LEVELS)), 1)
ONE = np.eye(LEVELS)
A, B = np.kron(LOWER, ONE), np.kron(ONE, LOWER)
FREQUENCIES = {"a": 1.3, "b": 0.8}
BARE = FREQUENCIES["a"] * A.T @ A + FREQUENCIES["b"] * B.T @ B


def part(kind: str) -> tuple[np.ndarray, Any]:
    """Hamiltonian of an element, and the element."""
    one, two, exchange, pairs = 0.12 * np.exp(-0.4j), 0.05 * np.exp(0.7j), 0.3 - 0.2j, 0.04 + 0.03j
    known: dict[str, tuple[np.ndarray, Any]] = {
        "one": (one * A.T, ly.OnePhotonDrive("a", 0.12, 0.4)),
        "two": (two * A.T @ A.T, ly.TwoPhotonDrive("a", 0.05, -0.7)),
        "pairs": (pairs * A.T @ B.T, ly.ParametricCoupling("a", "b", pairs)),
        "exchange": (exchange * A @ B.T, ly.CoherentCoupling("a", "b", exchange)),
        "positions": (0.03 * (A + A.T) @ (B + B.T) / 2, ly.PositionCoupling("a", "b", 0.03)),
    }
    half, element = known[kind]
    return half + half.conj().T, element


# Rate, occupation, the jump's operator and the element.
SQUEEZED = A * np.cosh(0.2) + np.exp(0.5j) * A.T * np.sinh(0.2)
BATHS = [
    (0.5, 0.05, A, ly.LocalBath("a", 0.5, 0.05)),
    (0.4, 0.1, B, ly.LocalBath("b", 0.4, 0.1)),
    (0.3, 0.08, 0.6 * A + (0.2 - 0.5j) * B, ly.SharedBath({"a": 0.6, "b": 0.2 - 0.5j}, 0.3, 0.08)),
    (0.2, 0.03, SQUEEZED, ly.LocalBath("a", 0.2, 0.03, squeezing=0.2, squeezing_phase=0.5)),
    (0.02, 0.3, B.T, ly.Gain("b", 0.02, 0.3)),
]
KINDS = ("one", "two", "pairs", "exchange", "positions")
DETUNED = 0.2 * A.T @ A - 0.3 * B.T @ B
TIME, WIDTH = 1.5, 0.02


def dissipated(jump: np.ndarray, rho: np.ndarray) -> np.ndarray:
    number = jump.conj().T @ jump
    return jump @ rho @ jump.conj().T - (number @ rho + rho @ number) / 2


def bath_rate(rate: float, occupation: float, jump: np.ndarray, rho: np.ndarray) -> np.ndarray:
    return rate * ((1 + occupation) * dissipated(jump, rho) + occupation * dissipated(jump.conj().T, rho))


def logarithm(rho: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(rho)
    return (vectors * np.log(np.maximum(values, 1e-30))) @ vectors.conj().T


def entropy(rho: np.ndarray) -> float:
    values = np.linalg.eigvalsh(rho)
    values = values[values > 1e-30]
    return float(-np.sum(values * np.log(values)))


@pytest.fixture(scope="module")
def matrices() -> list[np.ndarray]:
    """The state at five times around the middle one, from two warm modes."""
    hamiltonian = DETUNED + sum(part(kind)[0] for kind in KINDS)
    size = len(hamiltonian)

    def rate(_time: float, flat: np.ndarray) -> np.ndarray:
        rho = flat.reshape(size, size)
        found = -1j * (hamiltonian @ rho - rho @ hamiltonian)
        return (found + sum(bath_rate(*bath[:3], rho) for bath in BATHS)).ravel()

    warm = 0.1 ** np.arange(LEVELS) * 0.9
    start = np.kron(np.diag(warm), np.diag(warm)).astype(complex)
    times = TIME + WIDTH * np.arange(-2, 3)
    run = solve_ivp(rate, (0, times[-1]), start.ravel(), method="DOP853", t_eval=times, rtol=1e-9, atol=1e-12)
    return [column.reshape(size, size) for column in run.y.T]


@pytest.fixture(scope="module")
def told() -> Any:
    """What leyden says in the middle."""
    modes = [ly.Mode("a", FREQUENCIES["a"], 0.2), ly.Mode("b", FREQUENCIES["b"], -0.3)]
    parts = [*(part(kind)[1] for kind in KINDS), *(bath[-1] for bath in BATHS)]
    warm = ly.states.thermal([1 / 9, 1 / 9])
    return ly.energetics(ly.Network(modes, parts, "a", "b"), [TIME], initial=warm).isel(time=0)


# What eleven levels cut off of modes with a tenth to a quarter of a quantum, 0.2^11, times rates and levels.
WITHIN = 1e-7


def test_flows_of_every_element(matrices: list[np.ndarray], told: Any) -> None:
    """Tr[omega_j a_j^dag a_j] of each commutator, and of each dissipator."""
    rho = matrices[2]
    rates = [-1j * (h @ rho - rho @ h) for h in (part(kind)[0] for kind in KINDS)]
    rates += [bath_rate(*bath[:3], rho) for bath in BATHS]
    own = {"a": FREQUENCIES["a"] * A.T @ A, "b": FREQUENCIES["b"] * B.T @ B}
    flows = [[float(np.trace(energy @ rate).real) for energy in own.values()] for rate in rates]
    np.testing.assert_allclose(told.flow, flows, rtol=0, atol=WITHIN)
    lines = np.sum(flows, axis=-1)
    assert float(told.drive_power) == pytest.approx(lines[:3].sum(), abs=3 * WITHIN)
    assert float(told.coupling_power) == pytest.approx(lines[3:5].sum(), abs=2 * WITHIN)
    np.testing.assert_allclose(told.heat, [*lines[5:8], 0, 0], rtol=0, atol=2 * WITHIN)
    np.testing.assert_allclose(told.bath_power, [0, 0, 0, *lines[8:]], rtol=0, atol=2 * WITHIN)


def test_all_flows_are_the_change_of_energy(matrices: list[np.ndarray], told: Any) -> None:
    """A difference of fourth order over the density matrices."""
    energies = [float(np.trace(BARE @ rho).real) for rho in matrices]
    change = (np.array([1, -8, 0, 8, -1]) @ energies) / (12 * WIDTH)
    assert float(told.flow.sum()) == pytest.approx(change, abs=10 * WITHIN)


def test_entropy_and_its_production(matrices: list[np.ndarray], told: Any) -> None:
    """S = -Tr rho ln rho; Pi = -Tr (L rho) ln rho + ln(1 + 1/n) for each net jump, by the rates of the jumps."""
    rho = matrices[2]
    assert float(told.entropy) == pytest.approx(entropy(rho), abs=1e-6)
    power, produced = logarithm(rho), 0.0
    for rate, occupation, jump, _ in BATHS:
        produced -= float(np.trace(bath_rate(rate, occupation, jump, rho) @ power).real)
        number, other = jump.conj().T @ jump, jump @ jump.conj().T
        net = rate * ((1 + occupation) * np.trace(number @ rho) - occupation * np.trace(other @ rho)).real
        produced += float(net) * np.log1p(1 / occupation)
    # Logarithms of the tail, 30 at most, weigh what is cut off.
    assert float(told.entropy_production) == pytest.approx(produced, abs=1e-5)
    gained = (np.array([1, -8, 0, 8, -1]) @ [entropy(one) for one in matrices]) / (12 * WIDTH)
    taken = -sum(np.trace(bath_rate(*bath[:3], rho) @ power).real for bath in BATHS)
    assert gained == pytest.approx(float(taken), abs=1e-6)


def test_a_squeezed_vacuum_in_a_warm_bath(agrees: Any) -> None:
    def answer(damping: float, occupation: float, squeezing: float, time: float) -> Mapping[str, Any]:
        device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", damping, occupation)], "a", "a")
        return ly.energetics(device, [time], initial=ly.states.squeezed(squeezing)).isel(time=0)

    agrees("M25", answer)
