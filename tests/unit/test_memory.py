"""What tasks need of memory, what there is, and what is said where the one does not fit into the other."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import memory


def test_free_memory_is_known_or_unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory.free_bytes() > 2**26

    def closed(*_: Any, **__: Any) -> Any:
        raise OSError

    monkeypatch.setattr("builtins.open", closed)
    assert memory.free_bytes() > 2**26
    monkeypatch.setattr(memory.os, "sysconf", closed)
    assert memory.free_bytes() == float("inf")


def test_a_shortage_is_told_in_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small things are not asked for."""
    monkeypatch.setattr(memory, "free_bytes", lambda: 2.0**29)
    assert memory.shortage(2.0**29) is None
    assert memory.shortage(2.0**30) == ("1.0 GiB", "0.5 GiB")
    monkeypatch.setattr(memory, "free_bytes", lambda: pytest.fail("asked for"))
    assert memory.shortage(2.0**28 - 1) is None


def test_parts_hold_about_as_many_numbers_whatever_the_device_is() -> None:
    assert memory.members_at_once(2) == 12288
    assert memory.members_at_once(20) * 20**2 <= 12288 * 2**2
    assert memory.members_at_once(2, 1) == memory.members_at_once(2, 30)
    assert memory.members_at_once(2, 300) * 300 <= 65536
    assert memory.members_at_once(10_000, 400) == 1


@pytest.mark.parametrize("is_even", [True, False], ids=["equidistant", "scattered"])
@pytest.mark.parametrize(("modes", "times"), [(3, 0), (12, 0), (20, 20), (20, 200)])
def test_the_estimate_is_above_what_is_taken_and_not_far(modes: int, times: int, is_even: bool) -> None:
    """As many devices as are worked on at once, by the dense method."""
    grid = np.linspace(0.0, 3.0, times) if is_even else np.geomspace(1e-3, 3.0, times)
    members = memory.members_at_once(modes, times)
    devices = ly.catalog.cascade(modes, drive=np.linspace(0.01, 0.02, members), damping=0.3)

    def run() -> None:
        if times:
            ly.charge(devices, grid, method="dense")
        else:
            ly.steady_state(devices, method="dense")

    run()
    tracemalloc.start()
    try:
        run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    estimate = memory.dense_bytes(modes, members, times, is_even=is_even)
    assert 0.25 * estimate < peak < 1.05 * estimate
