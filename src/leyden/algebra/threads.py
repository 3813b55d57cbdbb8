"""Linear algebra on one thread while leyden computes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from threading import RLock, local
from typing import Any, ParamSpec, TypeVar

__all__ = ["load_scipy_linalg", "on_one_thread"]

# A BLAS library that finds more than one core cuts even a product of (10 x 20) with (20 x 4096) between its threads. If
# another program holds one of the cores, the product waits for the thread that has none: 12 ms in place of 84 us. The
# matrices here are small, and where they are large they are taken apart, so that there is little to win; hence calls
# that compute run their linear algebra on one thread and put the setting back when they end. Work whose products no
# library would share is left alone: setting and restoring takes some 30 us in its midst.
#
# Most libraries keep one setting for the whole process, those built on OpenMP one for each thread of Python. Calls may
# be nested, and run side by side in threads: what belongs to the process is restored by the last call that ends.

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# SciPy brings a BLAS library of its own, and the process has it only once this module is there.
_SECOND_LIBRARY = "scipy.linalg"


class _Here(local):
    """What this thread of Python is in: how many calls deep, and what is its own to restore."""

    depth = 0

    def __init__(self) -> None:
        self.before: list[tuple[Any, int]] = []


class _Libraries:
    """The BLAS libraries of this process, and how many threads those had that were set to one."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.here = _Here()
        self.calls = 0
        self.looked_for_second: bool | None = None
        self.loaded: list[Any] = []
        self.before: list[tuple[Any, int]] = []

    def enter(self) -> None:
        here, has_second = self.here, _SECOND_LIBRARY in sys.modules
        if not here.depth or has_second is not self.looked_for_second:
            with self.lock:
                if has_second is not self.looked_for_second:
                    self.loaded, self.looked_for_second = _loaded(), has_second
                self.calls += not here.depth
                several = [(library, threads) for library in self.loaded if (threads := library.num_threads or 1) > 1]
                _set([(library, 1) for library, _ in several])
                for library, threads in several:
                    is_own = getattr(library, "threading_layer", None) == "openmp"
                    (here.before if is_own else self.before).append((library, threads))
        here.depth += 1

    def leave(self) -> None:
        here = self.here
        here.depth -= 1
        if not here.depth:
            with self.lock:
                self.calls -= 1
                _set(here.before)
                here.before.clear()
                if not self.calls:
                    _set(self.before)
                    self.before.clear()


def _loaded() -> list[Any]:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas").lib_controllers


def _set(wanted: list[tuple[Any, int]]) -> None:
    for library, threads in wanted:
        library.set_num_threads(threads)
    # threadpoolctl lets only the thread of Python that has set a number set another one, until that is released.
    if wanted and (release := getattr(wanted[0][0], "clear_controlling_thread", None)) is not None:
        release(force=True)


_LIBRARIES = _Libraries()


def load_scipy_linalg() -> None:
    """Import SciPy's linear algebra before its first use, so that its BLAS library obeys the call that is under way."""
    if _SECOND_LIBRARY not in sys.modules:
        import_module(_SECOND_LIBRARY)
        if _LIBRARIES.here.depth:
            _LIBRARIES.enter()
            _LIBRARIES.leave()


def on_one_thread(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A function that runs its linear algebra on one thread, and puts the setting of the process back at its end."""

    # Some 5 us for the outermost call by itself, up to 30 us in the midst of other work; 0.5 us for one inside another.
    @wraps(function)
    def alone(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        _LIBRARIES.enter()
        try:
            return function(*arguments, **named)
        finally:
            _LIBRARIES.leave()

    return alone
