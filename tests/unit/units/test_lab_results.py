"""Results in lab units: values, coordinates, attributes, and the axes of plots that read them."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
import pytest
import scipy.constants
import xarray as xr

import leyden as ly
from leyden.plots.labels import attributes_of, axis_label
from leyden.quantities import ENERGY, OF_MERIT, OWN, QUANTITIES, squared
from leyden.results.table import merits
from leyden.units.lab_results import _KINDS

LAB = ly.units.Lab("1 MHz", frequency_unit="5 GHz")
QUANTUM, RATE = scipy.constants.h * 5e9, 2 * pi * 1e6


def device(**changes: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(**{"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1} | changes)


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return ly.charge(device(), LAB.time([0.0, 1.0, 2.0], "us"))


def test_every_quantity_of_a_run_is_converted(run: xr.Dataset) -> None:
    found = LAB.convert(run)
    factors = {"J": QUANTUM, "W": QUANTUM * RATE, "1": 1.0, "J^2": QUANTUM**2}
    units = {"hbar omega_0": "J", "hbar omega_0 * rate unit": "W", "1": "1", "(hbar omega_0)^2": "J^2"}
    for row in merits():
        if row.name in found and row.name != "is_stable":
            values = found[row.name]
            assert values.units == units[row.unit]
            np.testing.assert_allclose(values, run[row.name].values * factors[values.units], rtol=1e-14)
            assert {**values.attrs, "units": ""} == {**run[row.name].attrs, "units": ""}
    assert set(found.data_vars) == set(run.data_vars)
    assert found.time.values == pytest.approx([0.0, 1e-6, 2e-6], rel=1e-14)
    assert (found.time.units, found.attrs["rate_unit"], found.attrs["frequency_unit"]) == ("s", "1 MHz", "5 GHz")
    assert {name: found.attrs[name] for name in run.attrs} == run.attrs


def test_the_run_itself_stays(run: xr.Dataset) -> None:
    before = run.copy(deep=True)
    LAB.convert(run)
    xr.testing.assert_identical(run, before)


def test_other_units_on_wish(run: xr.Dataset) -> None:
    found = LAB.convert(run, time="us", energy="ueV", power="aW")
    assert found.time.values == pytest.approx([0.0, 1.0, 2.0], rel=1e-14)
    assert found.sel(time=1.0, method="nearest").time == found.time[1]
    expected = run.stored_energy.values * QUANTUM / scipy.constants.e * 1e6
    np.testing.assert_allclose(found.stored_energy, expected, rtol=1e-13)
    np.testing.assert_allclose(found.charging_power, run.charging_power.values * QUANTUM * RATE * 1e18, rtol=1e-13)
    assert (found.stored_energy.units, found.charging_power.units, found.time.units) == ("ueV", "aW", "us")


def test_the_power_is_the_slope_of_the_energy_in_lab_units() -> None:
    """Watts are joules per second: a factor 2 pi between the two scales would show here."""
    seconds = np.linspace(0.0, 1.0, 2001)
    found = LAB.convert(ly.charge(device(), LAB.time(seconds, "us")))
    slope = np.gradient(found.stored_energy.values, found.time.values)
    # Central differences: h^2 times the third derivative, of the order of (h RATE)^2 = 1e-5 of the largest.
    largest = float(found.charging_power.max())
    np.testing.assert_allclose(found.charging_power.values[1:-1], slope[1:-1], atol=1e-4 * largest, rtol=0)


def test_quanta_are_those_of_the_frequency_unit(refuses) -> None:
    lab = ly.units.Lab("1 MHz")
    built = lab.build(
        ly.catalog.two_photon_battery, drive=0.1, charger_damping=0.1, battery_damping=0.1, frequency="5 GHz"
    )
    steady = ly.steady_state(built)
    assert float(lab.convert(steady).stored_energy) == pytest.approx(0.9375 * QUANTUM, rel=1e-12)
    refuses("energy", lambda: lab.convert(steady, energy="quanta"), "`frequency_unit`")
    found = LAB.convert(ly.steady_state(device()), energy="quanta").stored_energy
    assert (float(found), found.units) == (pytest.approx(0.9375, rel=1e-12), "quanta")


def test_frequencies_other_than_one_are_in_the_frequency_unit() -> None:
    """A battery of 10 GHz holds twice the energy of one of 5 GHz."""
    steady = ly.steady_state(device(frequency=LAB.frequency("10 GHz")))
    assert steady.stored_energy.units == "hbar * frequency unit"
    assert float(LAB.convert(steady).stored_energy) == pytest.approx(2 * 0.9375 * QUANTUM, rel=1e-12)


def test_an_energy_of_no_known_frequency_is_refused(refuses, run: xr.Dataset) -> None:
    words = ("hbar omega_0", "frequency_unit='5 GHz'")
    refuses("result", lambda: ly.units.Lab("1 MHz").convert(run), *words)


def test_rates_in_cycles_say_so_and_in_radians_do_not() -> None:
    stability = ly.stability(device())
    plain = float(stability.spectral_abscissa)
    cycles = LAB.convert(stability, rate="kHz").spectral_abscissa
    radians = LAB.convert(stability, rate="rad/s").spectral_abscissa
    per_second = LAB.convert(stability, rate="1/us").spectral_abscissa
    assert float(cycles) == pytest.approx(plain * 1e3, rel=1e-14)
    assert float(radians) == pytest.approx(plain * RATE, rel=1e-14)
    assert float(per_second) == pytest.approx(plain * RATE / 1e6, rel=1e-14)
    assert cycles.symbol == rf"{stability.spectral_abscissa.symbol}/2\pi"
    assert cycles.long_name == "spectral abscissa / 2 pi"
    assert radians.symbol == stability.spectral_abscissa.symbol
    energy = LAB.convert(stability, rate="neV").spectral_abscissa
    assert float(energy) == pytest.approx(plain * 1e6 * scipy.constants.h / scipy.constants.e * 1e9, rel=1e-13)


def test_the_axes_of_a_sweep_come_back_in_what_they_were_given_in() -> None:
    given = [50.0, 80.0, 110.0]
    swept = ly.sweep(
        ly.catalog.two_photon_battery,
        {"drive": LAB.rate(given, "kHz"), "frequency": LAB.frequency([4.0, 6.0], "GHz")},
        fixed={"charger_damping": 0.1, "battery_damping": 0.1},
    )
    found = LAB.convert(swept, rate="kHz")
    assert found.drive.values == pytest.approx(given, rel=1e-15)
    assert found.frequency.values == pytest.approx([4.0, 6.0], rel=1e-15)
    assert (found.drive.units, found.frequency.units, found.stored_energy.units) == ("kHz", "GHz", "J")


def test_one_variable_alone(run: xr.Dataset) -> None:
    found = LAB.convert(run.charging_power, power="aW", time="us")
    xr.testing.assert_identical(found, LAB.convert(run, power="aW", time="us").charging_power)
    assert LAB.convert(run.utilization_ratio, time="us").time.units == "us"


def test_every_unit_of_the_table_is_known_or_needs_none() -> None:
    """A new quantity with a unit of its own would else be left in numbers in silence."""
    squares = {squared(ENERGY)}
    assert {entry.unit for entry in QUANTITIES.values()} - set(_KINDS) - squares <= {"1", "dB", "rad", OWN, OF_MERIT}


def test_a_response_is_converted() -> None:
    response = ly.response(device(), [0.0, 0.5])
    found = LAB.convert(response, rate="kHz", time="ns")
    assert found.frequency.values.tolist() == [0.0, 500.0]
    assert found.frequency.symbol.endswith(r"/2\pi")
    np.testing.assert_allclose(found.transfer, response.transfer.values / RATE * 1e9, rtol=1e-13)


def test_twice_is_once(run: xr.Dataset) -> None:
    once = LAB.convert(run)
    xr.testing.assert_identical(LAB.convert(once), once)


def test_plots_show_lab_units(run: xr.Dataset) -> None:
    """They read attributes, and need to know nothing of units."""
    found = LAB.convert(run, time="us", power="aW")
    labels = [axis_label(attributes_of(found[name])) for name in ("time", "stored_energy", "charging_power")]
    assert labels == ["$t$ (µs)", "$E_B$ (J)", "$P$ (aW)"]
    critical = LAB.convert(ly.stability(device()), rate="kHz").spectral_abscissa
    assert axis_label(attributes_of(critical)).endswith(r"/2\pi$ (kHz)")


@pytest.mark.parametrize(
    ("units", "name"),
    [
        ({"time": "J"}, "time"),
        ({"energy": "W"}, "energy"),
        ({"power": "dogs"}, "power"),
        ({"rate": "s"}, "rate"),
        ({"rate": "Bq"}, "rate"),
        ({"frequency": "K"}, "frequency"),
        ({"energy": ""}, "energy"),
    ],
)
def test_units_that_do_not_fit(refuses, run: xr.Dataset, units: dict[str, str], name: str) -> None:
    refuses(name, lambda: LAB.convert(run, **units))


def test_what_is_no_result(refuses) -> None:
    refuses("result", lambda: LAB.convert(device()), "be a Dataset or DataArray")


def test_a_file_keeps_them(tmp_path, run: xr.Dataset) -> None:
    LAB.convert(run).to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as again:
        assert (again.attrs["rate_unit"], again.stored_energy.units) == ("1 MHz", "J")
