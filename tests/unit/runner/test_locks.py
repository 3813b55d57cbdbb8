"""Folders that appear whole or not at all, whoever else makes one of the same name at the same moment."""

from __future__ import annotations

import errno
import shutil
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from leyden.runner import locks
from leyden.runner.locks import LOCK, begun, locked

fcntl = pytest.importorskip("fcntl")


def fill(folder: Path) -> None:
    (folder / "whole").write_text("whole")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_it_is_locked_from_the_first_moment_on(tmp_path: Path) -> None:
    final = tmp_path / "s.zarr"

    def looks(folder: Path) -> None:
        assert not final.exists()
        with pytest.raises(BlockingIOError), locked(folder / LOCK):
            pytest.fail("it is ours")

    with begun(final, looks), pytest.raises(BlockingIOError), locked(final / LOCK):
        pytest.fail("it is still ours")
    with locked(final / LOCK) as is_sure:
        assert is_sure
    assert names(tmp_path) == ["s.zarr"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def fail(_: Path) -> None:
        raise error

    with pytest.raises(error), begun(tmp_path / "s.zarr", fail):
        pytest.fail("it was never made")
    assert names(tmp_path) == []


def test_an_interrupt_waits_until_it_is_filled(tmp_path: Path, interrupt: Callable[[int], None]) -> None:
    """Threads that fill it for us would go on, and a folder cannot be removed while files come into it."""
    filled = list[Path]()

    def interrupted(folder: Path) -> None:
        interrupt(signal.SIGINT)
        fill(folder)
        filled.append(folder)

    with pytest.raises(KeyboardInterrupt), begun(tmp_path / "s.zarr", interrupted):
        pytest.fail("it was interrupted")
    assert len(filled) == 1
    assert names(tmp_path) == ["s.zarr"]


def test_an_interrupt_waits_until_all_is_removed(
    tmp_path: Path, interrupt: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = shutil.rmtree

    def removed(folder: Path, **how: Any) -> None:
        interrupt(signal.SIGINT)
        remove(folder, **how)

    def fail(_: Path) -> None:
        raise OSError

    monkeypatch.setattr(locks.shutil, "rmtree", removed)
    with pytest.raises(KeyboardInterrupt), begun(tmp_path / "s.zarr", fail):
        pytest.fail("it was never made")
    assert names(tmp_path) == []


def test_two_that_begin_at_once(tmp_path: Path) -> None:
    """The second one begins and ends while the first one is at it; neither harms the other's folder."""
    final = tmp_path / "s.zarr"

    def other_is_faster(folder: Path) -> None:
        with begun(final, fill):
            assert folder.is_dir()
        fill(folder)

    with pytest.raises(OSError, match="not empty") as caught, begun(final, other_is_faster):
        pytest.fail("the other one has it")
    assert caught.value.errno in (errno.ENOTEMPTY, errno.EEXIST)
    assert names(tmp_path) == ["s.zarr"]
    assert (final / "whole").read_text() == "whole"


def killed(final: Path, upto: int) -> Path:
    """What is left of one that was killed after so many steps."""
    folder = final.with_name(f"{locks._stem(final)}-0123456789ab.part")
    steps: list[Callable[[], Any]] = [
        folder.mkdir,
        (folder / LOCK).parent.mkdir,
        (folder / LOCK).touch,
        lambda: fill(folder),
    ]
    for step in steps[:upto]:
        step()
    return folder


@pytest.mark.parametrize("upto", [1, 2, 3, 4])
def test_what_was_killed_is_removed(tmp_path: Path, upto: int) -> None:
    killed(tmp_path / "s.zarr", upto)
    with begun(tmp_path / "s.zarr", fill):
        assert names(tmp_path) == ["s.zarr"]


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """Names that are nearly of our kind, another store's, a link, and a folder of ours with more in it than we made."""
    final = tmp_path / "s.zarr"
    ours, other = locks._stem(final), locks._stem(tmp_path / "t.zarr")
    folders = [".s.zarr-mine.part", ".s.zarr-0123456789ab.part", f"{ours}-mine.part", f"{ours}-0123456789ab.part.old"]
    for name in [*folders, f"{other}-0123456789ab.part"]:
        (tmp_path / name / LOCK).parent.mkdir(parents=True)
        (tmp_path / name / LOCK).touch()
    (tmp_path / "target" / LOCK).parent.mkdir(parents=True)
    (tmp_path / "target" / LOCK).touch()
    (tmp_path / f"{ours}-aaaaaaaaaaaa.part").symlink_to("target", target_is_directory=True)
    (tmp_path / f"{ours}-bbbbbbbbbbbb.part").mkdir()
    (tmp_path / f"{ours}-bbbbbbbbbbbb.part" / "thesis.tex").write_text("mine")
    (tmp_path / f"{ours}-cccccccccccc.part").write_text("a file")
    before = names(tmp_path)
    with begun(final, fill):
        assert names(tmp_path) == sorted([*before, "s.zarr"])


def test_where_there_are_no_locks_nothing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    left = killed(tmp_path / "s.zarr", 4)
    monkeypatch.setattr(fcntl, "flock", flock)
    with begun(tmp_path / "s.zarr", fill):
        assert names(tmp_path) == sorted([left.name, "s.zarr"])


def test_a_folder_that_was_taken_for_left_behind_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one removes it before, or in the moment when, it is locked; in the end there is one."""
    lost: list[Path] = []

    def late(file: Path) -> Any:
        if len(lost) == 2:
            return locked(file)
        lost.append(file)
        if len(lost) == 1:
            shutil.rmtree(file.parent.parent)
            return locked(file)
        # It is locked first, and then the other one's work is done.
        stack = ExitStack()
        stack.enter_context(locked(file))
        shutil.rmtree(file.parent.parent)
        return stack

    monkeypatch.setattr(locks, "locked", lambda file, make=True: late(file) if make else locked(file, make=False))
    with begun(tmp_path / "s.zarr", fill):
        assert names(tmp_path) == ["s.zarr"]
    assert len(lost) == 2


def test_the_folder_around_it_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), begun(tmp_path / "missing" / "s.zarr", fill):
        pytest.fail("nowhere to be")


def test_names_may_be_as_long_as_a_name_can_be(tmp_path: Path) -> None:
    with begun(tmp_path / ("s" * 255), fill):
        assert names(tmp_path) == ["s" * 255]
