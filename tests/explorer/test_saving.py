"""Files of the page: as many points as its picture has, one after the other, and a button that ends what takes long."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, Request

Open = Callable[..., Page]


def type_in(page: Page, name: str, text: str) -> None:
    page.fill(f"input[data-typed='{name}']", text)
    page.press(f"input[data-typed='{name}']", "Enter")


def save(page: Page, words: str) -> None:
    page.click("#export")
    page.click(f"#toolbar [role=menuitem]:has-text('{words}')")


def sent(page: Page) -> list[dict[str, object]]:
    """What is asked for as a file from now on."""
    found: list[dict[str, object]] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/api/export"):
            found.append(json.loads(request.post_data or ""))

    page.on("request", heard)
    return found


def beyond(page: Page) -> None:
    type_in(page, "charger_kerr", "2")
    page.wait_for_function("() => document.querySelector('#headline').textContent.includes('Beyond')")


def test_a_map_is_saved_as_it_is_shown(opened: Open) -> None:
    page = opened()
    asked = sent(page)
    page.keyboard.press("2")
    page.wait_for_function("() => document.querySelector('#panel-map h2').textContent.includes('200')")
    with page.expect_download() as download:
        save(page, "CSV")
    assert len(download.value.path().read_text().splitlines()) == 200 * 200 + 1
    beyond(page)
    page.wait_for_function("() => document.querySelector('#panel-map h2').textContent.includes('12 × 12')")
    with page.expect_download() as download:
        save(page, "CSV")
    assert download.value.suggested_filename == "two_photon_battery-map.csv"
    assert len(download.value.path().read_text().splitlines()) == 12 * 12 + 1
    assert [one["request"]["points"] for one in asked] == [200, 12]  # type: ignore[index]


def test_spectra_are_saved_where_they_are_shown(opened: Open) -> None:
    page = opened()
    page.keyboard.press("3")
    with page.expect_download() as download:
        save(page, "CSV")
    assert download.value.suggested_filename == "two_photon_battery-spectrum.csv"
    assert len(download.value.path().read_text().splitlines()) == 401 * 3 + 1


def test_files_wait_for_each_other_and_all_come(opened: Open) -> None:
    page = opened()
    beyond(page)
    names: list[str] = []
    page.on("download", lambda download: names.append(download.suggested_filename))
    for words in ("CSV", "netCDF", "Steady values"):
        save(page, words)
    for _ in range(200):
        if len(names) == 3:
            break
        page.wait_for_timeout(50)
    assert names == [f"two_photon_battery-{end}" for end in ("curves.csv", "curves.nc", "steady.csv")]


def test_a_long_file_tells_its_progress_and_ends_on_demand(opened: Open) -> None:
    page = opened()
    page.select_option("#device-name", "tavis_cummings_battery")
    type_in(page, "cells", "4")
    page.wait_for_selector("#progress:not([hidden])")
    page.click("#cancel")
    page.wait_for_selector("#progress", state="hidden")
    save(page, "CSV")
    page.wait_for_function("() => document.querySelector('#progress-words').textContent.startsWith('file: ')")
    with page.expect_request(lambda request: request.method == "DELETE"):
        page.click("#cancel")
    page.wait_for_selector("#progress", state="hidden")
    page.wait_for_selector("#toast:has-text('Cancelled')")


MODE = "select[aria-label='Mode of the Wigner function']"
LEGEND = "#panel-time .plot:last-child .legend"


def test_any_mode_has_its_wigner_function_and_the_link_keeps_it(opened: Open) -> None:
    page = opened()
    assert page.locator(MODE).count() == 0
    page.select_option("#device-name", "cascade")
    page.wait_for_selector(MODE)
    assert page.locator(f"{MODE} option").all_inner_texts() == ["m0", "m1", "m2", "m3"]
    assert page.input_value(MODE) == "m1"
    page.select_option(MODE, "m3")
    page.wait_for_function(f"() => document.querySelector('{LEGEND}').textContent.startsWith('m3')")
    asked = sent(page)
    with page.expect_download():
        save(page, "Wigner function")
    assert asked[0]["request"] == {"time": None, "mode": "m3", "points": 121}
    page.wait_for_function("() => location.hash.length > 20")
    page.wait_for_timeout(300)
    again = opened(page.evaluate("location.hash"))
    again.wait_for_function(f"() => document.querySelector('{LEGEND}').textContent.startsWith('m3')")
    assert again.input_value(MODE) == "m3"
    again.select_option("#device-name", "two_photon_battery")
    again.wait_for_function(f"() => document.querySelector('{LEGEND}').textContent.startsWith('battery')")
    assert again.locator(MODE).count() == 0
