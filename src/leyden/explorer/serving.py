"""The explorer's server as a program: an address, a page in the browser, an end by Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
import webbrowser
from collections.abc import Callable
from threading import Thread

from leyden.errors import ParameterError
from leyden.explorer.asked import DeviceAsked

__all__ = ["LOOPBACK", "bound_socket", "serve"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of this machine that no other one can reach."""

_PORT, _TRIES = 8765, 20
# Seconds that answers under way are waited for at the end.
_GRACE = 2


def bound_socket(host: str, port: int | None) -> socket.socket:
    """A socket that listens; with no port named the first one that is free, from 8765 on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reason = ""
    ports = range(_PORT, _PORT + _TRIES) if port is None else (port,)
    for one in ports:
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, one))
            found.listen(128)
        except OSError as error:
            found.close()
            reason = str(error.strerror or error).lower()
            continue
        return found
    shown = f"{ports[0]} to {ports[-1]}" if port is None else str(port)
    allowed = f"be free on {host} ({reason})"
    raise ParameterError.of("--port", allowed, shown, "Name another one: leyden explore --port 9000")


def _hosts(host: str, port: int) -> frozenset[str] | None:
    """Names by which browsers may call the server; all where it listens to other machines."""
    if host not in LOOPBACK:
        return None
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())


def serve(
    host: str,
    port: int | None,
    *,
    device: DeviceAsked | None,
    opens_browser: bool,
    tell: Callable[[str], None],
) -> None:
    """Answer until Ctrl-C."""
    listening = bound_socket(host, port)
    place = listening.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{place}/"
    tell(f"Explorer at {address} (Ctrl-C ends it)")
    if host not in LOOPBACK:
        tell(f"Warning: {host} lets other machines in; whoever reaches this port can compute here.")
    import uvicorn

    from leyden.explorer.app import create_app

    app = create_app(_hosts(host, place), device)
    settings = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        limit_concurrency=400,
        h11_max_incomplete_event_size=2**16,
        lifespan="on",
        http="h11",
        ws="none",
    )
    if opens_browser:
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    asyncio.run(uvicorn.Server(settings).serve(sockets=[listening]))
