"""The explorer's page as a reader uses it: slide, type, compare, click, undo, save, and come back by the link."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

import leyden as ly
from leyden.model.catalog import reference_device

Open = Callable[..., Page]

PATHS = "#panel-time .plot:first-child .scatterlayer path.js-line"


def steady(page: Any, name: str) -> float | None:
    """A steady value of the table, in full."""
    text = page.get_attribute(f"td[data-steady='{name}']", "data-value")
    return float(text) if text else None


def type_in(page: Any, name: str, text: str) -> None:
    page.fill(f"input[data-typed='{name}']", text)
    page.press(f"input[data-typed='{name}']", "Enter")


def wait_for(page: Any, name: str, value: float) -> None:
    page.wait_for_function(
        "([name, value]) => Math.abs(Number(document.querySelector(`td[data-steady='${name}']`).dataset.value)"
        " - value) <= 1e-9 * Math.abs(value)",
        arg=[name, value],
    )


def stored(**parameters: float) -> float:
    return float(ly.steady_state(reference_device("two_photon_battery", **parameters)).stored_energy)


def held(page: Page, path: str, times: int | None = None) -> list[Route]:
    """Questions to an address, each waiting to be let through: the order of a slow server, without its chance."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(f"**/api/{path}", hold, times=times)
    return waiting


def until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(300):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never comes to that")


def test_first_screen_fits_and_tells_leydens_numbers(opened: Open) -> None:
    page = opened()
    page.wait_for_selector(PATHS)
    result = ly.steady_state(reference_device("two_photon_battery"))
    for name in ("stored_energy", "ergotropy", "charger_energy", "purity"):
        assert steady(page, name) == pytest.approx(float(result[name]), rel=1e-12)
    sizes = "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
    assert max(page.evaluate(sizes)) <= 0
    assert page.locator("#schematic svg").count() == 1
    assert page.locator("#equations math").count() == 1


def test_slider_moves_curves_and_undo_takes_a_drag_as_one_step(opened: Open) -> None:
    page = opened()
    page.wait_for_selector(PATHS)
    before = page.get_attribute(PATHS, "d")
    slider = page.locator("input[type=range][data-parameter='charger_damping']")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.3, 0.4, 0.5, 0.6):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    typed = float(page.input_value("input[data-typed='charger_damping']"))
    assert 0.2 < typed < 0.3
    wait_for(page, "stored_energy", stored(charger_damping=typed))
    assert page.get_attribute(PATHS, "d") != before
    page.click("#undo")
    wait_for(page, "stored_energy", stored())
    assert page.is_disabled("#undo")
    page.click("#redo")
    wait_for(page, "stored_energy", stored(charger_damping=typed))


def test_typed_number_and_what_is_none(opened: Open) -> None:
    page = opened()
    type_in(page, "drive", "0.1")
    wait_for(page, "stored_energy", stored(drive=0.1))
    type_in(page, "drive", "much")
    assert "number" in page.inner_text("#fault-drive")
    assert page.get_attribute("input[data-typed='drive']", "aria-invalid") == "true"
    assert steady(page, "stored_energy") == pytest.approx(stored(drive=0.1), rel=1e-12)


def test_answers_that_come_in_leave_what_is_being_typed(opened: Open) -> None:
    page = opened()
    page.keyboard.press("4")
    page.click("text=Charge, then hold")
    for field, text in (
        ("input[data-typed='drive']", "0.1234"),
        ("input[aria-label='Duration of stage 1']", "12.5"),
        ("#until", "33"),
        ("input[aria-label='x from high']", "0.777"),
    ):
        page.click("#tab-map" if "x from" in field else "#tab-time" if field == "#until" else "#tab-protocol")
        waiting = held(page, "device", times=1)
        type_in(page, "charger_damping", f"0.2{len(text)}")
        until(page, lambda waiting=waiting: len(waiting) == 1)
        page.fill(field, text)
        with page.expect_response("**/api/device"):
            waiting.pop().continue_()
        page.wait_for_timeout(150)
        assert page.input_value(field) == text
        assert page.evaluate("field => document.activeElement === document.querySelector(field)", field)
        page.press(field, "Enter")
        assert float(page.input_value(field)) == float(text)
        assert page.evaluate("field => document.activeElement === document.querySelector(field)", field)


def test_refused_number_is_told_at_its_field_and_the_last_answer_kept(opened: Open) -> None:
    page = opened()
    type_in(page, "charger_damping", "-0.5")
    page.wait_for_selector("#fault-charger_damping:not(:empty)")
    assert page.evaluate("document.body.classList.contains('stale')")
    assert steady(page, "stored_energy") == pytest.approx(stored(), rel=1e-12)
    page.keyboard.press("Tab")
    page.click("#undo")
    page.wait_for_selector("body:not(.stale)")
    assert page.inner_text("#fault-charger_damping") == ""


def test_beyond_the_threshold_there_is_no_steady_value(opened: Open) -> None:
    page = opened()
    type_in(page, "drive", "0.19")
    page.wait_for_selector("#headline .pill.bad")
    page.wait_for_selector("td.hatched[data-steady='stored_energy']")
    assert steady(page, "stored_energy") is None
    assert "no steady state" in page.inner_text("#right").lower() or "unstable" in page.inner_text("#headline").lower()


def test_kerr_term_takes_the_device_through_the_threshold(opened: Open, asked: Callable[..., Any]) -> None:
    page = opened()
    type_in(page, "charger_kerr", "2")
    type_in(page, "drive", "0.19")
    parameters = {"charger_kerr": 2.0, "drive": 0.19}
    answer = asked("answer", {"catalog": "two_photon_battery", "parameters": parameters})
    row = next(one for one in answer["steady"] if one["name"] == "stored_energy")
    assert 0 < row["steady"] < 2
    wait_for(page, "stored_energy", row["steady"])


def test_long_answer_tells_its_progress_and_ends_on_demand(opened: Open) -> None:
    page = opened()
    page.select_option("#device-name", "tavis_cummings_battery")
    type_in(page, "cells", "4")
    page.wait_for_selector("#progress:not([hidden])")
    page.click("#cancel")
    page.wait_for_selector("#toast:has-text('Cancelled')")
    page.wait_for_selector("#progress", state="hidden")
    # Nothing else of that device is begun instead.
    page.wait_for_timeout(800)
    assert page.is_hidden("#progress")
    page.select_option("#device-name", "two_photon_battery")
    wait_for(page, "stored_energy", stored())


def test_pinned_device_stays_beside_the_present_one(opened: Open) -> None:
    page = opened()
    page.wait_for_selector(PATHS)
    one = page.locator(PATHS).count()
    page.keyboard.press("p")
    type_in(page, "drive", "0.1")
    page.wait_for_function(f"() => document.querySelectorAll({PATHS!r}).length === {2 * one}")
    page.click("#pins .pin button >> nth=0")
    wait_for(page, "stored_energy", stored())
    page.click("#pins .remove")
    page.wait_for_function(f"() => document.querySelectorAll({PATHS!r}).length === {one}")


def test_pin_taken_away_stays_away_when_its_curves_come_late(opened: Open) -> None:
    page = opened()
    page.wait_for_selector(PATHS)
    one = page.locator(PATHS).count()
    page.keyboard.press("p")
    until(page, lambda: page.locator(PATHS).count() == 2 * one)
    waiting = held(page, "answer")
    page.fill("#until", "7")
    page.press("#until", "Enter")
    until(page, lambda: len(waiting) == 1)
    waiting.pop().continue_()
    until(page, lambda: len(waiting) == 1)
    page.click("#pins .remove")
    until(page, lambda: page.locator(PATHS).count() == one)
    with page.expect_response("**/api/answer"):
        waiting.pop().continue_()
    page.wait_for_timeout(200)
    assert page.locator(PATHS).count() == one


def test_refusal_of_a_map_that_nobody_wants_any_more_is_not_told(opened: Open) -> None:
    page = opened()
    waiting = held(page, "map", times=1)
    page.keyboard.press("2")
    until(page, lambda: len(waiting) == 1)
    type_in(page, "drive", "0.08")
    wait_for(page, "stored_energy", stored(drive=0.08))
    waiting.pop().fulfill(status=422, json={"error": {"message": "Not this one.", "field": None, "kind": "Error"}})
    page.wait_for_function("() => document.querySelector('#panel-map h2').textContent.includes('200')")
    assert page.inner_text("#panel-map .fault") == ""


def test_stages_taken_away_stay_away_when_their_curves_come_late(opened: Open) -> None:
    page = opened()
    waiting = held(page, "protocol")
    page.keyboard.press("4")
    page.click("text=Charge, then hold")
    until(page, lambda: len(waiting) == 1)
    page.click("#panel-protocol button:has-text('Clear')")
    with page.expect_response("**/api/protocol"):
        waiting.pop().continue_()
    page.wait_for_timeout(200)
    assert page.locator("#panel-protocol .annotation-text").count() == 0


def test_click_on_the_map_goes_there(opened: Open) -> None:
    page = opened()
    page.keyboard.press("2")
    page.wait_for_selector("#panel-map .heatmaplayer image")
    page.wait_for_function("() => document.querySelector('#panel-map h2').textContent.includes('200')")
    box = page.locator("#panel-map .plot-area").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"])
    page.wait_for_function("() => document.querySelector(\"input[data-typed='drive']\").value !== '0.05'")
    drive, damping = (float(page.input_value(f"input[data-typed='{name}']")) for name in ("drive", "charger_damping"))
    wait_for(page, "stored_energy", stored(drive=drive, charger_damping=damping))
    assert page.locator("#panel-map .scatterlayer path.js-line").count() >= 1


def test_map_beyond_the_gaussian_has_values(opened: Open) -> None:
    page = opened()
    type_in(page, "charger_kerr", "2")
    page.keyboard.press("Tab")
    page.wait_for_selector("#facts:has-text('Kerr')")
    page.click("#tab-map")
    page.wait_for_function("() => document.querySelector('#panel-map h2').textContent.includes('12 × 12')")
    assert page.inner_text("#panel-map h2").startswith("stored energy")
    assert page.inner_text("#panel-map .fault") == ""
    page.select_option("select[aria-label='Merit']", "ergotropy")
    page.wait_for_selector("#panel-map .fault:has-text('gaussian_ergotropy')")


def test_cursor_moves_the_wigner_function(opened: Open) -> None:
    page = opened()
    title = "#panel-time .plot:last-child .legend"
    page.wait_for_function(f"() => document.querySelector('{title}').textContent.includes('steady')")
    box = page.locator("#panel-time .plot-area").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"() => document.querySelector('{title}').textContent.includes('t = ')")
    before = page.inner_text("#panel-time .under output")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#panel-time .under output") != before


@pytest.mark.parametrize(
    ("words", "begin"), [("PNG", b"\x89PNG"), ("CSV", b"time,"), ("netCDF", b"\x89HDF"), ("SVG", b"<?xml")]
)
def test_files_hold_what_is_shown(opened: Open, words: str, begin: bytes) -> None:
    page = opened()
    page.click("#export")
    with page.expect_download() as download:
        page.click(f"#toolbar [role=menuitem]:has-text('{words}')")
    assert download.value.path().read_bytes().startswith(begin)
    assert download.value.suggested_filename.startswith("two_photon_battery-curves")


def test_device_file_goes_out_and_comes_in(opened: Open, tmp_path: Any) -> None:
    page = opened()
    type_in(page, "drive", "0.08")
    wait_for(page, "stored_energy", stored(drive=0.08))
    with page.expect_download() as download:
        page.click("#download")
    file = tmp_path / "device.toml"
    file.write_bytes(download.value.path().read_bytes())
    again = opened()
    again.set_input_files("#file", str(file))
    wait_for(again, "stored_energy", stored(drive=0.08))
    file.write_text("format = 1\nname = nothing at all")
    again.set_input_files("#file", str(file))
    again.wait_for_selector("#fault-text:not(:empty)")
    assert steady(again, "stored_energy") == pytest.approx(stored(drive=0.08), rel=1e-12)


def test_copies_run(opened: Open) -> None:
    page = opened()
    type_in(page, "drive", "0.07")
    wait_for(page, "stored_energy", stored(drive=0.07))
    page.click("#copy-python")
    page.wait_for_selector("#toast:has-text('Python script copied')")
    assert "drive=0.07" in page.evaluate("navigator.clipboard.readText()")
    page.click("#copy-command")
    page.wait_for_selector("#toast:has-text('Command copied')")
    assert page.evaluate("navigator.clipboard.readText()").startswith("leyden charge two_photon_battery")


def test_link_brings_everything_back(opened: Open) -> None:
    page = opened()
    page.keyboard.press("p")
    type_in(page, "drive", "0.1")
    wait_for(page, "stored_energy", stored(drive=0.1))
    page.keyboard.press("Tab")
    page.click("#tab-spectra")
    page.click("#copy-link")
    page.wait_for_selector("#toast:has-text('Link copied')")
    again = opened(page.evaluate("navigator.clipboard.readText()").partition("/")[2].rpartition("/")[2])
    assert steady(again, "stored_energy") == pytest.approx(stored(drive=0.1), rel=1e-12)
    assert again.get_attribute("#tab-spectra", "aria-selected") == "true"
    assert again.locator("#pins .pin").count() == 1


def test_stages_and_pulses(opened: Open) -> None:
    page = opened()
    page.keyboard.press("4")
    page.click("text=Charge, then hold")
    page.wait_for_function("() => document.querySelector('#panel-protocol .annotation-text')?.textContent === 'charge'")
    page.select_option("select[aria-label='Form of the pulse']", "sampled")
    page.wait_for_selector(".sketch")
    box = page.locator(".sketch").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=4)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('button.pulse.on') !== null")
    assert page.is_disabled("input[type=range][data-parameter='drive']")


def test_keys_are_on_a_sheet(opened: Open) -> None:
    page = opened()
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    page.wait_for_selector("#help", state="hidden")
    page.keyboard.press("t")
    page.wait_for_selector("html[data-theme='dark']")
    # Who is quick types while the keyboard is still at what has been closed.
    page.keyboard.press("?")
    page.evaluate("""() => {
        const button = document.querySelector("#help button");
        document.querySelector("#help").close();
        button.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true }));
    }""")
    page.wait_for_selector("html[data-theme='light']")


def test_narrow_screens_scroll_down_only(opened: Open) -> None:
    page = opened(size=(390, 844))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(opened: Open, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(scheme=scheme)
    page.wait_for_selector(PATHS)
    serious = []
    for tab in ("time", "map", "protocol"):
        page.click(f"#tab-{tab}")
        found = axe.Axe().run(page).response["violations"]
        serious += [
            (tab, one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in ("serious", "critical")
        ]
    assert serious == [], json.dumps(serious, indent=1)
