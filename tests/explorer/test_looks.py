"""What the page looks like: no word is cut, nothing scrolls sideways, and curves look as leyden's own figures do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from leyden import explorer
from leyden.plots.charging import ENERGIES
from leyden.plots.in_time import _RATIOS
from leyden.plots.style import QUALITATIVE

Open = Callable[..., Page]

# Names that are wider than their place.
CUT = """() => [...document.querySelectorAll(".parameter .name, #steady th, #facts dd, .bar-name, .mathematics")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.textContent)"""
SIDEWAYS = "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
# Dashes of matplotlib, in widths of the line, as the page has them in pixels.
DASHES: dict[Any, str] = {
    "-": "",
    (0, (4, 2)): "6px,3px",
    (0, (5, 1.5, 1, 1.5)): "7px,2px,1.5px,2px",
    (0, (1, 1.5)): "1.5px,2.5px",
}


@pytest.mark.parametrize("size", [(1366, 768), (1500, 900)], ids=str)
@pytest.mark.parametrize("link", ["two_photon_battery", "cascade"])
def test_no_word_is_cut_and_no_equation_scrolls(opened: Open, size: tuple[int, int], link: str) -> None:
    page = opened(size=size)
    page.select_option("#device-name", link)
    page.wait_for_function("() => document.querySelectorAll('#equations math').length === 1")
    page.wait_for_timeout(300)
    assert page.evaluate(CUT) == []
    assert max(page.evaluate(SIDEWAYS)) <= 0


def test_names_of_any_length_are_there_in_full(opened: Open) -> None:
    page = opened()
    name = page.locator(".parameter .name").first
    name.evaluate("(one) => { one.textContent = 'TwoPhotonDrive(the charger of it all).amplitude'; }")
    assert page.evaluate(CUT) == []


def test_steady_values_and_peaks_have_the_same_digits(opened: Open) -> None:
    page = opened()
    for name in ("conversion_ratio", "transfer_ratio", "stored_energy"):
        steady, peak = (page.inner_text(f"td[data-{which}='{name}']") for which in ("steady", "peak"))
        assert float(peak) >= float(steady)
        assert steady == peak


def test_curves_look_as_in_figures() -> None:
    text = (Path(explorer.__file__).parent / "page" / "colours.js").read_text(encoding="utf-8")
    looks = {
        name: (colour, dash)
        for name, colour, dash in re.findall(
            r'^  (\w+): \{ colour: "(\w+)"(?:, dash: "([^"]+)")? \}', text, re.MULTILINE
        )
    }
    for name, look in {**ENERGIES, **_RATIOS}.items():
        colour, dash = looks[name]
        assert QUALITATIVE[colour] == look["color"]
        assert dash == DASHES[look.get("linestyle", "-")]


def test_the_wigner_function_has_a_scale(opened: Open) -> None:
    page = opened()
    page.wait_for_selector("#panel-time .plot:last-child .infolayer .colorbar")
    marks = page.locator("#panel-time .plot:last-child .colorbar .cbaxis text").all_inner_texts()
    assert len(marks) >= 3
