"""Who writes to a store: a lock that ends with the process that has it, and folders that appear whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from leyden.interrupts import unbroken
from leyden.runner.integrity import flush

__all__ = ["LOCK", "begun", "locked"]

# The lock of a store, from the first moment on.
LOCK = Path("ledger", "lock")
# Folders that somebody took for left behind in the moment before they were locked.
_MOST_LOST = 20


@contextmanager
def locked(file: Path, *, make: bool = True) -> Generator[bool]:
    """A file for this process alone, until the block ends or the process does; False where the system has no locks."""
    handle = os.open(file, os.O_RDWR | (os.O_CREAT if make else 0), 0o666)
    try:
        import fcntl
    except ImportError:  # not everywhere: then it is up to the user
        os.close(handle)
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_sure = True
        except BlockingIOError:
            raise
        except OSError:
            # Some network file systems have no locks.
            is_sure = False
        yield is_sure
    finally:
        os.close(handle)


@contextmanager
def begun(final: Path, fill: Callable[[Path], None]) -> Generator[None]:
    """A folder that is filled under another name, takes its own when it is whole, and stays locked in the block."""
    with ExitStack() as stack:
        # Else a folder might be removed while it is filled, by threads that know nothing of it, or half of it be left.
        with unbroken():
            _begin(final, fill, stack)
        yield


def _begin(final: Path, fill: Callable[[Path], None], stack: ExitStack) -> None:
    temporary: list[Path] = []
    try:
        _remove_stale(final)
        _claim(final, temporary, stack)
        fill(temporary[-1])
        _flush_all(temporary[-1])
        os.replace(temporary[-1], final)
        flush(final.parent)
    except BaseException:
        for folder in temporary:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _stem(final: Path) -> str:
    # Of fixed length, because the final name may be as long as a name can be.
    return f".leyden-{sha256(os.fsencode(final.name)).hexdigest()[:12]}"


def _claim(final: Path, temporary: list[Path], stack: ExitStack) -> None:
    """Make and lock a folder of our own; its name goes to `temporary` first, so that whatever happens can end it."""
    for _ in range(_MOST_LOST):
        folder = final.with_name(f"{_stem(final)}-{secrets.token_hex(6)}.part")
        temporary.append(folder)
        folder.mkdir()
        lock = folder / LOCK
        attempt = ExitStack()
        # Before it is locked, another sweep may take it for left behind.
        with suppress(FileNotFoundError, BlockingIOError):
            lock.parent.mkdir()
            attempt.enter_context(locked(lock))
            if lock.exists():
                stack.push(attempt.pop_all())
                return
        attempt.close()
    raise FileExistsError(f"other sweeps removed {_MOST_LOST} folders")


def _remove_stale(final: Path) -> None:
    """Remove what was killed while it made this folder: names of ours alone, and only those that nobody is at."""
    ours = re.compile(re.escape(_stem(final)) + r"-[0-9a-f]{12}\.part")
    for folder in final.parent.iterdir():
        if not ours.fullmatch(folder.name) or folder.is_symlink():
            continue
        with suppress(OSError):
            try:
                with locked(folder / LOCK, make=False) as is_sure:
                    if is_sure:
                        shutil.rmtree(folder)
            except FileNotFoundError:
                # Killed before it had a lock; these fail where anything else is inside.
                with suppress(FileNotFoundError):
                    (folder / LOCK).parent.rmdir()
                folder.rmdir()


def _flush_all(top: Path) -> None:
    """See a whole folder to the disk before it has its name."""
    for folder, _, files in os.walk(top, topdown=False):
        for name in files:
            handle = os.open(Path(folder, name), os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        flush(Path(folder))
