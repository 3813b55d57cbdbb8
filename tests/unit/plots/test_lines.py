"""Families of curves: the data on the page, in order, named."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from leyden.plots import draw_decades, draw_family, family_legend, mark_points, panel_letter, sequence
from leyden.quantities import ENERGY

TIMES = np.linspace(0.0, 3.0, 4)
DRIVES = np.array([0.1, 0.2, 0.3])


def family() -> xr.DataArray:
    return xr.DataArray(
        DRIVES[:, None] * TIMES,
        {"drive": DRIVES, "time": TIMES},
        ("drive", "time"),
        name="stored_energy",
        attrs={"units": ENERGY},
    )


@pytest.mark.parametrize("order", [("drive", "time"), ("time", "drive")])
def test_each_curve_is_the_data(order: tuple[str, str]) -> None:
    axes = Figure().add_subplot()
    lines = draw_family(axes, family().transpose(*order), along="time", over="drive", palette="plasma")
    assert axes.get_lines() == lines
    for line, drive in zip(lines, DRIVES, strict=True):
        np.testing.assert_array_equal(line.get_xdata(), TIMES)
        np.testing.assert_array_equal(line.get_ydata(), drive * TIMES)
    assert [line.get_label() for line in lines] == ["0.1", "0.2", "0.3"]
    assert [to_hex(line.get_color()) for line in lines] == sequence(3, "plasma")


def test_axes_are_labelled() -> None:
    axes = Figure().add_subplot()
    draw_family(axes, family(), along="time", over="drive", rate=r"\Gamma")
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\Gamma t$", r"$E_B/\omega_0$")


@pytest.mark.parametrize("wrong", [lambda data: data[0], lambda data: data.expand_dims("site")])
def test_other_dims_are_refused(wrong, refuses) -> None:
    axes = Figure().add_subplot()
    refuses("curves", lambda: draw_family(axes, wrong(family()), along="time", over="drive"), "'time'", "'drive'")


def test_the_legend_names_parameter_and_values() -> None:
    figure = Figure()
    lines = draw_family(figure.add_subplot(), family(), along="time", over="drive")
    family_legend(figure, lines, family()["drive"], rate=r"\Gamma", loc="upper left")
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [r"$\epsilon/\Gamma$$\,=$", "0.1", "0.2", "0.3"]


def test_marks_lie_on_their_curves() -> None:
    axes = Figure().add_subplot()
    lines = draw_family(axes, family(), along="time", over="drive")
    mark_points(axes, [1.0, np.nan, 2.0], [0.1, np.nan, 0.6])
    marks = axes.get_lines()[3:]
    assert [mark.get_color() for mark in marks] == [line.get_color() for line in lines]
    assert [list(map(float, mark.get_xdata())) for mark in marks[::2]] == [[1.0], [2.0]]


def test_a_letter_stands_above_the_axes() -> None:
    axes = Figure().add_subplot()
    panel_letter(axes, "c")
    assert axes.get_title(loc="left") == "(c)"


def test_decades_are_written_out() -> None:
    axes = Figure().add_subplot()
    draw_decades(axes, 1e-2, 20.0)
    assert (axes.get_yscale(), axes.get_ylim()) == ("log", (1e-2, 20.0))
    formatter = axes.yaxis.get_major_formatter()
    assert [formatter(value, 0) for value in (0.01, 0.1, 1.0)] == ["0.01", "0.1", "1"]
