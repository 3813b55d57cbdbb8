"""A portrait answers as the front door does, from one set of moment equations and without labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.equations.moments import MomentEquations
from leyden.paper.figures.marks import peaked_at, settled_at
from leyden.paper.times import peak_time, settling_time
from leyden.portrait import Portrait, curves, place_of

REFERENCE = ly.catalog.reference_device


@pytest.mark.parametrize("name", ["two_photon_battery", "cascade", "reciprocal_battery", "lattice"])
def test_a_portrait_says_what_the_front_door_says(name: str) -> None:
    device = REFERENCE(name)
    portrait = Portrait(device, until=7.0, points=29)
    run = ly.charge(device, portrait.times)
    assert portrait.run_dataset().drop_attrs().identical(run.drop_attrs())
    assert portrait.steady_dataset().drop_attrs().identical(ly.steady_state(device).drop_attrs())
    assert {**portrait.run_dataset().attrs, "critical_drive": None} == {**run.attrs, "critical_drive": None}
    assert portrait.abscissa == float(ly.stability(device).spectral_abscissa)
    names = [str(name) for name in run.data_vars if name != "is_stable" and not str(name).startswith("total_")]
    assert sorted(portrait.quantities() + portrait.whole_quantities()) == sorted(names)
    for quantity in names:
        assert portrait.unit(quantity) == run[quantity].attrs["units"]
        for column in portrait.columns:
            values = column.of(portrait.run, quantity)
            assert values is None or values.shape == (29,)


@pytest.mark.parametrize("words", [["charge"], ["charge", "--json"], ["charge", "--until", "7"], ["steady"]])
def test_a_command_makes_one_set_of_moment_equations_and_charges_each_grid_once(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the same device without its drive, which tell the threshold, are another device's."""
    made: list[float] = []
    grids: list[tuple[float, ...]] = []
    build, charge = MomentEquations.__init__, curves.charged

    def building(self: MomentEquations, *arguments: Any, **more: Any) -> None:
        build(self, *arguments, **more)
        made.extend(element.amplitude for element in self.elements if isinstance(element, ly.TwoPhotonDrive))

    def charging(task: Any) -> Any:
        grids.append(tuple(task.times))
        return charge(task)

    monkeypatch.setattr(MomentEquations, "__init__", building)
    monkeypatch.setattr(curves, "charged", charging)
    found = CliRunner().invoke(app, [words[0], "two_photon_battery", "--set", "drive=0.06", *words[1:]])
    assert found.exit_code == 0
    assert made.count(0.06) == 1
    assert len(set(grids)) == len(grids)
    # The one run of the command is at the user's times; a steady state needs none.
    assert [len(grid) for grid in grids].count(401) == (words[0] == "charge")


def test_a_device_without_steady_state_has_all_the_rest() -> None:
    portrait = Portrait(REFERENCE("two_photon_battery", drive=0.2))
    assert (portrait.condition, portrait.steady) == ("unstable", None)
    assert np.isnan(portrait.settling["battery"])
    with pytest.raises(ly.UnstableError):
        _ = portrait.settled_values
    peak = portrait.peak(portrait.columns[0], "stored_energy")
    assert peak is not None
    assert place_of(peak) == "end"


def test_one_settling_time_wherever_it_is_read() -> None:
    """A reciprocal battery swings: it has 99 % of its steady energy long before it stays within 1 % of it."""
    device = REFERENCE("reciprocal_battery", photons=1, coupling=1.0, charger_damping=0.1, battery_damping=0.1)
    steady = ly.steady_state(device).stored_energy
    energy = ly.charge(device, np.linspace(0.0, 150.0, 3001)).stored_energy
    exact = Portrait(device).settling["battery"]
    first = float(energy.time[int(np.argmax(energy.values >= 0.99 * float(steady)))])
    assert first < 0.1 * exact
    assert float(ly.merit.settling_time(energy.time.values, energy.values, steady.values)) == pytest.approx(
        exact, rel=1e-6
    )
    assert float(settling_time(energy, steady, energy.time)) == pytest.approx(exact, rel=1e-6)
    assert float(settled_at(energy, steady)) == pytest.approx(exact, rel=1e-6)


def test_one_peak_wherever_it_is_read() -> None:
    device = REFERENCE("two_photon_battery")
    portrait = Portrait(device)
    power = ly.charge(device, portrait.times).charging_power
    exact = portrait.peak(portrait.columns[0], "charging_power")
    found = ly.merit.peak(power.time.values, power.values)
    assert exact is not None
    assert exact == pytest.approx((float(found.value), float(found.time), True), rel=1e-6)
    assert float(peak_time(power, power.time)) == float(peaked_at(power)) == float(found.time)
