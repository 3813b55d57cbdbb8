"""Shared by the tests of rooms: signals to this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def interrupt() -> Iterator[Callable[[int], None]]:
    """Sends this process a signal; SIGINT and SIGTERM are a KeyboardInterrupt here, however the tests were started."""

    def end(number: int, _: Any) -> None:
        raise KeyboardInterrupt(number)

    def send(number: int) -> None:
        os.kill(os.getpid(), number)
        for _ in range(1000):  # time to hear of it
            pass

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    yield send
    for number, handler in before.items():
        signal.signal(number, handler)
