"""Charging curves of one device: the data on the page, and what stands around them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import leyden as ly
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


def test_several_batteries_are_shown_together_and_one_by_one() -> None:
    data = ly.charge(ly.catalog.cascade(4, drive=0.05, damping=0.1), TIMES)
    total, each, power = charging_curves(data).axes
    found = curves(total)
    (label,) = [label for label in found if label.endswith("total stored energy")]
    np.testing.assert_array_equal(found[label], data["total_stored_energy"].values)
    lines = each.get_lines()
    assert len(lines) == 6
    for place, mode in enumerate(("m1", "m2", "m3")):
        assert lines[2 * place].get_label() == mode
        np.testing.assert_array_equal(lines[2 * place].get_ydata(), data["stored_energy"].sel(mode=mode))
        np.testing.assert_array_equal(lines[2 * place + 1].get_ydata(), data["ergotropy"].sel(mode=mode))
        np.testing.assert_array_equal(power.get_lines()[place].get_ydata(), data["charging_power"].sel(mode=mode))
    assert [text.get_text() for text in each.get_legend().get_texts()] == ["m1", "m2", "m3", "$E_B$", "$W$"]


@pytest.mark.parametrize("batteries", [8, 9, 30])
def test_the_legend_of_many_batteries_stays_short(batteries: int) -> None:
    data = ly.charge(ly.catalog.cascade(batteries + 1, drive=0.05, damping=0.1), [0.0, 1.0])
    names = [text.get_text() for text in charging_curves(data).axes[1].get_legend().get_texts()][:-2]
    assert (names[0], names[-1]) == ("m1", f"m{batteries}")
    assert len(names) <= 9
    assert len(names) == batteries or batteries > 8


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
