"""Device files with units: the numbers that texts become, and what is refused where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
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
    with pytest.raises(ly.LeydenError, match=r"pip install .pint"):
        read(TEXT)


PULSED = """
rate_unit = "1 MHz"
frequency_unit = "5 GHz"
charger = "a"
battery = "a"

[[modes]]
name = "a"

[[elements]]
kind = "{kind}"
{mode}
{name} = {value}
"""


def pulsed(value: str) -> str:
    return PULSED.format(kind="one_photon_drive", mode='mode = "a"', name="amplitude", value=value)


LAB = ly.units.Lab("1 MHz", "5 GHz")
SQUARE = LAB.build(ly.pulse.square, "2 MHz", "10 ns", "30 ns")
GAUSSIAN = LAB.build(ly.pulse.gaussian, "2 MHz", "40 ns", "10 ns")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ square = { height = "2 MHz", start = "10 ns", stop = "3e-8 s" } }', SQUARE),
        ('{ square = { height = 2, start = "10 ns", stop = "30 ns" } }', SQUARE),
        (
            '{ ramp = { first = "1 MHz", last = "2 MHz", start = "0 ns", stop = "30 ns" } }',
            LAB.build(ly.pulse.ramp, "1 MHz", "2 MHz", "0 ns", "30 ns"),
        ),
        (
            '{ cosine = { height = "2 MHz", frequency = "1 MHz", phase = "90 deg" } }',
            LAB.build(ly.pulse.cosine, "2 MHz", "1 MHz", "90 deg"),
        ),
        (
            '{ cosine = { height = "2 MHz", frequency = "6.283185307179586 rad/us" } }',
            LAB.build(ly.pulse.cosine, "2 MHz", "1 MHz"),
        ),
        (
            '{ piecewise = { times = ["0 ns", "10 ns", 0.5], values = ["1 MHz", "200 kHz"] } }',
            ly.pulse.piecewise([0.0, LAB.time("10 ns"), 0.5], [1.0, 0.2]),
        ),
        (
            '{ sampled = { times = ["0 ns", "10 ns"], values = ["1 MHz", 0.2], interpolation = "linear" } }',
            ly.pulse.sampled([0.0, LAB.time("10 ns")], [1.0, 0.2], interpolation="linear"),
        ),
        ('{ sum = ["20 kHz", { square = { height = "2 MHz", start = "10 ns", stop = "30 ns" } }] }', 0.02 + SQUARE),
        (
            '{ product = [{ gaussian = { height = "2 MHz", centre = "40 ns", width = "10 ns" } }, '
            '{ cosine = { height = 0.5, frequency = "20 MHz" } }] }',
            GAUSSIAN * ly.pulse.cosine(0.5, 20.0),
        ),
        (
            '{ product = ["2 MHz", { sum = [1, { cosine = { frequency = "20 MHz" } }] }] }',
            2.0 * (1.0 + ly.pulse.cosine(1.0, 20.0)),
        ),
    ],
)
def test_quantities_in_pulses_become_numbers_and_are_written_as_such(text: str, expected: Any, tmp_path: Path) -> None:
    device = read(pulsed(text))
    found = device.elements[0].amplitude
    times = LAB.time([0.0, 3.0, 8.0, 25.0], "ns")
    np.testing.assert_allclose(found(times), expected(times), rtol=1e-14)
    ly.write_device(device, tmp_path / "again.toml")
    assert ly.read_device(tmp_path / "again.toml") == device
    assert ly.units.Lab.of(device) == LAB


def test_a_carrier_in_hertz_turns_once_in_its_period() -> None:
    """In rad/us it turns 2 pi times slower: 1 MHz is one turn in a microsecond."""
    for written, quarter in (("1 MHz", "250 ns"), ("1 rad/us", "1570.7963267948966 ns")):
        wave = read(pulsed(f'{{ cosine = {{ height = "1 MHz", frequency = "{written}" }} }}')).elements[0].amplitude
        assert abs(float(wave([LAB.time(quarter)])[0])) < 1e-15


def test_complex_heights_of_pulses_have_units() -> None:
    text = (
        PULSED.format(kind="shared_bath", mode="weights = { a = 1.0, b = 1.0 }", name="rate", value="1.0")
        + """
[[elements]]
kind = "coherent_coupling"
first = "a"
second = "b"
strength = { square = { height = { re = "1 MHz", im = "-500 kHz" }, start = "0 ns", stop = "10 ns" } }
[[modes]]
name = "b"
"""
    )
    assert read(text).elements[1].strength == ly.pulse.square(1.0 - 0.5j, 0.0, LAB.time("10 ns"))


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ('{ square = { height = "2 ns", start = 0, stop = 1 } }', "square.height", "Its dimension is [time]"),
        ('{ square = { height = 2, start = "1 GHz", stop = 1 } }', "square.start", "be a time with a unit"),
        ('{ gaussian = { height = 2, centre = 1, width = "3 1/MHz" } }', "gaussian.width", "be a time with a unit"),
        ('{ cosine = { height = 2, frequency = "3 us" } }', "cosine.frequency", "Its dimension is [time]"),
        ('{ cosine = { height = 2, frequency = 1, phase = "1 MHz" } }', "cosine.phase", "be an angle"),
        ('{ piecewise = { times = [0, "1 GHz"], values = [1] } }', "piecewise.times[1]", "be a time"),
        ('{ sampled = { times = [0, 1, 2], values = [1, 2, "1 s"] } }', "sampled.values[2]", "be a rate"),
        ('{ sum = ["1 MHz", "1 K"] }', "sum[1]", "Its dimension is [temperature]"),
        ('{ sum = [{ square = { height = "1 K", start = 0, stop = 1 } }] }', "sum[0].square.height", "temperature"),
        (
            '{ product = ["1 MHz", 2, { cosine = { height = "1 MHz", frequency = "1 MHz" } }] }',
            "product[2]",
            "without a unit, which another factor of the product has",
        ),
        ('{ square = { height = "2 MHz", start = "40 ns", stop = "30 ns" } }', "square.stop", "be later than `start`"),
        ('{ gauss = { height = "2 ns" } }', "", "one of the keys square, gaussian"),
        ('{ square = { height = "fast", start = 0, stop = 1 } }', "square.height", "be a number"),
    ],
)
def test_units_that_do_not_fit_a_pulse_are_told_with_their_place(text: str, name: str, words: str) -> None:
    with pytest.raises(ly.ParameterError) as caught:
        read(pulsed(text))
    assert caught.value.name == f"elements[0].amplitude.{name}".rstrip(".")
    assert words in str(caught.value)
    assert "line 13" in str(caught.value)


def test_pulses_with_units_need_a_rate_unit() -> None:
    text = pulsed('{ square = { height = 2, start = "1 ns", stop = 1 } }').replace('rate_unit = "1 MHz"', "")
    with pytest.raises(ly.ParameterError, match=r"square\.start.*rate_unit = '1 MHz'"):
        read(text)


MANY = """
rate_unit = "1 MHz"
frequency_unit = "5 GHz"
charger = "m0"
battery = "m1"

[modes]
names = 3
detuning = ["1 MHz", "20 kHz", 0.1]

[[families]]
kind = "local_bath"
places = [0, 1, 2]
rate = ["100 kHz", "120 kHz", "0.1 MHz"]
occupation = "50 mK"

[[families]]
kind = "coherent_coupling"
places = [[0, 1], [1, 2]]
strength = { re = ["100 kHz", "120 kHz"], im = "0 Hz" }
"""


def test_many_modes_and_families_hold_quantities() -> None:
    device = read(MANY)
    occupation = ly.units.occupation("50 mK", "5 GHz")
    assert [mode.detuning for mode in device.modes] == [1.0, 0.02, 0.1]
    assert [one.rate for one in device.elements[:3]] == [0.1, 0.12, 0.1]
    assert [one.occupation for one in device.elements[:3]] == pytest.approx([occupation] * 3, rel=1e-14)
    assert [one.strength for one in device.elements[3:]] == [0.1, 0.12]


@pytest.mark.parametrize(
    ("old", "new", "name", "words"),
    [
        ('"120 kHz", "0.1 MHz"', '"120 ns", "0.1 MHz"', "families[0].rate[1]", "Its dimension is [time]"),
        ('"20 kHz", 0.1', '"20 kHz", "1 K"', "modes.detuning[2]", "Its dimension is [temperature]"),
        ('frequency_unit = "5 GHz"\n', "", "families[0].occupation", "Give those modes a `frequency`"),
        ("names = 3", "names = 3\nfrequency = [1, 2, 3]", "families[0].occupation", "of modes of one frequency"),
    ],
)
def test_quantities_of_many_that_do_not_fit_are_told(old: str, new: str, name: str, words: str) -> None:
    assert old in MANY
    with pytest.raises(ly.ParameterError) as caught:
        read(MANY.replace(old, new, 1))
    assert caught.value.name == name
    assert words in str(caught.value)
