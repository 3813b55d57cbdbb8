"""Energies that are rounding: held to 300 digits, missing in a batch, refused of one device; and nothing else is."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

import leyden as ly
from leyden.dense import lost

NAMES = ("charger_energy", "stored_energy")


def exact_quanta(device: ly.Network, times: np.ndarray) -> list[list[Any]]:
    """Quanta of each mode at equidistant times from 0, by a Taylor series and doublings in 300 digits."""
    equations = ly.moment_equations(device)
    size = 2 * len(device.modes)
    with mpmath.workdps(300):
        # From the parts, so that a drive is not rounded away next to a rate.
        drift, source, forcing = mpmath.zeros(size), mpmath.zeros(size), mpmath.matrix(equations.forcing.tolist())
        for whole, parts in ((drift, equations.drift_parts), (source, equations.source_parts)):
            for i, j in np.ndindex(size // 2, size // 2):
                a, b, c, d = (mpmath.mpf(float(part)) for part in parts[:, i, j])
                whole[2 * i, 2 * j], whole[2 * i, 2 * j + 1] = a + c, d - b
                whole[2 * i + 1, 2 * j], whole[2 * i + 1, 2 * j + 1] = b + d, a - c
        width = mpmath.mpf(float(times[-1])) / (len(times) - 1)
        halvings = max(0, int(mpmath.ceil(mpmath.log(mpmath.mnorm(drift, 1) * width * 8 + 1, 2))))
        short = width / mpmath.mpf(2) ** halvings
        step, added = mpmath.zeros(size + 1), mpmath.zeros(size + 1)
        step[:size, :size], step[:size, size] = drift * short, forcing * short
        added[:size, :size] = source * short
        propagator = term = mpmath.eye(size + 1)
        total = mpmath.zeros(size + 1)
        for order in range(1, 200):
            term, total = term * step / order, total + added
            propagator = propagator + term
            half = added * step.T
            added = (half + half.T) / (order + 1)
        for _ in range(halvings):
            total, propagator = total + propagator * total * propagator.T, propagator * propagator
        state, mean, found = mpmath.zeros(size + 1), mpmath.zeros(size + 1, 1), []
        mean[size] = 1
        for _ in times:
            pairs = [(x, x + 1) for x in range(0, size, 2)]
            found.append([sum(state[k, k] + mean[k] ** 2 for k in pair) / 2 for pair in pairs])
            state, mean = propagator * state * propagator.T + total, propagator * mean
        return found


def beside_a_hot_one(weight: float = 5.4e-23) -> ly.Network:
    """A mode that a bath feeds 1e-35 of what its hot neighbour holds: half of its quanta came out of rounding."""
    elements = [
        ly.LocalBath("a", 7.1e38),
        ly.TwoPhotonDrive("a", 2.3631792e8, 1.761),
        ly.LocalBath("b", 5.366756e-11),
        ly.TwoPhotonDrive("b", 3.5357809e8, 1.765),
        ly.SharedBath({"a": 1262952.2493812952, "b": weight * (1 + 1j)}, 9.870460836e34, 9.9505897e36),
    ]
    return ly.Network([ly.Mode("a"), ly.Mode("b", detuning=-5.76e-22)], elements, charger="a", battery="b")


TIMES = np.linspace(0.0, 1.4e-9, 7)


def assert_right_or_missing(found: Any, exact: list[list[Any]], share: float = 0.3) -> int:
    """Energies are right to a share of themselves, or missing; how many are missing."""
    missing = 0
    for mode, name in enumerate(NAMES):
        for energy, quanta in zip(found[name].values[1:], exact[1:], strict=True):
            missing += int(np.isnan(energy))
            assert np.isnan(energy) or abs(energy - float(quanta[mode])) <= share * float(quanta[mode]), name
    return missing


def test_a_positive_energy_may_be_rounding(refuses) -> None:
    """In a batch it is missing where it is wrong, and its hot neighbour is not; one device is refused."""
    found = ly.charge(beside_a_hot_one(np.asarray([5.4e-23, 5.4e-23])), TIMES)
    for member in range(2):
        assert_right_or_missing(found.isel(batch=member), exact_quanta(beside_a_hot_one(), TIMES))
    assert np.isfinite(found.charger_energy).all()
    if np.isnan(found.stored_energy).any():  # how it rounds is for the machine to say
        assert (np.isnan(found.ergotropy) == np.isnan(found.stored_energy)).all()
        refuses("times", lambda: ly.charge(beside_a_hot_one(), TIMES), "rounding of larger moments is all that is left")


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_right(seed: int) -> None:
    """Pairs with rates over twenty decades, held to 300 digits: these all are, and none is missing."""
    random = np.random.default_rng(seed)
    a, b, coupling, drive, other = 10.0 ** random.uniform(-10, 10, 5)
    phase = np.exp(2j * np.pi * random.random())
    elements = [ly.LocalBath("a", a), ly.LocalBath("b", b), ly.TwoPhotonDrive("a", min(drive, a / 8))]
    elements += [ly.CoherentCoupling("a", "b", coupling * phase), ly.OnePhotonDrive("b", other)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    times = np.linspace(0.0, 3 / np.sqrt(a * b), 5)
    twice = device.replace(**{"LocalBath(a).rate": np.asarray([a, a])})
    assert assert_right_or_missing(ly.charge(twice, times).isel(batch=0), exact_quanta(device, times), 1e-3) == 0


def test_weak_energies_beside_unlike_rates_are_no_rounding() -> None:
    """Rates over 40 decades and a drive of 1e-46: all digits are there, and none is missing."""
    elements = [
        ly.LocalBath("a", 1e20),
        ly.LocalBath("b", 1e-20),
        ly.CoherentCoupling("a", "b", 1.0),
        ly.TwoPhotonDrive("a", 1e-46, 0.3),
    ]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    times = np.linspace(0.0, 1e20, 7)
    found = ly.charge(device, times)
    assert assert_right_or_missing(found, exact_quanta(device, times), 1e-11) == 0
    assert 0 < found.stored_energy[-1] < 1e-90


@pytest.mark.parametrize("times", [np.linspace(0, 2 * np.pi, 9), np.asarray([0.0, np.pi, 2 * np.pi]), [np.pi / 2]])
def test_a_zero_of_a_curve_is_no_loss(times: np.ndarray) -> None:
    """Of two modes that swap their quanta and hardly decay one is empty, up to rounding, at times: no harm."""
    elements = [ly.LocalBath("a", 1e-14), ly.LocalBath("b", 1e-14), ly.CoherentCoupling("a", "b", 1.0)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    start = ly.states.product(ly.states.coherent(1e6), ly.states.vacuum(1))
    found = ly.charge(device, times, initial=start)
    np.testing.assert_allclose(found.stored_energy, 1e12 * np.sin(np.asarray(times)) ** 2, rtol=1e-12, atol=1e-3)


def test_devices_of_like_rates_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """However weak their drives are: one of a batch is computed again where its own rates are unlike."""
    asked: list[tuple[int, ...]] = []

    def again(equations: Any, initial: Any, quanta: Any, times: Any) -> Any:
        asked.append(quanta.shape)
        return np.zeros(quanta.shape, dtype=bool)

    monkeypatch.setattr(lost, "_differ", again)
    for drive in (0.1, 1e-46, np.asarray([0.1, 1e-46])):
        ly.charge(ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1), [0, 1, 2])
    assert not asked
    rates = np.asarray([[0.1, 1e-30], [1e30, 0.1]])
    ly.charge(ly.catalog.reciprocal_battery(drive=0.1, charger_damping=rates, battery_damping=1, coupling=1), [1e-31])
    assert asked == [(2, 2, 1)]


@pytest.mark.parametrize("scale", np.linspace(0.1, 2.0, 12).tolist())
def test_a_phase_that_is_known_to_a_thousandth_is_no_loss(scale: float) -> None:
    """Far detuned quanta, (2 eps/Delta)^2 sin^2(Delta t), come near zero: other steps turn by 1e-16 of Delta t more."""
    far = ly.Network(
        [ly.Mode("a"), ly.Mode("b"), ly.Mode("c", detuning=-2.4e11 * scale)],
        [ly.LocalBath("a", 0.8), ly.LocalBath("b", 3e8), ly.TwoPhotonDrive("c", 5.5e-8, 6.4)],
        charger="a",
        battery="c",
    )
    found = ly.charge(far, np.linspace(0, 11.504, 25))
    assert float(found.stored_energy.max()) == pytest.approx((2 * 5.5e-8 / (2.4e11 * scale)) ** 2, rel=0.1)
