"""The pictures of the explorer: its page in a browser, light with a pinned device, and dark with the map."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "leyden", "explore", "--no-browser", "--port", "0"]
SETTLED = 1500  # milliseconds in which the page comes to rest


def main() -> None:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with subprocess.Popen(COMMAND, stderr=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        assert server.stderr is not None
        found = re.search(r"http://\S+", server.stderr.readline())
        assert found is not None
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 1366, "height": 768},
                device_scale_factor=1.5,
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page.goto(found[0])
            page.wait_for_selector("td[data-steady='stored_energy']")
            if scheme == "light":
                page.keyboard.press("p")
            page.fill("input[data-typed='drive']", "0.1")
            page.press("input[data-typed='drive']", "Enter")
            page.wait_for_timeout(SETTLED)
            if scheme == "light":
                box = page.locator("#panel-time .plot-area").first.bounding_box()
                assert box is not None
                page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
                page.mouse.move(0, 0)
            else:
                page.click("#tab-map")
            page.wait_for_timeout(SETTLED)
            page.screenshot(path=HERE / f"explorer-{scheme}.png")
        browser.close()
        server.terminate()


if __name__ == "__main__":
    main()
