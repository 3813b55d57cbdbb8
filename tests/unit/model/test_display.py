"""Devices and their equations as notebooks show them: short, escaped, and with the numbers that they have."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

import leyden as ly


def cells(html: str) -> list[list[str]]:
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]


def test_elements_are_printed_as_they_are_written() -> None:
    names = {name: getattr(ly, name) for name in ly.__all__}
    for element in (
        ly.Mode("a", 2.0),
        ly.SharedBath({"a": 1.0, "b": 1j}, 3.0),
        ly.CoherentCoupling("a", "b", 2j),
        ly.TwoPhotonDrive("a", 0.1, 0.2),
    ):
        assert eval(repr(element), names) == element


def test_arrays_are_printed_by_their_axes() -> None:
    labelled = xr.DataArray(np.ones((2, 3)), dims=("drive", "phase"))
    drive = ly.TwoPhotonDrive("a", labelled, np.ones(4))
    shown = "amplitude=<array over drive: 2, phase: 3>, phase=<array of shape (4,)>"
    assert repr(drive) == f"TwoPhotonDrive(mode='a', {shown})"
    device = ly.Network([ly.Mode("a")], [drive], "a", "a")
    assert repr(device).endswith("; TwoPhotonDrive; batch over batch: 4, drive: 2, phase: 3>")


def test_a_device_is_a_table_of_its_parameters() -> None:
    drive = xr.DataArray([0.1, 0.2], dims="drive")
    device = ly.Network(
        [ly.Mode("<b>", detuning=np.array([0.1, 0.2, 0.3])), ly.Mode("b", 2.0)],
        [ly.OnePhotonDrive("<b>", drive), ly.SharedBath({"b": 1 / 3 + 1j}, 0.5)],
        "<b>",
        ["b"],
        name="of two & more",
    )
    html = device._repr_html_()
    assert "<b>" not in html
    assert "of two &amp; more: 2 modes" in html
    assert cells(html) == [
        ["element", "parameters"],
        ["Mode(&lt;b&gt;)", "frequency = 1, detuning = array of shape (3,)"],
        ["Mode(b)", "frequency = 2, detuning = 0"],
        ["OnePhotonDrive(&lt;b&gt;)", "amplitude = over drive: 2, phase = 0"],
        ["SharedBath(b)", "rate = 0.5, occupation = 0, weights[b] = 0.333333+1j"],
    ]


def test_of_a_large_device_the_first_rows_are_shown() -> None:
    rows = cells(ly.catalog.cascade(100_000, drive=0.1, damping=0.1)._repr_html_())
    assert len(rows) < 50
    assert [row[1] for row in rows if row[0] == "..."] == ["100000 in all", "299999 in all"]


def test_equations_are_a_line_and_their_drift_a_table() -> None:
    """A mode of detuning 0.5 and damping 2: x and p decay at rate 1 and turn into each other at rate 0.5."""
    device = ly.Network([ly.Mode("a", detuning=0.5)], [ly.LocalBath("a", 2.0), ly.OnePhotonDrive("a", 0.5)], "a", "a")
    equations = ly.moment_equations(device)
    assert repr(equations) == "<MomentEquations of a: drift of shape (2, 2), 3 parts>"
    head, *rows = cells(equations._repr_html_())
    assert head == ["drift", "x(a)", "p(a)", "forcing"]
    assert [row[:3] for row in rows] == [["x(a)", "-1", "0.5"], ["p(a)", "-0.5", "-1"]]
    assert float(rows[1][3]) == pytest.approx(-(0.5**0.5), rel=1e-5)


@pytest.mark.parametrize(
    "device",
    [
        ly.catalog.cascade(7, drive=0.1, damping=0.1),
        ly.catalog.cascade(3, drive=np.array([0.1, 0.2]), damping=0.1),
    ],
    ids=["large", "batch"],
)
def test_large_equations_are_a_line_alone(device: ly.Network) -> None:
    equations = ly.moment_equations(device)
    assert cells(equations._repr_html_()) == [[]]
    assert repr(equations).strip("<>") in equations._repr_html_()


def test_a_network_shows_its_drawing_and_its_equation() -> None:
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    shown = device._repr_html_()
    assert '<svg style="max-width:100%;height:auto" ' in shown
    assert "<math" in shown or "$$" in shown
    assert repr(device).count("\n") == 0


def test_without_mathml_the_equation_stands_in_latex(monkeypatch) -> None:
    monkeypatch.setattr("leyden.model.display.mathml_of", lambda latex: None)
    device = ly.Network([ly.Mode("<b>")], [ly.LocalBath("<b>", 0.5)], charger="<b>", battery="<b>", name="<script>")
    shown = device._repr_html_()
    assert "$$" in shown
    assert "<b>" not in shown
    assert "<script>" not in shown
    assert "$$" in ly.moment_equations(device)._repr_html_()


def test_what_would_take_long_is_not_drawn() -> None:
    shown = ly.catalog.cascade(5000, drive=0.1, damping=0.1)._repr_html_()
    assert "<svg" not in shown
    assert "<table" in shown
