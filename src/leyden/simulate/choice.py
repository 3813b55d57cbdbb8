"""Which method answers: the one that is insisted on, else the first that suits the task and does not refuse it.

low_rank    from 150 modes, in time from 65, where drives disturb few directions of a vacuum, or of one temperature
dense       any other Gaussian device or batch, as long as there is memory for its matrices
one_way     beyond the Gaussian, where a few modes feel nothing of the linear others
fock        any other device beyond the Gaussian, of few modes; truncated_wigner and mean_field by themselves none
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from leyden.dense.method import METHOD as DENSE
from leyden.errors import ConvergenceError, NonGaussianError, ParameterError, TruncationError
from leyden.low_rank.method import METHOD as LOW_RANK
from leyden.model.labels import Labels
from leyden.results import missing_values, with_ratios
from leyden.task import Answer, Method, Task, of_other_libraries
from leyden.text import nearest

__all__ = ["METHODS", "answered", "checked_method", "method_names", "name_of", "reducing"]

# Methods that few devices need are modules, imported when they are asked.
METHODS: dict[str, Method | str] = {
    "low_rank": LOW_RANK,
    "dense": DENSE,
    "one_way": "leyden.one_way.method",
    "fock": "leyden.fock.method",
    "truncated_wigner": "leyden.truncated_wigner.method",
    "mean_field": "leyden.mean_field.method",
}
_ALIASES = {"sparse": "low_rank"}


def method_names() -> tuple[str, ...]:
    """All that a method may be called."""
    return (*METHODS, *_ALIASES)


def checked_method(method: Any) -> Any:
    """Name of the method that was asked for, or the record that says how it is to be done, or None to choose."""
    if method is None or name_of(method) is not method:
        return method
    found = _ALIASES.get(method, method) if isinstance(method, str) else method
    if not (isinstance(found, str) and found in METHODS):
        names = ", ".join(f'"{name}"' for name in METHODS)
        raise ParameterError.of("method", f"be {names}, or None to choose", method, nearest(method, method_names()))
    return found


def name_of(method: Any) -> Any:
    """Name of a method, from itself or from a record that says how it is to be done."""
    name = getattr(type(method), "method_name", None)
    return name if isinstance(name, str) and name in METHODS else method


def answered(task: Task) -> Answer:
    """Values of a device or a batch, and what computed them."""
    if task.method is not None:
        return _insisted(task, name_of(task.method))
    reasons: dict[str, str] = {}
    for name, row in METHODS.items():
        if isinstance(row, str) and not task.beyond:
            continue
        method = _method(row)
        if not method.suits(task):
            continue
        if reason := _reason(method, task):
            reasons[name] = reason
        elif (answer := _by(method, task)) is not None:
            values, about = answer
            return values, about | ({"method_reason": _told(reasons)} if task.beyond else {})
    if task.beyond:
        allowed = f"suit a method, but none takes {task.network.name!r}: {_told(reasons)}. {_advice(task)}"
        raise NonGaussianError(f"Argument `network` must {allowed}", element=task.not_closing, solver="leyden.fock")
    why = f"None takes it: {_told(reasons)}. {_advice(task)}"
    raise ParameterError.of("network", "suit a method", task.network.name, why)


def reducing(task: Task) -> Method:
    """The method that tells the state of one mode of a device beyond the Gaussian."""
    reasons: dict[str, str] = {}
    for name, row in METHODS.items():
        if not isinstance(row, str) or name_of(task.method) not in (None, name):
            continue
        method = _method(row)
        if reason := _reason(method, task):
            reasons[name] = reason
        elif method.reduced is not None:
            return method
        else:
            reasons[name] = "it tells no whole states"
    if not reasons:
        raise ParameterError.of(
            "method", 'be "one_way", "fock", or None to choose: others tell no whole states', task.method
        )
    allowed = f"suit a method that tells whole states, but none takes {task.network.name!r}: {_told(reasons)}."
    raise NonGaussianError(f"Argument `network` must {allowed}", element=task.not_closing, solver="leyden.fock")


def _told(reasons: Mapping[str, str]) -> str:
    """Which methods did not take a device, and why."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        by_reason.setdefault(reason, []).append(name)
    return "; ".join(f"not {' or '.join(names)}: {reason}" for reason, names in by_reason.items())


def _method(row: Method | str) -> Method:
    return import_module(row).METHOD if isinstance(row, str) else row


def _insisted(task: Task, name: str) -> Answer:
    method = _method(METHODS[name])
    reason = _reason(method, task)
    answer = None if reason else _by(method, task)
    if reason and reason == task.beyond:
        raise NonGaussianError(
            f"Argument `method` must take more than moments here, because {reason}, but is {name!r}. {_advice(task)}",
            element=task.not_closing,
            solver="leyden.fock",
        )
    if answer is None:
        allowed = f"be another one or None here, because {reason or 'it gives up'}"
        raise ParameterError.of("method", allowed, method.name, _advice(task, f'Leave out method="{method.name}"'))
    return answer


def _advice(task: Task, leave_out: str = "Leave it out") -> str:
    """What to do instead of a method that does not take a device: what is said fits the device."""
    fitting = [name for name, row in METHODS.items() if not _reason(_method(row), task)]
    by_itself = [name for name in fitting if _method(METHODS[name]).suits(task)]
    if by_itself:
        return f'{leave_out}, or use method="{by_itself[-1]}".' if task.beyond else f"{leave_out}."
    if fitting and (task.beyond or task.equations.is_turned):  # other devices lack memory, and nothing else
        return f'Use method="{fitting[0]}".'
    alone = replace(task, asked="merits")
    if task.asked != "merits" and not all(_reason(_method(row), alone) for row in METHODS.values()):
        return "Ask `charge` for its merits alone, without `keep_state`."
    if task.beyond:
        lacking = [method.lacks() for row in METHODS.values() if (method := _method(row)).lacks is not None]
        if any(lacking):
            return next(filter(None, lacking))
        nobody = "No method takes it: drop" if task.method is not None else "Drop"
        return f"{nobody} what is not quadratic, or take fewer modes."
    is_foreign = bool(of_other_libraries(task.network))
    return "Give it numbers or arrays of NumPy." if is_foreign else "Give fewer members or times at once."


def _reason(method: Method, task: Task) -> str:
    """Why a method does not answer; empty where it does."""
    if task.asked != "merits" and not method.keeps_states:
        return "it keeps no states of all modes (`keep_state`)"
    return method.refuses(task)


def _by(method: Method, task: Task) -> Answer | None:
    """The answer of a method, device by device where it takes no batches; None where it gives up."""
    if 0 in task.labels.shape:  # of no devices there is no first one to tell what there would be
        if task.beyond:
            return _stacked([(_missing(task), {"method": method.name})], task.labels)
        method = DENSE
    if task.labels.dims and not task.is_member and not method.takes_batches:
        return _stacked([answered(one) for one in task.members()], task.labels)
    try:
        # What leaves the number range is told of its energies, not by warnings on the way.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            answer = method.steady(task) if task.times is None else method.charge(task)
        if isinstance(METHODS[method.name], str) and not task.is_member and answer is not None:
            _refuse_infinite(task, answer[0])
        return answer
    except (TruncationError, ConvergenceError) as error:
        if not task.is_member:
            raise
        told = f"of some devices, which are NaN and whose is_stable says no more than that: {error.message}"
        return _missing(task), {"method": method.name, "unsolved": told}


def _refuse_infinite(task: Task, values: Mapping[str, Any]) -> None:
    """Refuse energies that are no numbers of a device that has them."""
    if task.times is None and not np.asarray(values.get("is_stable", True)).all():
        return
    for name in ("charger_energy", "stored_energy"):
        if name in values and not np.isfinite(np.asarray(values[name])).all():
            remedy = "Choose larger units of rates and frequencies, or drive it less."
            allowed = "have energies within the number range"
            raise ParameterError.of("network", allowed, f"{task.network.name}, whose {name} is none", remedy)


def _missing(task: Task) -> dict[str, Any]:
    """NaN for all that is told of a device in the steady state or in time, and False for its stability."""
    values: dict[str, Any] = {**missing_values(task.network)}
    if task.times is not None:
        values["drive_work"] = np.asarray(np.nan)
        values = {name: np.repeat(value[..., None], task.count, axis=-1) for name, value in values.items()}
    if task.times is None or not task.beyond:  # what is not quadratic does not tell in time
        values["is_stable"] = np.asarray(False)
    return with_ratios(values, int(task.times is not None))


def _stacked(answers: Sequence[Answer], labels: Labels) -> Answer:
    """Answers of the devices of a batch as one, and the largest of what is known about them."""
    values = {
        name: np.stack([one[name] for one, _ in answers])[: prod(labels.shape)].reshape(*labels.shape, *np.shape(value))
        for name, value in answers[0][0].items()
    }
    about: dict[str, Any] = {}
    for name in dict.fromkeys(name for _, one in answers for name in one):
        known = [one[name] for _, one in answers if name in one]
        if len({np.shape(value) for value in known}) == 1:  # methods may know unlike things by one name
            about[name] = _largest(known)
    methods = list(dict.fromkeys(one["method"] for _, one in answers))
    if len(methods) > 1:  # dense has taken over from low_rank; beyond the Gaussian each has done its part
        about["method"] = DENSE.name if DENSE.name in methods else ", ".join(methods)
    return values, about


def _largest(found: Sequence[Any]) -> Any:
    if isinstance(found[0], list):  # a cutoff for each mode
        return np.max(found, axis=0).tolist()
    return max(found)
