"""The count of a study's blocks: who may write to it, and what in it is no record."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from leyden.errors import ParameterError
from leyden.runner import Blocks, Failure
from leyden.runner.evaluate import Outcome
from leyden.runner.integrity import sealed
from leyden.runner.ledger import Contents, Ledger


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


def begun(folder: Path) -> tuple[Ledger, Contents]:
    """A ledger of two blocks of two points, the second one done."""
    ledger = Ledger(folder, folder / "s.zarr")
    contents = Contents({"axis a": "4 values"}, Blocks.of({"a": 4}, 2), ["x"], {"zarr.json": (2, 3)})
    ledger.begin(contents)
    ledger.record(1, 2, Outcome({}, [Failure({"a": 3}, "bad")], 1), 1.5, {"x/c/1": (28, 7)})
    return ledger, contents


def test_what_is_written_is_read(tmp_path: Path) -> None:
    ledger, contents = begun(tmp_path)
    assert ledger.read() == contents
    ((number, record),) = ledger.records(contents)
    assert record is not None
    assert (number, record.points, record.failed, record.seconds, record.chunks) == (1, 2, 1, 1.5, {"x/c/1": (28, 7)})
    assert record.failures == [Failure({"a": 3}, "bad")]


# What JSON holds that is no record of ours; with `None` for a key, it is missing.
OTHER_WORDS = ["", "[]", "{}", "null", "7", '"text"', "[" * 10**5, '{"points": 1' + "0" * 5000 + "}", "\ufeff{}"]
OTHER_BLOCKS: list[dict[str, Any]] = [
    {"points": 3},
    {"points": "2"},
    {"points": None},
    {"failed": -1},
    {"failed": 3},
    {"failed": 0.5},
    {"seconds": "long"},
    {"seconds": float("nan")},
    {"failures": [{"a": 1}]},
    {"failures": 7},
    {"failures": [{"parameters": 7, "reason": ""}]},
    {"chunks": {}},
    {"chunks": {"y/c/1": [28, 7]}},
    {"chunks": {"x/c/1": [28]}},
    {"chunks": {"x/c/1": ["28", 7]}},
    {"chunks": {"x/c/1": [-1, 7]}},
    {"chunks": [1]},
]
OTHER_STUDIES: list[dict[str, Any]] = [
    {"study": None},
    {"study": {"axis a": 4}},
    {"sizes": {"a": 0}},
    {"sizes": {"a": "4"}},
    {"sizes": {"b": 4}},
    {"chunks": [1]},
    {"variables": 7},
    {"variables": [7]},
    {"files": {"zarr.json": None}},
    {"files": 7},
]


def changed(file: Path, change: dict[str, Any]) -> str:
    """A record with other entries, sealed as if it had been written so."""
    record = json.loads(file.read_text())
    del record["crc32c"]
    return sealed({name: value for name, value in {**record, **change}.items() if value is not None})


@pytest.mark.parametrize("text", OTHER_WORDS)
@pytest.mark.parametrize("name", ["study.json", "block-1.json"])
def test_what_is_no_record_is_damaged(tmp_path: Path, refuses, name: str, text: str) -> None:
    ledger, contents = begun(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    if name == "study.json":
        refuses("store", ledger.read, "its ledger is damaged", "begin anew")
    else:
        assert list(ledger.records(contents)) == [(1, None)]


@pytest.mark.parametrize("change", OTHER_BLOCKS, ids=str)
def test_entries_of_another_form_are_damaged(tmp_path: Path, change: dict[str, Any]) -> None:
    ledger, contents = begun(tmp_path)
    (tmp_path / "block-1.json").write_text(changed(tmp_path / "block-1.json", change))
    assert list(ledger.records(contents)) == [(1, None)]


@pytest.mark.parametrize("change", OTHER_STUDIES, ids=str)
def test_studies_of_another_form_are_damaged(tmp_path: Path, refuses, change: dict[str, Any]) -> None:
    ledger, _ = begun(tmp_path)
    (tmp_path / "study.json").write_text(changed(tmp_path / "study.json", change))
    refuses("store", ledger.read, "its ledger is damaged")


@pytest.mark.parametrize("name", ["study.json", "block-1.json"])
def test_every_flipped_bit_is_seen(tmp_path: Path, name: str) -> None:
    """In any byte, whether JSON is left of it or not; blanks between entries say nothing."""
    ledger, contents = begun(tmp_path)
    data = (tmp_path / name).read_bytes()
    for place in range(len(data)):
        (tmp_path / name).write_bytes(data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :])
        if name == "study.json":
            try:
                assert ledger.read() == contents
            except ParameterError:
                continue
        else:
            ((_, record),) = ledger.records(contents)
            if record is None:
                continue
        assert data[place : place + 1] == b" "


@pytest.mark.parametrize(
    "name", ["block-2.json", "block-99.json", "block-01.json", "block-1.json.bak", "block-\u0661.json"]
)
def test_blocks_that_the_study_has_not_do_not_count(tmp_path: Path, name: str) -> None:
    ledger, contents = begun(tmp_path)
    (tmp_path / name).write_text((tmp_path / "block-1.json").read_text())
    assert [number for number, _ in ledger.records(contents)] == [1]


def test_a_record_that_is_a_folder_is_damaged(tmp_path: Path) -> None:
    ledger, contents = begun(tmp_path)
    (tmp_path / "block-0.json").mkdir()
    assert [(number, record is None) for number, record in ledger.records(contents)] == [(0, True), (1, False)]
