"""Arguments with units: which converter each goes through, and what is left as it is."""

from __future__ import annotations

from math import pi

import numpy as np
import pint
import pytest
import xarray as xr

import leyden as ly
from leyden.model.elements import KINDS, Mode
from leyden.model.elements.record import layout_of, quantity_of
from leyden.quantities import QUANTITIES

LAB = ly.units.Lab("1 MHz")


def test_by_the_parameters_of_a_record() -> None:
    assert LAB.build(ly.Mode, "b", "5 GHz", detuning="-200 kHz") == ly.Mode("b", 5000.0, -0.2)
    assert LAB.build(ly.LocalBath, "b", pint.Quantity(5, "kHz"), 0.3) == ly.LocalBath("b", 0.005, 0.3)
    assert LAB.build(ly.CoherentCoupling, "a", "b", strength=pint.Quantity(-0.5j, "MHz")).strength == -0.5j
    drive = LAB.build(ly.TwoPhotonDrive, "a", "10 kHz", "180 deg")
    assert drive == ly.TwoPhotonDrive("a", 0.01, pi)
    assert LAB.build(ly.SharedBath, {"a": 1.0}, rate="2 MHz") == ly.SharedBath({"a": 1.0}, 2.0)


def test_by_the_element_of_a_family_and_by_names() -> None:
    family = LAB.build(ly.Family, ly.LocalBath, [0, 1], rate="5 kHz")
    assert family == ly.Family(ly.LocalBath, [0, 1], rate=0.005)
    assert LAB.build(ly.Modes, 2, frequency="5 GHz") == ly.Modes(2, frequency=5000.0)


def test_a_temperature_is_that_of_the_frequency_beside_it(refuses) -> None:
    given = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1, "occupation": "50 mK"}
    built = LAB.build(ly.catalog.two_photon_battery, **given, frequency="6 GHz")
    assert built.parameters["LocalBath(battery).occupation"] == ly.units.occupation("50 mK", "6 GHz")
    assert built.parameters["Mode(battery).frequency"] == 6000.0
    refuses("frequency", lambda: LAB.build(ly.LocalBath, "b", 0.1, "50 mK"))


def test_pulses_have_heights_that_are_rates_and_times() -> None:
    """The frequency of a pulse is a rate, whatever unit those of modes have: 1 MHz turns once in 1 us."""
    lab = ly.units.Lab("1 MHz", frequency_unit="5 GHz")
    square = lab.build(ly.pulse.square, "100 kHz", "0 us", stop="2 us")
    assert square == ly.pulse.square(0.1, 0.0, lab.time("2 us"))
    assert lab.build(ly.pulse.cosine, "100 kHz", "1 MHz", "90 deg") == ly.pulse.cosine(0.1, 1.0, lab.angle("90 deg"))
    given = pint.Quantity(np.array([0.0, 1.0, 2.0]), "us"), pint.Quantity(np.array([0.0, 50.0]), "kHz")
    assert lab.build(ly.pulse.piecewise, *given) == ly.pulse.piecewise(lab.time([0.0, 1.0, 2.0], "us"), [0.0, 0.05])


def test_units_that_do_not_fit_are_told_by_the_arguments_own_name(refuses) -> None:
    refuses("height", lambda: LAB.build(ly.pulse.square, "2 ns", "0 us", "1 us"), "Its dimension is [time]")
    refuses("start", lambda: LAB.build(ly.pulse.square, "2 MHz", "1 GHz", "1 us"), "be a time with a unit")
    refuses("amplitude", lambda: LAB.build(ly.OnePhotonDrive, "a", "2 ns"), "Its dimension is [time]")


def test_a_unit_around_a_pulse_is_refused_and_says_how_it_is_made(refuses) -> None:
    """pint wraps whatever it is multiplied with."""
    pulse = ly.pulse.square(1.0, 0.0, 1.0)
    measured = pint.Quantity(2.0, "MHz") * pulse
    refuses("amplitude", lambda: LAB.build(ly.OnePhotonDrive, "a", measured), "lab.build(leyden.pulse.square")
    refuses("rate", lambda: LAB.rate(pulse), "lab.build(leyden.pulse.square")


def test_labelled_arrays_are_in_the_unit_that_their_attribute_says(refuses) -> None:
    """As by `lab.rate`: 100 kHz are 0.1 where 1 MHz is 1, and not 100; words of leyden's own mean plain numbers."""

    def labelled(unit: str, dim: str = "rate") -> xr.DataArray:
        return xr.DataArray([100.0, 200.0], {dim: [1, 2]}, (dim,), attrs={"units": unit})

    lab = ly.units.Lab("1 MHz", "5 GHz")
    assert lab.build(ly.LocalBath, "a", labelled("kHz")).rate.identical(lab.rate(labelled("kHz")))
    assert lab.build(ly.Family, ly.LocalBath, [0, 1], rate=labelled("kHz", "cell")).pattern.rate.tolist() == [0.1, 0.2]
    kick = lab.build(ly.pulse.square, labelled("kHz"), "0 us", "1 us")
    assert kick.terms[0].factor.values.tolist() == [0.1, 0.2]
    warm = lab.build(ly.LocalBath, "a", 0.1, labelled("mK", "bath"))
    assert warm.occupation.values.tolist() == ly.units.occupation(labelled("mK", "bath"), "5 GHz").values.tolist()
    for own in ("rate unit", "", "dimensionless"):
        assert lab.build(ly.LocalBath, "a", labelled(own)).rate.values.tolist() == [100.0, 200.0]
    refuses("rate", lambda: lab.build(ly.LocalBath, "a", labelled("us")), "Its dimension is [time]")
    refuses("rate", lambda: lab.build(ly.LocalBath, "a", labelled("parsnips")), "no such unit")


def test_names_that_begin_with_a_digit_stay_names() -> None:
    assert LAB.build(ly.Mode, "5 GHz").name == "5 GHz"
    assert LAB.build(ly.LocalBath, "2 b", rate="5 kHz").mode == "2 b"


def test_what_has_no_unit_here_is_refused(refuses) -> None:
    refuses("modes", lambda: LAB.build(ly.catalog.cascade, pint.Quantity(3, "kHz"), drive=0.1, damping=0.1))
    refuses("rate", lambda: LAB.build(ly.LocalBath, "b", rate="5 mK"), "Its dimension is [temperature]")
    refuses("temperature", lambda: ly.units.Lab("1 MHz", "5 GHz").build(ly.LocalBath, "b", 0.1, "5 kHz"))


@pytest.mark.parametrize("record", [Mode, *KINDS.values()], ids=lambda record: record.__name__)
def test_every_number_of_every_element_says_which_quantity_it_is(record: type) -> None:
    """Without it neither `build` nor a device file could take it with a unit."""
    assert [name for name in layout_of(record).numbers if quantity_of(record, name) not in QUANTITIES] == []
