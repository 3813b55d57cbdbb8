"""What no signal breaks in two: none is heard in it, and none is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Thread

import pytest

from leyden import interrupts
from leyden.interrupts import unbroken


def test_signals_are_heard_at_the_end(interrupt: Callable[[int], None]) -> None:
    before, is_whole = signal.getsignal(signal.SIGINT), []

    def whole() -> None:
        with unbroken():
            interrupt(signal.SIGINT)
            with unbroken():
                interrupt(signal.SIGTERM)
            is_whole.append(True)

    with pytest.raises(KeyboardInterrupt):
        whole()
    assert is_whole
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGTERM)


def test_none_is_lost_while_handlers_are_put_back(
    monkeypatch: pytest.MonkeyPatch, interrupt: Callable[[int], None]
) -> None:
    """The first of them is back, and is heard; the other ones are still those of the block, which is over."""
    put, put_back = signal.signal, list[int]()

    def interrupted(number: int, handler: Callable[..., None]) -> None:
        put(number, handler)
        put_back.append(number)
        interrupt(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), unbroken():
        monkeypatch.setattr(interrupts.signal, "signal", interrupted)
    monkeypatch.undo()
    assert put_back == [signal.SIGINT]
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGTERM)


def test_what_is_ignored_stays_ignored(interrupt: Callable[[int], None]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with unbroken():
        interrupt(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


def test_other_threads_set_no_handlers(interrupt: Callable[[int], None]) -> None:
    """They may not, and no signal interrupts them."""
    before, found = signal.getsignal(signal.SIGINT), []

    def enter() -> None:
        with unbroken():
            found.append(signal.getsignal(signal.SIGINT))

    thread = Thread(target=enter)
    thread.start()
    thread.join()
    assert found == [before]
