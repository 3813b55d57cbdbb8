"""Platforms: values that build devices, in the ranges that their field knows."""

from __future__ import annotations

import pytest

import leyden as ly

NAMES = ["superconducting", "optoelectromechanical", "magnonic"]


def test_three_platforms() -> None:
    assert list(ly.units.platforms) == NAMES
    with pytest.raises(TypeError):
        ly.units.platforms["another"] = None  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_a_platform_starts_a_device(name: str) -> None:
    platform = ly.units.platforms[name]
    lab = platform.lab
    assert platform.name == name
    assert platform.sources
    assert lab.rate(platform.coupling) == 1.0
    assert lab.frequency(platform.battery_frequency) == 1.0
    # Resonances are narrower than their frequencies, and the coupling matters beside the charger's damping.
    for mode in ("charger", "battery"):
        damping, frequency = getattr(platform, f"{mode}_damping"), getattr(platform, f"{mode}_frequency")
        assert lab.rate(damping) < 1e-3 * lab.rate(frequency)
    baths = [
        lab.build(
            ly.LocalBath,
            mode,
            rate=getattr(platform, f"{mode}_damping"),
            occupation=lab.occupation(platform.temperature, getattr(platform, f"{mode}_frequency")),
        )
        for mode in ("charger", "battery")
    ]
    modes = [
        lab.build(ly.Mode, mode, frequency=getattr(platform, f"{mode}_frequency")) for mode in ("charger", "battery")
    ]
    elements = [*baths, ly.CoherentCoupling("charger", "battery", 1.0), ly.OnePhotonDrive("charger", 0.1)]
    steady = lab.convert(ly.steady_state(ly.Network(modes, elements, "charger", "battery")))
    assert 0 < float(steady.ergotropy) <= float(steady.stored_energy) < 1e-15
    assert steady.stored_energy.units == "J"
