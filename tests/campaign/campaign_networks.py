"""Devices of extreme magnitudes, warnings being errors: 0 <= ergotropy <= energy, or one short line."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import leyden as ly

# Decades above and below 1 over which the rates of one device are spread.
SPREADS = (1, 3, 6, 12, 40, 150, 307)
# Ergotropy and energy are rounded each for itself.
ROUNDING = 1e-12


def network(random: np.random.Generator, modes: int, spread: float) -> ly.Network:
    """One to three modes with whatever elements chance brings; nothing says that the device is stable."""

    def rate() -> float:
        return float(10 ** random.uniform(-spread, spread)) if random.random() < 0.9 else 0.0

    def some(share: float) -> bool:
        return bool(random.random() < share)

    names = [f"m{place}" for place in range(modes)]
    elements: list[Any] = []
    for name in names:
        if some(0.95):
            elements.append(ly.LocalBath(name, rate(), rate() if some(0.3) else 0.0))
        if some(0.6):
            elements.append(ly.TwoPhotonDrive(name, rate(), random.uniform(0, 7)))
        if some(0.3):
            elements.append(ly.OnePhotonDrive(name, rate(), random.uniform(0, 7)))
    for first, second in pairwise(names):
        if some(0.6):
            elements.append(ly.CoherentCoupling(first, second, rate() * np.exp(1j * random.uniform(0, 7))))
        if some(0.6):
            weights = {first: rate(), second: rate() * np.exp(1j * random.uniform(0, 7))}
            if any(weights.values()):
                elements.append(ly.SharedBath(weights, rate(), rate() if some(0.3) else 0.0))
    boxes = [ly.Mode(name, rate() or 1.0, rate() * random.choice([-1, 1]) if some(0.5) else 0.0) for name in names]
    return ly.Network(boxes, elements, charger=names[0], battery=names[-1])


def refuse_nonsense(found: Any, case: object) -> None:
    """Energies and ergotropies are finite; passive energy, the difference, may be lost in rounding and then is NaN."""
    energy, ergotropy = found.stored_energy.values, found.ergotropy.values
    assert np.isfinite(energy).all(), f"{case}\nstores {energy}"
    assert np.isfinite(ergotropy).all(), f"{case}\nhas ergotropy {ergotropy}"
    assert np.isfinite(found.charger_energy.values).all(), f"{case}\nhas a charger of {found.charger_energy.values}"
    assert (ergotropy >= 0).all(), f"{case}\nhas ergotropy {ergotropy.min()}"
    assert (ergotropy <= energy * (1 + ROUNDING)).all(), f"{case}\nhas ergotropy {ergotropy} above energy {energy}"


def steady(device: ly.Network) -> Any:
    return ly.steady_state(device)


def charged(device: ly.Network) -> Any:
    rates = [abs(value) for element in device.elements for value in element.parameters().values() if value]
    scale = float(np.exp(np.mean(np.log(rates)))) if rates else 1.0
    return ly.charge(device, np.linspace(0.0, min(3 / scale, 1e300), 7))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("measure", [steady, charged])
@pytest.mark.parametrize("spread", SPREADS)
def test_energies(judge: Any, random: np.random.Generator, size: int, spread: int, measure: Callable[..., Any]) -> None:
    for number in range(max(40, size // 200)):
        device = network(random, 1 + number % 3, spread)
        found = judge.answer(lambda device=device: measure(device), device)
        if found is not None:
            refuse_nonsense(found, device)


@pytest.mark.parametrize("spread", SPREADS)
def test_one_verdict_on_stability(judge: Any, random: np.random.Generator, size: int, spread: int) -> None:
    """Where `stability` says yes there is a steady state, and where it says no there is none."""
    for number in range(max(40, size // 400)):
        device = network(random, 1 + number % 3, spread)
        verdict = judge.answer(lambda device=device: ly.stability(device), device)
        found = judge.answer(lambda device=device: ly.steady_state(device), device)
        if verdict is not None and found is not None:
            assert bool(verdict.is_stable), f"{device}\nhas a steady state, but is called unstable"


@pytest.mark.parametrize("spread", SPREADS)
def test_critical_drives(judge: Any, random: np.random.Generator, size: int, spread: int) -> None:
    for number in range(max(40, size // 400)):
        device = network(random, 1 + number % 3, spread)
        driven = [element.mode for element in device.elements if isinstance(element, ly.TwoPhotonDrive)]
        if driven:
            found = judge.answer(lambda device=device, mode=driven[0]: ly.critical_drive(device, mode), device)
            assert found is None or found >= 0, f"{device}\nhas the threshold {found}"


def anharmonic(random: np.random.Generator, modes: int, spread: float) -> ly.Network:
    """A random device with one or two elements under which moments do not close, and perhaps a few levels alone."""
    device = network(random, modes, spread)
    names = list(device.mode_names)

    def rate() -> float:
        return float(10 ** random.uniform(-spread, spread)) if random.random() < 0.9 else 0.0

    elements: list[Any] = list(device.elements)
    for _ in range(int(random.integers(1, 3))):
        first, second = (str(name) for name in random.permutation([*names, *names])[:2])
        kinds = [ly.Kerr(first, -rate()), ly.TwoPhotonLoss(first, rate()), ly.Dephasing(first, rate())]
        if first != second:
            kinds += [ly.CrossKerr(first, second, rate()), ly.RadiationPressure(first, second, rate())]
            kinds += [ly.ThreeWaveMixing(first, second, rate())]
        elements.append(kinds[int(random.integers(len(kinds)))])
    # Two modes that fill 800 dimensions take half a minute, and minutes in time: of two, each has a few levels alone.
    few = np.full(modes, True) if modes > 1 else random.random(modes) < 0.5
    boxes = [
        ly.Mode(mode.name, mode.frequency, mode.detuning, levels=int(random.integers(2, 9)) if some else None)
        for mode, some in zip(device.modes, few, strict=True)
    ]
    return ly.Network(boxes, elements, charger=names[0], battery=names[-1])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("measure", [steady, charged, ly.stability], ids=["steady", "charged", "stability"])
@pytest.mark.parametrize("spread", [0.5, *SPREADS])
def test_beyond_the_gaussian(
    judge: Any, random: np.random.Generator, size: int, spread: float, measure: Callable[..., Any]
) -> None:
    """Whatever method suits: numbers that are energies, or one line that says why there are none."""
    for number in range(max(30, size // 2000)):
        device = anharmonic(random, 1 + number % 2, spread)
        found = judge.answer(lambda device=device: announced(measure, device), device)
        if found is not None and "stored_energy" in found:
            energy = found.stored_energy.values
            assert np.isfinite(energy).all(), f"{device}\nstores {energy}"
            assert (energy >= -1e-6 * (1 + energy.max())).all(), f"{device}\nstores {energy.min()}"


def announced(measure: Callable[..., Any], device: ly.Network) -> Any:
    """A run that says that it takes minutes has said enough."""
    try:
        return measure(device)
    except UserWarning as warning:
        if "takes minutes" not in str(warning):
            raise
        raise ly.LeydenError("It takes minutes.") from warning
