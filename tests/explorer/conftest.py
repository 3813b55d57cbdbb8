"""One server and one browser for all tests of a process, on a loopback port, as a user has them."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from leyden.explorer.app import create_app
from leyden.explorer.serving import bound_socket

_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine exists for it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_READY = "td[data-steady='stored_energy']"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where a server listens."""
    listening = bound_socket("127.0.0.1", 0)
    port = listening.getsockname()[1]
    app = create_app({f"127.0.0.1:{port}", f"localhost:{port}"})
    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, http="h11", ws="none", lifespan="on"
    )
    # Here and not in the thread: two threads that import at the same time may come into each other's way.
    settings.load()
    server = uvicorn.Server(settings)
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server has not come up"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """Who asks it."""
    with httpx.Client(base_url=address, timeout=30) as found:
        yield found


Asked = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def asked(client: httpx.Client) -> Asked:
    """The answer to a question about a device, waited for where it is a job."""

    def ask(what: str, device: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer = client.post(f"/api/{what}", json={"device": device, **more})
        if answer.status_code == 202:
            return waited(client, answer.json()["job"])["answer"]
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def waited(client: httpx.Client, name: str) -> dict[str, Any]:
    """The last report of a job."""
    for _ in range(600):
        report = client.get(f"/api/jobs/{name}").json()
        if report["state"] != "running":
            return report
        time.sleep(0.05)
    raise AssertionError(f"job {name} does not end")


@pytest.fixture(scope="session")
def report_of(client: httpx.Client) -> Callable[[str], dict[str, Any]]:
    """The last report of a job of that name."""
    return lambda name: waited(client, name)


@pytest.fixture(scope="session")
def browser(address: str) -> Iterator[BrowserContext]:
    """The system's Chromium, with one memory of files for all tests."""
    if _CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the page is tried in a real browser")
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET)
        context = program.new_context(accept_downloads=True)
        context.set_default_timeout(15_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        yield context
        program.close()


@pytest.fixture
def opened(browser: BrowserContext, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page; at the end none of them has complained, or asked anything of others."""
    pages: list[Page] = []
    faults: list[str] = []
    host = urlsplit(address).netloc

    def sent(request: Request) -> None:
        if urlsplit(request.url).scheme not in ("blob", "data") and urlsplit(request.url).netloc != host:
            faults.append(f"asked {request.url}")

    def heard(message: ConsoleMessage) -> None:
        # Whoever asks for what is refused on purpose sees the refusal here.
        if message.type == "error" and "status of 422" not in message.text:
            faults.append(message.text)

    def open_page(link: str = "", *, size: tuple[int, int] = (1366, 768), scheme: Any = "light") -> Page:
        page = browser.new_page()
        pages.append(page)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        page.on("request", sent)
        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/{link}")
        page.wait_for_selector(_READY)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert faults == []
