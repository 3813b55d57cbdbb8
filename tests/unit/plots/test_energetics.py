"""Energy flows: what is stacked, what stands in which row, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

RATES = {"charger_damping": 0.1, "battery_damping": 0.2}
DEVICE = ly.catalog.two_photon_battery(drive=0.1, **RATES)


def test_the_balance_stacks_up_to_what_stays() -> None:
    found = ly.energetics(DEVICE, np.linspace(0.0, 10.0, 21))
    axes = Figure().add_subplot()
    plots.draw_energy_balance(axes, found)
    names = axes.get_legend_handles_labels()[1]
    assert names == ["drives", *found.bath.values.tolist(), "what stays"]
    line = axes.get_lines()[0]
    np.testing.assert_allclose(line.get_ydata(), found.flow.sum(["element", "mode"]), atol=1e-15)
    np.testing.assert_array_equal(line.get_xdata(), found.time)
    # All that comes in is the drive's, and the last bath ends where all losses do.
    tops = [patch.get_paths()[0].vertices[:, 1].max() for patch in axes.collections]
    lows = [patch.get_paths()[0].vertices[:, 1].min() for patch in axes.collections]
    assert max(tops) == pytest.approx(float(found.drive_power.max()), rel=1e-12)
    assert min(lows) == pytest.approx(float(found.heat.sum("bath").min()), rel=1e-12)
    assert axes.get_xlabel() == "$t$ (1/rate unit)"
    assert axes.get_ylabel() == r"power ($\hbar\omega_0\,\times$ rate unit)"


def test_flows_are_bars_of_each_mode_in_the_rows_of_elements() -> None:
    found = ly.energetics(DEVICE)
    axes = Figure().add_subplot()
    plots.draw_energy_flows(axes, found)
    assert [label.get_text() for label in axes.get_yticklabels()] == found.element.values.tolist()
    bars = [[bar.get_width() for bar in group] for group in axes.containers]
    np.testing.assert_array_equal(bars, found.flow.T)
    centres = [[bar.get_y() + bar.get_height() / 2 for bar in group] for group in axes.containers]
    np.testing.assert_allclose(np.mean(centres, axis=0), np.arange(5), atol=1e-12)
    assert axes.yaxis_inverted()


def test_only_single_devices_are_drawn() -> None:
    axes = Figure().add_subplot()
    grid = ly.catalog.two_photon_battery(
        drive=xr.DataArray([0.1], dims="drive"), charger_damping=0.1, battery_damping=0.2
    )
    for found in (ly.energetics(grid), ly.steady_state(DEVICE), ly.energetics(DEVICE, [0.0, 1.0])):
        with pytest.raises(ly.ParameterError, match="hold `flow` over element, mode, but"):
            plots.draw_energy_flows(axes, found)
    with pytest.raises(ly.ParameterError, match="hold `flow` over element, mode, time"):
        plots.draw_energy_balance(axes, ly.energetics(DEVICE))
    plots.draw_energy_flows(axes, ly.energetics(grid).isel(drive=0))
