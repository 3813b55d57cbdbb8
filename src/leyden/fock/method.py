"""The full Hilbert space as a method: any Hamiltonian, of few modes, a single device at a time."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from leyden.errors import UnstableError
from leyden.extras import remedy_for
from leyden.fock.cutoff import LARGEST_DIMENSION, TOLERANCE
from leyden.fock.labelled import answer_of
from leyden.fock.steady import reduced_matrix, settled
from leyden.fock.transient import charged
from leyden.results import missing_values, with_ratios
from leyden.states.density import DensityMatrix
from leyden.task import Answer, Method, Task, of_other_libraries

__all__ = ["METHOD"]


def _suits(task: Task) -> bool:
    # It takes minutes where moments take milliseconds: who wants it there says so.
    return bool(task.beyond)


def _refuses(task: Task) -> str:
    if find_spec("qutip") is None:
        return "QuTiP is not installed, which the extra `fock` brings (`leyden doctor` has the command)"
    modes = len(task.network.mode_names)
    if modes >= LARGEST_DIMENSION.bit_length():
        return f"{modes} modes have more than {LARGEST_DIMENSION} dimensions"
    return of_other_libraries(task.network)


def _steady(task: Task) -> Answer:
    try:
        network, solution, told = settled(task.network, initial=task.initial)
    except UnstableError:
        if not task.is_member:
            raise
        missing = with_ratios(missing_values(task.network), 0)
        return {**missing, "is_stable": np.asarray(False)}, {"method": "fock"}
    return answer_of(network, solution, told=told)


def _charge(task: Task) -> Answer:
    times = np.asarray(task.times)
    network, solution = charged(task.network, times, task.initial)
    return answer_of(network, solution, times)


def _reduced(task: Task, name: str) -> DensityMatrix:
    return DensityMatrix(reduced_matrix(task.network, name), error=TOLERANCE, method="fock")


def _lacks() -> str:
    return remedy_for("fock") if find_spec("qutip") is None else ""


METHOD = Method("fock", _suits, _refuses, _steady, _charge, reduced=_reduced, lacks=_lacks)
