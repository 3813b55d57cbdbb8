"""Charging curves of one device: the data on the page, and what stands around them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import leyden as ly
from leyden import plots
from leyden.plots import charging_curves

TIMES = np.linspace(0.0, 40.0, 81)


def run(**changes: float) -> xr.Dataset:
    parameters = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1} | changes
    return ly.charge(ly.catalog.two_photon_battery(**parameters), TIMES)


def curves(axes: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_label()): np.asarray(line.get_ydata()) for line in axes.get_lines()}


def title(figure: Figure) -> str:
    return figure.get_suptitle()


def test_the_panels_hold_the_data() -> None:
    data = run()
    energies, power = charging_curves(data).axes
    found = curves(energies)
    for name in ("stored_energy", "ergotropy", "passive_energy", "charger_energy"):
        (label,) = [label for label in found if label.endswith(f"  {name.replace('_', ' ')}")]
        assert label.startswith(f"${data[name].attrs['symbol']}$")
        np.testing.assert_array_equal(found[label], data[name].values)
    np.testing.assert_array_equal(power.get_lines()[0].get_ydata(), data["charging_power"].values)
    np.testing.assert_array_equal(power.get_lines()[0].get_xdata(), TIMES)


def test_axes_have_units() -> None:
    energies, power = charging_curves(run()).axes
    assert energies.get_ylabel() == r"energy ($\hbar\omega_0$)"
    assert power.get_ylabel() == r"$P$ ($\hbar\omega_0\,\times$ rate unit)"
    assert power.get_xlabel() == "$t$ (1/rate unit)"


def test_other_frequencies_have_other_units() -> None:
    """The same pair with frequency 6 has six times the number."""
    energies, power = charging_curves(run(frequency=6.0)).axes
    assert energies.get_ylabel() == r"energy ($\hbar\,\times$ frequency unit)"
    assert power.get_ylabel() == "$P$\n" r"($\hbar\,\times$ frequency unit $\times$ rate unit)"


def test_several_batteries_are_shown_together_and_one_by_one() -> None:
    data = ly.charge(ly.catalog.cascade(4, drive=0.05, damping=0.1), TIMES)
    total, each, power = charging_curves(data).axes
    found = curves(total)
    (label,) = [label for label in found if label.endswith("total stored energy")]
    np.testing.assert_array_equal(found[label], data["total_stored_energy"].values)
    lines, powers = unmarked(each), unmarked(power)
    assert (len(lines), len(powers)) == (6, 3)
    for place, mode in enumerate(("m1", "m2", "m3")):
        np.testing.assert_array_equal(lines[2 * place].get_ydata(), data["stored_energy"].sel(mode=mode))
        np.testing.assert_array_equal(lines[2 * place + 1].get_ydata(), data["ergotropy"].sel(mode=mode))
        np.testing.assert_array_equal(powers[place].get_ydata(), data["charging_power"].sel(mode=mode))
    assert legend(each) == ["m1", "m2", "m3", "$E_B$", "$W$"]
    assert each.get_legend().get_title().get_text() == ""


def unmarked(axes: Axes) -> list[Line2D]:
    return [line for line in axes.get_lines() if line.get_linestyle() != "None" and len(line.get_xdata()) > 2]


def marks(axes: Axes) -> list[Line2D]:
    return [line for line in axes.get_lines() if line.get_linestyle() == "None"]


def legend(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_of_many_batteries_those_that_store_most_are_drawn() -> None:
    """What modes store has nothing to do with their order: here a late one is driven, and the first ones are empty."""
    data = ly.charge(ly.catalog.reciprocal_chain(30, drive=0.05, damping=0.1, coupling=0.5, driven=25), TIMES)
    # The last battery fills up and runs empty again: it counts for what it stored once.
    energy = data["stored_energy"].copy()
    energy.loc[{"mode": "m29"}] = np.exp(-(((TIMES - 10.0) / 3.0) ** 2))
    data = data.assign(stored_energy=energy.assign_attrs(data["stored_energy"].attrs))
    _, each, power = charging_curves(data).axes
    largest = data["stored_energy"].max("time").to_series().nlargest(8)
    expected = [str(mode) for mode in data["mode"].values if mode in largest.index]
    assert expected[-1] == "m29"
    assert "m1" not in expected
    assert legend(each) == [*expected, "$E_B$", "$W$"]
    assert each.get_legend().get_title().get_text() == "the 8 of 29 batteries that store most"
    for drawn, mode in zip(unmarked(each)[::2], expected, strict=True):
        np.testing.assert_array_equal(drawn.get_ydata(), data["stored_energy"].sel(mode=mode))
    for drawn, mode in zip(unmarked(power), expected, strict=True):
        np.testing.assert_array_equal(drawn.get_ydata(), data["charging_power"].sel(mode=mode))


def test_eight_batteries_are_all_drawn() -> None:
    data = ly.charge(ly.catalog.cascade(9, drive=0.05, damping=0.1), TIMES)
    _, each, _ = charging_curves(data).axes
    assert legend(each)[:-2] == [f"m{place}" for place in range(1, 9)]
    assert each.get_legend().get_title().get_text() == ""


def test_batteries_have_colours_and_marks_of_their_own() -> None:
    data = ly.charge(ly.catalog.cascade(20, drive=0.05, damping=0.1), TIMES)
    _, each, power = charging_curves(data).axes
    for panel, kinds in ((each, 2), (power, 1)):
        for lines in (unmarked(panel)[::kinds], marks(panel)[::kinds], each.get_legend().get_lines()[:8]):
            assert len({line.get_color() for line in lines}) == 8
        assert len({line.get_marker() for line in marks(panel)[::kinds]}) == 8
    named = [(line.get_color(), line.get_marker()) for line in each.get_legend().get_lines()[:8]]
    assert named == [(line.get_color(), line.get_marker()) for line in marks(power)]


def test_equal_curves_are_both_seen() -> None:
    """In a ring the neighbours on either side store the same; their marks take turns, and lie on the curves."""
    data = ly.charge(ly.catalog.ring(4, drive=0.05, damping=0.3, coupling=0.2), TIMES)
    np.testing.assert_allclose(data["stored_energy"].sel(mode="m1"), data["stored_energy"].sel(mode="m3"), atol=1e-14)
    _, each, power = charging_curves(data).axes
    for panel, kinds in ((each, 2), (power, 1)):
        first, _, third = marks(panel)[::kinds]
        assert len(first.get_xdata()) == len(third.get_xdata()) == 4
        assert not set(first.get_xdata()) & set(third.get_xdata())
        for dots, line in zip(marks(panel), unmarked(panel), strict=True):
            assert dots.get_zorder() > line.get_zorder()
            curve = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
            assert [curve[time] for time in dots.get_xdata()] == list(dots.get_ydata())


@pytest.mark.parametrize("times", [[0.0], [0.0, 1.0], np.geomspace(1e-3, 40.0, 30)], ids=len)
def test_any_grid_of_times_can_be_marked(times) -> None:
    data = ly.charge(ly.catalog.cascade(20, drive=0.05, damping=0.1), times)
    _, each, _ = charging_curves(data).axes
    assert len(marks(each)) == 16
    assert all(set(line.get_xdata()) <= set(data["time"].values) for line in marks(each))


def test_the_title_names_device_and_threshold() -> None:
    data = run()
    assert title(charging_curves(data)) == "two_photon_battery"
    shown = title(charging_curves(data.assign_attrs(critical_drive=0.15)))
    assert shown == r"two_photon_battery    $\epsilon_c$ = 0.15 rate unit"
    assert title(charging_curves(data.assign_attrs(critical_drive=np.inf))) == "two_photon_battery"


def test_a_bare_dataset_has_no_title() -> None:
    data = run().drop_attrs(deep=False).drop_vars("is_stable")
    assert title(charging_curves(data)) == ""


def test_growth_without_bound_is_shown_by_factors() -> None:
    figure = charging_curves(run(drive=0.25))
    assert title(figure).endswith("no steady state")
    assert [axes.get_yscale() for axes in figure.axes] == ["log", "log"]
    assert [axes.get_yscale() for axes in charging_curves(run()).axes] == ["linear", "linear"]


def test_growth_is_shown_from_its_beginning_even_where_a_passive_energy_is_lost() -> None:
    device = ly.catalog.two_photon_battery(drive=0.29, charger_damping=0.1, battery_damping=0.1)
    data = ly.charge(device, np.linspace(0.0, 80.0, 161))
    assert np.isnan(data.passive_energy[-1])
    for axes, name in zip(charging_curves(data).axes, ("stored_energy", "charging_power"), strict=True):
        low, high = axes.get_ylim()
        assert low < float(data[name].sel(time=10.0))
        assert high > float(data[name][-1])


def test_small_numbers_share_a_power_of_ten() -> None:
    energies, power = charging_curves(run(drive=1e-4)).axes
    for axes in (energies, power):
        axes.figure.draw_without_rendering()
        assert "10^{" in axes.yaxis.get_offset_text().get_text()


def test_slow_growth_stays_on_a_linear_axis() -> None:
    """Just above threshold nothing grows much in the time shown."""
    figure = charging_curves(run(drive=0.151))
    assert "no steady state" in title(figure)
    assert [axes.get_yscale() for axes in figure.axes] == ["linear", "linear"]


def test_negative_power_shows_its_zero() -> None:
    """A reciprocal device hands energy back; the zero line tells where."""
    device = ly.catalog.reciprocal_battery(
        drive=0.02, charger_damping=0.1, battery_damping=0.1, coupling=0.5, photons=1
    )
    data = ly.charge(device, TIMES)
    assert float(data["charging_power"].min()) < 0
    lines = charging_curves(data).axes[1].get_lines()
    assert [list(map(float, line.get_ydata())) for line in lines[1:]] == [[0.0, 0.0]]
    assert len(charging_curves(run()).axes[1].get_lines()) == 1


def test_a_growing_device_with_backflow_stays_linear() -> None:
    """Factors cannot show a negative power."""
    data = run(drive=0.25)
    data["charging_power"] = data["charging_power"] - 1e-3
    assert [axes.get_yscale() for axes in charging_curves(data).axes] == ["log", "linear"]


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda data: data.drop_vars("ergotropy"), "ergotropy"),
        (lambda data: data.isel(time=0), "time"),
        (lambda data: data.expand_dims(drive=[0.1, 0.2]), "drive"),
    ],
)
def test_other_datasets_are_refused(spoil, word: str, refuses) -> None:
    data = spoil(run())
    refuses("dataset", lambda: charging_curves(data), word)


def test_stages_of_a_protocol_are_shaded_and_named() -> None:
    rates = {"charger_damping": 0.1, "battery_damping": 0.1}
    full, idle = (ly.catalog.two_photon_battery(drive=drive, **rates) for drive in (0.1, 0.0))
    run = ly.protocol([ly.Stage("charge", full, 20.0), ly.Stage("hold", idle, 5.0)], points=20)
    figure = plots.charging_curves(run)
    for axes in figure.axes:
        assert axes.get_xlim() == (0.0, 25.0)
        spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches]
        assert spans == [(0.0, 20.0), (20.0, 25.0)]
    assert [text.get_text() for text in figure.axes[-1].texts] == ["charge", "hold"]
    turns = [ly.Stage(f"the turn number {place}", full if place % 2 else idle, 1.0) for place in range(40)]
    crowded = plots.charging_curves(ly.protocol(turns, points=2))
    texts = crowded.axes[-1].texts
    assert texts[0].get_text() == "the turn number 0"
    assert 2 < len(texts) < 10
    places = [text.get_window_extent() for text in texts]
    assert all(one.x1 <= other.x0 + 1 for one, other in pairwise(places))
    with pytest.raises(ly.ParameterError, match="`run` must be the Dataset of a protocol"):
        plots.draw_stages(figure.axes[0], ly.charge(full, [0.0, 1.0]))


def test_what_a_method_does_not_tell_is_not_in_the_legend() -> None:
    """In time the battery's whole state behind an anharmonic charger is NaN: no curve, and no entry for it."""
    pair = ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    device = ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", 1.0)], charger="charger", battery="battery")
    energies, _ = charging_curves(ly.charge(device, np.linspace(0.0, 5.0, 6))).axes
    assert [name.split("  ")[1] for name in legend(energies)] == ["stored energy", "charger energy"]
