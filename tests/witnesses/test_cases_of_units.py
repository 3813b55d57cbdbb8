"""Numbers in lab units, from cases.json."""

from __future__ import annotations

from typing import Any

import leyden as ly


def answer(frequency_Hz: float, temperature_K: float | None = None) -> dict[str, Any]:
    """M31: a thermal occupation, and the joules of 0.9375 quanta, by function and through a device that stores them."""
    frequency = f"{frequency_Hz!r} Hz"
    found: dict[str, Any] = {"energy_J": ly.units.energy(0.9375, frequency).to("J").magnitude}
    if temperature_K is not None:
        found["occupation"] = ly.units.occupation(f"{temperature_K!r} K", frequency)
    return found


def test_the_occupation_of_a_bath(agrees) -> None:
    agrees("M31", answer, ("occupation",))


def test_the_energy_of_quanta(agrees) -> None:
    agrees("M31", lambda frequency_Hz, **_: answer(frequency_Hz), ("energy_J",))


def test_the_energy_of_a_battery(agrees) -> None:
    """The paper's device at drive and damping 0.1 stores 0.9375 quanta."""

    def stored(frequency_Hz: float, **_: Any) -> dict[str, Any]:
        lab = ly.units.Lab("1 MHz", frequency_unit=f"{frequency_Hz!r} Hz")
        device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
        return {"energy_J": lab.convert(ly.steady_state(device)).stored_energy}

    agrees("M31", stored, ("energy_J",))
