"""What makes a study the same: its axes to the last bit; what is said when it is not; and the count of its blocks."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from leyden.sweep import Blocks, Failure, combine, described, differences
from leyden.sweep import ledger as ledgers
from leyden.sweep.evaluate import Outcome
from leyden.sweep.ledger import Ledger, axes_of


def test_axes_in_words() -> None:
    words = described(combine({"a": [1.0, 2.0], "b": [3.0]}))
    assert words["axis a"].startswith("2 values from 1.0 to 2.0 (")
    assert words["order of axes"] == "a, b"
    assert axes_of(words) == ["a", "b"]
    assert words == described(combine({"a": np.array([1.0, 2.0]), "b": [3.0]}))


def test_the_last_bit_counts() -> None:
    first = described(combine({"a": [1.0, 1.5, 2.0]}))
    second = described(combine({"a": [1.0, np.nextafter(1.5, 2), 2.0]}))
    (change,) = differences(first, second)
    assert change.startswith("axis a was 3 values from 1.0 to 2.0 (")


def test_order_and_dims_count() -> None:
    grid = described(combine({"a": [1.0], "b": [2.0]}))
    assert differences(grid, described(combine({"b": [2.0], "a": [1.0]}))) == ["order of axes was a, b, is b, a"]
    assert len(differences(grid, described(combine({"a": [1.0], "b": [2.0]}, "zip")))) == 2


def test_what_came_and_went_is_told() -> None:
    assert differences({"x": "1", "y": "2"}, {"x": "1", "z": "3"}) == [
        "z was absent, is 3",
        "y was 2, is absent",
    ]
    assert differences({"x": "1"}, {"x": "1"}) == []


def test_one_sweep_at_a_time(tmp_path: Path, refuses) -> None:
    """The lock goes with the one who holds it; a lock elsewhere is none of ours."""
    pytest.importorskip("fcntl")
    first, second = (Ledger(tmp_path, tmp_path) for _ in range(2))
    with first.held():
        refuses("store", lambda: second.held().__enter__(), "another is at it", str(tmp_path))
    with second.held():
        pass


def test_file_systems_without_locks_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with Ledger(tmp_path, tmp_path).held():
        pass


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"points": 1, "failed": 0, "seconds": 0, "failures": [{"a": 1}]}'])
def test_a_damaged_record_is_named(tmp_path: Path, refuses, text: str) -> None:
    ledger = Ledger(tmp_path, tmp_path / "s.zarr")
    ledger.begin({}, Blocks.of({"a": 4}, 2), [])
    (tmp_path / "block-1.json").write_text(text)
    refuses("store", ledger.status, "block-1.json in it is damaged", "Remove that file and resume")


def test_failures_are_told_up_to_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "_MOST_FAILURES", 3)
    ledger = Ledger(tmp_path, tmp_path)
    ledger.begin({}, Blocks.of({"a": 4}, 2), [])
    for number in range(2):
        failures = [Failure({"a": 2 * number + place}, "bad") for place in range(2)]
        ledger.record(number, 2, Outcome({}, failures, 2), 1.5)
    found = ledger.status()
    assert (found.done, found.measured, found.failed, found.seconds) == (2, 4, 4, 3.0)
    assert [failure.parameters["a"] for failure in found.failures] == [0, 1, 2]
