"""One server for all tests of a process, on a loopback port, as a user has it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Thread

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
