"""Stability: the spectrum and Lyapunov's theorem say the same, undamped modes are not stable."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

import leyden as ly
from leyden.algebra import solve_lyapunov
from leyden.drift import is_decaying, is_stable, spectral_abscissa, stability_of


def judged(network: ly.Network) -> np.ndarray:
    equations = ly.moment_equations(network)
    size = equations.drift.shape[-1]
    with np.errstate(all="ignore"):
        covariance = solve_lyapunov(equations.drift, equations.source) + np.eye(size) / 2
        return is_stable(equations, covariance)


def test_abscissa_is_the_largest_real_part() -> None:
    spectrum = np.array([[-1 + 5j, -2.0], [0.5 - 1j, -3.0]])
    assert spectral_abscissa(spectrum).tolist() == [-1.0, 0.5]


@pytest.mark.parametrize(
    ("rate", "verdict"), [(1.0, True), (1e-12, True), (1e-30, True), (0.0, False), (-1e-30, False), (-1e-3, False)]
)
@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_rounding_is_that_of_each_entry(rate: float, verdict: bool, scale: float) -> None:
    """A detuned mode turns at a rate of one; its damping is an entry of its own, and known to all its digits."""
    drift = scale * np.array([[-rate, 1.0], [-1.0, -rate]])
    found = stability_of(drift, 1e-15 * np.abs(drift))
    assert bool(found.is_stable) is verdict
    assert float(found.abscissa) == -rate * scale
    assert float(found.error) <= 2e-15 * abs(rate) * scale


@pytest.mark.parametrize("seed", range(3))
def test_the_theorem_agrees_with_the_spectrum(seed: int) -> None:
    """Two thousand devices on both sides of threshold, at distances from 1e-14 to 1, detuned, with back-action."""
    rng = np.random.default_rng(seed)
    count = 2000
    parameters = {
        "charger_damping": 10 ** rng.uniform(-3, 1, count),
        "battery_damping": 10 ** rng.uniform(-3, 1, count),
        "detuning": rng.normal(size=count),
        "occupation": rng.choice([0.0, 1.0], count),
    }
    total = parameters["charger_damping"] + 0.5
    threshold = np.hypot(total / 2, parameters["detuning"]) / 2
    off = 10 ** rng.uniform(-14, 0, count) * rng.choice([-1, 1], count)
    for coupling in ("nonreciprocal", 0.3 - 0.2j):
        network = ly.catalog.two_photon_battery(drive=threshold * (1 + off) * 0.99, coupling=coupling, **parameters)
        equations = ly.moment_equations(network)
        np.testing.assert_array_equal(judged(network), is_decaying(equations))
        found = stability_of(equations.drift, equations.drift_rounding)
        np.testing.assert_array_equal(judged(network), found.is_stable)
    network = ly.catalog.two_photon_battery(drive=threshold * (1 + off), **parameters)
    clear = np.abs(off) > 1e-12
    np.testing.assert_array_equal(judged(network)[clear], (off < 0)[clear])


@pytest.mark.parametrize(
    ("elements", "verdict"),
    [
        ([], False),
        ([ly.LocalBath("a", 1.0)], False),
        ([ly.LocalBath("a", 1.0), ly.CoherentCoupling("a", "b", 0.1)], True),
        ([ly.SharedBath({"a": 1.0, "b": 1.0}, 1.0)], False),
        ([ly.SharedBath({"a": 1.0, "b": 1.0}, 1.0), ly.CoherentCoupling("a", "b", -0.5j)], True),
        ([ly.SharedBath({"a": 1.0, "b": 1.0}, 1.0), ly.CoherentCoupling("a", "b", 0.5)], False),
        ([ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0), ly.TwoPhotonDrive("a", 0.25)], False),
        ([ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0), ly.TwoPhotonDrive("a", 0.2499999)], True),
    ],
    ids=str,
)
def test_dark_and_marginal_modes(elements: list, verdict: bool) -> None:
    """Singular diffusion or a mode without decay: the theorem is silent, the spectrum decides."""
    network = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    assert bool(judged(network)) is verdict
    assert bool(ly.stability(network).is_stable) is verdict
    assert bool(ly.charge(network, [0.0, 1.0]).is_stable) is verdict


def test_a_detuned_mode_breaks_darkness() -> None:
    """A shared bath damps a - b only if something mixes it with a + b."""
    bath = ly.SharedBath({"a": 1.0, "b": 1.0}, 1.0)
    for detuning, verdict in ((0.0, False), (0.1, True)):
        modes = [ly.Mode("a", detuning=detuning), ly.Mode("b", detuning=-detuning)]
        assert bool(judged(ly.Network(modes, [bath], charger="a", battery="b"))) is verdict


def test_batches_of_all_kinds() -> None:
    """Shape (3, 2): drift and diffusion with different batches, clear and unclear members side by side."""
    network = ly.catalog.two_photon_battery(
        drive=np.array([[0.1], [0.2], [0.0]]), charger_damping=0.0, battery_damping=np.array([0.0, 0.2])
    )
    assert judged(network).tolist() == [[True, True], [False, False], [True, True]]


def test_traced_devices_are_judged_as_others_are() -> None:
    def verdict(drives: Any) -> Any:
        return judged(ly.catalog.two_photon_battery(drive=drives, charger_damping=0.1, battery_damping=0.1))

    with jax.enable_x64(True):
        found = jax.jit(verdict)(np.array([0.05, 0.1, 0.149, 0.151, 0.3]))
    assert found.tolist() == [True, True, True, False, False]


def test_axes_of_a_coherent_drive_alone_are_judged_with_the_others() -> None:
    # The undamped row is not clear to Lyapunov's theorem, and the drive's axis is one of the forcing only.
    drive, damping = np.array([0.0, 0.1, 0.2]), np.array([0.0, 0.3])
    rates = {"battery_damping": 0.1, "cavity_damping": 4.0, "cavity_coupling": 1.0}
    whole = ly.catalog.bad_cavity_battery(drive=drive[None, :], charger_damping=damping[:, None], **rates)
    found = ly.steady_state(whole)
    for row, own in enumerate(damping):
        for column, height in enumerate(drive):
            alone = ly.steady_state(ly.catalog.bad_cavity_battery(drive=height, charger_damping=own, **rates))
            assert bool(found.is_stable[row, column])
            np.testing.assert_allclose(found.stored_energy[row, column], alone.stored_energy, rtol=1e-12, atol=1e-15)
