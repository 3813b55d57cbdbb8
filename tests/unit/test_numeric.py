"""Numbers: what turns into them exactly passes, what would lose something on the way is refused in one sentence."""

from __future__ import annotations

import datetime
import decimal
import fractions
from array import array
from collections import deque
from types import SimpleNamespace
from typing import Any

import array_api_strict
import dask.array
import mpmath
import numpy as np
import pandas as pd
import pint
import pytest
import scipy.sparse
import sympy
import xarray as xr

import leyden as ly
from leyden.closed_form.arguments import real
from leyden.model.rules import checked_number, checked_times
from leyden.numeric import is_whole_number, numbers_of, whole_number
from leyden.runner import Range, combine


class PintLike:
    """As pint's quantities behave: they turn into a number or an array when asked, and drop the unit."""

    units, magnitude = "MHz of a registry", 0.1

    def __init__(self, magnitude: Any) -> None:
        self.magnitude = magnitude
        self.units = SimpleNamespace(name="MHz")

    def to(self, unit: str) -> PintLike:
        return self

    def __float__(self) -> float:
        return float(self.magnitude)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self.magnitude, dtype)


class AstropyLike(np.ndarray):
    """As those of astropy and unyt: arrays with a unit on them."""

    unit = SimpleNamespace(name="MHz")

    def to_value(self, unit: str) -> np.ndarray:
        return np.asarray(self)


class QuantitiesLike(np.ndarray):
    """As those of the package `quantities`."""

    dimensionality = SimpleNamespace(name="MHz")

    def rescale(self, unit: str) -> QuantitiesLike:
        return self


class MaskedLike(np.ndarray):
    """As astropy's masked arrays, which are none of NumPy's."""

    mask = np.array([False, True])


QUANTITIES = [
    PintLike(0.1),
    PintLike(np.array([0.1, 0.2])),
    np.array([0.1, 0.2]).view(AstropyLike),
    np.array(0.1).view(AstropyLike),
    np.array([0.1, 0.2]).view(QuantitiesLike),
    [PintLike(0.1), 0.2],
    ((0.1, np.array(0.2).view(AstropyLike)),),
    np.array([PintLike(0.1), 0.2], dtype=object),
    xr.DataArray(np.array([0.1, 0.2]).view(AstropyLike), dims="x"),
]
MASKED = [
    np.ma.array([0.05, 0.1], mask=[False, True]),
    np.ma.masked,
    [0.1, np.ma.masked],
    [np.ma.array([0.05, 0.1], mask=[False, True])],
    np.array([0.05, 0.1]).view(MaskedLike),
]
DOORS = {
    "amplitude": lambda value: ly.TwoPhotonDrive("a", value),
    "phase": lambda value: ly.OnePhotonDrive("a", 0.1, value),
    "strength": lambda value: ly.CoherentCoupling("a", "b", value),
    "weights[a]": lambda value: ly.SharedBath({"a": value}, 1.0),
    "rate": lambda value: ly.Family(ly.LocalBath, [0, 1], rate=value),
    "frequency": lambda value: ly.Modes(2, frequency=value),
    "drive": lambda value: ly.catalog.two_photon_battery(drive=value, charger_damping=0.1, battery_damping=0.1),
    "times": checked_times,
    "axes[drive]": lambda value: combine({"drive": value}),
    "start": lambda value: Range(value, 1.0, 3),
    "occupations": ly.states.thermal,
    "amplitudes": ly.states.coherent,
    "mean": lambda value: ly.GaussianState.from_moments(value, np.eye(2) / 2),
    "x": lambda value: real("x", value),
}


@pytest.mark.parametrize("door", DOORS)
def test_units_and_masks_pass_no_door(refuses, door: str) -> None:
    """A unit that is dropped in silence is a wrong answer; numbers below a mask are those that must not be used."""
    for value in QUANTITIES:
        error = refuses(door, lambda value=value: DOORS[door](value), "be in plain numbers, without a unit")
        assert len(str(error)) <= 300
    for value in MASKED:
        refuses(door, lambda value=value: DOORS[door](value), "have no masked entries")


@pytest.mark.parametrize(
    ("value", "call"),
    [
        (np.array(0.1).view(AstropyLike), "`.to_value(unit)`"),
        (np.array(0.1).view(QuantitiesLike), "`.rescale(unit).magnitude`"),
    ],
)
def test_each_library_is_told_in_its_own_words(refuses, value: Any, call: str) -> None:
    refuses("rate", lambda: numbers_of("rate", value), f"give the number, {call}.")


@pytest.mark.parametrize("value", [PintLike(0.1), "5 kHz", "-0.5e3 rad/s", pint.Quantity(5, "kHz")])
def test_quantities_that_lab_units_know_are_sent_there(refuses, value: Any) -> None:
    """Converted by pint itself, Hz would become rad/s without their 2 pi."""
    refuses("rate", lambda: numbers_of("rate", value), "`leyden.units.Lab` makes numbers of rates")


def test_a_mask_that_hides_nothing_is_none() -> None:
    """netCDF4 reads every variable as a masked array."""
    found = checked_number("rate", np.ma.array([0.05, 0.1], mask=False), "real")
    assert type(found) is np.ndarray
    assert found.tolist() == [0.05, 0.1]


def test_a_note_is_no_unit() -> None:
    """Attributes of a DataArray, and names of a column's rows, are for people."""
    labelled = xr.DataArray([0.1], dims="x", attrs={"units": "MHz", "unit": "MHz"})
    assert checked_number("rate", labelled, "real").identical(labelled)
    column = pd.Series([0.1, 0.2], index=pd.Index(["unit", "mask"], name="which"))
    assert checked_number("rate", column, "real").dims == ("which",)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (fractions.Fraction(1, 10), 0.1),
        (decimal.Decimal("0.1"), 0.1),
        (mpmath.mpf("0.1"), 0.1),
        (sympy.Rational(1, 10), 0.1),
        (sympy.sqrt(2), 2**0.5),
        (10**30, 1e30),
        (np.longdouble("0.25"), 0.25),
        ([fractions.Fraction(1, 10), 2], [0.1, 2.0]),
        ([2**70, 0.5], [2.0**70, 0.5]),
        (np.array([[fractions.Fraction(1, 4), 1]], dtype=object), [[0.25, 1.0]]),
        (array("d", [0.1, 0.2]), [0.1, 0.2]),
        (deque([0.1, 0.2]), [0.1, 0.2]),
        (memoryview(np.array([0.1, 0.2])), [0.1, 0.2]),
        (pd.array([0.1, 0.2]), [0.1, 0.2]),
        (dask.array.ones(2), [1.0, 1.0]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_kinds_of_numbers_become_pythons(value: Any, number: Any) -> None:
    found = checked_number("rate", value, "nonnegative")
    assert type(found) in (float, np.ndarray)
    np.testing.assert_array_equal(found, number)


COMPLEX = [mpmath.mpc(0.5, -1), sympy.Rational(1, 2) - sympy.I, np.clongdouble(0.5 - 1j)]


@pytest.mark.parametrize("value", COMPLEX, ids=repr)
def test_complex_numbers_of_other_kinds(refuses, value: Any) -> None:
    assert checked_number("coupling", value, "complex") == 0.5 - 1j
    assert checked_number("coupling", np.array([value], dtype=object), "complex").tolist() == [0.5 - 1j]
    refuses("rate", lambda: checked_number("rate", value, "real"), "It is complex: give its real part.")


def test_lazy_data_of_a_labelled_array_are_computed() -> None:
    found = checked_number("rate", xr.DataArray(dask.array.ones(2), dims="x", coords={"x": [1, 2]}), "real")
    assert type(found.data) is np.ndarray
    assert found.x.values.tolist() == [1, 2]


def nested(depth: int) -> list:
    found: list = [0.1]
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0.1", "is '0.1'. It is a text: leave out the quotation marks."),
        (b"0.1", "leave out the quotation marks"),
        ("much", "It is a text."),
        (["0.1", "0.2"], "is '0.1'. It is a text"),
        (np.array(["0.1"]), "Its dtype is <U3."),
        (None, "is None."),
        (True, "It is a truth value"),
        ([True, 0.1], "It is a truth value"),
        (np.True_, "It is a truth value"),
        ([[0.1], [0.1, 0.2]], "unlike lengths"),
        (np.array([0.1, None], dtype=object), "is None."),
        (sympy.Symbol("kappa"), "type Symbol"),
        (np.cos, "give a pulse, as `leyden.pulse.sampled(times, values)`"),
        (datetime.timedelta(1), "type timedelta"),
        (np.array([1], dtype="timedelta64[s]"), "dtype is timedelta64[s]"),
        (pd.Timestamp("2020"), "type Timestamp"),
        (pd.to_datetime(["2020-01-01"]).as_unit("s").rename("day"), "dtype is datetime64"),
        (np.rec.array([(1.0, 2.0)], names=["unit", "mask"]), "dtype is"),
        ({"a": 0.1}, "type dict"),
        ({0.1}, "type set"),
        ((x for x in [0.1]), "type generator"),
        (xr.Dataset({"a": ("x", [0.1])}), "is 'Dataset'. Take one of its variables."),
        (xr.Variable("x", [0.1]), "is 'Variable'. Make it an xarray.DataArray."),
        (scipy.sparse.csr_array(np.eye(2)), "`.todense()`"),
        (10**400, "be within the number range"),
        (10**5000, "be within the number range"),
        ([1, fractions.Fraction(10**400)], "be within the number range"),
        (nested(100), "nested more than 64 deep"),
        (nested(5000), "nested more than 64 deep"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_number_is_named(refuses, value: Any, words: str) -> None:
    for call in (lambda: ly.LocalBath("c", value), lambda: ly.Family(ly.LocalBath, [0], rate=value)):
        error = refuses("rate", call, words)
        assert len(str(error)) <= 300


class Refusing:
    """An array of a library that keeps its data to itself, as those on a device do."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise RuntimeError("Call `.cpu()`\nfirst.")


def test_arrays_that_numpy_cannot_read_say_why(refuses) -> None:
    refuses("rate", lambda: numbers_of("rate", Refusing()), "is 'Refusing'. NumPy cannot read it: Call `.cpu()` first.")


def test_plain_arrays_are_handed_on() -> None:
    for value in (0.1, 1j, np.zeros(3), np.float32(1), array_api_strict.asarray([1.0])):
        assert numbers_of("rate", value) is value


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), sympy.Integer(3)])
def test_whole_numbers_of_python_and_numpy(value: Any) -> None:
    assert is_whole_number(value)
    assert type(whole_number("modes", value, 1)) is int
    assert len(ly.Modes(value)) == 3


@pytest.mark.parametrize("value", [3.0, "3", True, np.True_, None, np.array([3])], ids=repr)
def test_nothing_else_is_a_whole_number(refuses, value: Any) -> None:
    refuses("modes", lambda: whole_number("modes", value, 1), "be a whole number, at least 1")
    refuses("modes", lambda: ly.states.vacuum(value))


def test_numpy_integers_count_everywhere() -> None:
    three = np.int64(3)
    assert ly.states.vacuum(three).modes == 3
    assert len(ly.catalog.cascade(three, drive=0.1, damping=0.1, photons=np.int64(2)).modes) == 3
    assert len(Range(0.0, 1.0, three).values()) == 3
    found = ly.sweep("two_photon_battery", {"drive": (0.0, 0.1)}, sampling="sobol", points=three, seed=np.int64(1))
    assert found.sizes == {"point": 3}
