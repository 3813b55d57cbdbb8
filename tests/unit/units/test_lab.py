"""The scale as a whole: devices built with units, and what the number 1 is."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import pint
import pytest
import scipy.constants
import xarray as xr

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
    plain = ly.catalog.two_photon_battery(**numbers, occupation=ly.units.occupation("50 mK", "5 GHz"))
    assert dict(built.parameters) == dict(plain.parameters)
    assert built == replace(plain, rate_unit="1 MHz", frequency_unit="5 GHz")
    assert built != plain


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


@pytest.mark.parametrize("frequency_unit", [None, "5 GHz"])
def test_a_device_and_all_of_its_results_carry_the_scale(refuses, frequency_unit: str | None) -> None:
    lab = ly.units.Lab("1 MHz", frequency_unit)
    rates = {"drive": "100 kHz", "charger_damping": "100 kHz", "battery_damping": "100 kHz"}
    device = lab.build(ly.catalog.two_photon_battery, **rates)
    swept = ly.sweep(device, {"TwoPhotonDrive(charger).amplitude": [0.05, 0.1]})
    results = [ly.charge(device, [0.0, 1.0]), ly.steady_state(device), ly.stability(device), swept]
    again = [ly.read_device(results[0]), device.replace(**{"TwoPhotonDrive(charger).amplitude": 0.05})]
    for thing in (device, *results, *again):
        assert ly.units.Lab.of(thing) == lab
    for result in results[:3]:
        told = {name: result.attrs.get(name) for name in ("rate_unit", "frequency_unit")}
        assert told == {"rate_unit": "1 MHz", "frequency_unit": frequency_unit}
    plain = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    for thing in (plain, ly.steady_state(plain), ly.steady_state(plain).ergotropy, 5.0, xr.Dataset()):
        refuses("thing", lambda thing=thing: ly.units.Lab.of(thing), "carry its rate unit")
    broken = xr.Dataset(attrs={"device_file": "no = toml ="})
    refuses("thing", lambda: ly.units.Lab.of(broken))


def test_a_device_too_large_for_a_text_carries_it() -> None:
    device = LAB.build(ly.catalog.cascade, 100, drive="20 kHz", damping="1 MHz", occupation=0.0)
    steady = ly.steady_state(device)
    assert ly.units.Lab.of(steady) == LAB
    del steady.attrs["rate_unit"]
    assert ly.units.Lab.of(steady) == LAB


def test_a_batch_carries_it_too() -> None:
    drive = xr.DataArray([50.0, 100.0], {"drive": [50.0, 100.0]}, ["drive"], attrs={"units": "kHz"})
    rates = {"charger_damping": "100 kHz", "battery_damping": "100 kHz"}
    device = LAB.build(ly.catalog.two_photon_battery, drive=LAB.rate(drive), **rates)
    steady = ly.steady_state(device)
    found = ly.units.Lab.of(steady).convert(steady)
    assert float(found.stored_energy.sel(drive=100.0)) == pytest.approx(0.9375 * scipy.constants.h * 5e9, rel=1e-12)
