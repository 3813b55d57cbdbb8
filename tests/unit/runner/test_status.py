"""What of a store is not as it was written: found, named, and computed again; never a number."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from leyden.errors import LeydenError
from leyden.runner import Blocks, Failure, Store
from leyden.runner import status as statuses
from leyden.runner import store as stores
from leyden.runner.evaluate import Outcome
from leyden.runner.ledger import Contents, Ledger
from leyden.runner.status import status_of
from leyden.study import sweep

TWO_BLOCKS: dict[str, Any] = {"axes": {"a": [1.0, 2.0]}, "block": 1}


def build(a: Any) -> Any:
    return a


def measure(device: Any) -> xr.Dataset:
    """One number that is never empty, and one that always is."""
    return xr.Dataset({"x": device**2 + 0.5, "nothing": device * np.nan})


def swept(store: Path, **how: Any) -> xr.Dataset:
    return sweep(build, measure=measure, store=store, **TWO_BLOCKS, **how)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of two blocks; to be copied."""
    store = tmp_path_factory.mktemp("whole") / "s.zarr"
    swept(store)
    return store


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    """A copy."""
    return Path(shutil.copytree(whole, tmp_path / "s.zarr"))


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-3])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


DAMAGE: dict[str, Callable[[Path], None]] = {"flipped": flipped, "cut": cut, "emptied": emptied, "gone": Path.unlink}
RESULTS = ["x/c/0", "ledger/block-0.json"]
OTHERS = ["zarr.json", "x/zarr.json", "nothing/zarr.json", "a/zarr.json", "a/c/0", "ledger/zarr.json"]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", RESULTS)
def test_a_damaged_block_is_computed_again(store: Path, whole: Path, name: str, damage: str) -> None:
    """And no other one: the second block's files stay as they are."""
    DAMAGE[damage](store / name)
    kept = {name: (store / name).stat().st_mtime_ns for name in ("x/c/1", "ledger/block-1.json")}
    status = Store.at(store).status()
    assert (status.sound, status.measured, status.is_complete, status.is_untouched) == ({1}, 1, False, False)
    # A block whose record is gone was perhaps never done.
    assert status.damaged == (() if name == "ledger/block-0.json" and damage == "gone" else (0,))
    xr.testing.assert_identical(swept(store, resume=True), swept(whole))
    assert {name: (store / name).stat().st_mtime_ns for name in kept} == kept
    assert Store.at(store).status().is_complete


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", OTHERS)
def test_damaged_descriptions_are_restored(store: Path, whole: Path, name: str, damage: str) -> None:
    """To the last byte; no block is computed again."""
    DAMAGE[damage](store / name)
    status = Store.at(store).status()
    assert (status.done, status.damaged_files, status.is_complete) == (2, (name,), False)
    with pytest.raises(LeydenError, match=rf"`resume` must be set .*2 of 2 blocks are done; damaged: {name} "):
        swept(store)
    xr.testing.assert_identical(swept(store, resume=True, progress=lambda _: pytest.fail("computed")), swept(whole))
    assert (store / name).read_bytes() == (whole / name).read_bytes()


def test_a_lost_array_is_made_and_filled_again(store: Path, whole: Path) -> None:
    shutil.rmtree(store / "x")
    status = Store.at(store).status()
    assert (status.done, status.damaged, status.damaged_files) == (0, (0, 1), ("x/zarr.json",))
    xr.testing.assert_identical(swept(store, resume=True), swept(whole))


def test_a_chunk_that_should_not_be_there_is_damage(store: Path, whole: Path) -> None:
    """Of what is empty Zarr writes no chunk; one that turns up would be read."""
    shutil.copytree(store / "x" / "c", store / "nothing" / "c")
    assert Store.at(store).status().damaged == (0, 1)
    xr.testing.assert_identical(swept(store, resume=True), swept(whole))


def test_a_damaged_study_is_refused(store: Path) -> None:
    for damage in (flipped, cut, emptied):
        damage(store / "ledger" / "study.json")
        for call in (Store.at(store).status, Store.at(store).open, lambda: swept(store, resume=True)):
            with pytest.raises(LeydenError, match=r"its ledger is damaged.*Restore ledger/study\.json from a copy"):
                call()


def test_what_cannot_be_restored_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release of Zarr may describe arrays in other words: then nothing is put in the place of what was."""
    flipped(store / "x" / "zarr.json")
    damaged = (store / "x" / "zarr.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(stores, "marks_of", lambda _: {})
        with pytest.raises(LeydenError, match=r"be whole, but its x/zarr\.json is damaged.*Restore it from a copy"):
            swept(store, resume=True)
    assert (store / "x" / "zarr.json").read_bytes() == damaged


@pytest.mark.parametrize("name", ["x", "x/c", "x/c/0", "x/zarr.json", "a/c/0", "ledger/block-0.json", "zarr.json"])
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_other_things_in_the_place_of_files(store: Path, whole: Path, name: str, kind: str) -> None:
    """Mended where that can be done, and one line where it cannot; never a number."""
    place = store / name
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    if kind == "folder":
        (place / "inside").mkdir(parents=True)
    else:
        place.write_text("text")
    assert not Store.at(store).status().is_complete
    refused = ""
    try:
        xr.testing.assert_identical(swept(store, resume=True), swept(whole))
    except LeydenError as error:
        refused = str(error)
    assert "\n" not in refused
    assert len(refused) <= 300
    assert Store.at(store).status().is_complete == (not refused)


def test_entries_of_blocks_that_there_are_not_do_not_count(store: Path) -> None:
    shutil.copy(store / "ledger" / "block-1.json", store / "ledger" / "block-7.json")
    (store / "ledger" / "block-0.json").unlink()
    status = Store.at(store).status()
    assert (status.done, status.measured, status.damaged) == (1, 1, ())


def test_words() -> None:
    totals = {"points": 4, "measured": 2, "failed": 0, "failures": list[Failure](), "seconds": 1.0}
    status = statuses.Status(3, frozenset({0}), (1, 2), ("x/zarr.json", "zarr.json"), **totals)
    assert status.words == "1 of 3 blocks are done, 2 are damaged; damaged: x/zarr.json"


def test_failures_are_told_up_to_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statuses, "_MOST_FAILURES", 3)
    monkeypatch.setattr(statuses, "_PORTION", 1)
    ledger = Ledger(tmp_path, tmp_path)
    ledger.begin(Contents({}, Blocks.of({"a": 4}, 2), [], {}))
    for number in range(2):
        failures = [Failure({"a": 2 * number + place}, "bad") for place in range(2)]
        ledger.record(number, 2, Outcome({}, failures, 2), 1.5, {})
    found = status_of(tmp_path, ledger, thorough=True)
    assert (found.done, found.measured, found.failed, found.seconds) == (2, 4, 4, 3.0)
    assert [failure.parameters["a"] for failure in found.failures] == [0, 1, 2]
