"""Shared by all tests: one hypothesis profile, what a good refusal looks like, and a literal reference for moments."""

from __future__ import annotations

import itertools
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from scipy.integrate import solve_ivp

import leyden as ly
from leyden.errors import ParameterError

# Derandomised, so that a failure on one machine is a failure on all; nothing is timed, because runners are shared.
settings.register_profile(
    "leyden",
    max_examples=30,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("leyden")


def pytest_configure(config: pytest.Config) -> None:
    """Let interrupts reach what the tests start: a shell that runs us in the background has them ignored by all."""
    config.addinivalue_line("markers", "no_cover: not traced for coverage; known without pytest-cov, too.")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


# Random networks, and roads that other tests walk, too: traced for coverage they would take twice as long, and add
# nothing to it.
UNTRACED = {"house", "laws", "witnesses"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names of tests that change from run to run: the workers of a parallel run must find the same ones."""
    for item in items:
        if UNTRACED.intersection(item.path.relative_to(Path(__file__).parent).parts[:1]):
            item.add_marker("no_cover")
    moving = [item.nodeid for item in items if re.search(r" at 0x[0-9a-f]+", item.nodeid)]
    if moving:
        raise pytest.UsageError(f"the name of a test must not hold an address in memory: {moving[0]}")


Refuses = Callable[..., ParameterError]


@pytest.fixture
def refuses() -> Refuses:
    """A judge: the call raises a ParameterError that names the argument, in the one sentence form, on one line."""

    def judge(name: str, call: Callable[[], Any], *words: str) -> ParameterError:
        with pytest.raises(ParameterError) as caught:
            call()
        error = caught.value
        assert error.name == name
        # One sentence, then at most two more: the cause and the remedy.
        assert re.fullmatch(r"Argument `[^`]+` must .+, but is .+\.( [A-Z`].*[.?])?", str(error)), str(error)
        assert "\n" not in str(error)
        assert str(error).startswith(f"Argument `{name}` must ")
        for word in words:
            assert word in str(error)
        return error

    return judge


class AmplitudeEquations:
    """The literal reference: moments of the ladder operators, by hand from physics.md, with no quadrature in sight.

    With H = sum h_ij a_i^dag a_j + sum (f_i a_i^dag + s_ij a_i^dag a_j^dag/2 + h.c.), s symmetric, and jumps
    o = sum_j w_j a_j of rate kappa (1 + n), o^dag of rate kappa n, G_ij = sum kappa w_i* w_j,
    P_ij = sum kappa n w_i w_j* and K = -i h - G/2:

        d<a_i>/dt         = K_ij <a_j> - i s_ij <a_j>* - i f_i
        d<a_i^dag a_j>/dt = K_ik* N_kj + K_jk N_ik + i s_ik* M_kj - i s_jk M_ik* + i f_i* <a_j> - i f_j <a_i>* + P_ij
        d<a_i a_j>/dt     = K_ik M_kj + K_jk M_ik - i s_ik N_kj - i s_jk N_ki - i s_ij - i f_i <a_j> - i f_j <a_i>

    A squeezed bath has n cosh 2r + sinh^2 r in place of n, and adds B_ij = -sum kappa (n + 1/2) sinh 2r e^{i phi} w_i*
    w_j* to the last line.

    Elements of leyden are entered by their parameters, so that their words are judged, too; all others by their words.
    """

    def __init__(self, network: ly.Network) -> None:
        size = len(network.modes)
        self.size = size
        hamiltonian, damping, pump, self.squeeze, self.pairs = (np.zeros((size, size), dtype=complex) for _ in range(5))
        self.force = np.zeros(size, dtype=complex)
        for place, mode in enumerate(network.modes):
            hamiltonian[place, place] += mode.detuning
        for element in network.elements:
            at = [network.position(name) for name in element.modes]
            match element:
                case ly.CoherentCoupling():
                    hamiltonian[at[1], at[0]] += element.strength
                    hamiltonian[at[0], at[1]] += np.conj(element.strength)
                case ly.OnePhotonDrive():
                    self.force[at[0]] += element.amplitude * np.exp(-1j * element.phase)
                case ly.TwoPhotonDrive():
                    self.squeeze[at[0], at[0]] += 2 * element.amplitude * np.exp(-1j * element.phase)
                case ly.LocalBath() | ly.SharedBath():
                    weights = np.zeros(size, dtype=complex)
                    weights[at] = list(getattr(element, "weights", {"": 1.0}).values())
                    damping += element.rate * np.outer(weights.conj(), weights)
                    occupation, squeezing = element.occupation, element.squeezing
                    quanta = occupation * np.cosh(2 * squeezing) + np.sinh(squeezing) ** 2
                    pump += element.rate * quanta * np.outer(weights, weights.conj())
                    pairs = (occupation + 0.5) * np.sinh(2 * squeezing) * np.exp(1j * element.squeezing_phase)
                    self.pairs -= element.rate * pairs * np.outer(weights, weights).conj()
                case _:
                    self.enter_terms(network, element, hamiltonian)
                    self.enter_jumps(network, element, damping, pump)
        self.amplify, self.pump = -1j * hamiltonian - damping / 2, pump

    def enter_terms(self, network: ly.Network, element: Any, hamiltonian: Any) -> None:
        """c o or c o o', with its adjoint, of an element of any kind."""
        for term in element.hamiltonian():
            # Quadratic ones commute but for numbers: the creation operator goes first.
            words = sorted(term.operators, key=lambda operator: not operator.is_creation)
            at = [network.position(operator.mode) for operator in words]
            match [operator.is_creation for operator in words], term.coefficient:
                case [True], coefficient:
                    self.force[at[0]] += coefficient
                case [False], coefficient:
                    self.force[at[0]] += np.conj(coefficient)
                case [True, False], coefficient:
                    hamiltonian[at[0], at[1]] += coefficient
                    hamiltonian[at[1], at[0]] += np.conj(coefficient)
                case [is_creation, _], coefficient:
                    pair = coefficient if is_creation else np.conj(coefficient)
                    self.squeeze[at[0], at[1]] += pair
                    self.squeeze[at[1], at[0]] += pair

    def enter_jumps(self, network: ly.Network, element: Any, damping: Any, pump: Any) -> None:
        """Rates of losses, and of gains, of an element of any kind; not of jumps that are both."""
        for jump in (one for both in element.jumps() for one in both.directions()):
            weights = np.zeros(self.size, dtype=complex)
            weights[[network.position(operator.mode) for operator in jump.operators]] = jump.weights
            (is_gain,) = {operator.is_creation for operator in jump.operators}
            if is_gain:
                damping -= jump.rate * np.outer(weights, weights.conj())
                pump += jump.rate * np.outer(weights.conj(), weights)
            else:
                damping += jump.rate * np.outer(weights.conj(), weights)

    def rates(self, mean: Any, number: Any, pair: Any) -> tuple[Any, Any, Any]:
        """Time derivatives of <a_i>, <a_i^dag a_j> and <a_i a_j>."""
        force, squeeze, amplify = self.force, self.squeeze, self.amplify
        mean_rate = amplify @ mean - 1j * squeeze @ mean.conj() - 1j * force
        number_rate = amplify.conj() @ number + number @ amplify.T + self.pump
        number_rate = number_rate + 1j * squeeze.conj() @ pair - 1j * pair.conj() @ squeeze
        number_rate = number_rate + 1j * np.outer(force.conj(), mean) - 1j * np.outer(mean.conj(), force)
        pair_rate = amplify @ pair + pair @ amplify.T + self.pairs
        pair_rate = pair_rate - 1j * squeeze @ number - 1j * (squeeze @ number).T - 1j * squeeze
        pair_rate = pair_rate - 1j * np.outer(force, mean) - 1j * np.outer(mean, force)
        return mean_rate, number_rate, pair_rate

    @staticmethod
    def ladder_moments(mean: Any, excess: Any) -> tuple[Any, Any, Any]:
        """<a_i>, <a_i^dag a_j> and <a_i a_j> of a state, from a = (x + i p)/sqrt2."""
        amplitude = (mean[0::2] + 1j * mean[1::2]) / np.sqrt(2)
        xx, pp = excess[0::2, 0::2], excess[1::2, 1::2]
        xp, px = excess[0::2, 1::2], excess[1::2, 0::2]
        number = (xx + pp + 1j * (xp - px)) / 2 + np.outer(amplitude.conj(), amplitude)
        pair = (xx - pp + 1j * (xp + px)) / 2 + np.outer(amplitude, amplitude)
        return amplitude, number, pair

    def solve(self, initial: ly.GaussianState, times: Any) -> list[tuple[Any, Any, Any]]:
        """The moments at some times, by an explicit Runge-Kutta method of order 8."""
        size = self.size

        def pack(moments: tuple[Any, Any, Any]) -> Any:
            flat = np.concatenate([np.ravel(moment) for moment in moments])
            return np.concatenate([flat.real, flat.imag])

        def unpack(packed: Any) -> tuple[Any, Any, Any]:
            flat = packed[: len(packed) // 2] + 1j * packed[len(packed) // 2 :]
            number = flat[size : size + size**2].reshape(size, size)
            return flat[:size], number, flat[size + size**2 :].reshape(size, size)

        start = pack(self.ladder_moments(initial.mean, initial.excess))
        span = (0.0, float(times[-1]))
        found = solve_ivp(
            lambda _, packed: pack(self.rates(*unpack(packed))), span, start, "DOP853", times, rtol=1e-13, atol=1e-14
        )
        assert found.success
        return [unpack(packed) for packed in found.y.T]


@pytest.fixture
def amplitude_equations() -> type[AmplitudeEquations]:
    return AmplitudeEquations


@pytest.fixture
def random_network() -> Callable[..., ly.Network]:
    """Random devices of some modes with every kind of element; stable where every mode is damped enough."""

    def build(seed: int, modes: int = 3, *, stable: bool = True, warm: bool = True) -> ly.Network:
        rng = np.random.default_rng(seed)
        names = [f"m{place}" for place in range(modes)]
        occupation = (lambda: rng.uniform(0, 1)) if warm else (lambda: 0.0)
        elements: list[Any] = []
        for name in names:
            damping = rng.uniform(1.0, 2.0) if stable else rng.uniform(0.0, 0.2)
            elements.append(ly.LocalBath(name, damping, occupation()))
            elements.append(ly.TwoPhotonDrive(name, rng.uniform(0, 0.2), rng.uniform(0, 6)))
            elements.append(ly.OnePhotonDrive(name, rng.uniform(0, 1), rng.uniform(0, 6)))
        for first, second in itertools.combinations(names, 2):
            elements.append(ly.CoherentCoupling(first, second, complex(*rng.normal(size=2))))
        elements.append(ly.SharedBath({name: complex(*rng.normal(size=2)) for name in names}, 0.4, occupation()))
        boxes = [ly.Mode(name, rng.uniform(0.5, 2), rng.normal()) for name in names]
        return ly.Network(boxes, elements, charger=names[0], battery=names[-1])

    return build
