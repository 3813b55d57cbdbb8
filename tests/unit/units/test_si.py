"""What was given with a unit, in SI: cycles and radians stay apart, and what fits neither is refused."""

from __future__ import annotations

import sys
from math import pi
from typing import Any

import numpy as np
import pint
import pytest
import scipy.constants
import xarray as xr

import leyden as ly
from leyden.units.si import (
    CYCLES,
    HBAR,
    PER_SECOND,
    PLANCK,
    RADIANS,
    counted_by,
    frequency_of,
    is_quantity,
    measured,
    writing_of,
    written_unit,
)

Q = pint.Quantity


def test_constants_are_the_exact_ones() -> None:
    assert (scipy.constants.h, scipy.constants.hbar) == (PLANCK, HBAR)


@pytest.mark.parametrize(
    ("unit", "counts"),
    [
        ("Hz", CYCLES),
        ("MHz", CYCLES),
        ("gigahertz", CYCLES),
        ("rad/s", RADIANS),
        ("rad/us", RADIANS),
        ("deg/s", RADIANS),
        ("rpm", RADIANS),
        ("turn/s", RADIANS),
        ("1/s", PER_SECOND),
        ("1/us", PER_SECOND),
        ("Bq", None),
        ("count/s", None),
        ("bit/s", None),
        ("pi*MHz", None),
        ("percent*MHz", None),
        ("rad*Hz", None),
        ("Hz/s", None),
        ("s", None),
        ("J", None),
    ],
)
def test_what_a_unit_counts(unit: str, counts: str | None) -> None:
    assert counted_by(Q(1, unit)) == counts


def test_pint_itself_loses_the_factor_two_pi() -> None:
    """The reason for this room: should pint change, the table in docs/units.md is to be read again."""
    assert Q(1, "Hz").to("rad/s").magnitude == 1
    assert Q(1, "turn/s").to("Hz").magnitude == pytest.approx(2 * pi, rel=1e-15)
    assert Q(1, "rad/s").to("J", "spectroscopy").magnitude == pytest.approx(PLANCK, rel=1e-15)


# The same rate, written in many ways: an angular 2 pi 5e3 /s.
SAME = [
    "5 kHz",
    "5kHz",
    " 5e3  Hz ",
    "0.005 MHz",
    "5000 Hz",
    "2pi*5 kHz",
    "2 pi x 5 kHz",
    "2π × 5 kHz",
    f"{2 * pi * 5e3!r} rad/s",
    f"{2 * pi * 5!r} rad/ms",
    f"{2 * pi * 5e3!r} 1/s",
    f"{2 * pi * 5e3!r}/s",
    f"{2 * pi * 5e3!r} s^-1",
    f"{2 * pi * 5e3!r} s**-1",
    "5 turn/ms",
    "300000 rpm",
    f"{HBAR * 2 * pi * 5e3!r} J",
    Q(5, "kHz"),
    Q(2 * pi * 5e3, "rad/s"),
    Q(2 * pi * 5e3, "1/s"),
    Q(PLANCK * 5e3, "J"),
    Q(5, "kHz") * Q(1, "planck_constant"),
    pint.UnitRegistry().Quantity(5, "kHz"),
]


@pytest.mark.parametrize("given", SAME, ids=str)
def test_one_rate_has_one_number_however_it_is_written(given: Any) -> None:
    found = frequency_of("rate", given, None, "rate")
    assert found.angular == pytest.approx(2 * pi * 5e3, rel=1e-14)
    assert found.cycles == pytest.approx(5e3, rel=1e-14)


def test_hertz_are_two_pi_times_radians() -> None:
    one = frequency_of("rate", "1 MHz", None, "rate")
    assert one.over(frequency_of("rate", "1 rad/us", None, "rate")) == 2 * pi
    assert one.over(frequency_of("rate", "1 1/us", None, "rate")) == 2 * pi
    assert one.over(frequency_of("rate", "1 kHz", None, "rate")) == 1000


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ("5e9 1/s", "frequency", "1/s says neither cycles nor radians"),
        (Q(5e9, "1/s"), "frequency", "write Hz for cycles, rad/s for radians"),
        ("5 KHz", "rate", "hertz are written Hz, kHz, MHz, GHz"),
        ("5 blorps", "rate", "Pint knows no such unit"),
        ("5", "rate", "It has no unit"),
        (5.0, "rate", "It has no unit"),
        (None, "rate", "It has no unit"),
        (xr.DataArray([1.0], dims="x"), "rate", "It has no unit"),
        ("much", "rate", "It does not begin with a number"),
        ("5 s", "rate", "Its dimension is [time]"),
        ("5 K", "rate", "Its dimension is [temperature]"),
        ("5 Bq", "rate", "neither cycles nor radians"),
        ("5 pi*MHz", "rate", "neither cycles nor radians"),
        ("2pi*5 rad/s", "rate", "A factor 2 pi stands before Hz only"),
        ("2pi*5 1/s", "rate", "A factor 2 pi stands before Hz only"),
        ("5 s**9**9**9**9", "rate", "Units are names with powers"),
        ("5 (s)", "rate", "Units are names with powers"),
        ("5 " + "s" * 10**5, "rate", "Units are names with powers"),
        ("5 +- 1 kHz", "rate", "Units are names with powers"),
        ("5 dBm**2", "rate", "Its dimension is"),
        ("5 1/dBm", "rate", "Its dimension is"),
        (Q(5.0, "dBm"), "rate", "Its dimension is"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_rate_is_refused(refuses, given: Any, kind: str, words: str) -> None:
    refuses("kappa", lambda: frequency_of("kappa", given, None, kind), words)


@pytest.mark.parametrize("given", [5.0, np.array([1.0, 2.0]), [1.0, 2.0]], ids=str)
def test_numbers_and_then_their_unit(given: Any) -> None:
    found = frequency_of("rate", given, "kHz", "rate").numbers
    assert np.array_equal(found, 1e3 * np.asarray(given))


@pytest.mark.parametrize("given", ["5 kHz", Q(5, "kHz"), xr.DataArray([5.0], dims="x") * Q(1, "kHz")], ids=str)
def test_two_units_are_one_too_many(refuses, given: Any) -> None:
    refuses("rate", lambda: frequency_of("rate", given, "kHz", "rate"), "leave out 'kHz'")


@pytest.mark.parametrize("unit", ["", "5", "km"])
def test_a_second_argument_that_is_no_unit_of_it(refuses, unit: str) -> None:
    refuses("rate", lambda: frequency_of("rate", 5.0, unit, "rate"))


def test_numbers_that_are_none_are_refused(refuses) -> None:
    refuses("rate", lambda: frequency_of("rate", True, "kHz", "rate"), "It is a truth value")
    refuses("rate", lambda: frequency_of("rate", np.ma.array([1.0], mask=True) * Q(1, "kHz"), None, "rate"))


def test_labels_stay_and_their_unit_goes() -> None:
    labelled = xr.DataArray([1.0, 2.0], {"drive": [0, 1]}, ["drive"], attrs={"units": "kHz", "long_name": "drive"})
    found = frequency_of("rate", labelled, None, "rate").numbers
    xr.testing.assert_equal(found, 1e3 * labelled)
    assert found.attrs == {"long_name": "drive"}
    inside = frequency_of("rate", xr.DataArray([1.0, 2.0], dims="drive") * Q(1, "kHz"), None, "rate").numbers
    assert inside.dims == ("drive",)
    assert inside.values.tolist() == [1e3, 2e3]


def test_complex_rates() -> None:
    assert frequency_of("rate", Q(-0.25j, "MHz"), None, "rate").numbers == -0.25e6j


@pytest.mark.parametrize(
    ("given", "kind", "number"),
    [
        ("10 us", "time", 1e-5),
        ("10 µs", "time", 1e-5),
        ("1 h", "time", 3600.0),
        ("1 eV", "energy", scipy.constants.e),
        ("1 aW", "power", 1e-18),
        ("-130 dBm", "power", 1e-16),
        ("50 mK", "temperature", 0.05),
        ("20 degC", "temperature", 293.15),
        ("180 deg", "angle", pi),
        ("1 turn", "angle", 2 * pi),
    ],
)
def test_other_quantities_in_si(given: str, kind: str, number: float) -> None:
    found = measured("x", given, None, kind)
    assert type(found) is float
    assert found == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize(
    ("given", "kind"),
    [("1/MHz", "time"), ("1 s/rad", "time"), ("2pi*1 s", "time"), ("1 m", "time"), ("1 percent", "angle")],
)
def test_what_is_no_time_and_no_angle_is_refused(refuses, given: str, kind: str) -> None:
    """1/MHz is a period or its 2 pi-th part, depending on who writes it."""
    refuses("x", lambda: measured("x", given, None, kind))


def test_texts_of_quantities() -> None:
    assert [is_quantity(value) for value in ("5 kHz", "-.5 MHz", Q(5, "kHz"), "battery", 5.0, None)] == [
        *(True, True, True),
        *(False, False, False),
    ]
    assert writing_of("5   kHz ") == "5 kHz"
    assert writing_of(Q(0.1, "rad/us")) == "0.1 rad/us"
    assert writing_of(Q(2, "1/us")) == "2.0 1/us"
    assert [written_unit(text) for text in ("5 kHz", "2pi*5 kHz", "2.0 1/us")] == ["kHz", "kHz", "1/us"]


def test_without_pint_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pint", None)
    with pytest.raises(ly.LeydenError, match='pip install "pint>='):
        frequency_of("rate", "5 kHz", None, "rate")
