"""Units of results are true for the device's frequencies."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock
from leyden.quantities import QUANTITIES, attributes_of

LEFT, OTHER = "hbar omega_0", "hbar * frequency unit"
TIMES = [0.0, 1.0, 2.5]


def pair(frequency: Any = 1.0, drive: Any = 0.05) -> ly.Network:
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1, frequency=frequency)


def two(first: Any, second: Any) -> ly.Network:
    modes = [ly.Mode("a", first), ly.Mode("b", second)]
    elements = [ly.TwoPhotonDrive("a", 0.05), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)]
    return ly.Network(modes, [*elements, ly.CoherentCoupling("a", "b", 0.3)], "a", "b")


def one_of(battery: Any, amplitude: Any = 0.02) -> ly.Network:
    elements = [ly.TwoPhotonDrive("a", amplitude), ly.LocalBath("a", 1.0), ly.LocalBath("b", 0.7)]
    modes = [ly.Mode("a"), ly.Mode("b", 2.0)]
    return ly.Network(modes, [*elements, ly.CoherentCoupling("a", "b", 0.3)], "a", battery)


def many(frequency: Any) -> ly.Network:
    links = [[place, place + 1] for place in range(2)]
    elements = [ly.Family(ly.LocalBath, range(3), rate=1.0), ly.Family(ly.CoherentCoupling, links, strength=0.2)]
    return ly.Network(ly.Modes(3, frequency), [*elements, ly.TwoPhotonDrive("m0", 0.05)], "m0", ["m1", "m2"])


DEVICES = {
    "left at 1": (pair(), LEFT),
    "the whole number 1": (pair(1), LEFT),
    "one number": (pair(6.0), OTHER),
    "a batch": (pair(np.array([1.0, 6.0])), OTHER),
    "labelled": (pair(xr.DataArray([1.0, 6.0], dims="frequency")), OTHER),
    "drives alone": (pair(drive=np.array([0.01, 0.02])), LEFT),
    "the charger's": (two(2.0, 1.0), OTHER),
    "the battery's": (two(1.0, 2.0), OTHER),
    "many modes": (many(1.0), LEFT),
    "many modes, each by itself": (many(np.ones(3)), LEFT),
    "many modes of another one": (many(6.0), OTHER),
    "many modes, one of another": (many(np.array([1.0, 1.0, 2.0])), OTHER),
}


@pytest.mark.parametrize("name", DEVICES)
def test_units_are_those_of_the_frequencies(name: str) -> None:
    network, energy = DEVICES[name]
    for found in (ly.charge(network, TIMES), ly.steady_state(network)):
        for variable in found.data_vars.values():
            quantity = QUANTITIES[str(variable.name).removeprefix("total_")]
            assert variable.attrs["units"] == quantity.unit.replace(LEFT, energy)
        assert found.stored_energy.attrs["units"] == energy
        assert found.charging_power.attrs["units"] == f"{energy} * rate unit"
        assert found.utilization_ratio.attrs["units"] == "1"


def test_the_number_and_its_unit_belong_together() -> None:
    """Eq. (14) with g = 1/2, Lambda = 0.6, eps = 0.05 gives 0.13393 quanta, of six units each."""
    one, six = ly.steady_state(pair()), ly.steady_state(pair(6.0))
    assert float(one.stored_energy) == pytest.approx(0.06 / (0.36 - 0.04) / (0.36 - 0.01) / 4, rel=1e-12)
    assert float(six.stored_energy) == pytest.approx(6 * float(one.stored_energy), rel=1e-14)
    assert [found.stored_energy.attrs["units"] for found in (one, six)] == [LEFT, OTHER]


def test_the_method_does_not_matter() -> None:
    chain = ly.catalog.cascade(200, drive=0.05, damping=0.1)
    for frequency, energy in ((1.0, LEFT), (6.0, OTHER)):
        network = ly.Network(ly.Modes(200, frequency), chain.parts, "m0", chain.battery)
        found = ly.steady_state(network, method="sparse")
        assert found.total_ergotropy.attrs["units"] == energy
        small = ly.catalog.two_photon_battery(drive=0.02, charger_damping=0.5, battery_damping=0.5, frequency=frequency)
        assert fock.steady_state(small).ergotropy.attrs["units"] == energy


def test_sweeps_over_frequencies() -> None:
    """The first point has frequency 1, and the second one not; whatever way the frequency depends on the axes."""
    by_name = ly.sweep("two_photon_battery", {"frequency": [1.0, 6.0]})
    by_address = ly.sweep(two(1.0, 1.0), {"Mode(b).frequency": [1.0, 6.0]}, measure="charge", times=TIMES)
    by_function = ly.sweep(lambda step, start: pair(1.0 + step * start), {"step": [0.0, 1.0], "start": [0.0, 5.0]})
    for found in (by_name, by_address, by_function):
        assert found.stored_energy.attrs["units"] == OTHER
    assert by_name.frequency.attrs["units"] == "frequency unit"
    fixed = {
        frequency: ly.sweep("two_photon_battery", {"drive": [0.01]}, fixed={"frequency": frequency})
        for frequency in (1, 6)
    }
    assert [fixed[frequency].ergotropy.attrs["units"] for frequency in (1, 6)] == [LEFT, OTHER]


def test_one_battery_in_a_list_keeps_its_dim() -> None:
    """The numbers are those of the battery by its name, with an axis of one; and the totals are these, too."""
    drive = xr.DataArray([0.02, 0.03], dims="drive")
    for changes in ({}, {"amplitude": drive}, {"amplitude": np.array([0.02, 0.9])}):
        alone, listed = (one_of(battery, **changes) for battery in ("b", ["b"]))
        hot = ly.states.thermal(np.ones((3, *([1] if changes else []), 2)))
        for solve in (
            ly.steady_state,
            lambda network: ly.charge(network, TIMES),
            lambda network, hot=hot: ly.charge(network, TIMES, initial=hot),
        ):
            bare, found = solve(alone), solve(listed)
            assert 'battery = ["b"]' in found.attrs.pop("device_file")
            assert 'battery = "b"' in bare.attrs.pop("device_file")
            xr.testing.assert_identical(found.isel(mode=0, drop=True)[list(bare.data_vars)], bare)
            assert found.mode.values.tolist() == ["b"]
            for name in ("stored_energy", "ergotropy", "charging_power", "utilization_ratio"):
                np.testing.assert_array_equal(found[f"total_{name}"], bare[name])
    bare, found = (fock.charge(one_of(battery), TIMES).drop_attrs(deep=False) for battery in ("b", ["b"]))
    xr.testing.assert_identical(found.isel(mode=0, drop=True)[list(bare.data_vars)], bare)


def test_one_battery_of_many_modes_in_a_list_keeps_its_dim() -> None:
    chain = ly.catalog.cascade(200, drive=0.05, damping=0.1)
    bare, found = (
        ly.charge(ly.Network(chain.modes, chain.parts, "m0", battery), TIMES, method="sparse")
        for battery in ("m7", ["m7"])
    )
    assert 'battery = ["m7"]' in found.attrs.pop("device_file")
    assert 'battery = "m7"' in bare.attrs.pop("device_file")
    xr.testing.assert_identical(found.isel(mode=0, drop=True)[list(bare.data_vars)], bare)


def test_a_chain_of_two_has_no_list() -> None:
    assert ly.steady_state(ly.catalog.cascade(2, drive=0.05, damping=0.1)).stored_energy.dims == ()


def test_traced_frequencies_are_no_error() -> None:
    jax.config.update("jax_enable_x64", True)
    units: list[str] = []

    def energy(frequency: Any) -> Any:
        found = ly.steady_state(pair(frequency)).stored_energy
        units.append(found.attrs["units"])
        return found.data

    assert float(jax.jit(energy)(6.0)) == pytest.approx(6 * 0.13392857142857143, rel=1e-12)
    assert units == [OTHER]


def test_totals_have_the_units_of_what_they_add() -> None:
    assert attributes_of("total_charging_power", OTHER)["units"] == f"{OTHER} * rate unit"
    assert attributes_of("total_charging_efficiency", OTHER)["units"] == "1"


def test_results_share_nothing_that_can_be_written() -> None:
    """Their form is made once; what a user does to one result is not seen in the next."""
    first = ly.charge(pair(), TIMES)
    kept = first.copy(deep=True)
    for name in ("stored_energy", "time"):
        first[name].attrs["units"] = "J"
    first.stored_energy.values[:] = 7.0
    first.attrs["device"] = "mine"
    first["more"] = first.stored_energy * 2
    first.coords["hours"] = ("time", [0.0, 1.0, 2.0])
    xr.testing.assert_identical(ly.charge(pair(), TIMES), kept)
    assert ly.charge(pair(), [0.0, 2.0, 5.0]).time.values.tolist() == [0.0, 2.0, 5.0]


def test_long_runs_look_like_short_ones() -> None:
    short, long = (ly.charge(pair(), np.linspace(0.0, 1.0, count)) for count in (21, 2001))
    assert {name: (value.dims, value.attrs) for name, value in long.variables.items()} == {
        name: (value.dims, value.attrs) for name, value in short.variables.items()
    }
    xr.testing.assert_allclose(short.isel(time=-1), long.isel(time=-1), rtol=1e-12)
