"""Atomic files: whole or not at all, with the old file untouched by a failure."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leyden import atomic
from leyden.atomic import atomic_path, refuse_unwritable
from leyden.errors import ParameterError


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    final = tmp_path / "a.txt"
    with atomic_path(final) as temporary:
        temporary.write_text("half")
        assert not final.exists()
        assert temporary.parent == final.parent
        temporary.write_text("whole")
    assert final.read_text() == "whole"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, "old"])
def test_a_failure_leaves_what_was_there(tmp_path: Path, failure: type[BaseException], old: str | None) -> None:
    final = tmp_path / "a.txt"
    if old is not None:
        final.write_text(old)

    def interrupted() -> None:
        with atomic_path(final) as temporary:
            temporary.write_text("half")
            raise failure

    with pytest.raises(failure):
        interrupted()
    assert names(tmp_path) == ([] if old is None else ["a.txt"])
    assert old is None or final.read_text() == old


def test_a_block_that_removed_its_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "a.txt") as temporary:
        temporary.unlink()
    assert names(tmp_path) == []


def test_the_suffix_stays(tmp_path: Path) -> None:
    """matplotlib chooses the format by it."""
    with atomic_path(tmp_path / "curve.pdf") as temporary:
        assert temporary.suffix == ".pdf"


def test_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    final = tmp_path / ("x" * 250 + ".nc")
    with atomic_path(final) as temporary:
        temporary.write_text("whole")
    assert final.read_text() == "whole"


def test_permissions_are_the_usual_ones_or_those_of_the_old_file(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    final = tmp_path / "a.txt"
    with atomic_path(final):
        pass
    assert stat.S_IMODE(final.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    final.chmod(0o600)
    with atomic_path(final):
        pass
    assert stat.S_IMODE(final.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    with atomic_path(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "fifo")
    return folder / "fifo"


def in_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "a.txt"


REFUSED = {
    "folder": (lambda folder: folder, "that is a folder"),
    "no folder": (lambda folder: folder / "missing" / "a.txt", "missing' does not exist"),
    "file for folder": (in_a_file, "not a directory|does not exist"),
    "pipe": (fifo, "no regular file"),
    "null byte": (lambda folder: f"{folder}/a\0b", "null"),
    "long": (lambda folder: folder / ("x" * 300), "name too long"),
    "kernel's": (lambda folder: "/proc/leyden.txt", "be a file that can be written"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("writes", [True, False])
def test_hopeless_names_are_refused(tmp_path: Path, case: str, writes: bool) -> None:
    make, reason = REFUSED[case]
    path = make(tmp_path)
    before = names(tmp_path)

    def use() -> None:
        if writes:
            with atomic_path(path, name="--out"):
                pytest.fail("the block must not run")
        else:
            refuse_unwritable(path, name="--out")

    with pytest.raises(ParameterError, match=reason) as caught:
        use()
    assert "`--out`" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == before


@pytest.mark.parametrize("allowed", [True, False])
def test_a_read_only_file_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    """Renaming could replace it all the same: only the folder's permissions stand in the way of that."""
    final = tmp_path / "a.txt"
    final.write_text("old")
    # Root may write anything, so that permissions alone would not tell in every place where the tests run.
    monkeypatch.setattr(os, "access", lambda *_: allowed)
    if allowed:
        refuse_unwritable(final)
    else:
        with pytest.raises(ParameterError, match="read-only"):
            refuse_unwritable(final)
    assert final.read_text() == "old"


def test_a_good_name_passes_and_leaves_nothing(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path / "a.txt")
    assert names(tmp_path) == []


@pytest.mark.parametrize("path", [None, 5, b"name", ["name"]])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(ParameterError, match=r"a string or a pathlib\.Path"):
        refuse_unwritable(path)


def test_an_interrupt_while_it_is_tried_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupt: Callable[[int], None]
) -> None:
    create = atomic._create

    def created(*words: Any) -> None:
        create(*words)
        interrupt(signal.SIGINT)

    monkeypatch.setattr(atomic, "_create", created)
    with pytest.raises(KeyboardInterrupt):
        refuse_unwritable(tmp_path / "a.txt")
    assert names(tmp_path) == []
