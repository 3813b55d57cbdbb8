"""Lab units in: a scale, and what numbers it makes."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
import pint
import pytest
import scipy.constants

import leyden as ly

LAB = ly.units.Lab("1 MHz", frequency_unit="5 GHz")


def test_rates_are_exact_where_both_are_cycles() -> None:
    assert (LAB.rate("5 kHz"), LAB.rate("0.3 MHz"), LAB.frequency("6 GHz")) == (0.005, 0.3, 1.2)


def test_a_time_counts_radians_of_the_rate_unit() -> None:
    """After 1/kappa = 1/(2 pi 1 MHz) energy has fallen to 1/e: that is the number 1."""
    assert LAB.time("1 us") == pytest.approx(2 * pi, rel=1e-15)
    assert LAB.time(np.array([0.0, 1.0]), "us") == pytest.approx([0.0, 2 * pi], rel=1e-15)
    assert ly.units.Lab("1 rad/us").time("1 us") == pytest.approx(1.0, rel=1e-15)
    assert ly.units.Lab("1 1/us").time("1 us") == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize("unit", ["1 MHz", "6.283185307179586 rad/us", "6.283185307179586e6 1/s"])
def test_a_decay_in_the_laboratory_is_one_curve_whatever_the_rate_unit(unit: str) -> None:
    """A linewidth kappa/2pi = 100 kHz empties a mode as exp(-2 pi 1e5 t): by hand, whatever the scale."""
    lab = ly.units.Lab(unit, frequency_unit="5 GHz")
    elements = [lab.build(ly.LocalBath, "m", rate="100 kHz")]
    device = ly.Network([ly.Mode("m")], elements, "m", "m")
    run = ly.charge(device, lab.time([0.0, 2.0], "us"), initial=ly.states.coherent(1.0))
    assert float(run.stored_energy[-1]) == pytest.approx(np.exp(-2 * pi * 1e5 * 2e-6), rel=1e-13)


def test_energies_and_powers_come_back() -> None:
    assert LAB.energy(LAB.unit("energy")) == pytest.approx(1.0, rel=1e-15)
    assert LAB.power(LAB.unit("power")) == pytest.approx(1.0, rel=1e-15)
    assert LAB.energy(scipy.constants.h * 5e9, "J") == pytest.approx(1.0, rel=1e-15)
    assert LAB.power("1 aW") == pytest.approx(1e-18 / (scipy.constants.h * 5e9 * 2 * pi * 1e6), rel=1e-14)
    assert LAB.angle("90 deg") == pytest.approx(pi / 2, rel=1e-15)


def test_without_a_frequency_unit_frequencies_have_the_rate_unit() -> None:
    lab = ly.units.Lab("1 MHz")
    assert lab.frequency("5 GHz") == 5000.0
    assert lab.energy(scipy.constants.h * 1e6, "J") == pytest.approx(1.0, rel=1e-15)


def test_a_temperature_is_that_of_a_mode(refuses) -> None:
    assert LAB.occupation("50 mK") == ly.units.occupation("50 mK", "5 GHz")
    assert LAB.occupation("50 mK", "6 GHz") == ly.units.occupation("50 mK", "6 GHz")
    words = ("where a temperature is given", "`frequency_unit`")
    refuses("frequency", lambda: ly.units.Lab("1 MHz").occupation("50 mK"), *words)


@pytest.mark.parametrize("power", ["1 fW", "-120 dBm"])
def test_the_drive_that_a_power_makes(power: str) -> None:
    """Through one port, on resonance: 4 P/(hbar omega kappa) quanta in the steady state."""
    watts, kappa, omega = 1e-15, 2 * pi * 1e5, 2 * pi * 5e9
    amplitude = LAB.drive_amplitude(power, "100 kHz")
    assert amplitude == pytest.approx(sqrt(kappa * watts / (scipy.constants.hbar * omega)) / (2 * pi * 1e6), rel=1e-13)
    elements = [ly.OnePhotonDrive("m", amplitude), lab_bath()]
    steady = ly.steady_state(ly.Network([ly.Mode("m")], elements, "m", "m"))
    assert float(steady.stored_energy) == pytest.approx(4 * watts / (scipy.constants.hbar * omega * kappa), rel=1e-12)


def lab_bath() -> ly.LocalBath:
    return LAB.build(ly.LocalBath, "m", rate="100 kHz")


def test_the_drive_of_a_power_needs_a_frequency(refuses) -> None:
    refuses("frequency", lambda: ly.units.Lab("1 MHz").drive_amplitude("1 fW", "100 kHz"), "where a power is given")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("0 MHz",), "rate_unit"),
        (("-1 MHz",), "rate_unit"),
        (("1e999 MHz",), "rate_unit"),
        ((1.0,), "rate_unit"),
        ((None,), "rate_unit"),
        (("MHz",), "rate_unit"),
        ((pint.Quantity(np.array([1.0, 2.0]), "MHz"),), "rate_unit"),
        ((pint.Quantity(1j, "MHz"),), "rate_unit"),
        (("1 us",), "rate_unit"),
        (("1 MHz", "5e9 1/s"), "frequency_unit"),
        (("1 MHz", 5.0), "frequency_unit"),
    ],
)
def test_scales_that_are_none(refuses, arguments: tuple[Any, ...], name: str) -> None:
    refuses(name, lambda: ly.units.Lab(*arguments))


def test_a_scale_is_a_record_of_texts() -> None:
    """Equal scales are equal, and their texts are what files and attributes hold."""
    lab = ly.units.Lab(pint.Quantity(1.0, "MHz"), pint.Quantity(5.0, "GHz"))
    assert (lab.rate_unit, lab.frequency_unit) == ("1.0 MHz", "5.0 GHz")
    assert ly.units.Lab(" 1  MHz", "5 GHz") == LAB
    assert hash(ly.units.Lab(" 1  MHz", "5 GHz")) == hash(LAB)
