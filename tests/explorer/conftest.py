"""One server for all tests of a process, on a loopback port, as a user has it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn

from leyden.explorer.app import create_app
from leyden.explorer.serving import bound_socket


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where a server listens."""
    listening = bound_socket("127.0.0.1", 0)
    port = listening.getsockname()[1]
    app = create_app({f"127.0.0.1:{port}", f"localhost:{port}"})
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
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
