"""The figures: every panel against the paper's algebra, every mark and every word of a caption against the curves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from leyden import closed_form as cf
from leyden.paper import parameters as ours
from leyden.paper.figures import FIGURES, PaperFigure, figure_1
from leyden.paper.figures.families import Family, charged, draw_families, from_limit
from leyden.paper.figures.figure_6 import FIGURE_6
from leyden.paper.figures.marks import lowest_at, peaked_at, settled_at
from leyden.paper.figures.words import both_ends, members, span
from leyden.plots import publication

BY_NUMBER = {figure.number: figure for figure in FIGURES}
LETTERS = {1: "", 2: "abcdef", 3: "abcd", 4: "abcd", 5: "ab", 6: "abcd"}
OVER_DAMPING = {2: "abc", 3: "ac", 4: "ac", 5: "a"}


@cache
def panels(number: int) -> dict[str, xr.Dataset]:
    return BY_NUMBER[number].panels()


def shown(number: int, letter: str) -> xr.DataArray:
    panel = panels(number)[letter]
    return panel[panel.attrs["shows"]]


def device(over: str) -> cf.DirectedDevice:
    """The family as the paper's algebra takes it, one row each; numbers from section 4 of the contract."""
    damping = np.array([[0.01], [0.05], [0.1], [0.15], [0.2]]) if over == "damping" else 0.1
    drive = np.array([[0.02], [0.05], [0.08], [0.10], [0.12]]) if over == "drive" else 0.05
    return cf.DirectedDevice.of_rates(drive=drive, charger_damping=damping, battery_damping=damping)


def conversion(pair: cf.DirectedDevice, times: np.ndarray) -> np.ndarray:
    """W/E_A, and its limit 0 at time 0."""
    charger = cf.charger_energy(pair, times)
    return np.where(times > 0, cf.ergotropy(pair, times) / np.where(times > 0, charger, 1.0), 0.0)


ALGEBRA: dict[int, dict[str, Callable[..., Any]]] = {
    2: dict(zip("abcdef", [cf.stored_energy, cf.ergotropy, cf.charging_power] * 2, strict=True)),
    3: {"a": cf.utilization_ratio, "b": cf.utilization_ratio, "c": conversion, "d": conversion},
    4: {"a": cf.stored_energy_gain, "b": cf.stored_energy_gain, "c": cf.ergotropy_gain, "d": cf.ergotropy_gain},
    5: {"a": cf.utilization_ratio, "b": cf.utilization_ratio},
}
CURVES = [(number, letter) for number, algebra in ALGEBRA.items() for letter in algebra]


@pytest.mark.parametrize(("number", "letter"), CURVES)
def test_curves_are_those_of_the_algebra(number: int, letter: str) -> None:
    """Moments against closed form: 1e-11 relative, absolute below 1e-13; limits at time 0 included."""
    curves = shown(number, letter)
    over = "damping" if letter in OVER_DAMPING[number] else "drive"
    assert curves.dims == (over, "time")
    expected = ALGEBRA[number][letter](device(over), curves["time"].values)
    np.testing.assert_allclose(curves.values, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("letter", "abcd")
def test_maps_are_those_of_the_algebra(letter: str) -> None:
    """Eq. (19) on the whole map, NaN exactly where it has no steady state."""
    values = shown(6, letter)
    eta, xi = values["damping_ratio"].values[:, None], values["weight_ratio"].values
    battery = 1.0 if letter in "ab" else 0.1
    asymmetric = cf.DirectedDevice.of_rates(
        drive=0.05,
        charger_damping=eta * battery,
        battery_damping=battery,
        charger_weight=xi / np.hypot(1, xi),
        battery_weight=1 / np.hypot(1, xi),
    )
    algebra = cf.steady_stored_energy if letter in "ac" else cf.steady_ergotropy
    assert values.dims == ("damping_ratio", "weight_ratio")
    np.testing.assert_allclose(values.values, algebra(asymmetric), rtol=1e-11, atol=1e-13)
    assert (eta.min(), eta.max(), xi.min(), xi.max()) == (1.0, 5.0, 0.2, 3.0)


def test_only_the_weakly_damped_map_has_an_unstable_corner() -> None:
    """eps < Lambda_a/4 with Lambda_a = eta kappa_b + xi^2/(1 + xi^2)."""
    for letter in "abcd":
        panel = panels(6)[letter]
        eta, xi = panel["damping_ratio"], panel["weight_ratio"]
        total = eta * (1.0 if letter in "ab" else 0.1) + xi**2 / (1 + xi**2)
        np.testing.assert_array_equal(panel["is_stable"].values, (total > 0.2).values)
        np.testing.assert_array_equal((panel["spectral_abscissa"] < 0).values, (total > 0.2).values)
        assert bool(panel["is_stable"].all()) == (letter in "ab")


@pytest.mark.parametrize("number", LETTERS)
def test_every_panel_is_there_with_provenance(number: int) -> None:
    found = panels(number)
    assert "".join(found) == LETTERS[number]
    for letter, panel in found.items():
        attributes = panel.attrs
        assert attributes["title"].startswith(f"Figure {number}({letter}): ")
        assert "ours" in attributes["parameters_note"]
        assert "hbar = 1" in attributes["conventions"]
        assert "2511.12118" in attributes["references"]
        assert "two_photon_battery" in attributes["device"]
        parameters = json.loads(attributes["parameters"])
        assert parameters["shared_rate"] == 1.0
        weight = pytest.approx(0.5**0.5) if number < 6 else "weight_ratio * battery_weight"
        assert parameters["charger_weight"] == weight
        for variable in panel.variables.values():
            assert {"long_name", "units", "symbol"} <= set(variable.attrs)


def test_the_data_say_which_parameters_vary() -> None:
    fixed_drive = json.loads(panels(2)["a"].attrs["parameters"])
    fixed_damping = json.loads(panels(2)["d"].attrs["parameters"])
    assert (fixed_drive["drive"], fixed_drive["damping"]) == (0.05, [0.01, 0.05, 0.1, 0.15, 0.2])
    assert (fixed_damping["drive"], fixed_damping["damping"]) == ([0.02, 0.05, 0.08, 0.1, 0.12], 0.1)


# What is marked on the curves.


@pytest.mark.parametrize("letter", "abde")
def test_circles_of_figure_2_stand_at_99_percent(letter: str) -> None:
    """On the algebra's curve, at the marked time; a straight line between times is off by step^2/8 of curvature."""
    panel, over = panels(2)[letter], "damping" if letter in "ab" else "drive"
    pair, times = device(over), panel["settling_time"].values[:, None]
    algebra, final = (
        (cf.stored_energy, cf.steady_stored_energy) if letter in "ad" else (cf.ergotropy, cf.steady_ergotropy)
    )
    np.testing.assert_allclose(algebra(pair, times) / final(pair), 0.99, atol=1e-5)


@pytest.mark.parametrize("letter", "cf")
def test_circles_of_figure_2_stand_on_the_peaks(letter: str) -> None:
    """The algebra's power is smaller a step of the grid to either side."""
    panel, pair = panels(2)[letter], device("damping" if letter == "c" else "drive")
    times = panel["peak_time"].values[:, None]
    for step in (-0.1, 0.1):
        assert (cf.charging_power(pair, times) > cf.charging_power(pair, times + step)).all()


def test_marks_of_a_known_curve() -> None:
    """f = 1 - e^{-t} settles at ln 100; t e^{-t} peaks at 1; their negatives have troughs; a rising curve has none."""
    time = xr.DataArray(np.linspace(0, 12, 1201), dims="time", name="time")
    time = time.assign_coords(time=time)
    curve = xr.concat([1 - np.exp(-time), time * np.exp(-time)], "damping").rename("ergotropy")
    final = xr.DataArray([1.0, 1.0], dims="damping")
    assert float(settled_at(curve[:1], final[:1])[0]) == pytest.approx(np.log(100), abs=2e-5)
    np.testing.assert_allclose(peaked_at(curve), [np.nan, 1.0])
    np.testing.assert_allclose(lowest_at(-curve), [np.nan, 1.0])
    # Rounding on a plateau is no peak.
    wobble = curve + 1e-9 * np.cos(10 * time)
    assert bool(np.isnan(peaked_at(wobble)[0]))
    assert bool(np.isnan(lowest_at(-wobble)[0]))


@pytest.mark.parametrize("letter", "abcd")
def test_the_dashed_line_of_figure_6_is_a_maximum(letter: str) -> None:
    """The algebra at the marked xi beats its neighbours; there is no line where the edge of the map wins."""
    panel = panels(6)[letter]
    values, best = shown(6, letter), panel["best_weight_ratio"]
    battery, step = (1.0 if letter in "ab" else 0.1), 0.01
    algebra = cf.steady_stored_energy if letter in "ac" else cf.steady_ergotropy
    drawn = best.dropna("damping_ratio")

    def at(xi: np.ndarray) -> np.ndarray:
        eta = drawn["damping_ratio"].values
        return algebra(
            cf.DirectedDevice.of_rates(
                drive=0.05,
                charger_damping=eta * battery,
                battery_damping=battery,
                charger_weight=xi / np.hypot(1, xi),
                battery_weight=1 / np.hypot(1, xi),
            )
        )

    xi = drawn.values
    assert (at(xi) > at(xi - step)).all()
    assert (at(xi) > at(xi + step)).all()
    assert len(drawn) == len(best) or letter in "cd"
    edge = values.where(best.isnull()).idxmax("weight_ratio").dropna("damping_ratio")
    # Without a line the largest value lies at the lower end of xi, or beside the unstable corner.
    assert (edge < 0.35).all()


# What the captions say.


def caption(number: int) -> str:
    return BY_NUMBER[number].caption(panels(number))


def final(number: int, letter: str) -> xr.DataArray:
    return shown(number, letter).isel(time=-1)


def turns(curves: xr.DataArray) -> list[int]:
    """How often each curve changes between rising and falling, by more than rounding."""
    found: list[int] = []
    for curve in curves.values:
        steps = np.diff(curve)
        signs = np.sign(steps[abs(steps) > 1e-9 * abs(curve).max()])
        found.append(int((np.diff(signs) != 0).sum()))
    return found


def test_figure_1_says_that_nothing_acts_back() -> None:
    """J = -i mu Gamma/2: the battery's entries in the charger's equations cancel exactly."""
    assert "equations of motion are 0. Transport runs one way." in caption(1)


def test_figure_1_would_admit_back_action(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_1, "_back_action", lambda: 0.5)
    assert "are 0.5. Transport runs both ways." in caption(1)
    with publication():
        figure = BY_NUMBER[1].draw(panels(1), "page")
    assert "one way" not in [text.get_text() for text in figure.axes[0].texts]


def test_figure_2_says_what_it_shows() -> None:
    text = caption(2)
    for letter in "ab":
        assert (shown(2, letter).diff("damping").isel(time=slice(1, None)) < 0).all()
    assert (panels(2)["a"]["settling_time"].diff("damping") < 0).all()
    for letter in "de":
        assert (shown(2, letter).diff("drive").isel(time=slice(1, None)) > 0).all()
    assert (panels(2)["d"]["settling_time"].diff("drive") > 0).all()
    for letter in "cf":
        assert turns(shown(2, letter)) == [1] * 5
        assert float(shown(2, letter).min()) >= 0
    assert "single peak" in text
    assert "never turns negative" in text
    stored = 24 * 0.25 * np.array([0.02, 0.12]) ** 2
    stored /= (0.36 - 16 * np.array([0.02, 0.12]) ** 2) * (0.36 - 4 * np.array([0.02, 0.12]) ** 2)
    assert f"{stored[1] / stored[0]:.0f} times" in text


def test_figure_2_would_admit_a_negative_power() -> None:
    found = dict(panels(2))
    found["f"] = found["f"].assign(charging_power=found["f"]["charging_power"] - 0.01)
    text = BY_NUMBER[2].caption(found)
    assert "never turns negative" not in text
    assert "falls to -0.01 ω_0 Γ" in text


def test_figure_3_says_what_it_shows() -> None:
    text = caption(3)
    assert turns(shown(3, "a")) == [1] * 5
    assert turns(shown(3, "b")) == [1, 1, 0, 0, 0]
    assert "ε/Γ = 0.02 and 0.05 only" in text
    assert max(float(shown(3, letter).max()) for letter in "ab") < 1
    np.testing.assert_array_equal((final(3, "c") > 1).values, [True, True, True, False, False])
    np.testing.assert_array_equal((final(3, "d") > 1).values, [False, True, True, True, True])
    assert "κ/Γ = 0.01, 0.05 and 0.1 (c) and ε/Γ = 0.05, 0.08, 0.1 and 0.12 (d)" in text


def test_figure_4_says_what_it_shows() -> None:
    text = caption(4)
    assert (shown(4, "a").isel(time=0) == 4).all()
    assert (shown(4, "c").isel(time=0) == 0).all()
    expected = {"a": [0] * 5, "b": [0, 0, 0, 1, 1], "c": [1] * 5, "d": [1, 1, 1, 0, 0]}
    for letter, found in expected.items():
        assert turns(shown(4, letter)) == found
    assert "for no κ (a) and for ε/Γ = 0.1 and 0.12 (b)" in text
    assert "for every κ (c) and for ε/Γ = 0.02, 0.05 and 0.08 (d)" in text
    assert min(float(shown(4, letter).min()) for letter in "ab") > 1
    np.testing.assert_array_equal((final(4, "c") > 1).values, [True, True, False, False, False])
    assert "κ/Γ = 0.01 and 0.05 (c) and ε/Γ = 0.08, 0.1 and 0.12 (d)" in text


def test_figure_5_repeats_figure_3() -> None:
    """W_1 = E_1, so that Eq. (16) is R."""
    for letter in "ab":
        np.testing.assert_allclose(shown(5, letter).values, shown(3, letter).values, rtol=1e-11, atol=1e-13)
    largest = max(float(shown(5, letter).max()) for letter in "ab")
    assert largest < 1
    assert f"largest value here is {largest:.2f}" in caption(5)


def test_figure_6_says_what_it_shows() -> None:
    for letter in "abcd":
        falls = shown(6, letter).diff("damping_ratio")
        assert (falls.values[np.isfinite(falls.values)] < 0).all()
    text = caption(6)
    assert f"at ξ = {span(panels(6)['a']['best_weight_ratio'])} (a)" in text


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.stem)
def test_words_have_no_loose_ends(figure: PaperFigure) -> None:
    for text in (figure.caption(panels(figure.number)), figure.description(panels(figure.number))):
        assert text.endswith(".")
        assert not re.search(r"nan|inf|\{|\}|  ", text)
        assert len(text) > 100


def family(values: list[float]) -> xr.DataArray:
    return xr.DataArray(values, {"drive": [0.1, 0.2, 0.3]}, ("drive",))


def test_numbers_as_words() -> None:
    assert both_ends(family([0.12345, 7.0, 3.0])) == "0.123 to 3"
    assert span(family([0.5, np.nan, 0.25])) == "0.25 to 0.5"
    assert members(family([1, 0, 1]) > 0, "ε") == "ε = 0.1 and 0.3"
    assert members(family([0, 1, 0]) > 0, "ε") == "ε = 0.2"
    assert members(family([0, 0, 0]) > 0, "ε") == "no ε"
    assert members(family([1, 1, 1]) > 0, "ε") == "every ε"


# The drawings.


@cache
def drawing(number: int) -> Figure:
    with publication():
        return BY_NUMBER[number].draw(panels(number), "page")


def panel_axes(number: int) -> dict[str, Any]:
    axes = {entry.get_title(loc="left").strip("()"): entry for entry in drawing(number).axes}
    return {letter: axes[letter] for letter in LETTERS[number]}


ENERGY, WORK, POWER = r"$E_B/\omega_0$", r"$W/\omega_0$", r"$P/(\omega_0\Gamma)$"
SYMBOLS = {
    2: dict(zip("abcdef", [ENERGY, WORK, POWER] * 2, strict=True)),
    3: {"a": "$R$", "b": "$R$", "c": "$W/E_A$", "d": "$W/E_A$"},
    4: {"a": "$E_2/E_1$", "b": "$E_2/E_1$", "c": "$W_2/W_1$", "d": "$W_2/W_1$"},
    5: {"a": "$(W_2/W_1)/(E_2/E_1)$", "b": "$(W_2/W_1)/(E_2/E_1)$"},
}


@pytest.mark.parametrize("number", SYMBOLS)
def test_axes_carry_symbols_and_units(number: int) -> None:
    axes = panel_axes(number)
    assert {letter: entry.get_ylabel() for letter, entry in axes.items()} == SYMBOLS[number]
    lowest = [entry for entry in axes.values() if entry.get_xlabel()]
    assert {entry.get_xlabel() for entry in lowest} == {r"$\Gamma t$"}
    # Where a panel has no label of its own, one right below it has, on the same axis.
    for entry in axes.values():
        assert any(entry is other or entry in other.get_shared_x_axes().get_siblings(other) for other in lowest)


@pytest.mark.parametrize("number", SYMBOLS)
def test_curves_on_the_page_are_the_data(number: int) -> None:
    for letter, axes in panel_axes(number).items():
        curves = shown(number, letter)
        for line, row in zip(axes.get_lines(), curves.values, strict=False):
            np.testing.assert_array_equal(line.get_xdata(), curves["time"].values)
            np.testing.assert_array_equal(line.get_ydata(), row)


@pytest.mark.parametrize("number", SYMBOLS)
def test_legends_name_the_families(number: int) -> None:
    texts = [[text.get_text() for text in legend.get_texts()] for legend in drawing(number).legends]
    assert texts == [
        [r"$\kappa/\Gamma$$\,=$", "0.01", "0.05", "0.1", "0.15", "0.2"],
        [r"$\epsilon/\Gamma$$\,=$", "0.02", "0.05", "0.08", "0.1", "0.12"],
    ]


def test_no_curve_is_cut_off() -> None:
    """At the top of any panel, and at the bottom of those that start at zero."""
    for number in SYMBOLS:
        for letter, axes in panel_axes(number).items():
            low, high = axes.get_ylim()
            assert high > float(shown(number, letter).max())
            assert low <= 0 or axes.get_yscale() == "log"


def test_maps_are_labelled() -> None:
    axes = panel_axes(6)
    assert {entry.get_xlabel() for entry in axes.values()} == {r"$\eta=\kappa_a/\kappa_b$"}
    assert {entry.get_ylabel() for entry in axes.values()} == {r"$\xi=p_a/p_b$"}
    assert [entry.get_title(loc="right") for entry in axes.values()] == [
        rf"$\kappa_b/\Gamma$$\,={damping}$" for damping in ("1", "1", "0.1", "0.1")
    ]
    bars = [entry.get_ylabel() for entry in drawing(6).axes if entry not in axes.values()]
    assert bars == [r"$E_B/\omega_0$", r"$W/\omega_0$"] * 2
    (legend,) = drawing(6).legends
    assert [text.get_text() for text in legend.get_texts()] == [r"largest value at each $\eta$", "no steady state"]


def test_a_figure_without_an_unstable_region_does_not_name_one() -> None:
    stable = {letter: panel for letter, panel in panels(6).items() if letter in "ab"}
    with publication():
        figure = FIGURE_6.draw(stable, "narrow")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [r"largest value at each $\eta$"]


@pytest.mark.parametrize("number", LETTERS)
def test_sizes_fit_the_columns_of_a_journal(number: int) -> None:
    with publication():
        narrow = BY_NUMBER[number].draw(panels(number), "narrow")
    assert narrow.get_figwidth() == 3.375
    assert drawing(number).get_figwidth() == (3.375 if number == 1 else 7.0)
    assert drawing(number).get_figheight() < 9


def test_parameters_carry_symbol_and_unit() -> None:
    drive = ours.labelled("drive", [0.1, 0.2])
    assert drive.dims == ("drive",)
    assert drive["drive"].attrs["symbol"] == r"\epsilon"


def test_the_limit_is_filled_in_at_time_0_alone() -> None:
    ratio = xr.DataArray([np.nan, np.nan, 1.0], {"time": [0.0, 1.0, 2.0]}, ("time",), "ratio", {"symbol": "r"})
    found = from_limit(ratio, 4.0)
    np.testing.assert_array_equal(found.values, [4.0, np.nan, 1.0])
    assert found.attrs["symbol"] == "r"
    assert "4" in found.attrs["value_at_time_0"]


def test_the_comparator_is_the_same_device_with_one_photon() -> None:
    """E_1 = (16 g^2 eps^2/Lambda^4) [1 - (1 + Lambda t/2) e^{-Lambda t/2}]^2 with g = 1/2, Lambda = 0.6."""
    run = charged("drive", photons=1)
    time, drive = run["time"], run["drive"]
    expected = 4 * drive**2 / 0.6**4 * (1 - (1 + 0.3 * time) * np.exp(-0.3 * time)) ** 2
    np.testing.assert_allclose(run["stored_energy"].values, expected.values, rtol=1e-11, atol=1e-13)


def test_a_family_may_be_drawn_without_finish() -> None:
    with publication():
        figure = draw_families(panels(5), "page", (Family("damping", ("a",)),))
    assert len(figure.axes[0].get_lines()) == 5
