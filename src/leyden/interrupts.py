"""What no signal breaks in two: it is heard when that is done."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

__all__ = ["unbroken"]


@contextmanager
def unbroken() -> Generator[None]:
    """Signals to end are heard at the end of the block: what is half-begun in it would complain, or wait for ever."""
    heard: list[tuple[int, Any]] = []
    is_over = False

    def later(number: int, frame: Any) -> None:
        if is_over:  # one more came while the handlers were put back
            handlers[number](number, frame)
        else:
            heard.append((number, frame))

    handlers: dict[int, Any] = {}
    if current_thread() is main_thread():  # others are not interrupted
        numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        found = {number: signal.getsignal(number) for number in numbers}
        handlers = {number: handler for number, handler in found.items() if callable(handler)}
    try:
        for number in handlers:
            signal.signal(number, later)
        yield
    finally:
        is_over = True
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number, frame in heard:
            handlers[number](number, frame)
