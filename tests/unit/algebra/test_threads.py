"""On one thread: while a call of ours computes, whatever the process was set to, and as before afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import scipy.linalg
from threadpoolctl import threadpool_info, threadpool_limits

from leyden.algebra import on_one_thread


def threads() -> int:
    """Largest number of threads that any BLAS library of this process may use."""
    return max(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")


@on_one_thread
def threads_inside() -> int:
    return threads()


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    assert scipy.linalg is not None  # both libraries are loaded
    with threadpool_limits(2, user_api="blas"):
        if threads() != 2:
            pytest.skip("this BLAS library has one thread")
        yield


def test_a_call_has_one_thread_and_gives_the_others_back() -> None:
    assert (threads(), threads_inside(), threads()) == (2, 1, 2)


def test_nested_calls_keep_it_until_the_outermost_ends() -> None:
    @on_one_thread
    def outer() -> tuple[int, int]:
        return threads_inside(), threads()

    assert outer() == (1, 1)
    assert threads() == 2


def test_an_error_gives_them_back() -> None:
    @on_one_thread
    def failing() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        failing()
    assert threads() == 2


def test_calls_side_by_side_give_them_back_with_the_last() -> None:
    """The second call begins before the first one ends, and ends after it."""
    begun, ended = Barrier(2, timeout=60), Barrier(2, timeout=60)

    @on_one_thread
    def first() -> int:
        begun.wait()
        return threads()

    @on_one_thread
    def second() -> int:
        begun.wait()
        ended.wait()
        return threads()

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(first), pool.submit(second)
        assert one.result() == 1
        assert threads() == 1
        ended.wait()
        assert two.result() == 1
    assert threads() == 2


def test_what_a_function_says_of_itself_is_kept() -> None:
    assert threads_inside.__name__ == "threads_inside"


# Every door, for work that threads would share, in a process that has not loaded SciPy's library yet: its threads are
# seen where the work is done.
DOORS = """
import numpy as np
import leyden as ly
from leyden import states
from threadpoolctl import threadpool_info, threadpool_limits

seen = []

def look(function):
    def looked(*arguments, **named):
        answer = function(*arguments, **named)
        seen.append(max(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"))
        return answer
    return looked

threadpool_limits(2, user_api="blas")
np.linalg.solve, np.linalg.eigvals = look(np.linalg.solve), look(np.linalg.eigvals)
import leyden.algebra.lyapunov as lyapunov
lyapunov.lyapunov_and_spectrum = look(lyapunov.lyapunov_and_spectrum)
drives = np.linspace(0.01, 0.1, 300)
pair = ly.catalog.two_photon_battery(drive=drives, charger_damping=0.1, battery_damping=0.1)
chain = ly.catalog.reciprocal_chain(20, drive=0.01, damping=0.1, coupling=0.5)
ly.steady_state(pair), ly.steady_state(chain), ly.stability(pair), ly.charge(pair, [0.0, 1.0])
ly.critical_drive(chain), states.symplectic_eigenvalues(states.thermal([0.1, 0.2]))
print(len(seen) > 2, set(seen))
"""


def test_every_door_computes_on_one_thread() -> None:
    run = subprocess.run([sys.executable, "-c", DOORS], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "True {1}\n"
