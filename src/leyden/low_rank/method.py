"""What the drives disturb as a method: networks of up to a million modes, a single one at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.algebra import on_one_thread
from leyden.arrays import is_concrete, namespace_of
from leyden.drift.phases import refuse_noise
from leyden.drift.spectrum import bounds, is_stable
from leyden.drift.unstable import refuse_unstable
from leyden.equations.low_rank import SparseEquations, sparse_equations
from leyden.errors import ConvergenceError, ParameterError
from leyden.memory import result_bytes, shortage
from leyden.results import bounded_energies, missing_values, refuse_lost, values_of_modes, with_ratios
from leyden.states.ladder import at_rest
from leyden.task import Answer, Method, Task

__all__ = ["METHOD", "hands_over", "most_steps"]

_NAME = "low_rank"
# Modes from which it is the faster one, on chains as on lattices: at rest, and in time, where nothing has a pulse.
_LEAST_MODES, _LEAST_IN_TIME = 150, 65
# Modes up to which the dense method is a matter of minutes for a steady state, and of one for a curve, and takes over
# where this one gives up; and the steps of this one that take as long as it does, for so many modes.
_MOST_MODES, _MOST_MODES_IN_TIME = 2000, 1000
_STEPS, _LEAST_STEPS = 20_000, 400


def _suits(task: Task) -> bool:
    return task.modes >= (_LEAST_IN_TIME if task.count and not task.network.pulses else _LEAST_MODES)


def hands_over(task: Task) -> bool:
    """Whether the dense method takes the device over where this one gives up."""
    return task.method is None and task.modes <= (_MOST_MODES_IN_TIME if task.count else _MOST_MODES)


def most_steps(task: Task) -> int:
    """Steps after which it gives up: where the dense method takes over, not many more than that is worth."""
    if not hands_over(task):
        return _STEPS
    return min(_STEPS, max(_LEAST_STEPS, round(_STEPS * (task.modes / _MOST_MODES_IN_TIME) ** 3)))


def _refuses(task: Task) -> str:
    if task.beyond:
        return task.beyond
    if task.equations.is_turned:
        return "second moments under dephasing are of no low rank"
    if task.initial is not None:
        return "it starts from the vacuum, not from a given state"
    if not (namespace_of(*task.equations.arrays) is np and all(map(is_concrete, task.equations.arrays))):
        return "arrays of other libraries than NumPy are computed densely"
    if task.labels.dims and not task.is_member:
        return ""  # its devices are looked at one by one
    if task.equations.pulses:
        return "" if _changing(task) else "drives, or warm baths, disturb too many modes"
    few = task.sparse_equations
    if few is None:
        return "the drives, or baths of unlike occupation, disturb too many modes"
    if task.times is not None and few.occupation:
        return "the vacuum is no equilibrium of warm baths, and disturbs every mode"
    return "its response takes longer to follow than matrices take" if _is_long(task, few) else ""


def _is_long(task: Task, few: SparseEquations) -> bool:
    times = task.times
    if times is None or not hands_over(task):
        return False
    from leyden.low_rank.response import is_costly, is_endless

    return is_endless(few, float(times[-1])) or is_costly(few, times)


def _changing(task: Task) -> Any:
    from leyden.low_rank.changing import changing_equations

    return changing_equations(task.equations, task.network.frequencies)


def _equations(task: Task) -> SparseEquations:
    few = task.sparse_equations
    assert few is not None  # it would have been refused
    return few


@on_one_thread
def _steady(task: Task) -> Answer | None:
    # What computes is imported when it does: few devices are that large.
    from leyden.low_rank.steady import steady_state

    network, few = task.network, _equations(task)
    judged = bounds(few.drift, few.rounding)
    if not judged.upper < 0:
        if task.is_member:
            return with_ratios({**missing_values(network), "is_stable": np.asarray(False)}, 0), {"method": _NAME}
        refuse_unstable(network, task.equations, judged.abscissa, judged.upper - judged.abscissa)
    try:
        solution = steady_state(few, most_steps(task))
    except ConvergenceError:
        if hands_over(task):
            return None
        raise
    with np.errstate(over="ignore", invalid="ignore"):
        values = values_of_modes(network, solution.state, at_rest(solution.state))
    values = bounded_energies(network, {**values, "is_stable": np.asarray(True)}, is_batch=task.is_member)
    about: dict[str, Any] = {
        "relative_residual": solution.residual,
        "steps": solution.steps,
        "source_rank": solution.rank,
    }
    return with_ratios(values, 0), {"method": _NAME, **about}


@on_one_thread
def _charge(task: Task) -> Answer:
    from leyden.low_rank.curves import curves_of

    if task.equations.pulses:
        return _charge_pulsed(task)
    from leyden.low_rank.power import power_form
    from leyden.low_rank.response import propagate

    network, few, times = task.network, _equations(task), np.asarray(task.times)
    if task.is_single:
        refuse_noise(network.name, task.equations, times)
    _refuse_large_result(len(network.batteries), len(times))
    form = power_form(task.equations, network.frequencies)
    with np.errstate(over="ignore", invalid="ignore"):
        values = curves_of(network, propagate(few, form, times), len(times))
    about = {"method": _NAME, "source_rank": len(few.weights)}
    return {**values, "is_stable": np.asarray(is_stable(few))}, about


def _charge_pulsed(task: Task) -> Answer:
    from leyden.low_rank.curves import curves_of
    from leyden.low_rank.pulsed import PulsedResponse

    network, times = task.network, np.asarray(task.times)
    _refuse_large_result(len(network.batteries), len(times))
    response = PulsedResponse(_changing(task), task.equations.elements, times, task.tolerance)
    with np.errstate(over="ignore", invalid="ignore"):
        values = curves_of(network, response.segments(), len(times))
    if task.is_single:
        refuse_lost(network, values, times)
    about = {"method": _NAME, "tolerance": task.tolerance, "error": response.error, "steps": response.steps}
    # What it would do if all stayed as it is at the end.
    last = sparse_equations(task.equations.at_time(float(times[-1])))
    assert last is not None  # it disturbs no more than all pulses together
    return {**values, "is_stable": np.asarray(is_stable(last))}, {**about, "rank": response.rank}


def _refuse_large_result(batteries: int, times: int) -> None:
    """Refuse charging curves of so many batteries that they do not fit into memory."""
    short = shortage(result_bytes(batteries, times))
    if short:
        raise ParameterError.of(
            "times",
            f"leave room for the curves of {batteries} batteries, which need about {short[0]}, with {short[1]} free",
            f"{times} times",
            "Give fewer times, or name fewer modes as batteries.",
        )


METHOD = Method(_NAME, _suits, _refuses, _steady, _charge)
