"""Device files with units: the numbers that texts become, and what is refused where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import leyden as ly

TEXT = """
name = "lab"
rate_unit = "1 MHz"
frequency_unit = "5 GHz"
charger = "a"
battery = "b"

[[modes]]
name = "a"

[[modes]]
name = "b"
frequency = "10 GHz"
detuning = "-200 kHz"

[[elements]]
kind = "two_photon_drive"
mode = "a"
amplitude = "628318.5307179586 rad/s"
phase = "90 deg"

[[elements]]
kind = "local_bath"
mode = "b"
rate = "0.1 MHz"
occupation = "50 mK"

[[elements]]
kind = "local_bath"
mode = "a"
rate = 0.2
occupation = "50 mK"

[[elements]]
kind = "coherent_coupling"
first = "a"
second = "b"
strength = { re = "0 kHz", im = "-250 kHz" }
"""


def read(text: str) -> Any:
    return ly.read_device(text)


def test_texts_become_numbers() -> None:
    device = read(TEXT)
    numbers = dict(device.parameters)
    assert numbers["Mode(a).frequency"] == 1.0
    assert numbers["Mode(b).frequency"] == 2.0
    assert numbers["Mode(b).detuning"] == -0.2
    assert numbers["TwoPhotonDrive(a).amplitude"] == pytest.approx(0.1, rel=1e-15)
    assert numbers["TwoPhotonDrive(a).phase"] == pytest.approx(1.5707963267948966, rel=1e-15)
    assert numbers["LocalBath(b).rate"] == 0.1
    assert numbers["CoherentCoupling(a, b).strength"] == -0.25j
    assert ly.units.Lab.of(device) == ly.units.Lab("1 MHz", "5 GHz")


def test_a_temperature_is_that_of_the_modes_own_frequency() -> None:
    numbers = dict(read(TEXT).parameters)
    assert numbers["LocalBath(b).occupation"] == pytest.approx(ly.units.occupation("50 mK", "10 GHz"), rel=1e-14)
    assert numbers["LocalBath(a).occupation"] == pytest.approx(ly.units.occupation("50 mK", "5 GHz"), rel=1e-14)
    without = TEXT.replace('frequency_unit = "5 GHz"\n', "").replace(
        'name = "a"\n', 'name = "a"\nfrequency = 5000\n', 1
    )
    found = dict(read(without).parameters)
    assert found["Mode(b).frequency"] == 10000.0
    assert found["LocalBath(a).occupation"] == pytest.approx(numbers["LocalBath(a).occupation"], rel=1e-14)


def test_what_was_read_is_written_as_numbers_with_its_scale(tmp_path: Path) -> None:
    device = read(TEXT)
    ly.write_device(device, tmp_path / "again.toml")
    assert 'rate_unit = "1 MHz"\nfrequency_unit = "5 GHz"\n' in (tmp_path / "again.toml").read_text()
    assert ly.read_device(tmp_path / "again.toml") == device
    assert ly.read_device(ly.steady_state(device)) == device


SHARED = """
[[elements]]
kind = "shared_bath"
weights = { a = 1.0, b = 1.0 }
rate = "1 MHz"
occupation = "50 mK"
"""


@pytest.mark.parametrize(
    ("old", "new", "name", "words"),
    [
        ('rate_unit = "1 MHz"\n', "", "modes[1].frequency", "rate_unit = '1 MHz'"),
        ('rate_unit = "1 MHz"', 'rate_unit = "1 s"', "rate_unit", "line 3"),
        ('rate_unit = "1 MHz"', "rate_unit = 1", "rate_unit", "be a string"),
        ('"0.1 MHz"', '"0.1 Mhz"', "elements[1].rate", "hertz are written Hz"),
        ('"0.1 MHz"', '"0.1 us"', "elements[1].rate", "Its dimension is [time]"),
        ('"0.1 MHz"', '"-0.1 MHz"', "elements[1].rate", "not negative"),
        ('"0.1 MHz"', '"fast"', "elements[1].rate", "be a number"),
        ('"10 GHz"', '"10 1/ns"', "modes[1].frequency", "neither cycles nor radians"),
        ('"50 mK"', '"50 mHz"', "elements[1].occupation", "be a temperature"),
        ('im = "-250 kHz"', 'im = "-250 km"', "elements[3].strength", "Its dimension is [length]"),
        ('frequency_unit = "5 GHz"\n', "", "elements[2].occupation", "Give those modes a `frequency`"),
        ("[[elements]]", SHARED + "\n[[elements]]", "elements[0].occupation", "of modes of one frequency"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(old: str, new: str, name: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(ly.ParameterError) as caught:
        read(TEXT.replace(old, new, 1))
    assert caught.value.name == name
    assert words in str(caught.value)
    assert "line" in str(caught.value)


def test_a_shared_bath_of_modes_of_one_frequency() -> None:
    text = TEXT.replace('frequency = "10 GHz"\n', "") + SHARED
    numbers = dict(read(text).parameters)
    found = numbers["SharedBath(a, b).occupation"]
    assert found == pytest.approx(ly.units.occupation("50 mK", "5 GHz"), rel=1e-14)


def test_numbers_alone_need_no_pint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pint", None)
    plain = 'rate_unit = "1 MHz"\ncharger = "a"\nbattery = "a"\n\n[[modes]]\nname = "a"\n'
    assert read(plain).rate_unit == "1 MHz"
    with pytest.raises(ly.LeydenError, match=r"pip install leyden\[units\]"):
        read(TEXT)
