"""Pulses in device files: the form that people type, exact round trips, faults in one line, and limits."""

from __future__ import annotations

import time
import tomllib
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden.errors import ParameterError
from leyden.model.changing import Pulse, Term
from leyden.model.files import device_record, device_tables, device_text, parse_device
from leyden.model.pulse.shapes import Cosine, Gaussian, Piecewise, Ramp, Sampled, Square
from leyden.records import frozen

HEAD = 'charger = "a"\nbattery = "a"\n[[modes]]\nname = "a"\n[[elements]]\nkind = "one_photon_drive"\nmode = "a"\n'


def drive_of(amplitude: str) -> Any:
    return parse_device(f"{HEAD}amplitude = {amplitude}\n", "my.toml").elements[0].amplitude


def device_with(pulse: Any, kind: Any = None) -> ly.Network:
    elements = [ly.OnePhotonDrive("a", pulse) if kind is None else kind(pulse), ly.LocalBath("a", 1.0)]
    return ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="a")


GAUSSIAN = ly.pulse.gaussian(0.1, centre=3.0, width=0.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ gaussian = { height = 0.1, centre = 3, width = 0.5 } }", GAUSSIAN),
        ("{ square = { height = 0.2, start = 0, stop = 2.5 } }", ly.pulse.square(0.2, 0.0, 2.5)),
        ("{ square = { start = 0, stop = 2.5 } }", ly.pulse.square(1.0, 0.0, 2.5)),
        ("{ ramp = { first = 0.1, last = 0.4, start = 1, stop = 3 } }", ly.pulse.ramp(0.1, 0.4, 1.0, 3.0)),
        ("{ ramp = { last = 0.4, start = 1, stop = 3 } }", Pulse((Term(0.4, (Ramp(1.0, 3.0),)),))),
        ("{ cosine = { height = 0.1, frequency = 2 } }", ly.pulse.cosine(0.1, 2.0)),
        ("{ cosine = { height = 0.1, frequency = 2, phase = 0.5 } }", ly.pulse.cosine(0.1, 2.0, 0.5)),
        ("{ piecewise = { times = [0, 1, 3], values = [0.1, 0.2] } }", ly.pulse.piecewise([0, 1, 3], [0.1, 0.2])),
        ("{ sampled = { times = [0, 1, 3], values = [0, 1, 0] } }", ly.pulse.sampled([0, 1, 3], [0, 1, 0])),
        (
            '{ sampled = { times = [0, 1], values = [0, 1], interpolation = "linear" } }',
            ly.pulse.sampled([0, 1], [0, 1], interpolation="linear"),
        ),
        ("{ sum = [{ gaussian = { height = 0.1, centre = 3, width = 0.5 } }, 0.05] }", GAUSSIAN + 0.05),
        (
            "{ product = [{ gaussian = { height = 0.1, centre = 3, width = 0.5 } }, { cosine = { frequency = 2 } }] }",
            GAUSSIAN * ly.pulse.cosine(1.0, 2.0),
        ),
        (
            "{ product = [0.5, { sum = [{ gaussian = { height = 0.1, centre = 3, width = 0.5 } }, 1] }] }",
            0.5 * (GAUSSIAN + 1.0),
        ),
    ],
)
def test_the_form_that_people_type(text: str, expected: Pulse) -> None:
    assert drive_of(text) == expected


def test_a_complex_height() -> None:
    text = HEAD.replace("one_photon_drive", "coherent_coupling").replace('mode = "a"', 'first = "a"\nsecond = "b"')
    text = text.replace('name = "a"', 'name = "a"\n[[modes]]\nname = "b"')
    again = parse_device(f"{text}strength = {{ square = {{ height = {{ re = 0, im = 1 }}, start = 0, stop = 1 }} }}\n")
    assert again.elements[0].strength == ly.pulse.square(1j, 0.0, 1.0)


# Round trips.

number = st.floats(-1e100, 1e100)
width = st.floats(1e-100, 1e100)
factor = number | st.complex_numbers(max_magnitude=1e100, allow_nan=False)
interval = st.lists(number, min_size=2, max_size=2, unique=True).map(sorted)
column = st.lists(number, min_size=2, max_size=6, unique=True).map(lambda values: frozen(np.sort(values)))


@st.composite
def sampled_shapes(draw: st.DrawFn) -> Piecewise | Sampled:
    times = draw(column)
    count = len(times) - draw(st.sampled_from([0, 1]))
    values = frozen(np.asarray(draw(st.lists(number, min_size=count, max_size=count))))
    return Piecewise(times, values) if count < len(times) else Sampled(times, values, "linear")


shapes = st.one_of(
    interval.map(lambda times: Square(*times)),
    interval.map(lambda times: Ramp(*times)),
    st.builds(Gaussian, number, width),
    st.builds(Cosine, number, number),
    sampled_shapes(),
)
terms = st.builds(Term, factor, st.lists(shapes, max_size=3).map(tuple))
pulses = st.lists(terms, min_size=1, max_size=4).map(lambda found: Pulse(tuple(found)))


def _numbers(shape: Any) -> tuple[type, list[Any]]:
    return type(shape), [np.asarray(value).tolist() for value in vars(shape).values()]


def bits(pulse: Pulse) -> str:
    """All names and numbers to the last bit."""
    told = [(term.factor, [_numbers(shape) for shape in term.shapes]) for term in pulse.terms]
    return repr(told)


@settings(max_examples=200)
@given(pulses)
def test_the_round_trip_is_exact(pulse: Pulse) -> None:
    network = device_with(pulse, lambda one: ly.CoherentCoupling("a", "b", one))
    for text in (device_text(network), device_record(network)):
        again = parse_device(text)
        assert again == network
        assert bits(again.elements[0].strength) == bits(pulse)


@pytest.mark.parametrize(
    "pulse",
    [
        GAUSSIAN,
        ly.pulse.ramp(0.1, 0.4, 1.0, 3.0),
        ly.pulse.ramp(0.1, 0.4, 1.0, 3.0) * ly.pulse.cosine(1.0, 2.0) + 0.2,
        ly.pulse.sampled([0.0, 1.0, 2.0], [0.0, 1j, 1.0]),
    ],
)
def test_what_the_functions_make_comes_back(pulse: Pulse) -> None:
    network = device_with(pulse, lambda one: ly.CoherentCoupling("a", "b", one))
    assert parse_device(device_text(network)) == network
    assert tomllib.loads(device_text(network)) == device_tables(network)


def test_a_file_is_as_short_as_what_was_typed() -> None:
    text = device_text(device_with(GAUSSIAN))
    assert "amplitude = { gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }\n" in text
    text = device_text(device_with(ly.pulse.ramp(0.0, 0.4, 1.0, 3.0)))
    assert "amplitude = { ramp = { first = 0.0, last = 0.4, start = 1.0, stop = 3.0 } }\n" in text
    text = device_text(device_with(GAUSSIAN * ly.pulse.cosine(1.0, 2.0)))
    assert "{ product = [{ gaussian = { height = 0.1, centre = 3.0, width = 0.5 } }, { cosine = {" in text


def test_detunings_and_rates_may_be_pulses() -> None:
    network = ly.Network(
        [ly.Mode("a", detuning=ly.pulse.ramp(2.5, 1.5, start=2.0, stop=10.0))],
        [ly.LocalBath("a", ly.pulse.square(0.1, 0.0, 5.0)), ly.SharedBath({"a": 1.0}, GAUSSIAN)],
        charger="a",
        battery="a",
    )
    assert parse_device(device_text(network)) == network


def test_a_result_carries_its_pulse() -> None:
    device = ly.catalog.two_photon_battery(drive=GAUSSIAN, charger_damping=0.1, battery_damping=0.1)
    run = ly.charge(device, np.linspace(0.0, 20.0, 5))
    assert ly.read_device(run) == device


@pytest.mark.parametrize(
    "pulse",
    [
        ly.pulse.gaussian(xr.DataArray([0.1, 0.2], dims="drive"), 1.0, 1.0),
        ly.pulse.sampled(np.arange(3000.0), np.zeros(3000)),
    ],
    ids=["batch", "long"],
)
def test_a_result_says_which_pulse_it_does_not_carry(pulse: Pulse) -> None:
    text = device_record(device_with(pulse))
    assert 'left_out = ["OnePhotonDrive(a).amplitude"]' in text
    with pytest.raises(ParameterError, match=r"leaves out OnePhotonDrive\(a\).amplitude"):
        parse_device(text)


def test_a_batch_of_pulses_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"single device.*OnePhotonDrive\(a\).amplitude of shape \(2,\)"):
        device_text(device_with(ly.pulse.gaussian(np.array([0.1, 0.2]), 1.0, 1.0)))


def test_more_than_a_file_takes_is_not_written() -> None:
    with pytest.raises(ParameterError, match="at most 1024 terms of 32 shapes"):
        device_text(device_with(Pulse((Term(1.0),) * 1025)))
    with pytest.raises(ParameterError, match="at most 1024 terms of 32 shapes"):
        device_text(device_with(Pulse((Term(1.0, (Square(0.0, 1.0),) * 33),))))


# Faults.

SHAPE = "{ square = { start = 0, stop = 1 } }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", "`elements[0].amplitude` must be a number, or a table with one of the keys square, gaussian, ramp"),
        ("{ gausian = 1 }", "must be a number, or a table with one of the keys square, gaussian, ramp, cosine"),
        (f"{{ sum = [1], product = [{SHAPE}] }}", "must be a number, or a table with one of the keys"),
        ("{ gaussian = 1 }", "`elements[0].amplitude.gaussian` must be a table of height, centre, width, but is 1."),
        ("{ gaussian = { centre = 1 } }", "`elements[0].amplitude.gaussian` must have the key 'width', but has only c"),
        (
            "{ gaussian = { center = 1, width = 1 } }",
            "`elements[0].amplitude.gaussian` must have no keys but height, centre, width, but has 'center'. Did you m",
        ),
        ("{ gaussian = { centre = 1, width = 0 } }", "amplitude.gaussian.width` must be finite and positive, but is 0"),
        ("{ gaussian = { centre = nan, width = 1 } }", "amplitude.gaussian.centre` must be a finite real number"),
        ("{ gaussian = { centre = true, width = 1 } }", "amplitude.gaussian.centre` must be a number, but is True."),
        ("{ square = { start = 2, stop = 1 } }", "amplitude.square.stop` must be later than `start`, 2, but is 1.0"),
        ("{ sampled = { times = [0, 1], values = [1] } }", "amplitude.sampled.values` must be as many as the times, 2"),
        ("{ sampled = { times = [1, 0], values = [1, 2] } }", "amplitude.sampled.times` must increase"),
        ('{ sampled = { times = [0, "x"], values = [1] } }', "amplitude.sampled.times[1]` must be a number"),
        (
            '{ sampled = { times = [0, 1], values = [1, 2], interpolation = "cubik" } }',
            'amplitude.sampled.interpolation` must be "cubic" or "linear", but is',
        ),
        ("{ piecewise = { times = [0, 1], values = 3 } }", "amplitude.piecewise.values` must be an array, but is 3."),
        ("{ sum = 1 }", "amplitude.sum` must be an array, but is 1."),
        ("{ sum = [] }", "amplitude.sum` must hold at least one number or pulse, but is []."),
        ('{ sum = [1, "x"] }', "amplitude.sum[1]` must be a number or a table"),
        ("{ sum = [nan] }", "amplitude.sum[0]` must come to finite numbers, but is nan."),
        (f"{{ sum = [{', '.join(['1'] * 1025)}] }}", "amplitude.sum` must come to at most 1024 terms, but is 1025."),
        (
            f"{{ product = [{', '.join([SHAPE] * 33)}] }}",
            "amplitude.product` must multiply at most 32 shapes, but is 33.",
        ),
        (
            "{ product = [1e200, { square = { height = 1e200, start = 0, stop = 1 } }] }",
            "amplitude.product` must come to finite numbers, but is inf.",
        ),
        (
            "{ ramp = { first = -1.7e308, last = 1.7e308, start = 0, stop = 1 } }",
            "amplitude.ramp` must come to finite numbers, but is inf.",
        ),
        ("{ sum = [" * 9 + "1" + "] }" * 9, "must be nested at most 8 deep"),
        (
            "{ square = { height = { re = 0, im = 1 }, start = 0, stop = 1 } }",
            "`elements[0].amplitude` must be real at all times",
        ),
    ],
)
def test_faults_are_one_line_that_says_where(text: str, expected: str) -> None:
    with pytest.raises(ParameterError) as caught:
        drive_of(text)
    message = str(caught.value)
    assert message.startswith("my.toml, line 8: Argument `")
    assert expected in message
    assert "\n" not in message
    assert len(message) <= 300


def test_what_may_not_change_takes_no_pulse() -> None:
    with pytest.raises(ParameterError, match=r"line 9: Argument `elements\[0\].phase` must be a number, but is"):
        parse_device(f"{HEAD}amplitude = 1\nphase = {SHAPE}\n", "my.toml")


def test_products_of_sums_do_not_fill_the_memory() -> None:
    """Each comes to 1024 terms of 200 characters; a file of 64 MiB would come to 100 GiB."""
    many = f"{{ sum = [{', '.join(['1'] * 32)}] }}"
    element = f'[[elements]]\nkind = "one_photon_drive"\nmode = "a"\namplitude = {{ product = [{many}, {many}] }}\n'
    begin = time.process_time()
    with pytest.raises(ParameterError, match=r"'my\.toml' has pulses of more than 100000 terms"):
        parse_device('charger = "a"\nbattery = "a"\nmodes = [{ name = "a" }]\n' + element * 2000, "my.toml")
    assert time.process_time() - begin < 10.0
    with pytest.raises(ParameterError, match="must come to at most 1024 terms, but is 32768"):
        drive_of(f"{{ product = [{many}, {many}, {many}] }}")
