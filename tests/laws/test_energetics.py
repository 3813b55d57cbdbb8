"""The first and second law, on random networks of all elements: at all times, in every order of the modes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import leyden as ly
from leyden.conventions import symplectic_form

EVEN, UNEVEN = np.linspace(0.0, 3.0, 13), np.array([0.0, 0.013, 0.4, 1.1, 2.3, 3.0])
NAMES = "abcd"


def network(seed: int, *, pulsed: bool = False, thermal: bool = False, dephasing: bool = False) -> ly.Network:
    """One to four modes with every kind of element, warm and cold; stable or not."""
    rng = np.random.default_rng(seed)
    names = NAMES[: int(rng.integers(1, 5))]

    def some(size: float) -> float:
        return float(rng.uniform(-size, size))

    def number(size: float) -> Any:
        value = abs(some(size))
        return ly.pulse.gaussian(value, 1.2, 0.4) + 0.3 * value if pulsed and rng.random() < 0.5 else value

    def complex_number(size: float) -> Any:
        return complex(some(size), some(size)) * (number(1.0) if pulsed else 1.0)

    parts: list[Any] = []
    for mode in names:
        parts += [ly.LocalBath(mode, number(1.0), abs(some(2.0)))] if rng.random() < 0.8 else []
        parts += [ly.OnePhotonDrive(mode, number(1.0), some(3.0))] if rng.random() < 0.5 else []
        parts += [ly.TwoPhotonDrive(mode, number(0.3), some(3.0))] if rng.random() < 0.5 else []
        if not thermal:
            squeezed = ly.LocalBath(mode, number(0.5), abs(some(1.0)), squeezing=some(1.0), squeezing_phase=some(3.0))
            parts += [squeezed] if rng.random() < 0.3 else []
            parts += [ly.Gain(mode, number(0.3), abs(some(1.0)))] if rng.random() < 0.3 else []
        parts += [ly.Dephasing(mode, number(1.0))] if dephasing else []
    for first, second in pairwise(names):
        parts.append(ly.CoherentCoupling(first, second, complex_number(1.0)))
        parts += [ly.ParametricCoupling(first, second, complex_number(0.3))] if rng.random() < 0.4 else []
        parts += [ly.PositionCoupling(second, first, number(0.3))] if rng.random() < 0.4 else []
        weights = {first: complex(some(1.0), some(1.0)), second: complex(some(1.0), some(1.0))}
        squeezing = {} if thermal else {"squeezing": some(0.8), "squeezing_phase": some(3.0)}
        parts.append(ly.SharedBath(weights, number(0.8), abs(some(1.0)), **(squeezing if rng.random() < 0.4 else {})))
    modes = [ly.Mode(name, frequency=1.5 + some(1.0), detuning=some(1.0)) for name in names]
    return ly.Network(modes, parts, charger=names[0], battery=names[-1])


def start(device: ly.Network, seed: int) -> ly.GaussianState:
    """Displaced, squeezed and warm modes."""
    rng = np.random.default_rng(seed + 1)
    parts = [ly.states.squeezed(rng.uniform(0, 1), rng.uniform(-3, 3)) for _ in device.mode_names]
    state = ly.states.product(*parts)
    return ly.states.from_moments(rng.normal(size=2 * state.modes), state.covariance * (1 + rng.random()))


SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.booleans(), st.booleans(), st.sampled_from([EVEN, UNEVEN]))
def test_first_law(seed: int, pulsed: bool, dephasing: bool, times: np.ndarray) -> None:
    """d/dt of all energy, by the rates of the moments, is the sum of the lines: to 1e-12 of the largest flow then."""
    device = network(seed, pulsed=pulsed, dephasing=dephasing)
    found = ly.energetics(device, times, initial=start(device, seed))
    largest = np.abs(found.flow).max(["element", "mode"])
    assert (np.abs(found.first_law_residual) <= 1e-12 * largest).all()
    lines = found.heat.sum("bath") + found.bath_power.sum("bath") + found.drive_power + found.coupling_power
    assert (np.abs(found.flow.sum(["element", "mode"]) - lines) <= 1e-13 * largest).all()


@given(SEEDS)
def test_first_law_at_rest(seed: int) -> None:
    """What flows in flows out, to what the drift leaves of the digits of a steady state."""
    device = network(seed)
    stability = ly.stability(device)
    if not bool(stability.is_stable) or float(stability.spectral_abscissa) > -0.02:
        return
    found = ly.energetics(device)
    # |A|/r is below 1e3 here, and 1e-16 of it is lost of each moment.
    assert float(np.abs(found.first_law_residual)) <= 1e-12 * float(np.abs(found.flow).max())


@given(SEEDS, st.booleans(), st.booleans())
def test_second_law(seed: int, pulsed: bool, thermal: bool) -> None:
    """Neither entropy production is negative, whatever the baths."""
    device = network(seed, pulsed=pulsed, thermal=thermal)
    found = ly.energetics(device, EVEN, initial=start(device, seed))
    assert (found.entropy_production >= 0).all()
    assert (found.wigner_entropy_production >= 0).all()
    assert np.isfinite(found.wigner_entropy_production).all()
    assert (found.entropy >= 0).all()


@given(SEEDS)
def test_names_and_orders_of_modes_change_nothing(seed: int) -> None:
    device = network(seed)
    turned = ly.Network(device.modes[::-1], device.elements[::-1], device.charger, device.battery)
    begin = start(device, seed)
    one = ly.energetics(device, EVEN, initial=begin)
    two = ly.energetics(turned, EVEN, initial=begin.reduced(range(begin.modes)[::-1]))
    scale = float(np.abs(one.flow).max())
    for name in ("drive_power", "coupling_power"):
        np.testing.assert_allclose(two[name], one[name], rtol=0, atol=1e-12 * scale, err_msg=name)
    for name in ("entropy", "entropy_production", "wigner_entropy_production"):
        np.testing.assert_allclose(two[name], one[name], rtol=1e-9, atol=1e-11, err_msg=name)
    both = two.flow.sum("element").sel(mode=list(device.mode_names))
    np.testing.assert_allclose(both, one.flow.sum("element"), rtol=0, atol=1e-12 * scale)


def jumps(device: ly.Network) -> list[tuple[float, float, np.ndarray]]:
    """Rate, occupation and the vector of c = C r of every jump, by the words alone."""
    found = []
    for element in device.elements:
        for jump in element.jumps():
            cosh, sinh = np.cosh(jump.squeezing), np.sinh(jump.squeezing) * np.exp(1j * jump.squeezing_phase)
            vector = np.zeros(2 * len(device.mode_names), dtype=complex)
            for weight, operator in zip(jump.weights, jump.operators, strict=True):
                place = 2 * device.position(operator.mode)
                sign = -1j if operator.is_creation else 1j
                own = weight * np.array([1, sign]) / 2**0.5
                vector[place : place + 2] += cosh * own + sinh * np.conj(own)
            found.append((jump.rate, jump.occupation, vector))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_entropy_production_is_what_state_and_baths_gain(seed: int) -> None:
    """dS/dt by differences of sixth order, and ln(1 + 1/n) for each net jump, <c^dag c> against <c c^dag>.

    The Wigner one by matrices: the entropy ln det V/2, and 2 tr(K^T D^+ K V) with a numerical pseudo-inverse.
    """
    device, width, middle = network(seed), 1e-3, 0.7
    begin = start(device, seed)
    times = middle + width * np.arange(-3, 4)
    found = ly.energetics(device, times, initial=begin)
    state = ly.evolve(device, times, initial=begin)
    weights = np.array([-1, 9, -45, 0, 45, -9, 1]) / (60 * width)
    covariance, mean = state.covariance[3], state.mean[3]
    second, omega = covariance + np.outer(mean, mean), symplectic_form(len(mean) // 2)
    gained = wigner = flux = 0.0
    for rate, occupation, vector in jumps(device):
        both = np.real(vector.conj() @ second @ vector)
        half = np.real(vector.conj() @ (0.5j * omega) @ vector)
        gained += rate * ((1 + occupation) * (both + half) - occupation * (both - half)) * np.log1p(1 / occupation)
        drift = rate * omega @ np.imag(np.outer(vector.conj(), vector))
        diffusion = rate * (2 * occupation + 1) * omega @ np.real(np.outer(vector.conj(), vector)) @ omega.T
        current = drift + diffusion @ np.linalg.inv(covariance) / 2
        inverse = np.linalg.pinv(diffusion, rcond=1e-9)
        own = drift @ mean
        wigner += 2 * (np.trace(current.T @ inverse @ current @ covariance) + own @ inverse @ own)
        # What is produced and not gained leaves as a flux.
        flux += 2 * np.trace(drift.T @ inverse @ drift @ second) + np.trace(drift)
    # A difference of sixth order is off by (|A| h)^6, and by 1e-15 of an entropy over h.
    change = float(weights @ found.entropy.values)
    assert float(found.entropy_production[3]) == pytest.approx(change + gained, rel=1e-10, abs=1e-10)
    assert float(found.wigner_entropy_production[3]) == pytest.approx(wigner, rel=1e-8)
    change = float(weights @ np.linalg.slogdet(state.covariance)[1]) / 2
    assert float(found.wigner_entropy_production[3]) == pytest.approx(change + flux, rel=1e-8, abs=1e-10)
