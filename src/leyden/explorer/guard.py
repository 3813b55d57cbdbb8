"""What stands before every request: who may ask, how much, and what browsers are told of the answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

__all__ = ["LARGEST_BODY", "Guard", "refusal"]

LARGEST_BODY = 2**20
"""Bytes of a request at most."""

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Plotly styles what it draws by itself; scripts come from the files of the page alone.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def refusal(message: str, kind: str, field: str | None = None) -> dict[str, Any]:
    """An error in the words that the page knows."""
    return {"error": {"message": message, "field": field, "kind": kind}}


class Guard:
    """ASGI middleware: known hosts and origins only, bodies of bounded size, strict headers on every answer."""

    def __init__(self, app: Any, hosts: frozenset[str] | None) -> None:
        self.app, self.hosts = app, hosts  # None: any host, where the user said so

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *extra]}
            await send(message)

        if (told := self._refused(headers)) is not None:
            await _answer(guarded, *told)
            return
        body, told = await _bounded(receive, headers)
        if told is not None:
            await _answer(guarded, *told)
            return
        if body is None:
            return  # the client has gone

        sent = False

        async def replayed() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replayed, guarded)

    def _refused(self, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]] | None:
        host = headers.get("host", "")
        if self.hosts is not None and host.lower() not in self.hosts:
            # A page elsewhere whose name was made to point here would come with its own name.
            return 421, refusal("this server answers to its own address only", "Host")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
            return 403, refusal("pages from elsewhere may not ask this server", "Origin")
        return None


async def _bounded(
    receive: Receive, headers: Mapping[str, str]
) -> tuple[bytes | None, tuple[int, dict[str, Any]] | None]:
    """The body of a request, or why it is refused; neither where the client went away."""
    too_large = 413, refusal(f"a request may have at most {LARGEST_BODY // 2**20} MiB", "TooLarge")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > LARGEST_BODY:
        return None, too_large
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None, None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None, too_large
        more = message.get("more_body", False)
    return b"".join(parts), None


async def _answer(send: Send, status: int, content: dict[str, Any]) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
