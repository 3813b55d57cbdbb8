"""Truncated Wigner as a method: trajectories of many modes and quanta, with error bars."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.drift import stability_of
from leyden.drift.unstable import refuse_unstable
from leyden.errors import ConvergenceError, ParameterError
from leyden.memory import shortage
from leyden.model.network import Network
from leyden.states.gaussian import GaussianState
from leyden.task import Answer, Method, Task, of_many_starts, without_amplitudes
from leyden.truncated_wigner.ensemble import Start
from leyden.truncated_wigner.equations import Equations, equations_of_motion
from leyden.truncated_wigner.estimate import estimates, missing_estimates
from leyden.truncated_wigner.runs import Course, Job, course, needed_bytes
from leyden.truncated_wigner.settings import TruncatedWigner
from leyden.truncated_wigner.settle import rest
from leyden.truncated_wigner.validity import Validity

__all__ = ["METHOD", "about_of", "start_of"]

Real = NDArray[np.float64]

# Modes whose linear part is kept as dense matrices.
_MOST_MODES = 2000
_NAME = TruncatedWigner.method_name
_WHOLE = "trajectories tell moments: what asks for the whole state of a battery is NaN, unless it is Gaussian"


def _suits(_task: Task) -> bool:
    return False  # it leaves out what may matter, and takes its time: who wants that says so


def _refuses(task: Task) -> str:
    start = task.initial
    if start is not None and not isinstance(start, GaussianState):
        return "it starts from Gaussian states alone"
    return of_many_starts(start) or without_amplitudes(task.network, _MOST_MODES)


def _settings_of(task: Task) -> TruncatedWigner:
    """What the user says of the trajectories, or the defaults."""
    return task.method if isinstance(task.method, TruncatedWigner) else TruncatedWigner()


def start_of(state: GaussianState | None, modes: int) -> Start:
    """Mean and root of the covariance at time 0, over (x_1, .., p_1, ..)."""
    if state is None:
        return np.zeros(2 * modes), np.sqrt(0.5) * np.eye(2 * modes)
    order = np.concatenate([np.arange(0, 2 * modes, 2), np.arange(1, 2 * modes, 2)])
    values, vectors = np.linalg.eigh(np.asarray(state.covariance)[np.ix_(order, order)])
    return np.asarray(state.mean)[order], vectors * np.sqrt(np.maximum(values, 0.0))


def _check_memory(task: Task, settings: TruncatedWigner) -> None:
    needed = needed_bytes(task.modes, task.count, settings.trajectories, is_kept=task.times is None)
    if short := shortage(needed):
        allowed = f"leave memory for the trajectories: they need {short[0]}, and {short[1]} are free"
        raise ParameterError.of("trajectories", allowed, settings.trajectories, "Take fewer, or fewer times.")


def about_of(found: Course, equations: Equations, settings: TruncatedWigner, validity: Validity) -> dict[str, Any]:
    """How estimates were found, plain enough for a netCDF file."""
    is_exact = equations.is_linear and found.work is None
    about: dict[str, Any] = {
        "method": _NAME,
        "trajectories": settings.trajectories,
        "seed": settings.seed,
        "error": "of each estimate its standard error, of the trajectories alone, by the jackknife over 40 groups",
        "step": found.step,
        "step_error": found.judged.error,
        "step_error_share": found.judged.share,
        "integrator": "exact linear steps" if is_exact else "exact linear steps in a splitting of weak order 2",
    }
    return about | validity.told


def _is_gaussian(task: Task, equations: Equations) -> bool:
    return equations.is_linear and not task.beyond


def _check_stable(task: Task, equations: Equations) -> bool:
    """Whether a linear device settles; a single one is refused where it does not."""
    found = stability_of(equations.drift, np.zeros_like(equations.drift))
    is_stable = bool(found.abscissa + found.error < 0)
    if not is_stable and not task.is_member:
        refuse_unstable(task.network, task.equations, float(found.abscissa), float(found.error))
    return is_stable


@on_one_thread
def _steady(task: Task) -> Answer:
    network, settings = task.network, _settings_of(task)
    _check_memory(task, settings)
    equations = equations_of_motion(network)
    missing = {**missing_estimates(network), "is_stable": np.asarray(False)}
    if _is_gaussian(task, equations) and not _check_stable(task, equations):
        return missing, {"method": _NAME}
    validity = Validity(network, np.inf)
    try:
        found = rest(Job(equations, start_of(task.initial, equations.modes), settings, validity))
    except ConvergenceError as error:
        if not task.is_member:
            raise
        return missing, {"method": _NAME, "unsolved": f"of some devices, which are NaN: {error.message}"}
    values = _values(network, found.course, is_gaussian=_is_gaussian(task, equations))
    values = {name: value[..., 0] for name, value in values.items()}
    # At rest nothing changes, but for scatter.
    for name in [name for name in values if "charging_power" in name]:
        values[name] = np.zeros_like(values[name])
    values["is_stable"] = np.asarray(True)
    about = about_of(found.course, equations, settings, validity)
    about |= {"settling_time": found.settled, "window": found.window, "halves_apart": found.apart}
    return values, about | _whole(task, equations)


def _values(network: Network, found: Course, *, is_gaussian: bool) -> dict[str, Any]:
    return estimates(network, found.sums, found.members, found.work, is_gaussian=is_gaussian)


def _whole(task: Task, equations: Equations) -> dict[str, Any]:
    return {} if _is_gaussian(task, equations) else {"whole_state": _WHOLE}


@on_one_thread
def _charge(task: Task) -> Answer:
    network, settings, times = task.network, _settings_of(task), np.asarray(task.times, dtype=np.float64)
    _check_memory(task, settings)
    equations = equations_of_motion(network)
    validity = Validity(network, float(times[-1]) or np.inf)
    found = course(Job(equations, start_of(task.initial, equations.modes), settings, validity), times)
    values = _values(network, found, is_gaussian=_is_gaussian(task, equations))
    about = about_of(found, equations, settings, validity) | _whole(task, equations)
    about["is_stable"] = "left out: a run of trajectories does not tell"
    return values, about


METHOD = Method(_NAME, _suits, _refuses, _steady, _charge)
