"""The scale as a whole: devices built with units, and what the number 1 is."""

from __future__ import annotations

from math import pi

import pint
import pytest
import scipy.constants

import leyden as ly

LAB = ly.units.Lab("1 MHz", frequency_unit="5 GHz")


def test_a_device_in_lab_units_is_the_one_in_numbers() -> None:
    built = LAB.build(
        ly.catalog.two_photon_battery,
        drive="100 kHz",
        charger_damping=pint.Quantity(100, "kHz"),
        battery_damping=0.1,
        shared_rate="6.283185307179586 rad/us",
        phase="0 deg",
        occupation="50 mK",
    )
    numbers = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}
    assert built == ly.catalog.two_photon_battery(**numbers, occupation=ly.units.occupation("50 mK", "5 GHz"))


def test_what_the_number_one_is() -> None:
    assert LAB.unit("rate") == pint.Quantity(2 * pi * 1e6, "rad/s")
    assert LAB.unit("time").to("s").magnitude == pytest.approx(1 / (2 * pi * 1e6), rel=1e-15)
    quantum = scipy.constants.h * 5e9
    assert LAB.unit("energy").to("J").magnitude == pytest.approx(quantum, rel=1e-15)
    assert LAB.unit("power").to("W").magnitude == pytest.approx(quantum * 2 * pi * 1e6, rel=1e-15)
    assert LAB.unit("frequency").to("rad/s").magnitude == pytest.approx(2 * pi * 5e9, rel=1e-15)


def test_a_word_that_is_none(refuses) -> None:
    refuses("of", lambda: LAB.unit("length"), "be one of rate, frequency, time, energy, power")


def test_the_steady_state_of_the_paper_in_joules() -> None:
    """0.9375 quanta by hand, see README."""
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    found = LAB.convert(ly.steady_state(device))
    assert float(found.stored_energy) == pytest.approx(0.9375 * scipy.constants.h * 5e9, rel=1e-12)
