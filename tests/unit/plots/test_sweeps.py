"""A sweep at a glance: the data on the page, the scales, and where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes

import leyden as ly
from leyden.plots import sweep_figure

PAIR = "two_photon_battery"


def curve(axes: Axes, words: str) -> np.ndarray:
    (line,) = [line for line in axes.get_lines() if str(line.get_label()).endswith(words)]
    return np.asarray(line.get_ydata())


def legend(axes: Axes) -> list[str]:
    found = axes.get_legend()
    return [] if found is None else [text.get_text() for text in found.get_texts()]


def test_lines_over_one_parameter() -> None:
    data = ly.sweep(PAIR, {"drive": [0.1, 0.05, 0.08]})
    figure = sweep_figure(data)
    (axes,) = figure.axes
    # In the order of the parameter, whatever the order of its values.
    np.testing.assert_array_equal(curve(axes, "stored energy"), data["stored_energy"].values[[1, 2, 0]])
    np.testing.assert_array_equal(curve(axes, "ergotropy"), data["ergotropy"].values[[1, 2, 0]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\epsilon$ (rate unit)", r"energy ($\hbar\omega_0$)")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    assert figure.get_suptitle() == PAIR
    assert "no steady state" not in legend(axes)


def test_what_does_not_settle_is_hatched_half_way() -> None:
    """The critical drive is 0.15; of the points below and above nothing more is known."""
    (axes,) = sweep_figure(ly.sweep(PAIR, {"drive": [0.1, 0.14, 0.16, 0.2]})).axes
    assert legend(axes)[-1] == "no steady state"
    back = axes.transData.inverted()
    spans = sorted(patch.get_extents().transformed(back).intervalx.tolist() for patch in axes.patches)
    np.testing.assert_allclose(spans, [[0.15, 0.18], [0.18, 0.2]], rtol=1e-9)


def test_several_batteries_are_taken_together() -> None:
    data = ly.sweep("cascade", {"drive": [0.05, 0.1]})
    np.testing.assert_array_equal(curve(sweep_figure(data).axes[0], "total ergotropy"), data["total_ergotropy"].values)


def test_equal_ratios_get_a_logarithmic_axis_and_so_does_growth() -> None:
    damping = ly.Range(0.01, 1, 9, spacing="log")
    (axes,) = sweep_figure(ly.sweep(PAIR, {"battery_damping": damping})).axes
    assert axes.get_xscale() == "log"
    (axes,) = sweep_figure(ly.sweep(PAIR, {"drive": ly.Range(0.01, 0.149, 9)})).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


def test_a_map_over_two() -> None:
    data = ly.sweep(PAIR, {"drive": ly.Range(0.02, 0.2, 7), "charger_damping": ly.Range(0.01, 1, 5, spacing="log")})
    figure = sweep_figure(data)
    axes, bar = figure.axes
    (mesh,) = [one for one in axes.collections if type(one).__name__ == "QuadMesh"]
    np.testing.assert_array_equal(np.ma.filled(mesh.get_array(), np.nan), data["ergotropy"].values.T)
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert legend(axes) == ["no steady state"]
    assert bar.get_ylabel() == r"$W$ ($\hbar\omega_0$)"


def test_charging_curves_in_time() -> None:
    times = np.linspace(0, 10, 21)
    data = ly.sweep(PAIR, {"drive": ly.Range(0.01, 0.1, 12)}, measure="charge", times=times)
    (axes,) = sweep_figure(data).axes
    assert len(axes.get_lines()) == 9
    np.testing.assert_array_equal(axes.get_lines()[-1].get_ydata(), data["ergotropy"].isel(drive=-1))
    np.testing.assert_array_equal(axes.get_lines()[0].get_xdata(), times)


def test_single_values_are_in_the_title() -> None:
    figure = sweep_figure(ly.sweep(PAIR, {"drive": [0.05, 0.1], "charger_damping": [0.2]}))
    assert figure.get_suptitle() == PAIR + r"    $\kappa_a$ = 0.2"


def test_a_method_without_ergotropy_shows_energy() -> None:
    data = ly.sweep(PAIR, {"drive": [0.05, 0.1], "phase": [0.0, 1.0]})
    figure = sweep_figure(data.assign(ergotropy=data["ergotropy"] * np.nan))
    assert figure.axes[1].get_ylabel() == r"$E_B$ ($\hbar\omega_0$)"


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ({"drive": [0.1]}, "but is 'none'"),
        ({"drive": [0.1, 0.2], "phase": [0, 1], "detuning": [0, 1]}, "'drive, phase, detuning'. Select values"),
        ({"coupling": [0.1j, 0.2j]}, "must vary parameters that are real numbers, but is 'coupling'"),
        ({"drive": [5.0, 6.0]}, "must have a value at some point"),
    ],
)
def test_what_has_no_picture_is_refused(refuses: Callable[..., Any], axes: dict[str, list[float]], words: str) -> None:
    data: xr.Dataset = ly.sweep(PAIR, axes)
    refuses("dataset", lambda: sweep_figure(data), words)
